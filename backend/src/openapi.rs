//! The contract: what the routes say of themselves, and what holds for all of them.

use std::sync::Arc;

use actix_web::dev::ResourceDef;
use actix_web::web::Bytes;
use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::problem::{Code, FieldError, ProblemDocument};

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
        (name = "meta", description = "What Reeve tells about itself")
    ),
    components(schemas(ProblemDocument, FieldError))
)]
struct Base;

/// The finished document, and what can be asked of it.
#[derive(Clone)]
pub struct Document {
    json: Bytes,
    methods: Arc<Vec<(ResourceDef, String)>>,
    /// What a POST to a path requires, where it requires a permission.
    post_permissions: Arc<Vec<(ResourceDef, String)>>,
}

impl Document {
    /// Finishes what the routes have collected.
    pub fn new(collected: utoipa::openapi::OpenApi) -> Self {
        let mut base = Base::openapi();
        base.merge(collected);
        let mut document = serde_json::to_value(&base).unwrap_or_default();
        complete(&mut document);
        let methods = document["paths"].as_object().into_iter().flatten().map(allowed_methods).collect();
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

    /// The methods that a path knows, as in the header `Allow`; `None` for a path that is unknown.
    pub fn allowed_methods(&self, path: &str) -> Option<String> {
        self.methods.iter().find(|(pattern, _)| pattern.is_match(path)).map(|(_, methods)| methods.clone())
    }
}

fn post_permission((path, operations): (&String, &Value)) -> Option<(ResourceDef, String)> {
    let permission = operations["post"]["x-permission"].as_str()?;
    Some((ResourceDef::new(path.as_str()), permission.to_owned()))
}

fn allowed_methods((path, operations): (&String, &Value)) -> (ResourceDef, String) {
    let methods: Vec<String> =
        operations.as_object().into_iter().flatten().map(|(method, _)| method.to_uppercase()).collect();
    (ResourceDef::new(path.as_str()), methods.join(", "))
}

fn complete(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token that signing in answers."
        }
    });
    // The prefix is part of each path, so that the document holds wherever Reeve is mounted.
    document["servers"] = json!([{ "url": "/", "description": "This server" }]);
    let mut bodies = Vec::new();
    for (path, operations) in document["paths"].as_object_mut().into_iter().flatten() {
        for (_, operation) in operations.as_object_mut().into_iter().flatten() {
            complete_operation(path, operation);
            complete_body(&mut operation["requestBody"]["content"], &mut bodies);
            if operation["requestBody"]["content"].is_null() {
                operation.as_object_mut().map(|operation| operation.remove("requestBody"));
            }
        }
    }
    // Unknown fields are refused, and the schemas say so.
    for name in bodies {
        document["components"]["schemas"][name]["additionalProperties"] = json!(false);
    }
}

/// A body that may be left out is an absent one, not `null`. Notes the names of the schemas that bodies have.
fn complete_body(content: &mut Value, names: &mut Vec<String>) {
    for (_, media) in content.as_object_mut().into_iter().flatten() {
        if let Some(alternatives) = media["schema"]["oneOf"].as_array()
            && let Some(schema) = alternatives.iter().find(|schema| schema["$ref"].is_string())
        {
            media["schema"] = schema.clone();
        }
        let name = media["schema"]["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
        names.extend(name.map(str::to_owned));
    }
}

/// Adds the errors that follow from what an operation is: from being guarded, from having a body, from naming a resource.
fn complete_operation(path: &str, operation: &mut Value) {
    let is_public =
        operation["security"].as_array().is_some_and(|schemes| schemes.iter().all(|scheme| scheme == &json!({})));
    if is_public {
        operation["security"] = json!([]);
    } else {
        operation["security"] = json!([{ "bearer": [] }]);
        add_error(operation, 401, &[Code::Unauthenticated]);
    }
    if operation["x-permission"].is_string() {
        add_error(operation, 403, &[Code::PermissionDenied]);
    }
    let has_body = operation["requestBody"].is_object();
    if has_body {
        add_error(operation, 413, &[Code::PayloadTooLarge]);
        add_error(operation, 415, &[Code::UnsupportedMediaType]);
    }
    if operation["requestBody"]["content"]["application/json"].is_object() {
        add_error(operation, 400, &[Code::InvalidJson]);
        add_error(operation, 422, &[Code::ValidationFailed, Code::UnknownField]);
    }
    if path.contains('{') {
        add_error(operation, 404, &[Code::NotFound]);
    }
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let has = |name: &str| parameters.iter().any(|parameter| parameter["name"] == name);
    if has("If-Match") {
        add_error(operation, 412, &[Code::PreconditionFailed]);
    }
    if has("filter") {
        let codes = [
            Code::InvalidLimit,
            Code::InvalidCursor,
            Code::InvalidPage,
            Code::InvalidSort,
            Code::InvalidFilter,
            Code::InvalidParameter,
        ];
        add_error(operation, 400, &codes);
    }
    add_error(operation, 500, &[Code::InternalError]);
    add_error(operation, 503, &[Code::Unavailable, Code::Overloaded]);
    for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
        if status.as_str() >= "400" {
            response["content"] = json!({
                "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } }
            });
        }
    }
}

/// Adds an error, or its codes to those that the operation names for the same status.
fn add_error(operation: &mut Value, status: u16, codes: &[Code]) {
    let Some(responses) = operation["responses"].as_object_mut() else { return };
    let response = responses.entry(status.to_string()).or_insert_with(|| Value::Object(Map::new()));
    let mut description = response["description"].as_str().unwrap_or_default().to_owned();
    for code in codes {
        let code = format!("`{}`", code.as_str());
        if !description.contains(&code) {
            let separator = if description.is_empty() { "" } else { ", " };
            description = format!("{description}{separator}{code}");
        }
    }
    response["description"] = json!(description);
}
