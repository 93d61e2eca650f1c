//! Permissions: what can be permitted, and why somebody may do something.

mod catalogue;
mod explanation;
mod grants;
mod handlers;

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes.service(handlers::list).service(handlers::explain).service(handlers::list_of_user);
}
