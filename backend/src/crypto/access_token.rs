//! Access tokens: JWTs of the profile of RFC 9068, signed with Ed25519.

use std::time::Duration;

use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::key_ring::KeyRing;
use crate::db::Timestamp;
use crate::features::sessions::Session;

/// What an access token says (RFC 9068, section 2.2).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// Whom it is for.
    pub aud: String,
    /// The user.
    pub sub: Uuid,
    /// The session.
    pub sid: Uuid,
    /// The token itself.
    pub jti: Uuid,
    /// When it was issued, in seconds since the epoch.
    pub iat: i64,
    /// From when on it is refused.
    pub exp: i64,
    /// When the user, or whoever acts in their name, last proved who they are.
    pub auth_time: i64,
    /// Who acts in the user's name (RFC 8693, section 4.1).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub act: Option<ActorClaim>,
}

/// Who acts in the name of a token's subject (RFC 8693, section 4.1).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ActorClaim {
    /// The user who acts.
    pub sub: Uuid,
}

/// A token that was just signed.
pub struct IssuedToken {
    /// The token.
    pub token: String,
    /// How many seconds it lives.
    pub expires_in: u64,
}

/// Makes and checks access tokens of one issuer and audience.
#[derive(Clone)]
pub struct AccessTokens {
    keys: KeyRing,
    issuer: String,
    audience: String,
    lifetimes: Lifetimes,
}

/// How long tokens live.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// Those of a session of one's own, which are renewed.
    pub own: Duration,
    /// At most, those with which somebody acts in another's name, which are not.
    pub impersonation: Duration,
}

impl AccessTokens {
    /// For tokens that `keys` sign.
    pub fn new(keys: KeyRing, issuer: String, audience: String, lifetimes: Lifetimes) -> Self {
        Self { keys, issuer, audience, lifetimes }
    }

    /// How long a token lives at most: for so long the key is needed that signed it.
    pub fn longest_lifetime(&self) -> Duration {
        self.lifetimes.own.max(self.lifetimes.impersonation)
    }

    /// The keys behind the tokens.
    pub fn keys(&self) -> &KeyRing {
        &self.keys
    }

    /// A signed token for a session, which it never outlives; `None` while there is no key yet. Nothing renews an
    /// impersonation, so that its token lives as long as it.
    pub fn issue(&self, session: &Session, now: Timestamp) -> Option<IssuedToken> {
        let key = self.keys.signing_key()?;
        let expires_at = match session.impersonator_id {
            None => now.plus(self.lifetimes.own).min(session.expires_at),
            Some(_) => session.expires_at,
        };
        let claims = Claims {
            iss: self.issuer.clone(),
            aud: self.audience.clone(),
            sub: session.user_id,
            sid: session.id,
            jti: Uuid::now_v7(),
            iat: now.as_seconds(),
            exp: expires_at.as_seconds(),
            auth_time: session.auth_time.as_seconds(),
            act: session.impersonator_id.map(|sub| ActorClaim { sub }),
        };
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some("at+jwt".to_owned());
        header.kid = Some(key.kid.clone());
        let token = jsonwebtoken::encode(&header, &claims, &key.encoding).ok()?;
        Some(IssuedToken { token, expires_in: u64::try_from(claims.exp - claims.iat).unwrap_or_default() })
    }

    /// The claims of a token that one of our keys signed for this audience and that has not expired; anything else is `None`.
    pub fn verify(&self, token: &str, now: Timestamp) -> Option<Claims> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        // A JWT made for another purpose must not pass for an access token (RFC 8725, section 3.11).
        if header.typ.as_deref() != Some("at+jwt") || header.alg != Algorithm::EdDSA {
            return None;
        }
        let key = self.keys.verifying_key(&header.kid?)?;
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_audience(&[&self.audience]);
        validation.set_issuer(&[&self.issuer]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Expiry is checked against the clock that was passed in, without leeway: we are issuer and audience at once.
        validation.validate_exp = false;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()?.claims;
        (claims.exp > now.as_seconds()).then_some(claims)
    }

    /// The `kid` that a token claims, so that a key made on another node can be looked for.
    pub fn claimed_key(token: &str) -> Option<String> {
        jsonwebtoken::decode_header(token).ok()?.kid
    }
}
