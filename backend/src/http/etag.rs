//! Strong entity tags, and conditions on them (RFC 9110, sections 8.8.3 and 13.1.1).

use std::fmt;
use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::IF_MATCH;
use actix_web::{FromRequest, HttpRequest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use crate::problem::{Code, Problem};

/// Names one state of one resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityTag(String);

impl EntityTag {
    /// The tag of a state that the parts determine.
    pub fn of<'a>(parts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part.len().to_le_bytes());
            hash.update(part);
        }
        Self(URL_SAFE_NO_PAD.encode(&hash.finalize()[..12]))
    }
}

/// Quoted, as in the header.
impl fmt::Display for EntityTag {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{}\"", self.0)
    }
}

/// What the caller believes the resource to be: the header `If-Match`, if there is one.
#[derive(Clone, Debug, Default)]
pub struct Precondition {
    accepted: Option<Vec<String>>,
}

impl Precondition {
    /// Whether the resource still is what the caller believes.
    ///
    /// # Errors
    /// `precondition_failed`.
    pub fn check(&self, current: &EntityTag) -> Result<(), Problem> {
        let current = current.to_string();
        match &self.accepted {
            None => Ok(()),
            Some(tags) if tags.iter().any(|tag| tag == "*" || *tag == current) => Ok(()),
            Some(_) => Err(Problem::new(Code::PreconditionFailed)),
        }
    }
}

impl FromRequest for Precondition {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let accepted = headers.contains_key(IF_MATCH).then(|| {
            // A tag that can't be read matches nothing, and the write is refused: the safe side of a mistake.
            let values = headers.get_all(IF_MATCH).filter_map(|value| value.to_str().ok());
            values.flat_map(|value| value.split(',')).map(|tag| tag.trim().to_owned()).collect()
        });
        ready(Ok(Self { accepted }))
    }
}
