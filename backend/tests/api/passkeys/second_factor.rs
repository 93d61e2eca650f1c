//! A passkey as the second factor beside a password.

use serde_json::{Value, json};

use super::authenticator::Passkey;
use super::{ANN, add, answer, asked, wrong};
use crate::harness::{Answer, Client, PASSWORD, Server, SignedIn};

/// Somebody whose role asks for a second factor.
fn obliged(server: &Server, email: &str) -> SignedIn {
    let session = server.member(email, &["roles:read"]);
    server.store.execute("UPDATE roles SET mfa_required = TRUE WHERE name <> 'administrator'");
    session
}

fn challenge(client: &Client, email: &str) -> Value {
    let body = client.login(email, PASSWORD).expect(200);
    assert_eq!(body["status"], "mfa_required", "{body}");
    body
}

fn options(client: &Client, challenge: &Value) -> Answer {
    client.post("/auth/mfa/passkey/options", json!({"challenge": challenge["challenge"]}))
}

fn prove(client: &Client, challenge: &Value, options: &Value, credential: Value) -> Answer {
    let (challenge, ceremony) = (&challenge["challenge"], &options["ceremony"]);
    client.post(
        "/auth/mfa",
        json!({"challenge": challenge, "method": "passkey", "ceremony": ceremony, "credential": credential}),
    )
}

both_databases! {
    fn a_passkey_stands_for_the_second_factor_that_a_role_asks_for(server: Server) {
        let ann = obliged(&server, ANN);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        // Whoever loses it is not locked out.
        assert_eq!(challenge["methods"], json!(["passkey", "email_code"]));
        let options = options(&client, &challenge).expect(200);
        assert_eq!(options["public_key"]["allowCredentials"].as_array().unwrap().len(), 1);
        passkey.tells_its_user = false;
        let credential = passkey.assertion(&options);
        let session = client.signed_in(&prove(&client, &challenge, &options, credential.clone()));
        let sessions = session.get("/me/sessions").expect(200);
        assert!(sessions["items"].as_array().unwrap().iter().any(|item| item["current"] == true && item["mfa"] == true));
        prove(&client, &challenge, &options, credential).problem(400, "invalid_token");
        let status = session.get("/me/mfa").expect(200);
        assert_eq!((&status["enabled"], &status["methods"][0]["method"]), (&json!(false), &json!("passkey")));
        assert!(status["methods"][0]["last_used_at"].is_string());
    }

    fn a_passkey_alone_asks_nobody_for_a_second_factor(server: Server) {
        add(&server, &server.member(ANN, &[]));
        server.stranger().sign_in(ANN, PASSWORD);
    }

    fn nobody_s_passkey_is_good_for_somebody_else(server: Server) {
        let (ann, ben) = (obliged(&server, ANN), obliged(&server, "ben@example.com"));
        let mut passkey = add(&server, &ann);
        let mut bens = add(&server, &ben);
        let client = server.stranger();
        let (anns_challenge, bens_challenge) = (challenge(&client, ANN), challenge(&client, "ben@example.com"));
        let asked_of_ann = options(&client, &anns_challenge).expect(200);
        wrong(&prove(&client, &anns_challenge, &asked_of_ann, bens.assertion(&asked_of_ann)));
        let asked_of_ben = options(&client, &bens_challenge).expect(200);
        wrong(&prove(&client, &anns_challenge, &asked_of_ben, passkey.assertion(&asked_of_ben)));
        // What was asked for another purpose is none here, and the other way round.
        let asked_of_anybody = asked(&client);
        wrong(&prove(&client, &anns_challenge, &asked_of_anybody, passkey.assertion(&asked_of_anybody)));
        let asked_of_ann = options(&client, &anns_challenge).expect(200);
        wrong(&answer(&client, &asked_of_ann, passkey.assertion(&asked_of_ann)));
        client.signed_in(&prove(&client, &anns_challenge, &asked_of_ann, passkey.assertion(&asked_of_ann)));
    }

    fn whoever_was_not_verified_has_not_proved_the_second_factor(server: Server) {
        let ann = obliged(&server, ANN);
        let passkey = add(&server, &ann);
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        let options = options(&client, &challenge).expect(200);
        let mut unverified = Passkey { verifies_its_user: false, ..passkey };
        wrong(&prove(&client, &challenge, &options, unverified.assertion(&options)));
    }

    fn who_has_no_passkey_is_asked_for_none(server: Server) {
        obliged(&server, ANN);
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        assert_eq!(challenge["methods"], json!(["email_code"]));
        options(&client, &challenge).problem(409, "no_passkey");
        options(&client, &json!({"challenge": "none"})).problem(400, "invalid_token");
    }

    fn a_passkey_is_presented_whole_and_a_code_alone(server: Server) {
        let ann = obliged(&server, ANN);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        let options = options(&client, &challenge).expect(200);
        let credential = passkey.assertion(&options);
        let with = |rest: Value| {
            let mut body = json!({"challenge": challenge["challenge"]});
            body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            client.post("/auth/mfa", body)
        };
        assert_eq!(with(json!({"method": "passkey", "code": "000000"})).field_error("credential"), "required");
        assert_eq!(with(json!({"method": "passkey", "ceremony": options["ceremony"]})).field_error("credential"), "required");
        assert_eq!(with(json!({"method": "totp"})).field_error("code"), "required");
        let both = json!({"method": "totp", "code": "000000", "ceremony": options["ceremony"], "credential": credential});
        assert_eq!(with(both).field_error("code"), "required");
    }
}
