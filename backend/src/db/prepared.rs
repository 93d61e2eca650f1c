//! Statements that stay prepared, and queries that diesel writes once: what is run all the time spent a third of its time on that.

use diesel::backend::Backend;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};

/// Runs a query on the database's own connection. Over [`super::DbConnection`] diesel writes its SQL several times at each execution,
/// prepared or not; on the connection itself never again.
macro_rules! natively {
    ($connection:expr, |$native:ident| $query:expr) => {
        match $connection {
            $crate::db::DbConnection::Postgres($native) => $query,
            $crate::db::DbConnection::Sqlite($native) => $query,
        }
    };
}
pub(crate) use natively;

/// Runs an `UPDATE` whose text is one of a few and keeps it prepared: how many rows it changed.
macro_rules! update {
    ($connection:expr, $update:expr) => {{
        let update = $update.returning(diesel::dsl::sql::<diesel::sql_types::Integer>("1"));
        let update = $crate::db::KeepPrepared::keep_prepared(update);
        $crate::db::natively!($connection, |native| diesel::RunQueryDsl::load::<i32>(update, native))
            .map(|rows| rows.len())
    }};
}
pub(crate) use update;

/// The values that a query looks for, some of them several times, so that their number is a power of two: SQLite's texts for any
/// number of values are then few enough to be kept prepared.
pub fn padded<T: Copy>(values: &[T]) -> Vec<T> {
    let missing = values.len().next_power_of_two() - values.len();
    values.iter().copied().chain(values.last().copied().into_iter().cycle().take(missing)).collect()
}

/// A statement that is kept prepared under its text. See [`KeepPrepared`].
#[derive(Clone, Copy, Debug)]
pub struct KeptPrepared<Q>(Q);

/// For statements that diesel prepares anew each time, whatever they are: each `UPDATE`, and SQL that is written out.
///
/// Holds for what is loaded. What is executed diesel passes on by reference, and of a reference it doesn't ask whether it may
/// be kept: a statement that answers nothing is given a `RETURNING` and loaded.
pub trait KeepPrepared: QueryId + Sized {
    /// Keeps the statement prepared for as long as the connection lives. Its text must be one of a few.
    fn keep_prepared(self) -> KeptPrepared<Self> {
        KeptPrepared(self)
    }
}

impl<Q: QueryId> KeepPrepared for Q {}

impl<Q: QueryFragment<DB>, DB: Backend> QueryFragment<DB> for KeptPrepared<Q> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, DB>) -> QueryResult<()> {
        self.0.walk_ast(pass)
    }

    fn is_safe_to_cache_prepared(&self, _: &DB) -> QueryResult<bool> {
        Ok(true)
    }
}

/// Told from others by its text, as the values of an `UPDATE` may be of any type.
impl<Q> QueryId for KeptPrepared<Q> {
    type QueryId = ();

    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for KeptPrepared<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, C> RunQueryDsl<C> for KeptPrepared<Q> {}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use diesel::connection::{InstrumentationEvent, SimpleConnection};
    use diesel::prelude::*;

    use crate::db::{DbConnection, KeepPrepared, access_clock};

    /// How many statements are kept after something was done several times.
    fn kept_after(mut action: impl FnMut(&mut DbConnection)) -> usize {
        let mut connection = SqliteConnection::establish(":memory:").unwrap();
        let table =
            "CREATE TABLE access_clock (id INTEGER PRIMARY KEY, value BIGINT); INSERT INTO access_clock VALUES (1, 0)";
        connection.batch_execute(table).unwrap();
        let kept = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&kept);
        connection.set_instrumentation(move |event: InstrumentationEvent<'_>| {
            if matches!(event, InstrumentationEvent::CacheQuery { .. }) {
                counter.fetch_add(1, Ordering::Relaxed);
            }
        });
        let mut connection = DbConnection::Sqlite(connection);
        for _ in 0..3 {
            action(&mut connection);
        }
        kept.load(Ordering::Relaxed)
    }

    #[test]
    fn an_update_is_prepared_once_and_tells_how_many_rows_it_changed() {
        let mut seen = 0;
        let kept = kept_after(|connection| {
            let next = diesel::update(access_clock::table.filter(access_clock::value.eq(seen)));
            seen += 1;
            assert_eq!(update!(connection, next.set(access_clock::value.eq(seen))).unwrap(), 1);
            let none = diesel::update(access_clock::table.filter(access_clock::value.eq(-1)));
            assert_eq!(update!(connection, none.set(access_clock::value.eq(seen))).unwrap(), 0);
        });
        assert_eq!(kept, 1);
    }

    #[test]
    fn a_query_that_is_loaded_is_prepared_once() {
        let kept = kept_after(|connection| {
            let query = diesel::sql_query("SELECT value FROM access_clock").keep_prepared();
            let rows: Vec<Value> = natively!(connection, |native| query.load(native)).unwrap();
            assert_eq!(rows.first().map(|row| row.value), Some(0));
        });
        assert_eq!(kept, 1);
    }

    #[derive(QueryableByName)]
    struct Value {
        #[diesel(sql_type = diesel::sql_types::BigInt)]
        value: i64,
    }
}
