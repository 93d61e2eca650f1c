//! Verifying an ID token (OpenID Connect Core 1.0, section 3.1.3.7).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey, Header, Validation};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256, Sha512};

use super::Failure;
use super::claims::Claims;
use crate::db::Timestamp;

/// Public-key algorithms alone: with `none` or a shared secret anybody could sign (RFC 8725, section 3.1).
const ALGORITHMS: [Algorithm; 3] = [Algorithm::RS256, Algorithm::ES256, Algorithm::EdDSA];
/// How far clocks may be apart, in seconds.
const LEEWAY: i64 = 60;
/// A token is for the sign-in that has just been asked for.
const OLDEST: i64 = 600;
/// The shortest modulus of an RSA key that is believed: 2048 bits in base64url (RFC 7518, section 3.3).
const SHORTEST_MODULUS: usize = 341;

/// What a token has to fit.
pub struct Expected<'a> {
    /// Who has to have signed it, exactly.
    pub issuer: &'a str,
    /// Whom it has to be for.
    pub client_id: &'a str,
    /// What the sign-in began with.
    pub nonce: &'a str,
    /// What came with it.
    pub access_token: Option<&'a str>,
    /// The time.
    pub now: Timestamp,
}

/// The token's header, if its algorithm is one that may be believed.
pub(super) fn header(token: &str) -> Result<Header, Failure> {
    let header =
        jsonwebtoken::decode_header(token).map_err(|_| Failure::Untrusted("it has no header that is known"))?;
    if !ALGORITHMS.contains(&header.alg) {
        return Err(Failure::Untrusted("its algorithm is not accepted"));
    }
    if header.crit.is_some() {
        return Err(Failure::Untrusted("it wants an extension that is not known"));
    }
    Ok(header)
}

/// The key that signed a token by its header: the one it names or, when it names none, the only one that fits.
pub(super) fn find_key<'k>(keys: &'k [Jwk], header: &Header) -> Option<&'k Jwk> {
    let mut fitting = keys.iter().filter(|key| fits(key, header.alg));
    match &header.kid {
        Some(kid) => fitting.find(|key| key.common.key_id.as_ref() == Some(kid)),
        None => fitting.next().filter(|_| fitting.next().is_none()),
    }
}

fn fits(key: &Jwk, algorithm: Algorithm) -> bool {
    let signs = key.common.public_key_use.as_ref().is_none_or(|usage| *usage == PublicKeyUse::Signature);
    let is_of_kind = match (&key.algorithm, algorithm) {
        (AlgorithmParameters::RSA(parameters), Algorithm::RS256) => parameters.n.len() >= SHORTEST_MODULUS,
        (AlgorithmParameters::EllipticCurve(parameters), Algorithm::ES256) => parameters.curve == EllipticCurve::P256,
        (AlgorithmParameters::OctetKeyPair(parameters), Algorithm::EdDSA) => parameters.curve == EllipticCurve::Ed25519,
        _ => false,
    };
    signs && is_of_kind
}

/// What the token says, if all of it fits.
pub(super) fn verify(token: &str, algorithm: Algorithm, key: &Jwk, expected: &Expected<'_>) -> Result<Claims, Failure> {
    let key = DecodingKey::from_jwk(key).map_err(|_| Failure::Untrusted("its key is malformed"))?;
    // The signature alone: what it says is looked at below, by the server's own clock.
    let mut validation = Validation::new(algorithm);
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation.required_spec_claims.clear();
    let decoded = jsonwebtoken::decode::<Map<String, Value>>(token, &key, &validation)
        .map_err(|_| Failure::Untrusted("its signature is wrong"))?;
    check(&decoded.claims, algorithm, expected)?;
    Claims::of_id_token(decoded.claims)
}

fn check(claims: &Map<String, Value>, algorithm: Algorithm, expected: &Expected<'_>) -> Result<(), Failure> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let require = |holds: bool, why: &'static str| if holds { Ok(()) } else { Err(Failure::Untrusted(why)) };
    require(text("iss") == Some(expected.issuer), "it was issued by somebody else")?;
    let audiences: Vec<&str> = match claims.get("aud") {
        Some(Value::String(audience)) => vec![audience],
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    require(audiences.contains(&expected.client_id), "it is for somebody else")?;
    let party = claims.get("azp");
    require(party.is_some() || audiences.len() == 1, "it is for many, and does not say who asked for it")?;
    require(party.is_none_or(|party| party == expected.client_id), "somebody else asked for it")?;
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    #[allow(clippy::cast_precision_loss)]
    let (now, leeway, oldest) = (expected.now.as_seconds() as f64, LEEWAY as f64, OLDEST as f64);
    require(time("exp").is_some_and(|expiry| now < expiry + leeway), "it has expired")?;
    let is_new = |issued: f64| issued <= now + leeway && issued >= now - oldest - leeway;
    require(time("iat").is_some_and(is_new), "it was not issued just now")?;
    require(
        !claims.contains_key("nbf") || time("nbf").is_some_and(|start| start <= now + leeway),
        "it is not valid yet",
    )?;
    require(text("nonce") == Some(expected.nonce), "it belongs to another sign-in")?;
    match (claims.get("at_hash"), expected.access_token) {
        (Some(hash), Some(token)) => {
            require(hash == &half_hash(algorithm, token), "it belongs to another access token")
        }
        _ => Ok(()),
    }
}

/// The left half of a hash, by the algorithm that signs (Core, section 3.1.3.6).
fn half_hash(algorithm: Algorithm, text: &str) -> String {
    match algorithm {
        Algorithm::EdDSA => URL_SAFE_NO_PAD.encode(&Sha512::digest(text)[..32]),
        _ => URL_SAFE_NO_PAD.encode(&Sha256::digest(text)[..16]),
    }
}
