//! Who has to prove a second factor, and by what.

use diesel::QueryResult;
use uuid::Uuid;

use super::model::Method;
use super::queries;
use crate::db::DbConnection;

/// By what a user may prove a second factor when they sign in; nothing if none is asked of them.
///
/// A mailed code is for those whose role asks for one and who have set nothing up: beside an authenticator it would only be
/// a weaker way in.
pub(crate) fn methods_of(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<Method>> {
    let (enabled, required) = queries::requirement(connection, user_id)?;
    if !enabled {
        return Ok(if required { vec![Method::EmailCode] } else { vec![] });
    }
    let mut methods = vec![Method::Totp];
    if queries::recovery_codes_left(connection, user_id)? > 0 {
        methods.push(Method::RecoveryCode);
    }
    Ok(methods)
}
