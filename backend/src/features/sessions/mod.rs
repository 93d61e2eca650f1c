//! Sessions: one sign-in of one user on one device, a family of rotating refresh tokens.

mod ending;
mod handlers;
mod listing;
mod model;
mod queries;
mod rotation;
mod service;

pub use ending::{EndReason, end, end_all_of_user};
pub use model::{Impersonator, Session, SessionView};
pub(crate) use queries::is_known_origin;
pub use rotation::{Rotation, find_by_refresh_token, rotate};
pub use service::{NewSession, find, note_second_factor, open, open_impersonation, purge, renew_proof, views_of_user};

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
