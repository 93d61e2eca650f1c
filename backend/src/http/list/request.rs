//! What a caller asks of a list, checked against its description.

use super::access_path::AccessPath;
use super::condition::{Comparison, Condition, Value};
use super::cursor;
use super::filter_parser::parse_filter;
use super::lookup::Lookup;
use super::ordering::{Ordering, Position};
use super::page::Page;
use super::predicate::Predicate;
use super::query_string::{Parameters, QueryString};
use super::sort::{SortKey, default_sort, parse_sort};
use super::spec::ListSpec;
use super::total::Total;
use crate::problem::{Code, Problem};

const DEFAULT_LIMIT: i64 = 25;
const LARGEST_LIMIT: i64 = 200;
/// Filters that may be given at once; each has a bound of its own.
const FILTERS: usize = 32;

/// Which part of a list is wanted, in which order.
#[derive(Clone, Debug)]
pub struct ListRequest {
    pub(super) spec: &'static ListSpec,
    pub(super) conditions: Vec<Condition>,
    pub(super) lookups: Vec<Lookup>,
    pub(super) sort: Vec<SortKey>,
    pub(super) limit: i64,
    pub(super) offset: i64,
    pub(super) after: Option<Vec<Value>>,
    common: bool,
}

impl ListRequest {
    /// Reads the parameters of a list, and hands out those of `others` that were given.
    ///
    /// # Errors
    /// 400 for a value that is wrong, and for a parameter that the list doesn't have.
    pub fn parse(spec: &'static ListSpec, query: &str, others: &[&str]) -> Result<(Self, Parameters), Problem> {
        let mut query = QueryString::parse(query)?;
        let mut request = Self::parse_selection(spec, &mut query)?;
        request.limit = limit(query.take("limit", Code::InvalidLimit)?)?;
        let cursor = query.take("cursor", Code::InvalidCursor)?;
        let page = query.take("page", Code::InvalidPage)?;
        if cursor.is_some() && page.is_some() {
            return Err(Problem::with_detail(Code::InvalidPage, "`page` and `cursor` exclude each other"));
        }
        request.after = cursor.map(|cursor| cursor::read(spec.name, &request.sort, &cursor)).transpose()?;
        request.offset = offset(page, request.limit)?;
        Ok((request, finish(query, others)?))
    }

    /// Reads the parameters of an export, which has the list's rows and order, but no pages.
    ///
    /// # Errors
    /// As [`ListRequest::parse`].
    pub fn parse_whole(spec: &'static ListSpec, query: &str, others: &[&str]) -> Result<(Self, Parameters), Problem> {
        let mut query = QueryString::parse(query)?;
        let request = Self::parse_selection(spec, &mut query)?;
        Ok((request, finish(query, others)?))
    }

    /// The whole list in its usual order, as if no parameter was given.
    ///
    /// # Errors
    /// None, if the description's own order can be read.
    pub fn whole(spec: &'static ListSpec) -> Result<Self, Problem> {
        Self::parse(spec, "", &[]).map(|(request, _)| request)
    }

    fn parse_selection(spec: &'static ListSpec, query: &mut QueryString) -> Result<Self, Problem> {
        let filters = query.take_all("filter");
        if filters.len() > FILTERS {
            return Err(Problem::with_detail(Code::InvalidFilter, format!("At most {FILTERS} filters are taken")));
        }
        let mut conditions = filters
            .iter()
            .map(|filter| Condition::of_filter(parse_filter(filter)?, spec))
            .collect::<Result<Vec<_>, _>>()?;
        if let Some(text) = query.take("q", Code::InvalidParameter)? {
            conditions.extend(Condition::of_search(&text, spec)?);
        }
        let sort = query.take("sort", Code::InvalidSort)?;
        let common = match (conditions.len(), &sort) {
            (0, Some(sort)) => !sort.contains(','),
            (0 | 1, None) => are_common(&conditions),
            _ => false,
        };
        let sort = sort.map_or_else(|| default_sort(spec), |sort| parse_sort(&sort, spec))?;
        let lookups = Lookup::of(&conditions);
        Ok(Self { spec, conditions, lookups, sort, limit: DEFAULT_LIMIT, offset: 0, after: None, common })
    }

    /// The rows of the whole list.
    pub fn conditions<'a>(&'a self, path: AccessPath<'a>) -> Predicate<'a> {
        Predicate {
            key: self.spec.key.comparable(),
            conditions: &self.conditions,
            sort: &self.sort,
            after: None,
            path,
            common: self.common,
        }
    }

    /// Whether anything is left out of the whole list.
    pub fn is_filtered(&self) -> bool {
        !self.conditions.is_empty()
    }

    /// The rows of the list from where this request begins.
    pub fn predicate<'a>(&'a self, path: AccessPath<'a>) -> Predicate<'a> {
        Predicate { after: self.after.as_deref(), ..self.conditions(path) }
    }

    /// The order.
    pub fn ordering(&self) -> Ordering<'_> {
        Ordering { sort: &self.sort }
    }

    /// Where each row stands, to be selected beside it.
    pub fn position(&self) -> Position<'_> {
        Position { sort: &self.sort }
    }

    /// How many rows to fetch: one more than the page has, which tells whether there is another page.
    pub fn fetch(&self) -> i64 {
        self.limit + 1
    }

    /// How many rows to pass over.
    pub fn offset(&self) -> i64 {
        self.offset
    }

    /// How many rows a page has.
    pub fn limit(&self) -> i64 {
        self.limit
    }

    /// Asks for chunks of `limit` rows, whatever a page may have.
    #[must_use]
    pub fn in_chunks_of(self, limit: i64) -> Self {
        Self { limit, ..self }
    }

    /// Asks for what comes after a row, whose [`Position`] this is.
    ///
    /// # Errors
    /// A fault of ours if it is no position in this order.
    pub fn go_on_after(&mut self, position: &str) -> Result<(), Problem> {
        let values =
            cursor::values(&self.sort, position).ok_or_else(|| Problem::internal("a row without a position"))?;
        self.after = Some(values);
        self.offset = 0;
        Ok(())
    }

    /// Makes the page of rows that were fetched, each with its [`Position`].
    pub fn page<T>(&self, mut rows: Vec<(T, String)>, total: Total) -> Page<T> {
        let limit = usize::try_from(self.limit).unwrap_or(usize::MAX);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| more);
        let next_cursor = last.map(|(_, position)| cursor::write(self.spec.name, &self.sort, position));
        let items = rows.into_iter().map(|(row, _)| row).collect();
        Page { items, total: total.rows, total_is_estimate: total.is_estimate, next_cursor }
    }
}

fn limit(text: Option<String>) -> Result<i64, Problem> {
    let Some(text) = text else { return Ok(DEFAULT_LIMIT) };
    number(&text).filter(|limit| (1..=LARGEST_LIMIT).contains(limit)).ok_or_else(|| {
        Problem::with_detail(Code::InvalidLimit, format!("`limit` is a whole number from 1 to {LARGEST_LIMIT}"))
    })
}

fn offset(page: Option<String>, limit: i64) -> Result<i64, Problem> {
    let Some(text) = page else { return Ok(0) };
    let page = number(&text).filter(|page| *page >= 1);
    page.and_then(|page| (page - 1).checked_mul(limit))
        .ok_or_else(|| Problem::with_detail(Code::InvalidPage, "`page` is a whole number from 1"))
}

/// Digits alone: `str::parse` would also take a sign.
fn number(text: &str) -> Option<i64> {
    text.parse().ok().filter(|_| text.bytes().all(|byte| byte.is_ascii_digit()))
}

fn finish(mut query: QueryString, others: &[&str]) -> Result<Parameters, Problem> {
    let mut found = Vec::new();
    for name in others {
        if let Some(value) = query.take(name, Code::InvalidParameter)? {
            found.push(((*name).to_owned(), value));
        }
    }
    query.finish()?;
    Ok(found)
}

/// Whether there are so few texts like this one that they may all stay prepared: together with "one field to sort by, and
/// no filter" these are a few hundred. Patterns and ranges are planned anew for each value: how many rows they find decides.
fn are_common(conditions: &[Condition]) -> bool {
    match conditions {
        [] => true,
        [Condition::Test(test)] => matches!(test.comparison, Comparison::Equal(_) | Comparison::IsNull),
        [Condition::Not(inner)] => matches!(&**inner, Condition::Test(_)) && are_common(std::slice::from_ref(inner)),
        _ => false,
    }
}
