//! Every error that a caller can see: RFC 9457 problems, made in this one place.

mod code;
mod document;
mod response;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

pub use code::Code;
pub use document::{FieldError, ProblemDocument};

use crate::db::DatabaseError;

/// The reason why a request was not served: a value that use cases return, and the only thing that becomes an error response.
#[derive(Clone, Debug)]
pub struct Problem(Box<Contents>);

/// Behind a pointer, because every use case returns it as its rare case.
#[derive(Clone, Debug)]
struct Contents {
    code: Code,
    detail: Cow<'static, str>,
    errors: Vec<FieldError>,
    report: Option<serde_json::Value>,
    required: Option<Cow<'static, str>>,
    allow: Option<String>,
    /// Whether a token was presented and is not good: it is told apart from none.
    refuses_token: bool,
    retry_after: Option<Duration>,
    /// For the log, never for the caller.
    cause: Option<String>,
}

impl Contents {
    fn new(code: Code) -> Self {
        Self {
            code,
            detail: Cow::Borrowed(code.title()),
            errors: Vec::new(),
            report: None,
            required: None,
            allow: None,
            refuses_token: false,
            retry_after: None,
            cause: None,
        }
    }
}

impl Problem {
    /// A problem whose title says all there is to say.
    pub fn new(code: Code) -> Self {
        Self(Box::new(Contents::new(code)))
    }

    /// A problem with a sentence about this very case.
    pub fn with_detail(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Contents { detail: detail.into(), ..Contents::new(code) }))
    }

    /// Input that breaks the rules of one or more fields.
    pub fn invalid(errors: Vec<FieldError>) -> Self {
        // One unknown field is a mistake of another kind than a wrong value, and clients tell them apart by the code.
        let unknown = errors.iter().any(|error| error.code == Code::UnknownField.as_str());
        let code = if unknown { Code::UnknownField } else { Code::ValidationFailed };
        Self(Box::new(Contents { errors, ..Contents::new(code) }))
    }

    /// A problem that belongs to one field, as a taken email does.
    pub fn of_field(code: Code, field: &str) -> Self {
        Self(Box::new(Contents {
            errors: vec![FieldError::new(field, code.as_str(), code.title())],
            ..Contents::new(code)
        }))
    }

    /// As [`Problem::of_field`], with a sentence about this very case.
    pub fn of_field_with(code: Code, field: &str, message: String) -> Self {
        Self(Box::new(Contents { errors: vec![FieldError::new(field, code.as_str(), message)], ..Contents::new(code) }))
    }

    /// The caller is known, but lacks `permission`.
    pub fn permission_denied(permission: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Contents { required: Some(permission.into()), ..Contents::new(Code::PermissionDenied) }))
    }

    /// The caller has to prove a second factor before this, whatever else they have proved.
    pub fn second_factor_wanted() -> Self {
        let contents = Contents::new(Code::ReauthenticationRequired);
        Self(Box::new(Contents { required: Some("second_factor".into()), ..contents }))
    }

    /// The caller brought credentials that are good for nothing.
    pub fn useless_credentials() -> Self {
        let detail = Cow::Borrowed("The access token or API key is invalid, expired or revoked");
        Self(Box::new(Contents { detail, refuses_token: true, ..Contents::new(Code::Unauthenticated) }))
    }

    /// The caller presents an API key for what only its owner may do.
    pub fn not_with_api_key() -> Self {
        Self::with_detail(Code::PermissionDenied, "An API key does not reach its owner's account and credentials")
    }

    /// The caller acts in somebody's name, and asks for what only that person may do, or who proves afresh that they are themselves.
    pub fn not_while_impersonating() -> Self {
        Self::with_detail(
            Code::ImpersonationRefused,
            "Who acts in somebody's name does not reach their account and credentials, nor what takes a recent proof",
        )
    }

    /// A method that the path doesn't know; `allow` lists those it does.
    pub fn method_not_allowed(allow: String) -> Self {
        Self(Box::new(Contents { allow: Some(allow), ..Contents::new(Code::MethodNotAllowed) }))
    }

    /// A file that was refused as a whole; `errors` says where.
    pub fn import_failed(errors: serde_json::Value) -> Self {
        Self(Box::new(Contents { report: Some(errors), ..Contents::new(Code::ImportFailed) }))
    }

    /// Too much to do: worth another try after `retry_after`.
    pub fn overloaded(retry_after: Duration) -> Self {
        Self(Box::new(Contents { retry_after: Some(retry_after), ..Contents::new(Code::Overloaded) }))
    }

    /// Too many attempts or requests (`code` says which), for as long as `wait`.
    pub fn wait(code: Code, wait: Duration) -> Self {
        // Rounded up: who comes back in time is not to be turned away once more.
        let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
        Self(Box::new(Contents { retry_after: Some(Duration::from_secs(seconds)), ..Contents::new(code) }))
    }

    /// Somebody whom we need can't be reached; `cause` goes to the log alone.
    pub fn unavailable_elsewhere(cause: impl fmt::Display) -> Self {
        Self(Box::new(Contents {
            cause: Some(cause.to_string()),
            retry_after: Some(Duration::from_secs(5)),
            ..Contents::new(Code::ProviderUnavailable)
        }))
    }

    /// A fault of ours; `cause` goes to the log alone.
    pub fn internal(cause: impl fmt::Display) -> Self {
        Self(Box::new(Contents { cause: Some(cause.to_string()), ..Contents::new(Code::InternalError) }))
    }

    /// There is no such thing.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound)
    }

    /// The stable reason.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What is wrong with which fields.
    pub fn errors(&self) -> &[FieldError] {
        &self.0.errors
    }

    /// What happened, in a sentence.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// What the log should know and the caller should not.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.detail)?;
        for error in &self.0.errors {
            write!(formatter, "; {}: {}", error.field, error.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::Unavailable(_) => Self(Box::new(Contents {
                cause: Some(error.to_string()),
                retry_after: Some(Duration::from_secs(2)),
                ..Contents::new(Code::Unavailable)
            })),
            DatabaseError::UniqueViolation(_) => {
                Self(Box::new(Contents { cause: Some(error.to_string()), ..Contents::new(Code::Conflict) }))
            }
            DatabaseError::Query(_) => Self::internal(error),
        }
    }
}

impl From<diesel::result::Error> for Problem {
    fn from(error: diesel::result::Error) -> Self {
        DatabaseError::from(error).into()
    }
}
