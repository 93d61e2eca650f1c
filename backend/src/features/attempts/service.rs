//! What is counted, and what follows from it. Each function is part of its caller's transaction.

use std::time::Duration;

use diesel::QueryResult;
use uuid::Uuid;

use super::attempt::Reservation;
use super::bucket::Bucket;
use super::queries;
use super::rule::Rule;
use crate::db::{DbConnection, Timestamp};
use crate::features::devices;

/// The audit trail hears of the refusals of one bucket so often at most.
const BETWEEN_REPORTS: Duration = Duration::from_secs(60);

/// A bucket that is blocked.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Which.
    pub bucket: Bucket,
    /// Until when.
    pub until: Timestamp,
    /// Whether the audit trail is to hear of it, as far as could be seen.
    pub is_due: bool,
}

/// What a failure led to.
#[derive(Clone, Copy, Debug)]
pub struct Failure {
    /// Until when everybody has to wait now, if at all.
    pub blocked_until: Option<Timestamp>,
    /// Whether that has just begun.
    pub has_begun: bool,
}

/// Whether a bucket is blocked: a look before anything is written.
pub(crate) fn check(connection: &mut DbConnection, bucket: Bucket, now: Timestamp) -> QueryResult<Option<Refusal>> {
    let found = queries::find(connection, &bucket)?.filter(|(until, _, _)| *until > now);
    Ok(found.map(|(until, reported_at, _)| {
        let is_due = reported_at <= now.minus(BETWEEN_REPORTS);
        Refusal { bucket, until, is_due }
    }))
}

/// Whether the audit trail is to hear of a refusal now; of many at once, of one.
pub(crate) fn may_report(connection: &mut DbConnection, refusal: &Refusal, now: Timestamp) -> QueryResult<bool> {
    queries::note_report(connection, &refusal.bucket, now.minus(BETWEEN_REPORTS), now)
}

/// Ends an attempt that has failed.
pub(crate) fn fail(connection: &mut DbConnection, reservation: &Reservation, now: Timestamp) -> QueryResult<Failure> {
    count_failure(connection, &reservation.bucket, 1, &reservation.rule, now)
}

/// Counts a failure in a bucket that no place is taken in.
pub(crate) fn count(
    connection: &mut DbConnection,
    bucket: &Bucket,
    rule: &Rule,
    now: Timestamp,
) -> QueryResult<Failure> {
    count_failure(connection, bucket, 0, rule, now)
}

fn count_failure(
    connection: &mut DbConnection,
    bucket: &Bucket,
    places: i64,
    rule: &Rule,
    now: Timestamp,
) -> QueryResult<Failure> {
    let counts = queries::count_failure(connection, bucket, places, rule, now)?;
    let blocked_until = rule.wait_after(counts.failures).map(|wait| now.plus(wait));
    if let Some(until) = blocked_until {
        queries::block(connection, bucket, until, until.plus(rule.window), now)?;
    }
    let has_begun = blocked_until.is_some() && counts.blocked_until == Timestamp::from_micros(0);
    Ok(Failure { blocked_until, has_begun })
}

/// Counts a request, unless there were as many as may be: then it is refused until the window's end.
pub(crate) fn count_request(
    connection: &mut DbConnection,
    bucket: Bucket,
    rule: &Rule,
    now: Timestamp,
) -> QueryResult<Option<Refusal>> {
    if queries::count_request(connection, &bucket, rule, now)? {
        return Ok(None);
    }
    let until = queries::find(connection, &bucket)?.map_or(now, |(_, _, forget_at)| forget_at);
    Ok(Some(Refusal { bucket, until, is_due: false }))
}

/// Ends an attempt that has succeeded: what failed before it is forgotten.
pub(crate) fn succeed(connection: &mut DbConnection, reservation: &Reservation) -> QueryResult<()> {
    queries::forgive(connection, &reservation.bucket)
}

/// Forgets whatever a user, or somebody else, has failed at with their account; whether there was anything.
pub(crate) fn clear_of_user(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<bool> {
    let others = [Bucket::mails(user_id), Bucket::mailed_codes(user_id), Bucket::second_factor(user_id)];
    let of_password = of_password(connection, user_id)?;
    Ok(queries::delete(connection, &[of_password, others.into()].concat())? > 0)
}

/// Forgets what was failed at with a user's password: it says nothing about another one. What was failed at with the second
/// factor stays, or whoever has the mailbox could guess at that without end.
pub(crate) fn clear_of_password(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<()> {
    let buckets = of_password(connection, user_id)?;
    queries::delete(connection, &buckets).map(drop)
}

fn of_password(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<Vec<Bucket>> {
    let devices = devices::ids_of_user(connection, user_id)?;
    let of_devices = devices.iter().map(|id| Bucket::device(id));
    Ok([Bucket::sign_in(Some(user_id), ""), Bucket::reauthentication(user_id)].into_iter().chain(of_devices).collect())
}

/// Forgets what was failed at with somebody's second factor.
pub(crate) fn clear_of_second_factor(connection: &mut DbConnection, user_id: Uuid) -> QueryResult<()> {
    queries::delete(connection, &[Bucket::second_factor(user_id)]).map(drop)
}

/// Deletes what is of no use any more.
pub(crate) fn purge(connection: &mut DbConnection, now: Timestamp) -> QueryResult<()> {
    queries::delete_forgotten(connection, now)
}
