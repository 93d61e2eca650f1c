//! What is reached in somebody's name, and what never is.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::{ANN, helper_and_ann, impersonate};
use crate::harness::{Operation, PASSWORD, Server, Store, operations};

/// Operations on others that take a recent proof, which nobody can give in another's name.
const FRESH: &[&str] = &[
    "roles_permissions_replace",
    "users_api_keys_create",
    "users_api_keys_delete",
    "users_mfa_delete",
    "users_password_set",
    "users_reset_access",
    "users_roles_add",
    "users_roles_remove",
    "users_roles_replace",
];

fn takes_key(operation: &Operation) -> bool {
    operation.value["security"].as_array().unwrap().iter().any(|scheme| scheme["api_key"].is_array())
}

both_databases! {
    fn nothing_of_the_users_own_is_reached_and_nothing_that_takes_a_recent_proof(server: Server) {
        let admin = server.admin();
        let ann = server.add_user(ANN, &["*"]);
        let acting = impersonate(&admin, &ann);
        let (mut own, mut refused) = (BTreeSet::new(), BTreeSet::new());
        for operation in operations().into_iter().filter(|operation| !operation.is_public) {
            let content_type = operation.content_type().unwrap_or("application/json");
            let answer = acting.request(&operation.method, &operation.path()).body(content_type, "{\"broken").send();
            assert!(!matches!(answer.status, 401 | 500..), "{}: {answer}", operation.id);
            if answer.status == 403 {
                answer.problem(403, "impersonation_refused");
                let list = if takes_key(&operation) { &mut refused } else { &mut own };
                list.insert(operation.id.clone());
                let told = operation.value["responses"]["401"]["description"].as_str().unwrap_or_default();
                assert!(!takes_key(&operation) || told.contains("reauthentication_required"), "{}: {told}", operation.id);
            } else {
                assert!(takes_key(&operation) || operation.id == "account_update", "{} is let through", operation.id);
            }
        }
        for id in FRESH {
            assert!(refused.contains(*id), "{id} is not refused");
        }
        for id in ["auth_change_password", "auth_change_email", "auth_reauthenticate", "account_delete", "account_export",
            "account_sessions_end", "account_sessions_end_others", "account_api_keys_create", "account_api_keys_delete",
            "account_mfa_totp_begin", "account_mfa_totp_delete", "account_devices_forget", "users_impersonate"] {
            assert!(own.contains(id), "{id} is not refused");
        }
        // All of them would have been let in themselves.
        server.stranger().sign_in(ANN, PASSWORD).get("/me/export").expect(200);
    }

    fn nobody_becomes_the_user_by_the_way_of_administering_them(server: Server) {
        let admin = server.admin();
        let ann = server.add_user(ANN, &["*"]);
        let acting = impersonate(&admin, &ann);
        let own = format!("/users/{ann}");
        for (method, path, body) in [
            ("PUT", "/password", json!({"password": "another horse, another battery"})),
            ("PATCH", "", json!({"email": "thief@example.com"})),
            ("PATCH", "", json!({"username": "thief"})),
            ("PUT", "/roles", json!({"roles": []})),
            ("PUT", "/roles/admin", json!({})),
            ("POST", "/deactivate", json!({})),
            ("POST", "/unlock", json!({})),
            ("POST", "/reset-access", json!({})),
            ("POST", "/impersonate", json!({"reason": "x"})),
            ("DELETE", "", json!({})),
            ("DELETE", "/mfa", json!({})),
            ("GET", "/sessions", json!({})),
            ("DELETE", "/sessions", json!({})),
            ("GET", "/api-keys", json!({})),
            ("POST", "/api-keys", json!({"name": "mine"})),
        ] {
            acting.request(method, &format!("{own}{path}")).json(&body).send().problem(403, "impersonation_refused");
        }
        acting.post("/users/bulk", json!({"action": "delete", "ids": [ann]})).problem(403, "impersonation_refused");
        server.stranger().sign_in(ANN, PASSWORD);
    }

    fn what_the_user_may_do_to_others_is_done_unless_it_takes_a_recent_proof(server: Server) {
        let admin = server.admin();
        server.create_role("readers", &[]);
        let ann = server.add_user(ANN, &["users:*", "roles:*"]);
        let bob = server.add_user("bob@example.com", &[]);
        let acting = impersonate(&admin, &ann);
        acting.patch(&format!("/users/{bob}"), json!({"display_name": "Bob"})).expect(200);
        acting.post("/users", json!({"email": "new@example.com"})).expect(201);
        for answer in [
            acting.patch(&format!("/users/{bob}"), json!({"email": "thief@example.com"})),
            acting.post("/users", json!({"email": "x@example.com", "roles": ["readers"]})),
            acting.post("/users", json!({"email": "x@example.com", "password": "another horse, another battery"})),
            acting.post("/users/bulk", json!({"action": "add_role", "ids": [bob], "role": "readers"})),
            acting.request("PUT", &format!("/users/{bob}/roles/readers")).send(),
        ] {
            answer.problem(403, "impersonation_refused");
        }
        // What they lose is lost to who acts for them, in the very same act.
        acting.get("/audit").problem(403, "permission_denied");
    }

    fn of_oneself_one_changes_what_is_shown_and_not_the_name_to_sign_in_by(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&helper, &ann.id);
        let me = acting.patch("/me", json!({"display_name": "Ann", "locale": "de"})).expect(200);
        assert_eq!((&me["display_name"], &me["impersonator"]["email"]), (&json!("Ann"), &json!("helper@example.com")));
        acting.patch("/me", json!({"username": "thief"})).problem(403, "impersonation_refused");
        acting.patch("/me", json!({"username": null})).problem(403, "impersonation_refused");
        assert_eq!(ann.get("/me").expect(200)["username"], json!(null));
    }

    fn it_is_a_caller_of_its_own_to_whom_the_answers_to_the_user_are_not_given(server: Server) {
        let admin = server.admin();
        server.add_user(ANN, &["users:write"]);
        let ann = server.stranger().sign_in(ANN, PASSWORD);
        let body = json!({"email": "new@example.com"});
        let send = |client: &crate::harness::Client| client.request("POST", "/users").header("idempotency-key", "k").json(&body).send();
        send(&ann).expect(201);
        send(&impersonate(&admin, &ann.id)).problem(409, "email_taken");
    }

    fn an_act_looks_once_more_whether_it_may_still_be_done_in_that_name(store: Arc<Store>) {
        let nodes = [(); 2].map(|()| Server::start(&store, &[("token.issuer", "https://reeve.test")]));
        let helper = nodes[0].member("helper@example.com", &["users:write", "users:impersonate"]);
        let ann = nodes[0].member(ANN, &["users:write"]);
        let acting = impersonate(&helper, &ann.id).at(&nodes[1].address);
        acting.get("/me").expect(200);
        nodes[0].admin().put(&format!("/users/{}/roles", helper.id), json!({"roles": []})).expect(200);
        let answer = acting.post("/users", json!({"email": "new@example.com"}));
        // The other node may have heard of it by now, and refuse the token itself.
        assert!([401, 403].contains(&answer.status), "{answer}");
    }
}
