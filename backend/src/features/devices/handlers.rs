use actix_web::{HttpRequest, HttpResponse, delete, get, web};

use super::listing::Devices;
use super::model::DeviceView;
use super::{cookie, service};
use crate::access::Authenticated;
use crate::http::list::{List, ListParameters, Page};
use crate::http::{JsonReply, PathId, json};
use crate::problem::Problem;
use crate::state::AppState;

/// The browsers that one has signed in on
///
/// They are told apart by a cookie; whoever signs in without cookies has none. Signing in on another one is told to its
/// user by mail.
#[utoipa::path(
    tag = "account",
    operation_id = "account_devices_list",
    params(ListParameters),
    responses((status = 200, description = "The devices, the one that was used last first", body = Page<DeviceView>))
)]
#[get("/me/devices")]
pub(super) async fn list_own(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    request: HttpRequest,
    list: List<Devices>,
) -> Result<JsonReply, Problem> {
    let current = cookie::read(&state, &request);
    json(&service::list_own(&state, authenticated.actor.account.user.id, current, list.request).await?)
}

/// Forget one of one's own devices
///
/// It is unknown at the next sign-in. Sessions on it go on.
#[utoipa::path(
    tag = "account",
    operation_id = "account_devices_forget",
    params(("id" = uuid::Uuid, Path, description = "The device's id")),
    responses((status = 204, description = "The device is unknown"))
)]
#[delete("/me/devices/{id}")]
pub(super) async fn forget_own(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    service::forget_own(&state, authenticated.into_caller(), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Forget all of one's own other devices
///
/// All but the browser that asks, which is told by its cookie.
#[utoipa::path(
    tag = "account",
    operation_id = "account_devices_forget_others",
    responses((status = 204, description = "All other devices are unknown"))
)]
#[delete("/me/devices")]
pub(super) async fn forget_own_others(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let kept = cookie::read(&state, &request);
    service::forget_own_others(&state, authenticated.into_caller(), kept).await?;
    Ok(HttpResponse::NoContent().finish())
}
