//! Sign-ins by day. Nothing is counted while somebody signs in, where all would wait for one row: the events are counted
//! afterwards, those of a day that is over once and for all.

use std::time::Duration;

use diesel::QueryResult;

use super::queries;
use crate::db::{DbConnection, Timestamp};
use crate::problem::Problem;
use crate::state::AppState;

const MICROS: i64 = 86_400_000_000;
/// An event bears the time at which its transaction began: so long after midnight none of the day before is under way any
/// more, and no node's clock behind.
const SETTLED_AFTER: Duration = Duration::from_secs(3_600);
/// So many days are counted at a time.
const CHUNK: i64 = 31;

/// A day in UTC, as the number of days since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day(pub i64);

impl Day {
    /// The day of a moment.
    pub fn of(moment: Timestamp) -> Self {
        Self(moment.as_micros().div_euclid(MICROS))
    }

    /// Its first moment.
    pub fn begins(self) -> Timestamp {
        Timestamp::from_micros(self.0.saturating_mul(MICROS))
    }

    fn plus(self, days: i64) -> Self {
        Self(self.0.saturating_add(days))
    }

    /// As in ISO 8601: `2024-11-24`.
    pub fn date(self) -> String {
        self.begins().to_string()[..10].to_owned()
    }
}

/// How many signed in on a day, and how many were refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayCount {
    /// The day.
    pub day: Day,
    /// How many signed in.
    pub ok: i64,
    /// How many were refused.
    pub refused: i64,
}

/// The counts of `number` days up to that of `now`, the earliest first, each day of them.
pub(crate) fn per_day(connection: &mut DbConnection, number: i64, now: Timestamp) -> QueryResult<Vec<DayCount>> {
    let today = Day::of(now);
    let first = today.plus(1 - number);
    let mut found = queries::counted(connection, first)?;
    let uncounted = found.last().map_or(first, |last| last.day.plus(1));
    found.extend(queries::count(connection, uncounted, today.plus(1))?);
    Ok(each_day(&found, first, today.plus(1)))
}

/// Counts the days that are over and were not counted yet, for good.
///
/// # Errors
/// Faults of the store: the next call goes on where this one ended.
pub async fn count_days_that_are_over(state: &AppState) -> Result<(), Problem> {
    let end = Day::of(state.clock.now().minus(SETTLED_AFTER));
    while let Some(first) = state.database.read_aside(next_to_count).await?.filter(|first| *first < end) {
        // Counted in a transaction that only reads: nobody who signs in waits for it.
        let chunk_end = first.plus(CHUNK).min(end);
        let days = state
            .database
            .read(move |connection| Ok(each_day(&queries::count(connection, first, chunk_end)?, first, chunk_end)))
            .await?;
        state.database.write(move |connection| queries::keep(connection, &days).map_err(Problem::from)).await?;
    }
    Ok(())
}

fn next_to_count(connection: &mut DbConnection) -> QueryResult<Option<Day>> {
    match queries::last_counted(connection)? {
        Some(last) => Ok(Some(last.plus(1))),
        None => queries::first_day(connection),
    }
}

/// The days from `first` to before `end`, with zeros for those that were not found.
fn each_day(found: &[DayCount], first: Day, end: Day) -> Vec<DayCount> {
    let mut found = found.iter().copied().peekable();
    let count_of = |day: i64| {
        found.next_if(|count| count.day == Day(day)).unwrap_or(DayCount { day: Day(day), ok: 0, refused: 0 })
    };
    (first.0..end.0).map(count_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_that_of_utc_and_has_a_date() {
        let last_moment = Timestamp::parse("2024-02-29T23:59:59.999999Z").unwrap();
        assert_eq!(Day::of(last_moment).date(), "2024-02-29");
        assert_eq!(Day::of(last_moment).plus(1).date(), "2024-03-01");
        assert_eq!(Day::of(last_moment).plus(1).begins(), Timestamp::parse("2024-03-01T00:00:00Z").unwrap());
        assert_eq!(Day::of(Timestamp::parse("2024-03-01T01:30:00+02:00").unwrap()).date(), "2024-02-29");
    }

    #[test]
    fn days_without_sign_ins_are_there_with_zeros() {
        let count = |day, ok| DayCount { day: Day(day), ok, refused: 0 };
        assert_eq!(
            each_day(&[count(2, 5), count(4, 1)], Day(1), Day(5)),
            [count(1, 0), count(2, 5), count(3, 0), count(4, 1)]
        );
        assert_eq!(each_day(&[], Day(7), Day(7)), []);
    }
}
