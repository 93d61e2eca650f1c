use std::collections::HashMap;

use diesel::prelude::*;
use uuid::Uuid;

use super::ending::EndReason;
use super::model::{ImpersonationRow, Impersonator, SessionRow};
use crate::access::RequestOrigin;
use crate::db::{DbConnection, Timestamp, impersonations, natively, refresh_tokens, sessions, update, users};

pub(super) fn insert(connection: &mut DbConnection, session: &SessionRow) -> QueryResult<()> {
    let insert = diesel::insert_into(sessions::table).values(session);
    natively!(connection, |native| insert.execute(native))?;
    Ok(())
}

pub(super) fn insert_impersonation(connection: &mut DbConnection, row: &ImpersonationRow) -> QueryResult<()> {
    diesel::insert_into(impersonations::table).values(row).execute(connection)?;
    Ok(())
}

/// The living sessions in which somebody acts in another's name and that were begun from a session.
pub(super) fn impersonations_begun_from(connection: &mut DbConnection, session_id: Uuid) -> QueryResult<Vec<String>> {
    impersonations::table
        .inner_join(sessions::table.on(sessions::id.eq(impersonations::session_id)))
        .filter(impersonations::impersonator_session_id.eq(session_id.to_string()))
        .filter(sessions::ended_at.is_null())
        .select(impersonations::session_id)
        .load(connection)
}

/// Who acts in a user's name, by session.
pub(super) fn impersonators_of_user(
    connection: &mut DbConnection,
    user_id: Uuid,
) -> QueryResult<HashMap<String, Impersonator>> {
    let found: Vec<(String, String, String)> = impersonations::table
        .inner_join(sessions::table.on(sessions::id.eq(impersonations::session_id)))
        .inner_join(users::table.on(users::id.eq(impersonations::impersonator_id)))
        .filter(sessions::user_id.eq(user_id.to_string()))
        .select((impersonations::session_id, users::id, users::email))
        .load(connection)?;
    let impersonator = |id: &str, email| Impersonator { id: Uuid::try_parse(id).unwrap_or_default(), email };
    Ok(found.into_iter().map(|(session, id, email)| (session, impersonator(&id, email))).collect())
}

pub(super) fn find(connection: &mut DbConnection, id: Uuid) -> QueryResult<Option<SessionRow>> {
    let id = id.to_string();
    natively!(connection, |native| sessions::table.find(id).select(SessionRow::as_select()).first(native)).optional()
}

pub(super) fn live_of_user(
    connection: &mut DbConnection,
    user_id: Uuid,
    now: Timestamp,
) -> QueryResult<Vec<SessionRow>> {
    sessions::table
        .filter(sessions::user_id.eq(user_id.to_string()))
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(now))
        .order((sessions::created_at.desc(), sessions::id.desc()))
        .select(SessionRow::as_select())
        .load(connection)
}

/// Whether a user has signed in since `moment` from the same address with the same client, apart from session `except`.
/// What was signed out by force, because it was not recognised for instance, speaks for nobody.
pub(crate) fn is_known_origin(
    connection: &mut DbConnection,
    user_id: Uuid,
    except: Uuid,
    origin: &RequestOrigin,
    moment: Timestamp,
) -> QueryResult<bool> {
    let theirs = sessions::table
        .filter(sessions::user_id.eq(user_id.to_string()))
        .filter(sessions::created_at.ge(moment))
        .filter(sessions::id.ne(except.to_string()))
        .filter(sessions::end_reason.is_null().or(sessions::end_reason.eq(EndReason::SignedOut.as_str())))
        // Where somebody else acted in their name from is nowhere that they were.
        .filter(sessions::id.ne_all(impersonations::table.select(impersonations::session_id)))
        .into_boxed();
    let theirs = match origin.ip {
        Some(ip) => theirs.filter(sessions::ip.eq(ip.to_string())),
        None => theirs.filter(sessions::ip.is_null()),
    };
    let theirs = match origin.user_agent.as_deref() {
        Some(user_agent) => theirs.filter(sessions::user_agent.eq(user_agent)),
        None => theirs.filter(sessions::user_agent.is_null()),
    };
    // The newest first: who signs in again and again is found at once.
    let newest = theirs.order((sessions::created_at.desc(), sessions::id.desc()));
    let found: Option<String> = newest.select(sessions::id).first(connection).optional()?;
    Ok(found.is_some())
}

/// Ends a session; whether it lived.
pub(super) fn end(connection: &mut DbConnection, id: Uuid, reason: &str, now: Timestamp) -> QueryResult<bool> {
    let living = sessions::table.filter(sessions::id.eq(id.to_string())).filter(sessions::ended_at.is_null());
    let end = diesel::update(living).set((sessions::ended_at.eq(now), sessions::end_reason.eq(reason)));
    Ok(update!(connection, end)? > 0)
}

pub(super) fn touch(
    connection: &mut DbConnection,
    id: Uuid,
    origin: &RequestOrigin,
    now: Timestamp,
) -> QueryResult<()> {
    let (ip, user_agent) = (origin.ip.map(|ip| ip.to_string()), origin.user_agent.as_deref());
    let set = (sessions::last_used_at.eq(now), sessions::ip.eq(ip), sessions::user_agent.eq(user_agent));
    update!(connection, diesel::update(sessions::table.find(id.to_string())).set(set))?;
    Ok(())
}

pub(super) fn set_auth_time(connection: &mut DbConnection, id: Uuid, auth_time: Timestamp) -> QueryResult<()> {
    diesel::update(sessions::table.find(id.to_string())).set(sessions::auth_time.eq(auth_time)).execute(connection)?;
    Ok(())
}

pub(super) fn set_mfa(connection: &mut DbConnection, id: Uuid) -> QueryResult<()> {
    diesel::update(sessions::table.find(id.to_string())).set(sessions::mfa.eq(true)).execute(connection)?;
    Ok(())
}

/// A refresh token as the store keeps it.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = refresh_tokens, treat_none_as_default_value = false)]
pub(super) struct RefreshTokenRow {
    pub(super) token_hash: String,
    pub(super) session_id: String,
    pub(super) issued_at: Timestamp,
    pub(super) replaced_at: Option<Timestamp>,
    pub(super) successor_hash: Option<String>,
    pub(super) successor_salt: Option<String>,
}

pub(super) fn insert_token(
    connection: &mut DbConnection,
    hash: String,
    session_id: Uuid,
    now: Timestamp,
) -> QueryResult<()> {
    let row = RefreshTokenRow {
        token_hash: hash,
        session_id: session_id.to_string(),
        issued_at: now,
        replaced_at: None,
        successor_hash: None,
        successor_salt: None,
    };
    let insert = diesel::insert_into(refresh_tokens::table).values(&row);
    natively!(connection, |native| insert.execute(native))?;
    Ok(())
}

pub(super) fn find_token(connection: &mut DbConnection, hash: &str) -> QueryResult<Option<RefreshTokenRow>> {
    natively!(connection, |native| {
        refresh_tokens::table.find(hash).select(RefreshTokenRow::as_select()).first(native)
    })
    .optional()
}

/// Replaces a token that was not replaced yet. Of many that try at once, one is told that it did.
pub(super) fn replace_token(
    connection: &mut DbConnection,
    hash: &str,
    successor_hash: &str,
    salt: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let unused =
        refresh_tokens::table.filter(refresh_tokens::token_hash.eq(hash)).filter(refresh_tokens::replaced_at.is_null());
    let replace = diesel::update(unused).set((
        refresh_tokens::replaced_at.eq(now),
        refresh_tokens::successor_hash.eq(successor_hash),
        refresh_tokens::successor_salt.eq(salt),
    ));
    Ok(update!(connection, replace)? > 0)
}

/// Deletes what ended or expired before `moment`, refresh tokens included.
pub(super) fn delete_dead(connection: &mut DbConnection, moment: Timestamp) -> QueryResult<usize> {
    diesel::delete(sessions::table.filter(sessions::expires_at.lt(moment).or(sessions::ended_at.lt(moment))))
        .execute(connection)
}
