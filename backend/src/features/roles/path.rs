//! Role names in paths.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde::Deserialize;

use super::model::RoleName;
use super::service::unknown_text;
use crate::problem::Problem;

/// The `{name}` of a path. What can't be a role's name names a role that does not exist.
pub struct PathRoleName(pub RoleName);

#[derive(Deserialize)]
struct Named {
    name: String,
}

impl FromRequest for PathRoleName {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        // The extractor of the framework also decodes what the router leaves encoded.
        let named = web::Path::<Named>::from_request(request, payload).into_inner();
        let name = named
            .map_err(|_| Problem::not_found())
            .and_then(|named| RoleName::parse(&named.name).map_err(|_| unknown_text("role", &named.name)));
        ready(name.map(Self))
    }
}
