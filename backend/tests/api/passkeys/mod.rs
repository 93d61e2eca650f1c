//! Passkeys.

mod authenticator;
mod reauthentication;
mod registration;
mod removal;
mod second_factor;
mod sign_in;

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Answer, Client, Server, SignedIn};
pub use authenticator::Passkey;

const ANN: &str = "ann@example.com";
const MINUTE: Duration = Duration::from_secs(60);

/// A passkey that somebody has just added.
pub fn add(server: &Server, session: &SignedIn) -> Passkey {
    let options = session.post("/me/passkeys/options", json!({})).expect(200);
    let passkey = Passkey::new(server, &options);
    present(session, &options, passkey.attestation(&options)).expect(201);
    passkey
}

fn present(session: &SignedIn, options: &Value, credential: Value) -> Answer {
    session.post("/me/passkeys", json!({"ceremony": options["ceremony"], "name": "Phone", "credential": credential}))
}

/// What a stranger is asked.
fn asked(client: &Client) -> Value {
    client.post("/auth/passkey/options", json!({})).expect(200)
}

fn answer(client: &Client, options: &Value, credential: Value) -> Answer {
    client.post("/auth/passkey", json!({"ceremony": options["ceremony"], "credential": credential}))
}

fn sign_in(client: &Client, passkey: &mut Passkey) -> Answer {
    let options = asked(client);
    answer(client, &options, passkey.assertion(&options))
}

fn wrong(answer: &Answer) {
    answer.problem(401, "invalid_credentials");
}

/// The session that a refresh token goes on with, whose proof is too old for what matters.
fn stale(server: &Server, session: &SignedIn) -> SignedIn {
    server.clock.advance(16 * MINUTE);
    server.stranger().signed_in(&server.stranger().refresh(&session.refresh_token))
}
