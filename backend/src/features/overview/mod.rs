//! The start page of those who look after people: how many there are, who signed in, and what wants attention.

mod handlers;
mod model;
mod queries;

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::show);
}
