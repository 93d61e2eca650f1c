use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;
use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{Timestamp, passkeys};
use crate::http::Field;
use crate::request_body;

/// A passkey as the store keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = passkeys)]
pub(super) struct PasskeyRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) credential_id: String,
    pub(super) name: String,
    pub(super) credential: String,
    pub(super) sign_count: i64,
    pub(super) backed_up: bool,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Option<Timestamp>,
}

impl PasskeyRow {
    /// How options name it (Web Authentication, section 5.8.3).
    pub(super) fn descriptor(&self) -> Value {
        json!({"type": "public-key", "id": self.credential_id})
    }
}

/// A passkey of somebody.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Passkey)]
pub(crate) struct PasskeyView {
    /// The passkey's id.
    #[schema(examples("01939d3c-0000-7000-8000-000000000007"))]
    pub(super) id: Uuid,
    /// What its owner calls it.
    #[schema(examples("Work laptop"))]
    name: String,
    /// Whether it is kept elsewhere too, and outlives the device.
    backed_up: bool,
    /// Since when it is known.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last proved who its owner is.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_used_at: Option<Timestamp>,
}

impl From<PasskeyRow> for PasskeyView {
    fn from(row: PasskeyRow) -> Self {
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            name: row.name,
            backed_up: row.backed_up,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// What a browser asks an authenticator, for five minutes and once.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CeremonyOptions {
    /// What the answer has to name.
    #[schema(examples("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"))]
    pub(super) ceremony: String,
    /// The options, as `PublicKeyCredential.parseCreationOptionsFromJSON` or `parseRequestOptionsFromJSON` takes them.
    #[schema(value_type = Object)]
    pub(super) public_key: Value,
}

/// The name of a ceremony, as a client presents it.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, max_length = 512, examples("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA"))]
pub(crate) struct CeremonyToken(pub(super) OpaqueToken);

impl Field for CeremonyToken {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        if text.len() > 512 {
            return Err(("too_long", "At most 512 characters are accepted.".to_owned()));
        }
        Ok(Self(OpaqueToken::presented(&text)))
    }
}

/// What an authenticator answers to prove that it holds a passkey: `PublicKeyCredential.toJSON()`.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = Object)]
pub(crate) struct Assertion(pub(super) PublicKeyCredential);

impl Field for Assertion {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        read_credential(value).map(Self)
    }
}

/// What an authenticator answers when it has made a passkey: `PublicKeyCredential.toJSON()`.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = Object)]
pub(super) struct Attestation(pub(super) RegisterPublicKeyCredential);

impl Field for Attestation {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        read_credential(value).map(Self)
    }
}

fn read_credential<T: DeserializeOwned>(value: Option<Value>) -> Result<T, (&'static str, String)> {
    let Some(Value::Object(mut credential)) = value else {
        return Err(("required", "Send what the authenticator answered.".to_owned()));
    };
    // What the browser says beside it is signed by nobody, and nothing is made of it.
    credential.remove("clientExtensionResults");
    serde_json::from_value(Value::Object(credential))
        .map_err(|_| ("invalid_credential", "This is not what an authenticator answers.".to_owned()))
}

/// What its owner calls a passkey.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, examples("Work laptop"), min_length = 1, max_length = 100)]
pub(super) struct PasskeyName(pub(super) String);

impl Field for PasskeyName {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?.trim().to_owned();
        match text.chars().count() {
            0 => Err(("required", "A name is required.".to_owned())),
            1..=100 if !text.chars().any(char::is_control) => Ok(Self(text)),
            1..=100 => Err(("invalid_text", "Control characters are not accepted.".to_owned())),
            _ => Err(("too_long", "At most 100 characters are accepted.".to_owned())),
        }
    }
}

request_body! {
    /// A passkey that was just made.
    pub(super) struct PasskeyAddition {
        /// What the options came with.
        ceremony: CeremonyToken,
        /// What to call it.
        name: PasskeyName,
        /// What the authenticator answered.
        credential: Attestation,
    }
}

request_body! {
    /// What is to change.
    pub(super) struct PasskeyPatch {
        /// What to call it from now on.
        name: PasskeyName,
    }
}
