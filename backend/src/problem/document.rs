//! A problem as it is written down, and as the contract describes it.

use std::borrow::Cow;

use serde::Serialize;
use utoipa::ToSchema;
use utoipa::openapi::schema::{AnyOfBuilder, ArrayBuilder};
use utoipa::openapi::{Ref, RefOr, Schema};

use super::Problem;

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
    /// The permission that is missing, with `permission_denied`; `second_factor`, with `reauthentication_required`, where the
    /// password is not proof enough.
    #[serde(skip_serializing_if = "Option::is_none")]
    required: Option<String>,
    /// What is wrong with which field, or which line of an imported file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(schema_with = errors_schema)]
    errors: Option<serde_json::Value>,
}

/// The errors of a body name its fields, those of a file its lines, which may be wrong as a whole.
fn errors_schema() -> RefOr<Schema> {
    let item = AnyOfBuilder::new().item(Ref::from_schema_name("FieldError")).item(Ref::from_schema_name("LineError"));
    let description = "What is wrong with which field, or which line of an imported file.";
    ArrayBuilder::new().items(item).description(Some(description)).into()
}

impl Problem {
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
