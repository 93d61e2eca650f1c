//! What ties the way back from a provider to the browser that went there (RFC 9700, section 4.7).

use actix_web::HttpRequest;
use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::crypto::opaque_token::OpaqueToken;
use crate::state::AppState;

/// For how long somebody may be away, in seconds.
pub(super) const LIFETIME: u32 = 600;

/// As the refresh token's, for the same reasons.
fn name(state: &AppState) -> &'static str {
    if state.public_url.is_https() { "__Host-reeve_oidc" } else { "reeve_oidc" }
}

fn cookie(state: &AppState, value: String, lifetime: Duration) -> Cookie<'static> {
    Cookie::build(name(state), value)
        .path("/")
        .http_only(true)
        // The way back begins at another site: a strict cookie would stay behind.
        .same_site(SameSite::Lax)
        .secure(state.public_url.is_https())
        .max_age(lifetime)
        .finish()
}

/// The cookie that a browser takes to the provider.
pub(super) fn set(state: &AppState, browser: &OpaqueToken) -> Cookie<'static> {
    cookie(state, browser.expose().to_owned(), Duration::seconds(LIFETIME.into()))
}

/// The cookie that takes the former away.
pub(super) fn clear(state: &AppState) -> Cookie<'static> {
    cookie(state, String::new(), Duration::ZERO)
}

pub(super) fn read(state: &AppState, request: &HttpRequest) -> Option<OpaqueToken> {
    request.cookie(name(state)).map(|cookie| OpaqueToken::presented(cookie.value()))
}

/// What is derived from a browser's secret and one state of it.
pub(super) struct Derived {
    /// What the ID token has to hold.
    pub(super) nonce: String,
    /// What proves at the exchange that the code was asked for by the same browser (RFC 7636).
    pub(super) verifier: String,
}

impl Derived {
    pub(super) fn from(browser: &OpaqueToken, state: &OpaqueToken) -> Self {
        Self { nonce: derive("nonce", browser, state), verifier: derive("verifier", browser, state) }
    }

    /// The verifier's hash, method S256.
    pub(super) fn challenge(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(&self.verifier))
    }
}

/// Hashed inside and outside, so that nothing can be appended; the parts have a fixed length (RFC 2104).
fn derive(label: &str, browser: &OpaqueToken, state: &OpaqueToken) -> String {
    let inner = Sha256::new()
        .chain_update(Sha256::digest(format!("reeve oidc {label}")))
        .chain_update(Sha256::digest(browser.expose()))
        .chain_update(Sha256::digest(state.expose()))
        .finalize();
    URL_SAFE_NO_PAD.encode(Sha256::digest(inner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_derived_takes_both_the_browser_and_the_state_and_is_good_for_one_thing() {
        let (browser, state) = (OpaqueToken::generate(), OpaqueToken::generate());
        let derived = Derived::from(&browser, &state);
        assert_eq!(derived.nonce, Derived::from(&browser, &state).nonce);
        assert_ne!(derived.nonce, derived.verifier);
        assert_ne!(derived.verifier, Derived::from(&OpaqueToken::generate(), &state).verifier);
        assert_ne!(derived.verifier, Derived::from(&browser, &OpaqueToken::generate()).verifier);
        assert_eq!(derived.verifier.len(), 43);
    }
}
