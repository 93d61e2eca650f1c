//! What several bodies of signing in have in common.

use serde_json::Value;
use utoipa::ToSchema;

use crate::crypto::opaque_token::OpaqueToken;
use crate::http::Field;

/// How the refresh token reaches the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ToSchema)]
#[schema(rename_all = "snake_case")]
pub(super) enum RefreshDelivery {
    /// In the answer's body: for scripts and native applications.
    #[default]
    Body,
    /// In a cookie that scripts in the page can't read: for browsers.
    Cookie,
}

impl Field for RefreshDelivery {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        match String::from_json(value)?.as_str() {
            "body" => Ok(Self::Body),
            "cookie" => Ok(Self::Cookie),
            _ => Err(("invalid_delivery", "Enter body or cookie.".to_owned())),
        }
    }
}

/// An opaque token as a client presents it.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, max_length = 512, examples("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"))]
pub(super) struct PresentedToken(OpaqueToken);

impl PresentedToken {
    pub(super) fn into_token(self) -> OpaqueToken {
        self.0
    }
}

impl Field for PresentedToken {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        if text.len() > 512 {
            return Err(("too_long", "At most 512 characters are accepted.".to_owned()));
        }
        Ok(Self(OpaqueToken::presented(&text)))
    }
}

/// What somebody signs in by: an email or a username, in any case.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, max_length = 254, examples("ann@example.com"))]
pub(super) struct Identifier(String);

impl Identifier {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Field for Identifier {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        if text.chars().count() > 254 {
            return Err(("too_long", "At most 254 characters are accepted.".to_owned()));
        }
        Ok(Self(text))
    }
}
