use diesel::dsl::exists;
use diesel::prelude::*;
use uuid::Uuid;

use crate::db::{
    DbConnection, Timestamp, insert_many, natively, recovery_codes, roles, totp_factors, user_roles, users,
};

/// Somebody's authenticator.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = totp_factors)]
pub(super) struct TotpRow {
    pub(super) secret: String,
    pub(super) created_at: Timestamp,
    pub(super) confirmed_at: Option<Timestamp>,
    pub(super) last_used_at: Option<Timestamp>,
}

#[derive(Insertable)]
#[diesel(table_name = recovery_codes)]
struct RecoveryCodeRow<'a> {
    user_id: String,
    label: &'a str,
    code_hash: &'a str,
    created_at: Timestamp,
}

pub(super) fn totp_of(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Option<TotpRow>> {
    totp_factors::table.find(user_id.to_string()).select(TotpRow::as_select()).first(connection).optional()
}

/// Puts an authenticator on offer, in the place of one that was never confirmed.
pub(super) fn offer_totp(
    connection: &mut DbConnection,
    user_id: Uuid,
    secret: &str,
    now: Timestamp,
) -> QueryResult<()> {
    let unconfirmed = totp_factors::table.find(user_id.to_string()).filter(totp_factors::confirmed_at.is_null());
    diesel::delete(unconfirmed).execute(connection)?;
    diesel::insert_into(totp_factors::table)
        .values((
            totp_factors::user_id.eq(user_id.to_string()),
            totp_factors::secret.eq(secret),
            totp_factors::created_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// Confirms what is on offer by the first code; whether it still was.
pub(super) fn confirm_totp(
    connection: &mut DbConnection,
    user_id: Uuid,
    secret: &str,
    step: i64,
    now: Timestamp,
) -> QueryResult<bool> {
    let offered = totp_factors::table
        .find(user_id.to_string())
        .filter(totp_factors::secret.eq(secret))
        .filter(totp_factors::confirmed_at.is_null());
    let confirmed = diesel::update(offered)
        .set((totp_factors::confirmed_at.eq(now), totp_factors::last_step.eq(step)))
        .execute(connection)?;
    Ok(confirmed > 0)
}

/// Uses up a time step and all before it; whether it was unused. Of two that try at once, one is told so.
pub(super) fn use_step(connection: &mut DbConnection, user_id: Uuid, step: i64, now: Timestamp) -> QueryResult<bool> {
    let unused = totp_factors::table
        .find(user_id.to_string())
        .filter(totp_factors::confirmed_at.is_not_null())
        .filter(totp_factors::last_step.lt(step));
    let used = diesel::update(unused)
        .set((totp_factors::last_step.eq(step), totp_factors::last_used_at.eq(now)))
        .execute(connection)?;
    Ok(used > 0)
}

/// Forgets whatever somebody has set up; whether there was anything.
pub(super) fn delete_all(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<bool> {
    delete_recovery_codes(connection, user_id)?;
    Ok(diesel::delete(totp_factors::table.find(user_id.to_string())).execute(connection)? > 0)
}

pub(super) fn replace_recovery_codes(
    connection: &mut DbConnection,
    user_id: Uuid,
    codes: &[(String, String)],
    now: Timestamp,
) -> QueryResult<()> {
    delete_recovery_codes(connection, user_id)?;
    let row = |(label, code_hash)| RecoveryCodeRow { user_id: user_id.to_string(), label, code_hash, created_at: now };
    let rows: Vec<_> = codes.iter().map(|(label, hash)| row((label, hash))).collect();
    insert_many!(connection, recovery_codes::table, rows);
    Ok(())
}

fn delete_recovery_codes(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(user_id.to_string())))
        .execute(connection)?;
    Ok(())
}

pub(super) fn recovery_code(connection: &mut DbConnection, user_id: Uuid, label: &str) -> QueryResult<Option<String>> {
    recovery_codes::table
        .find((user_id.to_string(), label))
        .select(recovery_codes::code_hash)
        .first(connection)
        .optional()
}

/// Uses a code up; whether it was unused. Of two that try at once, one is told so.
pub(super) fn use_recovery_code(
    connection: &mut DbConnection,
    user_id: Uuid,
    label: &str,
    code_hash: &str,
) -> QueryResult<bool> {
    let code = recovery_codes::table.find((user_id.to_string(), label)).filter(recovery_codes::code_hash.eq(code_hash));
    Ok(diesel::delete(code).execute(connection)? > 0)
}

pub(super) fn recovery_codes_left(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<usize> {
    let theirs = recovery_codes::table.filter(recovery_codes::user_id.eq(user_id.to_string()));
    let number: i64 = theirs.count().get_result(connection)?;
    Ok(usize::try_from(number).unwrap_or_default())
}

/// Whether signing in asks a user for what they have set up, and whether a role of theirs asks in any case.
pub(super) fn requirement(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<(bool, bool)> {
    let demanding = user_roles::table
        .inner_join(roles::table)
        .filter(user_roles::user_id.eq(user_id.to_string()))
        .filter(roles::mfa_required.eq(true));
    let theirs = users::table.find(user_id.to_string()).select((users::mfa_enabled, exists(demanding)));
    Ok(natively!(connection, |native| theirs.first(native)).optional()?.unwrap_or_default())
}
