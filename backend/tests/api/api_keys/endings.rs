//! When a key is good for nothing any more.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::{ANN, create, id, key_of, with_key};
use crate::harness::{Client, Server, SignedIn, Store};

/// Servers on one store, as nodes behind one address.
const NODE: &[(&str, &str)] = &[("token.issuer", "https://reeve.test")];

/// Fails unless another process answers so within the promised second.
#[track_caller]
fn hears_of_it(client: &Client, path: &str, status: u16) {
    let started = Instant::now();
    while client.get(path).status != status {
        assert!(started.elapsed() < Duration::from_millis(1_100), "the other process never heard of it");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Two nodes, and a key of Ann's, in use at both.
fn nodes(store: &Arc<Store>) -> ([Server; 2], SignedIn, Client, Client, String) {
    let (here, there) = (Server::start(store, NODE), Server::start(store, NODE));
    let ann = here.member(ANN, &["users:read"]);
    let created = create(&ann, json!({"name": "key"}));
    let (key, elsewhere) = (with_key(&ann, &created), with_key(&ann, &created).at(&there.address));
    key.get("/users").expect(200);
    elsewhere.get("/users").expect(200);
    ([here, there], ann, key, elsewhere, id(&created).to_owned())
}

both_databases! {
    fn a_deleted_key_is_over_at_once_and_everywhere_within_a_second(store: Arc<Store>) {
        let (_nodes, ann, key, elsewhere, id) = nodes(&store);
        ann.delete(&format!("/me/api-keys/{id}")).expect(204);
        key.get("/me").problem(401, "unauthenticated");
        hears_of_it(&elsewhere, "/me", 401);
        ann.delete(&format!("/me/api-keys/{id}")).problem(404, "not_found");
        ann.get("/me").expect(200);
    }

    fn a_role_that_is_taken_is_gone_from_keys_everywhere_within_a_second(store: Arc<Store>) {
        let ([here, _there], ann, key, elsewhere, _) = nodes(&store);
        here.admin().put(&format!("/users/{}/roles", ann.id), json!({"roles": []})).expect(200);
        key.get("/users").problem(403, "permission_denied");
        hears_of_it(&elsewhere, "/users", 403);
    }

    fn a_key_ends_with_the_deactivation_of_its_owner_at_once_and_everywhere_within_a_second(store: Arc<Store>) {
        let ([here, _there], ann, key, elsewhere, _) = nodes(&store);
        here.admin().request("POST", &format!("/users/{}/deactivate", ann.id)).send().expect(200);
        key.get("/me").problem(401, "unauthenticated");
        hears_of_it(&elsewhere, "/me", 401);
        here.admin().request("POST", &format!("/users/{}/activate", ann.id)).send().expect(200);
        key.get("/me").expect(200);
    }

    fn a_key_is_gone_with_its_owner(server: Server) {
        let ann = server.member(ANN, &["users:read"]);
        let key = key_of(&ann);
        key.get("/me").expect(200);
        server.admin().delete(&format!("/users/{}", ann.id)).expect(204);
        key.get("/me").problem(401, "unauthenticated");
        assert_eq!(server.store.texts("SELECT id AS value FROM api_keys").len(), 0);
    }

    fn whoever_resets_somebody_s_access_takes_their_keys_too(server: Server) {
        let ann = server.member(ANN, &[]);
        let keys = [key_of(&ann), key_of(&ann)];
        keys[0].get("/me").expect(200);
        let admin = server.admin();
        let mine = key_of(&admin);
        admin.request("POST", &format!("/users/{}/reset-access", ann.id)).send().expect(200);
        for key in &keys {
            key.get("/me").problem(401, "unauthenticated");
        }
        assert_eq!(admin.get("/audit?filter=action:eq:api_key.deleted").expect(200)["total"], 2);
        mine.get("/me").expect(200);
    }

    fn a_key_ends_when_it_was_said_to(server: Server) {
        let ann = server.member(ANN, &["users:read"]);
        let now = server.clock.now();
        let key = with_key(&ann, &create(&ann, json!({"name": "an hour", "expires_at": now.plus(Duration::from_secs(3_600))})));
        key.get("/users").expect(200);
        server.clock.advance(Duration::from_secs(3_590));
        key.get("/users").expect(200);
        server.clock.advance(Duration::from_secs(11));
        key.get("/users").problem(401, "unauthenticated");
        key.get("/users").problem(401, "unauthenticated");
    }

    fn a_key_works_from_its_networks_alone_seen_through_trusted_proxies_and_no_others(store: Arc<Store>) {
        let (proxied, direct) = (Server::start(&store, &[NODE[0], ("trusted_proxies", "127.0.0.0/8")]), Server::start(&store, NODE));
        let ann = proxied.member(ANN, &["users:read"]);
        let key = with_key(&ann, &create(&ann, json!({"name": "office", "allowed_networks": ["203.0.113.0/24", "2001:db8:1::/48"]})));
        let from = |server: &Server, address: &str| {
            key.at(&server.address).request("GET", "/users").header("x-forwarded-for", address).send()
        };
        // In turn, so that what is known of the key from one place is not taken for another.
        for address in ["203.0.113.1", "2001:db8:1:2::3", "::ffff:203.0.113.200"] {
            from(&proxied, address).expect(200);
            for elsewhere in ["198.51.100.1", "203.0.114.1", "2001:db8:2::1", "203.0.113.1, 198.51.100.1"] {
                from(&proxied, elsewhere).problem(401, "unauthenticated");
            }
        }
        // A client that only says so is not there.
        from(&direct, "203.0.113.1").problem(401, "unauthenticated");
        let here = with_key(&ann, &create(&ann, json!({"name": "here", "allowed_networks": ["127.0.0.0/8"]})));
        here.at(&direct.address).get("/users").expect(200);
        key_of(&ann).at(&direct.address).get("/users").expect(200);
    }
}
