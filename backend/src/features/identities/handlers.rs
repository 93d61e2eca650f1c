use actix_web::{HttpResponse, delete, get, web};

use super::listing::Identities;
use super::model::IdentityView;
use super::service;
use crate::access::{Authenticated, FreshlyAuthenticated};
use crate::http::list::{List, ListParameters, Page};
use crate::http::{JsonReply, PathId, json};
use crate::problem::Problem;
use crate::state::AppState;

/// The accounts elsewhere that sign in to one's own
#[utoipa::path(
    tag = "account",
    operation_id = "account_identities_list",
    params(ListParameters),
    responses((status = 200, description = "The identities, the one that was used last first", body = Page<IdentityView>))
)]
#[get("/me/identities")]
pub(super) async fn list_own(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    list: List<Identities>,
) -> Result<JsonReply, Problem> {
    json(&service::list_own(&state, authenticated.actor.account.user.id, list.request).await?)
}

/// Unlink an account elsewhere
///
/// It does not sign in any more. Sessions go on.
#[utoipa::path(
    tag = "account",
    operation_id = "account_identities_unlink",
    params(("id" = uuid::Uuid, Path, description = "The identity's id")),
    responses(
        (status = 204, description = "It is unlinked"),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 409, description = "`last_sign_in_method`")
    )
)]
#[delete("/me/identities/{id}")]
pub(super) async fn unlink_own(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
    id: PathId,
) -> Result<HttpResponse, Problem> {
    service::unlink_own(&state, authenticated.into_caller(), id.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
