use actix_web::{HttpResponse, get, web};

use super::exports::record_export;
use super::list::{AuditExport, AuditTrail};
use super::model::AuditEvent;
use super::queries;
use crate::access::{AuditRead, Authorized, Permission};
use crate::http::export::{ExportFile, ExportParameters, Format, export as export_list};
use crate::http::list::{List, ListParameters, Page};
use crate::http::{JsonReply, json};
use crate::problem::Problem;
use crate::state::AppState;

/// Who did what
///
/// `actor` is found by id or email, `target` by id.
#[utoipa::path(
    tag = "audit",
    operation_id = "audit_list",
    params(ListParameters),
    responses((status = 200, description = "A page of events, the newest first unless sorted otherwise", body = Page<AuditEvent>)),
    extensions(("x-permission" = json!(AuditRead::NAME)))
)]
#[get("/audit")]
pub(super) async fn list(
    _: Authorized<AuditRead>,
    state: web::Data<AppState>,
    asked: List<AuditTrail>,
) -> Result<JsonReply, Problem> {
    json(&state.database.read(move |connection| queries::list(connection, &asked.request)).await?)
}

/// The whole trail as a file
///
/// In `csv`, `json` or `ndjson`; the filters are those of the list. The audit trail tells who took it away.
#[utoipa::path(
    tag = "audit",
    operation_id = "audit_export",
    params(ExportParameters),
    responses((status = 200, description = "The file", content(
        (String = "application/x-ndjson"),
        (String = "text/csv"),
        (Vec<AuditEvent> = "application/json")
    ))),
    extensions(("x-permission" = json!(AuditRead::NAME)))
)]
#[get("/audit/export")]
pub(super) async fn export(
    authorized: Authorized<AuditRead>,
    state: web::Data<AppState>,
    asked: List<AuditExport>,
) -> Result<HttpResponse, Problem> {
    let format = Format::parse(asked.other("format"), &[Format::Ndjson, Format::Csv, Format::Json])?;
    let file = ExportFile { name: "audit", columns: COLUMNS, format };
    let filtered = asked.request.is_filtered();
    let response = export_list(&state.database, asked.request, file, queries::list_chunk).await?;
    record_export(&state, authorized, "audit.exported", file, filtered).await?;
    Ok(response)
}

/// The columns of a table; what is nested stands in its cell as JSON.
const COLUMNS: &[&str] = &[
    "seq",
    "id",
    "at",
    "actor",
    "impersonator",
    "action",
    "target",
    "outcome",
    "ip",
    "user_agent",
    "request_id",
    "changes",
    "session",
    "position",
    "prev_hash",
    "hash",
];
