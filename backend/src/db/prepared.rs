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
