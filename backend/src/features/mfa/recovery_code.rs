//! Recovery codes: good once, for when the authenticator is lost. They are hashed as passwords are, having fewer than 112 random
//! bits (ASVS 5.0, 6.5.2); the first character finds the one hash that a code is to be compared with.

use secrecy::SecretString;

use crate::crypto::random_bytes;

/// How many somebody has.
pub(super) const NUMBER: usize = 10;
/// Crockford's base 32: no letter looks like a digit.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Besides the label; five bits each.
const SECRET_LENGTH: usize = 11;

/// A code in its plain form, without hyphens.
pub(super) struct RecoveryCode(String);

impl RecoveryCode {
    /// New ones, each with another label.
    pub(super) fn generate_all() -> Vec<Self> {
        ALPHABET[..NUMBER].iter().map(|label| Self::generate(*label)).collect()
    }

    fn generate(label: u8) -> Self {
        let random = random_bytes::<SECRET_LENGTH>();
        let secret = random.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)]));
        Self(std::iter::once(char::from(label)).chain(secret).collect())
    }

    /// One that somebody typed: in any case, with or without hyphens and spaces, and with letters that look like digits.
    pub(super) fn typed(text: &str) -> Option<Self> {
        let code: String = text
            .chars()
            .filter(|character| !matches!(character, '-' | ' '))
            .map(|character| match character.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let is_code = code.len() == SECRET_LENGTH + 1 && code.bytes().all(|byte| ALPHABET.contains(&byte));
        is_code.then_some(Self(code))
    }

    /// By which its hash is found.
    pub(super) fn label(&self) -> &str {
        &self.0[..1]
    }

    /// As it is shown: three groups of four.
    pub(super) fn to_text(&self) -> String {
        format!("{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }

    /// For the hasher.
    pub(super) fn to_secret(&self) -> SecretString {
        self.0.clone().into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = RecoveryCode("3AB1Z0XY9K2M".to_owned());
        assert_eq!(code.to_text(), "3AB1-Z0XY-9K2M");
        for typed in ["3AB1-Z0XY-9K2M", "3ab1z0xy9k2m", " 3ABl-ZOxy 9k2M "] {
            assert_eq!(RecoveryCode::typed(typed).map(|code| code.0), Some(code.0.clone()), "{typed}");
        }
        for typed in ["", "3AB1-Z0XY-9K2", "3AB1-Z0XY-9K2MM", "3AB1-Z0XY-9K2U", "３AB1-Z0XY-9K2M"] {
            assert!(RecoveryCode::typed(typed).is_none(), "{typed}");
        }
    }

    #[test]
    fn no_two_codes_of_one_person_share_their_label() {
        let codes = RecoveryCode::generate_all();
        let labels: std::collections::HashSet<_> = codes.iter().map(|code| code.label().to_owned()).collect();
        assert_eq!((codes.len(), labels.len()), (NUMBER, NUMBER));
        assert!(codes.iter().all(|code| RecoveryCode::typed(&code.to_text()).is_some()));
    }
}
