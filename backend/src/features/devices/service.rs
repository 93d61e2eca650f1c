//! How a device becomes known, and is forgotten.

use std::time::Duration;

use diesel::QueryResult;
use uuid::Uuid;

use super::queries;
use crate::access::RequestOrigin;
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DbConnection, Timestamp};

/// A device that is not used for so long is forgotten, by the browser and by the store.
pub(crate) const LIFETIME: Duration = Duration::from_secs(365 * 86_400);
/// A user has so many devices at most; the one that was not used for longest goes.
const MOST: i64 = 20;

/// A device of a user.
#[derive(Clone, Debug)]
pub(crate) struct Device {
    pub(crate) id: String,
    /// Until when signing in on it takes no second factor.
    pub(crate) trusted_until: Option<Timestamp>,
}

/// Notes that a user has just signed in on a device. Answers the token of a new one, if it was not known.
pub(crate) fn remember(
    connection: &mut DbConnection,
    known: Option<&Device>,
    user_id: Uuid,
    origin: &RequestOrigin,
    now: Timestamp,
) -> QueryResult<Option<OpaqueToken>> {
    if let Some(device) = known
        && queries::touch(connection, device, origin, now)?
    {
        return Ok(None);
    }
    let token = OpaqueToken::generate();
    queries::insert(connection, &token.hash(), user_id, origin, now)?;
    queries::keep_newest(connection, user_id, MOST)?;
    Ok(Some(token))
}

/// Forgets devices that were not used for long.
pub(crate) fn purge(connection: &mut DbConnection, now: Timestamp) -> QueryResult<()> {
    queries::delete_unused_since(connection, now.minus(LIFETIME))
}
