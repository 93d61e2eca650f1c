//! A password as somebody entered it.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use crate::http::Field;

/// The most characters that a password may have: far beyond any use, but a bound on what is hashed.
pub const LONGEST_PASSWORD: usize = 128;

/// A password as somebody entered it, in the one form in which it is compared: NFKC, so that every keyboard gives the same.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, format = Password, examples("correct horse battery staple"), max_length = 128)]
pub struct EnteredPassword(SecretString);

impl EnteredPassword {
    /// Normalizes what was entered.
    pub fn new(text: &str) -> Self {
        Self(text.nfkc().collect::<String>().into())
    }

    /// For the hasher.
    pub fn into_secret(self) -> SecretString {
        self.0
    }

    pub(super) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl Field for EnteredPassword {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        if text.chars().count() > LONGEST_PASSWORD * 4 {
            return Err(("too_long", format!("At most {LONGEST_PASSWORD} characters are accepted.")));
        }
        Ok(Self::new(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_however_it_is_composed() {
        let (composed, decomposed) =
            (EnteredPassword::new("caf\u{e9} au lait!"), EnteredPassword::new("cafe\u{301} au lait!"));
        assert_eq!(composed.expose(), decomposed.expose());
    }
}
