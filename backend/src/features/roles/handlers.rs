use actix_web::{HttpResponse, delete, get, patch, post, put, web};

use super::bodies::{PermissionReplacement, RoleCreation, RolePatch};
use super::list::Roles;
use super::model::Role;
use super::queries;
use super::service::{self, NewRole, RoleChange};
use crate::access::{Authorized, FreshlyAuthorized, Permission, RolesDelete, RolesRead, RolesWrite, UsersRead};
use crate::features::users::{self, User, UsersOfRole};
use crate::http::list::{List, ListParameters, Page};
use crate::http::{Body, JsonReply, PathId, Precondition, created, json, json_with_tag};
use crate::problem::Problem;
use crate::state::AppState;

/// All roles
#[utoipa::path(
    tag = "roles",
    operation_id = "roles_list",
    params(ListParameters),
    responses((status = 200, description = "A page of roles, by name unless sorted otherwise", body = Page<Role>)),
    extensions(("x-permission" = json!(RolesRead::NAME)))
)]
#[get("/roles")]
pub(super) async fn list(
    _: Authorized<RolesRead>,
    state: web::Data<AppState>,
    asked: List<Roles>,
) -> Result<JsonReply, Problem> {
    json(&state.database.read(move |connection| queries::list(connection, &asked)).await?)
}

/// Create a role
///
/// Nobody can create a role that permits more than they may do themselves.
#[utoipa::path(
    tag = "roles",
    operation_id = "roles_create",
    request_body = RoleCreation,
    responses(
        (status = 201, description = "The new role", body = Role, headers(
            ("Location" = String, description = "Its address"),
            ("ETag" = String, description = "The state's tag")
        )),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`role_name_taken`")
    ),
    extensions(("x-permission" = json!(RolesWrite::NAME)))
)]
#[post("/roles")]
pub(super) async fn create(
    authorized: Authorized<RolesWrite>,
    state: web::Data<AppState>,
    body: Body<RoleCreation>,
) -> Result<JsonReply, Problem> {
    let RoleCreation { name, description, permissions, mfa_required } = body.0;
    let new = NewRole {
        name,
        description: description.unwrap_or_default(),
        permissions,
        mfa_required: mfa_required.unwrap_or(false),
    };
    let role = state.act(authorized, move |act| service::create(act, &new)).await?;
    created(&format!("/api/v1/roles/{}", role.id), &role, &role.entity_tag())
}

/// One role
#[utoipa::path(
    tag = "roles",
    operation_id = "roles_get",
    params(("id" = uuid::Uuid, Path, description = "The role's id")),
    responses((status = 200, description = "The role", body = Role, headers(("ETag" = String, description = "The state's tag")))),
    extensions(("x-permission" = json!(RolesRead::NAME)))
)]
#[get("/roles/{id}")]
pub(super) async fn get(
    _: Authorized<RolesRead>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<JsonReply, Problem> {
    let found = state.database.read(move |connection| queries::find(connection, id.0)).await?;
    let role = found.ok_or_else(Problem::not_found)?;
    json_with_tag(&role, &role.entity_tag())
}

/// Change a role
///
/// Nobody can change a role that permits more than they may do themselves, nor make it so. A built-in role can be neither
/// renamed nor weakened.
#[utoipa::path(
    tag = "roles",
    operation_id = "roles_update",
    params(
        ("id" = uuid::Uuid, Path, description = "The role's id"),
        ("If-Match" = Option<String>, Header, description = "Change it only if this still is its tag")
    ),
    request_body(content((RolePatch = "application/json"), (RolePatch = "application/merge-patch+json"))),
    responses(
        (status = 200, description = "The role", body = Role, headers(("ETag" = String, description = "The state's tag"))),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`role_name_taken`, `protected_role`")
    ),
    extensions(("x-permission" = json!(RolesWrite::NAME)))
)]
#[patch("/roles/{id}")]
pub(super) async fn update(
    authorized: Authorized<RolesWrite>,
    state: web::Data<AppState>,
    id: PathId,
    precondition: Precondition,
    body: Body<RolePatch>,
) -> Result<JsonReply, Problem> {
    let change = RoleChange {
        name: body.0.name.into_option(),
        description: body.0.description.into_option().map(Option::unwrap_or_default),
        permissions: body.0.permissions.into_option(),
        mfa_required: body.0.mfa_required.into_option(),
    };
    let role = state.act(authorized, move |act| service::change(act, id.0, &precondition, &change)).await?;
    json_with_tag(&role, &role.entity_tag())
}

/// Replace what a role permits
#[utoipa::path(
    tag = "roles",
    operation_id = "roles_permissions_replace",
    params(
        ("id" = uuid::Uuid, Path, description = "The role's id"),
        ("If-Match" = Option<String>, Header, description = "Change it only if this still is its tag")
    ),
    request_body = PermissionReplacement,
    responses(
        (status = 200, description = "The role", body = Role, headers(("ETag" = String, description = "The state's tag"))),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`protected_role`")
    ),
    extensions(("x-permission" = json!(RolesWrite::NAME)))
)]
#[put("/roles/{id}/permissions")]
pub(super) async fn replace_permissions(
    authorized: FreshlyAuthorized<RolesWrite>,
    state: web::Data<AppState>,
    id: PathId,
    precondition: Precondition,
    body: Body<PermissionReplacement>,
) -> Result<JsonReply, Problem> {
    let change = RoleChange { permissions: Some(body.0.permissions), ..RoleChange::default() };
    let role =
        state.act(authorized.into_authorized(), move |act| service::change(act, id.0, &precondition, &change)).await?;
    json_with_tag(&role, &role.entity_tag())
}

/// Delete a role
///
/// Its users lose it. A built-in role can't be deleted.
#[utoipa::path(
    tag = "roles",
    operation_id = "roles_delete",
    params(
        ("id" = uuid::Uuid, Path, description = "The role's id"),
        ("If-Match" = Option<String>, Header, description = "Delete it only if this still is its tag")
    ),
    responses(
        (status = 204, description = "The role is gone"),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`protected_role`")
    ),
    extensions(("x-permission" = json!(RolesDelete::NAME)))
)]
#[delete("/roles/{id}")]
pub(super) async fn delete(
    authorized: Authorized<RolesDelete>,
    state: web::Data<AppState>,
    id: PathId,
    precondition: Precondition,
) -> Result<HttpResponse, Problem> {
    state.act(authorized, move |act| service::delete(act, id.0, &precondition)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The users who have a role
///
/// It shows users, so that it takes the permission to see them.
#[utoipa::path(
    tag = "roles",
    operation_id = "roles_users_list",
    params(("id" = uuid::Uuid, Path, description = "The role's id"), ListParameters),
    responses((status = 200, description = "A page of users", body = Page<User>)),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[get("/roles/{id}/users")]
pub(super) async fn list_users(
    _: Authorized<UsersRead>,
    state: web::Data<AppState>,
    id: PathId,
    asked: List<UsersOfRole>,
) -> Result<JsonReply, Problem> {
    let page = state
        .database
        .read(move |connection| match queries::find(connection, id.0)? {
            Some(role) => users::list_of_role(connection, role.id, &asked.request).map(Some),
            None => Ok(None),
        })
        .await?;
    json(&page.ok_or_else(Problem::not_found)?)
}
