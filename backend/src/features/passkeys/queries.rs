use diesel::prelude::*;
use uuid::Uuid;

use super::ceremony::Purpose;
use super::model::{PasskeyRow, PasskeyView};
use crate::db::{DbConnection, Timestamp, passkey_ceremonies, passkeys};

pub(super) fn insert_ceremony(
    connection: &mut DbConnection,
    token_hash: &str,
    purpose: Purpose,
    user_id: Option<Uuid>,
    state: &str,
    expires_at: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(passkey_ceremonies::table)
        .values((
            passkey_ceremonies::token_hash.eq(token_hash),
            passkey_ceremonies::purpose.eq(purpose.as_str()),
            passkey_ceremonies::user_id.eq(user_id.map(|id| id.to_string())),
            passkey_ceremonies::state.eq(state),
            passkey_ceremonies::expires_at.eq(expires_at),
        ))
        .execute(connection)?;
    Ok(())
}

/// Whose a ceremony is, and what was kept of it.
pub(super) fn find_ceremony(
    connection: &mut DbConnection,
    token_hash: &str,
    purpose: Purpose,
    now: Timestamp,
) -> QueryResult<Option<(Option<String>, String)>> {
    passkey_ceremonies::table
        .find(token_hash)
        .filter(passkey_ceremonies::purpose.eq(purpose.as_str()))
        .filter(passkey_ceremonies::expires_at.gt(now))
        .select((passkey_ceremonies::user_id, passkey_ceremonies::state))
        .first(connection)
        .optional()
}

/// Deletes a ceremony; whether it was still there.
pub(super) fn delete_ceremony(connection: &mut DbConnection, token_hash: &str) -> QueryResult<bool> {
    Ok(diesel::delete(passkey_ceremonies::table.find(token_hash)).execute(connection)? > 0)
}

pub(super) fn delete_expired_ceremonies(connection: &mut DbConnection, now: Timestamp) -> QueryResult<()> {
    diesel::delete(passkey_ceremonies::table.filter(passkey_ceremonies::expires_at.le(now))).execute(connection)?;
    Ok(())
}

pub(super) fn insert(connection: &mut DbConnection, row: &PasskeyRow) -> QueryResult<()> {
    diesel::insert_into(passkeys::table).values(row).execute(connection)?;
    Ok(())
}

/// A user's passkeys, the oldest first.
pub(super) fn of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<PasskeyRow>> {
    passkeys::table
        .filter(passkeys::user_id.eq(user_id.to_string()))
        .order((passkeys::created_at, passkeys::id))
        .select(PasskeyRow::as_select())
        .load(connection)
}

/// A user's passkeys, as people see them.
pub(crate) fn views_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<PasskeyView>> {
    Ok(of_user(connection, user_id)?.into_iter().map(PasskeyView::from).collect())
}

/// Whether a user has a passkey.
pub(crate) fn has_any(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<bool> {
    let theirs: i64 =
        passkeys::table.filter(passkeys::user_id.eq(user_id.to_string())).count().get_result(connection)?;
    Ok(theirs > 0)
}

/// Since when a user has passkeys, if they do, and when one was last used.
pub(crate) fn use_of_user(
    connection: &mut DbConnection,
    user_id: Uuid,
) -> QueryResult<Option<(Timestamp, Option<Timestamp>)>> {
    let rows = of_user(connection, user_id)?;
    let last_used_at = rows.iter().filter_map(|row| row.last_used_at).max();
    Ok(rows.first().map(|first| (first.created_at, last_used_at)))
}

pub(super) fn find_by_credential_id(
    connection: &mut DbConnection,
    credential_id: &str,
) -> QueryResult<Option<PasskeyRow>> {
    passkeys::table
        .filter(passkeys::credential_id.eq(credential_id))
        .select(PasskeyRow::as_select())
        .first(connection)
        .optional()
}

pub(super) fn find_of_user(connection: &mut DbConnection, user_id: Uuid, id: Uuid) -> QueryResult<Option<PasskeyRow>> {
    passkeys::table
        .find(id.to_string())
        .filter(passkeys::user_id.eq(user_id.to_string()))
        .select(PasskeyRow::as_select())
        .first(connection)
        .optional()
}

pub(super) fn rename(connection: &mut DbConnection, id: &str, name: &str) -> QueryResult<()> {
    diesel::update(passkeys::table.find(id)).set(passkeys::name.eq(name)).execute(connection)?;
    Ok(())
}

/// Notes a use; whether the passkey was still as it was when it was verified. Of two uses with one count, one is noted.
pub(super) fn note_use(
    connection: &mut DbConnection,
    seen: &PasskeyRow,
    credential: &str,
    sign_count: i64,
    backed_up: bool,
    now: Timestamp,
) -> QueryResult<bool> {
    let unchanged = passkeys::table.find(&seen.id).filter(passkeys::sign_count.eq(seen.sign_count));
    let noted = diesel::update(unchanged)
        .set((
            passkeys::credential.eq(credential),
            passkeys::sign_count.eq(sign_count),
            passkeys::backed_up.eq(backed_up),
            passkeys::last_used_at.eq(now),
        ))
        .execute(connection)?;
    Ok(noted > 0)
}

pub(super) fn delete(connection: &mut DbConnection, id: &str) -> QueryResult<()> {
    diesel::delete(passkeys::table.find(id)).execute(connection)?;
    Ok(())
}

pub(super) fn delete_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<()> {
    diesel::delete(passkeys::table.filter(passkeys::user_id.eq(user_id.to_string()))).execute(connection)?;
    Ok(())
}
