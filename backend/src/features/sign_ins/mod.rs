//! Signing in, looked back on: one's own, one by one, and everybody's, day by day. The audit trail is where they are.

mod days;
mod handlers;
mod listing;
mod model;
mod queries;

pub(crate) use days::per_day;
pub use days::{Day, DayCount, count_days_that_are_over};

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::list_own);
}
