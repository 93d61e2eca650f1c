//! Bad input, from clumsy to hostile, gets a problem with a stable code: never a 5xx, a hang or a bare status.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::harness::{Answer, Operation, Server, contract, operations, resolve};

/// What must come of bad input.
#[track_caller]
fn refused(operation: &Operation, case: &str, answer: &Answer) -> Value {
    assert!((400..500).contains(&answer.status), "{} with {case}: {answer}", operation.id);
    answer.any_problem()
}

/// A value that fits a field's schema.
fn plausible(contract: &Value, schema: &Value) -> Value {
    let schema = resolve(contract, schema);
    if let Some(example) = schema["examples"].get(0).or(schema.get("example")).or(schema["enum"].get(0)) {
        return example.clone();
    }
    let kind = schema["type"]
        .as_array()
        .and_then(|kinds| kinds.iter().find(|kind| **kind != "null"))
        .unwrap_or(&schema["type"]);
    match kind.as_str() {
        Some("boolean") => json!(true),
        Some("integer" | "number") => json!(1),
        Some("array") => json!([]),
        Some("object") => json!({}),
        _ => json!("text"),
    }
}

fn plausible_body(contract: &Value, schema: &Value) -> Map<String, Value> {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties.map(|(name, schema)| (name.clone(), plausible(contract, schema))).collect()
}

/// What belongs in a field's place and does not fit it.
fn misfits(contract: &Value, schema: &Value) -> Vec<(&'static str, Value)> {
    let schema = resolve(contract, schema);
    let kinds = schema["type"].to_string();
    let all = [
        ("a number", json!(1), "integer number"),
        ("a list", json!([{}]), "-"),
        ("an object", json!({"a": 1}), "object"),
        ("a text with NUL", json!("a\u{0}b"), "-"),
        ("an endless text", json!("x".repeat(100_000)), "-"),
        ("true", json!(true), "boolean"),
    ];
    let fits = |accepted: &str| accepted.split(' ').any(|kind| kinds.contains(kind));
    all.into_iter().filter(|(_, _, accepted)| !fits(accepted)).map(|(case, value, _)| (case, value)).collect()
}

both_databases! {
    fn whatever_is_wrong_with_a_body_is_told_by_a_stable_code(server: Server) {
        let contract = contract();
        let admin = server.admin();
        for operation in operations() {
            let Some(schema) = operation.body_schema(&contract) else { continue };
            if operation.id == "auth_logout" {
                continue; // It would sign out whoever asks, before the body matters.
            }
            let send = |content_type: &str, body: Vec<u8>| {
                admin.request(&operation.method, &operation.path()).body(content_type, body).send()
            };
            let json_of = |value: &Value| send("application/json", serde_json::to_vec(value).unwrap());
            let deep = format!("{{\"a\":{}{}}}", "[".repeat(50_000), "]".repeat(50_000));
            for (case, body) in [
                ("half an object", b"{\"a\":".to_vec()),
                ("text", b"hello".to_vec()),
                ("bytes that are no UTF-8", b"{\"a\":\"\xff\xfe\"}".to_vec()),
                ("deep nesting", deep.into_bytes()),
                ("two objects", b"{}{}".to_vec()),
                ("a lone surrogate", b"{\"a\":\"\\ud800\"}".to_vec()),
            ] {
                let problem = refused(&operation, case, &send("application/json", body));
                let code = problem["code"].as_str().unwrap();
                assert!(matches!(code, "invalid_json" | "not_found"), "{} with {case}: {problem}", operation.id);
            }
            for (case, body) in [("a list", json!([])), ("a number", json!(1)), ("null", json!(null)), ("a text", json!("{}"))] {
                refused(&operation, case, &json_of(&body));
            }
            let good = plausible_body(&contract, &schema);
            let answer = send("text/plain", serde_json::to_vec(&good).unwrap());
            assert!(matches!(answer.status, 415 | 404), "{} as text/plain: {answer}", operation.id);
            answer.any_problem();

            let mut unknown = good.clone();
            unknown.insert("is_admin".into(), json!(true));
            let answer = json_of(&unknown.into());
            refused(&operation, "an unknown field", &answer);
            if answer.status == 422 {
                assert_eq!(answer.json()["code"], "unknown_field", "{answer}");
                assert_eq!(answer.field_error("is_admin"), "unknown_field");
            }
            for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
                for (case, value) in misfits(&contract, schema) {
                    let mut body = good.clone();
                    body.insert(name.clone(), value);
                    let answer = json_of(&body.into());
                    refused(&operation, &format!("{case} as {name}"), &answer);
                    if answer.status == 422 {
                        let errors = answer.json()["errors"].to_string();
                        assert!(errors.contains(name.as_str()), "{} with {case} as {name}: {answer}", operation.id);
                    }
                }
            }
        }
    }

    fn a_field_that_is_missing_is_named_by_the_answer(server: Server) {
        let contract = contract();
        let admin = server.admin();
        for operation in operations() {
            let Some(schema) = operation.body_schema(&contract) else { continue };
            for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                let mut body = plausible_body(&contract, &schema);
                body.remove(name);
                let answer = admin.request(&operation.method, &operation.path()).json(&body.into()).send();
                refused(&operation, &format!("no {name}"), &answer);
                if answer.status == 422 {
                    assert_eq!(answer.field_error(name), "required", "{}", operation.id);
                }
            }
        }
    }

    fn all_that_is_wrong_with_a_body_is_said_at_once(server: Server) {
        let answer = server.stranger().post("/auth/register", json!({"email": 1, "username": "!", "color": "red"}));
        answer.problem(422, "unknown_field");
        assert_eq!(answer.field_error("email"), "wrong_type");
        assert_eq!(answer.field_error("password"), "required");
        assert_eq!(answer.field_error("username"), "invalid_username");
        assert_eq!(answer.field_error("color"), "unknown_field");
    }

    fn hostile_addresses_and_parameters_are_refused_or_simply_not_found(server: Server) {
        let admin = server.admin();
        for operation in operations().iter().filter(|operation| operation.method == "GET" && !operation.template.contains("oidc")) {
            let template = &operation.template;
            let mut paths = vec![format!("{}?{}", operation.path(), "a=".to_owned() + &"b".repeat(4_000))];
            if template.contains('{') {
                for id in ["1", "%00", "..%2f..%2fetc", "%ff%fe", "'%20OR%201=1--", &"9".repeat(2_000), "%F0%9F%92%A9", "null"] {
                    let (start, rest) = template.split_once('{').unwrap();
                    paths.push(format!("{start}{id}{}", rest.split_once('}').unwrap().1.replace(['{', '}'], "")));
                }
            }
            for query in ["limit=x", "limit=-1", "page=0&limit=1", "sort=%00", "filter=%00", "filter=email:eq", "cursor=%ff", "q=%00", "%", "=&=&&"] {
                paths.push(format!("{}?{query}", operation.path()));
            }
            for path in paths {
                let answer = admin.get(&path);
                assert!(answer.status < 500, "{answer}");
                if answer.status >= 400 {
                    answer.any_problem();
                }
            }
        }
    }

    fn a_body_that_is_too_large_is_refused_whether_its_size_is_told_or_not(store: std::sync::Arc<crate::harness::Store>) {
        let server = Server::start(&store, &[("limits.body_bytes", "10000")]);
        let body = json!({"identifier": "x".repeat(20_000), "password": "y"});
        server.stranger().post("/auth/login", body.clone()).problem(413, "payload_too_large");
        let chunked = reqwest::blocking::Body::new(std::io::Cursor::new(body.to_string().into_bytes()));
        let answer = crate::harness::http_client().build().unwrap()
            .post(format!("{}/api/v1/auth/login", server.address))
            .header("content-type", "application/json")
            .body(chunked)
            .send()
            .unwrap();
        assert_eq!(answer.status().as_u16(), 413);
        let problem: Value = serde_json::from_str(&answer.text().unwrap()).unwrap();
        assert_eq!(problem["code"], "payload_too_large");
    }

    fn a_request_that_is_no_http_is_refused_and_the_server_goes_on(server: Server) {
        for bytes in [
            "GARBAGE\r\n\r\n".to_owned(),
            "GET /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n".to_owned(),
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Type: application/json\r\n\r\nZZ\r\n".to_owned(),
            format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "a".repeat(200_000)),
            format!("GET / HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "a".repeat(200_000)),
        ] {
            let mut stream = TcpStream::connect(server.address.trim_start_matches("http://")).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let _ = stream.write_all(bytes.as_bytes());
            let mut answer = [0; 64];
            let length = stream.read(&mut answer).unwrap_or(0);
            let line = String::from_utf8_lossy(&answer[..length]).into_owned();
            assert!(length == 0 || line.starts_with("HTTP/1.1 4"), "{line} for {bytes:.60}");
        }
        server.stranger().get("/health/live").expect(200);
    }

    fn every_answer_has_its_id_its_security_headers_and_is_not_kept(server: Server) {
        let admin = server.admin();
        let answers = [admin.get("/me"), admin.get("/nothing"), server.stranger().get("/me"), admin.get("/config")];
        let mut ids: Vec<_> = answers.iter().map(|answer| answer.header("x-request-id").unwrap().to_owned()).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), answers.len());
        for answer in &answers {
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            assert_eq!(answer.header("x-frame-options"), Some("DENY"));
            assert!(answer.header("content-security-policy").unwrap().contains("default-src 'self'"));
        }
        let document = server.stranger().get("/docs/");
        for (name, value) in [("x-frame-options", "DENY"), ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin")] {
            assert_eq!(document.header(name), Some(value), "{name} of a document");
        }
        assert!(document.header("permissions-policy").unwrap().contains("camera=()"));
        assert_eq!(answers[0].header("cache-control"), Some("no-store"));
    }

    fn a_request_id_that_a_caller_makes_up_is_not_taken_over(server: Server) {
        let answer = server.stranger().request("GET", "/me").header("x-request-id", "forged").send();
        assert_ne!(answer.problem(401, "unauthenticated")["request_id"], "forged");
    }

    fn pages_of_other_origins_are_given_nothing_unless_they_are_configured(store: std::sync::Arc<crate::harness::Store>) {
        let server = Server::start(&store, &[("cors.origins", "https://app.example.com")]);
        let preflight = |origin: &str| {
            server.stranger().request("OPTIONS", "/me")
                .header("origin", origin)
                .header("access-control-request-method", "GET")
                .header("access-control-request-headers", "authorization")
                .send()
        };
        let known = preflight("https://app.example.com");
        assert_eq!(known.header("access-control-allow-origin"), Some("https://app.example.com"), "{known}");
        assert_eq!(known.header("access-control-allow-credentials"), Some("true"), "{known}");
        let foreign = preflight("https://evil.example.com");
        assert_eq!(foreign.header("access-control-allow-origin"), None, "{foreign}");
        let plain = server.stranger().request("GET", "/config").header("origin", "https://evil.example.com").send();
        assert_eq!(plain.header("access-control-allow-origin"), None, "{plain}");
    }
}
