//! Signing in with an account elsewhere (OpenID Connect).

mod endings;
mod hostile;
mod linking;
mod provisioning;
mod sign_in;

use std::sync::Arc;

use reqwest::Url;
use serde_json::{Value, json};

use crate::harness::{Answer, OidcProvider, Server, SignedIn, Store, Traveller};

const ANN: &str = "ann@example.com";

/// A server whose people sign in with a provider that is certified, called `corporate`.
fn start(store: &Arc<Store>, provider: &OidcProvider, options: &[(&str, &str)]) -> Server {
    let server = Server::start(store, &[&settings(&provider.issuer), options].concat());
    provider.serve(&server, "corporate");
    server
}

fn settings(issuer: &str) -> Vec<(&str, &str)> {
    vec![
        ("oidc.corporate.issuer", issuer),
        ("oidc.corporate.label", "Example Corporation"),
        ("oidc.corporate.client_id", "reeve"),
        ("oidc.corporate.client_secret", "a secret: of 100%"),
    ]
}

fn at(server: &Server, path: &str) -> Url {
    Url::parse(&format!("{}{path}", server.state.public_url.as_str())).unwrap()
}

/// Whether it is a page of the application, not of the API.
fn is_page(server: &Server) -> impl Fn(&Url) -> bool {
    let origin = at(server, "/").origin();
    move |url| url.origin() == origin && !url.path().starts_with("/api/")
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// Goes to the provider, signs in there, and comes back.
fn visit(server: &Server, browser: &mut Traveller, name: &str) -> Url {
    let start = at(server, "/api/v1/auth/oidc/corporate/start?next=%2Fusers");
    browser.sign_in_at(&start, Some(name), is_page(server))
}

fn redeem(server: &Server, browser: &Traveller, code: &str) -> Answer {
    let cookies = browser.cookies(&at(server, "/"));
    let request = server.stranger().request("POST", "/auth/oidc/redeem").header("cookie", &cookies);
    request.json(&json!({"code": code})).send()
}

/// Signs in with the provider, which must succeed.
#[track_caller]
fn sign_in(server: &Server, name: &str) -> SignedIn {
    let mut browser = Traveller::new();
    let page = visit(server, &mut browser, name);
    assert_eq!(page.path(), "/signed-in-elsewhere", "{page}");
    let code = parameter(&page, "code").unwrap();
    server.stranger().signed_in(&redeem(server, &browser, &code))
}

/// Why the way to the provider and back ends at the page to sign in.
#[track_caller]
fn refusal(server: &Server, name: &str) -> String {
    let page = visit(server, &mut Traveller::new(), name);
    assert_eq!(page.path(), "/sign-in", "{page}");
    parameter(&page, "error").unwrap()
}

/// Links what somebody is at the provider to the account that they are signed in to: how it ended.
fn link(server: &Server, who: &SignedIn, name: &str) -> String {
    let mut browser = Traveller::new();
    let url = begin_link(server, who, &mut browser);
    let page = browser.sign_in_at(&url, Some(name), is_page(server));
    assert_eq!(page.path(), "/account", "{page}");
    parameter(&page, "identity").unwrap()
}

fn begin_link(server: &Server, who: &SignedIn, browser: &mut Traveller) -> Url {
    let answer = who.post("/me/identities", json!({"provider": "corporate"}));
    browser.keep(&at(server, "/"), &answer.headers);
    Url::parse(answer.expect(200)["url"].as_str().unwrap()).unwrap()
}

fn events(server: &Server, action: &str) -> Value {
    server.admin().get(&format!("/audit?filter=action:eq:{action}")).expect(200)
}
