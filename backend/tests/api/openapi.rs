//! The contract: it is what the code says, it is committed, and it is whole.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::harness::{Server, contract, operations, resolve};

#[test]
fn the_committed_contract_is_the_one_that_the_code_makes() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi/openapi.json");
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let made = reeve::app::contract();
    let differing = committed.lines().zip(made.lines()).position(|(committed, made)| committed != made);
    let line = differing.map_or_else(|| committed.lines().count().min(made.lines().count()) + 1, |line| line + 1);
    assert!(
        committed == made,
        "openapi/openapi.json is stale from line {line} on: run `make openapi` and commit what it writes"
    );
}

#[test]
fn every_operation_says_what_a_reader_and_a_generated_client_need() {
    let (contract, mut ids, mut missing) = (contract(), BTreeSet::new(), Vec::new());
    let tags: BTreeSet<_> =
        contract["tags"].as_array().unwrap().iter().map(|tag| tag["name"].clone().to_string()).collect();
    for operation in operations() {
        let name = format!("{} {}", operation.method, operation.template);
        let value = &operation.value;
        let mut want = |condition: bool, what: &str| {
            if !condition {
                missing.push(format!("{name}: {what}"));
            }
        };
        let is_snake =
            |id: &str| !id.is_empty() && id.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c.is_ascii_digit());
        want(is_snake(&operation.id), "an operationId in snake_case");
        want(ids.insert(operation.id.clone()), "an operationId of its own");
        let own_tags = value["tags"].as_array().cloned().unwrap_or_default();
        want(own_tags.len() == 1, "exactly one tag");
        want(own_tags.iter().all(|tag| tags.contains(&tag.to_string())), "a tag that the document describes");
        want(value["summary"].as_str().is_some_and(|summary| !summary.trim().is_empty()), "a summary");
        let responses = value["responses"].as_object().cloned().unwrap_or_default();
        want(
            responses.keys().any(|status| status.starts_with('2') || status.starts_with('3')),
            "an answer that is no error",
        );
        for (status, response) in &responses {
            want(
                !response["description"].as_str().unwrap_or_default().is_empty(),
                &format!("a description of {status}"),
            );
            if status.as_str() >= "400" {
                let types: Vec<_> =
                    response["content"].as_object().into_iter().flatten().map(|(name, _)| name).collect();
                want(types == ["application/problem+json"], &format!("{status} as application/problem+json alone"));
            }
        }
        want(responses.contains_key("500") && responses.contains_key("503"), "500 and 503");
        want(operation.is_public || responses.contains_key("401"), "401, because it is guarded");
        want(operation.permission.is_none() || responses.contains_key("403"), "403, because it needs a permission");
        want(!operation.template.contains('{') || responses.contains_key("404"), "404, because it names something");
        for parameter in value["parameters"].as_array().into_iter().flatten() {
            let described = parameter["description"].as_str().is_some_and(|text| !text.is_empty());
            let is_id = parameter["in"] == "path";
            want(described || is_id, &format!("a description of the parameter {}", parameter["name"]));
        }
    }
    assert!(missing.is_empty(), "the contract lacks\n{}", missing.join("\n"));
}

#[test]
fn every_json_body_and_answer_has_an_example_in_its_schema() {
    let (contract, mut missing) = (contract(), Vec::new());
    for operation in operations() {
        let request = operation.body_schema(&contract).map(|schema| ("body", schema));
        let responses = operation.value["responses"].as_object().unwrap();
        let answer = responses
            .iter()
            .find(|(status, _)| status.starts_with('2'))
            .map(|(_, response)| &response["content"]["application/json"]["schema"])
            .filter(|schema| schema.is_object())
            .map(|schema| ("answer", resolve(&contract, schema)));
        for (what, schema) in request.into_iter().chain(answer) {
            if operation.id != "openapi_get" && !has_example(&contract, &schema, 0) {
                missing.push(format!("{} ({what})", operation.id));
            }
        }
    }
    assert!(missing.is_empty(), "no example anywhere in: {}", missing.join(", "));
}

fn has_example(contract: &Value, schema: &Value, depth: usize) -> bool {
    let schema = resolve(contract, schema);
    let nested =
        |name: &str| schema[name].as_object().into_iter().flatten().map(|(_, value)| value.clone()).collect::<Vec<_>>();
    let listed = |name: &str| schema[name].as_array().cloned().unwrap_or_default();
    schema.get("example").is_some()
        || schema.get("examples").is_some()
        || schema.get("enum").is_some()
        || schema.get("const").is_some()
        || schema["type"] == "boolean"
        || depth < 6
            && nested("properties")
                .iter()
                .chain(&listed("oneOf"))
                .chain(&listed("allOf"))
                .chain(schema.get("items"))
                .any(|schema| has_example(contract, schema, depth + 1))
}

#[test]
fn every_reference_in_the_contract_leads_somewhere() {
    fn walk(contract: &Value, value: &Value) {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(reference)) = object.get("$ref") {
                    let pointer = reference.strip_prefix('#').expect("nothing is referred to outside the document");
                    assert!(contract.pointer(pointer).is_some(), "{reference} leads nowhere");
                }
                object.values().for_each(|value| walk(contract, value));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(contract, value)),
            _ => {}
        }
    }
    let contract = contract();
    assert_eq!(contract["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    walk(&contract, &contract);
}

both_databases! {
    fn the_server_shows_its_own_contract_and_a_page_that_loads_nothing_from_elsewhere(server: Server) {
        let client = server.stranger();
        assert_eq!(client.get("/openapi.json").expect(200), contract());
        let moved = client.get("/docs");
        assert!(matches!(moved.status, 200 | 301 | 302 | 307 | 308), "{moved}");
        let page = client.get("/docs/");
        assert_eq!(page.status, 200, "{page}");
        let html = page.text();
        assert!(html.contains("<html"), "{page}");
        for foreign in ["src=\"http", "src=\"//", "href=\"http", "href=\"//"] {
            assert!(!html.contains(foreign), "the page loads something from elsewhere: {html}");
        }
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    }

    fn whoever_is_not_signed_in_learns_what_a_front_end_needs_and_whether_the_server_is_well(server: Server) {
        let client = server.stranger();
        let config = client.get("/config").expect(200);
        assert_eq!(config["registration"]["mode"], "approval");
        assert_eq!(config["password"]["min_length"], 12);
        assert!(config["sign_in_methods"].as_array().unwrap().contains(&"password".into()));
        client.get("/health/live").expect(200);
        client.get("/health/ready").expect(200);
    }
}
