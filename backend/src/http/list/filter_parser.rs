//! Reads the filter language. Hostile input costs no more than its length: depth and size are bounded before anything recurses.

use super::filter::{Filter, Operator, RESERVED_IN_NAMES};
use super::query_string::{shortened, unescape};
use crate::problem::{Code, Problem};

/// Groups inside groups.
const DEPTH: usize = 16;
/// Tests and groups in one filter: SQLite refuses expressions that are deeper than 1,000, and counts a row of ANDs as depth.
const PARTS: usize = 100;
/// Values in the lists of one filter.
const VALUES: usize = 500;

/// Reads one filter.
///
/// # Errors
/// 400 `invalid_filter`, with what was expected and where.
pub fn parse_filter(text: &str) -> Result<Filter, Problem> {
    let mut parser = Parser { text, rest: text, parts: 0, values: 0 };
    let filter = parser.filter(0)?;
    if parser.rest.is_empty() {
        Ok(filter)
    } else {
        Err(parser.expected("the end; a value with `,`, `(` or `)` stands in double quotes"))
    }
}

/// A field's name as it is written in filters and sort orders.
pub(super) fn decode_name(name: &str) -> Option<String> {
    String::from_utf8(unescape(name, false)?).ok().filter(|name| !name.contains('\0'))
}

struct Parser<'a> {
    text: &'a str,
    rest: &'a str,
    parts: usize,
    values: usize,
}

impl<'a> Parser<'a> {
    fn filter(&mut self, depth: usize) -> Result<Filter, Problem> {
        if depth > DEPTH {
            return Err(refuse(format!("A filter nests at most {DEPTH} groups")));
        }
        self.parts += 1;
        if self.parts > PARTS {
            return Err(refuse(format!("A filter has at most {PARTS} parts")));
        }
        if self.take("or(") {
            self.filters(depth).map(Filter::Any)
        } else if self.take("and(") {
            self.filters(depth).map(Filter::All)
        } else if self.take("not(") {
            let filter = self.filter(depth + 1)?;
            self.close("`)`: `not` takes one filter")?;
            Ok(Filter::Not(Box::new(filter)))
        } else {
            self.test(depth > 0)
        }
    }

    fn filters(&mut self, depth: usize) -> Result<Vec<Filter>, Problem> {
        let mut filters = vec![self.filter(depth + 1)?];
        while self.take(",") {
            filters.push(self.filter(depth + 1)?);
        }
        self.close("`,` or `)`")?;
        Ok(filters)
    }

    fn test(&mut self, in_group: bool) -> Result<Filter, Problem> {
        let name = self.until(&RESERVED_IN_NAMES[..5]);
        if name.is_empty() || !self.take(":") {
            return Err(self.expected("FIELD:OP:VALUE, or(F,F), and(F,F) or not(F)"));
        }
        let field =
            decode_name(name).ok_or_else(|| refuse("A `%` in a field's name is not followed by two hex digits"))?;
        let name = self.until(&RESERVED_IN_NAMES);
        let Some(operator) = Operator::parse(name) else {
            let known: Vec<_> = Operator::ALL.iter().map(|operator| operator.as_str()).collect();
            return Err(refuse(format!("There is no operator `{}`; there are {}", shortened(name), known.join(", "))));
        };
        let values = if operator.takes_nothing() {
            self.nothing(operator)?
        } else if !self.take(":") {
            return Err(self.expected("`:` and a value"));
        } else if operator.takes_list() {
            self.list(in_group)?
        } else {
            vec![self.value()?]
        };
        Ok(Filter::Test { field, operator, values })
    }

    /// `is_null`, `is_null:` and `is_null:true` all say the same; anything else would be read by nobody.
    fn nothing(&mut self, operator: Operator) -> Result<Vec<String>, Problem> {
        if self.take(":") && !matches!(self.value()?.as_str(), "" | "true") {
            return Err(refuse(format!("`{}` takes no value", operator.as_str())));
        }
        Ok(Vec::new())
    }

    fn list(&mut self, in_group: bool) -> Result<Vec<String>, Problem> {
        let parenthesized = self.take("(");
        if in_group && !parenthesized {
            return Err(self.expected("`(`: inside a group a list stands in parentheses"));
        }
        let mut values = vec![self.value()?];
        while self.take(",") {
            self.values += 1;
            if self.values >= VALUES {
                return Err(refuse(format!("A filter lists at most {VALUES} values")));
            }
            values.push(self.value()?);
        }
        if parenthesized {
            self.close("`,` or `)`")?;
        }
        Ok(values)
    }

    fn value(&mut self) -> Result<String, Problem> {
        if !self.take("\"") {
            return Ok(self.until(&[',', '(', ')']).to_owned());
        }
        let mut value = String::new();
        loop {
            let Some((part, rest)) = self.rest.split_once('"') else {
                return Err(self.expected("a closing double quote"));
            };
            value.push_str(part);
            self.rest = rest;
            if !self.take("\"") {
                return Ok(value);
            }
            value.push('"');
        }
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn until(&mut self, stops: &[char]) -> &'a str {
        let (part, rest) = self.rest.split_at(self.rest.find(stops).unwrap_or(self.rest.len()));
        self.rest = rest;
        part
    }

    fn close(&mut self, expected: &str) -> Result<(), Problem> {
        if self.take(")") { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn expected(&self, what: &str) -> Problem {
        let position = self.text.chars().count() - self.rest.chars().count() + 1;
        refuse(format!("At character {position} of the filter: expected {what}"))
    }
}

fn refuse(detail: impl Into<std::borrow::Cow<'static, str>>) -> Problem {
    Problem::with_detail(Code::InvalidFilter, detail)
}
