use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::{HttpResponse, delete, get, patch, web};

use super::model::{Me, MePatch, PersonalData};
use super::service;
use crate::access::{Account, AnySession, Authenticated, FreshlyAuthenticated, KeyOrSession};
use crate::http::{Body, JsonReply, Precondition, RenderedReply, json_with_tag};
use crate::problem::Problem;
use crate::state::AppState;

/// Oneself, and what one may do
#[utoipa::path(
    tag = "account",
    operation_id = "account_get",
    security(("bearer" = []), ("api_key" = [])),
    responses((status = 200, description = "Oneself", body = Me, headers(("ETag" = String, description = "The state's tag"))))
)]
#[get("/me")]
pub(super) async fn get(asking: KeyOrSession) -> Result<JsonReply, Problem> {
    let account = &asking.actor.account;
    if let Some(impersonator) = &asking.actor.impersonator {
        return json_with_tag(&Me::of(account, Some(&impersonator.user)), &account.user.entity_tag());
    }
    let render = |account: &Account| RenderedReply::new(&Me::of(account, None), &account.user.entity_tag());
    Ok(account.rendered(render)?.reply())
}

/// Change oneself
///
/// Who acts in somebody's name does not change the name that they sign in by.
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
    session: AnySession,
    state: web::Data<AppState>,
    precondition: Precondition,
    body: Body<MePatch>,
) -> Result<JsonReply, Problem> {
    let caller = session.into_caller();
    let account = service::update(&state, caller.clone(), precondition, body.0).await?;
    json_with_tag(&Me::of(&account, caller.impersonator()), &account.user.entity_tag())
}

/// Delete oneself
///
/// The account and what belongs to it are gone at once; what it did stays in the audit trail.
#[utoipa::path(
    tag = "account",
    operation_id = "account_delete",
    responses(
        (status = 204, description = "The account is gone"),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 409, description = "`last_admin`")
    )
)]
#[delete("/me")]
pub(super) async fn delete(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    service::delete(&state, authenticated.into_caller()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// What is stored about oneself
///
/// As a file: the account, its living sessions, its devices, its accounts elsewhere, its passkeys, its API keys, and the newest events
/// that it did or was the target of.
#[utoipa::path(
    tag = "account",
    operation_id = "account_export",
    responses((status = 200, description = "The file", body = PersonalData))
)]
#[get("/me/export")]
pub(super) async fn export(authenticated: Authenticated, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let data = service::export(&state, authenticated.into_caller()).await?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_DISPOSITION, "attachment; filename=\"my-account.json\"")).json(data))
}
