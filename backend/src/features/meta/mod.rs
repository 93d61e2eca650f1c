//! What Reeve tells about itself to anybody: its configuration, its contract, its health.

mod documentation;
mod handlers;

use utoipa_actix_web::service_config::ServiceConfig;

pub use documentation::serve_documentation;
pub(crate) use handlers::key_set;

/// The routes under `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::config).service(handlers::live).service(handlers::ready).service(handlers::openapi);
}
