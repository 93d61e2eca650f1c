//! Oneself: one's own user, as one may see and change it.

mod handlers;
mod model;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes under `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::get).service(handlers::patch);
}
