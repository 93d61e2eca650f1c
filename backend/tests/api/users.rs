//! Users: found, created, changed, let in and out, and deleted.

use serde_json::{Value, json};

use crate::harness::{ADMIN, PASSWORD, Server, SignedIn};

fn create(by: &SignedIn, body: Value) -> Value {
    by.post("/users", body).expect(201)
}

fn path(user: &Value) -> String {
    format!("/users/{}", user["id"].as_str().unwrap())
}

both_databases! {
    fn whom_an_administrator_creates_is_there_at_once_and_can_sign_in(server: Server) {
        let admin = server.admin();
        server.create_role("editor", &["users:read"]);
        let body = json!({"email": "Ann@Example.com", "password": PASSWORD, "username": "ann", "display_name": "Ann Archer", "roles": ["Editor"]});
        let answer = admin.post("/users", body);
        let ann = answer.expect(201);
        assert_eq!(answer.header("location"), Some(format!("/api/v1{}", path(&ann)).as_str()));
        let members: Vec<_> = ann.as_object().unwrap().keys().map(String::as_str).collect();
        let mut expected = [
            "id", "kind", "email", "username", "display_name", "locale", "active", "approved", "email_verified", "roles",
            "created_at", "updated_at", "last_login_at", "last_login_ip", "current_login_at", "current_login_ip",
            "login_count", "locked_until", "mfa_enabled",
        ];
        let mut sorted = members.clone();
        sorted.sort_unstable();
        expected.sort_unstable();
        assert_eq!(sorted, expected, "a user has other members than the contract says");
        assert_eq!((&ann["email"], &ann["kind"], &ann["roles"]), (&json!("Ann@Example.com"), &json!("person"), &json!(["editor"])));
        assert_eq!((&ann["active"], &ann["approved"], &ann["email_verified"]), (&json!(true), &json!(true), &json!(true)));
        let shown = admin.get(&path(&ann));
        assert_eq!(shown.expect(200), ann);
        let tag = shown.header("etag").unwrap();
        assert!(tag.starts_with('"') && Some(tag) == answer.header("etag"), "{shown}");
        let me = server.stranger().sign_in("ann@example.com", PASSWORD).get("/me").expect(200);
        assert_eq!((&me["permissions"], &me["id"]), (&json!(["users:read"]), &ann["id"]));
    }

    fn a_user_can_be_created_inactive_without_password_or_as_a_service_and_can_not_sign_in(server: Server) {
        let admin = server.admin();
        create(&admin, json!({"email": "inactive@example.com", "password": PASSWORD, "active": false}));
        create(&admin, json!({"email": "invited@example.com"}));
        let service = create(&admin, json!({"email": "robot@example.com", "password": PASSWORD, "kind": "service"}));
        assert_eq!(service["kind"], "service");
        for email in ["inactive@example.com", "invited@example.com", "robot@example.com"] {
            server.stranger().login(email, PASSWORD).problem(401, "invalid_credentials");
        }
    }

    fn taken_names_unknown_roles_and_invalid_values_are_named_and_nothing_is_written(server: Server) {
        let admin = server.admin();
        create(&admin, json!({"email": "ann@example.com", "username": "ann"}));
        let refused = |body: Value, status: u16, code: &str, field: &str| {
            let answer = admin.post("/users", body);
            answer.problem(status, code);
            answer.field_error(field)
        };
        assert_eq!(refused(json!({"email": "ANN@example.com"}), 409, "email_taken", "email"), "email_taken");
        assert_eq!(refused(json!({"email": "b@example.com", "username": "Ann"}), 409, "username_taken", "username"), "username_taken");
        assert_eq!(refused(json!({"email": "b@example.com", "roles": ["ghost"]}), 422, "unknown_role", "roles"), "unknown_role");
        assert_eq!(refused(json!({"email": "nobody"}), 422, "validation_failed", "email"), "invalid_email");
        assert_eq!(refused(json!({"email": "b@example.com", "username": "a@b"}), 422, "validation_failed", "username"), "invalid_username");
        assert_eq!(refused(json!({"email": "b@example.com", "password": "short"}), 422, "validation_failed", "password"), "password_too_short");
        assert_eq!(refused(json!({"email": "b@example.com", "approved": true}), 422, "unknown_field", "approved"), "unknown_field");
        assert_eq!(refused(json!({"email": "b@example.com", "id": "x"}), 422, "unknown_field", "id"), "unknown_field");
        assert_eq!(admin.get("/users").expect(200)["total"], 2);
    }

    fn a_patch_changes_what_it_names_and_nothing_else(server: Server) {
        let admin = server.admin();
        let ann = create(&admin, json!({"email": "ann@example.com", "username": "ann", "display_name": "Ann", "locale": "en"}));
        let changed = admin.patch(&path(&ann), json!({"display_name": "Ann Archer", "username": null})).expect(200);
        assert_eq!((&changed["display_name"], &changed["username"], &changed["locale"]), (&json!("Ann Archer"), &json!(null), &json!("en")));
        assert!(changed["updated_at"].as_str() > ann["updated_at"].as_str());
        // The other content type of a merge patch.
        let merge = admin.request("PATCH", &path(&ann)).body("application/merge-patch+json", "{\"email\":\"ann.archer@example.com\"}").send();
        assert_eq!(merge.expect(200)["email"], "ann.archer@example.com");
        assert_eq!(admin.get(&path(&ann)).expect(200)["display_name"], "Ann Archer");
        assert_eq!(admin.patch(&path(&ann), json!({})).expect(200)["email"], "ann.archer@example.com");
        for (body, field) in [(json!({"email": null}), "email"), (json!({"active": null}), "active"), (json!({"locale": "??"}), "locale")] {
            let answer = admin.patch(&path(&ann), body);
            answer.problem(422, "validation_failed");
            answer.field_error(field);
        }
        for field in ["roles", "approved", "id", "kind", "password", "permissions", "login_count"] {
            admin.patch(&path(&ann), json!({field: true})).problem(422, "unknown_field");
        }
        create(&admin, json!({"email": "bob@example.com", "username": "bob"}));
        admin.patch(&path(&ann), json!({"email": "BOB@example.com"})).problem(409, "email_taken");
        admin.patch(&path(&ann), json!({"username": "BOB"})).problem(409, "username_taken");
    }

    fn who_is_deactivated_is_out_at_once_and_who_is_activated_can_sign_in_again(server: Server) {
        let admin = server.admin();
        let ann = server.member("ann@example.com", &[]);
        let path = format!("/users/{}", ann.id);
        ann.get("/me").expect(200);
        assert_eq!(admin.request("POST", &format!("{path}/deactivate")).send().expect(200)["active"], false);
        ann.get("/me").problem(401, "unauthenticated");
        server.stranger().login("ann@example.com", PASSWORD).problem(401, "invalid_credentials");
        server.stranger().refresh(&ann.refresh_token).problem(401, "invalid_refresh_token");
        assert_eq!(admin.request("POST", &format!("{path}/deactivate")).send().expect(200)["active"], false);
        assert_eq!(admin.request("POST", &format!("{path}/activate")).send().expect(200)["active"], true);
        // What was ended stays ended.
        ann.get("/me").problem(401, "unauthenticated");
        let again = server.stranger().sign_in("ann@example.com", PASSWORD);
        assert_eq!(admin.patch(&path, json!({"active": false})).expect(200)["active"], false);
        again.get("/me").problem(401, "unauthenticated");
    }

    fn who_registered_can_sign_in_once_approved_and_approving_does_not_verify(server: Server) {
        let admin = server.admin();
        server.stranger().post("/auth/register", json!({"email": "ann@example.com", "password": PASSWORD})).expect(202);
        let waiting = admin.get("/users?filter=approved:eq:false").expect(200);
        assert_eq!(waiting["total"], 1);
        let path = path(&waiting["items"][0]);
        let approved = admin.request("POST", &format!("{path}/approve")).send().expect(200);
        assert_eq!((&approved["approved"], &approved["email_verified"]), (&json!(true), &json!(false)));
        server.stranger().sign_in("ann@example.com", PASSWORD);
        admin.request("POST", &format!("{path}/unlock")).send().expect(200);
    }

    fn a_password_that_is_set_for_somebody_replaces_the_old_one_and_ends_their_sessions(server: Server) {
        let admin = server.admin();
        let ann = server.member("ann@example.com", &[]);
        let path = format!("/users/{}/password", ann.id);
        admin.put(&path, json!({"password": "short"})).problem(422, "validation_failed");
        admin.put(&path, json!({"password": "a password of the administrator's"})).expect(204);
        ann.get("/me").problem(401, "unauthenticated");
        server.stranger().login("ann@example.com", PASSWORD).problem(401, "invalid_credentials");
        server.stranger().sign_in("ann@example.com", "a password of the administrator's");
        admin.put(&path, json!({"password": "another of the administrator's", "must_change": true})).expect(204);
        let login = server.stranger().login("ann@example.com", "another of the administrator's").expect(200);
        assert_eq!(login["status"], "password_change_required");
        let change = json!({"challenge": login["challenge"], "new_password": "one of Ann's very own"});
        server.stranger().signed_in(&server.stranger().post("/auth/password/change-required", change));
    }

    fn resetting_access_ends_the_sessions_and_asks_for_a_new_password(server: Server) {
        let admin = server.admin();
        let ann = server.member("ann@example.com", &[]);
        admin.request("POST", &format!("/users/{}/reset-access", ann.id)).send().expect(200);
        ann.get("/me").problem(401, "unauthenticated");
        server.stranger().refresh(&ann.refresh_token).problem(401, "invalid_refresh_token");
        let login = server.stranger().login("ann@example.com", PASSWORD);
        assert!(login.status == 401 || login.json()["status"] == "password_change_required", "{login}");
    }

    fn roles_are_given_and_taken_and_doing_it_twice_is_doing_it_once(server: Server) {
        let admin = server.admin();
        for (name, permission) in [("readers", "users:read"), ("auditors", "audit:read")] {
            server.create_role(name, &[permission]);
        }
        let ann = create(&admin, json!({"email": "ann@example.com", "password": PASSWORD}));
        let roles = format!("{}/roles", path(&ann));
        assert_eq!(admin.put(&roles, json!({"roles": ["readers", "auditors", "Readers"]})).expect(200)["roles"], json!(["auditors", "readers"]));
        assert_eq!(admin.put(&roles, json!({"roles": ["readers"]})).expect(200)["roles"], json!(["readers"]));
        admin.put(&roles, json!({"roles": ["readers", "ghost"]})).problem(422, "unknown_role");
        for _ in 0..2 {
            let given = admin.request("PUT", &format!("{roles}/auditors")).send().expect(200);
            assert_eq!(given["roles"], json!(["auditors", "readers"]));
        }
        for _ in 0..2 {
            assert_eq!(admin.delete(&format!("{roles}/AUDITORS")).expect(200)["roles"], json!(["readers"]));
        }
        admin.request("PUT", &format!("{roles}/ghost")).send().problem(422, "unknown_role");
        assert_eq!(admin.put(&roles, json!({"roles": []})).expect(200)["roles"], json!([]));
    }

    fn who_is_deleted_is_gone_with_all_their_sessions_and_their_name_is_free(server: Server) {
        let admin = server.admin();
        let ann = server.member("ann@example.com", &["users:read"]);
        let path = format!("/users/{}", ann.id);
        admin.delete(&path).expect(204);
        ann.get("/me").problem(401, "unauthenticated");
        server.stranger().refresh(&ann.refresh_token).problem(401, "invalid_refresh_token");
        admin.get(&path).problem(404, "not_found");
        admin.delete(&path).problem(404, "not_found");
        for (method, rest, body) in [
            ("PATCH", "", json!({"locale": "en"})),
            ("PUT", "/roles", json!({"roles": []})),
            ("PUT", "/password", json!({"password": PASSWORD})),
            ("POST", "/activate", json!({})),
            ("POST", "/reset-access", json!({})),
            ("POST", "/mail-link", json!({})),
            ("GET", "/sessions", json!({})),
        ] {
            admin.request(method, &format!("{path}{rest}")).json(&body).send().problem(404, "not_found");
        }
        let again = create(&admin, json!({"email": "ann@example.com", "password": PASSWORD}));
        assert_eq!(again["roles"], json!([]));
        server.stranger().sign_in("ann@example.com", PASSWORD);
    }

    fn an_id_in_another_spelling_names_nobody(server: Server) {
        let admin = server.admin();
        for id in [admin.id.to_uppercase().replace('-', ""), format!("{{{}}}", admin.id), format!("urn:uuid:{}", admin.id), "1".into()] {
            admin.get(&format!("/users/{id}")).problem(404, "not_found");
        }
    }

    fn somebody_is_found_by_email_or_username_whatever_the_case(server: Server) {
        let admin = server.admin();
        create(&admin, json!({"email": "Ann@Example.com", "username": "Ann.A"}));
        for filter in ["email:eq:ANN@example.COM", "username:eq:ann.a", "email:in:(x@example.com,ann@example.com)"] {
            let found = admin.get(&format!("/users?filter={filter}")).expect(200);
            assert_eq!((&found["total"], &found["items"][0]["email"]), (&json!(1), &json!("Ann@Example.com")), "{filter}");
        }
        assert_eq!(admin.get(&format!("/users?filter=email:eq:{ADMIN}")).expect(200)["total"], 1);
    }
}
