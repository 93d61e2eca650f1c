//! Proving who one is, and what follows from it.

use diesel::QueryResult;
use uuid::Uuid;

use super::answer::{RefreshGrant, SignIn};
use super::credentials::{self, Credentials};
use super::fields::RefreshDelivery;
use super::model::PasswordChange;
use super::password_policy::{self, AcceptedHash, Comparison};
use super::proof::PresentedProof;
use super::queries;
use super::{new_device, own_password};
use crate::access::{AccessChanges, Actor, Caller, Change};
use crate::config::EmailVerification;
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DbConnection, Timestamp};
use crate::features::attempts;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::devices::{self, Device};
use crate::features::mfa;
use crate::features::sessions::{self, EndReason, Rotation, Session};
use crate::features::users::{self, User};
use crate::mail::Message;
use crate::problem::{Code, FieldError, Problem};
use crate::state::AppState;

/// Refuses credentials that were right a moment ago if their user may not sign in, or has another password, by now.
pub(super) fn check_again(
    connection: &mut DbConnection,
    checked: &Credentials,
    verification: EmailVerification,
) -> Result<(), Problem> {
    let current = credentials::by_id(connection, checked.id)?;
    let same = current.filter(|now| now.may_sign_in(verification) && now.password_hash == checked.password_hash);
    same.map(drop).ok_or_else(|| Problem::new(Code::InvalidCredentials))
}

pub(super) fn find_user(connection: &mut DbConnection, id: Uuid) -> Result<User, Problem> {
    users::find(connection, id)?.ok_or_else(|| Problem::new(Code::InvalidCredentials))
}

/// A session that was just opened, and its user as they are now.
pub(super) struct OpenedSession {
    pub(super) user: User,
    pub(super) session: Session,
    pub(super) refresh_token: OpaqueToken,
}

/// Whose session is to be opened, and what it is to be like.
#[derive(Clone, Copy)]
pub(super) struct SessionKind {
    pub(super) user_id: Uuid,
    /// Whether it outlives the browser.
    pub(super) remember: bool,
    /// Whether a second factor was proved.
    pub(super) mfa: bool,
}

/// Opens a session, and notes when and from where.
pub(super) fn open_session(
    state: &AppState,
    connection: &mut DbConnection,
    changes: &mut AccessChanges,
    caller: &Caller,
    kind: SessionKind,
    now: Timestamp,
) -> Result<OpenedSession, Problem> {
    let SessionKind { user_id, remember, mfa } = kind;
    queries::note_sign_in(connection, user_id, caller.origin.ip.map(|ip| ip.to_string()), now)?;
    changes.add(Change::User(user_id));
    let user = find_user(connection, user_id)?;
    // The last look before anybody is let in, whatever way they came.
    if !user.active || !user.approved || !state.settings.email_verification.is_satisfied(user.email_verified) {
        return Err(Problem::new(Code::InvalidCredentials));
    }
    let opened = sessions::open(connection, user_id, remember, mfa, &caller.origin, &state.settings.session, now)?;
    let what = if mfa { Changes::none().field("second_factor", (), true) } else { Changes::none() };
    let event = Event::done("user.signed_in", Target::user(&user), what).by(&user);
    audit::record(connection, caller, event, now)?;
    Ok(OpenedSession { user, session: opened.session, refresh_token: opened.refresh_token })
}

/// Hands a new session over; in a cookie, with another one by which its browser is known again. `known`: it is already.
/// Whoever signed in elsewhere than before is told by mail.
pub(super) fn hand_over(
    state: &AppState,
    connection: &mut DbConnection,
    caller: &Caller,
    opened: OpenedSession,
    delivery: RefreshDelivery,
    known: Option<&Device>,
    now: Timestamp,
) -> Result<SignIn, Problem> {
    let device = match delivery {
        RefreshDelivery::Cookie => devices::remember(connection, known, opened.user.id, &caller.origin, now)?,
        RefreshDelivery::Body => None,
    };
    // A device that was known when the attempt began may have been forgotten meanwhile: then there is a new token.
    if known.is_none() || device.is_some() {
        new_device::tell(state, connection, &opened, &caller.origin, delivery, now)?;
    }
    let refresh = Some(RefreshGrant { token: opened.refresh_token, delivery });
    Ok(SignIn::Done { user: Box::new(opened.user), session: opened.session, refresh, device })
}

/// Renews a session by its refresh token.
///
/// # Errors
/// `invalid_refresh_token`, or `refresh_token_reused`: then the session is over.
pub(super) async fn refresh(
    state: &AppState,
    caller: Caller,
    token: OpaqueToken,
    device: Option<OpaqueToken>,
    delivery: RefreshDelivery,
) -> Result<SignIn, Problem> {
    let (settings, now, origin) = (state.settings.session.clone(), state.clock.now(), caller.origin.clone());
    let (rotation, user, lacks_second_factor) = state
        .database
        .write(move |connection| {
            let rotation = sessions::rotate(connection, &token, &origin, &settings, now)?;
            let Rotation::Renewed(session, _) = &rotation else { return Ok((rotation, None, false)) };
            let user = users::find(connection, session.user_id)?;
            let lacks_second_factor = lacks_second_factor(connection, session, device.as_ref(), now)?;
            Ok::<_, Problem>((rotation, user, lacks_second_factor))
        })
        .await?;
    match (rotation, user) {
        (Rotation::Renewed(session, _), _) if lacks_second_factor => {
            end_session(state, caller, session, EndReason::SecondFactorRequired).await?;
            Err(Problem::new(Code::InvalidRefreshToken))
        }
        (Rotation::Renewed(session, token), Some(user)) if user.active && user.approved => {
            let refresh = Some(RefreshGrant { token, delivery });
            Ok(SignIn::Done { user: Box::new(user), session, refresh, device: None })
        }
        (Rotation::Reused(session), _) => {
            end_session(state, caller, session, EndReason::TokenReused).await?;
            Err(Problem::new(Code::RefreshTokenReused))
        }
        _ => Err(Problem::new(Code::InvalidRefreshToken)),
    }
}

/// Whether a role that its user has been given, or that has changed, since a session began requires what was not proved in it.
fn lacks_second_factor(
    connection: &mut DbConnection,
    session: &Session,
    device: Option<&OpaqueToken>,
    now: Timestamp,
) -> QueryResult<bool> {
    if session.mfa || !mfa::is_required(connection, session.user_id)? {
        return Ok(false);
    }
    let Some(token) = device else { return Ok(true) };
    let device = devices::find(connection, &token.hash(), session.user_id)?;
    Ok(!device.is_some_and(|device| device.is_trusted(now)))
}

/// Ends a session, and with it its access tokens.
pub(super) async fn end_session(
    state: &AppState,
    caller: Caller,
    session: Session,
    reason: EndReason,
) -> Result<(), Problem> {
    let now = state.clock.now();
    let action = match reason {
        EndReason::SignedOut if caller.impersonator().is_some() => "user.impersonation_ended",
        EndReason::SignedOut => "user.signed_out",
        _ => "user.session_ended",
    };
    state
        .change_access(move |connection, changes| {
            let ended = sessions::end(connection, changes, session.id, reason, now)?;
            if ended && let Some(user) = users::find(connection, session.user_id)? {
                let what = Changes::none().field("reason", (), reason.as_str());
                audit::record(connection, &caller, Event::done(action, Target::user(&user), what).by(&user), now)?;
            }
            Ok(())
        })
        .await
}

fn own_session(actor: &Actor) -> Result<Uuid, Problem> {
    actor.session_id().ok_or_else(|| Problem::new(Code::Unauthenticated))
}

/// The session of an access token.
pub(super) async fn session_of_actor(state: &AppState, actor: &Actor) -> Result<Session, Problem> {
    let session_id = own_session(actor)?;
    let found = state.database.read(move |connection| sessions::find(connection, session_id)).await?;
    found.ok_or_else(|| Problem::new(Code::Unauthenticated))
}

/// The living session of a refresh token.
pub(super) async fn session_of(state: &AppState, token: OpaqueToken) -> Result<Option<Session>, Problem> {
    let (settings, now) = (state.settings.session.clone(), state.clock.now());
    let found = state
        .database
        .read(move |connection| sessions::find_by_refresh_token(connection, &token, &settings, now))
        .await?;
    Ok(found)
}

/// Proves once more who the caller is. The session goes on, its access tokens from now on say so.
///
/// # Errors
/// `invalid_credentials`, and `too_many_attempts` after too many of those.
pub(super) async fn reauthenticate(
    state: &AppState,
    caller: Caller,
    actor: Actor,
    proof: PresentedProof,
) -> Result<SignIn, Problem> {
    let proves_second_factor = matches!(proof, PresentedProof::SecondFactor(_));
    let is_right = match proof {
        PresentedProof::Password(password) => own_password::verify(state, &caller, &actor, password).await?.is_some(),
        PresentedProof::SecondFactor(claim) => {
            own_password::verify_second_factor(state, &caller, &actor, claim).await?
        }
    };
    if !is_right {
        return Err(Problem::new(Code::InvalidCredentials));
    }
    let (session_id, now, user) = (own_session(&actor)?, state.clock.now(), actor.account.user.clone());
    state
        .database
        .write(move |connection| {
            sessions::renew_proof(connection, session_id, now)?;
            if proves_second_factor {
                sessions::note_second_factor(connection, session_id)?;
            }
            let what = Changes::none().field("second_factor", (), proves_second_factor);
            audit::record(connection, &caller, Event::done("user.reauthenticated", Target::user(&user), what), now)?;
            Ok::<_, Problem>(())
        })
        .await?;
    continue_session(state, &actor).await
}

/// Changes the caller's password and ends all their other sessions.
///
/// # Errors
/// `wrong_password` of the field `current_password`, `too_many_attempts` after too many of those, and those of a password that is not acceptable.
pub(super) async fn change_password(
    state: &AppState,
    caller: Caller,
    actor: Actor,
    device: Option<OpaqueToken>,
    change: PasswordChange,
) -> Result<SignIn, Problem> {
    let user = actor.account.user.clone();
    let Some(checked) = own_password::verify(state, &caller, &actor, change.current_password).await? else {
        let error = FieldError::new("current_password", "wrong_password", "This is not your present password.");
        return Err(Problem::invalid(vec![error]));
    };
    let (owner, comparison) = ((&user).into(), Comparison::Past(user.id));
    let accepted = password_policy::accept(state, change.new_password, "new_password", owner, comparison).await?;
    let password_hash = accepted.hash(&state.hasher).await?;
    let (session_id, now, state_for_mail) = (own_session(&actor)?, state.clock.now(), state.clone());
    let kept = Kept { session_id: Some(session_id), ..Kept::device(device.as_ref()) };
    state
        .change_access(move |connection, changes| {
            check_again(connection, &checked, state_for_mail.settings.email_verification)?;
            let user = find_user(connection, checked.id)?;
            set_password(&state_for_mail, connection, changes, &caller, &user, &password_hash, &kept, now)?;
            sessions::renew_proof(connection, session_id, now)?;
            Ok(())
        })
        .await?;
    continue_session(state, &actor).await
}

/// From where a password is changed, which goes on.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) session_id: Option<Uuid>,
    /// The hash of the device's token.
    pub(super) device_hash: Option<String>,
}

impl Kept {
    /// The device alone, where a session is only about to begin.
    pub(super) fn device(token: Option<&OpaqueToken>) -> Self {
        Self { session_id: None, device_hash: token.map(OpaqueToken::hash) }
    }
}

/// Stores a new password that its owner chose, ends the sessions that the old one opened, forgets the devices, but those
/// `kept`, and voids the links that somebody who knew it may have asked for.
#[allow(clippy::too_many_arguments)]
pub(super) fn set_password(
    state: &AppState,
    connection: &mut DbConnection,
    changes: &mut AccessChanges,
    caller: &Caller,
    user: &User,
    password_hash: &AcceptedHash,
    kept: &Kept,
    now: Timestamp,
) -> Result<(), Problem> {
    attempts::clear_of_password(connection, user.id)?;
    users::set_locked_until(connection, user.id, None)?;
    users::store_password(connection, user.id, password_hash, false, state.settings.password.history, now)?;
    // Whoever else has a browser that was known must not go on guessing with it; nowhere is the second factor left out any more.
    devices::delete_others(connection, user.id, kept.device_hash.as_deref())?;
    devices::distrust_all_of_user(connection, user.id)?;
    changes.add(Change::User(user.id));
    sessions::end_all_of_user(connection, changes, user.id, kept.session_id, EndReason::PasswordChanged, now)?;
    queries::void_tokens_of_user(connection, user.id)?;
    let event = Event::done("user.password_changed", Target::user(user), Changes::none()).by(user);
    audit::record(connection, caller, event, now)?;
    state.mailer.queue(connection, &user.into(), &Message::PasswordChanged, now)
}

/// The caller's session as it is now, for a new access token; its refresh token stays good.
async fn continue_session(state: &AppState, actor: &Actor) -> Result<SignIn, Problem> {
    let session = session_of_actor(state, actor).await?;
    let user_id = session.user_id;
    let found = state.database.read(move |connection| users::find(connection, user_id)).await?;
    let user = found.ok_or_else(|| Problem::new(Code::Unauthenticated))?;
    Ok(SignIn::Done { user: Box::new(user), session, refresh: None, device: None })
}
