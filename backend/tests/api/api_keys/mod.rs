//! API keys: how they are made, what they may do and never reach, and when they end.

mod administration;
mod creation;
mod endings;
mod scopes;
mod secrecy;
mod usage;

use serde_json::{Value, json};

use crate::harness::{Client, SignedIn};

const ANN: &str = "ann@example.com";

/// Makes a key for oneself.
#[track_caller]
fn create(by: &SignedIn, body: Value) -> Value {
    by.post("/me/api-keys", body).expect(201)
}

/// A program that presents a key.
#[track_caller]
fn with_key(client: &Client, created: &Value) -> Client {
    client.with_token(created["key"].as_str().unwrap())
}

/// A key for all that somebody may do, in use.
#[track_caller]
fn key_of(by: &SignedIn) -> Client {
    with_key(by, &create(by, json!({"name": "everything"})))
}

fn id(created: &Value) -> &str {
    created["id"].as_str().unwrap()
}

/// A new service account with roles; its id.
#[track_caller]
fn service_account(admin: &SignedIn, roles: &[&str]) -> String {
    let body = json!({"email": "robot@example.com", "kind": "service", "roles": roles});
    id(&admin.post("/users", body).expect(201)).to_owned()
}
