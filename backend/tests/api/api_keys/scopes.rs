//! What a key permits, and what no key ever does.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{ANN, create, id, key_of, with_key};
use crate::harness::{PASSWORD, Server, Store, operations};

both_databases! {
    fn a_key_permits_what_it_was_made_for_and_no_more(server: Server) {
        let ann = server.member(ANN, &["users:*", "roles:read"]);
        let key = with_key(&ann, &create(&ann, json!({"name": "report", "permissions": ["users:read"]})));
        let me = key.get("/me").expect(200);
        assert_eq!((&me["email"], &me["permissions"]), (&json!(ANN), &json!(["users:read"])));
        key.get("/users").expect(200);
        assert_eq!(key.get("/roles").problem(403, "permission_denied")["required"], "roles:read");
        key.post("/users", json!({"email": "x@example.com"})).problem(403, "permission_denied");
        // Their own sessions are not narrowed by it.
        assert_eq!(ann.get("/me").expect(200)["permissions"], json!(["roles:read", "users:*"]));
        let nothing = with_key(&ann, &create(&ann, json!({"name": "nothing", "permissions": []})));
        assert_eq!(nothing.get("/me").expect(200)["permissions"], json!([]));
        nothing.get("/users").problem(403, "permission_denied");
    }

    fn a_key_loses_at_the_next_request_what_its_owner_loses(server: Server) {
        let admin = server.admin();
        let ann = server.member(ANN, &["users:*"]);
        let (wide, narrow) = (create(&ann, json!({"name": "wide", "permissions": ["users:*"]})), create(&ann, json!({"name": "narrow", "permissions": ["users:delete"]})));
        let (wide, narrow, all) = (with_key(&ann, &wide), with_key(&ann, &narrow), key_of(&ann));
        for key in [&wide, &narrow, &all] {
            key.get("/me").expect(200);
        }
        // A role's permissions are narrowed: what is left is what both permit.
        let role = admin.get("/roles?sort=name&q=role-of").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        admin.put(&format!("/roles/{role}/permissions"), json!({"permissions": ["*:read"]})).expect(200);
        assert_eq!(wide.get("/me").expect(200)["permissions"], json!(["users:read"]));
        assert_eq!(narrow.get("/me").expect(200)["permissions"], json!([]));
        assert_eq!(all.get("/me").expect(200)["permissions"], json!(["*:read"]));
        wide.get("/roles").problem(403, "permission_denied");
        all.get("/roles").expect(200);
        admin.put(&format!("/users/{}/roles", ann.id), json!({"roles": []})).expect(200);
        for key in [&wide, &narrow, &all] {
            assert_eq!(key.get("/me").expect(200)["permissions"], json!([]));
            key.get("/users").problem(403, "permission_denied");
        }
    }

    fn what_an_owner_is_permitted_later_is_for_keys_of_all_permissions_alone(server: Server) {
        let (admin, ann) = (server.admin(), server.member(ANN, &["users:read"]));
        let chosen = create(&ann, json!({"name": "chosen", "permissions": ["users:read"]}));
        let all = create(&ann, json!({"name": "all"}));
        assert_eq!((&chosen["all_permissions"], &all["all_permissions"]), (&json!(false), &json!(true)));
        assert_eq!(all["permissions"], json!(["users:read"]));
        server.create_role("auditor", &["audit:read"]);
        admin.request("PUT", &format!("/users/{}/roles/auditor", ann.id)).send().expect(200);
        with_key(&ann, &chosen).get("/audit").problem(403, "permission_denied");
        with_key(&ann, &all).get("/audit").expect(200);
        let listed = ann.get("/me/api-keys?sort=name").expect(200);
        assert_eq!(listed["items"][0]["permissions"], json!(["audit:read", "users:read"]));
        assert_eq!(listed["items"][1]["permissions"], json!(["users:read"]));
    }

    fn an_operation_takes_a_key_where_the_contract_says_so_and_nowhere_else(server: Server) {
        let key = key_of(&server.admin());
        let (mut taken, mut refused) = (0, 0);
        for operation in operations().into_iter().filter(|operation| !operation.is_public) {
            let content_type = operation.content_type().unwrap_or("application/json");
            let answer = key.request(&operation.method, &operation.path()).body(content_type, "{\"broken").send();
            let schemes = operation.value["security"].as_array().unwrap();
            if schemes.iter().any(|scheme| scheme["api_key"].is_array()) {
                assert!(!matches!(answer.status, 401 | 403 | 500..), "{}: {answer}", operation.id);
                taken += 1;
            } else {
                answer.problem(403, "permission_denied");
                refused += 1;
            }
        }
        assert!(taken > 20 && refused > 8, "{taken} take a key, {refused} do not");
    }

    fn a_key_never_reaches_the_account_and_credentials_of_its_owner(server: Server) {
        let admin = server.admin();
        server.add_user(ANN, &["*"]);
        let (key, own) = (key_of(&admin), format!("/users/{}", admin.id));
        let other = create(&admin, json!({"name": "other"}));
        for (method, path, body) in [
            ("PUT", "/password", json!({"password": "another horse, another battery"})),
            ("PATCH", "", json!({"email": "thief@example.com"})),
            ("PATCH", "", json!({"username": "thief"})),
            ("PUT", "/roles", json!({"roles": []})),
            ("POST", "/deactivate", json!({})),
            ("POST", "/reset-access", json!({})),
            ("DELETE", "", json!({})),
            ("GET", "/sessions", json!({})),
            ("DELETE", "/sessions", json!({})),
            ("GET", "/api-keys", json!({})),
            ("POST", "/api-keys", json!({"name": "mine"})),
        ] {
            key.request(method, &format!("{own}{path}")).json(&body).send().problem(403, "permission_denied");
        }
        key.delete(&format!("{own}/api-keys/{}", id(&other))).problem(403, "permission_denied");
        key.post("/users/bulk", json!({"action": "delete", "ids": [admin.id]})).problem(403, "permission_denied");
        // Nor does it sign its owner out, or prove who they are.
        key.request("POST", "/auth/logout").send().problem(401, "unauthenticated");
        key.post("/auth/reauthenticate", json!({"password": PASSWORD})).problem(403, "permission_denied");
        admin.get("/me").expect(200);
        assert_eq!(admin.get("/me/api-keys").expect(200)["total"], 2);
    }

    fn a_narrow_key_of_an_administrator_does_not_act_on_whoever_may_do_more_than_it(server: Server) {
        let admin = server.admin();
        let (reader, auditor) = (server.add_user("reader@example.com", &["users:read"]), server.add_user("auditor@example.com", &["audit:read"]));
        let key = with_key(&admin, &create(&admin, json!({"name": "helpdesk", "permissions": ["users:read", "users:write"]})));
        key.request("POST", &format!("/users/{reader}/deactivate")).send().expect(200);
        key.request("POST", &format!("/users/{auditor}/deactivate")).send().problem(403, "privilege_escalation");
        key.request("PUT", &format!("/users/{reader}/roles/admin")).send().problem(403, "privilege_escalation");
        key.post("/users", json!({"email": "new@example.com", "roles": ["admin"]})).problem(403, "privilege_escalation");
        // It may make keys for those whom it covers, though nobody proves with it who they are.
        key.post(&format!("/users/{reader}/api-keys"), json!({"name": "theirs"})).expect(201);
        key.post(&format!("/users/{auditor}/api-keys"), json!({"name": "theirs"})).problem(403, "privilege_escalation");
    }

    fn a_key_is_a_caller_of_its_own_to_whom_the_answers_to_its_owner_are_not_given(server: Server) {
        let admin = server.admin();
        let key = with_key(&admin, &create(&admin, json!({"name": "narrow", "permissions": ["users:write"]})));
        let body = json!({"email": ANN, "roles": ["admin"]});
        let send = |client: &crate::harness::Client| client.request("POST", "/users").header("idempotency-key", "k").json(&body).send();
        send(&admin).expect(201);
        send(&key).problem(403, "privilege_escalation");
    }

    fn a_key_does_not_get_stale(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let key = key_of(&server.member(ANN, &["users:read"]));
        server.clock.advance(Duration::from_secs(400 * 86_400));
        key.get("/users").expect(200);
    }
}
