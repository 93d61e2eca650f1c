//! Making one's own account.

use super::model::{Registration, RegistrationStatus};
use super::password_policy;
use crate::access::Caller;
use crate::config;
use crate::features::users::{self, NewUser, Username};
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
        config::Registration::Open => (true, RegistrationStatus::Registered),
        config::Registration::Invite | config::Registration::Closed => {
            return Err(Problem::new(Code::RegistrationClosed));
        }
    };
    let Registration { email, password, username, display_name } = registration;
    let names = [email.as_str(), username.as_ref().map_or("", Username::as_str)];
    let accepted = password_policy::accept(password, "password", state.settings.password.min_length, &names)?;
    let password_hash = state.hasher.hash(accepted.into_secret()).await?;
    let now = state.clock.now();
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
            users::create(connection, &caller, "user.registered", &new, now)
        })
        .await;
    match created {
        Ok(_) => Ok(status),
        Err(problem) if problem.code() == Code::EmailTaken => Ok(status),
        Err(problem) => Err(problem),
    }
}
