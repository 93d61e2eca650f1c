//! Which passwords may be chosen (NIST SP 800-63B, section 3.1.1.2): length and a blocklist, no rules of composition.

use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;
use utoipa::ToSchema;

use crate::features::users::normalize;
use crate::http::Field;
use crate::problem::{FieldError, Problem};

/// The most characters that a password may have: far beyond any use, but a bound on what is hashed.
pub const LONGEST_PASSWORD: usize = 128;

/// The most common passwords of at least eight characters, lower case, one a line, with a line break at both ends.
/// From `@zxcvbn-ts/language-common` 4.1 (MIT).
const COMMON_PASSWORDS: &str = concat!("\n", include_str!("common_passwords.txt"));

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

/// A password that may be set.
#[derive(Clone, Debug)]
pub struct AcceptedPassword(SecretString);

impl AcceptedPassword {
    /// For the hasher.
    pub fn into_secret(self) -> SecretString {
        self.0
    }
}

/// Whether `entered` may become the password of whoever bears `names` (email, username).
///
/// # Errors
/// `validation_failed`, for the field called `field`.
pub fn accept(
    entered: EnteredPassword,
    field: &str,
    min_length: usize,
    names: &[&str],
) -> Result<AcceptedPassword, Problem> {
    let text = entered.0.expose_secret();
    let length = text.chars().count();
    let refusal = if length < min_length {
        Some(("password_too_short", format!("Use at least {min_length} characters.")))
    } else if length > LONGEST_PASSWORD {
        Some(("password_too_long", format!("Use at most {LONGEST_PASSWORD} characters.")))
    } else if is_common(text) {
        Some(("password_too_common", "This password is among the most common ones. Choose another.".to_owned()))
    } else if names.iter().any(|name| normalize(name) == normalize(text)) {
        Some(("password_too_common", "The password must not be your name or address.".to_owned()))
    } else {
        None
    };
    match refusal {
        None => Ok(AcceptedPassword(entered.0)),
        Some((code, message)) => Err(Problem::invalid(vec![FieldError::new(field, code, message)])),
    }
}

fn is_common(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut characters = text.chars();
    let first = characters.next();
    // One character over and over is as easy to guess as any of the list.
    characters.all(|next| Some(next) == first) || COMMON_PASSWORDS.contains(&format!("\n{text}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        accept(EnteredPassword::new(text), "password", 12, &["ann.archer@example.com"])
            .err()
            .map(|problem| problem.errors()[0].code.to_string())
    }

    #[test]
    fn length_and_commonness_decide_and_nothing_else() {
        assert_eq!(code("correct horse battery"), None);
        assert_eq!(code("aaaaaaaaaaab"), None);
        assert_eq!(code("elevenchars"), Some("password_too_short".into()));
        assert_eq!(code(&"long ".repeat(30)), Some("password_too_long".into()));
        assert_eq!(code("123456789012"), Some("password_too_common".into()));
        assert_eq!(code("PasswordPassword"), Some("password_too_common".into()));
        assert_eq!(code("zzzzzzzzzzzzz"), Some("password_too_common".into()));
        assert_eq!(code("Ann.Archer@example.com"), Some("password_too_common".into()));
    }

    #[test]
    fn a_password_is_the_same_however_it_is_composed() {
        let (composed, decomposed) =
            (EnteredPassword::new("caf\u{e9} au lait!"), EnteredPassword::new("cafe\u{301} au lait!"));
        assert_eq!(composed.0.expose_secret(), decomposed.0.expose_secret());
    }
}
