//! What the store must hold and nobody may read there.

use std::sync::Arc;

use reeve::clock::Clock;
use reeve::state::AppState;

use crate::harness::{Server, Store, block_on, settings};

const FIRST: &str = "the first secret key and it is long enough";
const SECOND: &str = "the second secret key and it is long enough";

fn wrapped(store: &Store) -> Vec<String> {
    store.texts("SELECT COALESCE(wrapped_by, 'nothing') AS value FROM sealing_keys")
}

both_databases! {
    fn the_keys_that_sign_are_sealed_in_the_store(server: Server) {
        let keys = server.store.texts("SELECT private_key AS value FROM signing_keys");
        assert!(!keys.is_empty() && keys.iter().all(|key| key.starts_with("v1.")), "{keys:?}");
    }

    fn keys_of_a_store_that_had_them_in_the_clear_are_sealed_at_the_next_start(store: Arc<Store>) {
        // A PKCS #8 document of Ed25519 (RFC 8410, section 10.3), as it was stored before there was a sealer.
        let private_key = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp-K06_nwoy_HU--CXqI9EdVhC";
        let public_key = "Gb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE";
        let server = Server::start(&store, &[]);
        drop(server);
        store.execute(&format!(
            "UPDATE signing_keys SET private_key = '{private_key}', public_key = '{public_key}', kid = 'old' WHERE state = 'current'"
        ));
        let server = Server::start(&store, &[]);
        server.admin().get("/me").expect(200);
        assert!(store.texts("SELECT private_key AS value FROM signing_keys").iter().all(|key| key.starts_with("v1.")));
    }

    fn with_a_secret_key_the_store_alone_opens_nothing(store: Arc<Store>) {
        let server = Server::start(&store, &[("secret_key", FIRST)]);
        let admin = server.admin();
        assert!(!wrapped(&store).contains(&"nothing".to_owned()));
        drop(server);
        for options in [&[][..], &[("secret_key", SECOND)]] {
            let state = AppState::new(settings(&store.url, options), 0, Clock::default()).unwrap();
            let problem = block_on(state.prepare_store()).unwrap_err();
            assert!(problem.cause().unwrap().contains("secret_key"), "{:?}", problem.cause());
        }
        // The same keys sign after a restart, and after the secret key was changed: nobody is signed out.
        let server = Server::start(&store, &[("secret_key", FIRST)]);
        server.stranger().signed_in(&server.stranger().refresh(&admin.refresh_token));
        drop(server);
        let before = wrapped(&store);
        let server = Server::start(&store, &[("secret_key", &format!("{SECOND},{FIRST}"))]);
        server.admin().get("/me").expect(200);
        drop(server);
        assert_ne!(wrapped(&store), before);
        Server::start(&store, &[("secret_key", SECOND)]).admin().get("/me").expect(200);
    }
}
