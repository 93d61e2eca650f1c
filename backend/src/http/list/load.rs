//! A request put into a query.

use diesel::QueryResult;
use diesel::dsl::{Filter, Limit, Offset, Order, Select};
use diesel::prelude::*;
use diesel::query_builder::{QueryFragment, QueryId};
use diesel::query_dsl::LoadQuery;
use diesel::query_dsl::methods::{FilterDsl, LimitDsl, OffsetDsl, OrderDsl, SelectDsl};

use super::access_path::{AccessPath, Start};
use super::ordering::{Ordering, Position};
use super::page::Page;
use super::predicate::Predicate;
use super::request::ListRequest;
use super::sample::RARE;
use super::total::{KnownTotal, One, Total, count};
use crate::db::{DbBackend, DbConnection};

type Selection<'a, S> = (S, Position<'a>, KnownTotal);
type Counted<'a, Q> = Limit<Select<Filter<Q, Predicate<'a>>, One>>;
type Selected<'a, Q, S> = Select<Filter<Q, Predicate<'a>>, Selection<'a, S>>;
type Ordered<'a, Q, S> = Order<Selected<'a, Q, S>, Ordering<'a>>;
type Sliced<'a, Q, S> = Offset<Limit<Ordered<'a, Q, S>>>;

impl ListRequest {
    /// Reads one page of `source`, a table or a query over one, with its total.
    pub fn load<'a, Q, S, R>(&'a self, connection: &mut DbConnection, source: Q, selection: S) -> QueryResult<Page<R>>
    where
        Q: Clone + FilterDsl<Predicate<'a>>,
        Selection<'a, S>: Expression,
        Filter<Q, Predicate<'a>>: SelectDsl<Selection<'a, S>> + SelectDsl<One>,
        Selected<'a, Q, S>: OrderDsl<Ordering<'a>>,
        Ordered<'a, Q, S>: LimitDsl,
        Limit<Ordered<'a, Q, S>>: OffsetDsl,
        Sliced<'a, Q, S>: LoadQuery<'a, DbConnection, (R, String, Option<i64>)>,
        Select<Filter<Q, Predicate<'a>>, One>: LimitDsl,
        Counted<'a, Q>: QueryFragment<DbBackend> + QueryId,
    {
        let path = self.access_path(connection)?;
        let rows = self.load_rows(connection, path, source.clone(), selection)?;
        let total = match self.total_from(&rows) {
            Some(total) => total,
            None => self.not_below(&rows, self.count_by(connection, path, source)?),
        };
        Ok(self.page(rows.into_iter().map(|(row, position, _)| (row, position)).collect(), total))
    }

    /// Reads the rows of one chunk of a walk, [`ListRequest::fetch`] of them unless the list ends, each with where it stands.
    pub fn load_chunk<'a, Q, S, R>(
        &'a self,
        connection: &mut DbConnection,
        source: Q,
        selection: S,
    ) -> QueryResult<Vec<(R, String)>>
    where
        Q: FilterDsl<Predicate<'a>>,
        Selection<'a, S>: Expression,
        Filter<Q, Predicate<'a>>: SelectDsl<Selection<'a, S>>,
        Selected<'a, Q, S>: OrderDsl<Ordering<'a>>,
        Ordered<'a, Q, S>: LimitDsl,
        Limit<Ordered<'a, Q, S>>: OffsetDsl,
        Sliced<'a, Q, S>: LoadQuery<'a, DbConnection, (R, String, Option<i64>)>,
    {
        let path = self.access_path(connection)?;
        let rows = self.load_rows(connection, path, source, selection)?;
        Ok(rows.into_iter().map(|(row, position, _)| (row, position)).collect())
    }

    /// Reads the rows of one page and one more, each with where it stands, and the kept count if there is one.
    fn load_rows<'a, Q, S, R>(
        &'a self,
        connection: &mut DbConnection,
        path: AccessPath<'a>,
        source: Q,
        selection: S,
    ) -> QueryResult<Vec<(R, String, Option<i64>)>>
    where
        Q: FilterDsl<Predicate<'a>>,
        Selection<'a, S>: Expression,
        Filter<Q, Predicate<'a>>: SelectDsl<Selection<'a, S>>,
        Selected<'a, Q, S>: OrderDsl<Ordering<'a>>,
        Ordered<'a, Q, S>: LimitDsl,
        Limit<Ordered<'a, Q, S>>: OffsetDsl,
        Sliced<'a, Q, S>: LoadQuery<'a, DbConnection, (R, String, Option<i64>)>,
    {
        let selection = (selection, self.position(), self.known_total(path));
        let rows = FilterDsl::filter(source, self.predicate(path));
        let rows = OrderDsl::order(SelectDsl::select(rows, selection), self.ordering());
        OffsetDsl::offset(LimitDsl::limit(rows, self.fetch()), self.offset()).load(connection)
    }

    /// Counts the rows of the whole list, as far as its description says.
    pub fn count<'a, Q>(&'a self, connection: &mut DbConnection, source: Q) -> QueryResult<Total>
    where
        Q: FilterDsl<Predicate<'a>>,
        Filter<Q, Predicate<'a>>: SelectDsl<One>,
        Select<Filter<Q, Predicate<'a>>, One>: LimitDsl,
        Counted<'a, Q>: QueryFragment<DbBackend> + QueryId,
    {
        let path = self.access_path(connection)?;
        self.count_by(connection, path, source)
    }

    fn count_by<'a, Q>(&'a self, connection: &mut DbConnection, path: AccessPath<'a>, source: Q) -> QueryResult<Total>
    where
        Q: FilterDsl<Predicate<'a>>,
        Filter<Q, Predicate<'a>>: SelectDsl<One>,
        Select<Filter<Q, Predicate<'a>>, One>: LimitDsl,
        Counted<'a, Q>: QueryFragment<DbBackend> + QueryId,
    {
        if self.conditions.is_empty()
            && let Some(rows) = self.table_size(connection)?
        {
            return Ok(Total { rows, is_estimate: false });
        }
        let bound = match path.start {
            Start::Few(_, most) => self.spec.counted_up_to.max(most),
            _ => self.spec.counted_up_to,
        };
        let up_to = |connection: &mut DbConnection, path| {
            let rows = SelectDsl::select(FilterDsl::filter(source, self.conditions(path)), One);
            count(connection, LimitDsl::limit(rows, bound + 1), bound)
        };
        if path.has_told(bound) {
            return Ok(Total { rows: bound, is_estimate: true });
        }
        match (path.sampled, path.plenty) {
            (Some(rows), _) if rows >= RARE => return Ok(Total { rows, is_estimate: true }),
            (Some(_), Some(lookup)) => {
                return Ok(Total { is_estimate: true, ..up_to(connection, path.among(lookup))? });
            }
            _ => {}
        }
        up_to(connection, path)
    }

    /// How many rows the table has in which the list is, if that is kept.
    pub(super) fn table_size(&self, connection: &mut DbConnection) -> QueryResult<Option<i64>> {
        match self.spec.row_count {
            Some(table) => diesel::select(KnownTotal::Kept(table)).get_result(connection),
            None => Ok(None),
        }
    }

    fn known_total(&self, path: AccessPath<'_>) -> KnownTotal {
        match (self.spec.row_count, path.start) {
            (_, Start::Few(..)) if self.after.is_none() => KnownTotal::Gathered,
            (Some(table), _) if self.conditions.is_empty() => KnownTotal::Kept(table),
            _ => KnownTotal::Unknown,
        }
    }

    /// The total, where the rows of the page tell it.
    fn total_from<R>(&self, rows: &[(R, String, Option<i64>)]) -> Option<Total> {
        if let Some((_, _, Some(rows))) = rows.first() {
            return Some(Total { rows: *rows, is_estimate: false });
        }
        // A last page that begins at a known place ends the list.
        let fetched = i64::try_from(rows.len()).ok()?;
        let is_last = fetched <= self.limit() && (fetched > 0 || self.offset() == 0);
        (self.after.is_none() && is_last).then(|| Total { rows: self.offset() + fetched, is_estimate: false })
    }

    /// A total that is no less than what the page shows.
    fn not_below<R>(&self, rows: &[R], total: Total) -> Total {
        let shown = self.offset() + i64::try_from(rows.len()).unwrap_or(0);
        if total.is_estimate { Total { rows: total.rows.max(shown), ..total } } else { total }
    }
}
