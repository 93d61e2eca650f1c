//! A key is with whom it was given to, and nowhere else.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, create, id, service_account, with_key};
use crate::harness::{ADMIN, Mailbox, PASSWORD, Process, Server, Store, wait_for};

both_databases! {
    fn a_key_is_shown_once_and_is_not_in_the_store(server: Server) {
        let admin = server.admin();
        let request = |path: &str| admin.request("POST", path).header("idempotency-key", "again").json(&json!({"name": "key"})).send().expect(201);
        // An answer that holds a key is not kept to be given again: each request makes a key.
        let own = [request("/me/api-keys"), request("/me/api-keys")];
        assert_ne!((&own[0]["id"], &own[0]["key"]), (&own[1]["id"], &own[1]["key"]));
        let robot = service_account(&admin, &[]);
        let path = format!("/users/{robot}/api-keys");
        let theirs = [request(&path), request(&path)];
        assert_ne!(theirs[0]["key"], theirs[1]["key"]);
        admin.delete(&format!("{path}/{}", id(&theirs[1]))).expect(204);
        with_key(&admin, &own[0]).get("/me").expect(200);
        let stored = [
            "SELECT id || user_id || name || prefix || key_hash || COALESCE(permissions, '') || allowed_networks AS value FROM api_keys",
            "SELECT changes || COALESCE(target_label, '') || COALESCE(target_id, '') AS value FROM audit_events",
            "SELECT headers || body || fingerprint || key AS value FROM idempotency_keys",
            "SELECT bucket AS value FROM attempts",
        ]
        .map(|sql| server.store.texts(sql).join("\n"))
        .join("\n");
        assert_eq!(admin.get("/me/export").expect(200)["api_keys"].as_array().unwrap().len(), 2);
        let listed = [admin.get("/me/api-keys"), admin.get(&path), admin.get("/audit"), admin.get("/me/export")];
        let shown = listed.map(|answer| answer.text()).join("\n");
        for created in own.iter().chain(&theirs) {
            let (key, prefix) = (created["key"].as_str().unwrap(), created["prefix"].as_str().unwrap());
            let secret = &key[prefix.len()..];
            assert!(!stored.contains(secret), "a key is in the store");
            assert!(!shown.contains(secret), "a key is shown again");
            assert!(shown.contains(prefix), "nobody can tell which key is which");
        }
    }

    fn a_key_is_not_in_the_log(store: Arc<Store>) {
        let process = Process::serve(&store, &[("log.level", "trace"), ("log.format", "json")]);
        let admin = process.client().sign_in(ADMIN, PASSWORD);
        let created = create(&admin, json!({"name": "logged"}));
        let key = created["key"].as_str().unwrap();
        with_key(&admin, &created).get("/me").expect(200);
        let other = if key.ends_with('x') { 'y' } else { 'x' };
        let mangled = format!("{}{other}", &key[..key.len() - 1]);
        admin.with_token(&mangled).get("/me").problem(401, "unauthenticated");
        admin.get(&format!("/users?key={key}")).problem(400, "invalid_parameter");
        process.signal("TERM");
        drop(admin);
        wait_for("the log", || process.printed().contains("/api/v1/users"));
        let secret = &key[created["prefix"].as_str().unwrap().len()..key.len() - 1];
        assert!(!process.printed().contains(secret), "the log holds a key");
    }

    fn the_audit_trail_tells_of_keys_who_made_them_and_what_they_permit(server: Server) {
        let ann = server.member(ANN, &["users:*"]);
        let created = create(&ann, json!({"name": "report", "permissions": ["users:read", "users:write"], "expires_at": "2099-01-01T00:00:00Z"}));
        let key = with_key(&ann, &created);
        key.post("/users", json!({"email": "new@example.com"})).expect(201);
        ann.delete(&format!("/me/api-keys/{}", id(&created))).expect(204);
        let admin = server.admin();
        let event = |action: &str| {
            let events = admin.get(&format!("/audit?filter=action:eq:{action}&filter=actor:eq:{}", ann.id)).expect(200);
            assert_eq!(events["total"], 1, "{action}");
            events["items"][0].clone()
        };
        for (action, before, after) in [("api_key.created", "from", "to"), ("api_key.deleted", "to", "from")] {
            let event = event(action);
            assert_eq!(event["target"], json!({"type": "api_key", "id": created["id"], "label": "report"}));
            for (field, value) in [
                ("owner", json!(ANN)), ("prefix", created["prefix"].clone()), ("name", json!("report")),
                ("permissions", json!(["users:read", "users:write"])), ("expires_at", created["expires_at"].clone()),
            ] {
                assert_eq!((&event["changes"][field][before], &event["changes"][field][after]), (&json!(null), &value), "{field}");
            }
        }
        // What a key does, its owner does.
        assert_eq!(event("user.created")["actor"]["email"], ANN);
    }

    fn a_person_hears_of_a_key_for_their_account_and_not_the_key(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let ann = server.member(ANN, &[]);
        let created = server.admin().post(&format!("/users/{}/api-keys", ann.id), json!({"name": "Nightly report"})).expect(201);
        let mail = mailbox.next_to(ANN, 0);
        assert!(mail.text.contains("Nightly report") && mail.text.contains(created["prefix"].as_str().unwrap()), "{}", mail.text);
        assert!(!mail.text.contains(created["key"].as_str().unwrap()), "a key was mailed");
    }
}
