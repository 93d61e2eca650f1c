//! Changing one's password, of one's own accord or because one has to.

use serde_json::json;

use super::{MINUTE, NEW_PASSWORD};
use crate::harness::{ADMIN, PASSWORD, Server};

both_databases! {
    fn who_changes_their_password_goes_on_and_all_other_sessions_end(server: Server) {
        let (this, other) = (server.admin(), server.admin());
        other.get("/me").expect(200);
        let change = |current: &str, new: &str| this.post("/auth/password/change", json!({"current_password": current, "new_password": new}));
        let wrong = change("not the password", NEW_PASSWORD);
        wrong.problem(422, "validation_failed");
        assert_eq!(wrong.field_error("current_password"), "wrong_password");
        let short = change(PASSWORD, "short");
        short.problem(422, "validation_failed");
        assert_eq!(short.field_error("new_password"), "password_too_short");
        other.get("/me").expect(200);

        let going_on = this.signed_in(&change(PASSWORD, NEW_PASSWORD));
        going_on.get("/me").expect(200);
        other.get("/me").problem(401, "unauthenticated");
        server.stranger().refresh(&other.refresh_token).problem(401, "invalid_refresh_token");
        server.stranger().refresh(&this.refresh_token).expect(200);
        server.stranger().login(ADMIN, PASSWORD).problem(401, "invalid_credentials");
        server.stranger().sign_in(ADMIN, NEW_PASSWORD);
    }

    fn a_password_that_has_to_be_changed_opens_nothing_until_it_is(server: Server) {
        server.add_user("ann@example.com", &[]);
        server.store.execute("UPDATE users SET must_change_password = TRUE WHERE email = 'ann@example.com'");
        let client = server.stranger();
        let challenge = || {
            let body = client.login("ann@example.com", PASSWORD).expect(200);
            assert_eq!(body["status"], "password_change_required");
            assert!(body.get("access_token").is_none() && body.get("refresh_token").is_none() && body.get("user").is_none());
            body["challenge"].as_str().unwrap().to_owned()
        };
        let change = |challenge: &str, password: &str| {
            client.post("/auth/password/change-required", json!({"challenge": challenge, "new_password": password}))
        };
        let first = challenge();
        client.with_token(&first).get("/me").problem(401, "unauthenticated");
        change("mangled", NEW_PASSWORD).problem(400, "invalid_token");
        assert_eq!(change(&first, "short").field_error("new_password"), "password_too_short");
        client.signed_in(&change(&first, NEW_PASSWORD)).get("/me").expect(200);
        change(&first, NEW_PASSWORD).problem(400, "invalid_token");
        client.sign_in("ann@example.com", NEW_PASSWORD);

        server.store.execute("UPDATE users SET must_change_password = TRUE WHERE email = 'ann@example.com'");
        let body = client.login("ann@example.com", NEW_PASSWORD).expect(200);
        server.clock.advance(11 * MINUTE);
        change(body["challenge"].as_str().unwrap(), PASSWORD).problem(400, "invalid_token");
    }

    fn a_challenge_to_change_the_password_is_worth_nothing_once_an_administrator_stepped_in(server: Server) {
        let admin = server.admin();
        let id = server.add_user("ann@example.com", &[]);
        let client = server.stranger();
        for (method, path, body) in [
            ("POST", format!("/users/{id}/deactivate"), json!({})),
            ("PUT", format!("/users/{id}/password"), json!({"password": "one of the administrator's"})),
            ("DELETE", format!("/users/{id}"), json!({})),
        ] {
            let hash = server.password_hash_of(ADMIN);
            server.store.execute(&format!("UPDATE users SET must_change_password = TRUE, active = TRUE, password_hash = '{hash}' WHERE id = '{id}'"));
            let challenge = client.login("ann@example.com", PASSWORD).expect(200)["challenge"].clone();
            assert!(admin.request(method, &path).json(&body).send().status < 300);
            let answer = client.post("/auth/password/change-required", json!({"challenge": challenge, "new_password": NEW_PASSWORD}));
            answer.problem(400, "invalid_token");
        }
    }

    /// Whoever changed it, and however: what counts is what the store says when the challenge comes back.
    fn nobody_is_let_in_whom_the_store_says_not_to(server: Server) {
        let id = server.add_user("ann@example.com", &[]);
        let client = server.stranger();
        for column in ["active", "approved"] {
            server.store.execute(&format!("UPDATE users SET must_change_password = TRUE WHERE id = '{id}'"));
            let challenge = client.login("ann@example.com", PASSWORD).expect(200)["challenge"].clone();
            let before = server.password_hash_of("ann@example.com");
            server.store.execute(&format!("UPDATE users SET {column} = FALSE WHERE id = '{id}'"));
            let answer = client.post("/auth/password/change-required", json!({"challenge": challenge, "new_password": NEW_PASSWORD}));
            answer.problem(400, "invalid_token");
            assert_eq!(server.password_hash_of("ann@example.com"), before);
            assert_eq!(server.admin().get(&format!("/users/{id}")).expect(200)["login_count"], 0);
            server.store.execute(&format!("UPDATE users SET {column} = TRUE WHERE id = '{id}'"));
        }
    }
}
