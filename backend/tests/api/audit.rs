//! The audit trail: every act leaves an event, in the same transaction, without a secret in it.

use serde_json::{Value, json};

use crate::audit_chain::linked;
use crate::harness::{ADMIN, PASSWORD, Server, SignedIn};

fn events(by: &SignedIn, query: &str) -> Vec<Value> {
    by.get(&format!("/audit?limit=200&{query}")).expect(200)["items"].as_array().unwrap().clone()
}

both_databases! {
    fn every_act_on_a_user_or_role_leaves_an_event_that_says_who_what_when_and_from_where(server: Server) {
        let admin = server.admin();
        let role = server.create_role("editors", &["users:read"]);
        let answer = admin.request("POST", "/users").header("user-agent", "Tester/1").json(&json!({"email": "ann@example.com", "password": PASSWORD})).send();
        let ann = answer.expect(201)["id"].as_str().unwrap().to_owned();
        let user = format!("/users/{ann}");
        let acts: Vec<(&str, String, Value, &str)> = vec![
            ("PATCH", user.clone(), json!({"display_name": "Ann"}), "user.updated"),
            ("PUT", format!("{user}/roles"), json!({"roles": ["editors"]}), "user.roles_changed"),
            ("POST", format!("{user}/deactivate"), json!({}), "user.deactivated"),
            ("POST", format!("{user}/activate"), json!({}), "user.activated"),
            ("PUT", format!("{user}/password"), json!({"password": "one of the administrator's"}), "user.password_set"),
            ("POST", format!("{user}/mail-link"), json!({}), "user.link_mailed"),
            ("POST", format!("{user}/reset-access"), json!({}), "user.access_reset"),
            ("PATCH", format!("/roles/{role}"), json!({"description": "x"}), "role.updated"),
            ("PUT", format!("/roles/{role}/permissions"), json!({"permissions": []}), "role.updated"),
            ("DELETE", format!("/roles/{role}"), json!({}), "role.deleted"),
            ("DELETE", user.clone(), json!({}), "user.deleted"),
        ];
        for (method, path, body, action) in acts {
            let before = events(&admin, "").len();
            let answer = admin.request(method, &path).json(&body).send();
            assert!(answer.status < 300, "{answer}");
            let after = events(&admin, "");
            assert!(after.len() > before, "{method} {path} left no event");
            let own: Vec<_> = after.iter().filter(|event| event["request_id"] == answer.header("x-request-id").unwrap()).collect();
            assert!(own.iter().any(|event| event["action"] == action), "{method} {path}: {own:?}");
            for event in own {
                assert_eq!((&event["actor"]["email"], &event["actor"]["id"]), (&json!(ADMIN), &json!(admin.id)), "{event}");
                assert_eq!((&event["outcome"], &event["ip"]), (&json!("ok"), &json!("127.0.0.1")), "{event}");
                assert!(event["target"]["id"] == ann.as_str() || event["target"]["id"] == role.as_str(), "{event}");
            }
        }
        let created = events(&admin, &format!("filter=action:eq:user.created&filter=target:eq:{ann}")).remove(0);
        assert_eq!((&created["user_agent"], &created["target"]["type"], &created["target"]["label"]), (&json!("Tester/1"), &json!("user"), &json!("ann@example.com")));
        assert_eq!(created["changes"]["email"], json!({"from": null, "to": "ann@example.com"}));
        let updated = events(&admin, &format!("filter=action:eq:user.updated&filter=target:eq:{ann}")).remove(0);
        assert_eq!(updated["changes"]["display_name"], json!({"from": null, "to": "Ann"}));
        for name in ["id", "seq", "at", "actor", "impersonator", "action", "target", "outcome", "ip", "user_agent", "request_id", "changes", "prev_hash", "hash"] {
            assert!(created.get(name).is_some(), "{name} is missing: {created}");
        }
        let text = Value::from(events(&admin, "")).to_string();
        for secret in [PASSWORD, "one of the administrator's", "argon2"] {
            assert!(!text.contains(secret), "the trail holds {secret}");
        }
    }

    fn what_changes_nothing_leaves_no_event(server: Server) {
        let admin = server.admin();
        let ann = server.add_user("ann@example.com", &[]);
        let count = || events(&admin, "").len();
        let before = count();
        admin.patch(&format!("/users/{ann}"), json!({"display_name": null, "active": true})).expect(200);
        admin.request("POST", &format!("/users/{ann}/activate")).send().expect(200);
        admin.put(&format!("/users/{ann}/roles"), json!({"roles": []})).expect(200);
        admin.post("/users", json!({"email": "ANN@example.com"})).problem(409, "email_taken");
        assert_eq!(count(), before);
    }

    fn what_a_guard_rail_refused_is_written_down_as_refused(server: Server) {
        let admin = server.admin();
        let manager = server.member("manager@example.com", &["users:read", "users:write", "audit:read"]);
        manager.request("POST", &format!("/users/{}/deactivate", admin.id)).send().problem(403, "privilege_escalation");
        admin.request("POST", &format!("/users/{}/deactivate", admin.id)).send().problem(409, "last_admin");
        let refused = events(&manager, "filter=outcome:eq:refused");
        assert_eq!(refused.len(), 2);
        assert!(refused.iter().all(|event| event["action"] == "user.deactivated" && event["target"]["id"] == admin.id.as_str()));
        assert_eq!(refused[1]["actor"]["email"], "manager@example.com");
    }

    fn the_trail_is_read_newest_first_and_filtered_by_who_what_when_and_where(server: Server) {
        let admin = server.admin();
        let ann = server.member("ann@example.com", &["audit:read"]);
        server.create_role("editors", &[]);
        let all = events(&ann, "");
        let numbers: Vec<_> = all.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
        assert!(numbers.windows(2).all(|pair| pair[0] > pair[1]), "{numbers:?}");
        let count = |filter: &str| events(&ann, &format!("filter={filter}")).len();
        // Before and after the events have their links, by which they come into an index.
        for is_linked in [false, true] {
            if is_linked {
                linked(&server.store);
            }
            assert_eq!(count(&format!("actor:eq:{}", ann.id)), 1);
            assert_eq!(count("actor:eq:ANN@example.com"), 1);
            assert_eq!(count("actor:starts_with:Ann@"), 1);
            assert_eq!(count("actor:eq:ann@example.co"), 0);
            assert_eq!(count("action:eq:role.created"), 1);
            assert_eq!(count("action:eq:role"), 0);
            assert_eq!(count("action:in:role.created,user.created"), count("action:eq:user.created") + 1);
            // Nothing is done by them as the actor and to them as the target but their signing in.
            let done_to = all.iter().filter(|event| event["target"]["id"] == *ann.id).count();
            assert!(done_to >= 2, "{all:?}");
            assert_eq!(count(&format!("target:eq:{}", ann.id)), done_to);
            assert_eq!(count(&format!("target:in:{},nobody", ann.id)), done_to);
            let both = format!("target:eq:{0}&filter=actor:eq:{0}", ann.id);
            assert_eq!(count(&both), 1);
        }
        assert_eq!(count("target_type:eq:role"), 1);
        assert_eq!(count("outcome:eq:ok"), all.len());
        assert_eq!(count("at:gt:2100-01-01T00:00:00Z"), 0);
        assert_eq!(count("at:gt:2020-01-01T00:00:00Z"), all.len());
        assert_eq!(count("ip:eq:127.0.0.1"), all.iter().filter(|event| event["ip"] == "127.0.0.1").count());
        let first = ann.get("/audit?limit=1").expect(200);
        server.admin(); // An event more must not shift the page.
        let second = ann.get(&format!("/audit?limit=1&cursor={}", first["next_cursor"].as_str().unwrap())).expect(200);
        assert_eq!(second["items"][0]["seq"], all[1]["seq"]);
        admin.request("DELETE", "/audit").send().problem(405, "method_not_allowed");
    }

    fn who_takes_a_list_away_as_a_file_is_in_the_trail_without_what_they_filtered_by(server: Server) {
        let admin = server.admin();
        let ann = server.member("ann@example.com", &["users:read", "audit:read"]);
        let nobody = server.member("nobody@example.com", &[]);
        for (path, action, name, format, filtered) in [
            ("/users/export?format=csv", "users.exported", "users.csv", "csv", false),
            ("/users/export?format=json&q=hidden", "users.exported", "users.json", "json", true),
            ("/users/export?format=ndjson&filter=email:eq:hidden@example.com", "users.exported", "users.ndjson", "ndjson", true),
            ("/users/export?format=xlsx&sort=-email", "users.exported", "users.xlsx", "xlsx", false),
            ("/audit/export?format=csv", "audit.exported", "audit.csv", "csv", false),
            ("/audit/export?filter=action:eq:hidden", "audit.exported", "audit.ndjson", "ndjson", true),
        ] {
            nobody.get(path).problem(403, "permission_denied");
            let answer = ann.get(path);
            assert_eq!(answer.status, 200, "{answer}");
            let event = events(&admin, "").remove(0);
            assert_eq!((&event["action"], &event["actor"]["id"], &event["outcome"]), (&json!(action), &json!(ann.id), &json!("ok")));
            assert_eq!(event["request_id"], answer.header("x-request-id").unwrap());
            assert_eq!(event["target"], json!({"type": "file", "id": null, "label": name}));
            let to = |value: Value| json!({"from": null, "to": value});
            assert_eq!(event["changes"], json!({"format": to(json!(format)), "filtered": to(json!(filtered))}));
        }
        let before = events(&admin, "");
        assert!(!Value::from(before.clone()).to_string().contains("hidden"));
        for path in ["/users/export?format=exe", "/users/export?filter=color:eq:red", "/audit/export?format=xlsx"] {
            assert_eq!(ann.get(path).status, 400, "{path}");
        }
        assert_eq!(events(&admin, "").len(), before.len(), "what was no export is in the trail");
    }

    fn signing_in_and_out_is_in_the_trail(server: Server) {
        let admin = server.admin();
        let ann = server.member("ann@example.com", &[]);
        ann.request("POST", "/auth/logout").send().expect(204);
        let actions: Vec<_> = events(&admin, &format!("filter=actor:eq:{}", ann.id)).iter().map(|event| event["action"].clone()).collect();
        assert_eq!(actions, [json!("user.signed_out"), json!("user.signed_in")]);
    }
}
