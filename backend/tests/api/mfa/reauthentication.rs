//! Proving once more who one is, by a code.

use serde_json::json;

use super::{ANN, MINUTE, ann, challenge, prove, wrong};
use crate::harness::{PASSWORD, Server};

both_databases! {
    fn a_code_proves_once_more_who_one_is_and_only_once(server: Server) {
        let ann = ann(&server);
        server.clock.advance(16 * MINUTE);
        let session = server.stranger().signed_in(&server.stranger().refresh(&ann.session.refresh_token));
        let prove = |method: &str, code: &str| session.post("/auth/reauthenticate", json!({"method": method, "code": code}));
        prove("totp", "000000").problem(401, "invalid_credentials");
        let code = ann.authenticator.code(&server, 0);
        let fresh = prove("totp", &code).expect(200);
        prove("totp", &code).problem(401, "invalid_credentials");
        prove("email_code", "00000000").problem(401, "invalid_credentials");
        session.with_token(fresh["access_token"].as_str().unwrap()).post("/me/mfa/recovery-codes", json!({})).expect(200);
        prove("recovery_code", &ann.recovery_codes[0]).problem(401, "invalid_credentials");
    }

    fn who_has_got_hold_of_a_session_does_not_guess_codes_by_it(server: Server) {
        let ann = ann(&server);
        let prove = |body| ann.session.post("/auth/reauthenticate", body);
        for _ in 0..5 {
            prove(json!({"method": "totp", "code": "000000"})).problem(401, "invalid_credentials");
        }
        prove(json!({"method": "totp", "code": ann.authenticator.code(&server, 0)})).problem(429, "too_many_attempts");
        // The password has a count of its own, and does not begin that of the codes anew.
        prove(json!({"password": PASSWORD})).expect(200);
        prove(json!({"method": "totp", "code": ann.authenticator.code(&server, 0)})).problem(429, "too_many_attempts");
    }

    fn who_knows_the_password_does_not_guess_codes_without_end_by_it(server: Server) {
        let ann = ann(&server);
        let guess = || ann.session.post("/auth/reauthenticate", json!({"method": "totp", "code": "000000"}));
        for _ in 0..4 {
            wrong(&guess());
        }
        ann.session.post("/auth/reauthenticate", json!({"password": PASSWORD})).expect(200);
        wrong(&guess());
        guess().problem(429, "too_many_attempts");
        // Nor at signing in.
        let client = server.stranger();
        prove(&client, &challenge(&client, ANN), "totp", "000000").problem(429, "too_many_attempts");
    }

    fn a_proof_is_a_password_or_a_code_and_not_both_or_neither(server: Server) {
        let session = server.member(ANN, &[]);
        let bodies = [
            json!({}),
            json!({"password": PASSWORD, "code": "000000"}),
            json!({"password": PASSWORD, "method": "totp", "code": "000000"}),
            json!({"method": "totp"}),
        ];
        for body in bodies {
            assert_eq!(session.post("/auth/reauthenticate", body).field_error("password"), "required");
        }
    }
}
