//! Signed statements of which hash stood where: JWTs of types of their own, so that none is taken for another or for an access token.

use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use crate::crypto::key_ring::KeyRing;
use crate::db::Timestamp;

#[derive(Serialize, Deserialize)]
struct Claims {
    position: i64,
    hash: String,
    iat: i64,
}

/// A statement, and the key that signed it.
pub(super) struct Signed {
    pub(super) public_key: String,
    pub(super) statement: String,
}

/// Signs that `hash` stands at `position`; `None` while there is no key to sign with.
pub(super) fn sign(keys: &KeyRing, kind: &str, position: i64, hash: &str, now: Timestamp) -> Option<Signed> {
    let key = keys.signing_key()?;
    let public_key = keys.public_keys(now).keys.into_iter().find(|public| public.kid == key.kid)?.x;
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(kind.to_owned());
    header.kid = Some(key.kid.clone());
    let claims = Claims { position, hash: hash.to_owned(), iat: now.as_seconds() };
    let statement = jsonwebtoken::encode(&header, &claims, &key.encoding).ok()?;
    Some(Signed { public_key, statement })
}

/// The hash that a statement gives for `position`; `None` if it is of another kind or position, or not signed by its key.
pub(super) fn stated_hash(statement: &str, public_key: &str, kind: &str, position: i64) -> Option<String> {
    let header = jsonwebtoken::decode_header(statement).ok()?;
    if header.typ.as_deref() != Some(kind) || header.alg != Algorithm::EdDSA {
        return None;
    }
    let key = DecodingKey::from_ed_components(public_key).ok()?;
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let claims = jsonwebtoken::decode::<Claims>(statement, &key, &validation).ok()?.claims;
    (claims.position == position).then_some(claims.hash)
}
