//! Acting in somebody's name: who may, what it reaches, when it ends, and what is written down of it.

mod beginning;
mod endings;
mod reach;
mod trail;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::harness::{Answer, Client, PASSWORD, Server, SignedIn};

const ANN: &str = "ann@example.com";
const HELPER: &str = "helper@example.com";
const MINUTE: Duration = Duration::from_secs(60);

fn ask(by: &Client, user: &str) -> Answer {
    by.post(&format!("/users/{user}/impersonate"), json!({"reason": "Ticket 4711"}))
}

/// Acts in the name of a user.
#[track_caller]
fn impersonate(by: &SignedIn, user: &str) -> Client {
    by.with_token(ask(by, user).expect(200)["access_token"].as_str().unwrap())
}

/// Somebody who may act in the name of others who may see users, and Ann, who is such a user.
fn helper_and_ann(server: &Server) -> (SignedIn, SignedIn) {
    let helper = server.member(HELPER, &["users:read", "users:impersonate"]);
    (helper, server.member(ANN, &["users:read"]))
}

/// Signs in again, so that the proof is fresh.
fn again(server: &Server, email: &str) -> SignedIn {
    server.stranger().sign_in(email, PASSWORD)
}

fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}
