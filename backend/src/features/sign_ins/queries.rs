use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{BigInt, Bool};
use uuid::Uuid;

use super::days::{Day, DayCount};
use super::model::{SignIn, SignInRow};
use crate::db::{DbConnection, Timestamp, audit_events, natively, sign_in_days};
use crate::http::list::{ListRequest, Page};

/// Whether an event tells of a sign-in or of one that was refused: the condition of the indexes, by the letter, as SQLite takes them
/// for no other.
macro_rules! is_sign_in {
    () => {
        "audit_events.action IN ('user.signed_in', 'user.sign_in_refused')"
    };
}

/// The page of the sign-ins to one account that `request` asks for.
pub(super) fn of_user(
    connection: &mut DbConnection,
    user_id: Uuid,
    request: &ListRequest,
) -> QueryResult<Page<SignIn>> {
    let theirs =
        audit_events::table.filter(audit_events::target_id.eq(user_id.to_string())).filter(sql::<Bool>(is_sign_in!()));
    let page: Page<SignInRow> = request.load(connection, theirs, SignInRow::as_select())?;
    Ok(page.map(SignIn::from))
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    day: i64,
    #[diesel(sql_type = BigInt)]
    ok: i64,
    #[diesel(sql_type = BigInt)]
    refused: i64,
}

/// Counts the events from the beginning of `first` to that of `end`; days without any are left out.
pub(super) fn count(connection: &mut DbConnection, first: Day, end: Day) -> QueryResult<Vec<DayCount>> {
    const SQL: &str = concat!(
        "SELECT at / 86400000000 AS day, \
            SUM(CASE WHEN action = 'user.signed_in' THEN 1 ELSE 0 END) AS ok, \
            SUM(CASE WHEN action = 'user.signed_in' THEN 0 ELSE 1 END) AS refused \
        FROM audit_events WHERE ",
        is_sign_in!(),
        " AND at >= $1 AND at < $2 GROUP BY at / 86400000000 ORDER BY 1"
    );
    let query = sql_query(SQL).bind::<BigInt, _>(first.begins()).bind::<BigInt, _>(end.begins());
    let rows: Vec<CountRow> = natively!(connection, |native| query.load(native))?;
    Ok(rows.into_iter().map(|row| DayCount { day: Day(row.day), ok: row.ok, refused: row.refused }).collect())
}

/// The days from `first` on that were counted already, the earliest first.
pub(super) fn counted(connection: &mut DbConnection, first: Day) -> QueryResult<Vec<DayCount>> {
    let rows: Vec<(i64, i64, i64)> = sign_in_days::table
        .filter(sign_in_days::day.ge(first.0))
        .order(sign_in_days::day)
        .select((sign_in_days::day, sign_in_days::ok, sign_in_days::refused))
        .load(connection)?;
    Ok(rows.into_iter().map(|(day, ok, refused)| DayCount { day: Day(day), ok, refused }).collect())
}

/// The day that was counted last.
pub(super) fn last_counted(connection: &mut DbConnection) -> QueryResult<Option<Day>> {
    let last: Option<i64> =
        sign_in_days::table.order(sign_in_days::day.desc()).select(sign_in_days::day).first(connection).optional()?;
    Ok(last.map(Day))
}

/// The day of the earliest event of all.
pub(super) fn first_day(connection: &mut DbConnection) -> QueryResult<Option<Day>> {
    let first: Option<Timestamp> =
        audit_events::table.order(audit_events::at).select(audit_events::at).first(connection).optional()?;
    Ok(first.map(Day::of))
}

/// Keeps the counts of days that are over. Another node may have done so.
pub(super) fn keep(connection: &mut DbConnection, days: &[DayCount]) -> QueryResult<()> {
    const SQL: &str = "INSERT INTO sign_in_days (day, ok, refused) VALUES ($1, $2, $3) ON CONFLICT (day) DO NOTHING";
    for day in days {
        let query =
            sql_query(SQL).bind::<BigInt, _>(day.day.0).bind::<BigInt, _>(day.ok).bind::<BigInt, _>(day.refused);
        natively!(connection, |native| query.execute(native))?;
    }
    Ok(())
}
