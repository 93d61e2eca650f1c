use actix_web::{get, web};

use super::listing::SignIns;
use super::model::SignIn;
use super::queries;
use crate::access::Authenticated;
use crate::http::list::{List, ListParameters, Page};
use crate::http::{JsonReply, json};
use crate::problem::Problem;
use crate::state::AppState;

/// Who signed in to one's own account, or tried to
///
/// Refused attempts are shown with their address and client too: it is by these that people tell somebody else's attempts
/// from their own. While attempts are refused because there were too many, one a minute is noted.
#[utoipa::path(
    tag = "account",
    operation_id = "account_sign_ins_list",
    params(ListParameters),
    responses((status = 200, description = "A page of sign-ins, the newest first unless sorted otherwise", body = Page<SignIn>))
)]
#[get("/me/sign-ins")]
pub(super) async fn list_own(
    authenticated: Authenticated,
    state: web::Data<AppState>,
    list: List<SignIns>,
) -> Result<JsonReply, Problem> {
    let user_id = authenticated.actor.account.user.id;
    json(&state.database.read(move |connection| queries::of_user(connection, user_id, &list.request)).await?)
}
