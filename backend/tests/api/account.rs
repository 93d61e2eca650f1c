//! Oneself: what one sees of oneself and may change.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use crate::harness::{ADMIN, Mailbox, PASSWORD, Server, Store};

both_databases! {
    fn one_sees_oneself_with_all_that_one_may_do(server: Server) {
        let ann = server.member("ann@example.com", &["users:read", "audit:*"]);
        let answer = ann.get("/me");
        let me = answer.expect(200);
        assert_eq!((&me["email"], &me["permissions"]), (&json!("ann@example.com"), &json!(["audit:*", "users:read"])));
        assert!(answer.header("etag").is_some());
        assert!(!answer.text().contains("hash"), "{answer}");
    }

    fn one_changes_ones_own_names_and_language_and_sees_it_at_once(server: Server) {
        let ann = server.member("ann@example.com", &[]);
        let me = ann.patch("/me", json!({"display_name": "Ann", "username": "ann", "locale": "en-GB"})).expect(200);
        assert_eq!((&me["display_name"], &me["username"], &me["locale"]), (&json!("Ann"), &json!("ann"), &json!("en-GB")));
        assert_eq!(ann.get("/me").expect(200), me);
        server.stranger().sign_in("ANN", PASSWORD);
        assert_eq!(ann.patch("/me", json!({"locale": null})).expect(200)["locale"], json!(null));
        server.member("bob@example.com", &[]).patch("/me", json!({"username": "Ann"})).problem(409, "username_taken");
        let stale = ann.request("PATCH", "/me").header("if-match", "\"stale\"").json(&json!({"locale": "de"})).send();
        stale.problem(412, "precondition_failed");
    }

    fn nobody_makes_themselves_more_than_they_are(server: Server) {
        let ann = server.member("ann@example.com", &[]);
        for field in ["roles", "permissions", "active", "approved", "email", "email_verified", "password", "id", "kind", "mfa_enabled"] {
            ann.patch("/me", json!({field: true})).problem(422, "unknown_field");
        }
        let me = ann.get("/me").expect(200);
        assert_eq!((&me["roles"], &me["permissions"]), (&json!([]), &json!([])));
    }

    fn whoever_deletes_themselves_is_gone_at_once_and_told_so(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let ann = server.member("ann@example.com", &["users:read"]);
        ann.delete("/me").expect(204);
        ann.get("/me").problem(401, "unauthenticated");
        server.stranger().refresh(&ann.refresh_token).problem(401, "invalid_refresh_token");
        server.stranger().login("ann@example.com", PASSWORD).problem(401, "invalid_credentials");
        let event = &server.admin().get("/audit?filter=action:eq:user.deleted").expect(200)["items"][0];
        assert_eq!((&event["actor"]["id"], &event["target"]["id"]), (&json!(ann.id), &json!(ann.id)));
        assert!(mailbox.next_to("ann@example.com", 0).subject.contains("deleted"));
    }

    fn nobody_deletes_themselves_without_a_recent_proof_nor_as_the_last_administrator(server: Server) {
        let ann = server.member("ann@example.com", &[]);
        server.admin().delete("/me").problem(409, "last_admin");
        server.clock.advance(Duration::from_secs(16 * 60));
        let ann = server.stranger().signed_in(&server.stranger().refresh(&ann.refresh_token));
        ann.delete("/me").problem(401, "reauthentication_required");
        ann.get("/me").expect(200);
        // Nor by the way that administrators delete others.
        let cleaner = server.member("cleaner@example.com", &["users:read", "users:write", "users:delete"]);
        let ben = server.add_user("ben@example.com", &[]);
        server.clock.advance(Duration::from_secs(16 * 60));
        let cleaner = server.stranger().signed_in(&server.stranger().refresh(&cleaner.refresh_token));
        cleaner.delete(&format!("/users/{}", cleaner.id)).problem(401, "reauthentication_required");
        let bulk = json!({"action": "delete", "ids": [ben, cleaner.id]});
        cleaner.post("/users/bulk", bulk).problem(401, "reauthentication_required");
        cleaner.delete(&format!("/users/{ben}")).expect(204);
    }

    fn one_takes_away_what_is_stored_about_oneself_and_of_nobody_else(server: Server) {
        let ann = server.member("ann@example.com", &[]);
        ann.patch("/me", json!({"display_name": "Ann"})).expect(200);
        server.admin();
        let answer = ann.get("/me/export");
        let data = answer.expect(200);
        assert!(answer.header("content-disposition").unwrap().starts_with("attachment"));
        assert_eq!((&data["user"]["email"], &data["sessions"][0]["current"]), (&json!("ann@example.com"), &json!(true)));
        let actions: Vec<_> = data["events"].as_array().unwrap().iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["user.data_exported", "user.updated", "user.signed_in", "user.created"]);
        for secret in ["argon2", ADMIN, PASSWORD] {
            assert!(!answer.text().contains(secret), "{secret}");
        }
    }

    fn what_is_stored_about_oneself_tells_nothing_of_those_who_acted_on_one_or_were_acted_on(server: Server) {
        let ann = server.member("ann@example.com", &["users:read", "users:write"]);
        server.admin().patch(&format!("/users/{}", ann.id), json!({"display_name": "Anne"})).expect(200);
        let ben = server.add_user("ben@example.com", &[]);
        ann.patch(&format!("/users/{ben}"), json!({"username": "benny", "email": "benny@example.com"})).expect(200);
        let answer = ann.get("/me/export");
        let data = answer.expect(200);
        for others in [ADMIN, "ben@example.com", "benny"] {
            assert!(!answer.text().contains(others), "{others}");
        }
        let events = data["events"].as_array().unwrap();
        let done_to = events.iter().find(|event| event["changes"]["display_name"]["to"] == "Anne").unwrap();
        for field in ["actor", "ip", "user_agent", "request_id", "session"] {
            assert_eq!(done_to[field], json!(null), "{field}");
        }
        assert!(events.iter().any(|event| event["target"]["id"] == json!(ben)), "what one did is told");
    }

    fn an_administrator_changes_their_own_names_too(server: Server) {
        assert_eq!(server.admin().patch("/me", json!({"display_name": "Root"})).expect(200)["display_name"], "Root");
    }
}
