//! How keys are made: what is accepted, and what is refused.

use std::time::Duration;

use serde_json::{Value, json};

use super::{ANN, create, id};
use crate::harness::{PASSWORD, Server};

both_databases! {
    fn a_key_is_listed_as_it_was_made_but_for_the_key_itself(server: Server) {
        let ann = server.member(ANN, &["users:*", "roles:read"]);
        let body = json!({
            "name": " Nightly report ", "permissions": ["users:read", "roles:read", "users:read"],
            "expires_at": "2099-01-01T00:00:00Z", "allowed_networks": ["203.0.113.9/24", "::1", "2001:db8::/32"],
        });
        let answer = ann.post("/me/api-keys", body);
        let mut created = answer.expect(201);
        assert_eq!(answer.header("location"), Some(format!("/api/v1/me/api-keys/{}", id(&created)).as_str()));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        let key = created.as_object_mut().unwrap().remove("key").unwrap();
        let (key, prefix) = (key.as_str().unwrap(), created["prefix"].as_str().unwrap());
        assert!(key.starts_with(prefix) && prefix.starts_with("rv_") && key.len() > prefix.len() + 40, "{key}");
        assert_eq!(created["name"], "Nightly report");
        assert_eq!(created["permissions"], json!(["roles:read", "users:read"]));
        assert_eq!(created["allowed_networks"], json!(["203.0.113.0/24", "::1/128", "2001:db8::/32"]));
        assert_eq!(created["expires_at"], "2099-01-01T00:00:00.000000Z");
        assert_eq!(created["last_used_at"], Value::Null);
        let listed = ann.get("/me/api-keys").expect(200);
        assert_eq!((&listed["total"], &listed["items"][0]), (&json!(1), &created));
        // Others see none of it.
        assert_eq!(server.member("ben@example.com", &[]).get("/me/api-keys").expect(200)["total"], 0);
    }

    fn nobody_makes_a_key_that_permits_more_than_they_may(server: Server) {
        let ann = server.member(ANN, &["users:read", "roles:*"]);
        for permissions in [json!(["users:write"]), json!(["users:*"]), json!(["*"]), json!(["users:read", "audit:read"])] {
            ann.post("/me/api-keys", json!({"name": "wide", "permissions": permissions})).problem(403, "privilege_escalation");
        }
        create(&ann, json!({"name": "within", "permissions": ["roles:delete"]}));
        assert_eq!(ann.get("/me/api-keys").expect(200)["total"], 1);
        let refused = server.admin().get("/audit?filter=action:eq:api_key.created&filter=outcome:eq:refused").expect(200);
        assert_eq!((&refused["total"], &refused["items"][0]["actor"]["email"]), (&json!(1), &json!(ANN)), "the same is told once a minute");
    }

    fn what_no_key_can_be_is_refused_by_its_field(server: Server) {
        let ann = server.member(ANN, &["users:read"]);
        for (field, value, code) in [
            ("name", json!(" "), "required"),
            ("name", json!("x".repeat(101)), "too_long"),
            ("name", json!("a\u{7}b"), "invalid_text"),
            ("permissions", json!(["users:fly"]), "unknown_permission"),
            ("permissions", json!("users:read"), "wrong_type"),
            ("expires_at", json!("2001-01-01T00:00:00Z"), "in_the_past"),
            ("expires_at", json!("tomorrow"), "invalid_time"),
            ("allowed_networks", json!(["10.0.0.0/33"]), "invalid_network"),
            ("allowed_networks", json!(["office"]), "invalid_network"),
            ("allowed_networks", json!(["2001:db8::/129"]), "invalid_network"),
            ("allowed_networks", json!(vec!["10.0.0.0/8"; 101]), "too_many"),
        ] {
            let mut body = json!({"name": "key"});
            body[field] = value.clone();
            let answer = ann.post("/me/api-keys", body);
            answer.problem(422, "validation_failed");
            assert_eq!(answer.field_error(field), code, "{field}: {value}");
        }
        ann.post("/me/api-keys", json!({"permissions": []})).problem(422, "validation_failed");
        for field in ["id", "key", "prefix", "user_id", "last_used_at", "all_permissions"] {
            ann.post("/me/api-keys", json!({"name": "key", field: "x"})).problem(422, "unknown_field");
        }
        assert_eq!(ann.get("/me/api-keys").expect(200)["total"], 0);
    }

    fn whoever_sits_down_at_a_forgotten_session_makes_no_key(server: Server) {
        let (admin, ann) = (server.admin(), server.add_user(ANN, &[]));
        server.clock.advance(Duration::from_secs(16 * 60));
        let stale = server.stranger().signed_in(&server.stranger().refresh(&admin.refresh_token));
        for path in ["/me/api-keys".to_owned(), format!("/users/{ann}/api-keys")] {
            let refused = stale.post(&path, json!({"name": "later"}));
            refused.problem(401, "reauthentication_required");
            assert!(refused.header("www-authenticate").unwrap().contains("insufficient_user_authentication"), "{refused}");
            // It is looked at before the body is.
            stale.request("POST", &path).body("application/json", "{\"broken").send().problem(401, "reauthentication_required");
            assert_eq!(stale.get(&path).expect(200)["total"], 0);
        }
        let fresh = server.stranger().signed_in(&stale.post("/auth/reauthenticate", json!({"password": PASSWORD})));
        for path in ["/me/api-keys".to_owned(), format!("/users/{ann}/api-keys")] {
            let created = fresh.post(&path, json!({"name": "now"})).expect(201);
            // Taking one's own away needs no proof: it can only do good. Somebody else's may be what their program lives on.
            let key = format!("{path}/{}", id(&created));
            if path.starts_with("/users") {
                stale.delete(&key).problem(401, "reauthentication_required");
                fresh.delete(&key).expect(204);
            } else {
                stale.delete(&key).expect(204);
            }
        }
    }

    fn a_user_has_so_many_keys_at_most_as_can_be_kept_an_eye_on(server: Server) {
        let ann = server.member(ANN, &[]);
        for number in 0..100 {
            create(&ann, json!({"name": format!("key {number}")}));
        }
        ann.post("/me/api-keys", json!({"name": "one more"})).problem(409, "conflict");
        let one = ann.get("/me/api-keys?limit=1").expect(200)["items"][0].clone();
        ann.delete(&format!("/me/api-keys/{}", id(&one))).expect(204);
        create(&ann, json!({"name": "one more"}));
    }
}
