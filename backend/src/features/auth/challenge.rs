//! The password that has to be changed before anything else.

use std::time::Duration;

use super::answer::SignIn;
use super::model::RefreshDelivery;
use super::password_policy::{self, EnteredPassword};
use super::{queries, service};
use crate::access::Caller;
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DbConnection, Timestamp};
use crate::features::users::{self, User};
use crate::problem::{Code, Problem};
use crate::state::AppState;

const PURPOSE: &str = "password_change_required";
const LIFETIME: Duration = Duration::from_secs(600);

/// A challenge for a user whose password was right, but has to be changed.
pub(super) fn issue(connection: &mut DbConnection, user: &User, now: Timestamp) -> Result<OpaqueToken, Problem> {
    let token = OpaqueToken::generate();
    queries::insert_token_of_user(connection, &token.hash(), PURPOSE, user.id, now, now.plus(LIFETIME))?;
    Ok(token)
}

/// Changes the password that the challenge is about, and signs in.
///
/// # Errors
/// `invalid_token`, and those of a password that is not acceptable.
pub(super) async fn redeem(
    state: &AppState,
    caller: Caller,
    challenge: OpaqueToken,
    new_password: EnteredPassword,
    delivery: RefreshDelivery,
) -> Result<SignIn, Problem> {
    let (hash, now) = (challenge.hash(), state.clock.now());
    let looked_for = hash.clone();
    let user = state
        .database
        .read(move |connection| match queries::user_of_token(connection, &looked_for, PURPOSE, now)? {
            Some(user_id) => users::find(connection, user_id),
            None => Ok(None),
        })
        .await?
        .ok_or_else(|| Problem::new(Code::InvalidToken))?;
    let names = [user.email.as_str(), user.username.as_deref().unwrap_or_default()];
    let minimum = state.settings.password.min_length;
    let accepted = password_policy::accept(new_password, "new_password", minimum, &names)?;
    let password_hash = state.hasher.hash(accepted.into_secret()).await?;
    let settings = state.settings.session.clone();
    state
        .change_access(move |connection, changes| {
            // Who was deactivated after the challenge was made must not come in by it.
            let able = queries::credentials_by_id(connection, user.id)?.is_some_and(|found| found.may_sign_in());
            if !queries::use_token(connection, &hash, PURPOSE, now)? || !able {
                return Err(Problem::new(Code::InvalidToken));
            }
            service::set_password(connection, changes, &caller, &user, &password_hash, None, now)?;
            let opened = service::open_session(connection, changes, &caller, user.id, false, &settings, now)?;
            Ok(service::hand_over(connection, &caller, opened, delivery, None, now)?)
        })
        .await
}
