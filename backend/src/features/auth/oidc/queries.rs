use diesel::prelude::*;

use crate::db::{DbConnection, Timestamp, oidc_requests};

/// Somebody who was sent to a provider.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = oidc_requests, treat_none_as_default_value = false)]
pub(super) struct RequestRow {
    pub(super) state_hash: String,
    pub(super) browser_hash: String,
    pub(super) provider: String,
    pub(super) next: String,
    pub(super) user_id: Option<String>,
    pub(super) session_id: Option<String>,
    pub(super) expires_at: Timestamp,
}

pub(super) fn insert(connection: &mut DbConnection, row: &RequestRow) -> QueryResult<()> {
    diesel::insert_into(oidc_requests::table).values(row).execute(connection)?;
    Ok(())
}

/// Takes a request that a browser made of a provider, once.
pub(super) fn take(
    connection: &mut DbConnection,
    state_hash: &str,
    browser_hash: &str,
    provider: &str,
    now: Timestamp,
) -> QueryResult<Option<RequestRow>> {
    let found = oidc_requests::table
        .find(state_hash)
        .filter(oidc_requests::browser_hash.eq(browser_hash))
        .filter(oidc_requests::provider.eq(provider))
        .filter(oidc_requests::expires_at.gt(now))
        .select(RequestRow::as_select())
        .first(connection)
        .optional()?;
    let Some(row) = found else { return Ok(None) };
    let taken = diesel::delete(oidc_requests::table.find(state_hash)).execute(connection)?;
    Ok((taken > 0).then_some(row))
}

/// Forgets who did not come back.
pub(crate) fn forget_expired(connection: &mut DbConnection, now: Timestamp) -> QueryResult<usize> {
    diesel::delete(oidc_requests::table.filter(oidc_requests::expires_at.le(now))).execute(connection)
}
