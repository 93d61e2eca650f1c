//! Choosing a new password by a mailed link.

use super::one_time_token::{self, Purpose};
use super::password_policy::{self, Comparison, EnteredPassword};
use super::{queries, service};
use crate::access::{Act, Caller};
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::api_keys;
use crate::features::audit::{self, Changes, Event, Target};
use crate::features::identities;
use crate::features::mfa;
use crate::features::passkeys;
use crate::features::users::{self, User};
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
    state
        .act_on_oneself(caller, move |act| {
            let holder = one_time_token::redeem(act.connection, Purpose::ResetPassword, &hash, now)?;
            let user = users::find(act.connection, holder.user_id)?.ok_or_else(|| Problem::new(Code::InvalidToken))?;
            if holder.subject.as_deref() != Some(user.email.as_str()) || !user.active || !user.approved {
                return Err(Problem::new(Code::InvalidToken));
            }
            let kept = service::Kept::default();
            let Act { connection, changes, caller, state, .. } = act;
            service::set_password(state, connection, changes, caller, &user, &password_hash, &kept, now)?;
            if !user.email_verified {
                take_over(act, &user)?;
            }
            Ok(())
        })
        .await
}

/// Takes an account from whoever registered with an address that was not shown to be theirs: they may have left other ways in,
/// and waited for its owner.
fn take_over(act: &mut Act<'_>, user: &User) -> Result<(), Problem> {
    users::mark_verified(act.connection, user.id, act.now)?;
    let what = Changes::none().field("email_verified", false, true);
    audit::record(
        act.connection,
        act.caller,
        Event::done("user.email_verified", Target::user(user), what).by(user),
        act.now,
    )?;
    identities::delete_all_of_user(act.connection, user.id)?;
    api_keys::delete_all_of_user(act, user)?;
    passkeys::remove_all_of_user(act, user)?;
    mfa::remove_all(act, user).map(drop)
}
