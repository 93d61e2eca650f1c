//! What Reeve tells about itself to anybody: its configuration, its contract, its health.

mod documentation;
mod handlers;

pub use documentation::documentation;
pub(crate) use handlers::key_set;

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::config).service(handlers::live).service(handlers::ready).service(handlers::openapi);
}
