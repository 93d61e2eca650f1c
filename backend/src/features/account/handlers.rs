use actix_web::{get, patch, web};

use super::model::{Me, MePatch};
use super::service;
use crate::access::{Account, Authenticated};
use crate::http::{Body, JsonReply, Precondition, RenderedReply, json_with_tag};
use crate::problem::Problem;
use crate::state::AppState;

/// Oneself, and what one may do
#[utoipa::path(
    tag = "account",
    operation_id = "account_get",
    responses((status = 200, description = "Oneself", body = Me, headers(("ETag" = String, description = "The state's tag"))))
)]
#[get("/me")]
pub(super) async fn get(authenticated: Authenticated) -> Result<JsonReply, Problem> {
    let account = &authenticated.actor.account;
    let render = |account: &Account| RenderedReply::new(&Me::of(account), &account.user.entity_tag());
    Ok(account.rendered(render)?.reply())
}

/// Change oneself
#[utoipa::path(
    tag = "account",
    operation_id = "account_update",
    params(("If-Match" = Option<String>, Header, description = "Refuse unless the state still has this tag")),
    request_body(content((MePatch = "application/json"), (MePatch = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "Oneself, changed", body = Me, headers(("ETag" = String, description = "The state's tag"))),
        (status = 409, description = "`username_taken`")
    )
)]
#[patch("/me")]
pub(super) async fn patch(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    precondition: Precondition,
    body: Body<MePatch>,
) -> Result<JsonReply, Problem> {
    let account = service::update(&state, authenticated.into_caller(), precondition, body.0).await?;
    json_with_tag(&Me::of(&account), &account.user.entity_tag())
}
