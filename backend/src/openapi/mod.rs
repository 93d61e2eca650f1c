//! The contract: what the routes say of themselves, and what holds for all of them.

mod complete;
mod operations;

use utoipa::OpenApi;

pub use self::operations::{Operations, PathOperations};
use crate::problem::{FieldError, ProblemDocument};

/// The document as it is served. To make it takes ten times its size of memory, which a server would keep for nothing; a test
/// holds it to what the routes say.
pub const DOCUMENT: &str = include_str!("../../../openapi/openapi.json");

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Reeve",
        description = "Administers users, roles and permissions, and the tables of an application that already exists.\n\nErrors are RFC 9457 problems with a stable `code`. Every operation names the permission that it requires as `x-permission`; one without it, and with a security requirement, is open to everybody who is signed in.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    tags(
        (name = "auth", description = "Signing in and out"),
        (name = "account", description = "Oneself"),
        (name = "users", description = "Who can sign in"),
        (name = "roles", description = "Named sets of permissions"),
        (name = "permissions", description = "What can be permitted"),
        (name = "audit", description = "Who did what"),
        (name = "overview", description = "How things stand"),
        (name = "meta", description = "What Reeve tells about itself")
    ),
    components(schemas(ProblemDocument, FieldError))
)]
struct Base;

/// The text of the document that the routes have collected.
pub fn finish(collected: utoipa::openapi::OpenApi) -> String {
    let mut base = Base::openapi();
    base.merge(collected);
    let mut document = serde_json::to_value(&base).unwrap_or_default();
    complete::complete(&mut document);
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}
