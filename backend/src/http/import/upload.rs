//! The request that brings a file.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use utoipa::{IntoParams, ToSchema};

use super::report::LineError;
use super::rows::{ImportColumn, ImportRow, rows};
use crate::http::json_body::read_payload;
use crate::http::list::QueryString;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// How a file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub enum ImportFormat {
    /// Comma-separated values (RFC 4180) in UTF-8 with a header.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// The parameters of an import as the OpenAPI document describes them. [`Upload`] reads them.
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[allow(dead_code)] // Documentation alone: the query string is read where unknown parameters can be refused.
pub struct ImportParameters {
    /// How the file is written; left out, the content type says.
    #[param(inline, nullable = false)]
    format: Option<ImportFormat>,
    /// Whether to find out only what would happen, and write nothing.
    #[param(default = false, nullable = false)]
    dry_run: Option<bool>,
}

/// What an import of one kind of row can be told besides, read from the query string.
pub trait ImportOptions: Sized + 'static {
    /// Takes its own parameters.
    ///
    /// # Errors
    /// `invalid_parameter`.
    fn take(query: &mut QueryString) -> Result<Self, Problem>;
}

/// A file as the body of a request, and what is to be done with it.
pub struct Upload<Options> {
    /// Whether nothing is to be written.
    pub dry_run: bool,
    /// What is to be done besides.
    pub options: Options,
    format: ImportFormat,
    bytes: Bytes,
}

impl<Options> Upload<Options> {
    /// Reads the rows in the order of the file: each is a row, or what is wrong with it.
    pub fn rows<'a>(
        &'a self,
        columns: &'a [ImportColumn],
    ) -> impl Iterator<Item = Result<ImportRow, Vec<LineError>>> + 'a {
        rows(self.format, &self.bytes, columns)
    }
}

impl<Options: ImportOptions> FromRequest for Upload<Options> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let limit = request.app_data::<AppState>().map_or(0, |state| state.settings.limits.import_bytes);
        let content_type = request.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or("?"));
        let parameters = parameters::<Options>(request.query_string(), content_type);
        let bytes = read_payload(request, payload, limit);
        Box::pin(async move {
            let (format, dry_run, options) = parameters?;
            Ok(Self { dry_run, options, format, bytes: bytes.await? })
        })
    }
}

/// A parameter that is `true` or, as when it is left out, `false`.
///
/// # Errors
/// `invalid_parameter`.
pub fn take_flag(query: &mut QueryString, name: &str) -> Result<bool, Problem> {
    match query.take(name, Code::InvalidParameter)?.as_deref() {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Problem::with_detail(Code::InvalidParameter, format!("`{name}` is `true` or `false`"))),
    }
}

fn parameters<Options: ImportOptions>(
    query: &str,
    content_type: Option<&str>,
) -> Result<(ImportFormat, bool, Options), Problem> {
    let refuse = |detail| Problem::with_detail(Code::InvalidParameter, detail);
    let mut query = QueryString::parse(query)?;
    let dry_run = take_flag(&mut query, "dry_run")?;
    let options = Options::take(&mut query)?;
    let format = match query.take("format", Code::InvalidParameter)?.as_deref() {
        None => None,
        Some("csv") => Some(ImportFormat::Csv),
        Some("ndjson") => Some(ImportFormat::Ndjson),
        Some(_) => return Err(refuse("`format` is `csv` or `ndjson`")),
    };
    query.finish()?;
    let format = format_of(format, content_type)?;
    Ok((format.ok_or_else(|| refuse("Say `format=csv` or `format=ndjson`"))?, dry_run, options))
}

/// What the parameter and the content type say together.
fn format_of(format: Option<ImportFormat>, content_type: Option<&str>) -> Result<Option<ImportFormat>, Problem> {
    let media_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let declared = match media_type.as_str() {
        "text/csv" | "application/csv" => Some(ImportFormat::Csv),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl" => Some(ImportFormat::Ndjson),
        // What clients say that know no better; the last is what `curl --data-binary` says of any file.
        "" | "text/plain" | "application/octet-stream" | "application/x-www-form-urlencoded" => None,
        _ => {
            let detail = "Send the file itself as the body, with Content-Type: text/csv or application/x-ndjson";
            return Err(Problem::with_detail(Code::UnsupportedMediaType, detail));
        }
    };
    match (format, declared) {
        (Some(format), Some(declared)) if format != declared => {
            Err(Problem::with_detail(Code::UnsupportedMediaType, "`format` and the content type contradict each other"))
        }
        _ => Ok(format.or(declared)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl ImportOptions for Nothing {
        fn take(_: &mut QueryString) -> Result<Self, Problem> {
            Ok(Self)
        }
    }

    fn read(query: &str, content_type: Option<&str>) -> Result<(ImportFormat, bool), Code> {
        let read = parameters::<Nothing>(query, content_type);
        read.map(|(format, dry_run, _)| (format, dry_run)).map_err(|problem| problem.code())
    }

    #[test]
    fn the_format_is_what_parameter_and_content_type_say() {
        let (csv, ndjson) = (ImportFormat::Csv, ImportFormat::Ndjson);
        assert_eq!(read("format=csv&dry_run=true", None), Ok((csv, true)));
        assert_eq!(read("", Some("text/csv; charset=utf-8")), Ok((csv, false)));
        assert_eq!(read("format=ndjson", Some("application/x-www-form-urlencoded")), Ok((ndjson, false)));
        assert_eq!(read("format=ndjson", Some("text/csv")), Err(Code::UnsupportedMediaType));
        assert_eq!(read("format=csv", Some("multipart/form-data; boundary=x")), Err(Code::UnsupportedMediaType));
        for query in ["", "format=xlsx", "dry_run=1&format=csv", "format=csv&format=csv", "format=csv&other=1"] {
            assert_eq!(read(query, None), Err(Code::InvalidParameter), "{query}");
        }
    }
}
