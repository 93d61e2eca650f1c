use actix_web::get;

use super::model::Me;
use crate::access::Authenticated;
use crate::http::{JsonReply, json_with_tag};
use crate::problem::Problem;

/// Oneself, and what one may do
#[utoipa::path(
    tag = "account",
    operation_id = "account_get",
    responses((status = 200, description = "Oneself", body = Me, headers(("ETag" = String, description = "The state's tag"))))
)]
#[get("/me")]
pub(super) async fn get(authenticated: Authenticated) -> Result<JsonReply, Problem> {
    let account = &authenticated.actor.account;
    json_with_tag(&Me::of(account), &account.user.entity_tag())
}
