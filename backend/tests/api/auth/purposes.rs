//! A token is good for what it was made for, and for nothing else.

use std::sync::Arc;

use serde_json::{Value, json};

use super::NEW_PASSWORD;
use crate::harness::{ADMIN, Mailbox, PASSWORD, Server, Store};

const ANN: &str = "ann@example.com";

/// Where each kind of token is taken, and with what beside it.
fn endpoints(token: &str) -> Vec<(&'static str, &'static str, Value)> {
    vec![
        ("setup", "/auth/setup", json!({"token": token, "email": "x@example.com", "password": NEW_PASSWORD})),
        ("challenge", "/auth/password/change-required", json!({"challenge": token, "new_password": NEW_PASSWORD})),
        ("verify", "/auth/email/verify", json!({"token": token})),
        ("reset", "/auth/password/reset", json!({"token": token, "password": NEW_PASSWORD})),
        ("email_change", "/auth/email/change/confirm", json!({"token": token})),
        ("invitation", "/auth/invitation/accept", json!({"token": token, "password": NEW_PASSWORD})),
        ("magic_link", "/auth/magic-link/redeem", json!({"token": token})),
        ("oidc_code", "/auth/oidc/redeem", json!({"code": token})),
        ("refresh", "/auth/refresh", json!({"refresh_token": token})),
    ]
}

both_databases! {
    fn no_token_is_taken_where_another_kind_is_meant(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let options = [("mail.url", mailbox.url.as_str()), ("registration", "open"), ("magic_link", "true")];
        let server = Server::start(&store, &options);
        let client = server.stranger();
        let admin = server.admin();
        let ann = server.member(ANN, &[]);
        client.post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        ann.post("/auth/email/change", json!({"email": "anne@example.com"})).expect(202);
        client.post("/auth/register", json!({"email": "new@example.com", "password": PASSWORD})).expect(202);
        admin.post("/users", json!({"email": "invited@example.com"})).expect(201);
        let must = server.add_user("must@example.com", &[]);
        admin.put(&format!("/users/{must}/password"), json!({"password": PASSWORD, "must_change": true})).expect(204);
        let challenge = client.login("must@example.com", PASSWORD).expect(200)["challenge"].as_str().unwrap().to_owned();
        server.add_user("linked@example.com", &[]);
        client.post("/auth/magic-link", json!({"email": "linked@example.com"})).expect(202);
        let api_key = admin.post("/me/api-keys", json!({"name": "key"})).expect(201);
        let tokens = [
            ("challenge", challenge),
            ("verify", mailbox.next_to("new@example.com", 0).token()),
            ("reset", mailbox.next_to(ANN, 0).token()),
            ("email_change", mailbox.next_to("anne@example.com", 0).token()),
            ("invitation", mailbox.next_to("invited@example.com", 0).token()),
            ("magic_link", mailbox.next_to("linked@example.com", 0).token()),
            ("refresh", ann.refresh_token.clone()),
            ("access", ann.access_token.clone()),
            ("api_key", api_key["key"].as_str().unwrap().to_owned()),
        ];
        for (kind, token) in &tokens {
            for (taken, path, body) in endpoints(token) {
                if taken != *kind {
                    let answer = client.post(path, body);
                    assert!([400, 401, 422].contains(&answer.status), "{kind} at {path}: {answer}");
                    assert!(!answer.text().contains("access_token"), "{kind} at {path}: {answer}");
                }
            }
            // No token but the access token and the API key is a credential of its own.
            if !["access", "api_key"].contains(kind) {
                client.with_token(token).get("/me").problem(401, "unauthenticated");
            }
        }
        // And all of them are still good for what they were made for: none was used up at a wrong door.
        client.with_token(api_key["key"].as_str().unwrap()).get("/me").expect(200);
        for (kind, token) in tokens.iter().filter(|(kind, _)| !["access", "refresh", "api_key"].contains(kind)) {
            let (_, path, body) = endpoints(token).into_iter().find(|(taken, ..)| taken == kind).unwrap();
            if *kind != "reset" {
                client.post(path, body).expect_success();
            }
        }
        server.stranger().sign_in(ADMIN, PASSWORD);
    }
}
