use actix_web::{get, web};

use super::model::{Overview, Period};
use super::queries;
use crate::access::{Authorized, Permission, UsersRead};
use crate::http::{JsonReply, json};
use crate::problem::Problem;
use crate::state::AppState;

/// How things stand
///
/// How many users there are, how many sign-ins there were on each day, and what somebody should look after.
#[utoipa::path(
    tag = "overview",
    operation_id = "overview_show",
    params(("days" = Option<i64>, Query, description = "How many days, today among them: 1 to 365, 30 unless given", minimum = 1, maximum = 365)),
    responses(
        (status = 200, description = "The overview", body = Overview),
        (status = 400, description = "`invalid_parameter`")
    ),
    extensions(("x-permission" = json!(UsersRead::NAME)))
)]
#[get("/overview")]
pub(super) async fn show(
    _: Authorized<UsersRead>,
    state: web::Data<AppState>,
    period: Period,
) -> Result<JsonReply, Problem> {
    let now = state.clock.now();
    json(&state.database.read(move |connection| queries::overview(connection, period, now)).await?)
}
