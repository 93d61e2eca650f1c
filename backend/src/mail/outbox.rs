use diesel::prelude::*;

use crate::db::{DbConnection, Timestamp, mail_outbox};

/// A mail that waits.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = mail_outbox)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) recipient: String,
    pub(super) content: String,
    pub(super) attempts: i32,
    next_attempt_at: Timestamp,
}

pub(super) fn insert(
    connection: &mut DbConnection,
    id: &str,
    kind: &str,
    recipient: &str,
    content: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(mail_outbox::table)
        .values((
            mail_outbox::id.eq(id),
            mail_outbox::kind.eq(kind),
            mail_outbox::recipient.eq(recipient),
            mail_outbox::content.eq(content),
            mail_outbox::created_at.eq(now),
            mail_outbox::next_attempt_at.eq(now),
        ))
        .execute(connection)?;
    Ok(())
}

/// What is due, the longest first.
pub(super) fn due(connection: &mut DbConnection, now: Timestamp, limit: i64) -> QueryResult<Vec<Entry>> {
    mail_outbox::table
        .filter(mail_outbox::failed_at.is_null())
        .filter(mail_outbox::next_attempt_at.le(now))
        .order(mail_outbox::next_attempt_at)
        .limit(limit)
        .select(Entry::as_select())
        .load(connection)
}

/// Takes an entry for one attempt. Of several nodes that try, one is told that it has it; should it die, `until` frees it.
pub(super) fn claim(connection: &mut DbConnection, entry: &Entry, until: Timestamp) -> QueryResult<bool> {
    let seen = mail_outbox::table
        .filter(mail_outbox::id.eq(&entry.id))
        .filter(mail_outbox::failed_at.is_null())
        .filter(mail_outbox::next_attempt_at.eq(entry.next_attempt_at));
    let claimed = diesel::update(seen)
        .set((mail_outbox::next_attempt_at.eq(until), mail_outbox::attempts.eq(mail_outbox::attempts + 1)))
        .execute(connection)?;
    Ok(claimed > 0)
}

/// It was handed over: nobody needs it any more.
pub(super) fn delete(connection: &mut DbConnection, id: &str) -> QueryResult<()> {
    diesel::delete(mail_outbox::table.find(id)).execute(connection)?;
    Ok(())
}

pub(super) fn postpone(connection: &mut DbConnection, id: &str, error: &str, until: Timestamp) -> QueryResult<()> {
    diesel::update(mail_outbox::table.find(id))
        .set((mail_outbox::last_error.eq(error), mail_outbox::next_attempt_at.eq(until)))
        .execute(connection)?;
    Ok(())
}

/// It will never be sent: that it could not be is kept, what it said is not.
pub(super) fn give_up(connection: &mut DbConnection, id: &str, error: &str, now: Timestamp) -> QueryResult<()> {
    diesel::update(mail_outbox::table.find(id))
        .set((mail_outbox::last_error.eq(error), mail_outbox::failed_at.eq(now), mail_outbox::content.eq("")))
        .execute(connection)?;
    Ok(())
}

/// Forgets what could not be sent before `moment`.
pub(super) fn forget_failed_before(connection: &mut DbConnection, moment: Timestamp) -> QueryResult<usize> {
    diesel::delete(mail_outbox::table.filter(mail_outbox::failed_at.lt(moment))).execute(connection)
}
