use actix_web::{HttpResponse, post, put, web};

use super::super::administration;
use super::super::bodies::PasswordReplacement;
use super::super::model::{MailedLink, User};
use super::super::password;
use super::reply;
use crate::access::{Authorized, FreshlyAuthorized, Permission, UsersWrite};
use crate::http::{Body, JsonReply, PathId};
use crate::problem::Problem;
use crate::state::AppState;

/// Let a user sign in
#[utoipa::path(
    tag = "users",
    operation_id = "users_activate",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 403, description = "`privilege_escalation`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/{id}/activate")]
pub(crate) async fn activate(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<JsonReply, Problem> {
    reply(&state.act(authorized, move |act| administration::activate(act, id.0)).await?)
}

/// Let a user no longer sign in
///
/// Their sessions end at once.
#[utoipa::path(
    tag = "users",
    operation_id = "users_deactivate",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`last_admin`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/{id}/deactivate")]
pub(crate) async fn deactivate(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<JsonReply, Problem> {
    reply(&state.act(authorized, move |act| administration::deactivate(act, id.0)).await?)
}

/// Let in a user who has registered
///
/// Approving does not verify the address.
#[utoipa::path(
    tag = "users",
    operation_id = "users_approve",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 403, description = "`privilege_escalation`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/{id}/approve")]
pub(crate) async fn approve(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<JsonReply, Problem> {
    reply(&state.act(authorized, move |act| administration::approve(act, id.0)).await?)
}

/// Let a user try again who failed to sign in too often
#[utoipa::path(
    tag = "users",
    operation_id = "users_unlock",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 403, description = "`privilege_escalation`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/{id}/unlock")]
pub(crate) async fn unlock(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<JsonReply, Problem> {
    reply(&state.act(authorized, move |act| administration::unlock(act, id.0)).await?)
}

/// Mail a user the link that they wait for
///
/// The one that verifies their address or, once that is verified, the one by which they choose a password: as an invitation, if it is
/// their first. Links of the same kind that were mailed before are void.
#[utoipa::path(
    tag = "users",
    operation_id = "users_mail_link",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 202, description = "The mail is on its way", body = MailedLink),
        (status = 403, description = "`privilege_escalation`"),
        (status = 409, description = "`no_link_awaited`: the user is a service account, not active or not approved")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/{id}/mail-link")]
pub(crate) async fn mail_link(
    authorized: Authorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    let link = state.act(authorized, move |act| administration::mail_link(act, id.0)).await?;
    Ok(HttpResponse::Accepted().json(MailedLink { link }))
}

/// Make whatever others may have got hold of useless
///
/// All sessions of the user end, their API keys are deleted, all links and challenges that are outstanding become void, a lock is
/// lifted, and the password must be changed at the next sign-in. If others may know the password itself, set another one.
#[utoipa::path(
    tag = "users",
    operation_id = "users_reset_access",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    responses(
        (status = 200, description = "The user", body = User, headers(("ETag" = String, description = "The state's tag"))),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[post("/users/{id}/reset-access")]
pub(crate) async fn reset_access(
    authorized: FreshlyAuthorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<JsonReply, Problem> {
    reply(&state.act(authorized.into_authorized(), move |act| administration::reset_access(act, id.0)).await?)
}

/// Set a user's password
///
/// All sessions of the user end; if it is one's own password, all but this one.
#[utoipa::path(
    tag = "users",
    operation_id = "users_password_set",
    params(("id" = uuid::Uuid, Path, description = "The user's id")),
    request_body = PasswordReplacement,
    responses(
        (status = 204, description = "The password is set"),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 403, description = "`privilege_escalation`")
    ),
    extensions(("x-permission" = json!(UsersWrite::NAME)))
)]
#[put("/users/{id}/password")]
pub(crate) async fn set_password(
    authorized: FreshlyAuthorized<UsersWrite>,
    state: web::Data<AppState>,
    id: PathId,
    body: Body<PasswordReplacement>,
) -> Result<HttpResponse, Problem> {
    let PasswordReplacement { password, must_change } = body.0;
    password::set(&state, authorized.into_authorized(), id.0, password, must_change.unwrap_or(false)).await?;
    Ok(HttpResponse::NoContent().finish())
}
