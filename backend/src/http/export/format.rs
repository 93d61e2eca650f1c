//! The kinds of file.

use std::fmt;

use utoipa::{IntoParams, ToSchema};

use crate::problem::{Code, Problem};

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum Format {
    /// Comma-separated values (RFC 4180) in UTF-8 with a header. A text that a spreadsheet would take for a formula has an
    /// apostrophe in front; an import takes it off.
    Csv,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Ndjson,
    /// A workbook (Office Open XML).
    Xlsx,
}

impl Format {
    /// Every format there is.
    pub const ALL: &'static [Self] = &[Self::Csv, Self::Json, Self::Ndjson, Self::Xlsx];

    /// Reads the parameter `format`, one of `accepted`; left out, it is the first of them.
    ///
    /// # Errors
    /// 400 `invalid_parameter`.
    pub fn parse(text: Option<&str>, accepted: &[Self]) -> Result<Self, Problem> {
        let names = || accepted.iter().map(|format| format.as_str()).collect::<Vec<_>>().join(", ");
        let found = match text {
            None => accepted.first(),
            Some(text) => accepted.iter().find(|format| format.as_str() == text),
        };
        found
            .copied()
            .ok_or_else(|| Problem::with_detail(Code::InvalidParameter, format!("`format` is one of {}", names())))
    }

    /// The format as a parameter and as the extension of a file's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "json",
            Self::Ndjson => "ndjson",
            Self::Xlsx => "xlsx",
        }
    }

    /// The media type.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The parameters of an export as the OpenAPI document describes them: those of the list, without its pages.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // Documentation alone, as for the list.
pub struct ExportParameters {
    /// How the file is written.
    #[param(inline, nullable = false)]
    format: Option<Format>,
    /// As for the list.
    #[param(nullable = false)]
    sort: Option<String>,
    /// As for the list.
    #[param(nullable = false)]
    q: Option<String>,
    /// As for the list.
    #[param(nullable = false)]
    filter: Option<Vec<String>>,
}
