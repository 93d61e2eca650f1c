//! Parameters of SQL that is written out are numbered in the order of their first appearance: both databases understand that.

use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Text};

use super::bucket::Bucket;
use super::rule::Rule;
use crate::db::{DbConnection, KeepPrepared, Timestamp, attempts, natively, update};

/// A row as a statement that changed it answers.
#[derive(QueryableByName)]
pub(super) struct Counts {
    #[diesel(sql_type = BigInt)]
    pub(super) failures: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) blocked_until: Timestamp,
}

/// Takes a place for one attempt, unless as many have failed or are being verified as may; then `None`.
///
/// After a wait there is one place at a time. Whoever took a place and never told how it ended has failed.
pub(super) fn reserve(
    connection: &mut DbConnection,
    bucket: &Bucket,
    rule: &Rule,
    until: Timestamp,
    now: Timestamp,
) -> QueryResult<Option<Counts>> {
    const SQL: &str = "\
        INSERT INTO attempts (bucket, failures, pending, pending_until, forget_at, blocked_until, reported_at) \
        VALUES ($1, 0, 1, $2, $3, 0, 0) \
        ON CONFLICT (bucket) DO UPDATE SET \
            failures = CASE WHEN attempts.forget_at <= $4 THEN 0 ELSE attempts.failures END \
                     + CASE WHEN attempts.pending_until <= $4 THEN attempts.pending ELSE 0 END, \
            pending = CASE WHEN attempts.pending_until <= $4 THEN 0 ELSE attempts.pending END + 1, \
            pending_until = $2, \
            forget_at = CASE WHEN attempts.forget_at <= $4 THEN $3 ELSE attempts.forget_at END, \
            blocked_until = CASE WHEN attempts.forget_at <= $4 THEN 0 ELSE attempts.blocked_until END \
        WHERE CASE WHEN attempts.forget_at <= $4 THEN 0 ELSE attempts.failures END + attempts.pending < $5 \
           OR (attempts.blocked_until <= $4 AND (attempts.pending = 0 OR attempts.pending_until <= $4)) \
        RETURNING failures, blocked_until";
    let query = sql_query(SQL)
        .bind::<Text, _>(bucket.as_str())
        .bind::<BigInt, _>(until)
        .bind::<BigInt, _>(now.plus(rule.window))
        .bind::<BigInt, _>(now)
        .bind::<BigInt, _>(rule.max_failures)
        .keep_prepared();
    Ok(natively!(connection, |native| query.load::<Counts>(native))?.pop())
}

/// Counts a failure, and gives its place back if it had taken one (`places` is 1 then, else 0).
pub(super) fn count_failure(
    connection: &mut DbConnection,
    bucket: &Bucket,
    places: i64,
    rule: &Rule,
    now: Timestamp,
) -> QueryResult<Counts> {
    const SQL: &str = "\
        INSERT INTO attempts (bucket, failures, pending, pending_until, forget_at, blocked_until, reported_at) \
        VALUES ($1, 1, 0, 0, $2, 0, 0) \
        ON CONFLICT (bucket) DO UPDATE SET \
            failures = CASE WHEN attempts.forget_at <= $3 THEN 0 ELSE attempts.failures END + 1, \
            pending = CASE WHEN attempts.pending < $4 THEN 0 ELSE attempts.pending - $4 END, \
            forget_at = $2, \
            blocked_until = CASE WHEN attempts.forget_at <= $3 THEN 0 ELSE attempts.blocked_until END \
        RETURNING failures, blocked_until";
    let query = sql_query(SQL)
        .bind::<Text, _>(bucket.as_str())
        .bind::<BigInt, _>(now.plus(rule.window))
        .bind::<BigInt, _>(now)
        .bind::<BigInt, _>(places)
        .keep_prepared();
    natively!(connection, |native| query.load::<Counts>(native))?.pop().ok_or(diesel::result::Error::NotFound)
}

/// Counts a request, unless there were as many as may be in the present window: then it answers `false`.
pub(super) fn count_request(
    connection: &mut DbConnection,
    bucket: &Bucket,
    rule: &Rule,
    now: Timestamp,
) -> QueryResult<bool> {
    const SQL: &str = "\
        INSERT INTO attempts (bucket, failures, pending, pending_until, forget_at, blocked_until, reported_at) \
        VALUES ($1, 1, 0, 0, $2, 0, 0) \
        ON CONFLICT (bucket) DO UPDATE SET \
            failures = CASE WHEN attempts.forget_at <= $3 THEN 0 ELSE attempts.failures END + 1, \
            forget_at = CASE WHEN attempts.forget_at <= $3 THEN $2 ELSE attempts.forget_at END \
        WHERE attempts.forget_at <= $3 OR attempts.failures < $4 \
        RETURNING failures, blocked_until";
    let query = sql_query(SQL)
        .bind::<Text, _>(bucket.as_str())
        .bind::<BigInt, _>(now.plus(rule.window))
        .bind::<BigInt, _>(now)
        .bind::<BigInt, _>(rule.max_failures)
        .keep_prepared();
    Ok(natively!(connection, |native| query.load::<Counts>(native))?.pop().is_some())
}

/// Lets everybody wait, and remembers the failures for a window longer than that.
pub(super) fn block(
    connection: &mut DbConnection,
    bucket: &Bucket,
    until: Timestamp,
    forget_at: Timestamp,
    now: Timestamp,
) -> QueryResult<()> {
    let set = (
        attempts::blocked_until.eq(until),
        attempts::forget_at.eq(forget_at),
        // The failure itself is in the audit trail.
        attempts::reported_at.eq(now),
    );
    update!(connection, diesel::update(attempts::table.find(bucket.as_str())).set(set))?;
    Ok(())
}

/// Gives a place back as if it had never been taken.
pub(super) fn give_back(connection: &mut DbConnection, bucket: &Bucket) -> QueryResult<()> {
    let taken = attempts::table.find(bucket.as_str()).filter(attempts::pending.gt(0));
    update!(connection, diesel::update(taken).set(attempts::pending.eq(attempts::pending - 1)))?;
    Ok(())
}

/// Forgets the failures, and keeps the places that others have taken.
pub(super) fn forgive(connection: &mut DbConnection, bucket: &Bucket) -> QueryResult<()> {
    let alone = attempts::table.find(bucket.as_str()).filter(attempts::pending.le(1));
    if diesel::delete(alone).execute(connection)? == 0 {
        let set =
            (attempts::failures.eq(0), attempts::blocked_until.eq(0), attempts::pending.eq(attempts::pending - 1));
        update!(connection, diesel::update(attempts::table.find(bucket.as_str())).set(set))?;
    }
    Ok(())
}

/// Until when a bucket is blocked, when the audit trail last heard of it, and when it is forgotten.
pub(super) fn find(
    connection: &mut DbConnection,
    bucket: &Bucket,
) -> QueryResult<Option<(Timestamp, Timestamp, Timestamp)>> {
    attempts::table
        .find(bucket.as_str())
        .select((attempts::blocked_until, attempts::reported_at, attempts::forget_at))
        .first(connection)
        .optional()
}

/// Notes that the audit trail hears of a refusal, unless it has since `moment`. Of many at once one is told `true`.
pub(super) fn note_report(
    connection: &mut DbConnection,
    bucket: &Bucket,
    moment: Timestamp,
    now: Timestamp,
) -> QueryResult<bool> {
    let unreported = attempts::table.find(bucket.as_str()).filter(attempts::reported_at.le(moment));
    Ok(update!(connection, diesel::update(unreported).set(attempts::reported_at.eq(now)))? > 0)
}

/// Empties buckets; how many there were.
pub(super) fn delete(connection: &mut DbConnection, buckets: &[Bucket]) -> QueryResult<usize> {
    let buckets: Vec<&str> = buckets.iter().map(Bucket::as_str).collect();
    diesel::delete(attempts::table.filter(attempts::bucket.eq_any(buckets))).execute(connection)
}

/// Deletes what no rule looks at any more.
pub(super) fn delete_forgotten(connection: &mut DbConnection, now: Timestamp) -> QueryResult<()> {
    let forgotten = attempts::table.filter(attempts::forget_at.le(now)).filter(attempts::pending_until.le(now));
    diesel::delete(forgotten).execute(connection)?;
    Ok(())
}
