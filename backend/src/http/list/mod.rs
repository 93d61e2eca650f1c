//! Lists: the parameters, the filter language and the paging that every list of the API has.
//!
//! A feature describes its list once, with a [`ListSpec`]; a [`ListRequest`] is what a caller asks of it, checked. Its
//! [`ListRequest::load`] puts the request into a query over a table, and [`in_memory`] answers it from values at hand.

mod access_path;
mod condition;
mod cursor;
mod extract;
mod field;
mod filter;
mod filter_parser;
mod fold;
mod load;
mod lookup;
mod memory;
mod ordering;
mod page;
mod parameters;
mod pattern;
mod predicate;
mod query_string;
mod request;
mod sample;
mod sort;
mod spec;
mod terms;
mod total;
mod trigrams;

#[cfg(test)]
mod tests;

pub use access_path::AccessPath;
pub use extract::{List, Listed};
pub use field::{Field, Kind};
pub use filter::{Filter, Operator};
pub use filter_parser::parse_filter;
pub use fold::fold;
pub use memory::in_memory;
pub use ordering::{Ordering, Position};
pub use page::Page;
pub use parameters::ListParameters;
pub use predicate::Predicate;
pub use query_string::{Parameters, QueryString};
pub use request::ListRequest;
pub use spec::ListSpec;
pub use terms::Terms;
pub use total::{KnownTotal, One, Total};
