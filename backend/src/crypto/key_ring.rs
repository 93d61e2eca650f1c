//! The signing keys: one signs, the next one is already published, retired ones verify until their last token has expired.

use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::prelude::*;
use ed25519_dalek::SigningKey;
use ed25519_dalek::pkcs8::EncodePrivateKey;
use jsonwebtoken::{DecodingKey, EncodingKey};
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::random_bytes;
use super::sealing::{Sealer, SealingError, is_sealed};
use crate::db::{DbConnection, Timestamp, signing_keys};
use crate::problem::Problem;

const ALGORITHM: &str = "EdDSA";

/// A key as the store keeps it.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = signing_keys, treat_none_as_default_value = false)]
struct StoredKey {
    kid: String,
    algorithm: String,
    state: String,
    private_key: String,
    public_key: String,
    created_at: Timestamp,
    retired_at: Option<Timestamp>,
}

impl StoredKey {
    /// The private key (PKCS #8, DER). What older versions stored is not sealed.
    fn private_key(&self, sealer: &Sealer) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        if is_sealed(&self.private_key) {
            return sealer.open(&sealed_for(&self.kid), &self.private_key);
        }
        URL_SAFE_NO_PAD.decode(&self.private_key).map(Zeroizing::new).map_err(|_| SealingError::Tampered)
    }
}

fn sealed_for(kid: &str) -> String {
    format!("signing_key:{kid}")
}

/// What may be told about a key.
#[derive(Clone, Debug, Serialize)]
#[allow(missing_docs)]
pub struct KeyDescription {
    pub kid: String,
    pub algorithm: String,
    /// `current`, `next` or `retired`.
    pub state: String,
    pub created_at: Timestamp,
    pub retired_at: Option<Timestamp>,
}

/// A public key (RFC 8037, section 2).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct JsonWebKey {
    #[schema(examples("OKP"))]
    pub kty: &'static str,
    #[schema(examples("Ed25519"))]
    pub crv: &'static str,
    #[schema(examples("EdDSA"))]
    pub alg: &'static str,
    #[serde(rename = "use")]
    #[schema(examples("sig"))]
    pub usage: &'static str,
    pub kid: String,
    pub x: String,
}

/// The public keys that verify access tokens (RFC 7517, section 5).
#[derive(Clone, Debug, Serialize, ToSchema)]
#[allow(missing_docs)]
pub struct JsonWebKeySet {
    pub keys: Vec<JsonWebKey>,
}

/// The key that signs at the moment.
pub struct SigningMaterial {
    /// Names the key in a token's header.
    pub kid: String,
    /// Signs.
    pub encoding: EncodingKey,
}

struct VerifyingMaterial {
    kid: String,
    public_key: String,
    decoding: Arc<DecodingKey>,
    /// Past this moment no token that it signed can still be valid.
    useless_from: Option<Timestamp>,
}

#[derive(Default)]
struct Keys {
    signing: Option<Arc<SigningMaterial>>,
    verifying: Vec<VerifyingMaterial>,
}

/// The keys in memory, shared by everything that signs or verifies.
#[derive(Clone, Default)]
pub struct KeyRing {
    keys: Arc<RwLock<Keys>>,
}

impl KeyRing {
    /// The key that signs; `None` before the first [`KeyRing::replace`].
    pub fn signing_key(&self) -> Option<Arc<SigningMaterial>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).signing.clone()
    }

    /// The key that a token names.
    pub fn verifying_key(&self, kid: &str) -> Option<Arc<DecodingKey>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.verifying.iter().find(|key| key.kid == kid).map(|key| Arc::clone(&key.decoding))
    }

    /// The public keys, the next one included, so that other verifiers know it before it signs.
    pub fn public_keys(&self, now: Timestamp) -> JsonWebKeySet {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let current = keys.verifying.iter().filter(|key| key.useless_from.is_none_or(|moment| moment > now));
        JsonWebKeySet {
            keys: current
                .map(|key| JsonWebKey {
                    kty: "OKP",
                    crv: "Ed25519",
                    alg: ALGORITHM,
                    usage: "sig",
                    kid: key.kid.clone(),
                    x: key.public_key.clone(),
                })
                .collect(),
        }
    }

    /// Puts what the store holds in the place of what was known before.
    ///
    /// # Errors
    /// When the key that signs can't be opened: then nothing has changed.
    pub fn replace(&self, stored: &StoredKeys, sealer: &Sealer, token_lifetime: Duration) -> Result<(), SealingError> {
        let mut keys = Keys::default();
        for key in &stored.0 {
            let Ok(decoding) = DecodingKey::from_ed_components(&key.public_key) else { continue };
            if key.state == "current" {
                let encoding = EncodingKey::from_ed_der(&key.private_key(sealer)?);
                keys.signing = Some(Arc::new(SigningMaterial { kid: key.kid.clone(), encoding }));
            }
            keys.verifying.push(VerifyingMaterial {
                kid: key.kid.clone(),
                public_key: key.public_key.clone(),
                decoding: Arc::new(decoding),
                useless_from: key.retired_at.map(|retired| useless_from(retired, token_lifetime)),
            });
        }
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }
}

/// A node may sign with the old key until it has heard of the rotation, so a minute is added to the last token's life.
fn useless_from(retired: Timestamp, token_lifetime: Duration) -> Timestamp {
    retired.plus(token_lifetime).plus(Duration::from_secs(60))
}

/// The keys as read from the store: for [`KeyRing::replace`] alone.
pub struct StoredKeys(Vec<StoredKey>);

impl StoredKeys {
    /// Reads all keys, the newest first.
    pub fn load(connection: &mut DbConnection) -> QueryResult<Self> {
        let keys = signing_keys::table
            .select(StoredKey::as_select())
            .order(signing_keys::created_at.desc())
            .load(connection)?;
        Ok(Self(keys))
    }

    /// Whether the store has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether none of them can be read without a key that is not in this table.
    pub fn are_sealed(&self) -> bool {
        self.0.iter().all(|key| is_sealed(&key.private_key))
    }

    /// What may be told about them.
    pub fn describe(&self) -> Vec<KeyDescription> {
        self.0
            .iter()
            .map(|key| KeyDescription {
                kid: key.kid.clone(),
                algorithm: key.algorithm.clone(),
                state: key.state.clone(),
                created_at: key.created_at,
                retired_at: key.retired_at,
            })
            .collect()
    }
}

/// Makes the first two keys of an empty store.
///
/// # Errors
/// Faults of the store, and a sealer without a key.
pub fn create_first_keys(connection: &mut DbConnection, sealer: &Sealer, now: Timestamp) -> Result<(), Problem> {
    let existing: i64 = signing_keys::table.count().get_result(connection)?;
    if existing == 0 {
        insert(connection, sealer, "current", now)?;
        insert(connection, sealer, "next", now)?;
    }
    Ok(())
}

/// Seals all private keys anew, by the newest key of the sealer.
///
/// # Errors
/// Faults of the store, and a private key that can't be opened.
pub fn seal_again(connection: &mut DbConnection, sealer: &Sealer) -> Result<(), Problem> {
    for key in StoredKeys::load(connection)?.0 {
        let private_key = sealer.seal(&sealed_for(&key.kid), &key.private_key(sealer)?)?;
        diesel::update(signing_keys::table.find(&key.kid))
            .set(signing_keys::private_key.eq(private_key))
            .execute(connection)?;
    }
    Ok(())
}

/// Lets the next key sign, keeps the old one for the tokens that it signed, and publishes a new next one. Answers the new signing key's id.
///
/// # Errors
/// Faults of the store, and a sealer without a key.
pub fn rotate(
    connection: &mut DbConnection,
    sealer: &Sealer,
    token_lifetime: Duration,
    now: Timestamp,
) -> Result<String, Problem> {
    let dead = signing_keys::retired_at.lt(now.minus(token_lifetime).minus(Duration::from_secs(60)));
    diesel::delete(signing_keys::table.filter(dead)).execute(connection)?;
    diesel::update(signing_keys::table.filter(signing_keys::state.eq("current")))
        .set((signing_keys::state.eq("retired"), signing_keys::retired_at.eq(now)))
        .execute(connection)?;
    diesel::update(signing_keys::table.filter(signing_keys::state.eq("next")))
        .set(signing_keys::state.eq("current"))
        .execute(connection)?;
    insert(connection, sealer, "next", now)?;
    let current = signing_keys::table.filter(signing_keys::state.eq("current")).select(signing_keys::kid);
    Ok(current.first(connection)?)
}

fn insert(connection: &mut DbConnection, sealer: &Sealer, state: &str, now: Timestamp) -> Result<(), Problem> {
    let key = SigningKey::from_bytes(&random_bytes::<32>());
    let public_key = key.verifying_key();
    let kid = URL_SAFE_NO_PAD.encode(&Sha256::digest(public_key.as_bytes())[..16]);
    let document = key.to_pkcs8_der().map_err(Problem::internal)?;
    let private_key = sealer.seal(&sealed_for(&kid), document.as_bytes())?;
    let stored = StoredKey {
        kid,
        algorithm: ALGORITHM.to_owned(),
        state: state.to_owned(),
        private_key,
        public_key: URL_SAFE_NO_PAD.encode(public_key.as_bytes()),
        created_at: now,
        retired_at: None,
    };
    diesel::insert_into(signing_keys::table).values(&stored).execute(connection)?;
    Ok(())
}
