use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::features::sessions::Session;
use crate::http::Field;
use crate::problem::Problem;
use crate::request_body;
use crate::state::AppState;

request_body! {
    /// Why somebody acts in another's name.
    #[schema(example = json!({"reason": "Ticket 4711: the list of orders stays empty"}))]
    pub(super) struct ImpersonationRequest {
        /// What it is for: the audit trail keeps it.
        reason: ImpersonationReason,
    }
}

/// A reason, in words.
#[derive(Clone, Debug, ToSchema)]
#[schema(value_type = String, examples("Ticket 4711: the list of orders stays empty"), min_length = 1, max_length = 500)]
pub(super) struct ImpersonationReason(pub(super) String);

impl Field for ImpersonationReason {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?.trim().to_owned();
        match text.chars().count() {
            0 => Err(("required", "A reason is required.".to_owned())),
            1..=500 if !text.chars().any(|letter| letter.is_control() && letter != '\n') => Ok(Self(text)),
            1..=500 => Err(("invalid_text", "Control characters are not accepted.".to_owned())),
            _ => Err(("too_long", "At most 500 characters are accepted.".to_owned())),
        }
    }
}

/// What lets one act in somebody's name. Nothing renews it.
#[derive(Serialize, ToSchema)]
pub(super) struct ImpersonationGrant {
    /// An access token of the user; its claim `act` tells who acts.
    #[schema(examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2lnbmF0dXJl"))]
    pub(super) access_token: String,
    /// How many seconds it is good.
    #[schema(examples(1800))]
    pub(super) expires_in: u64,
}

impl ImpersonationGrant {
    /// Signs the token of a session.
    ///
    /// # Errors
    /// A fault of ours while there is no key.
    pub(super) fn issue(state: &AppState, session: &Session) -> Result<Self, Problem> {
        let issued = state.access_tokens.issue(session, state.clock.now());
        let issued = issued.ok_or_else(|| Problem::internal("there is no key to sign access tokens with"))?;
        Ok(Self { access_token: issued.token, expires_in: issued.expires_in })
    }
}
