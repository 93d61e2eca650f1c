//! CSV (RFC 4180): a header, then a row a record.

use csv::{ByteRecord, ReaderBuilder};
use serde_json::{Map, Value};

use super::quoting;
use super::report::LineError;
use super::rows::{CellKind, ImportColumn, ImportRow, list, not_utf8, unknown};
use crate::http::export::BEGINS_FORMULA;
use crate::problem::FieldError;

type Row = Result<ImportRow, Vec<LineError>>;

/// Reads the rows after the header; a header that is wrong is all that comes of the file.
pub(super) fn rows<'a>(bytes: &'a [u8], columns: &'a [ImportColumn]) -> Box<dyn Iterator<Item = Row> + 'a> {
    let mut records = Records::new(bytes);
    let header = match records.next() {
        Some(Ok((line, record))) => header(line, &record, columns),
        Some(Err(error)) => Err(vec![error]),
        None => Err(vec![LineError::of_line(1, "missing_header", "The first line names the columns.")]),
    };
    match header {
        Ok(header) => Box::new(records.map(move |record| {
            let (line, record) = record.map_err(|error| vec![error])?;
            row(line, &record, &header)
        })),
        Err(errors) => Box::new(std::iter::once(Err(errors))),
    }
}

/// Records with the lines where they begin.
struct Records<'a> {
    reader: csv::Reader<&'a [u8]>,
    bytes: &'a [u8],
    line: u64,
    position: usize,
}

impl<'a> Records<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        // Rows of another length are told by their line, instead of ending it all.
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        Self { reader, bytes, line: 1, position: 0 }
    }
}

impl Iterator for Records<'_> {
    type Item = Result<(u64, ByteRecord), LineError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = ByteRecord::new();
        // Reading from memory can't fail, and lengths may differ.
        if !self.reader.read_byte_record(&mut record).unwrap_or(false) {
            return None;
        }
        let start = usize::try_from(record.position().map_or(0, csv::Position::byte)).unwrap_or(self.position);
        // The reader counts empty lines that it passed over to the record that follows them.
        let empty = self.bytes.get(start..).unwrap_or_default();
        let empty = empty.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = start + empty;
        self.line += line_ends(self.bytes, self.position, start);
        self.position = start;
        let end = usize::try_from(self.reader.position().byte()).unwrap_or(self.bytes.len());
        let fault = self.bytes.get(start..end).and_then(quoting::fault);
        Some(match fault {
            None => Ok((self.line, record)),
            Some((opened, fault)) => {
                let line = self.line + line_ends(self.bytes, start, start + opened);
                Err(LineError::of_line(line, fault.code(), fault.message()))
            }
        })
    }
}

/// The lines that end between two positions.
fn line_ends(bytes: &[u8], start: usize, end: usize) -> u64 {
    // The reader takes a lone CR for the end of a line too.
    let ends = |index: &usize| match bytes.get(*index) {
        Some(b'\n') => true,
        Some(b'\r') => bytes.get(index + 1) != Some(&b'\n'),
        _ => false,
    };
    u64::try_from((start..end).filter(ends).count()).unwrap_or(0)
}

fn header(line: u64, record: &ByteRecord, columns: &[ImportColumn]) -> Result<Vec<ImportColumn>, Vec<LineError>> {
    let (mut found, mut errors) = (Vec::<ImportColumn>::new(), Vec::new());
    let of_field = |name: &str, code: &'static str, message: &'static str| {
        LineError::of_field(line, FieldError::new(name, code, message))
    };
    for name in record {
        let name = String::from_utf8_lossy(name);
        match columns.iter().find(|column| column.name == name.trim()) {
            None => errors.push(unknown(line, &name)),
            Some(column) if found.iter().any(|other| other.name == column.name) => {
                errors.push(of_field(column.name, "duplicate_column", "This column is named twice."));
            }
            Some(column) => found.push(*column),
        }
    }
    for column in columns.iter().filter(|column| column.required) {
        if !found.iter().any(|other| other.name == column.name) {
            errors.push(of_field(column.name, "missing_column", "This column is required."));
        }
    }
    if errors.is_empty() { Ok(found) } else { Err(errors) }
}

fn row(line: u64, record: &ByteRecord, header: &[ImportColumn]) -> Row {
    if record.len() != header.len() {
        let message = format!("This line has {} cells, and the header {}.", record.len(), header.len());
        return Err(vec![LineError::of_line(line, "wrong_number_of_cells", message)]);
    }
    let (mut fields, mut errors) = (Map::new(), Vec::new());
    for (column, cell) in header.iter().zip(record) {
        let text = std::str::from_utf8(cell).map_err(|_| vec![not_utf8(line)])?;
        match value(column.kind, text) {
            Ok(Some(value)) => _ = fields.insert(column.name.to_owned(), value),
            Ok(None) => {}
            Err(message) => {
                errors.push(LineError::of_field(line, FieldError::new(column.name, "wrong_type", message)));
            }
        }
    }
    if errors.is_empty() { Ok(ImportRow { line, fields }) } else { Err(errors) }
}

fn value(kind: CellKind, text: &str) -> Result<Option<Value>, &'static str> {
    let text = without_guard(text);
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(match kind {
        CellKind::Text => Value::from(text),
        CellKind::List => list(text),
        // Spreadsheets write them in capitals.
        CellKind::Boolean => match text.trim().to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => return Err("This field takes `true` or `false`."),
        },
    }))
}

/// Takes off the apostrophe that an export puts in front of what a spreadsheet would take for a formula.
fn without_guard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(BEGINS_FORMULA)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http::import::ImportFormat;
    use crate::http::import::rows::rows;

    const COLUMNS: &[ImportColumn] = &[
        ImportColumn { name: "email", kind: CellKind::Text, required: true },
        ImportColumn { name: "active", kind: CellKind::Boolean, required: false },
        ImportColumn { name: "roles", kind: CellKind::List, required: false },
    ];

    /// Rows as `line fields`, and errors as `line field code`.
    fn read(format: ImportFormat, bytes: &[u8]) -> Vec<String> {
        let told = |row: Row| match row {
            Ok(row) => vec![format!("{} {}", row.line, json!(row.fields))],
            Err(errors) => {
                let told =
                    |error: LineError| format!("{} {} {}", error.line, error.field.unwrap_or_default(), error.code);
                errors.into_iter().map(told).collect()
            }
        };
        rows(format, bytes, COLUMNS).flat_map(told).collect()
    }

    #[test]
    fn rows_are_read_with_the_lines_where_they_begin() {
        let file = "\u{feff}email,roles,active\r\na@b.example,\"x; y\",TRUE\r\n\r\n\"c\nd\",,\r\n'=e,z,false";
        let expected = [
            r#"2 {"email":"a@b.example","roles":["x","y"],"active":true}"#,
            r#"4 {"email":"c\nd"}"#,
            r#"6 {"email":"=e","roles":["z"],"active":false}"#,
        ];
        assert_eq!(read(ImportFormat::Csv, file.as_bytes()), expected);
        assert_eq!(read(ImportFormat::Csv, b"\n\nemail\na\n"), [r#"4 {"email":"a"}"#]);
        assert_eq!(read(ImportFormat::Csv, b"email"), [""; 0]);
    }

    #[test]
    fn what_is_wrong_is_told_by_line() {
        assert_eq!(read(ImportFormat::Csv, b""), ["1  missing_header"]);
        assert_eq!(
            read(ImportFormat::Csv, b"roles,shoe,roles\n1,2,3\n"),
            ["1 shoe unknown_field", "1 roles duplicate_column", "1 email missing_column"]
        );
        assert_eq!(
            read(ImportFormat::Csv, b"email,active\na,maybe\nb\n\xff,true\nc,true\n"),
            ["2 active wrong_type", "3  wrong_number_of_cells", "4  invalid_utf8", r#"5 {"email":"c","active":true}"#]
        );
    }

    #[test]
    fn a_cell_that_never_closes_takes_nothing_that_follows_for_its_value() {
        assert_eq!(
            read(ImportFormat::Csv, b"email,roles\na,x\n\"b,y\nc,z\n"),
            [r#"2 {"email":"a","roles":["x"]}"#, "3  unclosed_quote"]
        );
        assert_eq!(read(ImportFormat::Csv, b"email,roles\r\n\"a\nb\",\"x\r\nc,z"), ["3  unclosed_quote"]);
        assert_eq!(read(ImportFormat::Csv, b"\"email\na@example.com\n"), ["1  unclosed_quote"]);
        assert_eq!(
            read(ImportFormat::Csv, b"email,roles\n\"a,x\nb,\"y\"\nc,z\n"),
            ["2  text_after_quote", r#"4 {"email":"c","roles":["z"]}"#]
        );
    }

    #[test]
    fn lines_of_json_are_rows() {
        let file = b"\xef\xbb\xbf{\"email\":\"a\",\"active\":null,\"roles\":\"x;y\"}\r\n\n[1]\n{\"shoe\":1}\n{\n\xff\n{\"email\":1}";
        let expected = [
            r#"1 {"email":"a","roles":["x","y"]}"#,
            "3  wrong_type",
            "4 shoe unknown_field",
            "5  invalid_json",
            "6  invalid_utf8",
            r#"7 {"email":1}"#,
        ];
        assert_eq!(read(ImportFormat::Ndjson, file), expected);
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn any_file_is_read_to_its_end(bytes in proptest::collection::vec(proptest::sample::select(b"a,\"\"\n\r;'=\xff{}:1 email".to_vec()), 0..80)) {
            let lines = u64::try_from(bytes.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count()).unwrap() + 1;
            let file = [b"email,active\n".as_slice(), &bytes].concat();
            for format in [ImportFormat::Csv, ImportFormat::Ndjson] {
                let mut last = 0;
                for row in rows(format, &file, COLUMNS) {
                    let line = row.map_or_else(|errors| errors[0].line, |row| row.line);
                    proptest::prop_assert!(line > last && line <= lines + 1, "{format:?}: {line} after {last} of {lines}");
                    last = line;
                }
            }
        }
    }
}
