//! The rows of a file, in one form whatever the format.

use serde_json::{Map, Value};

use super::report::LineError;
use super::table;
use super::upload::ImportFormat;
use crate::problem::{Code, FieldError, Problem};

/// What a cell of a table holds; JSON tells its types itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CellKind {
    /// Text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// Texts with `;` between them.
    List,
}

/// A column that a file may have.
#[derive(Clone, Copy, Debug)]
pub struct ImportColumn {
    /// Its name in the header.
    pub name: &'static str,
    /// What its cells hold.
    pub kind: CellKind,
    /// Whether a table without it can't be read.
    pub required: bool,
}

/// One row: its fields as JSON. A field that is left out, empty or null is not among them.
#[derive(Clone, Debug, PartialEq)]
pub struct ImportRow {
    /// The line where it begins, from 1.
    pub line: u64,
    /// Its fields.
    pub fields: Map<String, Value>,
}

impl ImportRow {
    /// The row's share of a problem that making something of its fields met.
    pub fn errors_of(line: u64, problem: &Problem) -> Vec<LineError> {
        if problem.errors().is_empty() {
            let message = problem.detail().to_owned();
            return vec![LineError {
                line,
                field: None,
                code: problem.code().as_str().into(),
                message: message.into(),
            }];
        }
        problem.errors().iter().map(|error| LineError::of_field(line, error.clone())).collect()
    }
}

type Row = Result<ImportRow, Vec<LineError>>;

/// Reads the rows of a file, in its order.
pub(super) fn rows<'a>(
    format: ImportFormat,
    bytes: &'a [u8],
    columns: &'a [ImportColumn],
) -> Box<dyn Iterator<Item = Row> + 'a> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match format {
        ImportFormat::Csv => table::rows(bytes, columns),
        ImportFormat::Ndjson => {
            let lines = (1..).zip(bytes.split(|byte| *byte == b'\n'));
            let lines = lines.filter(|(_, text)| !text.trim_ascii().is_empty());
            Box::new(lines.map(|(line, text)| object(line, text, columns)))
        }
    }
}

fn object(line: u64, text: &[u8], columns: &[ImportColumn]) -> Row {
    let text = std::str::from_utf8(text).map_err(|_| vec![not_utf8(line)])?;
    let value: Value = serde_json::from_str(text).map_err(|error| {
        // The line that serde counts is within this one.
        let message = format!("This line is not JSON (at character {}).", error.column());
        vec![LineError::of_line(line, Code::InvalidJson.as_str(), message)]
    })?;
    let Value::Object(mut fields) = value else {
        return Err(vec![LineError::of_line(line, "wrong_type", "A line holds one JSON object.")]);
    };
    fields.retain(|_, value| !value.is_null());
    let mut errors = Vec::new();
    for (name, value) in &mut fields {
        match columns.iter().find(|column| column.name == name) {
            None => errors.push(unknown(line, name)),
            Some(ImportColumn { kind: CellKind::List, .. }) => {
                if let Value::String(text) = value {
                    *value = list(text);
                }
            }
            Some(_) => {}
        }
    }
    if errors.is_empty() { Ok(ImportRow { line, fields }) } else { Err(errors) }
}

/// The texts of a list in one cell.
pub(super) fn list(text: &str) -> Value {
    text.split(';').map(str::trim).filter(|text| !text.is_empty()).map(Value::from).collect()
}

pub(super) fn not_utf8(line: u64) -> LineError {
    LineError::of_line(line, "invalid_utf8", "This line is not text in UTF-8.")
}

pub(super) fn unknown(line: u64, name: &str) -> LineError {
    let name: String = name.chars().take(100).collect();
    LineError::of_field(line, FieldError::new(name, Code::UnknownField.as_str(), "This column is unknown."))
}
