//! JSON bodies: read strictly, and checked field by field, so that all that is wrong is said at once.

use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Bytes, BytesMut};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt;
use serde_json::{Map, Value};

use crate::problem::{Code, FieldError, Problem};
use crate::state::AppState;

/// A body whose every field was found valid.
pub struct Body<T>(pub T);

/// As [`Body`], where no body at all means an empty object.
pub struct OptionalBody<T>(pub T);

/// Something that a JSON object can be read into. Made by [`request_body!`](crate::request_body).
pub trait RequestBody: Sized + 'static {
    /// Takes the fields out of the object; what is wrong is noted in it.
    fn read(fields: &mut Fields) -> Option<Self>;
}

/// A value that a field can hold.
pub trait Field: Sized {
    /// Reads the field's value; `None` where the field is absent.
    ///
    /// # Errors
    /// A stable code and a sentence.
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)>;
}

/// The fields of an object, and what was found wrong with them so far.
pub struct Fields {
    object: Map<String, Value>,
    errors: Vec<FieldError>,
}

impl Fields {
    /// The fields of one object.
    pub fn new(object: Map<String, Value>) -> Self {
        Self { object, errors: Vec::new() }
    }

    /// Takes a field out.
    pub fn take<T: Field>(&mut self, name: &str) -> Option<T> {
        match T::from_json(self.object.remove(name)) {
            Ok(value) => Some(value),
            Err((code, message)) => {
                self.errors.push(FieldError::new(name, code, message));
                None
            }
        }
    }

    /// What is wrong; what nobody took out is unknown.
    pub fn into_errors(mut self) -> Vec<FieldError> {
        for (name, _) in self.object {
            let name: String = name.chars().take(100).collect();
            self.errors.push(FieldError::new(
                name,
                Code::UnknownField.as_str(),
                "This field is unknown or can't be set here.",
            ));
        }
        self.errors
    }
}

/// Reads a value from an object that is known to be one.
///
/// # Errors
/// `validation_failed` or `unknown_field` with all fields that are wrong.
pub fn read_object<T: RequestBody>(object: Map<String, Value>) -> Result<T, Problem> {
    let mut fields = Fields::new(object);
    let value = T::read(&mut fields);
    let errors = fields.into_errors();
    match value {
        Some(value) if errors.is_empty() => Ok(value),
        _ => Err(Problem::invalid(errors)),
    }
}

/// A field of a merge patch (RFC 7396): left out, it stays as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Patch<T> {
    /// The field is absent.
    Keep,
    /// The field is given.
    Set(T),
}

impl<T> Patch<T> {
    /// The new value, if one is given.
    pub fn into_option(self) -> Option<T> {
        match self {
            Self::Keep => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<T: Field> Field for Patch<T> {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        match value {
            None => Ok(Self::Keep),
            given => T::from_json(given).map(Self::Set),
        }
    }
}

impl<T: Field> Field for Option<T> {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        match value {
            None | Some(Value::Null) => Ok(None),
            given => T::from_json(given).map(Some),
        }
    }
}

impl<T: Field> Field for Vec<T> {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        match value {
            Some(Value::Array(items)) if items.len() <= 1_000 => {
                items.into_iter().map(|item| T::from_json(Some(item))).collect()
            }
            Some(Value::Array(_)) => Err(("too_many", "At most 1000 entries are accepted.".to_owned())),
            other => Err(wrong_type(other.as_ref(), "a list")),
        }
    }
}

impl Field for bool {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        match value {
            Some(Value::Bool(truth)) => Ok(truth),
            other => Err(wrong_type(other.as_ref(), "true or false")),
        }
    }
}

/// Text as it comes: any, but without NUL, which PostgreSQL can't store.
impl Field for String {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        match value {
            Some(Value::String(text)) if text.contains('\0') => {
                Err(("invalid_text", "The NUL character is not accepted.".to_owned()))
            }
            Some(Value::String(text)) => Ok(text),
            other => Err(wrong_type(other.as_ref(), "a text")),
        }
    }
}

impl Field for uuid::Uuid {
    fn from_json(value: Option<Value>) -> Result<Self, (&'static str, String)> {
        let text = String::from_json(value)?;
        uuid::Uuid::try_parse(&text).map_err(|_| ("invalid_id", "Enter an id (UUID).".to_owned()))
    }
}

fn wrong_type(found: Option<&Value>, expected: &str) -> (&'static str, String) {
    match found {
        None => ("required", "This field is required.".to_owned()),
        Some(_) => ("wrong_type", format!("This field takes {expected}.")),
    }
}

/// Declares a body: the struct, its schema for the OpenAPI document, and how it is read.
#[macro_export]
macro_rules! request_body {
    ($(#[$meta:meta])* $visibility:vis struct $name:ident {
        $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)?
    }) => {
        #[derive(utoipa::ToSchema)]
        $(#[$meta])*
        $visibility struct $name {
            $($(#[$field_meta])* pub $field: $type),*
        }

        impl $crate::http::RequestBody for $name {
            fn read(fields: &mut $crate::http::Fields) -> Option<Self> {
                // All are taken before the first missing one ends it, so that all errors are known.
                $(let $field = fields.take::<$type>(stringify!($field));)*
                Some(Self { $($field: $field?),* })
            }
        }
    };
}

impl<T: RequestBody> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json_bytes(request, payload);
        Box::pin(async move { parse(&bytes.await?.ok_or_else(|| Problem::new(Code::InvalidJson))?).map(Self) })
    }
}

impl<T: RequestBody> FromRequest for OptionalBody<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = json_bytes(request, payload);
        Box::pin(async move {
            match bytes.await? {
                Some(bytes) => parse(&bytes).map(Self),
                None => read_object(Map::new()).map(Self),
            }
        })
    }
}

fn parse<T: RequestBody>(bytes: &[u8]) -> Result<T, Problem> {
    let value: Value = serde_json::from_slice(bytes)
        .map_err(|error| Problem::with_detail(Code::InvalidJson, format!("The body is not JSON: {error}")))?;
    match value {
        Value::Object(object) => read_object(object),
        _ => Err(Problem::with_detail(Code::ValidationFailed, "The body must be a JSON object")),
    }
}

/// The bytes of a JSON body; `None` where there is no body at all.
fn json_bytes(
    request: &HttpRequest,
    payload: &mut Payload,
) -> impl Future<Output = Result<Option<Bytes>, Problem>> + 'static {
    let limit = request.app_data::<AppState>().map_or(0, |state| state.settings.limits.body_bytes);
    let content_type = request.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default().to_owned());
    let bytes = read_payload(request, payload, limit);
    async move {
        let bytes = bytes.await?;
        match content_type {
            Some(content_type) if is_json(&content_type) => Ok((!bytes.is_empty()).then_some(bytes)),
            None if bytes.is_empty() => Ok(None),
            _ => Err(Problem::with_detail(Code::UnsupportedMediaType, "Send JSON with Content-Type: application/json")),
        }
    }
}

fn is_json(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(media_type.as_str(), "application/json" | "application/merge-patch+json")
}

/// The whole body, as long as it is no longer than `limit`.
pub fn read_payload(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: usize,
) -> impl Future<Output = Result<Bytes, Problem>> + 'static {
    let declared = request.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse::<usize>().ok());
    let mut payload = payload.take();
    async move {
        let too_large =
            || Problem::with_detail(Code::PayloadTooLarge, format!("The body is larger than {limit} bytes"));
        if declared.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut bytes = BytesMut::with_capacity(declared.unwrap_or(0));
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Problem::with_detail(Code::InvalidRequest, "The body broke off"))?;
            if bytes.len() + chunk.len() > limit {
                return Err(too_large());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }
}
