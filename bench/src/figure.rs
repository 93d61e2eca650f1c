//! One figure of the bench, and the bound that it is held to.

use serde::{Deserialize, Serialize};

/// What a figure has to be.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

impl Bound {
    fn holds(self, value: f64) -> bool {
        match self {
            Self::AtLeast(least) => value >= least,
            Self::AtMost(most) => value <= most,
        }
    }
}

/// What was measured, and what it was measured against.
#[derive(Serialize, Deserialize)]
pub(crate) struct Figure {
    pub(crate) database: String,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) value: f64,
    /// The same unit, for what it is compared with in the same run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) against: Option<f64>,
    /// `value` through `against`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ratio: Option<f64>,
    /// Holds for the ratio where there is one, else for the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) bound: Option<Bound>,
}

impl Figure {
    pub(crate) fn new(database: &str, name: impl Into<String>, unit: &str, value: f64) -> Self {
        let (database, unit) = (database.to_owned(), unit.to_owned());
        Self { database, name: name.into(), unit, value, against: None, ratio: None, bound: None }
    }

    /// Whether both measure the same.
    pub(crate) fn is_of(&self, other: &Self) -> bool {
        self.database == other.database && self.name == other.name
    }

    /// Compares it. The ratio is given, for it may be a median of ratios rather than a ratio of medians.
    pub(crate) fn against(self, against: f64, ratio: f64) -> Self {
        Self { against: Some(against), ratio: Some(ratio), ..self }
    }

    pub(crate) fn bound(self, bound: Bound) -> Self {
        Self { bound: Some(bound), ..self }
    }

    /// Whether its bound was kept, if it has one.
    pub(crate) fn is_kept(&self) -> Option<bool> {
        self.bound.map(|bound| bound.holds(self.ratio.unwrap_or(self.value)))
    }
}
