//! On the way to a provider.

use std::net::IpAddr;
use std::time::Duration;

use uuid::Uuid;

use super::binding::{Derived, LIFETIME};
use super::queries::{self, RequestRow};
use crate::crypto::opaque_token::OpaqueToken;
use crate::features::attempts::{self, Bucket, Counted, Rule};
use crate::oidc::{Authorization, Failure, Provider};
use crate::problem::{Code, Problem};
use crate::state::AppState;

const LONGEST_NEXT: usize = 512;

/// Why somebody goes to a provider.
pub(super) enum Purpose {
    /// To sign in, and go on to a page.
    SignIn(LocalPath),
    /// To link what they are there to a user, in a session.
    Link(Uuid, Option<Uuid>),
}

/// A page of the application: never of another host, whatever a link says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LocalPath(String);

impl LocalPath {
    /// The start page for what is no path here. Browsers read `//host` and `/\host` as addresses of other hosts, and leave out
    /// tabs and line breaks before they look.
    pub(super) fn of(text: Option<&str>) -> Self {
        let is_local = |text: &&str| {
            text.len() <= LONGEST_NEXT
                && text.starts_with('/')
                && !text.starts_with("//")
                && text.chars().all(|letter| letter.is_ascii_graphic() && letter != '\\')
        };
        Self(text.filter(is_local).unwrap_or("/").to_owned())
    }
}

/// Where a browser goes, and what it takes along.
pub(super) struct Departure {
    pub(super) url: String,
    pub(super) browser: OpaqueToken,
}

/// Where the provider sends people back to.
pub(super) fn redirect_uri(state: &AppState, provider: &Provider) -> String {
    format!("{}/api/v1/auth/oidc/{}/callback", state.public_url.as_str(), provider.settings.name)
}

/// Sends somebody to a provider.
///
/// # Errors
/// `rate_limited`. Inside, that the provider can't be reached.
pub(super) async fn depart(
    state: &AppState,
    provider: &Provider,
    purpose: Purpose,
    address: Option<IpAddr>,
) -> Result<Result<Departure, Failure>, Problem> {
    let (browser, token, now) = (OpaqueToken::generate(), OpaqueToken::generate(), state.clock.now());
    let derived = Derived::from(&browser, &token);
    let redirect_uri = redirect_uri(state, provider);
    let authorization = Authorization {
        redirect_uri: &redirect_uri,
        state: token.expose(),
        nonce: &derived.nonce,
        verifier: &derived.verifier,
    };
    let url = match provider.authorization_url(&authorization, &derived.challenge(), now).await {
        Ok(url) => url.to_string(),
        Err(failure) => return Ok(Err(failure)),
    };
    let (next, user_id, session_id) = match purpose {
        Purpose::SignIn(next) => (next, None, None),
        Purpose::Link(user_id, session_id) => (LocalPath::of(None), Some(user_id), session_id),
    };
    let row = RequestRow {
        state_hash: token.hash(),
        browser_hash: browser.hash(),
        provider: provider.settings.name.clone(),
        next: next.0,
        user_id: user_id.map(|id| id.to_string()),
        session_id: session_id.map(|id| id.to_string()),
        expires_at: now.plus(Duration::from_secs(LIFETIME.into())),
    };
    let (bucket, rule) = (Bucket::address(Counted::Departures, address), Rule::of_address(&state.settings.lockout));
    let refusal = state
        .database
        .write_lightly(move |connection| {
            let refusal = attempts::count_request(connection, bucket, &rule, now)?;
            if refusal.is_none() {
                queries::insert(connection, &row)?;
            }
            Ok::<_, Problem>(refusal)
        })
        .await?;
    match refusal {
        Some(refusal) => Err(Problem::wait(Code::RateLimited, refusal.wait(now))),
        None => Ok(Ok(Departure { url, browser })),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_on_to_another_host() {
        for local in ["/", "/users", "/users?filter=a%3Aeq%3Ab#top", "/a//b"] {
            assert_eq!(LocalPath::of(Some(local)).0, local);
        }
        let long = format!("/{}", "a".repeat(LONGEST_NEXT));
        for foreign in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
            "users",
            "",
            "/\t/evil.example",
            "/a b",
            &long,
        ] {
            assert_eq!(LocalPath::of(Some(foreign)).0, "/", "{foreign}");
        }
    }
}
