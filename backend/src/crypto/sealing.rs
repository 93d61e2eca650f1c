//! Secrets that Reeve has to be able to read again, encrypted at rest: signing keys, secrets of second factors, mails with links.
//!
//! Data keys lie in the store and can be rotated; each is wrapped by the configured `secret_key`, so that the store alone,
//! a backup of it for example, opens nothing (envelope encryption, NIST SP 800-57 part 2 speaks of key wrapping).
//! Everything is `XChaCha20-Poly1305`, whose nonces are long enough to be drawn at random for ever.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use diesel::prelude::*;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::random_bytes;
use crate::db::{DbConnection, Timestamp, sealing_keys};
use crate::problem::Problem;

/// The format of what is sealed, so that another can follow.
const VERSION: &str = "v1";
const NONCE_LENGTH: usize = 24;

/// Why something can't be sealed or opened. It never says what was in it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum SealingError {
    /// The keys have not been read from the store yet.
    #[error("there is no key to seal with")]
    NoKey,
    /// It names a key that the store does not have.
    #[error("it was sealed with a key that is not known")]
    UnknownKey,
    /// It was changed, or sealed for something else.
    #[error("it is not what was sealed")]
    Tampered,
    /// A data key is wrapped by a secret key that is not configured.
    #[error("the store's keys are wrapped by a secret_key that is not configured")]
    UnknownSecretKey,
}

impl From<SealingError> for Problem {
    fn from(error: SealingError) -> Self {
        Self::internal(error)
    }
}

/// A configured secret key, which wraps the data keys.
#[derive(Clone)]
pub struct WrappingKey {
    id: String,
    cipher: XChaCha20Poly1305,
}

impl fmt::Debug for WrappingKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "WrappingKey({})", self.id)
    }
}

impl WrappingKey {
    /// From the configured text, which has enough entropy of its own to need no slow derivation.
    pub fn new(secret: &SecretString) -> Self {
        let derive = |label: &str| {
            let digest = Sha256::new().chain_update(label).chain_update(secret.expose_secret().as_bytes()).finalize();
            Zeroizing::new(<[u8; 32]>::from(digest))
        };
        Self {
            id: URL_SAFE_NO_PAD.encode(&derive("reeve secret key id\0")[..9]),
            cipher: XChaCha20Poly1305::new(derive("reeve secret key\0").as_slice().into()),
        }
    }
}

struct DataKey {
    id: String,
    cipher: XChaCha20Poly1305,
}

/// The data keys in memory, the newest first, shared by everything that seals or opens.
#[derive(Clone, Default)]
pub struct Sealer {
    keys: Arc<RwLock<Vec<DataKey>>>,
}

impl fmt::Debug for Sealer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sealer(hidden)")
    }
}

impl Sealer {
    /// Seals `plain` for `context`, which says what it is and whose: it opens nowhere else.
    ///
    /// # Errors
    /// [`SealingError::NoKey`].
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<String, SealingError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.first().ok_or(SealingError::NoKey)?;
        Ok(format!("{VERSION}.{}.{}", key.id, encrypt(&key.cipher, context, plain)?))
    }

    /// Opens what was sealed for `context`.
    ///
    /// # Errors
    /// [`SealingError::Tampered`], or [`SealingError::UnknownKey`].
    pub fn open(&self, context: &str, sealed: &str) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let mut parts = sealed.splitn(3, '.');
        let (Some(VERSION), Some(id), Some(text)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(SealingError::Tampered);
        };
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let key = keys.iter().find(|key| key.id == id).ok_or(SealingError::UnknownKey)?;
        decrypt(&key.cipher, context, text)
    }

    /// Puts what the store holds in the place of what was known before.
    ///
    /// # Errors
    /// [`SealingError::UnknownSecretKey`], [`SealingError::Tampered`]: then nothing has changed.
    pub fn replace(&self, stored: &StoredSealingKeys, wrapping: &[WrappingKey]) -> Result<(), SealingError> {
        let keys = stored.0.iter().map(|key| key.unwrap(wrapping)).collect::<Result<Vec<_>, _>>()?;
        let data_keys = stored.0.iter().zip(keys).map(|(stored, key)| DataKey {
            id: stored.id.clone(),
            cipher: XChaCha20Poly1305::new(key.as_slice().into()),
        });
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = data_keys.collect();
        Ok(())
    }
}

/// Whether a stored text is sealed. What older versions stored was not.
pub fn is_sealed(text: &str) -> bool {
    text.starts_with(VERSION) && text[VERSION.len()..].starts_with('.')
}

fn encrypt(cipher: &XChaCha20Poly1305, context: &str, plain: &[u8]) -> Result<String, SealingError> {
    let nonce = random_bytes::<NONCE_LENGTH>();
    let payload = Payload { msg: plain, aad: context.as_bytes() };
    let text = cipher.encrypt((&nonce).into(), payload).map_err(|_| SealingError::NoKey)?;
    Ok(URL_SAFE_NO_PAD.encode([nonce.as_slice(), &text].concat()))
}

fn decrypt(cipher: &XChaCha20Poly1305, context: &str, text: &str) -> Result<Zeroizing<Vec<u8>>, SealingError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| SealingError::Tampered)?;
    let (nonce, text) = bytes.split_at_checked(NONCE_LENGTH).ok_or(SealingError::Tampered)?;
    let payload = Payload { msg: text, aad: context.as_bytes() };
    let plain = cipher.decrypt(nonce.into(), payload).map_err(|_| SealingError::Tampered)?;
    Ok(Zeroizing::new(plain))
}

/// A data key as the store keeps it.
#[derive(Clone, Queryable, Selectable, Insertable)]
#[diesel(table_name = sealing_keys, treat_none_as_default_value = false)]
struct StoredSealingKey {
    id: String,
    key: String,
    wrapped_by: Option<String>,
    created_at: Timestamp,
}

impl StoredSealingKey {
    fn context(&self) -> String {
        format!("sealing_key:{}", self.id)
    }

    fn unwrap(&self, wrapping: &[WrappingKey]) -> Result<Zeroizing<Vec<u8>>, SealingError> {
        let Some(by) = &self.wrapped_by else {
            let key = URL_SAFE_NO_PAD.decode(&self.key).map(Zeroizing::new);
            return key.ok().filter(|key| key.len() == 32).ok_or(SealingError::Tampered);
        };
        let wrapping = wrapping.iter().find(|key| key.id == *by).ok_or(SealingError::UnknownSecretKey)?;
        decrypt(&wrapping.cipher, &self.context(), &self.key).and_then(|key| match key.len() {
            32 => Ok(key),
            _ => Err(SealingError::Tampered),
        })
    }

    fn wrap(&mut self, plain: &[u8], wrapping: Option<&WrappingKey>) -> Result<(), SealingError> {
        self.key = match wrapping {
            Some(wrapping) => encrypt(&wrapping.cipher, &self.context(), plain)?,
            None => URL_SAFE_NO_PAD.encode(plain),
        };
        self.wrapped_by = wrapping.map(|wrapping| wrapping.id.clone());
        Ok(())
    }
}

/// The data keys as read from the store, the newest first.
pub struct StoredSealingKeys(Vec<StoredSealingKey>);

impl StoredSealingKeys {
    /// Reads all of them.
    pub fn load(connection: &mut DbConnection) -> QueryResult<Self> {
        let keys = sealing_keys::table
            .select(StoredSealingKey::as_select())
            .order((sealing_keys::created_at.desc(), sealing_keys::id.desc()))
            .load(connection)?;
        Ok(Self(keys))
    }

    /// Whether there is one, and all are wrapped by `newest`, the secret key that is in use.
    pub fn are_as_configured(&self, newest: Option<&WrappingKey>) -> bool {
        // Keys that are wrapped stay so when no secret key is configured any more: that is refused, not undone.
        !self.0.is_empty()
            && newest.is_none_or(|newest| self.0.iter().all(|key| key.wrapped_by.as_ref() == Some(&newest.id)))
    }

    /// Whether whoever has the store can open what is sealed in it.
    pub fn lie_open(&self) -> bool {
        self.0.iter().any(|key| key.wrapped_by.is_none())
    }
}

/// Makes the first data key where there is none, and wraps all by the newest secret key.
///
/// # Errors
/// [`SealingError::UnknownSecretKey`] when what wraps them now is not configured, and faults of the store.
pub fn configure(connection: &mut DbConnection, wrapping: &[WrappingKey], now: Timestamp) -> Result<(), Problem> {
    let stored = StoredSealingKeys::load(connection)?;
    if stored.0.is_empty() {
        return add(connection, wrapping.first(), now);
    }
    let Some(newest) = wrapping.first() else { return Ok(()) };
    for mut key in stored.0.into_iter().filter(|key| key.wrapped_by.as_ref() != Some(&newest.id)) {
        let plain = key.unwrap(wrapping)?;
        key.wrap(&plain, Some(newest))?;
        diesel::update(sealing_keys::table.find(&key.id))
            .set((sealing_keys::key.eq(&key.key), sealing_keys::wrapped_by.eq(&key.wrapped_by)))
            .execute(connection)?;
    }
    Ok(())
}

/// Makes a new data key, which seals from now on; the older ones go on opening.
///
/// # Errors
/// Faults of the store.
pub fn add(connection: &mut DbConnection, wrapping: Option<&WrappingKey>, now: Timestamp) -> Result<(), Problem> {
    let mut stored = StoredSealingKey {
        id: URL_SAFE_NO_PAD.encode(random_bytes::<9>()),
        key: String::new(),
        wrapped_by: None,
        created_at: now,
    };
    stored.wrap(&*Zeroizing::new(random_bytes::<32>()), wrapping)?;
    diesel::insert_into(sealing_keys::table).values(&stored).execute(connection)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(wrapping: Option<&WrappingKey>, id: &str) -> StoredSealingKey {
        let mut key = StoredSealingKey {
            id: id.to_owned(),
            key: String::new(),
            wrapped_by: None,
            created_at: Timestamp::from_micros(0),
        };
        key.wrap(&random_bytes::<32>(), wrapping).unwrap();
        key
    }

    fn wrapping(text: &str) -> WrappingKey {
        WrappingKey::new(&text.to_owned().into())
    }

    fn sealer(keys: Vec<StoredSealingKey>, wrapping: &[WrappingKey]) -> Sealer {
        let sealer = Sealer::default();
        sealer.replace(&StoredSealingKeys(keys), wrapping).unwrap();
        sealer
    }

    #[test]
    fn what_was_sealed_opens_in_its_own_place_alone_and_unchanged_alone() {
        let sealer = sealer(vec![stored(None, "a")], &[]);
        let text = sealer.seal("totp:ann", b"secret").unwrap();
        assert_eq!(&**sealer.open("totp:ann", &text).unwrap(), b"secret");
        assert_eq!(sealer.open("totp:ben", &text).unwrap_err(), SealingError::Tampered);
        for place in 0..text.len() {
            let mut changed = text.clone().into_bytes();
            changed[place] = if changed[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(changed == text || sealer.open("totp:ann", &changed).is_err(), "{place}");
        }
        assert_ne!(text, sealer.seal("totp:ann", b"secret").unwrap());
    }

    #[test]
    fn older_keys_open_what_they_sealed_and_the_newest_seals() {
        let (old, new) = (stored(None, "old"), stored(None, "new"));
        let text = sealer(vec![old.clone()], &[]).seal("a", b"secret").unwrap();
        let both = sealer(vec![new.clone(), old], &[]);
        assert_eq!(&**both.open("a", &text).unwrap(), b"secret");
        assert!(both.seal("a", b"x").unwrap().starts_with("v1.new."));
        assert_eq!(sealer(vec![new], &[]).open("a", &text).unwrap_err(), SealingError::UnknownKey);
    }

    #[test]
    fn the_store_alone_opens_nothing_once_a_secret_key_is_configured() {
        let (first, second) = (wrapping("first secret key"), wrapping("second secret key"));
        let key = stored(Some(&first), "a");
        let stored = || StoredSealingKeys(vec![key.clone()]);
        assert_eq!(Sealer::default().replace(&stored(), &[]).unwrap_err(), SealingError::UnknownSecretKey);
        let wrong = Sealer::default().replace(&stored(), std::slice::from_ref(&second));
        assert_eq!(wrong.unwrap_err(), SealingError::UnknownSecretKey);
        assert!(Sealer::default().replace(&stored(), &[second, first]).is_ok());
    }
}
