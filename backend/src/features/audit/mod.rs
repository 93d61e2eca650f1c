//! The audit trail: who did what, on what, when, from where, and what changed.

mod exports;
mod handlers;
mod list;
mod model;
mod queries;
mod service;

use utoipa_actix_web::service_config::ServiceConfig;

pub use exports::record_export;
pub use service::{Change, Changes, Event, Outcome, Target, record, record_all};

/// The routes under `/api/v1`.
pub fn routes(config: &mut ServiceConfig) {
    config.service(handlers::list).service(handlers::export);
}
