//! How a session is renewed: each refresh token is good once, and its second use ends the session.

use std::time::Duration;

use diesel::QueryResult;
use uuid::Uuid;

use super::model::{Session, SessionRow};
use super::queries;
use crate::access::RequestOrigin;
use crate::config::SessionSettings;
use crate::crypto::opaque_token::OpaqueToken;
use crate::crypto::random_text;
use crate::db::{DbConnection, Timestamp};

/// What presenting a refresh token led to.
pub enum Rotation {
    /// The session goes on with this token.
    Renewed(Session, OpaqueToken),
    /// The token was replaced before, and not just now: the session must end.
    Reused(Session),
    /// It is no token of a session that lives.
    Refused,
}

/// Replaces a refresh token by its successor (RFC 9700, section 4.14.2).
pub fn rotate(
    connection: &mut DbConnection,
    presented: &OpaqueToken,
    origin: &RequestOrigin,
    settings: &SessionSettings,
    now: Timestamp,
) -> QueryResult<Rotation> {
    let hash = presented.hash();
    let salt = random_text();
    let successor = presented.successor(&salt);
    // Writing first settles who of many at once is the one that replaces it.
    let replaced = queries::replace_token(connection, &hash, &successor.hash(), &salt, now)?;
    let Some(token) = queries::find_token(connection, &hash)? else { return Ok(Rotation::Refused) };
    let session_id = Uuid::try_parse(&token.session_id).unwrap_or_default();
    let Some(row) = queries::find(connection, session_id)? else { return Ok(Rotation::Refused) };
    let session = Session::from_row(&row);
    if !is_alive(&row, settings, now) {
        return Ok(Rotation::Refused);
    }
    if replaced {
        queries::insert_token(connection, successor.hash(), session_id, now)?;
        queries::touch(connection, session_id, origin, now)?;
        return Ok(Rotation::Renewed(session, successor));
    }
    match successor_within_grace(connection, presented, &token, settings.refresh_grace, now)? {
        Some(successor) => Ok(Rotation::Renewed(session, successor)),
        None => Ok(Rotation::Reused(session)),
    }
}

/// Two tabs present the same token at the same moment; the later one gets what the first one got.
fn successor_within_grace(
    connection: &mut DbConnection,
    presented: &OpaqueToken,
    token: &queries::RefreshTokenRow,
    grace: Duration,
    now: Timestamp,
) -> QueryResult<Option<OpaqueToken>> {
    let (Some(replaced_at), Some(hash), Some(salt)) = (token.replaced_at, &token.successor_hash, &token.successor_salt)
    else {
        return Ok(None);
    };
    if replaced_at.plus(grace) <= now {
        return Ok(None);
    }
    let is_newest = queries::find_token(connection, hash)?.is_some_and(|successor| successor.replaced_at.is_none());
    Ok(is_newest.then(|| presented.successor(salt)))
}

/// The living session that a refresh token belongs to, without using the token.
pub fn find_by_refresh_token(
    connection: &mut DbConnection,
    presented: &OpaqueToken,
    settings: &SessionSettings,
    now: Timestamp,
) -> QueryResult<Option<Session>> {
    let Some(token) = queries::find_token(connection, &presented.hash())? else { return Ok(None) };
    let row = queries::find(connection, Uuid::try_parse(&token.session_id).unwrap_or_default())?;
    Ok(row.filter(|row| is_alive(row, settings, now)).map(|row| Session::from_row(&row)))
}

/// Whether a session can be renewed.
pub(super) fn is_alive(row: &SessionRow, settings: &SessionSettings, now: Timestamp) -> bool {
    // Who asked to be remembered may stay away for long: only the absolute end counts.
    let idle = !row.remember && row.last_used_at.plus(settings.idle_ttl) <= now;
    row.ended_at.is_none() && row.expires_at > now && !idle
}
