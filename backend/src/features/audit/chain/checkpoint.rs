//! Signed statements of which hash stood where: a JWT of a type of its own, so that it is never taken for an access token.

use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde::{Deserialize, Serialize};

use super::queries::{Checkpoint, Link};
use crate::crypto::key_ring::KeyRing;
use crate::db::Timestamp;

const TYPE: &str = "reeve-audit-checkpoint+jwt";

#[derive(Serialize, Deserialize)]
struct Claims {
    position: i64,
    hash: String,
    iat: i64,
}

impl Checkpoint {
    /// Signs where the chain stands; `None` while there is no key to sign with.
    pub(super) fn sign(keys: &KeyRing, head: &Link, now: Timestamp) -> Option<Self> {
        let key = keys.signing_key()?;
        let public_key = keys.public_keys(now).keys.into_iter().find(|public| public.kid == key.kid)?.x;
        let claims = Claims { position: head.position, hash: head.hash.clone(), iat: now.as_seconds() };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(TYPE.to_owned());
        header.kid = Some(key.kid.clone());
        let statement = jsonwebtoken::encode(&header, &claims, &key.encoding).ok()?;
        Some(Self { position: head.position, at: now, public_key, statement })
    }

    /// The hash that it states for its position; `None` if it was not signed by its key or is of another position.
    pub(super) fn stated_hash(&self) -> Option<String> {
        let header = jsonwebtoken::decode_header(&self.statement).ok()?;
        if header.typ.as_deref() != Some(TYPE) || header.alg != Algorithm::EdDSA {
            return None;
        }
        let key = DecodingKey::from_ed_components(&self.public_key).ok()?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_aud = false;
        let claims = jsonwebtoken::decode::<Claims>(&self.statement, &key, &validation).ok()?.claims;
        (claims.position == self.position).then_some(claims.hash)
    }
}
