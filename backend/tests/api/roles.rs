//! Roles: named sets of permissions, given to users.

use serde_json::{Value, json};

use crate::harness::{PASSWORD, Server};

both_databases! {
    fn a_role_is_created_shown_changed_and_deleted(server: Server) {
        let admin = server.admin();
        let body = json!({"name": "Editors", "description": "Keep the users", "permissions": ["users:write", "users:read", "users:read"]});
        let answer = admin.post("/roles", body);
        let role = answer.expect(201);
        let path = format!("/roles/{}", role["id"].as_str().unwrap());
        assert_eq!(answer.header("location"), Some(format!("/api/v1{path}").as_str()));
        let mut members: Vec<_> = role.as_object().unwrap().keys().map(String::as_str).collect();
        members.sort_unstable();
        assert_eq!(members, ["created_at", "description", "id", "mfa_required", "name", "permissions", "protected", "updated_at", "user_count"]);
        assert_eq!((&role["permissions"], &role["protected"], &role["user_count"]), (&json!(["users:read", "users:write"]), &json!(false), &json!(0)));
        assert_eq!(admin.get(&path).expect(200), role);
        let changed = admin.patch(&path, json!({"name": "Keepers", "description": null})).expect(200);
        assert_eq!((&changed["name"], &changed["description"], &changed["permissions"]), (&json!("Keepers"), &json!(""), &role["permissions"]));
        let changed = admin.put(&format!("{path}/permissions"), json!({"permissions": ["audit:*"]})).expect(200);
        assert_eq!(changed["permissions"], json!(["audit:*"]));
        admin.delete(&path).expect(204);
        admin.get(&path).problem(404, "not_found");
        admin.delete(&path).problem(404, "not_found");
    }

    fn a_name_that_is_taken_in_any_case_and_what_is_no_permission_are_refused(server: Server) {
        let admin = server.admin();
        server.create_role("editors", &[]);
        for name in ["editors", "EDITORS", " Editors "] {
            let answer = admin.post("/roles", json!({"name": name, "permissions": []}));
            answer.problem(409, "role_name_taken");
            assert_eq!(answer.field_error("name"), "role_name_taken");
        }
        for permission in ["users", "users:fly", "", "users:read:all", "data:App.x:read", "**", "*:*:*", "users:read\u{0}"] {
            let answer = admin.post("/roles", json!({"name": "others", "permissions": [permission]}));
            assert_eq!(answer.status, 422, "{permission:?}: {answer}");
            answer.field_error("permissions");
        }
        for name in ["", "   ", "a\u{0}b", &"x".repeat(300)] {
            let answer = admin.post("/roles", json!({"name": name, "permissions": []}));
            answer.problem(422, "validation_failed");
            answer.field_error("name");
        }
        assert_eq!(admin.get("/roles").expect(200)["total"], 2);
        for permission in ["*", "users:*", "*:read", "data:app.orders:update", "data:app.*:read", "data:*.*:*"] {
            let body = json!({"name": format!("role {}", permission.len()), "permissions": [permission]});
            let answer = admin.post("/roles", body);
            assert!(matches!(answer.status, 201 | 422), "{answer}");
            assert_eq!(answer.expect(201)["permissions"], json!([permission]));
        }
    }

    fn what_a_role_gains_or_loses_holds_for_its_users_on_their_next_request(server: Server) {
        let admin = server.admin();
        let role = server.create_role("editors", &["users:read"]);
        admin.post("/users", json!({"email": "ann@example.com", "password": PASSWORD, "roles": ["editors"]})).expect(201);
        let ann = server.stranger().sign_in("ann@example.com", PASSWORD);
        ann.get("/users").expect(200);
        ann.get("/audit").problem(403, "permission_denied");
        let permissions = |permissions: Value| admin.put(&format!("/roles/{role}/permissions"), json!({"permissions": permissions}));
        permissions(json!(["audit:read"])).expect(200);
        ann.get("/users").problem(403, "permission_denied");
        ann.get("/audit").expect(200);
        assert_eq!(ann.get("/me").expect(200)["permissions"], json!(["audit:read"]));
        admin.patch(&format!("/roles/{role}"), json!({"name": "auditors"})).expect(200);
        assert_eq!(ann.get("/me").expect(200)["roles"], json!(["auditors"]));
        admin.delete(&format!("/roles/{role}")).expect(204);
        ann.get("/audit").problem(403, "permission_denied");
        assert_eq!(ann.get("/me").expect(200)["roles"], json!([]));
    }

    fn a_role_tells_how_many_have_it_and_who(server: Server) {
        let admin = server.admin();
        let role = server.create_role("editors", &[]);
        for name in ["ann", "bob"] {
            admin.post("/users", json!({"email": format!("{name}@example.com"), "roles": ["editors"]})).expect(201);
        }
        assert_eq!(admin.get(&format!("/roles/{role}")).expect(200)["user_count"], 2);
        let users = admin.get(&format!("/roles/{role}/users?sort=-email&limit=1")).expect(200);
        assert_eq!((&users["total"], &users["items"][0]["email"]), (&json!(2), &json!("bob@example.com")));
        assert!(users["next_cursor"].is_string());
        // Whichever way somebody comes to the role or loses it.
        let count = || admin.get("/roles?sort=-user_count&filter=name:eq:editors").expect(200)["items"][0]["user_count"].clone();
        let bob = users["items"][0]["id"].as_str().unwrap();
        admin.delete(&format!("/users/{bob}/roles/editors")).expect(200);
        assert_eq!(count(), 1);
        admin.put(&format!("/users/{bob}/roles/editors"), json!({})).expect(200);
        let csv = "email,roles\ncid@example.com,editors\ndee@example.com,editors\n";
        admin.request("POST", "/users/import?format=csv").body("text/csv", csv).send().expect(200);
        assert_eq!(count(), 4);
        admin.delete(&format!("/users/{bob}")).expect(204);
        assert_eq!(count(), 3);
        admin.get(&format!("/roles/{}/users", uuid::Uuid::now_v7())).problem(404, "not_found");
        // It shows users: who may see roles may not see them by that alone.
        server.member("roles@example.com", &["roles:read"]).get(&format!("/roles/{role}/users")).problem(403, "permission_denied");
    }

    fn the_built_in_role_can_not_be_deleted_renamed_or_weakened(server: Server) {
        let admin = server.admin();
        let role = admin.get("/roles?filter=name:eq:admin").expect(200)["items"][0].clone();
        assert_eq!((&role["protected"], &role["permissions"], &role["user_count"]), (&json!(true), &json!(["*"]), &json!(1)));
        let path = format!("/roles/{}", role["id"].as_str().unwrap());
        admin.delete(&path).problem(409, "protected_role");
        admin.patch(&path, json!({"name": "root"})).problem(409, "protected_role");
        admin.patch(&path, json!({"permissions": ["users:read"]})).problem(409, "protected_role");
        admin.put(&format!("{path}/permissions"), json!({"permissions": []})).problem(409, "protected_role");
        admin.put(&format!("{path}/permissions"), json!({"permissions": ["*:*"]})).problem(409, "protected_role");
        let after = admin.get(&path).expect(200);
        assert_eq!((&after["name"], &after["permissions"]), (&json!("admin"), &json!(["*"])));
        admin.get("/me").expect(200);
    }
}
