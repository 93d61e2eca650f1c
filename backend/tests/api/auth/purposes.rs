//! A token is good for what it was made for, and for nothing else.

use std::sync::Arc;

use serde_json::{Value, json};

use super::NEW_PASSWORD;
use crate::harness::{ADMIN, Mailbox, PASSWORD, Server, Store, contract, operations};

const ANN: &str = "ann@example.com";

/// What a body calls the token that it presents.
const PRESENTED: [&str; 3] = ["token", "challenge", "refresh_token"];

/// Where a token is presented, and of which kind it has to be there.
struct Door {
    id: String,
    path: String,
    takes: &'static str,
    presented: &'static str,
    required: Vec<String>,
}

impl Door {
    fn body(&self, token: &str) -> Value {
        let value = |name: &str| match name {
            "password" | "new_password" => NEW_PASSWORD,
            "email" => "x@example.com",
            "method" => "email_code",
            "code" => "00000000",
            other => panic!("{}: what is {other}?", self.id),
        };
        let others = self.required.iter().filter(|name| *name != self.presented);
        let mut body: serde_json::Map<_, _> = others.map(|name| (name.clone(), json!(value(name)))).collect();
        body.insert(self.presented.to_owned(), json!(token));
        Value::Object(body)
    }
}

/// Every operation whose body presents a token, as the contract has it. One that is not named here fails.
fn doors() -> Vec<Door> {
    let contract = contract();
    let mut doors = Vec::new();
    for operation in operations() {
        let Some(schema) = operation.body_schema(&contract) else { continue };
        let presented = PRESENTED.into_iter().find(|name| schema["properties"].get(name).is_some());
        let is_code = operation.id == "auth_oidc_redeem";
        let Some(presented) = presented.or(is_code.then_some("code")) else { continue };
        let takes = match operation.id.as_str() {
            "auth_setup" => "setup",
            "auth_mfa" | "auth_mfa_email_code" | "auth_mfa_passkey_options" => "second_factor",
            "auth_change_required_password" => "password_change_required",
            "auth_verify_email" => "verify",
            "auth_reset_password" => "reset",
            "auth_confirm_email_change" => "email_change",
            "auth_accept_invitation" => "invitation",
            "auth_redeem_magic_link" => "magic_link",
            "auth_oidc_redeem" => "oidc_code",
            "auth_refresh" | "auth_logout" => "refresh",
            other => panic!("{other} takes a token that nothing is said about here"),
        };
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        let mut required: Vec<_> = required.iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        if operation.id == "auth_mfa" {
            // What proves the factor is one of several things.
            required.push("code".to_owned());
        }
        doors.push(Door { id: operation.id.clone(), path: operation.path(), takes, presented, required });
    }
    assert!(doors.len() >= 10);
    doors
}

both_databases! {
    fn no_token_is_taken_where_another_kind_is_meant(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let options = [("mail.url", mailbox.url.as_str()), ("registration", "open"), ("lockout.max_failures", "1000"), ("magic_link", "true")];
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
        let careful = json!({"name": "careful", "permissions": [], "mfa_required": true});
        admin.post("/roles", careful).expect(201);
        let ben = server.add_user("ben@example.com", &[]);
        admin.request("PUT", &format!("/users/{ben}/roles/careful")).send().expect(200);
        let second_factor = client.login("ben@example.com", PASSWORD).expect(200)["challenge"].as_str().unwrap().to_owned();
        client.post("/auth/mfa/email-code", json!({"challenge": second_factor})).expect(202);
        let mail = mailbox.next_to("ben@example.com", 0);
        let code = mail.text.split(|c: char| !c.is_ascii_digit()).find(|run| run.len() == 8).unwrap().to_owned();
        let tokens = [
            ("second_factor", second_factor),
            ("email_code", code),
            ("password_change_required", challenge),
            ("verify", mailbox.next_to("new@example.com", 0).token()),
            ("reset", mailbox.next_to(ANN, 0).token()),
            ("email_change", mailbox.next_to("anne@example.com", 0).token()),
            ("invitation", mailbox.next_to("invited@example.com", 0).token()),
            ("magic_link", mailbox.next_to("linked@example.com", 0).token()),
            ("refresh", ann.refresh_token.clone()),
            ("access", ann.access_token.clone()),
            ("api_key", api_key["key"].as_str().unwrap().to_owned()),
        ];
        let doors = doors();
        for (kind, token) in &tokens {
            for door in doors.iter().filter(|door| door.takes != *kind) {
                let answer = client.post(&door.path, door.body(token));
                // Signing out says nothing of a token that is none.
                let is_refused = [400, 401, 422].contains(&answer.status) || (door.id == "auth_logout" && answer.status == 204);
                assert!(is_refused, "{kind} at {}: {answer}", door.id);
                assert!(!answer.text().contains("access_token"), "{kind} at {}: {answer}", door.id);
            }
            // No token but the access token and the API key is a credential of its own.
            if !["access", "api_key"].contains(kind) {
                client.with_token(token).get("/me").problem(401, "unauthenticated");
            }
        }
        // And all of them are still good for what they were made for: none was used up at a wrong door.
        client.with_token(api_key["key"].as_str().unwrap()).get("/me").expect(200);
        ann.get("/me").expect(200);
        for (kind, token) in &tokens {
            let door = match *kind {
                "second_factor" => "auth_mfa_email_code",
                "password_change_required" => "auth_change_required_password",
                "verify" => "auth_verify_email",
                "email_change" => "auth_confirm_email_change",
                "invitation" => "auth_accept_invitation",
                "magic_link" => "auth_redeem_magic_link",
                "refresh" => "auth_refresh",
                // A change of the address voids a reset; the others were looked at above.
                _ => continue,
            };
            let door = doors.iter().find(|candidate| candidate.id == door).unwrap();
            client.post(&door.path, door.body(token)).expect_success();
        }
        server.stranger().sign_in(ADMIN, PASSWORD);
    }
}
