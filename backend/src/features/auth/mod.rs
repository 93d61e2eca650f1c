//! Signing in and out: registration, passwords, refresh tokens, the first administrator.

mod address_limit;
mod answer;
mod challenge;
mod device_cookie;
pub mod first_administrator;
mod handlers;
mod model;
mod own_password;
mod password_policy;
mod queries;
mod refresh_cookie;
mod refusal;
mod registration;
mod service;
mod sign_in;

pub use password_policy::{AcceptedPassword, EnteredPassword, LONGEST_PASSWORD, accept};
pub(crate) use queries::void_tokens_of_user;

use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .service(handlers::register)
        .service(handlers::login)
        .service(handlers::refresh)
        .service(handlers::logout)
        .service(handlers::reauthenticate)
        .service(handlers::change_password)
        .service(handlers::change_required_password)
        .service(handlers::set_up);
}
