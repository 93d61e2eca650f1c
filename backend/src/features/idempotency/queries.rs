use diesel::prelude::*;

use crate::db::{DbConnection, Timestamp, idempotency_keys};

/// A request that was begun, and how it was answered.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = idempotency_keys, treat_none_as_default_value = false)]
pub(super) struct Record {
    pub(super) caller: String,
    pub(super) key: String,
    pub(super) fingerprint: String,
    /// Zero while there is no answer yet.
    pub(super) status: i32,
    pub(super) headers: String,
    pub(super) body: String,
    pub(super) created_at: Timestamp,
}

pub(super) fn find(connection: &mut DbConnection, caller: &str, key: &str) -> QueryResult<Option<Record>> {
    idempotency_keys::table.find((caller, key)).select(Record::as_select()).first(connection).optional()
}

pub(super) fn insert(connection: &mut DbConnection, record: &Record) -> QueryResult<()> {
    diesel::insert_into(idempotency_keys::table).values(record).execute(connection)?;
    Ok(())
}

pub(super) fn answer(connection: &mut DbConnection, record: &Record) -> QueryResult<()> {
    diesel::update(idempotency_keys::table.find((&record.caller, &record.key)))
        .set((
            idempotency_keys::status.eq(record.status),
            idempotency_keys::headers.eq(&record.headers),
            idempotency_keys::body.eq(&record.body),
        ))
        .execute(connection)?;
    Ok(())
}

pub(super) fn delete(connection: &mut DbConnection, caller: &str, key: &str) -> QueryResult<()> {
    diesel::delete(idempotency_keys::table.find((caller, key))).execute(connection)?;
    Ok(())
}

/// Forgets what was asked before `moment`.
pub(crate) fn forget_before(connection: &mut DbConnection, moment: Timestamp) -> QueryResult<usize> {
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(moment))).execute(connection)
}
