use actix_web::{get, web};

use super::list::AuditTrail;
use super::model::AuditEvent;
use super::queries;
use crate::access::{AuditRead, Authorized, Permission};
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
