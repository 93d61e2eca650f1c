//! Passwords and tokens are nowhere but with whom they belong to.

use std::sync::Arc;

use serde_json::json;

use super::NEW_PASSWORD;
use crate::harness::{ADMIN, PASSWORD, Process, Server, Store, wait_for};

both_databases! {
    fn refresh_tokens_and_other_secrets_are_nowhere_in_the_store(server: Server) {
        let admin = server.admin();
        let second = server.stranger().signed_in(&server.stranger().refresh(&admin.refresh_token));
        let stored = [
            server.store.texts("SELECT token_hash || ' ' || COALESCE(successor_hash, '') || ' ' || COALESCE(successor_salt, '') AS value FROM refresh_tokens"),
            server.store.texts("SELECT COALESCE(password_hash, '') AS value FROM users"),
            server.store.texts("SELECT changes || COALESCE(target_label, '') AS value FROM audit_events"),
        ]
        .concat()
        .join("\n");
        for secret in [&admin.refresh_token, &second.refresh_token, &admin.access_token, PASSWORD] {
            assert!(!stored.contains(secret), "a secret is in the store");
        }
    }

    fn nothing_secret_reaches_the_log(store: Arc<Store>) {
        let process = Process::serve(&store, &[("log.level", "trace"), ("log.format", "json")]);
        let client = process.client();
        let admin = client.sign_in(ADMIN, PASSWORD);
        let renewed = client.signed_in(&client.refresh(&admin.refresh_token));
        client.login(ADMIN, "a wrong one, which is nearly right").problem(401, "invalid_credentials");
        client.get(&format!("/me?access_token={}", admin.access_token)).problem(401, "unauthenticated");
        renewed.post("/auth/password/change", json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD})).expect(200);
        process.signal("TERM");
        drop(client);
        wait_for("the log", || process.printed().contains("/auth/password/change"));
        let log = process.printed();
        let secrets = [PASSWORD, NEW_PASSWORD, "nearly right", &admin.refresh_token, &renewed.refresh_token, &admin.access_token];
        for secret in secrets {
            assert!(!log.contains(secret), "the log holds {secret}");
        }
    }
}
