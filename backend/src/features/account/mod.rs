//! Oneself: one's own user, as one may see and change it.

mod handlers;
mod model;
mod service;

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::get).service(handlers::patch).service(handlers::delete).service(handlers::export);
}
