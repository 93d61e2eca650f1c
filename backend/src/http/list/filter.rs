//! The filter language: `FIELD:OP:VALUE`, `or(F,F)`, `and(F,F)`, `not(F)`.

use std::fmt;

macro_rules! operators {
    ($($variant:ident = $name:literal),* $(,)?) => {
        /// What a field is compared by.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum Operator { $($variant),* }

        impl Operator {
            /// Every operator there is.
            pub const ALL: &'static [Operator] = &[$(Operator::$variant),*];

            /// The operator on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Operator::$variant => $name),* }
            }
        }
    };
}

operators! {
    Equal = "eq",
    NotEqual = "ne",
    Less = "lt",
    LessOrEqual = "le",
    Greater = "gt",
    GreaterOrEqual = "ge",
    In = "in",
    NotIn = "not_in",
    Contains = "contains",
    StartsWith = "starts_with",
    EndsWith = "ends_with",
    IsNull = "is_null",
    NotNull = "not_null",
}

impl Operator {
    /// The operator of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|operator| operator.as_str() == name)
    }

    /// Whether it takes a list of values.
    pub fn takes_list(self) -> bool {
        matches!(self, Self::In | Self::NotIn)
    }

    /// Whether it takes no value at all.
    pub fn takes_nothing(self) -> bool {
        matches!(self, Self::IsNull | Self::NotNull)
    }
}

/// A filter as it was written; whether its fields exist is not known yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// `FIELD:OP:VALUE`
    Test {
        /// The field's name, decoded.
        field: String,
        /// The comparison.
        operator: Operator,
        /// One value, none for `is_null` and `not_null`, one or more for `in` and `not_in`.
        values: Vec<String>,
    },
    /// `and(F,F)`
    All(Vec<Filter>),
    /// `or(F,F)`
    Any(Vec<Filter>),
    /// `not(F)`
    Not(Box<Filter>),
}

/// Writes the filter so that it reads back as the same.
impl fmt::Display for Filter {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Test { field, operator, values } => {
                write_name(formatter, field)?;
                write!(formatter, ":{}", operator.as_str())?;
                match values.as_slice() {
                    _ if operator.takes_nothing() => Ok(()),
                    [value] if !operator.takes_list() => {
                        formatter.write_str(":")?;
                        write_value(formatter, value)
                    }
                    values => {
                        write_separated(formatter, ":(", values, |formatter, value| write_value(formatter, value))
                    }
                }
            }
            Self::All(filters) => {
                write_separated(formatter, "and(", filters, |formatter, filter| filter.fmt(formatter))
            }
            Self::Any(filters) => write_separated(formatter, "or(", filters, |formatter, filter| filter.fmt(formatter)),
            Self::Not(filter) => write!(formatter, "not({filter})"),
        }
    }
}

fn write_separated<T>(
    formatter: &mut fmt::Formatter<'_>,
    start: &str,
    items: &[T],
    write: impl Fn(&mut fmt::Formatter<'_>, &T) -> fmt::Result,
) -> fmt::Result {
    formatter.write_str(start)?;
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            formatter.write_str(",")?;
        }
        write(formatter, item)?;
    }
    formatter.write_str(")")
}

/// The characters that mean something in the language, and so are percent-encoded in a name.
pub(super) const RESERVED_IN_NAMES: [char; 6] = [':', ',', '(', ')', '"', '%'];

fn write_name(formatter: &mut fmt::Formatter<'_>, name: &str) -> fmt::Result {
    for character in name.chars() {
        if RESERVED_IN_NAMES.contains(&character) {
            write!(formatter, "%{:02X}", u32::from(character))?;
        } else {
            write!(formatter, "{character}")?;
        }
    }
    Ok(())
}

fn write_value(formatter: &mut fmt::Formatter<'_>, value: &str) -> fmt::Result {
    if value.contains([',', '(', ')', '"']) {
        write!(formatter, "\"{}\"", value.replace('"', "\"\""))
    } else {
        formatter.write_str(value)
    }
}
