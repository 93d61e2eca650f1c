use actix_web::{HttpResponse, delete, get, patch, post, web};

use super::super::administration;
use super::super::bodies::{UserCreation, UserPatch};
use super::super::list::Users;
use super::super::model::User;
use super::super::password;
use super::super::queries;
use super::reply;
use crate::access::{Authorized, Permission, UsersDelete, UsersRead, UsersWrite};
use crate::http::list::{List, ListParameters, Page};
use crate::http::{Body, JsonReply, PathId, Precondition, created, json};
use crate::problem::Problem;
use crate::state::AppState;

/// All users
#[utoipa::path(
    tag = "users",
    operation_id = "users_list",
    params(ListParameters),
    responses((status = 200, description = "A page of users, the oldest first unless sorted otherwise", body = Page<User>)),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[get("/users")]
pub(crate) async fn list(
    _: Authorized<UsersRead>,
    state: web::Data<AppState>,
    asked: List<Users>,
) -> Result<JsonReply, Problem> {
    json(&state.database.read(move |connection| queries::list(connection, &asked.request)).await?)
}

/// Create a user
///
/// The user is approved, verified and, unless said otherwise, active. Nobody can give a role that permits more than they may
/// do themselves.
#[utoipa::path(
    tag = "users",
    operation_id = "users_create",
    request_body = UserCreation,
    responses(
        (status = 201, description = "The new user", body = User, headers(
            ("Location" = String, description = "Their address"),
            ("ETag" = String, description = "The state's tag")
        )),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`email_taken`, `username_taken`"),
        (status = 422, description = "`unknown_role`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users")]
pub(crate) async fn create(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    body: Body<UserCreation>,
) -> Result<JsonReply, Problem> {
    let (new, roles) = password::new_user(&state, body.0).await?;
    let user = state.act(authorized, move |act| administration::create_and_invite(act, &new, &roles)).await?;
    created(&format!("/api/v1/users/{}", user.id), &user, &user.entity_tag())
}

/// One user
#[utoipa::path(
    tag = "users",
    operation_id = "users_get",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses((status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag")))),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[get("/users/{id}")]
pub(crate) async fn get(
    _: Authorized<UsersRead>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<JsonReply, Problem> {
    let found = state.database.read(move |connection| queries::find(connection, id.0)).await?;
    reply(&found.ok_or_else(Problem::not_found)?)
}

/// Change a user
///
/// Deactivating a user ends their sessions. Nobody can change a user who may do more than they may themselves.
#[utoipa::path(
    tag = "users",
    operation_id = "users_update",
    params(
        ("id" = uuid::Uuid, Path, description = "The user's id"),
        ("If-Match" = Option<String>, Header, description = "Change them only if this still is their tag")
    ),
    request_body(content((UserPatch = "application/json"), (UserPatch = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`email_taken`, `username_taken`, `last_admin`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[patch("/users/{id}")]
pub(crate) async fn update(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
    precondition: Precondition,
    body: Body<UserPatch>,
) -> Result<JsonReply, Problem> {
    let change = body.0.into_change();
    reply(&state.act(authorized, move |act| administration::change(act, id.0, &precondition, &change)).await?)
}

/// Delete a user
///
/// Their sessions end at once. Nobody can delete a user who may do more than they may themselves.
#[utoipa::path(
    tag = "users",
    operation_id = "users_delete",
    params(
        ("id" = uuid::Uuid, Path, description = "The user's id"),
        ("If-Match" = Option<String>, Header, description = "Delete them only if this still is their tag")
    ),
    responses(
        (status = 204, description = "The user is gone"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`last_admin`")
    ),
    extensions(("x-permission" = json!(UsersDelete::NAME)))
)]
#[delete("/users/{id}")]
pub(crate) async fn delete(
    authorized: Authorized<UsersDelete>,
    state: web::Data<AppState>,
    id: PathId,
    precondition: Precondition,
) -> Result<HttpResponse, Problem> {
    state.act(authorized, move |act| administration::delete(act, id.0, &precondition)).await?;
    Ok(HttpResponse::NoContent().finish())
}
