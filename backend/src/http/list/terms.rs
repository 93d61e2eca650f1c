//! Whole values as what a full-text index is asked: each a term of its own, written so that it is one word to any tokenizer.

use std::fmt::Write as _;

use super::condition::{Comparison, Value};
use super::field::Sql;
use super::lookup::Index;

/// A full-text index of SQLite's that finds rows by the values of a field. It may lag behind the rows.
#[derive(Clone, Debug)]
pub struct Terms {
    /// What the terms of this field begin with, to be told from those of others.
    pub(super) prefix: &'static str,
    /// The rows' keys, called `key`, up to the place of the terms that are looked for.
    pub(super) keys: Sql,
    /// Those of the rows that the index doesn't know yet.
    pub(super) unindexed: Index,
}

impl Terms {
    /// An index whose terms for the field begin with `prefix`. `keys` is a query of the list's key, named `key`, up to the place of
    /// the terms; `unindexed` is one of the rows that it doesn't know yet, up to and including `WHERE` or `AND`, and `column` what is
    /// compared there.
    pub fn new(prefix: &'static str, keys: &'static str, unindexed: &'static str, column: &'static str) -> Self {
        Self { prefix, keys: keys.into(), unindexed: Index { keys: unindexed.into(), column: column.into() } }
    }

    /// The term of a value: the prefix, and the value in hexadecimal digits.
    pub fn of(&self, value: &str) -> String {
        value.bytes().fold(self.prefix.to_owned(), |mut term, byte| {
            let _ = write!(term, "{byte:02x}");
            term
        })
    }

    /// In the query language of the index: the rows that compare so, and no others; none if it can't be asked that.
    pub(super) fn wanted(&self, comparison: &Comparison, folds: bool) -> Option<String> {
        match comparison {
            Comparison::Equal(Value::Text(value)) => Some(self.of(value)),
            Comparison::In(values) => {
                let term = |value: &Value| if let Value::Text(value) = value { Some(self.of(value)) } else { None };
                let terms: Option<Vec<String>> = values.iter().map(term).collect();
                terms.map(|terms| terms.join(" OR "))
            }
            // Of other texts the case of ASCII letters is ignored.
            Comparison::StartsWith(pattern) if folds => Some(format!("{}*", self.of(&pattern.text))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_word_whatever_is_in_it() {
        let terms = Terms::new("t", "", "", "");
        assert_eq!(terms.of("a \"OR\" ä*"), "t6120224f522220c3a42a");
        let values = vec![Value::Text("a".to_owned()), Value::Text(String::new())];
        assert_eq!(terms.wanted(&Comparison::In(values), false).as_deref(), Some("t61 OR t"));
    }
}
