//! Signing in and staying signed in.

mod access_token;
mod email_change;
mod email_verification;
mod invitation;
mod login;
mod logout;
mod magic_link;
mod password_change;
mod password_reset;
mod purposes;
mod reauthentication;
mod refresh;
mod refresh_cookie;
mod registration;
mod secrets;
mod setup;

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::{Value, json};

use crate::harness::Server;

const NEW_PASSWORD: &str = "another horse, another battery";
const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(86_400);

/// What a token says, after its signature was checked against the published keys.
fn verified(server: &Server, token: &str) -> (Header, Value) {
    let header = jsonwebtoken::decode_header(token).unwrap();
    let keys = server.stranger().get("/.well-known/jwks.json").expect(200);
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == header.kid.as_deref().unwrap()).unwrap();
    assert_eq!((&key["kty"], &key["crv"], &key["use"]), (&json!("OKP"), &json!("Ed25519"), &json!("sig")));
    assert!(key.get("d").is_none(), "a private key is published");
    let key = DecodingKey::from_ed_components(key["x"].as_str().unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_audience(&["reeve"]);
    validation.validate_exp = false;
    (header, jsonwebtoken::decode::<Value>(token, &key, &validation).unwrap().claims)
}
