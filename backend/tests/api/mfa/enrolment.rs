//! Setting an authenticator up, and removing it.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, Authenticator, MINUTE, STEP, ann, challenge, enrol, prove};
use crate::harness::{Mailbox, PASSWORD, Server, Store};

both_databases! {
    fn an_authenticator_counts_once_a_code_of_it_was_shown_and_its_owner_is_told(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url), ("branding.product_name", "Acme: Admin")]);
        let session = server.member(ANN, &[]);
        let none = json!({"has_password": true, "enabled": false, "required": false, "methods": [], "recovery_codes_left": 0});
        assert_eq!(session.get("/me/mfa").expect(200), none);
        let answer = session.post("/me/mfa/totp", json!({}));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let offer = answer.expect(200);
        let uri = offer["otpauth_uri"].as_str().unwrap();
        assert!(uri.starts_with("otpauth://totp/Acme%20%20Admin:ann%40example.com?"), "{uri}");
        assert!(uri.contains(offer["secret"].as_str().unwrap()) && offer["qr_svg"].as_str().unwrap().contains("<svg"));
        assert_eq!(session.get("/me/mfa").expect(200), none, "it is only on offer");
        server.stranger().sign_in(ANN, PASSWORD);

        let authenticator = Authenticator::of(&offer);
        let answer = session.post("/me/mfa/totp/confirm", json!({"code": "000000"}));
        assert_eq!(answer.field_error("code"), "wrong_code");
        // People type the gap that applications show.
        let code = authenticator.code(&server, 0);
        let codes = session.post("/me/mfa/totp/confirm", json!({"code": format!("{} {}", &code[..3], &code[3..])})).expect(200);
        assert_eq!(codes["recovery_codes"].as_array().unwrap().len(), 10);
        let status = session.get("/me/mfa").expect(200);
        assert_eq!((&status["enabled"], &status["recovery_codes_left"]), (&json!(true), &json!(10)));
        assert_eq!(status["methods"][0]["method"], "totp");
        assert_eq!(session.get("/me").expect(200)["mfa_enabled"], true);
        assert_eq!(server.admin().get("/users?filter=mfa_enabled:eq:true").expect(200)["items"][0]["email"], ANN);
        assert!(mailbox.next_to(ANN, 0).text.contains("TOTP"));
        challenge(&server.stranger(), ANN);

        session.post("/me/mfa/totp", json!({})).problem(409, "totp_already_enabled");
        session.post("/me/mfa/totp/confirm", json!({"code": code})).problem(409, "totp_not_offered");
    }

    fn neither_the_secret_nor_a_recovery_code_lies_open_in_the_store_or_the_trail(server: Server) {
        let ann = ann(&server);
        let stored = server.store.texts("SELECT secret AS value FROM totp_factors").pop().unwrap();
        assert!(!stored.contains(&ann.authenticator.secret));
        let hashes = server.store.texts("SELECT code_hash AS value FROM recovery_codes");
        assert!(hashes.len() == 10 && hashes.iter().all(|hash| hash.starts_with("$argon2id$")), "{hashes:?}");
        let trail = server.admin().get("/audit?limit=200").text();
        assert!(trail.contains("user.second_factor_added"));
        for secret in ann.recovery_codes.iter().chain([&ann.authenticator.secret]) {
            assert!(!trail.contains(secret.as_str()));
        }
    }

    fn who_can_write_to_the_store_does_not_make_somebody_elses_authenticator_their_own(server: Server) {
        let ann = ann(&server);
        let ben = enrol(&server, server.member("ben@example.com", &[]));
        let (from, to) = (&ben.session.id, &ann.session.id);
        let secret = format!("(SELECT secret FROM totp_factors WHERE user_id = '{from}')");
        server.store.execute(&format!("UPDATE totp_factors SET secret = {secret} WHERE user_id = '{to}'"));
        let client = server.stranger();
        let answer = prove(&client, &challenge(&client, ANN), "totp", &ben.authenticator.code(&server, 0));
        assert_ne!(answer.status, 200, "{answer}");
    }

    fn a_secret_that_was_shown_and_left_lying_is_not_taken_into_use(server: Server) {
        let session = server.member(ANN, &[]);
        let first = Authenticator::of(&session.post("/me/mfa/totp", json!({})).expect(200));
        let second = Authenticator::of(&session.post("/me/mfa/totp", json!({})).expect(200));
        let confirm = |code: String| session.post("/me/mfa/totp/confirm", json!({"code": code}));
        assert_eq!(confirm(first.code(&server, 0)).field_error("code"), "wrong_code");
        server.clock.advance(61 * MINUTE);
        let session = server.stranger().signed_in(&server.stranger().refresh(&session.refresh_token));
        session.post("/me/mfa/totp/confirm", json!({"code": second.code(&server, 0)})).problem(409, "totp_not_offered");
        assert_eq!(session.get("/me/mfa").expect(200)["enabled"], false);
    }

    fn codes_that_confirm_are_not_to_be_guessed(server: Server) {
        let session = server.member(ANN, &[]);
        let authenticator = Authenticator::of(&session.post("/me/mfa/totp", json!({})).expect(200));
        for _ in 0..5 {
            session.post("/me/mfa/totp/confirm", json!({"code": "000000"})).problem(422, "validation_failed");
        }
        let code = authenticator.code(&server, 0);
        session.post("/me/mfa/totp/confirm", json!({"code": code})).problem(429, "too_many_attempts");
        server.clock.advance(STEP + STEP / 10);
        session.post("/me/mfa/totp/confirm", json!({"code": authenticator.code(&server, 0)})).expect(200);
    }

    fn without_a_recent_proof_nothing_is_set_up_removed_or_replaced(server: Server) {
        let ann = ann(&server);
        server.clock.advance(16 * MINUTE);
        let session = server.stranger().signed_in(&server.stranger().refresh(&ann.session.refresh_token));
        for (method, path) in [("POST", "/me/mfa/totp"), ("DELETE", "/me/mfa/totp"), ("POST", "/me/mfa/recovery-codes")] {
            session.request(method, path).json(&json!({})).send().problem(401, "reauthentication_required");
        }
        assert_eq!(session.get("/me/mfa").expect(200)["recovery_codes_left"], 10);
    }

    fn once_it_is_removed_the_password_is_enough_again_and_its_owner_is_told(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let ann = ann(&server);
        mailbox.next_to(ANN, 0);
        ann.session.delete("/me/mfa/totp").expect(204);
        ann.session.delete("/me/mfa/totp").problem(404, "not_found");
        assert_eq!(ann.session.get("/me/mfa").expect(200)["recovery_codes_left"], 0);
        server.stranger().sign_in(ANN, PASSWORD);
        assert!(mailbox.next_to(ANN, 1).text.contains("TOTP"));
    }

    fn a_second_factor_goes_with_its_user(server: Server) {
        let ann = ann(&server);
        server.admin().delete(&format!("/users/{}", ann.session.id)).expect(204);
        assert!(server.store.texts("SELECT secret AS value FROM totp_factors").is_empty());
        assert!(server.store.texts("SELECT label AS value FROM recovery_codes").is_empty());
    }
}
