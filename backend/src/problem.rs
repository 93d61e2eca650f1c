//! Every error that a caller can see: RFC 9457 problems, made in this one place.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;
use utoipa::ToSchema;

use crate::db::DatabaseError;

macro_rules! codes {
    ($($variant:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// A stable, machine-readable reason; its status and title stand beside it in one table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Code { $($variant),* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code),* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Code::$variant => $status),* }
            }

            /// What it means, in a few words that never change.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$variant => $title),* }
            }
        }
    };
}

codes! {
    InvalidJson = "invalid_json", 400, "The body is not JSON";
    InvalidRequest = "invalid_request", 400, "The request is malformed";
    InvalidLimit = "invalid_limit", 400, "The limit is out of range";
    InvalidCursor = "invalid_cursor", 400, "The cursor is not one of this list";
    InvalidPage = "invalid_page", 400, "The page is not a positive number";
    InvalidFilter = "invalid_filter", 400, "The filter can't be applied";
    InvalidSort = "invalid_sort", 400, "The sort order can't be applied";
    InvalidParameter = "invalid_parameter", 400, "A query parameter is unknown or has a wrong value";
    InvalidToken = "invalid_token", 400, "The link is invalid, used or expired";
    Unauthenticated = "unauthenticated", 401, "Sign in first";
    InvalidCredentials = "invalid_credentials", 401, "The name or password is wrong";
    InvalidRefreshToken = "invalid_refresh_token", 401, "The session has ended";
    RefreshTokenReused = "refresh_token_reused", 401, "The refresh token was used before";
    ReauthenticationRequired = "reauthentication_required", 401, "Prove once more that it is you";
    PermissionDenied = "permission_denied", 403, "Your permissions don't cover this";
    PrivilegeEscalation = "privilege_escalation", 403, "This exceeds your own permissions";
    OriginRefused = "origin_refused", 403, "The request comes from a foreign page";
    RegistrationClosed = "registration_closed", 403, "Registration is closed";
    NotFound = "not_found", 404, "There is no such thing";
    MethodNotAllowed = "method_not_allowed", 405, "The method is not allowed here";
    Conflict = "conflict", 409, "The change conflicts with the present state";
    EmailTaken = "email_taken", 409, "The email is taken";
    UsernameTaken = "username_taken", 409, "The username is taken";
    RoleNameTaken = "role_name_taken", 409, "The role's name is taken";
    ProtectedRole = "protected_role", 409, "The role is built in";
    LastAdmin = "last_admin", 409, "The last active administrator must stay";
    IdempotencyKeyReused = "idempotency_key_reused", 409, "The idempotency key belongs to another request";
    PreconditionFailed = "precondition_failed", 412, "It was changed meanwhile";
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    UriTooLong = "uri_too_long", 414, "The address is too long";
    UnsupportedMediaType = "unsupported_media_type", 415, "The content type is not supported";
    ValidationFailed = "validation_failed", 422, "The input is invalid";
    UnknownField = "unknown_field", 422, "The body has an unknown field";
    UnknownRole = "unknown_role", 422, "There is no such role";
    ImportFailed = "import_failed", 422, "The file has errors, nothing was imported";
    TooManyAttempts = "too_many_attempts", 429, "Too many attempts";
    RateLimited = "rate_limited", 429, "Too many requests";
    InternalError = "internal_error", 500, "Something went wrong on our side";
    Unavailable = "unavailable", 503, "The service can't answer right now";
    Overloaded = "overloaded", 503, "The service has too much to do right now";
}

impl Code {
    /// Whether it refuses an act that its caller may do as such, because of what it would lead to.
    pub const fn is_guard_rail(self) -> bool {
        matches!(self, Self::PrivilegeEscalation | Self::LastAdmin | Self::ProtectedRole)
    }
}

/// What is wrong with one field of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// The field, as it is named in the body.
    #[schema(examples("email"))]
    pub field: String,
    /// A stable, machine-readable reason.
    #[schema(examples("invalid_email"))]
    pub code: Cow<'static, str>,
    /// The reason in a sentence.
    #[schema(examples("Enter an email address."))]
    pub message: Cow<'static, str>,
}

impl FieldError {
    /// An error of `field`.
    pub fn new(
        field: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into() }
    }
}

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

    /// The document of RFC 9457, for the request that `instance` and `request_id` name.
    pub fn document(&self, instance: &str, request_id: &str) -> ProblemDocument {
        let errors = match &self.0.report {
            Some(report) => Some(report.clone()),
            None if self.0.errors.is_empty() => None,
            None => serde_json::to_value(&self.0.errors).ok(),
        };
        ProblemDocument {
            kind: format!("urn:reeve:problem:{}", self.0.code.as_str()),
            title: self.0.code.title(),
            status: self.0.code.status(),
            detail: self.0.detail.to_string(),
            instance: instance.to_owned(),
            code: self.0.code.as_str(),
            request_id: request_id.to_owned(),
            required: self.0.required.as_ref().map(ToString::to_string),
            errors,
        }
    }
}

/// `application/problem+json` (RFC 9457).
#[derive(Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemDocument {
    /// A URN that names the kind of problem.
    #[serde(rename = "type")]
    #[schema(examples("urn:reeve:problem:not_found"))]
    kind: String,
    /// The kind of problem in a few words.
    #[schema(examples("There is no such thing"))]
    title: &'static str,
    /// The HTTP status.
    #[schema(examples(404))]
    status: u16,
    /// What happened this time.
    #[schema(examples("There is no such thing"))]
    detail: String,
    /// The path of the request.
    #[schema(examples("/api/v1/users/01939d3c-0000-7000-8000-000000000000"))]
    instance: String,
    /// A stable, machine-readable reason.
    #[schema(examples("not_found"))]
    code: &'static str,
    /// The request's id, as in the header `X-Request-Id` and in the log.
    #[schema(examples("01939d3c-0000-7000-8000-000000000001"))]
    request_id: String,
    /// The permission that is missing, with `permission_denied`.
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<String>,
    /// What is wrong with which field, or which line of an imported file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<FieldError>>)]
    errors: Option<serde_json::Value>,
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

/// The headers are set here; the body is written where the request is known ([`crate::http::envelope`]).
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.0.code.status() == 401 {
            headers.insert(WWW_AUTHENTICATE, challenge(self.0.code));
        }
        if let Some(allow) = self.0.allow.as_deref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
            headers.insert(ALLOW, allow);
        }
        if let Some(wait) = self.0.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

/// RFC 6750: a stranger is only told the scheme; who brought a token is told what is wrong with it.
fn challenge(code: Code) -> HeaderValue {
    HeaderValue::from_static(match code {
        Code::ReauthenticationRequired => r#"Bearer realm="reeve", error="insufficient_user_authentication""#,
        Code::InvalidCredentials => r#"Bearer realm="reeve", error="invalid_token""#,
        _ => r#"Bearer realm="reeve""#,
    })
}
