//! Tokens that mean nothing but themselves: the holder has the text, the store only its hash.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::random_text;

/// An opaque token in the clear: shown to its holder once, never stored, never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct OpaqueToken(Zeroizing<String>);

impl OpaqueToken {
    /// A new one, of 256 random bits.
    pub fn generate() -> Self {
        Self(Zeroizing::new(random_text()))
    }

    /// One that somebody presents. Anything may be presented; only what hashes to a stored value counts.
    pub fn presented(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The text that its holder keeps.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What the store keeps: 256 random bits need no salt and no slow hash.
    pub fn hash(&self) -> String {
        URL_SAFE_NO_PAD.encode(Sha256::digest(self.0.as_bytes()))
    }

    /// The token that follows from this one and a stored salt: who holds neither both can't derive it,
    /// and who presents this one again gets the same successor although the store never held it.
    #[must_use]
    pub fn successor(&self, salt: &str) -> Self {
        // HMAC's inner-outer construction guards against length extension (RFC 2104); both inputs here have a fixed length,
        // and the domain is set apart by a label.
        let inner = Sha256::new()
            .chain_update(b"reeve refresh token successor")
            .chain_update(Sha256::digest(salt.as_bytes()))
            .chain_update(Sha256::digest(self.0.as_bytes()))
            .finalize();
        Self(Zeroizing::new(URL_SAFE_NO_PAD.encode(Sha256::digest(inner))))
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("OpaqueToken(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_predecessor_and_salt_give_the_same_successor_and_no_other_does() {
        let token = OpaqueToken::generate();
        assert_eq!(token.successor("salt").expose(), token.successor("salt").expose());
        assert_ne!(token.successor("salt").expose(), token.successor("pepper").expose());
        assert_ne!(token.successor("salt").expose(), OpaqueToken::generate().successor("salt").expose());
        assert_ne!(token.successor("salt").hash(), token.hash());
    }

    #[test]
    fn a_token_is_not_printed() {
        let token = OpaqueToken::generate();
        assert!(!format!("{token:?}").contains(token.expose()));
    }
}
