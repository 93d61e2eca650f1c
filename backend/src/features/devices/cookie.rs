//! The cookie by which a browser is known again that somebody has signed in on. It opens nothing.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};

use super::service::LIFETIME;
use crate::crypto::opaque_token::OpaqueToken;
use crate::state::AppState;

/// As the refresh token's, for the same reasons.
fn name(state: &AppState) -> &'static str {
    if state.public_url.is_https() { "__Host-reeve_device" } else { "reeve_device" }
}

/// The cookie that tells a device, for as long as it is remembered.
pub(crate) fn set(state: &AppState, token: &OpaqueToken) -> Cookie<'static> {
    let seconds = i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX);
    Cookie::build(name(state), token.expose().to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(state.public_url.is_https())
        .max_age(Duration::seconds(seconds))
        .finish()
}

/// The token in the request's cookie. Whether it is one is for the store to say.
pub(crate) fn read(state: &AppState, request: &HttpRequest) -> Option<OpaqueToken> {
    request.cookie(name(state)).map(|cookie| OpaqueToken::presented(cookie.value()))
}
