//! `Idempotency-Key`: a request that is sent again has one effect and the same answer.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, Server, SignedIn, Store, operations};

fn create(by: &SignedIn, key: &str, body: Value) -> Answer {
    by.request("POST", "/users").header("idempotency-key", key).json(&body).send()
}

fn total(by: &SignedIn) -> Value {
    by.get("/users").expect(200)["total"].clone()
}

both_databases! {
    fn the_same_request_again_gets_the_same_answer_and_has_one_effect(server: Server) {
        let admin = server.admin();
        let body = json!({"email": "ann@example.com", "password": PASSWORD, "display_name": "Ann"});
        let first = create(&admin, "key-1", body.clone());
        let user = first.expect(201);
        for _ in 0..3 {
            let again = create(&admin, "key-1", body.clone());
            assert_eq!(again.expect(201), user);
            assert_eq!((again.header("location"), again.header("etag")), (first.header("location"), first.header("etag")));
            assert_eq!(again.header("content-type"), first.header("content-type"));
            assert_ne!(again.header("x-request-id"), first.header("x-request-id"));
        }
        assert_eq!(total(&admin), 2);
        // Without the key, or with another, it is another request.
        create(&admin, "key-2", body.clone()).problem(409, "email_taken");
        admin.post("/users", body).problem(409, "email_taken");
    }

    fn a_key_that_belongs_to_another_request_is_refused(server: Server) {
        let admin = server.admin();
        create(&admin, "key-1", json!({"email": "ann@example.com"})).expect(201);
        create(&admin, "key-1", json!({"email": "bob@example.com"})).problem(409, "idempotency_key_reused");
        let answer = admin.request("POST", "/roles").header("idempotency-key", "key-1").json(&json!({"name": "x", "permissions": []})).send();
        answer.problem(409, "idempotency_key_reused");
        assert_eq!(total(&admin), 2);
    }

    fn everybody_has_keys_of_their_own(server: Server) {
        let admin = server.admin();
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        let first = create(&admin, "key-1", json!({"email": "ann@example.com"})).expect(201);
        let other = create(&manager, "key-1", json!({"email": "bob@example.com"})).expect(201);
        assert_ne!(first["id"], other["id"]);
        // Nor is somebody else's answer ever given to who guesses their key.
        create(&manager, "key-1", json!({"email": "ann@example.com"})).problem(409, "idempotency_key_reused");
    }

    fn of_many_that_arrive_at_once_on_two_nodes_one_takes_effect(store: Arc<Store>) {
        let issuer: &[(&str, &str)] = &[("token.issuer", "https://reeve.test")];
        let nodes = [Server::start(&store, issuer), Server::start(&store, issuer)];
        let admin = nodes[0].admin();
        let body = json!({"name": "editors", "permissions": ["users:read"]});
        let send = |node: &Server| admin.at_node(node).request("POST", "/roles").header("idempotency-key", "k").json(&body).send();
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16).map(|number| scope.spawn({
                let (send, nodes) = (&send, &nodes);
                move || send(&nodes[number % 2])
            })).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let created: Vec<_> = answers.iter().filter(|answer| answer.status == 201).map(Answer::json).collect();
        assert!(!created.is_empty());
        assert!(created.iter().all(|role| *role == created[0]), "one request has several answers");
        // Whoever comes while the first is being served may be told so, but never that the name is taken.
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.problem(409, "conflict");
        }
        assert_eq!(send(&nodes[1]).expect(201), created[0]);
        assert_eq!(admin.get("/roles").expect(200)["total"], 2);
    }

    fn what_was_refused_may_be_mended_and_sent_again(server: Server) {
        let admin = server.admin();
        let body = json!({"email": "ann@example.com", "roles": ["editors"]});
        create(&admin, "key-1", body.clone()).problem(422, "unknown_role");
        server.create_role("editors", &[]);
        create(&admin, "key-1", body).expect(201);
        assert_eq!(total(&admin), 2);
    }

    fn a_key_is_forgotten_after_a_day_and_not_before(server: Server) {
        let body = json!({"email": "ann@example.com"});
        create(&server.admin(), "key-1", body.clone()).expect(201);
        server.clock.advance(Duration::from_secs(23 * 3_600));
        create(&server.admin(), "key-1", body.clone()).expect(201);
        server.clock.advance(Duration::from_secs(2 * 3_600));
        create(&server.admin(), "key-1", body).problem(409, "email_taken");
    }

    fn who_may_no_longer_do_it_is_not_given_the_answer_of_when_they_could(server: Server) {
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        let body = json!({"email": "ann@example.com"});
        create(&manager, "key-1", body.clone()).expect(201);
        server.admin().put(&format!("/users/{}/roles", manager.id), json!({"roles": []})).expect(200);
        create(&manager, "key-1", body.clone()).problem(403, "permission_denied");
        server.admin().request("POST", &format!("/users/{}/deactivate", manager.id)).send().expect(200);
        create(&manager, "key-1", body).problem(401, "unauthenticated");
    }

    fn a_key_is_no_way_past_the_guards_and_limits_of_a_request(store: Arc<Store>) {
        let server = Server::start(&store, &[("limits.body_bytes", "10000")]);
        let nobody = server.member("nobody@example.com", &[]);
        let send = |by: &crate::harness::Client, body: Vec<u8>| {
            by.request("POST", "/users").header("idempotency-key", "k").body("application/json", body).send()
        };
        send(&server.stranger(), b"{".to_vec()).problem(401, "unauthenticated");
        send(&nobody, b"{".to_vec()).problem(403, "permission_denied");
        send(&server.admin(), b"{".to_vec()).problem(400, "invalid_json");
        send(&server.admin(), vec![b' '; 20_000]).problem(413, "payload_too_large");
        for key in ["", &"k".repeat(256), "k\u{e9}"] {
            let answer = server.admin().request("POST", "/users").header("idempotency-key", key).json(&json!({"email": "a@example.com"})).send();
            answer.problem(400, "invalid_request");
        }
    }

    fn exactly_those_posts_take_a_key_of_which_the_contract_says_so(server: Server) {
        for operation in operations() {
            let parameters = operation.value["parameters"].as_array().cloned().unwrap_or_default();
            let named = parameters.iter().find(|parameter| parameter["name"] == "Idempotency-Key");
            // Each with a session of its own: one of them signs out.
            let admin = server.admin();
            let send = |key: &str| {
                admin.request(&operation.method, &operation.path()).header("idempotency-key", key).json(&json!({})).send()
            };
            let longest = "k".repeat(255);
            let malformed = ["", &"k".repeat(256), "a\tb", "k\u{e9}"];
            let is_named_malformed = |answer: &Answer| answer.status == 400 && answer.json()["code"] == "invalid_request";
            let refused: Vec<_> = malformed.iter().filter(|key| is_named_malformed(&send(key))).collect();
            let expected = if named.is_some() { malformed.len() } else { 0 };
            assert_eq!(refused.len(), expected, "{}: {refused:?}", operation.id);
            let Some(parameter) = named else { continue };
            assert_eq!((&parameter["in"], &parameter["schema"]["maxLength"]), (&json!("header"), &json!(255)));
            assert!(!is_named_malformed(&send(&longest)) && !is_named_malformed(&send("a b~")), "{}", operation.id);
            for status in ["400", "409", "413"] {
                assert!(operation.value["responses"][status].is_object(), "{}: {status}", operation.id);
            }
        }
    }

    fn no_answer_is_kept_because_its_path_was_spelled_otherwise(server: Server) {
        let admin = server.admin();
        let make = |path: &str| {
            let request = admin.request("POST", path).header("idempotency-key", "key-1");
            request.json(&json!({"name": "deploy"})).send().expect(201)["key"].clone()
        };
        // The router takes it for `/me/api-keys`, whose answer is a secret.
        assert_ne!(make("/me/api-k%65ys"), make("/me/api-k%65ys"));
    }

    fn no_answer_that_is_kept_holds_a_secret(server: Server) {
        let admin = server.admin();
        create(&admin, "key-1", json!({"email": "ann@example.com", "password": PASSWORD})).expect(201);
        for path in ["/auth/login", "/auth/reauthenticate"] {
            let body = json!({"identifier": "ann@example.com", "password": PASSWORD});
            let body = if path == "/auth/login" { body } else { json!({"password": PASSWORD}) };
            let tokens: Vec<_> = (0..2)
                .map(|_| admin.request("POST", path).header("idempotency-key", path).json(&body).send().expect(200)["access_token"].clone())
                .collect();
            assert_ne!(tokens[0], tokens[1], "a token was kept");
        }
        let kept = server.store.texts("SELECT key || fingerprint || body AS value FROM idempotency_keys").join("\n");
        assert!(!kept.contains(PASSWORD) && !kept.contains("access_token"), "{kept}");
    }
}
