use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::db::Timestamp;
use crate::http::Field;
use crate::request_body;

/// How a second factor is proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(rename_all = "snake_case", as = MfaMethod)]
pub(crate) enum Method {
    /// A passkey.
    Passkey,
    /// A code of an authenticator.
    Totp,
    /// A code that is mailed.
    EmailCode,
    /// One of the codes that were handed out for when the authenticator is lost.
    RecoveryCode,
}

impl Method {
    /// As it is on the wire and in the audit trail.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Passkey => "passkey",
            Self::Totp => "totp",
            Self::EmailCode => "email_code",
            Self::RecoveryCode => "recovery_code",
        }
    }
}

impl Field for Method {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        let known = [Self::Passkey, Self::Totp, Self::EmailCode, Self::RecoveryCode];
        let known = known.into_iter().find(|method| method.as_str() == text);
        known.ok_or_else(|| ("invalid_method", "Enter passkey, totp, email_code or recovery_code.".to_owned()))
    }
}

/// A code as somebody typed it.
#[derive(Clone, ToSchema)]
#[schema(value_type = String, max_length = 64, examples("287082"))]
pub(crate) struct OneTimeCode(String);

impl OneTimeCode {
    /// Without the spaces that people type into long numbers.
    pub(crate) fn digits(&self) -> String {
        self.0.split_whitespace().collect()
    }

    /// As it was typed.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Field for OneTimeCode {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        if text.chars().count() > 64 {
            return Err(("too_long", "At most 64 characters are accepted.".to_owned()));
        }
        Ok(Self(text))
    }
}

request_body! {
    /// A code that shows that the authenticator works.
    pub(super) struct TotpConfirmation {
        /// The code.
        code: OneTimeCode,
    }
}

/// One's second factors.
#[derive(Serialize, ToSchema)]
pub(super) struct MfaStatus {
    /// Whether there is a password, too: who signs in by a link or elsewhere may have none.
    pub(super) has_password: bool,
    /// Whether signing in asks for one that one has set up.
    pub(super) enabled: bool,
    /// Whether one of one's roles asks for one in any case.
    pub(super) required: bool,
    /// What is set up.
    pub(super) methods: Vec<EnrolledMethod>,
    /// How many recovery codes have not been used.
    #[schema(examples(10))]
    pub(super) recovery_codes_left: usize,
}

/// A second factor that is set up.
#[derive(Serialize, ToSchema)]
pub(super) struct EnrolledMethod {
    /// Which.
    pub(super) method: Method,
    /// Since when.
    #[schema(value_type = String, format = DateTime)]
    pub(super) created_at: Timestamp,
    /// When it was last used to sign in.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(super) last_used_at: Option<Timestamp>,
}

/// What an authenticator needs to know, told this once.
#[derive(Serialize, ToSchema)]
pub(super) struct TotpOffer {
    /// The secret, to be typed (base 32).
    #[schema(examples("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"))]
    pub(super) secret: String,
    /// All of it, for applications.
    #[schema(examples("otpauth://totp/Reeve:ann%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Reeve"))]
    pub(super) otpauth_uri: String,
    /// The same as a picture for a telephone's camera (SVG).
    pub(super) qr_svg: String,
}

/// Recovery codes, told this once.
#[derive(Serialize, ToSchema)]
pub(super) struct RecoveryCodes {
    /// The codes; each is good once.
    #[schema(min_items = 10, max_items = 10, examples(json!(["3AB1-Z0XY-9K2M"])))]
    pub(super) recovery_codes: Vec<String>,
}
