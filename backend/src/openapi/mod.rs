//! The contract: what the routes say of themselves, and what holds for all of them.

mod complete;
mod methods;

use std::sync::Arc;

use actix_web::dev::ResourceDef;
use actix_web::web::Bytes;
use serde_json::Value;
use utoipa::OpenApi;

use self::methods::Methods;
pub use self::methods::PathMethods;
use crate::problem::{FieldError, ProblemDocument};

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

/// The finished document, and what can be asked of it.
#[derive(Clone)]
pub struct Document {
    json: Bytes,
    methods: Arc<Methods>,
    /// What a POST to a path requires, where it requires a permission.
    post_permissions: Arc<Vec<(ResourceDef, String)>>,
}

impl Document {
    /// Finishes what the routes have collected.
    pub fn new(collected: utoipa::openapi::OpenApi) -> Self {
        let mut base = Base::openapi();
        base.merge(collected);
        let mut document = serde_json::to_value(&base).unwrap_or_default();
        complete::complete(&mut document);
        let methods = Methods::new(&document["paths"]);
        let post_permissions =
            document["paths"].as_object().into_iter().flatten().filter_map(post_permission).collect();
        let mut json = serde_json::to_vec_pretty(&document).unwrap_or_default();
        json.push(b'\n');
        Self { json: json.into(), methods: Arc::new(methods), post_permissions: Arc::new(post_permissions) }
    }

    /// The document's text.
    pub fn json(&self) -> &Bytes {
        &self.json
    }

    /// The permission that a POST to a path requires; `None` where being signed in is enough.
    pub fn post_permission(&self, path: &str) -> Option<&str> {
        self.post_permissions.iter().find(|(pattern, _)| pattern.is_match(path)).map(|(_, name)| name.as_str())
    }

    /// Which methods each path knows.
    pub fn methods(&self) -> &Methods {
        &self.methods
    }
}

fn post_permission((path, operations): (&String, &Value)) -> Option<(ResourceDef, String)> {
    let permission = operations["post"]["x-permission"].as_str()?;
    Some((ResourceDef::new(path.as_str()), permission.to_owned()))
}
