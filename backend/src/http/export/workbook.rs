//! A workbook. Its format has no order in which it could be sent while it is read, so it is a file on disk first.

use std::fs::File;
use std::io::{BufWriter, Read, Seek};

use actix_web::web::{Bytes, block};
use diesel::QueryResult;
use futures_util::Stream;
use futures_util::stream;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use serde::Serialize;
use serde_json::Value;

use super::Walk;
use super::table::cell;
use crate::db::DbConnection;
use crate::http::list::ListRequest;
use crate::problem::Problem;

/// Rows of a sheet, and characters of a cell: the format has no more.
const ROWS: u32 = 1_048_576;
const CHARACTERS: usize = 32_767;
/// What is read from the disk at once.
const BLOCK: usize = 64 * 1024;

/// Writes the rows of a walk, and answers the file's content.
pub(super) async fn write<T, F>(
    walk: &mut Walk<F>,
    columns: &'static [&'static str],
) -> Result<impl Stream<Item = std::io::Result<Bytes>> + 'static + use<T, F>, Problem>
where
    T: Serialize + Send + 'static,
    F: Fn(&mut DbConnection, &ListRequest) -> QueryResult<Vec<(T, String)>> + Clone + Send + 'static,
{
    let mut book = Book { workbook: Workbook::new(), columns, next_row: ROWS };
    while let Some(rows) = walk.next(Ok).await? {
        book = aside(move || book.append(&rows).map(|()| book)).await?;
    }
    let file = aside(move || book.finish()).await?;
    Ok(stream::try_unfold(file, |mut file| async move {
        let read = block(move || {
            let mut bytes = vec![0; BLOCK];
            let number = file.read(&mut bytes)?;
            bytes.truncate(number);
            Ok::<_, std::io::Error>((Bytes::from(bytes), file))
        });
        let (bytes, file) = read.await.map_err(std::io::Error::other)??;
        Ok((!bytes.is_empty()).then_some((bytes, file)))
    }))
}

/// Runs what waits for the disk where no request waits behind it.
async fn aside<T: Send + 'static>(work: impl FnOnce() -> Result<T, XlsxError> + Send + 'static) -> Result<T, Problem> {
    block(work).await.map_err(Problem::internal)?.map_err(Problem::internal)
}

struct Book {
    workbook: Workbook,
    columns: &'static [&'static str],
    next_row: u32,
}

impl Book {
    fn append(&mut self, rows: &[Value]) -> Result<(), XlsxError> {
        let columns = self.columns;
        // Without any row there is a header still.
        self.sheet()?;
        for row in rows {
            let number = self.next_row;
            let sheet = self.sheet()?;
            for (column, name) in (0..).zip(columns) {
                write_cell(sheet, number, column, row.get(*name).unwrap_or(&Value::Null))?;
            }
            self.next_row = number + 1;
        }
        Ok(())
    }

    /// The sheet that has room for a row, with its header.
    fn sheet(&mut self) -> Result<&mut Worksheet, XlsxError> {
        if self.next_row == ROWS {
            // Rows go to the disk one by one instead of staying in memory until the end.
            let sheet = self.workbook.add_worksheet_with_constant_memory()?;
            for (column, name) in (0..).zip(self.columns) {
                sheet.write_string(0, column, *name)?;
            }
            self.next_row = 1;
        }
        let last = self.workbook.worksheets().len().saturating_sub(1);
        self.workbook.worksheet_from_index(last)
    }

    fn finish(mut self) -> Result<File, XlsxError> {
        let mut file = tempfile::tempfile()?;
        self.workbook.save_to_writer(BufWriter::new(&mut file))?;
        file.rewind()?;
        Ok(file)
    }
}

fn write_cell(sheet: &mut Worksheet, row: u32, column: u16, value: &Value) -> Result<(), XlsxError> {
    match value {
        Value::Bool(flag) => sheet.write_boolean(row, column, *flag)?,
        // Larger whole numbers would be rounded.
        Value::Number(number) if number.as_i64().is_some_and(|number| number.unsigned_abs() < 1 << 53) => {
            sheet.write_number(row, column, number.as_f64().unwrap_or_default())?
        }
        other => sheet.write_string(row, column, cell(other).chars().take(CHARACTERS).collect::<String>())?,
    };
    Ok(())
}
