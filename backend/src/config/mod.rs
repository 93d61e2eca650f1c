//! Typed settings, read once at the start: defaults, then `reeve.toml`, then the environment.

mod choices;
mod document;
mod keys;
mod oidc;
mod settings;
mod urls;
mod values;

pub use choices::{EmailVerification, LogFormat, MailTransport, Registration};
pub use document::{ConfigError, Document};
pub use keys::{KEYS, Key};
pub use oidc::{IssuerUrl, OidcProvider};
pub use settings::{
    Bootstrap, Limits, LinkSettings, LockoutSettings, MailSettings, PasswordSettings, SessionSettings, Settings,
    TokenSettings,
};
pub use urls::{BreachCheckUrl, Origin};
