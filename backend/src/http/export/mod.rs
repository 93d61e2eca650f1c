//! A whole list as a file: read in chunks by cursor and sent as it is read, so that its length costs time and no memory.

mod format;
mod table;
#[cfg(test)]
mod tests;
mod workbook;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use diesel::QueryResult;
use futures_util::stream;
use serde::Serialize;
use serde_json::Value;

pub use format::{ExportParameters, Format};
pub(super) use table::BEGINS_FORMULA;

use super::list::ListRequest;
use crate::db::{Database, DbConnection};
use crate::problem::Problem;

/// Rows that are read at once: few enough for the memory, enough for the way to the database not to matter.
const CHUNK: i64 = 500;

/// What a file is made of.
#[derive(Clone, Copy, Debug)]
pub struct ExportFile {
    /// The file's name, without its extension.
    pub name: &'static str,
    /// The fields that make the columns of a table. JSON has all that a row has.
    pub columns: &'static [&'static str],
    /// How it is written.
    pub format: Format,
}

/// Answers a list as a file. `read` reads the rows of a request with [`ListRequest::load_chunk`], each with its position.
///
/// Rows that are changed while the file is written, so that their place in the order changes, may be missed or met twice.
///
/// # Errors
/// Those of the first chunk. A fault after that breaks the answer off, which the client sees, as its length is not as announced.
pub async fn export<T, F>(
    database: &Database,
    request: ListRequest,
    file: ExportFile,
    read: F,
) -> Result<HttpResponse, Problem>
where
    T: Serialize + Send + 'static,
    F: Fn(&mut DbConnection, &ListRequest) -> QueryResult<Vec<(T, String)>> + Clone + Send + 'static,
{
    let mut walk = Walk { database: database.clone(), request: request.in_chunks_of(CHUNK), read, ended: false };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, file.format.content_type()))
        .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{}.{}\"", file.name, file.format)));
    if file.format == Format::Xlsx {
        let written = workbook::write(&mut walk, file.columns).await?;
        return Ok(response.streaming(written));
    }
    let first = walk.next(move |rows| table::encode(file, &rows, true)).await?.unwrap_or_default();
    let later = stream::try_unfold(walk, move |mut walk| async move {
        let bytes = walk.next(move |rows| table::encode(file, &rows, false)).await;
        let bytes =
            bytes.inspect_err(|problem| tracing::error!(%problem, cause = problem.cause(), "export broke off"))?;
        Ok::<_, Problem>(bytes.map(|bytes| (bytes, walk)))
    });
    let end = table::end(file.format);
    let parts = stream::once(async { Ok(first) });
    let parts = futures_util::StreamExt::chain(
        futures_util::StreamExt::chain(parts, later),
        stream::once(async move { Ok(end) }),
    );
    Ok(response.streaming(Box::pin(parts)))
}

/// A walk through a list, chunk by chunk.
struct Walk<F> {
    database: Database,
    request: ListRequest,
    read: F,
    ended: bool,
}

impl<F> Walk<F> {
    /// What `make` makes of the next chunk's rows, on the thread that read them; nothing after the last.
    async fn next<T, M, R>(&mut self, make: M) -> Result<Option<R>, Problem>
    where
        T: Serialize,
        F: Fn(&mut DbConnection, &ListRequest) -> QueryResult<Vec<(T, String)>> + Clone + Send + 'static,
        M: Fn(Vec<Value>) -> Result<R, Problem> + Send + 'static,
        R: Send + 'static,
    {
        if self.ended {
            return Ok(None);
        }
        let (request, read) = (self.request.clone(), self.read.clone());
        let chunk = self.database.read(move |connection| {
            let rows = read(connection, &request)?;
            let number = i64::try_from(rows.len()).unwrap_or(i64::MAX);
            let last = rows.last().map(|(_, position)| position.clone());
            let values = rows.iter().map(|(row, _)| serde_json::to_value(row)).collect::<Result<_, _>>();
            Ok((values.map_err(Problem::internal).and_then(&make), last, number))
        });
        let (content, last, number) = chunk.await?;
        self.ended = number < self.request.fetch();
        if let Some(position) = last {
            self.request.go_on_after(&position)?;
        }
        content.map(Some)
    }
}
