//! What holds for every operation, added to what the routes say of themselves.

use serde_json::{Map, Value, json};

use crate::features::idempotency;
use crate::problem::Code;

pub(super) fn complete(document: &mut Value) {
    document["components"]["securitySchemes"] = json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The access token that signing in answers."
        },
        "api_key": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "rv_...",
            "description": "An API key. It permits what its owner may do, and no more than it was made for; it does not reach its owner's account and credentials."
        }
    });
    // The prefix is part of each path, so that the document holds wherever Reeve is mounted.
    document["servers"] = json!([{ "url": "/", "description": "This server" }]);
    let mut bodies = Vec::new();
    for (path, operations) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in operations.as_object_mut().into_iter().flatten() {
            if method == "post" && idempotency::takes_key(path) {
                add_parameter(operation, idempotency::parameter());
            }
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
        add_error(operation, 401, &[Code::Unauthenticated]);
        add_error(operation, 429, &[Code::RateLimited]);
        // What takes a permission takes a key; what is one's own takes none, unless its route says otherwise.
        let takes_key = match operation["security"].as_array() {
            Some(schemes) => schemes.iter().any(|scheme| scheme["api_key"].is_array()),
            None => operation["x-permission"].is_string(),
        };
        operation["security"] = json!([{ "bearer": [] }]);
        if takes_key {
            operation["security"] = json!([{ "bearer": [] }, { "api_key": [] }]);
        } else {
            add_error(operation, 403, &[Code::PermissionDenied, Code::ImpersonationRefused]);
        }
    }
    if operation["x-permission"].is_string() {
        add_error(operation, 403, &[Code::PermissionDenied]);
    }
    // Nobody can prove in somebody else's name that they are them.
    let unauthenticated = operation["responses"]["401"]["description"].as_str().unwrap_or_default();
    if unauthenticated.contains(Code::ReauthenticationRequired.as_str()) {
        add_error(operation, 403, &[Code::ImpersonationRefused]);
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
    if has(idempotency::HEADER) {
        add_error(operation, 400, &[Code::InvalidRequest]);
        add_error(operation, 409, &[Code::Conflict, Code::IdempotencyKeyReused]);
        // To tell whether the request is the same its body is read, even where the operation itself takes none.
        add_error(operation, 413, &[Code::PayloadTooLarge]);
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

fn add_parameter(operation: &mut Value, parameter: Value) {
    match operation["parameters"].as_array_mut() {
        Some(parameters) => parameters.push(parameter),
        None => operation["parameters"] = json!([parameter]),
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
