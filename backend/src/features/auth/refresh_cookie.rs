//! The refresh token in a cookie: out of reach for scripts in the page, and of no use to other pages.

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::ORIGIN;

use crate::crypto::opaque_token::OpaqueToken;
use crate::db::Timestamp;
use crate::features::sessions::Session;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// `__Host-` binds the cookie to this host and to HTTPS (RFC 6265bis, section 4.1.3.2); over plain HTTP it has a plain name.
fn name(state: &AppState) -> &'static str {
    if state.public_url.is_https() { "__Host-reeve_refresh" } else { "reeve_refresh" }
}

fn cookie(state: &AppState, value: String) -> Cookie<'static> {
    Cookie::build(name(state), value)
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(state.public_url.is_https())
        .finish()
}

/// The cookie that keeps a session: with the browser, or until the session's end where it is to be remembered.
pub(super) fn set(state: &AppState, token: &OpaqueToken, session: &Session, now: Timestamp) -> Cookie<'static> {
    let mut cookie = cookie(state, token.expose().to_owned());
    if session.remember {
        let seconds = session.expires_at.as_seconds() - now.as_seconds();
        cookie.set_max_age(Duration::seconds(seconds.max(0)));
    }
    cookie
}

/// The cookie that takes the former away.
pub(super) fn clear(state: &AppState) -> Cookie<'static> {
    let mut cookie = cookie(state, String::new());
    cookie.set_max_age(Duration::ZERO);
    cookie
}

/// The token in the request's cookie, which only pages of ours may rely on.
///
/// # Errors
/// `origin_refused` when the request does not come from the public URL or an origin that is configured.
pub(super) fn read(state: &AppState, request: &HttpRequest) -> Result<Option<OpaqueToken>, Problem> {
    let Some(cookie) = request.cookie(name(state)) else { return Ok(None) };
    let origin = request.headers().get(ORIGIN).and_then(|origin| origin.to_str().ok()).unwrap_or_default();
    let known = origin == state.public_url.as_str()
        || state.settings.cors_origins.iter().any(|allowed| allowed.as_str() == origin);
    if known { Ok(Some(OpaqueToken::presented(cookie.value()))) } else { Err(Problem::new(Code::OriginRefused)) }
}
