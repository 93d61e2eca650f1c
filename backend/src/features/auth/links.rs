//! Links that are mailed to people. Each leads to a page of the application, which changes nothing until it posts the token.

use diesel::QueryResult;
use serde::Serialize;
use utoipa::ToSchema;

use super::email_change::Asked;
use super::one_time_token::{self, Purpose};
use super::queries;
use crate::db::{DbConnection, Timestamp};
use crate::features::attempts::{self, Bucket, Rule};
use crate::features::users::{User, UserKind};
use crate::mail::{Message, Recipient};
use crate::problem::Problem;
use crate::state::AppState;

/// At most so many are asked to approve somebody.
const APPROVERS: i64 = 20;

/// Whether a stranger may still have something mailed to a user: whoever asks from many addresses must not fill their mailbox.
/// Each question counts.
pub(super) fn may_be_mailed(
    state: &AppState,
    connection: &mut DbConnection,
    user: &User,
    now: Timestamp,
) -> QueryResult<bool> {
    let rule = Rule::of_account(&state.settings.lockout);
    Ok(attempts::count_request(connection, Bucket::mails(user.id), &rule, now)?.is_none())
}

/// Asks a user whether their address is theirs.
pub(super) fn send_verification(
    state: &AppState,
    connection: &mut DbConnection,
    user: &User,
    now: Timestamp,
) -> Result<(), Problem> {
    let (link, valid_for) = link(state, connection, Purpose::VerifyEmail, user, &user.email, now)?;
    state.mailer.queue(connection, &user.into(), &Message::VerifyEmail { link, valid_for }, now)
}

/// Sends what lets a user choose a new password, or the first one if there is none yet.
pub(super) fn send_password_link(
    state: &AppState,
    connection: &mut DbConnection,
    user: &User,
    now: Timestamp,
) -> Result<(), Problem> {
    if !queries::has_password(connection, user.id)? {
        return invite(state, connection, user, now);
    }
    let (link, valid_for) = link(state, connection, Purpose::ResetPassword, user, &user.email, now)?;
    state.mailer.queue(connection, &user.into(), &Message::ResetPassword { link, valid_for }, now)
}

/// Sends what signs a user in without a password.
pub(super) fn send_magic_link(
    state: &AppState,
    connection: &mut DbConnection,
    user: &User,
    now: Timestamp,
) -> Result<(), Problem> {
    let (link, valid_for) = link(state, connection, Purpose::MagicLink, user, &user.email, now)?;
    state.mailer.queue(connection, &user.into(), &Message::MagicLink { link, valid_for }, now)
}

/// Invites a person who has no password yet to choose one; nothing happens for anybody else.
///
/// # Errors
/// Faults of the store.
pub fn invite(state: &AppState, connection: &mut DbConnection, user: &User, now: Timestamp) -> Result<(), Problem> {
    let is_waiting = user.kind == UserKind::Person && user.active && user.approved;
    if !is_waiting || queries::has_password(connection, user.id)? {
        return Ok(());
    }
    let (link, valid_for) = link(state, connection, Purpose::AcceptInvitation, user, &user.email, now)?;
    state.mailer.queue(connection, &user.into(), &Message::Invitation { link, valid_for }, now)
}

/// A link that somebody waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AwaitedLink {
    /// To show that their address is theirs.
    Verification,
    /// To choose their first password.
    Invitation,
    /// To choose another password.
    PasswordReset,
}

/// Sends a person the link without which they can't go on; `None` for who waits for none.
///
/// # Errors
/// Faults of the store.
pub fn send_awaited(
    state: &AppState,
    connection: &mut DbConnection,
    user: &User,
    now: Timestamp,
) -> Result<Option<AwaitedLink>, Problem> {
    if user.kind != UserKind::Person || !user.active {
        return Ok(None);
    }
    if !user.email_verified {
        send_verification(state, connection, user, now)?;
        return Ok(Some(AwaitedLink::Verification));
    }
    if !user.approved {
        return Ok(None);
    }
    let has_password = queries::has_password(connection, user.id)?;
    send_password_link(state, connection, user, now)?;
    Ok(Some(if has_password { AwaitedLink::PasswordReset } else { AwaitedLink::Invitation }))
}

/// Asks at a new address whether it is the user's.
pub(super) fn send_email_change(
    state: &AppState,
    connection: &mut DbConnection,
    user: &User,
    asked: &Asked,
    now: Timestamp,
) -> Result<(), Problem> {
    let (link, valid_for) = link(state, connection, Purpose::ChangeEmail, user, &asked.to_subject(), now)?;
    let recipient = Recipient { email: asked.email.as_str().to_owned(), ..user.into() };
    state.mailer.queue(connection, &recipient, &Message::ConfirmEmailChange { link, valid_for }, now)
}

/// Tells those who may approve that somebody waits for it.
pub(super) fn ask_for_approval(
    state: &AppState,
    connection: &mut DbConnection,
    user: &User,
    now: Timestamp,
) -> Result<(), Problem> {
    let link = format!("{}/users/{}", state.public_url.as_str(), user.id);
    for approver in queries::who_may_approve(connection, APPROVERS)? {
        let message = Message::ApprovalAsked { email: user.email.clone(), link: link.clone() };
        state.mailer.queue(connection, &approver, &message, now)?;
    }
    Ok(())
}

fn link(
    state: &AppState,
    connection: &mut DbConnection,
    purpose: Purpose,
    user: &User,
    subject: &str,
    now: Timestamp,
) -> Result<(String, std::time::Duration), Problem> {
    let links = &state.settings.links;
    let token = one_time_token::issue(connection, purpose, user.id, Some(subject), links, now)?;
    let page = match purpose {
        Purpose::VerifyEmail => "verify-email",
        Purpose::ResetPassword => "reset-password",
        Purpose::ChangeEmail => "confirm-email",
        Purpose::AcceptInvitation => "invitation",
        Purpose::MagicLink => "magic-link",
        Purpose::SetUp
        | Purpose::SecondFactor
        | Purpose::EmailCode
        | Purpose::PasswordChangeRequired
        | Purpose::OidcCode => {
            return Err(Problem::internal("no link is mailed for this"));
        }
    };
    Ok((state.mailer.link(page, token.expose()), purpose.lifetime(links)))
}
