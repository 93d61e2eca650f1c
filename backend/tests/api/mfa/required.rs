//! What a role that requires a second factor means for sessions that are there already.

use serde_json::json;

use super::{ANN, Authenticator, STEP, ann, challenge_of, enrol, prove};
use crate::harness::{Answer, PASSWORD, Server, cookies, device_of, login_in_browser};

/// Gives Ann a role whose members need a second factor.
fn require(server: &Server, id: &str) {
    let admin = server.admin();
    admin.post("/roles", json!({"name": "careful", "permissions": [], "mfa_required": true})).expect(201);
    admin.put(&format!("/users/{id}/roles/careful"), json!({})).expect(200);
}

fn refresh(server: &Server, answer: &serde_json::Value) -> Answer {
    server.stranger().post("/auth/refresh", json!({"refresh_token": answer["refresh_token"]}))
}

/// What a browser without a device sends back.
fn refresh_cookie(answer: &Answer) -> String {
    let all = cookies(answer);
    let cookie = all.iter().find(|cookie| cookie.contains("reeve_refresh=")).expect("no refresh token");
    cookie.split(';').next().unwrap().to_owned()
}

both_databases! {
    fn a_session_without_a_second_factor_ends_where_a_role_begins_to_require_one(server: Server) {
        let id = server.add_user(ANN, &[]);
        let client = server.stranger();
        let begun = client.login(ANN, PASSWORD).expect(200);
        let begun = refresh(&server, &begun).expect(200);
        require(&server, &id);
        refresh(&server, &begun).problem(401, "invalid_refresh_token");
        // What was out ends with it.
        client.with_token(begun["access_token"].as_str().unwrap()).get("/me").problem(401, "unauthenticated");
        refresh(&server, &begun).problem(401, "invalid_refresh_token");
        let told = server.admin().get("/audit?filter=action:eq:user.session_ended").expect(200);
        assert_eq!(told["items"][0]["changes"]["reason"]["to"], "second_factor_required");
        challenge_of(&client.login(ANN, PASSWORD));
    }

    fn whoever_sets_up_or_proves_a_second_factor_in_a_session_keeps_it(server: Server) {
        let client = server.stranger();
        let id = server.add_user(ANN, &[]);
        let begun = client.login(ANN, PASSWORD);
        let without = client.login(ANN, PASSWORD).expect(200);
        let ann = enrol(&server, client.signed_in(&begun));
        let proved = client.login(ANN, PASSWORD);
        let proved = prove(&client, &challenge_of(&proved), "totp", &ann.authenticator.code(&server, 0)).expect(200);
        server.clock.advance(2 * STEP);
        require(&server, &id);
        refresh(&server, &begun.expect(200)).expect(200);
        refresh(&server, &proved).expect(200);
        let proof = json!({"method": "totp", "code": ann.authenticator.code(&server, 0)});
        let session = client.with_token(without["access_token"].as_str().unwrap());
        session.post("/auth/reauthenticate", proof).expect(200);
        refresh(&server, &without).expect(200);
    }

    fn a_password_proves_no_second_factor(server: Server) {
        let client = server.stranger();
        let id = server.add_user(ANN, &[]);
        let begun = client.login(ANN, PASSWORD).expect(200);
        require(&server, &id);
        let session = client.with_token(begun["access_token"].as_str().unwrap());
        session.post("/auth/reauthenticate", json!({"password": PASSWORD})).expect(200);
        // What is on offer was not proved yet.
        Authenticator::of(&session.post("/me/mfa/totp", json!({})).expect(200));
        refresh(&server, &begun).problem(401, "invalid_refresh_token");
    }

    fn on_a_trusted_device_a_session_goes_on_for_as_long_as_the_trust(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let challenge = challenge_of(&login_in_browser(&client, ANN, PASSWORD, None));
        let code = ann.authenticator.code(&server, 0);
        let body = json!({"challenge": challenge, "method": "totp", "code": code, "trust_device": true, "refresh": "cookie"});
        let device = device_of(&client.post("/auth/mfa", body)).expect("no device");
        let begun = login_in_browser(&client, ANN, PASSWORD, Some(&device));
        require(&server, &ann.session.id);
        let origin = server.address.replace("127.0.0.1", "localhost");
        let renew = |cookies: &str| {
            client.request("POST", "/auth/refresh").header("cookie", cookies).header("origin", &origin).send()
        };
        let renewed = renew(&format!("{}; {device}", refresh_cookie(&begun)));
        renewed.expect(200);
        let renewed = renew(&format!("{}; {device}", refresh_cookie(&renewed)));
        renewed.expect(200);
        renew(&refresh_cookie(&renewed)).problem(401, "invalid_refresh_token");
    }
}
