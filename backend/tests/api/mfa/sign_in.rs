//! Signing in with a second factor.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{ANN, Authenticator, MINUTE, STEP, ann, challenge, challenge_of, enrol, prove, wrong};
use crate::harness::{ADMIN, Mailbox, PASSWORD, Server, Store, in_parallel, wait_for};

both_databases! {
    fn password_and_code_together_sign_in_and_the_session_says_so(server: Server) {
        let (client, session) = (server.stranger(), server.member(ANN, &[]));
        client.login(ANN, PASSWORD).expect(200);
        let ann = enrol(&server, session);
        let answer = client.login(ANN, PASSWORD);
        assert_eq!(answer.expect(200)["methods"], json!(["totp", "recovery_code"]));
        let challenge = challenge_of(&answer);
        let code = ann.authenticator.code(&server, 0);
        let session = client.signed_in(&prove(&client, &challenge, "totp", &code));
        let sessions = session.get("/me/sessions").expect(200);
        let flags: Vec<_> = sessions["items"].as_array().unwrap().iter().map(|item| (&item["current"], &item["mfa"])).collect();
        let (yes, no) = (&json!(true), &json!(false));
        // The newest first: this one, the one without, and the one in which the factor was set up.
        assert_eq!(flags, [(yes, yes), (no, no), (no, yes)]);
        assert!(session.get("/me/mfa").expect(200)["methods"][0]["last_used_at"].is_string());
        assert_eq!(session.get("/me").expect(200)["login_count"], 3);
        client.signed_in(&client.refresh(&session.refresh_token));
    }

    fn a_code_is_good_once_and_none_before_it_is_afterwards(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let (earlier, code) = (ann.authenticator.code(&server, -1), ann.authenticator.code(&server, 0));
        client.signed_in(&prove(&client, &challenge(&client, ANN), "totp", &code));
        let next = challenge(&client, ANN);
        wrong(&prove(&client, &next, "totp", &code));
        wrong(&prove(&client, &next, "totp", &earlier));
        server.clock.advance(STEP);
        client.signed_in(&prove(&client, &next, "totp", &ann.authenticator.code(&server, 0)));
    }

    fn the_code_that_set_the_authenticator_up_does_not_sign_in(server: Server) {
        let session = server.member(ANN, &[]);
        let authenticator = Authenticator::of(&session.post("/me/mfa/totp", json!({})).expect(200));
        let code = authenticator.code(&server, 0);
        session.post("/me/mfa/totp/confirm", json!({"code": code})).expect(200);
        wrong(&prove(&server.stranger(), &challenge(&server.stranger(), ANN), "totp", &code));
    }

    fn of_many_that_present_one_code_at_once_one_gets_in(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let code = ann.authenticator.code(&server, 0);
        let challenge = challenge(&client, ANN);
        let answers = in_parallel(4, |_| prove(&client, &challenge, "totp", &code).status);
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    }

    fn half_of_a_sign_in_opens_nothing(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        client.with_token(&challenge).get("/me").problem(401, "unauthenticated");
        client.refresh(&challenge).problem(401, "invalid_refresh_token");
        let new_password = "another horse, another battery";
        client.post("/auth/password/change-required", json!({"challenge": challenge, "new_password": new_password})).problem(400, "invalid_token");
        client.post("/auth/password/reset", json!({"token": challenge, "password": new_password})).problem(400, "invalid_token");
        // And the password alone proves nothing more than it did.
        assert_eq!(ann.session.get("/me").expect(200)["login_count"], 1);
        let code = ann.authenticator.code(&server, 0);
        client.signed_in(&prove(&client, &challenge, "totp", &code));
        prove(&client, &challenge, "totp", &code).problem(400, "invalid_token");
    }

    fn codes_are_not_to_be_guessed_whatever_the_challenge(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        for _ in 0..5 {
            wrong(&prove(&client, &challenge(&client, ANN), "totp", "000000"));
        }
        let code = ann.authenticator.code(&server, 0);
        let answer = prove(&client, &challenge(&client, ANN), "totp", &code);
        answer.problem(429, "too_many_attempts");
        assert!(ann.session.get("/me").expect(200)["locked_until"].is_string(), "administrators see it");
        // Recovery codes are counted with them.
        prove(&client, &challenge(&client, ANN), "recovery_code", &ann.recovery_codes[0]).problem(429, "too_many_attempts");
        let id = &ann.session.id;
        server.admin().post(&format!("/users/{id}/unlock"), json!({})).expect(200);
        client.signed_in(&prove(&client, &challenge(&client, ANN), "totp", &code));
        let trail = server.admin().get("/audit?filter=action:eq:user.sign_in_refused").text();
        assert!(trail.contains("wrong_code") && !trail.contains("000000"), "{trail}");
    }

    fn a_new_password_gives_nobody_new_guesses_at_codes(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        ann(&server);
        let client = server.stranger();
        let asked = challenge(&client, ANN);
        for _ in 0..5 {
            wrong(&prove(&client, &asked, "totp", "000000"));
        }
        client.post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        wait_for("the link", || mailbox.to(ANN).iter().any(|mail| mail.text.contains("/reset-password?")));
        let mail = mailbox.to(ANN).into_iter().find(|mail| mail.text.contains("/reset-password?")).unwrap();
        let new = "another horse, another battery";
        client.post("/auth/password/reset", json!({"token": mail.token(), "password": new})).expect(204);
        let asked = challenge_of(&client.login(ANN, new));
        prove(&client, &asked, "totp", "000000").problem(429, "too_many_attempts");
    }

    fn a_challenge_ends_with_time_with_the_next_one_and_with_the_password_that_it_came_from(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let code = || ann.authenticator.code(&server, 0);
        let old = challenge(&client, ANN);
        let new = challenge(&client, ANN);
        prove(&client, &old, "totp", &code()).problem(400, "invalid_token");
        server.clock.advance(11 * MINUTE);
        prove(&client, &new, "totp", &code()).problem(400, "invalid_token");

        let before = challenge(&client, ANN);
        let id = &ann.session.id;
        server.admin().put(&format!("/users/{id}/password"), json!({"password": "another horse, another battery"})).expect(204);
        prove(&client, &before, "totp", &code()).problem(400, "invalid_token");
    }

    fn whoever_is_deactivated_between_the_factors_stays_outside(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        server.store.execute(&format!("UPDATE users SET active = FALSE WHERE id = '{}'", ann.session.id));
        prove(&client, &challenge, "totp", &ann.authenticator.code(&server, 0)).problem(400, "invalid_token");
    }

    fn nobody_s_code_is_good_for_somebody_else(server: Server) {
        let ann = ann(&server);
        let ben = enrol(&server, server.member("ben@example.com", &[]));
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        wrong(&prove(&client, &challenge, "totp", &ben.authenticator.code(&server, 0)));
        wrong(&prove(&client, &challenge, "recovery_code", &ben.recovery_codes[0]));
        wrong(&prove(&client, &challenge, "email_code", "00000000"));
        client.signed_in(&prove(&client, &challenge, "totp", &ann.authenticator.code(&server, 0)));
    }

    fn a_password_that_has_to_be_changed_is_asked_for_after_the_second_factor_and_not_twice(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let id = &ann.session.id;
        server.admin().put(&format!("/users/{id}/password"), json!({"password": PASSWORD, "must_change": true})).expect(204);
        let answer = prove(&client, &challenge(&client, ANN), "totp", &ann.authenticator.code(&server, 0)).expect(200);
        assert_eq!(answer["status"], "password_change_required");
        let body = json!({"challenge": answer["challenge"], "new_password": "another horse, another battery"});
        let session = client.signed_in(&client.post("/auth/password/change-required", body));
        assert_eq!(session.get("/me/sessions").expect(200)["items"][0]["mfa"], true);
    }

    fn what_is_no_proof_is_refused_by_its_fields(server: Server) {
        let client = server.stranger();
        let send = |body: Value| client.post("/auth/mfa", body);
        assert_eq!(send(json!({"challenge": "x", "method": "sms", "code": "1"})).field_error("method"), "invalid_method");
        assert_eq!(send(json!({"challenge": "x", "method": "totp", "code": "1".repeat(65)})).field_error("code"), "too_long");
        assert_eq!(send(json!({"method": "totp", "code": "1"})).field_error("challenge"), "required");
        send(json!({"challenge": "x", "method": "totp", "code": "1", "user": ADMIN})).problem(422, "unknown_field");
        send(json!({"challenge": "x", "method": "totp", "code": "1"})).problem(400, "invalid_token");
    }
}
