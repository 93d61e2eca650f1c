//! Sessions: one sign-in of one user on one device, a family of rotating refresh tokens.

mod handlers;
mod listing;
mod model;
mod queries;
mod service;

pub use model::{Impersonator, Session, SessionView};
pub(crate) use queries::is_known_origin;
pub use service::{
    EndReason, NewSession, Rotation, end, end_all_of_user, find, find_by_refresh_token, open, open_impersonation,
    purge, renew_proof, rotate, views_of_user,
};

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .service(handlers::list_own)
        .service(handlers::end_own)
        .service(handlers::end_own_others)
        .service(handlers::list_of_user)
        .service(handlers::end_of_user);
}
