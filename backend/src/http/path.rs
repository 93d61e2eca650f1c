//! Ids in paths.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use uuid::Uuid;

use crate::problem::Problem;

/// The `{id}` of a path. What is no UUID names nothing, so it is `not_found` and not an error of its own.
pub struct PathId(pub Uuid);

impl FromRequest for PathId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(parse_id);
        ready(id.map(Self).ok_or_else(Problem::not_found))
    }
}

/// The `{key_id}` of a path, as [`PathId`].
pub struct PathKeyId(pub Uuid);

impl FromRequest for PathKeyId {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("key_id").and_then(parse_id);
        ready(id.map(Self).ok_or_else(Problem::not_found))
    }
}

/// An id in the one form in which Reeve writes it: 36 characters, hyphenated.
fn parse_id(text: &str) -> Option<Uuid> {
    (text.len() == 36).then(|| Uuid::try_parse(text).ok()).flatten()
}
