use actix_web::{get, post, web};

use super::catalogue::{CataloguePermission, Permissions, catalogue};
use super::explanation::{self, Explanation, Question};
use super::grants::{self, Grant, Grants};
use crate::access::{Authorized, Permission, RolesRead, UsersRead};
use crate::http::list::{List, ListParameters, Page, in_memory};
use crate::http::{Body, JsonReply, PathId, json};
use crate::problem::Problem;
use crate::state::AppState;

/// All that can be permitted
///
/// A role may also permit patterns, in which `*` stands for any one segment, and `*` alone for everything.
#[utoipa::path(
    tag = "permissions",
    operation_id = "permissions_list",
    params(ListParameters),
    responses((status = 200, description = "A page of the catalogue", body = Page<CataloguePermission>)),
    extensions(("x-permission" = json!(RolesRead::NAME)))
)]
#[get("/permissions")]
pub(super) async fn list(_: Authorized<RolesRead>, asked: List<Permissions>) -> Result<JsonReply, Problem> {
    json(&in_memory(&asked.request, catalogue())?)
}

/// Why somebody may do something
///
/// Takes `users:read` besides.
#[utoipa::path(
    tag = "permissions",
    operation_id = "access_explain",
    request_body = Question,
    responses(
        (status = 200, description = "Whether they may, and the roles that it comes from", body = Explanation),
        (status = 404, description = "`not_found`")
    ),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[post("/access/explain")]
pub(super) async fn explain(
    _: Authorized<UsersRead>,
    state: web::Data<AppState>,
    body: Body<Question>,
) -> Result<JsonReply, Problem> {
    let found = state.database.read(move |connection| explanation::explain(connection, &body.0)).await?;
    json(&found.ok_or_else(Problem::not_found)?)
}

/// What a user's roles permit
///
/// Each permission with the roles that it comes from. Whoever is inactive or not approved may do nothing of it.
#[utoipa::path(
    tag = "users",
    operation_id = "users_permissions_list",
    params(("id" = uuid::Uuid, Path, description = "The user's id"), ListParameters),
    responses((status = 200, description = "A page of permissions", body = Page<Grant>)),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[get("/users/{id}/permissions")]
pub(super) async fn list_of_user(
    _: Authorized<UsersRead>,
    state: web::Data<AppState>,
    id: PathId,
    asked: List<Grants>,
) -> Result<JsonReply, Problem> {
    let found = state.database.read(move |connection| grants::of_user(connection, id.0)).await?;
    json(&in_memory(&asked.request, found.ok_or_else(Problem::not_found)?)?)
}
