//! OpenID Connect, as a relying party: whom a provider says that somebody is, believed as far as it is signed, new and meant
//! for us (OpenID Connect Core 1.0; RFC 9700). Knows nothing of users.

mod claims;
mod connection;
mod id_token;
mod metadata;
mod provider;

pub use claims::Claims;
pub use id_token::Expected;
pub use provider::{Authorization, Provider, Providers};

/// Why a provider could not be believed or reached. Nothing in it is a secret; it is for the log alone.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It does not answer, or not as it should: another try may help.
    #[error("the provider can't be reached: {0}")]
    Unavailable(String),
    /// It refuses.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// What it says must not be believed.
    #[error("the ID token is refused: {0}")]
    Untrusted(&'static str),
    /// Its user info must not be believed.
    #[error("the user info is of somebody else than the ID token")]
    OtherSubject,
}
