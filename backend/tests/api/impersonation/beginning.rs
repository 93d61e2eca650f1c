//! Who may act in whose name.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{ANN, MINUTE, again, ask, claims, helper_and_ann, impersonate};
use crate::harness::{ADMIN, Server, Store};

both_databases! {
    fn one_sees_what_the_user_sees_and_the_token_and_the_account_say_who_is_behind_it(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let answer = ask(&helper, &ann.id).expect(200);
        assert_eq!(answer.as_object().unwrap().len(), 2, "no refresh token, and nothing else: {answer}");
        assert!((1_790..=1_800).contains(&answer["expires_in"].as_i64().unwrap()), "{answer}");
        let token = answer["access_token"].as_str().unwrap();
        let claims = claims(token);
        assert_eq!((&claims["sub"], &claims["act"]), (&json!(ann.id), &json!({"sub": helper.id})));
        let acting = helper.with_token(token);
        let me = acting.get("/me").expect(200);
        assert_eq!((&me["id"], &me["email"], &me["permissions"]), (&json!(ann.id), &json!(ANN), &json!(["users:read"])));
        assert_eq!(me["impersonator"], json!({"id": helper.id, "email": "helper@example.com"}));
        acting.get("/users").expect(200);
        // Neither of the two is taken for the other.
        for own in [&helper, &ann] {
            let me = own.get("/me").expect(200);
            assert_eq!((&me["id"], &me["impersonator"]), (&json!(own.id), &Value::Null));
        }
        acting.post("/users", json!({"email": "x@example.com"})).problem(403, "permission_denied");
    }

    fn the_permission_is_needed_and_a_recent_proof(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let nobody = server.member("nobody@example.com", &["users:read", "users:write"]);
        assert_eq!(ask(&nobody, &ann.id).problem(403, "permission_denied")["required"], "users:impersonate");
        server.clock.advance(16 * MINUTE);
        let stale = server.stranger().signed_in(&server.stranger().refresh(&helper.refresh_token));
        ask(&stale, &ann.id).problem(401, "reauthentication_required");
        let answer = stale.post("/auth/reauthenticate", json!({"password": crate::harness::PASSWORD}));
        let fresh = server.stranger().signed_in(&answer);
        impersonate(&fresh, &ann.id).get("/me").expect(200);
    }

    fn nobody_acts_in_the_name_of_who_may_do_more_than_they(server: Server) {
        let (helper, _) = helper_and_ann(&server);
        let auditor = server.add_user("auditor@example.com", &["audit:read"]);
        ask(&helper, &auditor).problem(403, "privilege_escalation");
        ask(&helper, &server.admin().id).problem(403, "privilege_escalation");
        // Who may do as much may be acted for.
        let equal = server.add_user("equal@example.com", &["users:read", "users:impersonate"]);
        ask(&helper, &equal).expect(200);
    }

    fn nobody_acts_in_their_own_name_nor_in_that_of_who_could_not_sign_in(server: Server) {
        let admin = server.admin();
        ask(&admin, &admin.id).problem(403, "impersonation_refused");
        let robot = admin.post("/users", json!({"email": "robot@example.com", "kind": "service"})).expect(201);
        ask(&admin, robot["id"].as_str().unwrap()).problem(403, "impersonation_refused");
        let inactive = server.add_user("inactive@example.com", &[]);
        admin.request("POST", &format!("/users/{inactive}/deactivate")).send().expect(200);
        ask(&admin, &inactive).problem(403, "impersonation_refused");
        let pending = server.add_user("pending@example.com", &[]);
        server.store.execute(&format!("UPDATE users SET approved = FALSE WHERE id = '{pending}'"));
        ask(&admin, &pending).problem(403, "impersonation_refused");
        ask(&admin, &uuid::Uuid::now_v7().to_string()).problem(404, "not_found");
    }

    fn who_has_not_verified_their_address_where_that_is_required_is_not_acted_for(store: Arc<Store>) {
        let server = Server::start(&store, &[("email_verification", "required")]);
        let ann = server.add_user(ANN, &[]);
        server.store.execute(&format!("UPDATE users SET email_verified = FALSE WHERE id = '{ann}'"));
        ask(&server.admin(), &ann).problem(403, "impersonation_refused");
    }

    fn no_api_key_acts_in_a_name(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let key = helper.post("/me/api-keys", json!({"name": "key"})).expect(201);
        ask(&helper.with_token(key["key"].as_str().unwrap()), &ann.id).problem(403, "permission_denied");
    }

    fn who_acts_in_a_name_does_not_act_in_another_from_there(server: Server) {
        let admin = server.admin();
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&admin, &helper.id);
        ask(&acting, &ann.id).problem(403, "impersonation_refused");
        ask(&acting, &helper.id).problem(403, "impersonation_refused");
    }

    fn a_reason_is_needed_of_one_to_500_characters(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let path = format!("/users/{}/impersonate", ann.id);
        for (body, code) in [
            (json!({}), "required"),
            (json!({"reason": "  "}), "required"),
            (json!({"reason": "ä".repeat(501)}), "too_long"),
            (json!({"reason": "a\u{0}b"}), "invalid_text"),
        ] {
            assert_eq!(helper.post(&path, body).field_error("reason"), code);
        }
        helper.post(&path, json!({"reason": "x", "ttl": "9d"})).problem(422, "unknown_field");
        helper.post(&path, json!({"reason": "ä".repeat(500)})).expect(200);
    }

    fn an_answer_is_not_kept_for_another_time(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let path = format!("/users/{}/impersonate", ann.id);
        let send = || helper.request("POST", &path).header("idempotency-key", "k").json(&json!({"reason": "x"})).send().expect(200);
        assert_ne!(send()["access_token"], send()["access_token"]);
        assert!(server.store.texts("SELECT body AS value FROM idempotency_keys").is_empty());
    }

    fn a_token_says_truly_who_acts_or_is_good_for_nothing(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&helper, &ann.id);
        acting.get("/me").expect(200);
        let other = server.add_user("other@example.com", &["*"]);
        server.store.execute(&format!("UPDATE impersonations SET impersonator_id = '{other}'"));
        server.state.access.forget_all();
        acting.get("/me").problem(401, "unauthenticated");
        server.store.execute("DELETE FROM impersonations");
        server.state.access.forget_all();
        acting.get("/me").problem(401, "unauthenticated");
        again(&server, ADMIN).get("/me").expect(200);
    }
}
