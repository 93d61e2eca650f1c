//! The audit trail: who did what, on what, when, from where, and what changed.

mod chain;
mod exports;
mod handlers;
mod list;
mod model;
mod queries;
mod retention;
mod service;
mod terms;

pub use chain::{CheckedFile, Finding, Report, keep_linked, link_all, verify, verify_file};
pub use exports::record_export;
pub(crate) use model::AuditEvent;
pub(crate) use queries::events_about;
pub use retention::trim;
pub use service::{Change, Changes, Event, Outcome, Target, record, record_all};

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::list).service(handlers::export);
}
