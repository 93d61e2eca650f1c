//! What administrators do with users. Each function is one act: it looks, refuses or writes, and leaves its event.

use uuid::Uuid;

use super::fields::{DisplayName, Email, Locale, Username, normalize};
use super::model::User;
use super::queries::{self, UserUpdate};
use super::service::{self, NewUser, search_text};
use crate::access::{Act, Change};
use crate::features::api_keys;
use crate::features::attempts;
use crate::features::audit::{Changes, Target};
use crate::features::auth::{self, AcceptedHash, AwaitedLink, void_tokens_of_user};
use crate::features::devices;
use crate::features::identities;
use crate::features::passkeys;
use crate::features::roles::{self, RoleName};
use crate::features::sessions::{self, EndReason};
use crate::http::Precondition;
use crate::mail::Message;
use crate::problem::{Code, Problem};

const UPDATED: &str = "user.updated";

/// Creates a user with roles, and mails a person without a password an invitation to choose one.
///
/// # Errors
/// Those of [`create_with_roles`].
pub fn create_and_invite(act: &mut Act<'_>, new: &NewUser, names: &[RoleName]) -> Result<User, Problem> {
    let user = create_with_roles(act, new, names)?;
    auth::invite(act.state, act.connection, &user, act.now)?;
    Ok(user)
}

/// Creates a user with roles. Nobody is told.
///
/// # Errors
/// `email_taken`, `username_taken`, `unknown_role`; `privilege_escalation` for a role that permits more than the caller may do;
/// `reauthentication_required` for roles and a password.
pub fn create_with_roles(act: &mut Act<'_>, new: &NewUser, names: &[RoleName]) -> Result<User, Problem> {
    let id = Uuid::now_v7();
    act.attempt("user.created", Target::new("user", id, new.email.as_str()));
    if !names.is_empty() || new.password_hash.is_some() {
        act.require_fresh()?;
    }
    let roles = roles::find_all_by_name(act.connection, names)?;
    for role in &roles {
        act.must_cover(&role.permissions)?;
    }
    service::store(act.connection, id, new, act.now)?;
    for role in &roles {
        roles::give(act.connection, id, role.id)?;
    }
    let user = service::find_written(act.connection, id)?;
    act.record("user.created", Target::user(&user), service::first_state(&user))?;
    Ok(user)
}

/// What is to change about a user: `None` stays, `Some(None)` empties.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs, clippy::option_option)]
pub struct UserChange {
    pub email: Option<Email>,
    pub username: Option<Option<Username>>,
    pub display_name: Option<Option<DisplayName>>,
    pub locale: Option<Option<Locale>>,
    pub active: Option<bool>,
}

/// Changes a user, if they still are what the caller believes.
///
/// # Errors
/// `not_found`, `precondition_failed`, `email_taken`, `username_taken`; `privilege_escalation`, as each of these acts, and
/// `reauthentication_required` for the email: who can change it can take the account over.
pub fn change(act: &mut Act<'_>, id: Uuid, precondition: &Precondition, change: &UserChange) -> Result<User, Problem> {
    let before = subject(act, UPDATED, id)?;
    apply(act, before, precondition, change)
}

/// Changes a user in a session of their own, or in one in which somebody acts in their name: who does leaves them the name
/// that they sign in by.
///
/// # Errors
/// `not_found`, `precondition_failed`, `username_taken`, `impersonation_refused`.
pub fn change_own(
    act: &mut Act<'_>,
    id: Uuid,
    precondition: &Precondition,
    change: &UserChange,
) -> Result<User, Problem> {
    let before = queries::find(act.connection, id)?.ok_or_else(Problem::not_found)?;
    act.attempt(UPDATED, Target::user(&before));
    if change.username.is_some() {
        act.caller.must_not_reach_owner(id)?;
    }
    apply(act, before, precondition, change)
}

fn apply(act: &mut Act<'_>, before: User, precondition: &Precondition, change: &UserChange) -> Result<User, Problem> {
    let id = before.id;
    precondition.check(&before.entity_tag())?;
    let email = change.email.as_ref().filter(|email| email.as_str() != before.email);
    let active = change.active.filter(|active| *active != before.active);
    let text = |value: Option<&str>| value.filter(|text| !text.is_empty()).map(str::to_owned);
    let username = change.username.as_ref().map(|name| text(name.as_ref().map(Username::as_str)));
    let display_name = change.display_name.as_ref().map(|name| text(name.as_ref().map(DisplayName::as_str)));
    let locale = change.locale.as_ref().map(|locale| text(locale.as_ref().map(Locale::as_str)));
    let username = username.filter(|name| *name != before.username);
    let display_name = display_name.filter(|name| *name != before.display_name);
    let locale = locale.filter(|locale| *locale != before.locale);
    if email.is_none() && username.is_none() && display_name.is_none() && locale.is_none() && active.is_none() {
        return Ok(before);
    }
    let texts = search_text(
        email.map_or(before.email.as_str(), Email::as_str),
        username.as_ref().unwrap_or(&before.username).as_deref(),
        display_name.as_ref().unwrap_or(&before.display_name).as_deref(),
    );
    let update = UserUpdate {
        email: email.map(|email| email.as_str().to_owned()),
        email_normalized: email.map(Email::normalized),
        email_verified: email.map(|_| true),
        username_normalized: username.as_ref().map(|name| name.as_deref().map(normalize)),
        username,
        display_name_folded: display_name.as_ref().map(|name| name.as_deref().map(normalize).unwrap_or_default()),
        display_name,
        locale,
        search_text: Some(texts),
        active,
        ..UserUpdate::default()
    };
    if email.is_some() {
        act.require_fresh()?;
        // A link that was sent to the former address must not work any more.
        void_tokens_of_user(act.connection, id)?;
    }
    if active == Some(false) {
        shut_out(act, id, None, EndReason::Deactivated)?;
    }
    let after = write(act, UPDATED, &before, &update)?;
    if let Some(email) = email {
        let message = Message::EmailChanged { new_email: email.as_str().to_owned() };
        act.state.mailer.queue(act.connection, &(&before).into(), &message, act.now)?;
    }
    if email.is_some() || active == Some(true) {
        auth::invite(act.state, act.connection, &after, act.now)?;
    }
    Ok(after)
}

/// Deletes a user, if they still are what the caller believes.
///
/// # Errors
/// `not_found`, `precondition_failed`, `privilege_escalation`; `reauthentication_required` for one's own account.
pub fn delete(act: &mut Act<'_>, id: Uuid, precondition: &Precondition) -> Result<(), Problem> {
    let user = subject(act, "user.deleted", id)?;
    if act.caller.user_id() == Some(id) {
        act.require_fresh()?;
    }
    precondition.check(&user.entity_tag())?;
    shut_out(act, id, None, EndReason::Revoked)?;
    queries::delete(act.connection, id)?;
    act.changes.add(Change::User(id));
    let changes = Changes::none()
        .field("email", &user.email, ())
        .field("username", &user.username, ())
        .field("display_name", &user.display_name, ())
        .field("roles", &user.roles, ());
    act.record("user.deleted", Target::user(&user), changes)?;
    Ok(())
}

/// Lets a user sign in; nothing happens if they may already.
pub fn activate(act: &mut Act<'_>, id: Uuid) -> Result<User, Problem> {
    let user = subject(act, "user.activated", id)?;
    if user.active {
        return Ok(user);
    }
    let user = write(act, "user.activated", &user, &UserUpdate { active: Some(true), ..UserUpdate::default() })?;
    auth::invite(act.state, act.connection, &user, act.now)?;
    Ok(user)
}

/// Lets a user no longer sign in, and ends their sessions.
pub fn deactivate(act: &mut Act<'_>, id: Uuid) -> Result<User, Problem> {
    let user = subject(act, "user.deactivated", id)?;
    if !user.active {
        return Ok(user);
    }
    shut_out(act, id, None, EndReason::Deactivated)?;
    write(act, "user.deactivated", &user, &UserUpdate { active: Some(false), ..UserUpdate::default() })
}

/// Lets in a user who has registered. That the address is theirs is for them to show.
pub fn approve(act: &mut Act<'_>, id: Uuid) -> Result<User, Problem> {
    let user = subject(act, "user.approved", id)?;
    if user.approved {
        return Ok(user);
    }
    let user = write(act, "user.approved", &user, &UserUpdate { approved: Some(true), ..UserUpdate::default() })?;
    act.state.mailer.queue(act.connection, &(&user).into(), &Message::ApprovalGiven, act.now)?;
    Ok(user)
}

/// Lets a user try again at once who has failed to sign in too often.
pub fn unlock(act: &mut Act<'_>, id: Uuid) -> Result<User, Problem> {
    let user = subject(act, "user.unlocked", id)?;
    let had_failed = attempts::clear_of_user(act.connection, id)?;
    if user.locked_until.is_none() {
        if had_failed {
            act.record("user.unlocked", Target::user(&user), Changes::none())?;
        }
        return Ok(user);
    }
    write(act, "user.unlocked", &user, &UserUpdate { locked_until: Some(None), ..UserUpdate::default() })
}

/// Mails a user the link that they wait for: they have lost it, or never got it. Those that were mailed before are void.
///
/// # Errors
/// `no_link_awaited`.
pub(super) fn mail_link(act: &mut Act<'_>, id: Uuid) -> Result<AwaitedLink, Problem> {
    let user = subject(act, "user.link_mailed", id)?;
    let sent = auth::send_awaited(act.state, act.connection, &user, act.now)?;
    let link = sent.ok_or_else(|| Problem::new(Code::NoLinkAwaited))?;
    act.record("user.link_mailed", Target::user(&user), Changes::none().field("link", (), link))?;
    Ok(link)
}

/// Makes whatever others may have got hold of useless: sessions, links, API keys, passkeys, and the password as soon as the user signs in.
pub fn reset_access(act: &mut Act<'_>, id: Uuid) -> Result<User, Problem> {
    let user = subject(act, "user.access_reset", id)?;
    attempts::clear_of_user(act.connection, id)?;
    devices::delete_all_of_user(act.connection, id)?;
    identities::delete_all_of_user(act.connection, id)?;
    api_keys::delete_all_of_user(act, &user)?;
    passkeys::remove_all_of_user(act, &user)?;
    shut_out(act, id, None, EndReason::AccessReset)?;
    let update = UserUpdate { must_change_password: Some(true), locked_until: Some(None), ..UserUpdate::default() };
    write(act, "user.access_reset", &user, &update)
}

/// Sets a password that was hashed already, and ends the user's sessions: all, or all others if it is the caller's own.
pub(super) fn set_password(
    act: &mut Act<'_>,
    id: Uuid,
    password_hash: &AcceptedHash,
    must_change: bool,
) -> Result<(), Problem> {
    let user = subject(act, "user.password_set", id)?;
    let kept = act.caller.session_id().filter(|_| act.caller.user_id() == Some(id));
    // What was guessed at another password says nothing about this one.
    attempts::clear_of_password(act.connection, id)?;
    queries::set_locked_until(act.connection, id, None)?;
    devices::distrust_all_of_user(act.connection, id)?;
    shut_out(act, id, kept, EndReason::PasswordChanged)?;
    let history = act.state.settings.password.history;
    queries::store_password(act.connection, id, password_hash, must_change, history, act.now)?;
    act.changes.add(Change::User(id));
    act.record("user.password_set", Target::user(&user), Changes::none().field("must_change", (), must_change))?;
    act.state.mailer.queue(act.connection, &(&user).into(), &Message::PasswordChanged, act.now)
}

/// The user that is to be acted on, by somebody who may do all that the user may.
pub(crate) fn subject(act: &mut Act<'_>, action: &'static str, id: Uuid) -> Result<User, Problem> {
    let user = queries::find(act.connection, id)?.ok_or_else(Problem::not_found)?;
    act.attempt(action, Target::user(&user));
    act.must_cover_user(id)?;
    Ok(user)
}

/// Writes a change of a user and its event.
pub(super) fn write(
    act: &mut Act<'_>,
    action: &'static str,
    before: &User,
    update: &UserUpdate,
) -> Result<User, Problem> {
    queries::update(act.connection, before.id, update, act.now).map_err(service::taken)?;
    let after = service::find_written(act.connection, before.id)?;
    act.changes.add(Change::User(before.id));
    act.record(action, Target::user(&after), difference(before, &after))?;
    Ok(after)
}

/// Ends a user's sessions, and voids the links and challenges that they, or somebody else, may hold.
fn shut_out(act: &mut Act<'_>, id: Uuid, kept: Option<Uuid>, reason: EndReason) -> Result<(), Problem> {
    sessions::end_all_of_user(act.connection, act.changes, id, kept, reason, act.now)?;
    void_tokens_of_user(act.connection, id)?;
    Ok(())
}

fn difference(before: &User, after: &User) -> Changes {
    Changes::none()
        .field("email", &before.email, &after.email)
        .field("username", &before.username, &after.username)
        .field("display_name", &before.display_name, &after.display_name)
        .field("locale", &before.locale, &after.locale)
        .field("active", before.active, after.active)
        .field("approved", before.approved, after.approved)
        .field("email_verified", before.email_verified, after.email_verified)
        .field("locked_until", before.locked_until, after.locked_until)
        .field("roles", &before.roles, &after.roles)
}
