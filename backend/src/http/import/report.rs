//! What an import did, or would do.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;

use crate::problem::{FieldError, Problem};

/// Errors that are told: a file with more is the wrong file.
const ERRORS: usize = 1_000;

/// What is wrong with one line of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LineError {
    /// The line, from 1. In CSV that is the header.
    #[schema(examples(2))]
    pub line: u64,
    /// The field, or null where the whole line is wrong.
    #[schema(examples("email"))]
    pub field: Option<String>,
    /// A stable, machine-readable reason.
    #[schema(examples("invalid_email"))]
    pub code: Cow<'static, str>,
    /// The reason in a sentence.
    #[schema(examples("Enter an email address."))]
    pub message: Cow<'static, str>,
}

impl LineError {
    /// An error of a whole line.
    pub fn of_line(line: u64, code: &'static str, message: impl Into<Cow<'static, str>>) -> Self {
        Self { line, field: None, code: code.into(), message: message.into() }
    }

    /// An error of a field.
    pub fn of_field(line: u64, error: FieldError) -> Self {
        Self { line, field: Some(error.field), code: error.code, message: error.message }
    }
}

/// What an import did, or with `dry_run` would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportReport {
    /// The rows in the file.
    #[schema(examples(2))]
    pub rows: u64,
    /// How many of them were created, or could be.
    #[schema(examples(2))]
    pub created: u64,
    /// What is wrong, in the order of the file; the first thousand.
    pub errors: Vec<LineError>,
}

impl ImportReport {
    /// Notes what is wrong.
    pub fn note(&mut self, errors: impl IntoIterator<Item = LineError>) {
        for error in errors {
            match self.errors.len() {
                0..ERRORS => self.errors.push(error),
                ERRORS => {
                    let message = "More errors follow: mend these first.";
                    self.errors.push(LineError::of_line(error.line, "too_many_errors", message));
                }
                _ => {}
            }
        }
    }

    /// The refusal of the whole file.
    pub fn into_problem(self) -> Problem {
        match serde_json::to_value(&self.errors) {
            Ok(errors) => Problem::import_failed(errors),
            Err(error) => Problem::internal(error),
        }
    }
}
