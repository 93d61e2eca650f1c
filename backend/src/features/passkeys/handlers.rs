use actix_web::{HttpResponse, delete, get, patch, post, web};

use super::listing::Passkeys;
use super::model::{CeremonyOptions, PasskeyAddition, PasskeyPatch, PasskeyView};
use super::{queries, registration};
use crate::access::{Authenticated, FreshlyAuthenticated};
use crate::http::list::{List, ListParameters, Page, in_memory};
use crate::http::{Body, JsonReply, PathId, created_without_tag, json};
use crate::problem::Problem;
use crate::state::AppState;

/// One's own passkeys
#[utoipa::path(
    tag = "account",
    operation_id = "account_passkeys_list",
    params(ListParameters),
    responses((status = 200, description = "The passkeys, the oldest first", body = Page<PasskeyView>))
)]
#[get("/me/passkeys")]
pub(super) async fn list(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    list: List<Passkeys>,
) -> Result<JsonReply, Problem> {
    let user_id = authenticated.actor.account.user.id;
    let items = state.database.read(move |connection| queries::views_of_user(connection, user_id)).await?;
    json(&in_memory(&list.request, items)?)
}

/// Begin to add a passkey
///
/// What the browser is to ask an authenticator. Nothing changes until the answer is presented.
#[utoipa::path(
    tag = "account",
    operation_id = "account_passkeys_begin",
    responses(
        (status = 200, description = "What to ask the authenticator", body = CeremonyOptions),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 409, description = "`passkeys_unavailable`, `too_many_passkeys`")
    )
)]
#[post("/me/passkeys/options")]
pub(super) async fn begin(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
) -> Result<JsonReply, Problem> {
    json(&registration::begin(&state, authenticated.into_caller()).await?)
}

/// Add a passkey
///
/// By what an authenticator answered. From then on it signs in, and stands for a second factor.
#[utoipa::path(
    tag = "account",
    operation_id = "account_passkeys_add",
    request_body = PasskeyAddition,
    responses(
        (status = 201, description = "The passkey", body = PasskeyView, headers(("Location" = String, description = "Where it is"))),
        (status = 400, description = "`invalid_token`"),
        (status = 409, description = "`passkey_taken`, `passkeys_unavailable`, `too_many_passkeys`"),
        (status = 422, description = "`validation_failed`; the code of the field `credential` is `not_verified` if it is not what was asked for")
    )
)]
#[post("/me/passkeys")]
pub(super) async fn add(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    body: Body<PasskeyAddition>,
) -> Result<JsonReply, Problem> {
    let passkey = registration::add(&state, authenticated.into_caller(), body.0).await?;
    created_without_tag(&format!("/api/v1/me/passkeys/{}", passkey.id), &passkey)
}

/// Rename one of one's own passkeys
#[utoipa::path(
    tag = "account",
    operation_id = "account_passkeys_rename",
    params(("id" = uuid::Uuid, Path, description = "The passkey's id")),
    request_body(content((PasskeyPatch = "application/json"), (PasskeyPatch = "application/merge-patch+json"))),
    responses((status = 200, description = "The passkey, renamed", body = PasskeyView))
)]
#[patch("/me/passkeys/{id}")]
pub(super) async fn rename(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    id: PathId,
    body: Body<PasskeyPatch>,
) -> Result<JsonReply, Problem> {
    json(&registration::rename(&state, authenticated.into_caller(), id.0, body.0.name).await?)
}

/// Remove one of one's own passkeys
///
/// It signs in no more. Sessions that it opened go on.
#[utoipa::path(
    tag = "account",
    operation_id = "account_passkeys_remove",
    params(("id" = uuid::Uuid, Path, description = "The passkey's id")),
    responses(
        (status = 204, description = "The passkey is unknown"),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`")
    )
)]
#[delete("/me/passkeys/{id}")]
pub(super) async fn remove(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    registration::remove(&state, authenticated.into_caller(), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
