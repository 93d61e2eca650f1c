//! Rows as text: CSV and the two ways of JSON.

use std::borrow::Cow;

use actix_web::web::Bytes;
use serde_json::Value;

use super::{ExportFile, Format};
use crate::problem::Problem;

/// One chunk of a file; the first has the file's beginning too.
pub(super) fn encode(file: ExportFile, rows: &[Value], first: bool) -> Result<Bytes, Problem> {
    let mut bytes = Vec::new();
    match file.format {
        Format::Csv => encode_csv(file.columns, rows, first, &mut bytes)?,
        Format::Json => {
            for (index, row) in rows.iter().enumerate() {
                bytes.extend_from_slice(if first && index == 0 { b"[\n" } else { b",\n" });
                serde_json::to_writer(&mut bytes, row).map_err(Problem::internal)?;
            }
            if first && rows.is_empty() {
                bytes.push(b'[');
            }
        }
        Format::Ndjson | Format::Xlsx => {
            for row in rows {
                serde_json::to_writer(&mut bytes, row).map_err(Problem::internal)?;
                bytes.push(b'\n');
            }
        }
    }
    Ok(bytes.into())
}

/// What ends a file.
pub(super) fn end(format: Format) -> Bytes {
    Bytes::from_static(if format == Format::Json { b"]\n" } else { b"" })
}

fn encode_csv(columns: &[&str], rows: &[Value], first: bool, bytes: &mut Vec<u8>) -> Result<(), Problem> {
    let mut writer = csv::Writer::from_writer(bytes);
    if first {
        writer.write_record(columns).map_err(Problem::internal)?;
    }
    for row in rows {
        let cells = columns.iter().map(|column| harmless(row.get(*column).unwrap_or(&Value::Null)));
        writer.write_record(cells.map(|cell| cell.into_owned().into_bytes())).map_err(Problem::internal)?;
    }
    writer.flush().map_err(Problem::internal)
}

/// A value in the one text that a cell has.
pub(super) fn cell(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed(""),
        Value::String(text) => Cow::Borrowed(text),
        Value::Array(values) if values.iter().all(Value::is_string) => {
            Cow::Owned(values.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(";"))
        }
        other => Cow::Owned(other.to_string()),
    }
}

/// The characters by which a spreadsheet knows a formula (OWASP, CSV injection).
pub(in crate::http) const BEGINS_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

fn harmless(value: &Value) -> Cow<'_, str> {
    let text = cell(value);
    // A number can't do harm, and must stay one.
    if !value.is_number() && text.starts_with(BEGINS_FORMULA) { Cow::Owned(format!("'{text}")) } else { text }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn encoded(format: Format, chunks: &[&[Value]]) -> String {
        let file = ExportFile { name: "things", columns: &["name", "number", "on", "tags"], format };
        let mut bytes = Vec::new();
        for (index, rows) in chunks.iter().enumerate() {
            bytes.extend_from_slice(&encode(file, rows, index == 0).unwrap());
        }
        bytes.extend_from_slice(&end(format));
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_table_has_a_header_and_no_formulas() {
        let first = [json!({"name": "=1+1", "number": -5, "on": true, "tags": ["a", "b"]})];
        let second = [
            json!({"name": "a,\"b\"\nc", "number": null, "on": false, "tags": []}),
            json!({"name": "ä", "tags": ["@x"]}),
        ];
        assert_eq!(
            encoded(Format::Csv, &[&first, &second]),
            "name,number,on,tags\n'=1+1,-5,true,a;b\n\"a,\"\"b\"\"\nc\",,false,\nä,,,'@x\n"
        );
        assert_eq!(encoded(Format::Csv, &[&[]]), "name,number,on,tags\n");
    }

    #[test]
    fn json_is_one_array_however_it_was_read() {
        let rows = [json!({"name": "a"}), json!({"name": "b"})];
        for chunks in [vec![&rows[..]], vec![&rows[..1], &rows[1..]], vec![&rows[..], &[]]] {
            let read: Vec<Value> = serde_json::from_str(&encoded(Format::Json, &chunks)).unwrap();
            assert_eq!(read, rows);
        }
        assert_eq!(encoded(Format::Json, &[&[]]), "[]\n");
        assert_eq!(encoded(Format::Ndjson, &[&rows[..1], &rows[1..]]), "{\"name\":\"a\"}\n{\"name\":\"b\"}\n");
    }
}
