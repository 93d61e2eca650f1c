//! What the store must hold and nobody may read there.

use std::sync::Arc;

use std::time::{Duration, Instant};

use reeve::clock::Clock;
use reeve::mail::{Message, Recipient};
use reeve::state::AppState;

use crate::harness::{ADMIN, Mailbox, PASSWORD, Server, Store, block_on, reeve, run, settings, wait_for};

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
    fn a_new_sealing_key_opens_what_older_ones_sealed_and_no_token_is_refused(store: Arc<Store>) {
        let options =
            [("secret_key", FIRST), ("mail.url", "smtp://127.0.0.1:1?tls=none"), ("public_url", "http://localhost:1")];
        let servers = [(); 2].map(|()| Server::start(&store, &options));
        let admin = servers[0].admin();
        let queue = |server: &Server| {
            let (mailer, now) = (server.state.mailer.clone(), server.clock.now());
            let ann = Recipient { email: "ann@example.com".to_owned(), name: None, locale: None, is_person: true };
            block_on(server.state.database.write(move |connection| mailer.queue(connection, &ann, &Message::Welcome, now))).unwrap();
        };
        queue(&servers[0]);
        let key_of = |text: &String| text.split('.').nth(1).unwrap().to_owned();
        let signing = || store.texts("SELECT private_key AS value FROM signing_keys");
        let old = key_of(&signing()[0]);
        let rotate = |options: &[(&str, &str)]| run(reeve(&store, options, &["keys", "rotate", "--sealing"]));
        assert_eq!(rotate(&[("secret_key", SECOND)]).0, 1, "by a secret key that opens nothing");
        let (status, _, errors) = rotate(&options);
        assert_eq!(status, 0, "{errors}");
        let new = key_of(&signing()[0]);
        assert!(new != old && signing().iter().all(|key| key_of(key) == new));
        assert!(wrapped(&store).len() == 2 && !wrapped(&store).contains(&"nothing".to_owned()));
        let ends = Instant::now() + Duration::from_millis(1_500);
        while Instant::now() < ends {
            for server in &servers {
                server.stranger().with_token(&admin.access_token).get("/me").expect(200);
                server.stranger().sign_in(ADMIN, PASSWORD).get("/me").expect(200);
            }
        }
        // What is sealed now is sealed by the new key, and what waits opens by whichever it was sealed with.
        queue(&servers[1]);
        let sealed_by = || store.texts("SELECT content AS value FROM mail_outbox ORDER BY id").iter().map(key_of).collect::<Vec<_>>();
        assert_eq!(sealed_by(), [old, new]);
        drop(servers);
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("secret_key", FIRST), ("mail.url", &mailbox.url)]);
        server.clock.advance(Duration::from_secs(130));
        wait_for("both mails", || mailbox.mails().len() == 2);
        let trail = server.admin().get("/audit?filter=action:eq:keys.sealing_rotated").expect(200);
        assert_eq!(trail["total"], 1);
    }
}
