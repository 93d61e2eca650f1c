//! Acting in somebody's name, to see what they see: see decision 14.

mod handlers;
mod model;
mod service;

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::begin);
}
