//! Choosing a new password by a mailed link.

use super::one_time_token::{self, Purpose};
use super::password_policy::{self, Comparison, EnteredPassword};
use super::{queries, service};
use crate::access::Caller;
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::devices;
use crate::features::users;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// Sets the password of whoever holds the token, and ends all their sessions. The mail with the link arrived, so the
/// address is theirs as well.
///
/// # Errors
/// `invalid_token`, and those of a password that is not acceptable: then the token is still good.
pub(super) async fn reset(
    state: &AppState,
    caller: Caller,
    token: OpaqueToken,
    password: EnteredPassword,
) -> Result<(), Problem> {
    let (hash, now) = (token.hash(), state.clock.now());
    let looked_for = hash.clone();
    let user = state
        .database
        .read(move |connection| match queries::holder_of_token(connection, &looked_for, Purpose::ResetPassword, now)? {
            Some(holder) => users::find(connection, holder.user_id),
            None => Ok(None),
        })
        .await?
        .ok_or_else(|| Problem::new(Code::InvalidToken))?;
    let (owner, comparison) = ((&user).into(), Comparison::Past(user.id));
    let accepted = password_policy::accept(state, password, "password", owner, comparison).await?;
    let password_hash = accepted.hash(&state.hasher).await?;
    let state_for_mail = state.clone();
    state
        .change_access(move |connection, changes| {
            let holder = one_time_token::redeem(connection, Purpose::ResetPassword, &hash, now)?;
            let user = users::find(connection, holder.user_id)?.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            if holder.subject.as_deref() != Some(user.email.as_str()) || !user.active || !user.approved {
                return Err(Problem::new(Code::InvalidToken));
            }
            service::set_password(&state_for_mail, connection, changes, &caller, &user, &password_hash, None, now)?;
            // Whoever else has a browser that was known must not keep it.
            devices::delete_all_of_user(connection, user.id)?;
            users::mark_verified(connection, user.id, now)?;
            Ok(())
        })
        .await
}
