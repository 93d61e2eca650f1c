use actix_web::{post, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::bodies::BulkAct;
use super::super::bulk::Bulk;
use crate::access::{Authorized, Permission, UsersWrite};
use crate::http::{Body, JsonReply, json};
use crate::problem::Problem;
use crate::state::AppState;

/// What an act on many led to.
#[derive(Serialize, ToSchema)]
pub(crate) struct Affected {
    /// How many users it was done to, those included who were in that state already.
    #[schema(examples(3))]
    affected: usize,
}

/// Act on many users at once
///
/// On all of them, or on none. Deleting takes `users:delete` besides.
#[utoipa::path(
    tag = "users",
    operation_id = "users_bulk",
    request_body = BulkAct,
    responses(
        (status = 200, description = "It was done to all of them", body = Affected),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 404, description = "`not_found`"),
        (status = 409, description = "`last_admin`"),
        (status = 422, description = "`unknown_role`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/bulk")]
pub(crate) async fn bulk(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    body: Body<BulkAct>,
) -> Result<JsonReply, Problem> {
    let bulk = Bulk::new(body.0)?;
    let affected = state.act(authorized, move |act| bulk.run(act)).await?;
    json(&Affected { affected })
}
