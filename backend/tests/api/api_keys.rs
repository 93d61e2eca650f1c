//! API keys: what they may do, what they never reach, and when they end.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::harness::{PASSWORD, Server, SignedIn, Store};

/// A client that presents `key`.
fn with_key(person: &SignedIn, created: &Value) -> SignedIn {
    person.with_token(created["key"].as_str().unwrap())
}

both_databases! {
    fn a_key_works_at_once_within_its_scopes_and_is_dead_once_deleted(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let ann = server.member("ann@example.com", &["users:*", "roles:read"]);
        let body = json!({"name": "report", "permissions": ["users:read"]});
        let created = ann.post("/me/api-keys", body).expect(201);
        let key = with_key(&ann, &created);
        assert_eq!(key.get("/me").expect(200)["permissions"], json!(["users:read"]));
        key.get("/users").expect(200);
        key.get("/roles").problem(403, "permission_denied");
        let listed = ann.get("/me/api-keys").expect(200);
        assert_eq!(listed["items"][0]["prefix"], created["prefix"]);
        assert!(listed["items"][0].get("key").is_none());
        ann.delete(&format!("/me/api-keys/{}", created["id"].as_str().unwrap())).expect(204);
        key.get("/users").problem(401, "unauthenticated");
    }

    fn a_key_loses_what_its_owner_loses_at_once(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let ann = server.member("ann@example.com", &["users:read", "roles:read"]);
        let created = ann.post("/me/api-keys", json!({"name": "all"})).expect(201);
        let key = with_key(&ann, &created);
        key.get("/users").expect(200);
        let admin = server.admin();
        admin.put(&format!("/users/{}/roles", ann.id), json!({"roles": []})).expect(200);
        key.get("/users").problem(403, "permission_denied");
        // What is granted later was never given to the key.
        admin.put(&format!("/users/{}/roles", ann.id), json!({"roles": ["admin"]})).expect(200);
        key.get("/users").expect(200);
        key.get("/audit").problem(403, "permission_denied");
        admin.put(&format!("/users/{}/roles", ann.id), json!({"roles": []})).expect(200);
        admin.request("POST", &format!("/users/{}/deactivate", ann.id)).send().expect(200);
        key.get("/me").problem(401, "unauthenticated");
    }

    fn a_key_never_reaches_its_owner_s_account_and_credentials(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let admin = server.admin();
        let key = with_key(&admin, &admin.post("/me/api-keys", json!({"name": "all"})).expect(201));
        key.patch("/me", json!({"display_name": "Eve"})).problem(403, "permission_denied");
        key.get("/me/sessions").problem(403, "permission_denied");
        key.delete("/me/sessions").problem(403, "permission_denied");
        key.get("/me/api-keys").problem(403, "permission_denied");
        key.post("/me/api-keys", json!({"name": "more"})).problem(403, "permission_denied");
        let change = json!({"current_password": PASSWORD, "new_password": "another horse, another battery"});
        key.post("/auth/password/change", change).problem(403, "permission_denied");
        let own = format!("/users/{}/password", admin.id);
        key.put(&own, json!({"password": "another horse, another battery"})).problem(403, "permission_denied");
    }

    fn nobody_makes_a_key_that_exceeds_them_or_one_of_another_person(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let ann = server.member("ann@example.com", &["users:*"]);
        let wide = json!({"name": "wide", "permissions": ["roles:read"]});
        ann.post("/me/api-keys", wide).problem(403, "privilege_escalation");
        let past = json!({"name": "late", "expires_at": "2001-01-01T00:00:00Z"});
        ann.post("/me/api-keys", past).problem(422, "validation_failed");
        let admin = server.admin();
        admin.post(&format!("/users/{}/api-keys", ann.id), json!({"name": "spy"})).problem(409, "conflict");
        let service = admin.post("/users", json!({"email": "job@example.com", "kind": "service", "roles": ["admin"]}));
        let service = service.expect(201)["id"].as_str().unwrap().to_owned();
        let path = format!("/users/{service}/api-keys");
        ann.post(&path, json!({"name": "mine"})).problem(403, "privilege_escalation");
        let created = admin.post(&path, json!({"name": "job"})).expect(201);
        with_key(&admin, &created).get("/users").expect(200);
        admin.delete(&format!("{path}/{}", created["id"].as_str().unwrap())).expect(204);
        with_key(&admin, &created).get("/users").problem(401, "unauthenticated");
    }

    fn a_key_from_a_foreign_network_or_past_its_end_is_as_good_as_none(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let ann = server.member("ann@example.com", &["users:read"]);
        let far = ann.post("/me/api-keys", json!({"name": "far", "allowed_networks": ["203.0.113.0/24"]})).expect(201);
        with_key(&ann, &far).get("/me").problem(401, "unauthenticated");
        let near = ann.post("/me/api-keys", json!({"name": "near", "allowed_networks": ["127.0.0.0/8", "::1"]})).expect(201);
        with_key(&ann, &near).get("/me").expect(200);
        server.clock.advance(std::time::Duration::from_secs(16 * 60));
        let stale = ann.renewed();
        stale.post("/me/api-keys", json!({"name": "later"})).problem(401, "reauthentication_required");
    }
}
