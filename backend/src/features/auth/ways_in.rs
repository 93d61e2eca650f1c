//! That nobody takes the last way to sign in away from themselves.

use uuid::Uuid;

use super::queries::has_password;
use crate::db::DbConnection;
use crate::features::{identities, passkeys};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// That something is left for the user to sign in by: to be asked in the transaction that took one way away.
///
/// # Errors
/// `last_sign_in_method`.
pub(crate) fn must_keep_a_way_in(
    state: &AppState,
    connection: &mut DbConnection,
    user_id: Uuid,
) -> Result<(), Problem> {
    let has_one = state.settings.magic_link
        || has_password(connection, user_id)?
        || (state.relying_party.is_some() && passkeys::has_any(connection, user_id)?)
        || identities::has_usable(state, connection, user_id)?;
    if has_one { Ok(()) } else { Err(Problem::new(Code::LastSignInMethod)) }
}
