use actix_web::{HttpResponse, delete, get, post, web};

use super::bodies::ApiKeyCreation;
use super::listing::ApiKeys;
use super::model::{ApiKey, NewApiKey};
use super::service;
use crate::access::{
    Authenticated, Authorized, FreshlyAuthenticated, FreshlyAuthorized, Permission, UsersRead, UsersWrite,
};
use crate::http::list::{List, ListParameters, Page};
use crate::http::{Body, JsonReply, PathId, PathKeyId, created_without_tag, json};
use crate::problem::Problem;
use crate::state::AppState;

/// One's own API keys
#[utoipa::path(
    tag = "account",
    operation_id = "account_api_keys_list",
    params(ListParameters),
    responses(
        (status = 200, description = "The keys, without the secrets", body = Page<ApiKey>)
    )
)]
#[get("/me/api-keys")]
pub(super) async fn list_own(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    list: List<ApiKeys>,
) -> Result<JsonReply, Problem> {
    let user_id = authenticated.actor.account.user.id;
    json(&service::list(&state, &authenticated.into_caller(), user_id, list.request).await?)
}

/// Make an API key for oneself
///
/// It permits no more than one may do oneself, at any time.
#[utoipa::path(
    tag = "account",
    operation_id = "account_api_keys_create",
    request_body = ApiKeyCreation,
    responses(
        (status = 201, description = "The new key, and the secret this once only", body = NewApiKey, headers(
            ("Location" = String, description = "Its address")
        )),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`conflict`: there are too many keys")
    )
)]
#[post("/me/api-keys")]
pub(super) async fn create_own(
    fresh: FreshlyAuthenticated,
    state: web::Data<AppState>,
    body: Body<ApiKeyCreation>,
) -> Result<JsonReply, Problem> {
    let key = service::create_own(&state, fresh.into_caller(), body.0).await?;
    created_without_tag(&format!("/api/v1/me/api-keys/{}", key.shown.id), &key)
}

/// Delete one of one's own API keys
#[utoipa::path(
    tag = "account",
    operation_id = "account_api_keys_delete",
    params(("id" = uuid::Uuid, Path, description = "The key's id")),
    responses(
        (status = 204, description = "The key works no longer")
    )
)]
#[delete("/me/api-keys/{id}")]
pub(super) async fn delete_own(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    service::delete_own(&state, authenticated.into_caller(), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// A user's API keys
#[utoipa::path(
    tag = "users",
    operation_id = "users_api_keys_list",
    params(("id" = uuid::Uuid, Path, description = "The user's id"), ListParameters),
    responses(
        (status = 200, description = "The keys, without the secrets", body = Page<ApiKey>)
    ),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[get("/users/{id}/api-keys")]
pub(super) async fn list_of_user(
    authorized: Authorized<UsersRead>,
    state: web::Data<AppState>,
    id: PathId,
    list: List<ApiKeys>,
) -> Result<JsonReply, Problem> {
    json(&service::list(&state, &authorized.into_caller(), id.0, list.request).await?)
}

/// Make an API key for a user
///
/// For service accounts, which can't sign in. A person is told by mail.
#[utoipa::path(
    tag = "users",
    operation_id = "users_api_keys_create",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    request_body = ApiKeyCreation,
    responses(
        (status = 201, description = "The new key, and the secret this once only", body = NewApiKey, headers(
            ("Location" = String, description = "Its address")
        )),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`conflict`: there are too many keys")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/{id}/api-keys")]
pub(super) async fn create_of_user(
    authorized: FreshlyAuthorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
    body: Body<ApiKeyCreation>,
) -> Result<JsonReply, Problem> {
    let key = state.act(authorized.into_authorized(), move |act| service::create(act, id.0, body.0)).await?;
    created_without_tag(&format!("/api/v1/users/{}/api-keys/{}", id.0, key.shown.id), &key)
}

/// Delete a user's API key
#[utoipa::path(
    tag = "users",
    operation_id = "users_api_keys_delete",
    params(("id" = uuid::Uuid, Path, description = "The user's id"), ("key_id" = uuid::Uuid, Path, description = "The key's id")),
    responses(
        (status = 204, description = "The key works no longer"),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[delete("/users/{id}/api-keys/{key_id}")]
pub(super) async fn delete_of_user(
    authorized: FreshlyAuthorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
    key_id: PathKeyId,
) -> Result<HttpResponse, Problem> {
    state.act(authorized.into_authorized(), move |act| service::delete(act, id.0, key_id.0)).await?;
    Ok(HttpResponse::NoContent().finish())
}
