//! Which passwords may be chosen (NIST SP 800-63B, section 3.1.1.2), decided in one place: length, a blocklist, strength,
//! breaches, and what one had before. No rules of composition.

mod blocklist;
mod breaches;
mod entered;
mod history;
mod strength;

use secrecy::SecretString;

pub use breaches::BreachedPasswords;
pub use entered::{EnteredPassword, LONGEST_PASSWORD};
pub use history::Comparison;
pub use strength::StrengthMeter;

use crate::crypto::password_hash::PasswordHasher;
use crate::features::users::User;
use crate::problem::{FieldError, Problem};
use crate::state::AppState;

/// Whose password it is to be. What anybody knows of them is the first that is guessed.
#[derive(Clone, Copy, Debug, Default)]
#[allow(missing_docs)]
pub struct Owner<'a> {
    pub email: &'a str,
    pub username: Option<&'a str>,
    pub display_name: Option<&'a str>,
}

impl<'a> From<&'a User> for Owner<'a> {
    fn from(user: &'a User) -> Self {
        Self { email: &user.email, username: user.username.as_deref(), display_name: user.display_name.as_deref() }
    }
}

/// A password that all rules have let through: nothing else can be hashed to be stored as somebody's password.
#[derive(Clone, Debug)]
pub struct AcceptedPassword(SecretString);

impl AcceptedPassword {
    /// Hashes it.
    ///
    /// # Errors
    /// `overloaded`.
    pub async fn hash(self, hasher: &PasswordHasher) -> Result<AcceptedHash, Problem> {
        Ok(AcceptedHash(hasher.hash(self.0).await?))
    }
}

/// The hash of an [`AcceptedPassword`], which is what the store takes.
#[derive(Clone)]
pub struct AcceptedHash(String);

impl AcceptedHash {
    /// For the store.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// One that nobody will ever compare with a password.
    #[cfg(test)]
    pub(crate) fn of_nothing() -> Self {
        Self("a hash".to_owned())
    }
}

impl std::fmt::Debug for AcceptedHash {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("AcceptedHash")
    }
}

/// Why a password may not be chosen: a stable code, and a sentence.
type Refusal = (&'static str, String);

/// Whether `entered` may become the password of `owner`. The rules that cost nothing come first, then those that take a
/// thread, the network, and hashes. Nothing but the passwords of who is compared with is looked up.
///
/// # Errors
/// `validation_failed`, for the field called `field`; `overloaded`.
pub async fn accept(
    state: &AppState,
    entered: EnteredPassword,
    field: &str,
    owner: Owner<'_>,
    comparison: Comparison,
) -> Result<AcceptedPassword, Problem> {
    match refusal(state, &entered, owner, comparison).await? {
        None => Ok(AcceptedPassword(entered.into_secret())),
        Some((code, message)) => Err(Problem::invalid(vec![FieldError::new(field, code, message)])),
    }
}

async fn refusal(
    state: &AppState,
    entered: &EnteredPassword,
    owner: Owner<'_>,
    comparison: Comparison,
) -> Result<Option<Refusal>, Problem> {
    let settings = &state.settings.password;
    let names = blocklist::Names::new(owner, &state.settings.product_name);
    let text = entered.expose();
    if let Some(refusal) = wrong_length(text, settings.min_length).or_else(|| blocklist::refusal(text, &names)) {
        return Ok(Some(refusal));
    }
    if let Some(refusal) = state.strength.refusal(&state.hasher, entered, names, settings.min_strength).await? {
        return Ok(Some(refusal));
    }
    if state.breached_passwords.contain(text).await {
        let message = "This password is known from a data breach, so that it is among the first that are guessed.";
        return Ok(Some(("password_breached", message.to_owned())));
    }
    history::refusal(state, entered, comparison).await
}

fn wrong_length(text: &str, min_length: usize) -> Option<Refusal> {
    let length = text.chars().count();
    if length < min_length {
        Some(("password_too_short", format!("Use at least {min_length} characters.")))
    } else if length > LONGEST_PASSWORD {
        Some(("password_too_long", format!("Use at most {LONGEST_PASSWORD} characters.")))
    } else {
        None
    }
}
