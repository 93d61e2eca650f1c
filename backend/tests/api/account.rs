//! Oneself: what one sees of oneself and may change.

use serde_json::json;

use crate::harness::{PASSWORD, Server};

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

    fn an_administrator_changes_their_own_names_too(server: Server) {
        assert_eq!(server.admin().patch("/me", json!({"display_name": "Root"})).expect(200)["display_name"], "Root");
    }
}
