//! Permissions: what can be permitted, and why somebody may do something.

mod catalogue;
mod explanation;
mod handlers;

use utoipa_actix_web::service_config::ServiceConfig;

/// The routes under `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::list).service(handlers::explain);
}
