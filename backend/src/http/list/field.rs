//! What a list says of one of its fields: its type, and where it is in SQL.

use std::borrow::Cow;

use super::filter::Operator;
use super::fold::fold_ascii;
use super::lookup::Index;
use super::terms::Terms;

/// The type of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text, compared by its bytes, or folded (see [`Field::folded`]).
    Text,
    /// A UUID, kept as its lower-case text.
    Uuid,
    /// True or false.
    Boolean,
    /// A whole number of 64 bits.
    Integer,
    /// Microseconds in the store, RFC 3339 on the wire.
    Timestamp,
}

impl Kind {
    /// What a caller may write, in words.
    pub(super) fn expects(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Uuid => "a UUID",
            Self::Boolean => "`true` or `false`",
            Self::Integer => "a whole number",
            Self::Timestamp => "a time as in RFC 3339 (`2024-11-24T05:24:15Z`)",
        }
    }

    fn sorts_null_as(self) -> &'static str {
        match self {
            Self::Text | Self::Uuid => "''",
            Self::Boolean => "FALSE",
            Self::Integer | Self::Timestamp => "0",
        }
    }
}

/// SQL that the code wrote, never a caller.
pub(super) type Sql = Cow<'static, str>;

#[derive(Clone, Debug)]
pub(super) struct Folding {
    pub(super) column: Sql,
    pub(super) fold: fn(&str) -> String,
    /// The folded column holds the empty text where the field itself is NULL.
    pub(super) empty_for_null: bool,
}

/// One field that a list can be filtered and sorted by.
#[derive(Clone, Debug)]
pub struct Field {
    pub(super) name: Cow<'static, str>,
    pub(super) kind: Kind,
    pub(super) column: Sql,
    pub(super) nullable: bool,
    pub(super) folding: Option<Folding>,
    pub(super) sort: Option<Sql>,
    /// The start of a subquery with the many values of one row, for a field that is a set.
    pub(super) members: Option<Sql>,
    /// Indexes that together hold every value.
    pub(super) indexes: Vec<Index>,
    /// Whether no two rows have the same value.
    pub(super) unique: bool,
    /// An index of the trigrams of a text that has this one's folded text somewhere in it.
    pub(super) parts: Option<Index>,
    /// What SQLite has in the place of [`Field::indexes`].
    pub(super) terms: Option<Terms>,
}

impl Field {
    /// A field that is never null; its column is assumed to have its name.
    pub fn new(name: impl Into<Cow<'static, str>>, kind: Kind) -> Self {
        let name = name.into();
        Self {
            column: name.clone(),
            name,
            kind,
            nullable: false,
            folding: None,
            sort: None,
            members: None,
            indexes: Vec::new(),
            unique: false,
            parts: None,
            terms: None,
        }
    }

    /// Text.
    pub fn text(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Text)
    }

    /// A UUID.
    pub fn uuid(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Uuid)
    }

    /// True or false.
    pub fn boolean(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Boolean)
    }

    /// A whole number.
    pub fn integer(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Integer)
    }

    /// A moment.
    pub fn timestamp(name: impl Into<Cow<'static, str>>) -> Self {
        Self::new(name, Kind::Timestamp)
    }

    /// A set of texts: `eq`, `in`, `contains` and the like ask whether one of them is so, and `ne`, `not_in` the opposite.
    ///
    /// `members` is a subquery up to and including a condition, `SELECT 1 FROM user_roles INNER JOIN ... WHERE
    /// user_roles.user_id = users.id`; conditions on [`Field::column`] are added to it with `AND`.
    pub fn many(name: impl Into<Cow<'static, str>>, members: impl Into<Cow<'static, str>>) -> Self {
        Self { members: Some(members.into()), ..Self::new(name, Kind::Text) }
    }

    /// The column, qualified with its table, where it has not the field's name.
    #[must_use]
    pub fn column(self, column: impl Into<Cow<'static, str>>) -> Self {
        Self { column: column.into(), ..self }
    }

    /// It may be null, which sorts as the empty text, zero or false: `COALESCE(column, '')`, which an index should hold.
    #[must_use]
    pub fn nullable(self) -> Self {
        Self { nullable: true, ..self }
    }

    /// Comparisons use this column, which holds the text through `fold`, and is null where the text is.
    ///
    /// Without it `contains` and its like ignore the case of ASCII letters only, and the others heed it.
    #[must_use]
    pub fn folded(self, column: impl Into<Cow<'static, str>>, fold: fn(&str) -> String) -> Self {
        Self { folding: Some(Folding { column: column.into(), fold, empty_for_null: false }), ..self }
    }

    /// As [`Field::folded`], with a column that is never null: it holds the empty text instead.
    #[must_use]
    pub fn folded_or_empty(self, column: impl Into<Cow<'static, str>>, fold: fn(&str) -> String) -> Self {
        Self { folding: Some(Folding { column: column.into(), fold, empty_for_null: true }), ..self }
    }

    /// What it sorts by, where that is another expression: it must never be null.
    #[must_use]
    pub fn sorted_as(self, expression: impl Into<Cow<'static, str>>) -> Self {
        Self { sort: Some(expression.into()), ..self }
    }

    /// An index finds the rows by this field: `keys` is a query of the list's key, named `key`, up to and including `WHERE`
    /// (or `AND`), and `column` what is compared there. Said several times, the indexes together hold every value. The index of
    /// a flag holds the rows where it is false.
    #[must_use]
    pub fn indexed(mut self, keys: impl Into<Cow<'static, str>>, column: impl Into<Cow<'static, str>>) -> Self {
        self.indexes.push(Index { keys: keys.into(), column: column.into() });
        self
    }

    /// As [`Field::indexed`], where no two rows have the same value.
    #[must_use]
    pub fn unique(self, keys: impl Into<Cow<'static, str>>, column: impl Into<Cow<'static, str>>) -> Self {
        Self { unique: true, ..self.indexed(keys, column) }
    }

    /// An index of trigrams finds the rows that may have a text in them: `keys` is a query of the list's key up to the place of
    /// the trigrams that are looked for. The index is made of `column`, or of a text that has the folded column in it.
    #[must_use]
    pub fn found_by_parts(self, keys: impl Into<Cow<'static, str>>, column: impl Into<Cow<'static, str>>) -> Self {
        Self { parts: Some(Index { keys: keys.into(), column: column.into() }), ..self }
    }

    /// On SQLite a full-text index finds the rows by whole values of this field, instead of other indexes.
    #[must_use]
    pub fn found_by_terms(self, terms: Terms) -> Self {
        Self { terms: Some(terms), ..self }
    }

    /// The column that values are compared with.
    pub(super) fn comparable(&self) -> &Sql {
        self.folding.as_ref().map_or(&self.column, |folding| &folding.column)
    }

    /// Whether a value in [`Field::comparable`] may stand for NULL.
    pub(super) fn needs_null_guard(&self) -> bool {
        self.nullable && self.folding.as_ref().is_some_and(|folding| folding.empty_for_null)
    }

    /// A caller's or a row's text, as comparisons for equality and order see it.
    pub(super) fn normalized(&self, text: &str) -> String {
        self.folding.as_ref().map_or_else(|| text.to_owned(), |folding| (folding.fold)(text))
    }

    /// A caller's or a row's text, as `contains` and its like see it.
    pub(super) fn without_case(&self, text: &str) -> String {
        self.folding.as_ref().map_or_else(|| fold_ascii(text), |folding| (folding.fold)(text))
    }

    /// What rows are sorted by; never null. A set has no order.
    pub(super) fn sort_expression(&self) -> Option<Sql> {
        if self.members.is_some() {
            return None;
        }
        if let Some(expression) = &self.sort {
            return Some(expression.clone());
        }
        let column = self.comparable();
        Some(if self.nullable && !self.needs_null_guard() {
            format!("COALESCE({column}, {})", self.kind.sorts_null_as()).into()
        } else {
            column.clone()
        })
    }

    /// Whether the operator makes sense for the field.
    pub(super) fn accepts(&self, operator: Operator) -> bool {
        match operator {
            Operator::Less | Operator::LessOrEqual | Operator::Greater | Operator::GreaterOrEqual => {
                self.kind != Kind::Boolean && self.members.is_none()
            }
            Operator::Contains | Operator::StartsWith | Operator::EndsWith => self.kind == Kind::Text,
            _ => true,
        }
    }
}
