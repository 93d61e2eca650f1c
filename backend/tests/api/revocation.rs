//! What is taken away is gone: on the very next request here, within a second in every other process.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{PASSWORD, Server, SignedIn, Store};

/// Servers on one store that accept each other's tokens, as nodes behind one address do.
const NODE: &[(&str, &str)] = &[("token.issuer", "https://reeve.test")];
const PROMISED: Duration = Duration::from_secs(1);

/// How long until somebody is refused, asking again and again.
#[track_caller]
fn until_refused(client: &SignedIn, server: &Server, path: &str, status: u16) {
    let (client, started) = (client.at(&server.address), Instant::now());
    while client.get(path).status != status {
        assert!(started.elapsed() < Duration::from_secs(5), "the other process never heard of it");
        std::thread::sleep(Duration::from_millis(10));
    }
    let took = started.elapsed();
    // The request that noticed it was on its way when the second was over.
    assert!(took <= PROMISED + Duration::from_millis(100), "the other process heard of it after {took:?}");
}

/// Two nodes, and Ann signed in, known to both.
fn nodes(store: &Arc<Store>) -> (Server, Server, SignedIn) {
    let (here, there) = (Server::start(store, NODE), Server::start(store, NODE));
    let ann = here.member("ann@example.com", &["users:read", "roles:read"]);
    ann.get("/me").expect(200);
    ann.at(&there.address).get("/me").expect(200);
    (here, there, ann)
}

both_databases! {
    fn a_session_that_was_ended_is_over_at_once_and_everywhere_within_a_second(store: Arc<Store>) {
        let (here, there, ann) = nodes(&store);
        ann.request("POST", "/auth/logout").send().expect(204);
        ann.get("/me").problem(401, "unauthenticated");
        until_refused(&ann, &there, "/me", 401);
        // Nor does the other process renew it.
        there.stranger().refresh(&ann.refresh_token).problem(401, "invalid_refresh_token");
        drop(here);
    }

    fn a_changed_password_ends_the_other_sessions_at_once_and_everywhere_within_a_second(store: Arc<Store>) {
        let (here, there, ann) = nodes(&store);
        let thief = here.stranger().sign_in("ann@example.com", PASSWORD);
        thief.at(&there.address).get("/me").expect(200);
        let change = json!({"current_password": PASSWORD, "new_password": "another horse, another battery"});
        ann.post("/auth/password/change", change).expect(200);
        thief.get("/me").problem(401, "unauthenticated");
        until_refused(&thief, &there, "/me", 401);
        ann.at(&there.address).get("/me").expect(200);
    }

    fn a_replayed_refresh_token_ends_the_session_everywhere_within_a_second(store: Arc<Store>) {
        let (here, there, ann) = nodes(&store);
        let client = here.stranger();
        let second = client.signed_in(&client.refresh(&ann.refresh_token));
        client.signed_in(&client.refresh(&second.refresh_token));
        client.refresh(&ann.refresh_token).problem(401, "refresh_token_reused");
        ann.get("/me").problem(401, "unauthenticated");
        until_refused(&ann, &there, "/me", 401);
    }

    fn a_token_that_was_renewed_in_one_process_is_known_in_the_other(store: Arc<Store>) {
        let (here, there, ann) = nodes(&store);
        let renewed = there.stranger().signed_in(&there.stranger().refresh(&ann.refresh_token));
        renewed.get("/me").expect(200);
        renewed.at(&here.address).get("/me").expect(200);
        // Both tabs stay signed in although two processes served them.
        let other = here.stranger().signed_in(&here.stranger().refresh(&ann.refresh_token));
        assert_eq!(other.refresh_token, renewed.refresh_token);
    }

    fn a_user_who_is_deactivated_or_deleted_is_out_at_once_and_everywhere_within_a_second(store: Arc<Store>) {
        let (here, there, ann) = nodes(&store);
        let admin = here.admin();
        admin.request("POST", &format!("/users/{}/deactivate", ann.id)).send().expect(200);
        ann.get("/me").problem(401, "unauthenticated");
        until_refused(&ann, &there, "/me", 401);
        let bob = here.member("bob@example.com", &[]);
        bob.at(&there.address).get("/me").expect(200);
        admin.delete(&format!("/users/{}", bob.id)).expect(204);
        bob.get("/me").problem(401, "unauthenticated");
        until_refused(&bob, &there, "/me", 401);
    }

    fn a_role_or_permission_that_is_taken_away_is_gone_at_once_and_everywhere_within_a_second(store: Arc<Store>) {
        let (here, there, ann) = nodes(&store);
        let admin = here.admin();
        let role = admin.get(&format!("/roles?filter=name:eq:role-of-{}", ann.id)).expect(200)["items"][0]["id"].clone();
        let role = role.as_str().unwrap();
        ann.at(&there.address).get("/users").expect(200);
        admin.put(&format!("/roles/{role}/permissions"), json!({"permissions": ["roles:read"]})).expect(200);
        ann.get("/users").problem(403, "permission_denied");
        until_refused(&ann, &there, "/users", 403);
        ann.at(&there.address).get("/roles").expect(200);
        admin.put(&format!("/users/{}/roles", ann.id), json!({"roles": []})).expect(200);
        ann.get("/roles").problem(403, "permission_denied");
        until_refused(&ann, &there, "/roles", 403);
        // What is granted holds as soon.
        admin.put(&format!("/users/{}/roles", ann.id), json!({"roles": ["admin"]})).expect(200);
        ann.get("/users").expect(200);
        until_refused(&ann, &there, "/users", 200);
    }

    fn a_session_that_somebody_else_ended_is_over_at_once_and_everywhere_within_a_second(store: Arc<Store>) {
        let (here, there, ann) = nodes(&store);
        here.admin().delete(&format!("/users/{}/sessions", ann.id)).expect(204);
        ann.get("/me").problem(401, "unauthenticated");
        until_refused(&ann, &there, "/me", 401);
    }
}
