//! What was refused is in the audit trail: who reached for what, and why they did not get it.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{ADMIN, Server, SignedIn, wait_for};

fn refused(by: &SignedIn) -> Vec<Value> {
    by.get("/audit?limit=200&filter=outcome:eq:refused").expect(200)["items"].as_array().unwrap().clone()
}

both_databases! {
    fn each_guard_rail_leaves_an_event_that_says_who_what_on_whom_and_why(server: Server) {
        let admin = server.admin();
        let manager = server.member("manager@example.com", &["users:*", "roles:*"]);
        let role = admin.get("/roles?filter=name:eq:admin").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let ann = server.add_user("ann@example.com", &[]);
        let admins = format!("/users/{}", admin.id);
        type Case<'a> = (&'a SignedIn, &'static str, String, Value, (u16, &'static str), &'static str, String);
        let cases: Vec<Case<'_>> = vec![
            (&manager, "DELETE", admins.clone(), json!({}), (403, "privilege_escalation"), "user.deleted", admin.id.clone()),
            (&manager, "PUT", format!("/users/{ann}/roles/admin"), json!({}), (403, "privilege_escalation"), "user.roles_changed", ann.clone()),
            (&manager, "PUT", format!("{admins}/password"), json!({"password": "another horse, another battery"}), (403, "privilege_escalation"), "user.password_set", admin.id.clone()),
            (&manager, "PATCH", format!("/roles/{role}"), json!({"description": "x"}), (403, "privilege_escalation"), "role.updated", role.clone()),
            (&manager, "POST", format!("{admins}/impersonate"), json!({"reason": "x"}), (403, "privilege_escalation"), "user.impersonated", admin.id.clone()),
            (&admin, "POST", format!("{admins}/deactivate"), json!({}), (409, "last_admin"), "user.deactivated", admin.id.clone()),
            (&admin, "DELETE", "/me".into(), json!({}), (409, "last_admin"), "user.deleted", admin.id.clone()),
            (&admin, "DELETE", format!("/roles/{role}"), json!({}), (409, "protected_role"), "role.deleted", role.clone()),
            (&admin, "PUT", format!("/roles/{role}/permissions"), json!({"permissions": []}), (409, "protected_role"), "role.updated", role.clone()),
            (&admin, "POST", format!("{admins}/impersonate"), json!({"reason": "x"}), (403, "impersonation_refused"), "user.impersonated", admin.id.clone()),
        ];
        for (by, method, path, body, (status, code), action, target) in cases {
            let answer = by.request(method, &path).json(&body).send();
            answer.problem(status, code);
            // The answer waits for it.
            let event = refused(&admin).remove(0);
            assert_eq!((&event["action"], &event["target"]["id"], &event["outcome"]), (&json!(action), &json!(target), &json!("refused")), "{method} {path}");
            assert_eq!((&event["actor"]["id"], &event["changes"]["code"]["to"]), (&json!(by.id), &json!(code)), "{event}");
            assert_eq!((&event["request_id"], &event["ip"]), (&json!(answer.header("x-request-id").unwrap()), &json!("127.0.0.1")));
        }
    }

    fn who_lacks_the_permission_for_a_write_is_written_down_with_what_they_lack(server: Server) {
        let admin = server.admin();
        let nobody = server.member("nobody@example.com", &["users:read"]);
        let ann = server.add_user("ann@example.com", &[]);
        nobody.delete(&format!("/users/{ann}")).problem(403, "permission_denied");
        nobody.get("/roles").problem(403, "permission_denied");
        server.stranger().delete(&format!("/users/{ann}")).problem(401, "unauthenticated");
        let mut events = Vec::new();
        wait_for("the refusal to be written down", || {
            events = refused(&admin);
            !events.is_empty()
        });
        assert_eq!(events.len(), 1, "reading is refused without a trace, and a stranger is nobody: {events:?}");
        let event = &events[0];
        assert_eq!((&event["action"], &event["actor"]["email"]), (&json!("access.refused"), &json!("nobody@example.com")));
        assert_eq!(event["target"], json!({"type": "operation", "id": null, "label": "DELETE /api/v1/users/{id}"}));
        assert_eq!((&event["changes"]["code"]["to"], &event["changes"]["required"]["to"]), (&json!("permission_denied"), &json!("users:delete")));
    }

    fn the_same_refusal_is_written_down_once_a_minute(server: Server) {
        let admin = server.admin();
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        let other = server.member("other@example.com", &["users:read", "users:write"]);
        let path = format!("/users/{}/deactivate", admin.id);
        let try_it = |by: &SignedIn| by.request("POST", &path).send().problem(403, "privilege_escalation");
        for _ in 0..5 {
            try_it(&manager);
        }
        assert_eq!(refused(&admin).len(), 1);
        // Somebody else's, another act, and another target are news.
        try_it(&other);
        manager.request("POST", &format!("/users/{}/reset-access", admin.id)).send().problem(403, "privilege_escalation");
        assert_eq!(refused(&admin).len(), 3);
        server.clock.advance(Duration::from_secs(61));
        try_it(&manager);
        assert_eq!(refused(&admin).len(), 4);
        // The number of ids that somebody tries at a closed door does not matter.
        for _ in 0..5 {
            manager.delete(&format!("/users/{}", uuid::Uuid::now_v7())).problem(403, "permission_denied");
        }
        wait_for("the refusal to be written down", || refused(&admin).len() == 5);
        assert_eq!(refused(&admin)[0]["actor"]["email"], "manager@example.com");
        assert_eq!(admin.get("/me").expect(200)["email"], ADMIN);
    }

    fn a_refusal_leaves_nothing_else_behind(server: Server) {
        let admin = server.admin();
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        let ann = server.add_user("ann@example.com", &[]);
        manager.post("/users/bulk", json!({"action": "deactivate", "ids": [ann, admin.id]})).problem(403, "privilege_escalation");
        assert_eq!(admin.get(&format!("/users/{ann}")).expect(200)["active"], true);
        assert_eq!(admin.get("/audit?filter=action:eq:user.deactivated&filter=outcome:eq:ok").expect(200)["total"], 0);
        assert_eq!(refused(&admin).len(), 1);
    }
}
