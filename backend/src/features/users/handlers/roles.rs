use actix_web::{delete, put, web};

use super::super::bodies::RoleReplacement;
use super::super::model::User;
use super::super::role_assignment;
use super::reply;
use crate::access::{FreshlyAuthorized, Permission, UsersWrite};
use crate::features::roles::PathRoleName;
use crate::http::{Body, JsonReply, PathId, Precondition};
use crate::problem::Problem;
use crate::state::AppState;

/// Replace a user's roles
///
/// Nobody can give or take a role that permits more than they may do themselves, nor change the roles of such a user.
#[utoipa::path(
    tag = "users",
    operation_id = "users_roles_replace",
    params(
        ("id" = uuid::Uuid, Path, description = "The user's id"),
        ("If-Match" = Option<String>, Header, description = "Change them only if this still is their tag")
    ),
    request_body = RoleReplacement,
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`last_admin`"),
        (status = 422, description = "`unknown_role`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[put("/users/{id}/roles")]
pub(crate) async fn replace(
    authorized: FreshlyAuthorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
    precondition: Precondition,
    body: Body<RoleReplacement>,
) -> Result<JsonReply, Problem> {
    let names = body.0.roles;
    reply(
        &state
            .act(authorized.into_authorized(), move |act| role_assignment::replace(act, id.0, &precondition, &names))
            .await?,
    )
}

/// Give a user a role
///
/// Nothing happens if they have it.
#[utoipa::path(
    tag = "users",
    operation_id = "users_roles_add",
    params(
        ("id" = uuid::Uuid, Path, description = "The user's id"),
        ("name" = String, Path, description = "The role's name")
    ),
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 422, description = "`unknown_role`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[put("/users/{id}/roles/{name}")]
pub(crate) async fn add(
    authorized: FreshlyAuthorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
    role: PathRoleName,
) -> Result<JsonReply, Problem> {
    reply(&state.act(authorized.into_authorized(), move |act| role_assignment::add(act, id.0, &role.0)).await?)
}

/// Take a role from a user
///
/// Nothing happens if they don't have it.
#[utoipa::path(
    tag = "users",
    operation_id = "users_roles_remove",
    params(
        ("id" = uuid::Uuid, Path, description = "The user's id"),
        ("name" = String, Path, description = "The role's name")
    ),
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`last_admin`"),
        (status = 422, description = "`unknown_role`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[delete("/users/{id}/roles/{name}")]
pub(crate) async fn remove(
    authorized: FreshlyAuthorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
    role: PathRoleName,
) -> Result<JsonReply, Problem> {
    reply(&state.act(authorized.into_authorized(), move |act| role_assignment::remove(act, id.0, &role.0)).await?)
}
