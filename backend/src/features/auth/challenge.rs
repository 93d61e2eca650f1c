//! The password that has to be changed before anything else.

use super::answer::SignIn;
use super::fields::RefreshDelivery;
use super::one_time_token::{self, Purpose};
use super::password_policy::{self, Comparison, EnteredPassword};
use super::steps::{Carried, Progress};
use super::{credentials, queries, service};
use crate::access::Caller;
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::devices;
use crate::features::users;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Changes the password that the challenge is about, and signs in.
///
/// # Errors
/// `invalid_token`, and those of a password that is not acceptable.
pub(super) async fn redeem(
    state: &AppState,
    caller: Caller,
    device_token: Option<OpaqueToken>,
    challenge: OpaqueToken,
    new_password: EnteredPassword,
    delivery: RefreshDelivery,
) -> Result<SignIn, Problem> {
    let (hash, now) = (challenge.hash(), state.clock.now());
    let looked_for = hash.clone();
    let user = state
        .database
        .read(move |connection| {
            match queries::holder_of_token(connection, &looked_for, Purpose::PasswordChangeRequired, now)? {
                Some(holder) => users::find(connection, holder.user_id),
                None => Ok(None),
            }
        })
        .await?
        .ok_or_else(|| Problem::new(Code::InvalidToken))?;
    let (owner, comparison) = ((&user).into(), Comparison::PresentAndPast(user.id));
    let accepted = password_policy::accept(state, new_password, "new_password", owner, comparison).await?;
    let password_hash = accepted.hash(&state.hasher).await?;
    let state_for_session = state.clone();
    state
        .change_access(move |connection, changes| {
            // Who was deactivated after the challenge was made must not come in by it.
            let state = &state_for_session;
            let verification = state.settings.email_verification;
            let found = credentials::by_id(connection, user.id)?;
            let able = found.is_some_and(|found| found.may_sign_in(verification));
            let holder = one_time_token::redeem(connection, Purpose::PasswordChangeRequired, &hash, now)?;
            if !able {
                return Err(Problem::new(Code::InvalidToken));
            }
            let kept = service::Kept::device(device_token.as_ref());
            service::set_password(state, connection, changes, &caller, &user, &password_hash, &kept, now)?;
            let device = match device_token {
                Some(token) => devices::find(connection, &token.hash(), user.id)?,
                None => None,
            };
            let Carried { remember, second_factor, by_mailed_link } = Carried::from_subject(holder.subject.as_deref());
            let progress = Progress { user_id: user.id, remember, second_factor, by_mailed_link, delivery, device };
            progress.advance(state, connection, changes, &caller, false, now)
        })
        .await
}
