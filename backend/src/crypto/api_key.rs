//! API keys in text: `rv_`, an identifier of twelve characters, 256 random bits, and a checksum.
//!
//! The first fifteen characters are the public prefix by which people, and the store, tell keys apart. The checksum tells a mistyped
//! text, or one that merely looks like a key, from a key without asking the store, as secret scanners want to.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::random_bytes;

/// What every key begins with; no other bearer token does.
const MARK: &str = "rv_";
const IDENTIFIER: usize = 12;
/// 43 characters out of 62 are 256 bits.
const SECRET: usize = 43;
const CHECKSUM: usize = 6;
const LENGTH: usize = MARK.len() + IDENTIFIER + SECRET + CHECKSUM;
/// A double click selects all of a key: it has no character at which a word ends.
const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// An API key in the clear: shown to its owner once, never stored, never printed.
#[derive(Clone)]
pub struct ApiKeySecret(Zeroizing<String>);

impl ApiKeySecret {
    /// A new one.
    pub fn generate() -> Self {
        let mut text = Zeroizing::new(String::with_capacity(LENGTH));
        text.push_str(MARK);
        while text.len() < LENGTH - CHECKSUM {
            let bytes = Zeroizing::new(random_bytes::<32>());
            // The 248 lowest values of a byte are four times the alphabet: the others would favour its beginning.
            let letters =
                bytes.iter().filter(|byte| **byte < 248).map(|byte| char::from(ALPHABET[usize::from(byte % 62)]));
            let missing = LENGTH - CHECKSUM - text.len();
            text.extend(letters.take(missing));
        }
        let checksum = checksum(&text);
        text.push_str(&checksum);
        Self(text)
    }

    /// Whether a bearer token is meant to be an API key.
    pub fn is_meant(token: &str) -> bool {
        token.starts_with(MARK)
    }

    /// One that somebody presents; `None` for what was never made here.
    pub fn presented(token: &str) -> Option<Self> {
        if token.len() != LENGTH || !Self::is_meant(token) || !token.is_ascii() {
            return None;
        }
        let (body, sum) = token.split_at(LENGTH - CHECKSUM);
        (checksum(body) == sum).then(|| Self(Zeroizing::new(token.to_owned())))
    }

    /// What may be shown in lists.
    pub fn prefix(&self) -> &str {
        &self.0[..MARK.len() + IDENTIFIER]
    }

    /// The text that its owner keeps.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether it is the key of which the store keeps this hash. Takes as long whatever the difference is.
    pub fn has_hash(&self, stored: &str) -> bool {
        self.hash().as_bytes().ct_eq(stored.as_bytes()).into()
    }

    /// What the store keeps. Salt and slow hashes are for what can be guessed, and nobody guesses 256 random bits.
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for ApiKeySecret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ApiKeySecret(hidden)")
    }
}

/// Thirty-two bits of a hash of what stands before, in six characters.
fn checksum(text: &str) -> String {
    let digest = Sha256::new().chain_update(b"reeve api key checksum").chain_update(text.as_bytes()).finalize();
    let mut rest = digest.iter().take(4).fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
    let mut letters = [ALPHABET[0]; CHECKSUM];
    for letter in letters.iter_mut().rev() {
        *letter = ALPHABET[(rest % 62) as usize];
        rest /= 62;
    }
    letters.iter().copied().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_was_made_is_known_again_by_its_hash_and_shows_only_its_prefix() {
        let key = ApiKeySecret::generate();
        let again = ApiKeySecret::presented(key.expose()).unwrap();
        assert!(again.has_hash(&key.hash()) && !again.has_hash(&ApiKeySecret::generate().hash()));
        assert_eq!((key.expose().len(), key.prefix().len()), (64, 15));
        assert_ne!(ApiKeySecret::generate().hash(), key.hash());
        assert!(!format!("{key:?}").contains(&key.expose()[MARK.len()..]));
    }

    #[test]
    fn a_key_with_any_one_character_changed_is_told_without_asking_the_store() {
        let key = ApiKeySecret::generate();
        for position in 0..LENGTH {
            let mut bytes = key.expose().as_bytes().to_vec();
            bytes[position] = if bytes[position] == b'x' { b'y' } else { b'x' };
            let mistyped = String::from_utf8(bytes).unwrap();
            assert!(ApiKeySecret::presented(&mistyped).is_none(), "a change at {position} was not noticed");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_whatever_it_is() {
        let key = ApiKeySecret::generate();
        for text in ["", "rv_", &key.expose()[1..], &key.expose()[..LENGTH - 1], &"\u{e9}".repeat(30), "rv_\u{e9}"] {
            assert!(ApiKeySecret::presented(text).is_none(), "{text}");
        }
    }
}
