use actix_web::{post, web};

use super::model::{ImpersonationGrant, ImpersonationRequest};
use super::service;
use crate::access::{AuthorizedInPerson, Permission, UsersImpersonate};
use crate::http::{Body, JsonReply, PathId, json};
use crate::problem::Problem;
use crate::state::AppState;

/// Act in a user's name
///
/// To see what they see. The access token is good for half an hour at most, ends with the session that asks for it, and can't be
/// renewed. It permits what the user may do, as long as that is no more than one may do oneself; it does not reach the user's
/// account and credentials, nor what takes a recent proof of who one is. The audit trail names both for whatever is done with
/// it.
#[utoipa::path(
    tag = "users",
    operation_id = "users_impersonate",
    security(("bearer" = [])),
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    request_body = ImpersonationRequest,
    responses(
        (status = 200, description = "What lets one act in their name", body = ImpersonationGrant),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`, `impersonation_refused`")
    ),
    extensions(("x-permission" = json!(UsersImpersonate::NAME)))
)]
#[post("/users/{id}/impersonate")]
pub(super) async fn begin(
    authorized: AuthorizedInPerson<UsersImpersonate>,
    state: web::Data<AppState>,
    id: PathId,
    body: Body<ImpersonationRequest>,
) -> Result<JsonReply, Problem> {
    let session = state.act(authorized.into_authorized(), move |act| service::begin(act, id.0, &body.0.reason)).await?;
    json(&ImpersonationGrant::issue(&state, &session)?)
}
