use std::sync::Arc;

use diesel::prelude::*;
use uuid::Uuid;

use super::account::Account;
use super::api_key::{ApiKeyScope, BETWEEN_NOTES, StoredApiKey};
use super::changes::Change;
use super::impersonation::Impersonation;
use super::pattern::{PermissionPattern, PermissionSet};
use crate::crypto::api_key::ApiKeySecret;
use crate::db::{
    DbConnection, KeepPrepared, Timestamp, access_changes, access_clock, api_keys, impersonations, insert_many,
    natively, role_permissions, sessions, user_roles, users,
};
use crate::features::users::find;

/// A session that lives: whose it is, and until when it lives.
pub(crate) fn live_session(
    connection: &mut DbConnection,
    session_id: Uuid,
    now: Timestamp,
) -> QueryResult<Option<(Uuid, Timestamp)>> {
    let found = sessions::table
        .filter(sessions::id.eq(session_id.to_string()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .select((sessions::user_id, sessions::expires_at));
    let found: Option<(String, Timestamp)> = natively!(connection, |native| found.first(native)).optional()?;
    Ok(found.and_then(|(owner, expires_at)| Some((Uuid::try_parse(&owner).ok()?, expires_at))))
}

/// What is behind a session.
pub(super) enum Found {
    /// Its user themselves.
    None,
    /// Somebody who acts in the user's name.
    Live(Impersonation),
    /// Somebody who did, until the session ended that they did it from.
    Over,
}

/// Who acts in the name of a session's user.
pub(super) fn impersonation(connection: &mut DbConnection, session_id: Uuid, now: Timestamp) -> QueryResult<Found> {
    let columns: Option<(String, String)> = impersonations::table
        .find(session_id.to_string())
        .select((impersonations::impersonator_id, impersonations::impersonator_session_id))
        .first(connection)
        .optional()?;
    let Some((impersonator_id, begun_from)) = columns else { return Ok(Found::None) };
    let ids = (Uuid::try_parse(&impersonator_id), Uuid::try_parse(&begun_from));
    let (Ok(impersonator_id), Ok(session_id)) = ids else { return Ok(Found::Over) };
    Ok(match live_session(connection, session_id, now)? {
        Some((owner, session_expires_at)) if owner == impersonator_id => {
            Found::Live(Impersonation { impersonator_id, session_id, session_expires_at })
        }
        _ => Found::Over,
    })
}

/// A user who may sign in, with what they may do; `None` if they may not, or no longer exist.
pub(super) fn account(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Option<Account>> {
    let Some(user) = find(connection, user_id)? else { return Ok(None) };
    if !user.active || !user.approved {
        return Ok(None);
    }
    let permissions = permissions(connection, user_id)?;
    Ok(Some(Account::new(user, permissions)))
}

pub(super) fn permissions_of_active_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<PermissionSet> {
    let found = users::table.find(user_id.to_string()).select(users::active).filter(users::approved.eq(true));
    let may_act: Option<bool> = natively!(connection, |native| found.first(native)).optional()?;
    if may_act == Some(true) { permissions(connection, user_id) } else { Ok(PermissionSet::default()) }
}

/// What all roles of a user grant together, whether they may sign in or not.
pub(crate) fn permissions(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<PermissionSet> {
    let granted = user_roles::table
        .inner_join(role_permissions::table.on(role_permissions::role_id.eq(user_roles::role_id)))
        .filter(user_roles::user_id.eq(user_id.to_string()))
        .select(role_permissions::permission);
    let granted: Vec<String> = natively!(connection, |native| granted.load(native))?;
    Ok(PermissionSet::new(granted.into_iter().map(PermissionPattern::stored).collect()))
}

/// The API key that somebody presents. What can't be read of it grants nothing: then it is no key.
pub(super) fn api_key(connection: &mut DbConnection, secret: &ApiKeySecret) -> QueryResult<Option<StoredApiKey>> {
    type Columns = (String, String, String, Option<String>, String, Option<Timestamp>, Option<Timestamp>);
    let found: Option<Columns> = api_keys::table
        .filter(api_keys::prefix.eq(secret.prefix()))
        .select((
            api_keys::key_hash,
            api_keys::id,
            api_keys::user_id,
            api_keys::permissions,
            api_keys::allowed_networks,
            api_keys::expires_at,
            api_keys::last_used_at,
        ))
        .first(connection)
        .optional()?;
    let found = found.filter(|columns| secret.has_hash(&columns.0));
    Ok(found.and_then(|(_, id, user_id, permissions, networks, expires_at, last_used_at)| {
        let networks: Vec<String> = serde_json::from_str(&networks).ok()?;
        let permissions = match permissions {
            Some(permissions) => {
                let patterns: Vec<String> = serde_json::from_str(&permissions).ok()?;
                Some(PermissionSet::new(patterns.into_iter().map(PermissionPattern::stored).collect()))
            }
            None => None,
        };
        Some(StoredApiKey {
            scope: Arc::new(ApiKeyScope { id: Uuid::try_parse(&id).ok()?, permissions }),
            user_id: Uuid::try_parse(&user_id).ok()?,
            expires_at,
            allowed_networks: networks.iter().map(|network| network.parse().ok()).collect::<Option<_>>()?,
            last_used_at,
        })
    }))
}

/// Writes down when keys were used, unless another process has done so a moment ago.
pub(super) fn note_used_keys(connection: &mut DbConnection, used: &[(Uuid, Timestamp)]) -> QueryResult<()> {
    for (id, at) in used {
        let earlier = api_keys::last_used_at.is_null().or(api_keys::last_used_at.le(at.minus(BETWEEN_NOTES)));
        diesel::update(api_keys::table.find(id.to_string()).filter(earlier))
            .set(api_keys::last_used_at.eq(*at))
            .execute(connection)?;
    }
    Ok(())
}

/// Counts the clock up and so holds it until the commit.
pub(super) fn advance_clock(connection: &mut DbConnection) -> QueryResult<i64> {
    let advance = diesel::update(access_clock::table).set(access_clock::value.eq(access_clock::value + 1));
    natively!(connection, |native| advance.returning(access_clock::value).keep_prepared().get_result(native))
}

pub(super) fn record_changes(
    connection: &mut DbConnection,
    number: i64,
    changes: &[Change],
    now: Timestamp,
) -> QueryResult<()> {
    let rows: Vec<_> = changes
        .iter()
        .map(|change| {
            let (kind, subject) = change.to_columns();
            (
                access_changes::seq.eq(number),
                access_changes::kind.eq(kind),
                access_changes::subject.eq(subject),
                access_changes::at.eq(now),
            )
        })
        .collect();
    insert_many!(connection, access_changes::table, rows);
    Ok(())
}

/// The clock, and the kind and subject of each change after `seen`.
pub(super) fn changes_after(connection: &mut DbConnection, seen: i64) -> QueryResult<(i64, Vec<(String, String)>)> {
    // The clock first: whoever counted it up to here has committed, so the changes read next are complete up to it.
    let clock: i64 = access_clock::table.select(access_clock::value).first(connection)?;
    let changes = access_changes::table
        .filter(access_changes::seq.gt(seen))
        .filter(access_changes::seq.le(clock))
        .select((access_changes::kind, access_changes::subject))
        .load(connection)?;
    Ok((clock, changes))
}

pub(super) fn forget_changes_before(connection: &mut DbConnection, moment: Timestamp) -> QueryResult<usize> {
    diesel::delete(access_changes::table.filter(access_changes::at.lt(moment))).execute(connection)
}
