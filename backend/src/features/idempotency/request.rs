//! What makes two requests the same.

use actix_web::dev::ServiceRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// A hash of all that the request asks for.
pub(super) fn fingerprint(request: &ServiceRequest, body: &[u8]) -> String {
    let mut hash = Sha256::new();
    for part in [request.path().as_bytes(), request.query_string().as_bytes(), &without_secrets(body)] {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    URL_SAFE_NO_PAD.encode(hash.finalize())
}

/// The store must not hold a fast hash of a password, from which the password could be guessed.
fn without_secrets(body: &[u8]) -> Vec<u8> {
    match serde_json::from_slice::<Value>(body) {
        Ok(Value::Object(mut fields)) => {
            fields.retain(|name, _| !name.contains("password"));
            Value::Object(fields).to_string().into_bytes()
        }
        _ => body.to_vec(),
    }
}
