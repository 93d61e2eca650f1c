//! What makes two requests the same.

use actix_web::dev::ServiceRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::problem::{Code, Problem};

/// The request's key, if it has one.
///
/// # Errors
/// `invalid_request` for a key that is empty, longer than 255 characters or not printable ASCII.
pub(super) fn key(request: &ServiceRequest) -> Result<Option<String>, Problem> {
    let Some(value) = request.headers().get("idempotency-key") else { return Ok(None) };
    match value.to_str() {
        Ok(key) if (1..=255).contains(&key.len()) => Ok(Some(key.to_owned())),
        _ => Err(Problem::with_detail(
            Code::InvalidRequest,
            "An Idempotency-Key has 1 to 255 printable ASCII characters",
        )),
    }
}

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
