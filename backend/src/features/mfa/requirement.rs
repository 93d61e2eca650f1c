//! Who has to prove a second factor, and by what.

use diesel::QueryResult;
use uuid::Uuid;

use super::model::Method;
use super::queries;
use crate::db::DbConnection;
use crate::features::passkeys;
use crate::features::sessions;
use crate::problem::Problem;

/// Whether a role of a user requires a second factor.
pub(crate) fn is_required(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<bool> {
    queries::requirement(connection, user_id).map(|(_, required)| required)
}

/// That whoever has an authenticator has proved a second factor in this session: what signs them in must not be changed by the
/// password alone, which is enough for a session on a trusted device.
///
/// # Errors
/// `reauthentication_required`, for which a second factor is wanted.
pub(crate) fn must_be_proved(
    connection: &mut DbConnection,
    user_id: Uuid,
    session_id: Option<Uuid>,
) -> Result<(), Problem> {
    let (enabled, _) = queries::requirement(connection, user_id)?;
    let session = session_id.map(|id| sessions::find(connection, id)).transpose()?.flatten();
    if enabled && !session.is_some_and(|session| session.mfa) {
        return Err(Problem::second_factor_wanted());
    }
    Ok(())
}

/// By what a user may prove a second factor when they sign in; nothing if none is asked of them.
///
/// A mailed code is for those whose role asks for one and who have no authenticator, beside which it would only be a weaker
/// way in. A passkey alone asks for nothing, and leaves the mailed code: there are no recovery codes for when it is lost. See
/// decision 15.
pub(crate) fn methods_of(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<Method>> {
    let (enabled, required) = queries::requirement(connection, user_id)?;
    if !enabled && !required {
        return Ok(vec![]);
    }
    let mut methods = vec![];
    if passkeys::has_any(connection, user_id)? {
        methods.push(Method::Passkey);
    }
    if !enabled {
        methods.push(Method::EmailCode);
        return Ok(methods);
    }
    methods.push(Method::Totp);
    if queries::recovery_codes_left(connection, user_id)? > 0 {
        methods.push(Method::RecoveryCode);
    }
    Ok(methods)
}
