//! The key: which requests take one, and what it may be. The contract and the middleware both say what stands here.

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use serde_json::{Value, json};

use crate::problem::{Code, Problem};

/// The header, as the contract names it.
pub const HEADER: &str = "Idempotency-Key";
const LONGEST: usize = 255;

/// Whether a POST to a path takes a key.
///
/// Signing in, setting up a second factor or a passkey, linking accounts elsewhere, making API keys and acting in somebody's name are
/// left out: the answers are credentials, which must not be kept, or good for one moment.
pub fn takes_key(path: &str) -> bool {
    let left_out = ["/api/v1/auth/", "/api/v1/me/mfa/", "/api/v1/me/passkeys", "/api/v1/me/identities"];
    let ends = ["/api-keys", "/impersonate"];
    !left_out.iter().any(|start| path.starts_with(start)) && !ends.iter().any(|end| path.ends_with(end))
}

/// Whether a request may carry a key.
pub(super) fn may_carry(request: &ServiceRequest) -> bool {
    // The router undoes percent-encoding, which nothing in the contract's paths needs: what decides by a path's text does not
    // know such a path, and could keep a secret or answer somebody who may no longer ask.
    let is_plain = !request.path().contains('%');
    request.method() == Method::POST && is_plain && takes_key(request.path())
}

/// The header's description in the OpenAPI document.
pub fn parameter() -> Value {
    json!({
        "name": HEADER,
        "in": "header",
        "required": false,
        "description": "Makes it safe to send the request again: the same caller, key and request get the same answer within 24 hours, and it has one effect. While the first is being served another is refused with `conflict`; a key that came with another request is refused with `idempotency_key_reused`. A random UUID is a good key.",
        "schema": {
            "type": "string",
            "minLength": 1,
            "maxLength": LONGEST,
            // Blanks around a header's value are no part of it.
            "pattern": "^[!-~]([ -~]*[!-~])?$"
        },
        "example": "5f0c1c4e-6d0b-4d0e-9d3c-0d9c7a1b2e3f"
    })
}

/// The request's key, if it has one.
///
/// # Errors
/// `invalid_request` for one that the contract doesn't allow.
pub(super) fn read(request: &ServiceRequest) -> Result<Option<String>, Problem> {
    let mut values = request.headers().get_all(HEADER);
    let Some(value) = values.next() else { return Ok(None) };
    let is_printable = value.as_bytes().iter().all(|byte| matches!(byte, b' '..=b'~'));
    match value.to_str() {
        Ok(key) if is_printable && (1..=LONGEST).contains(&key.len()) && values.next().is_none() => {
            Ok(Some(key.to_owned()))
        }
        _ => Err(Problem::with_detail(
            Code::InvalidRequest,
            format!("There is one {HEADER}, of 1 to {LONGEST} printable ASCII characters"),
        )),
    }
}
