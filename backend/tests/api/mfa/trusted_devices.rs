//! Devices on which no second factor is asked for, for a while.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, Ann, STEP, ann, challenge_of, enrol};
use crate::harness::{Answer, Client, Mailbox, PASSWORD, Server, Store, device_of, login_in_browser};

fn login(client: &Client, cookie: Option<&str>) -> Answer {
    login_in_browser(client, ANN, PASSWORD, cookie)
}

fn device(answer: &Answer) -> String {
    device_of(answer).expect("no device")
}

/// Signs in on a device that is to be trusted; its cookie.
fn trust(server: &Server, ann: &Ann) -> String {
    let client = server.stranger();
    let code = ann.authenticator.code(server, 0);
    let challenge = challenge_of(&login(&client, None));
    let body =
        json!({"challenge": challenge, "method": "totp", "code": code, "trust_device": true, "refresh": "cookie"});
    let answer = client.post("/auth/mfa", body);
    answer.expect(200);
    device(&answer)
}

fn is_asked(client: &Client, cookie: Option<&str>) -> bool {
    login(client, cookie).expect(200)["status"] == "mfa_required"
}

const DAY: std::time::Duration = std::time::Duration::from_secs(86_400);

both_databases! {
    fn on_a_device_that_its_user_trusts_the_password_is_enough_for_a_while(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let device = trust(&server, &ann);
        assert!(!is_asked(&client, Some(&device)));
        let told = ann.session.get("/me/devices").expect(200)["items"][0]["trusted_until"].clone();
        assert!(told.is_string(), "{told}");
        assert!(is_asked(&client, None) && is_asked(&client, Some("reeve_device=nonsense")));
        // The session does not claim what was not shown.
        let body = login(&client, Some(&device)).expect(200);
        let sessions = client.with_token(body["access_token"].as_str().unwrap()).get("/me/sessions").expect(200);
        assert!(sessions["items"].as_array().unwrap().iter().any(|item| item["current"] == true && item["mfa"] == false));
        server.clock.advance(31 * DAY);
        assert!(is_asked(&client, Some(&device)));
        let ann = server.stranger().signed_in(&crate::mfa::prove(&client, &crate::mfa::challenge(&client, ANN), "totp", &ann.authenticator.code(&server, 0)));
        assert!(ann.get("/me/devices").expect(200)["items"].as_array().unwrap().iter().all(|device| device["trusted_until"].is_null()));
    }

    fn a_device_is_trusted_only_if_somebody_says_so_and_only_for_them(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let code = ann.authenticator.code(&server, 0);
        let body = json!({"challenge": challenge_of(&login(&client, None)), "method": "totp", "code": code, "refresh": "cookie"});
        let answer = client.post("/auth/mfa", body);
        answer.expect(200);
        assert!(is_asked(&client, Some(&device(&answer))));
        server.clock.advance(2 * STEP);
        let trusted = trust(&server, &ann);
        let ben = enrol(&server, server.member("ben@example.com", &[]));
        let body = json!({"identifier": "ben@example.com", "password": PASSWORD, "refresh": "cookie"});
        let answer = client.request("POST", "/auth/login").header("cookie", &trusted).json(&body).send();
        assert_eq!(answer.expect(200)["status"], "mfa_required", "{}", ben.session.id);
    }

    fn trust_ends_with_the_password_whoever_changes_it(server: Server) {
        let ann = ann(&server);
        let (client, admin, id) = (server.stranger(), server.admin(), &ann.session.id);
        let new = "another horse, another battery";
        let device = trust(&server, &ann);
        assert!(!is_asked(&client, Some(&device)));
        let body = json!({"current_password": PASSWORD, "new_password": new});
        ann.session.post("/auth/password/change", body).expect(200);
        let answer = login_in_browser(&client, ANN, new, Some(&device));
        assert_eq!(answer.expect(200)["status"], "mfa_required");

        admin.put(&format!("/users/{id}/password"), json!({"password": PASSWORD})).expect(204);
        server.clock.advance(2 * STEP);
        let device = trust(&server, &ann);
        assert!(!is_asked(&client, Some(&device)));
        admin.put(&format!("/users/{id}/password"), json!({"password": PASSWORD})).expect(204);
        assert!(is_asked(&client, Some(&device)));
    }

    fn on_a_trusted_device_the_password_alone_does_not_undo_the_second_factor(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let device = trust(&server, &ann);
        server.clock.advance(2 * STEP);
        let session = client.signed_in(&login(&client, Some(&device)));
        session.post("/auth/reauthenticate", json!({"password": PASSWORD})).expect(200);
        let id = {
            crate::passkeys::add(&server, &ann.session);
            ann.session.get("/me/passkeys").expect(200)["items"][0]["id"].as_str().unwrap().to_owned()
        };
        for (method, path) in [
            ("POST", "/me/mfa/recovery-codes".to_owned()),
            ("DELETE", "/me/mfa/totp".to_owned()),
            ("POST", "/me/passkeys/options".to_owned()),
            ("DELETE", format!("/me/passkeys/{id}")),
        ] {
            let answer = session.request(method, &path).send();
            assert_eq!(answer.problem(401, "reauthentication_required")["required"], "second_factor", "{method} {path}");
        }
        let proof = json!({"method": "totp", "code": ann.authenticator.code(&server, 0)});
        session.post("/auth/reauthenticate", proof).expect(200);
        session.post("/me/mfa/recovery-codes", json!({})).expect(200);
        session.delete(&format!("/me/passkeys/{id}")).expect(204);
        session.delete("/me/mfa/totp").expect(204);
    }

    fn what_is_done_with_second_factors_is_in_the_trail(server: Server) {
        let ann = ann(&server);
        trust(&server, &ann);
        let client = server.stranger();
        let proved = json!({"challenge": challenge_of(&login(&client, None)), "method": "recovery_code", "code": ann.recovery_codes[0]});
        let session = client.signed_in(&client.post("/auth/mfa", proved));
        session.post("/auth/reauthenticate", json!({"password": PASSWORD})).expect(200);
        let admin = server.admin();
        let changes = |action: &str| {
            let events = admin.get(&format!("/audit?filter=action:eq:{action}&filter=target:eq:{}", session.id)).expect(200);
            events["items"][0]["changes"].clone()
        };
        assert_eq!(changes("user.signed_in")["second_factor"]["to"], true);
        assert_eq!(changes("user.recovery_code_used")["recovery_codes_left"], json!({"from": 10, "to": 9}));
        assert_eq!(changes("user.reauthenticated")["second_factor"]["to"], false);
        assert!(changes("user.device_trusted")["trusted_until"]["to"].is_string());
    }

    fn trust_ends_when_an_authenticator_or_a_passkey_comes_or_goes(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let mut device = trust(&server, &ann);
        assert!(!is_asked(&client, Some(&device)));
        crate::passkeys::add(&server, &ann.session);
        assert!(is_asked(&client, Some(&device)), "after a new passkey");
        server.clock.advance(2 * STEP);
        device = trust(&server, &ann);
        let id = ann.session.get("/me/passkeys").expect(200)["items"][0]["id"].clone();
        ann.session.delete(&format!("/me/passkeys/{}", id.as_str().unwrap())).expect(204);
        assert!(is_asked(&client, Some(&device)), "after a passkey was removed");
    }

    fn trust_that_a_mailed_code_brought_ends_with_the_first_authenticator(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let member = server.member(ANN, &[]);
        let admin = server.admin();
        admin.post("/roles", json!({"name": "careful", "permissions": [], "mfa_required": true})).expect(201);
        admin.put(&format!("/users/{}/roles/careful", member.id), json!({})).expect(200);
        let client = server.stranger();
        let challenge = challenge_of(&login(&client, None));
        client.post("/auth/mfa/email-code", json!({"challenge": challenge})).expect(202);
        let code = crate::mfa::email_codes::code(&mailbox.next_to(ANN, 0));
        let body =
            json!({"challenge": challenge, "method": "email_code", "code": code, "trust_device": true, "refresh": "cookie"});
        let answer = client.post("/auth/mfa", body);
        let device = device(&answer);
        assert!(!is_asked(&client, Some(&device)));
        enrol(&server, client.signed_in(&answer));
        assert!(is_asked(&client, Some(&device)));
    }

    fn trust_ends_with_the_second_factor_that_it_stood_for(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let device = trust(&server, &ann);
        ann.session.delete("/me/mfa/totp").expect(204);
        let ann = enrol(&server, ann.session);
        assert!(is_asked(&client, Some(&device)));
        server.clock.advance(2 * STEP);
        let device = trust(&server, &ann);
        server.admin().delete(&format!("/users/{}/mfa", ann.session.id)).expect(204);
        enrol(&server, ann.session);
        assert!(is_asked(&client, Some(&device)));
    }
}
