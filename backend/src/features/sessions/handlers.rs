use actix_web::{HttpResponse, delete, get, web};

use super::listing::Sessions;
use super::model::SessionView;
use super::{ending, service};
use crate::access::{Authenticated, Authorized, Permission, UsersRead, UsersWrite};
use crate::http::list::{List, ListParameters, Page};
use crate::http::{JsonReply, PathId, json};
use crate::problem::Problem;
use crate::state::AppState;

/// One's own sessions
#[utoipa::path(
    tag = "account",
    operation_id = "account_sessions_list",
    params(ListParameters),
    responses((status = 200, description = "The sessions that live", body = Page<SessionView>))
)]
#[get("/me/sessions")]
pub(super) async fn list_own(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    list: List<Sessions>,
) -> Result<JsonReply, Problem> {
    let user_id = authenticated.actor.account.user.id;
    json(&service::list(&state, &authenticated.into_caller(), user_id, list.request).await?)
}

/// End one of one's own sessions
#[utoipa::path(
    tag = "account",
    operation_id = "account_sessions_end",
    params(("id" = uuid::Uuid, Path, description = "The session's id")),
    responses((status = 204, description = "The session is over"))
)]
#[delete("/me/sessions/{id}")]
pub(super) async fn end_own(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    ending::end_own(&state, authenticated.into_caller(), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// End all of one's own other sessions
#[utoipa::path(
    tag = "account",
    operation_id = "account_sessions_end_others",
    responses((status = 204, description = "Only this session is left"))
)]
#[delete("/me/sessions")]
pub(super) async fn end_own_others(
    authenticated: Authenticated,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    ending::end_own_others(&state, authenticated.into_caller()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A user's sessions
#[utoipa::path(
    tag = "users",
    operation_id = "users_sessions_list",
    params(("id" = uuid::Uuid, Path, description = "The user's id"), ListParameters),
    responses((status = 200, description = "The sessions that live", body = Page<SessionView>)),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[get("/users/{id}/sessions")]
pub(super) async fn list_of_user(
    authorized: Authorized<UsersRead>,
    state: web::Data<AppState>,
    id: PathId,
    list: List<Sessions>,
) -> Result<JsonReply, Problem> {
    json(&service::list(&state, &authorized.into_caller(), id.0, list.request).await?)
}

/// Sign a user out everywhere
#[utoipa::path(
    tag = "users",
    operation_id = "users_sessions_end",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 204, description = "The user has no session left"),
        (status = 403, description = "`privilege_escalation`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[delete("/users/{id}/sessions")]
pub(super) async fn end_of_user(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    state.act(authorized, move |act| ending::end_of_user(act, id.0)).await?;
    Ok(HttpResponse::NoContent().finish())
}
