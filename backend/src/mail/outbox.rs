//! The mails that wait.

use diesel::prelude::*;
use serde::Serialize;

use crate::db::{DbConnection, Timestamp, mail_outbox, update};

/// What may be told about a mail that was not sent: never what it says.
#[derive(Clone, Debug, Serialize, Queryable, Selectable)]
#[diesel(table_name = mail_outbox)]
#[allow(missing_docs)]
pub struct Waiting {
    pub id: String,
    pub kind: String,
    pub recipient: String,
    pub created_at: Timestamp,
    pub attempts: i32,
    /// Without a meaning once it has failed.
    pub next_attempt_at: Timestamp,
    pub last_error: Option<String>,
    /// When it was given up; it can't be tried again, for what it said is gone.
    pub failed_at: Option<Timestamp>,
}

/// A mail that is to be sent.
#[derive(Clone, Queryable, Selectable)]
#[diesel(table_name = mail_outbox)]
pub(super) struct Entry {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) recipient: String,
    pub(super) content: String,
    pub(super) attempts: i32,
    next_attempt_at: Timestamp,
    expires_at: Option<Timestamp>,
}

impl Entry {
    /// Whether what it says has come to its end.
    pub(super) fn has_expired(&self, now: Timestamp) -> bool {
        self.expires_at.is_some_and(|expires_at| expires_at <= now)
    }
}

/// A mail that was just written.
#[derive(Insertable)]
#[diesel(table_name = mail_outbox)]
pub(super) struct NewEntry<'a> {
    pub(super) id: &'a str,
    pub(super) kind: &'a str,
    pub(super) recipient: &'a str,
    pub(super) content: &'a str,
    /// When the link or the code in it ends.
    pub(super) expires_at: Option<Timestamp>,
}

pub(super) fn insert(connection: &mut DbConnection, entry: &NewEntry<'_>, now: Timestamp) -> QueryResult<()> {
    diesel::insert_into(mail_outbox::table)
        .values((entry, mail_outbox::created_at.eq(now), mail_outbox::next_attempt_at.eq(now)))
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
    let claim = diesel::update(seen)
        .set((mail_outbox::next_attempt_at.eq(until), mail_outbox::attempts.eq(mail_outbox::attempts + 1)));
    Ok(update!(connection, claim)? > 0)
}

/// It was handed over: nobody needs it any more.
pub(super) fn delete(connection: &mut DbConnection, id: &str) -> QueryResult<()> {
    diesel::delete(mail_outbox::table.find(id)).execute(connection)?;
    Ok(())
}

/// It has to be tried again, unless somebody else has begun to, because the attempt outlasted its claim.
pub(super) fn postpone(
    connection: &mut DbConnection,
    id: &str,
    attempt: i32,
    error: &str,
    until: Timestamp,
) -> QueryResult<()> {
    diesel::update(mail_outbox::table.find(id).filter(mail_outbox::attempts.eq(attempt)))
        .set((mail_outbox::last_error.eq(error), mail_outbox::next_attempt_at.eq(until)))
        .execute(connection)?;
    Ok(())
}

/// It will never be sent: that it could not be is kept, what it said is not.
pub(super) fn give_up(
    connection: &mut DbConnection,
    id: &str,
    attempt: i32,
    error: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(mail_outbox::table.find(id).filter(mail_outbox::attempts.eq(attempt)))
        .set((mail_outbox::last_error.eq(error), mail_outbox::failed_at.eq(now), mail_outbox::content.eq("")))
        .execute(connection)?;
    Ok(())
}

/// Forgets what could not be sent before `moment`.
pub(super) fn forget_failed_before(connection: &mut DbConnection, moment: Timestamp) -> QueryResult<usize> {
    diesel::delete(mail_outbox::table.filter(mail_outbox::failed_at.lt(moment))).execute(connection)
}

/// What waits and what has failed, the oldest first.
pub fn list(connection: &mut DbConnection) -> QueryResult<Vec<Waiting>> {
    mail_outbox::table.order(mail_outbox::id).select(Waiting::as_select()).load(connection)
}

/// How many mails wait.
pub fn waiting_count(connection: &mut DbConnection) -> QueryResult<i64> {
    mail_outbox::table.filter(mail_outbox::failed_at.is_null()).count().get_result(connection)
}

/// How many mails wait that could not be sent at a first attempt.
pub fn delayed_count(connection: &mut DbConnection) -> QueryResult<i64> {
    let waiting = mail_outbox::table.filter(mail_outbox::failed_at.is_null());
    waiting.filter(mail_outbox::last_error.is_not_null()).count().get_result(connection)
}

/// How many mails were given up within the time for which that is kept.
pub fn failed_count(connection: &mut DbConnection) -> QueryResult<i64> {
    mail_outbox::table.filter(mail_outbox::failed_at.is_not_null()).count().get_result(connection)
}

/// Makes one mail that waits, or all of them, due now; how many that were. What was given up has nothing left to send.
pub fn retry(connection: &mut DbConnection, id: Option<&str>, now: Timestamp) -> QueryResult<usize> {
    let waiting = mail_outbox::table.filter(mail_outbox::failed_at.is_null());
    let due = mail_outbox::next_attempt_at.eq(now);
    match id {
        Some(id) => diesel::update(waiting.filter(mail_outbox::id.eq(id))).set(due).execute(connection),
        None => diesel::update(waiting).set(due).execute(connection),
    }
}
