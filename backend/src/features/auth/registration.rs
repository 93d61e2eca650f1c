//! Making one's own account.

use uuid::Uuid;

use super::links;
use super::model::{Registration, RegistrationStatus};
use super::password_policy::{self, Comparison, Owner};
use crate::access::Caller;
use crate::config;
use crate::db::{DbConnection, Timestamp};
use crate::features::users::{self, DisplayName, NewUser, Username};
use crate::mail::Message;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Registers somebody. The answer, and the time it takes, are the same for an address that is taken.
///
/// # Errors
/// `registration_closed`, `username_taken`, and those of a password that is not acceptable.
pub(super) async fn register(
    state: &AppState,
    caller: Caller,
    registration: Registration,
) -> Result<RegistrationStatus, Problem> {
    let (approved, status) = match state.settings.registration {
        config::Registration::Approval => (false, RegistrationStatus::PendingApproval),
        config::Registration::Open => match state.settings.email_verification {
            config::EmailVerification::Required => (true, RegistrationStatus::CheckEmail),
            config::EmailVerification::Optional => (true, RegistrationStatus::Registered),
        },
        config::Registration::Invite | config::Registration::Closed => {
            return Err(Problem::new(Code::RegistrationClosed));
        }
    };
    let Registration { email, password, username, display_name } = registration;
    let owner = Owner {
        email: email.as_str(),
        username: username.as_ref().map(Username::as_str),
        display_name: display_name.as_ref().map(DisplayName::as_str),
    };
    // Before anything is looked for: what is said of a password must not tell whether its owner is known.
    let accepted = password_policy::accept(state, password, "password", owner, Comparison::Nothing).await?;
    let password_hash = accepted.hash(&state.hasher).await?;
    let (now, state_for_mail) = (state.clock.now(), state.clone());
    let new = NewUser {
        username,
        display_name,
        password_hash: Some(password_hash),
        approved,
        email_verified: false,
        ..NewUser::person(email)
    };
    let created = state
        .database
        .write(move |connection| {
            // A taken username is told; were it looked for after the address, an address could be told by it.
            if let Some(username) = &new.username
                && users::username_is_taken(connection, username)?
            {
                return Err(Problem::of_field(Code::UsernameTaken, "username"));
            }
            let state = &state_for_mail;
            // Looked for first: PostgreSQL takes nothing more in a transaction in which an insertion has failed.
            if let Some(id) = users::find_id_by_identifier(connection, &new.email.normalized())? {
                return tell_the_owner(state, connection, id, now);
            }
            let user = users::create(connection, &caller, "user.registered", &new, now)?;
            links::send_verification(state, connection, &user, now)?;
            let is_asked_later = state.settings.email_verification == config::EmailVerification::Required;
            if !approved && !is_asked_later {
                links::ask_for_approval(state, connection, &user, now)?;
            }
            Ok(())
        })
        .await;
    match created {
        Ok(()) => Ok(status),
        Err(problem) if problem.code() == Code::EmailTaken => Ok(status),
        Err(problem) => Err(problem),
    }
}

/// Whoever has the address already learns that somebody, perhaps they themselves, tried to register with it.
fn tell_the_owner(state: &AppState, connection: &mut DbConnection, id: Uuid, now: Timestamp) -> Result<(), Problem> {
    let Some(user) = users::find(connection, id)? else { return Ok(()) };
    if !links::may_be_mailed(state, connection, &user, now)? {
        return Ok(());
    }
    let link = format!("{}/sign-in", state.public_url.as_str());
    state.mailer.queue(connection, &(&user).into(), &Message::AlreadyRegistered { link }, now)
}
