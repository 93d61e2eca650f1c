//! API keys: what programs present instead of signing in.

mod bodies;
mod handlers;
mod listing;
mod model;
mod queries;
mod service;

use crate::http::Routes;

pub use model::ApiKey;
pub use service::{delete_all_of_user, views_of_user};

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .service(handlers::list_own)
        .service(handlers::create_own)
        .service(handlers::delete_own)
        .service(handlers::list_of_user)
        .service(handlers::create_of_user)
        .service(handlers::delete_of_user);
}
