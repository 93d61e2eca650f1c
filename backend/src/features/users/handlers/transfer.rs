use actix_web::{HttpResponse, get, post, web};

use super::super::import::{Import, UserImportOptions};
use super::super::list::UsersExport;
use super::super::model::User;
use super::super::queries;
use crate::access::{Authorized, Permission, UsersRead, UsersWrite};
use crate::features::audit;
use crate::http::export::{ExportFile, ExportParameters, Format, export as export_list};
use crate::http::import::{ImportParameters, ImportReport, Upload};
use crate::http::list::List;
use crate::http::{JsonReply, json};
use crate::problem::Problem;
use crate::state::AppState;

/// The columns of a table of users.
const COLUMNS: &[&str] = &[
    "id",
    "kind",
    "email",
    "username",
    "display_name",
    "locale",
    "active",
    "approved",
    "email_verified",
    "roles",
    "created_at",
    "updated_at",
    "last_login_at",
    "last_login_ip",
    "current_login_at",
    "current_login_ip",
    "login_count",
    "locked_until",
];

/// All users as a file
///
/// In `csv`, `json`, `ndjson` or `xlsx`; the filters are those of the list. The audit trail tells who took it away.
#[utoipa::path(
    tag = "users",
    operation_id = "users_export",
    params(ExportParameters),
    responses((status = 200, description = "The file", content(
        (String = "text/csv"),
        (Vec<User> = "application/json"),
        (String = "application/x-ndjson"),
        (String = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    ))),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[get("/users/export")]
pub(crate) async fn export(
    authorized: Authorized<UsersRead>,
    state: web::Data<AppState>,
    asked: List<UsersExport>,
) -> Result<HttpResponse, Problem> {
    let format = Format::parse(asked.other("format"), Format::ALL)?;
    let file = ExportFile { name: "users", columns: COLUMNS, format };
    let filtered = asked.request.is_filtered();
    let response = export_list(&state.database, asked.request, file, queries::list_chunk).await?;
    audit::record_export(&state, authorized, "users.exported", file, filtered).await?;
    Ok(response)
}

/// Create users from a file
///
/// All of them, or none. The columns are `email`, `username`, `display_name`, `active` and `roles` (`;` between them); only
/// `email` is required. They have no password; they choose one by an
/// invitation, with `invite`, or by the link that whoever has forgotten theirs asks for.
#[utoipa::path(
    tag = "users",
    operation_id = "users_import",
    params(ImportParameters, UserImportOptions),
    request_body(content(
        (String = "text/csv", example = "email,display_name,roles\nann@example.com,Ann Archer,editor;auditor\n"),
        (String = "application/x-ndjson", example = "{\"email\": \"ann@example.com\", \"roles\": [\"editor\"]}\n")
    )),
    responses(
        (status = 200, description = "What was created, or with `dry_run` would be, and what is wrong", body = ImportReport),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 400, description = "`invalid_parameter`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 422, description = "`import_failed`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/import")]
pub(crate) async fn import(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    upload: Upload<UserImportOptions>,
) -> Result<JsonReply, Problem> {
    let import = web::block(move || Import::read(&upload)).await.map_err(Problem::internal)?;
    json(&state.act(authorized, move |act| import.run(act)).await?)
}
