//! Signing in and out: registration, passwords, refresh tokens, the first administrator.

mod address_limit;
mod answer;
mod challenge;
mod credentials;
mod email_change;
mod email_verification;
mod fields;
pub mod first_administrator;
mod handlers;
mod invitation;
mod link_handlers;
mod link_requests;
mod links;
mod magic_link;
mod model;
mod new_device;
mod oidc;
mod one_time_token;
mod own_password;
mod passkey_handlers;
mod passkey_sign_in;
mod password_policy;
mod password_reset;
mod proof;
mod queries;
mod refresh_cookie;
mod refusal;
mod registration;
mod second_factor;
mod second_factor_handlers;
mod service;
mod sign_in;
mod steps;
mod ways_in;

pub use link_requests::work as answer_link_requests;
pub use links::{AwaitedLink, invite, send_awaited};
pub(crate) use oidc::forget_expired_requests;
pub use password_policy::{
    AcceptedHash, AcceptedPassword, BreachedPasswords, Comparison, EnteredPassword, LONGEST_PASSWORD, Owner,
    StrengthMeter, accept,
};
pub(crate) use queries::{forget_expired_tokens, has_password, void_tokens_of_user};
pub(crate) use ways_in::must_keep_a_way_in;

use crate::features::devices::cookie as device_cookie;
use crate::http::Routes;

/// The routes under `/api/v1`.
pub fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .service(handlers::register)
        .service(handlers::login)
        .service(second_factor_handlers::prove)
        .service(second_factor_handlers::mail_code)
        .service(second_factor_handlers::ask_for_passkey)
        .service(passkey_handlers::begin)
        .service(passkey_handlers::sign_in)
        .service(passkey_handlers::begin_to_reauthenticate)
        .service(handlers::refresh)
        .service(handlers::logout)
        .service(handlers::reauthenticate)
        .service(handlers::change_password)
        .service(handlers::change_required_password)
        .service(handlers::set_up)
        .service(link_handlers::forgot_password)
        .service(link_handlers::reset_password)
        .service(link_handlers::request_email_verification)
        .service(link_handlers::verify_email)
        .service(link_handlers::change_email)
        .service(link_handlers::confirm_email_change)
        .service(link_handlers::accept_invitation)
        .service(link_handlers::request_magic_link)
        .service(link_handlers::redeem_magic_link)
        .service(oidc::start)
        .service(oidc::come_back)
        .service(oidc::redeem)
        .service(oidc::link);
}
