//! The OpenAPI document as the tests walk it.

use serde_json::Value;

/// A path parameter's value that is well-formed and names nothing.
const NO_SUCH_ID: &str = "01939d3c-0000-7000-8000-0000000000ff";

#[derive(Clone, Debug)]
pub struct Operation {
    /// In capitals.
    pub method: String,
    /// As in the document, with its parameters in braces.
    pub template: String,
    pub id: String,
    /// Whether strangers may call it.
    pub is_public: bool,
    pub permission: Option<String>,
    /// The operation as the document has it.
    pub value: Value,
}

impl Operation {
    /// The path with every parameter filled in.
    pub fn path(&self) -> String {
        let mut path = String::new();
        let mut rest = self.template.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            path.push_str(before);
            path.push_str(NO_SUCH_ID);
            rest = after.split_once('}').unwrap().1;
        }
        path + rest
    }

    /// The content type of the body, if there is one.
    pub fn content_type(&self) -> Option<&str> {
        self.value["requestBody"]["content"].as_object()?.keys().next().map(String::as_str)
    }

    /// The schema of the JSON body, with references followed.
    pub fn body_schema(&self, contract: &Value) -> Option<Value> {
        let content = self.value["requestBody"]["content"].as_object()?;
        let schema =
            &content.get("application/json").or_else(|| content.get("application/merge-patch+json"))?["schema"];
        Some(resolve(contract, schema))
    }
}

/// Follows references, and takes the alternative to null.
pub fn resolve(contract: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = contract.pointer(reference.trim_start_matches('#'));
        return resolve(contract, target.unwrap_or_else(|| panic!("{reference} names nothing")));
    }
    match schema["oneOf"].as_array() {
        Some(choices) if choices.iter().any(|choice| choice["type"] == "null") => {
            let choice = choices.iter().find(|choice| choice["type"] != "null");
            choice.map_or_else(|| schema.clone(), |choice| resolve(contract, choice))
        }
        _ => schema.clone(),
    }
}

/// The document that the code makes.
pub fn contract() -> Value {
    serde_json::from_str(&reeve::app::contract()).unwrap()
}

/// All operations of the document.
pub fn operations() -> Vec<Operation> {
    let contract = contract();
    let mut operations = Vec::new();
    for (path, methods) in contract["paths"].as_object().unwrap() {
        for (method, value) in methods.as_object().unwrap() {
            let schemes = value["security"].as_array().cloned().unwrap_or_default();
            operations.push(Operation {
                method: method.to_uppercase(),
                template: path.clone(),
                id: value["operationId"].as_str().unwrap_or_default().to_owned(),
                is_public: schemes.is_empty() || schemes.iter().any(|scheme| scheme.as_object().unwrap().is_empty()),
                permission: value["x-permission"].as_str().map(str::to_owned),
                value: value.clone(),
            });
        }
    }
    assert!(operations.len() > 10, "the document has hardly any operations");
    operations
}
