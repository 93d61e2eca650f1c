//! What the server makes of what is presented as a key.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{ANN, create, id, key_of, with_key};
use crate::harness::{Server, SignedIn, Store, wait_for};

fn last_used(by: &SignedIn) -> Value {
    by.get("/me/api-keys").expect(200)["items"][0]["last_used_at"].clone()
}

both_databases! {
    fn a_key_that_is_not_whole_opens_nothing_and_is_answered_as_a_bad_token_is(server: Server) {
        let ann = server.member(ANN, &["users:read"]);
        let created = create(&ann, json!({"name": "key"}));
        let key = created["key"].as_str().unwrap();
        let middle = key.len() / 2;
        let changed = if &key[middle..=middle] == "x" { "y" } else { "x" };
        let mangled = [
            "rv_".to_owned(), key[1..].to_owned(), key[..key.len() - 1].to_owned(), format!("{key}x"), key.to_uppercase(),
            format!("{}{changed}{}", &key[..middle], &key[middle + 1..]), created["prefix"].as_str().unwrap().to_owned(),
        ];
        for text in &mangled {
            let answer = server.stranger().with_token(text).get("/users");
            answer.problem(401, "unauthenticated");
            let challenge = answer.header("www-authenticate").unwrap();
            assert!(challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\""), "{challenge}");
        }
        // A stranger is not told of a token that they did not bring (RFC 6750, section 3.1).
        assert!(!server.stranger().get("/users").header("www-authenticate").unwrap().contains("error"));
        let whole = |value: String| server.stranger().request("GET", "/users").header("authorization", &value).send();
        for value in [format!("Basic {key}"), key.to_owned(), format!("Token {key}")] {
            whole(value).problem(401, "unauthenticated");
        }
        server.stranger().get(&format!("/users?access_token={key}")).problem(401, "unauthenticated");
        whole(format!("Bearer {key}")).expect(200);
    }

    fn who_knows_how_a_key_begins_and_has_another_key_does_not_have_that_one(server: Server) {
        let (ann, admin) = (server.member(ANN, &["users:read"]), server.admin());
        let (theirs, strong) = (create(&ann, json!({"name": "weak"})), create(&admin, json!({"name": "strong"})));
        // The store finds a key by how it begins: then all of it must be right.
        for (beginning, swapped) in [(&theirs, "swapped-1"), (&strong, "swapped-2")] {
            let prefix = beginning["prefix"].as_str().unwrap();
            server.store.execute(&format!("UPDATE api_keys SET prefix = '{swapped}' WHERE prefix = '{prefix}'"));
        }
        server.store.execute(&format!("UPDATE api_keys SET prefix = '{}' WHERE prefix = 'swapped-2'", theirs["prefix"].as_str().unwrap()));
        with_key(&ann, &theirs).get("/me").problem(401, "unauthenticated");
        with_key(&ann, &strong).get("/me").problem(401, "unauthenticated");
    }

    fn an_address_that_tries_keys_without_end_is_held_back_and_right_keys_there_are_not(store: Arc<Store>) {
        let server = Server::start(&store, &[("trusted_proxies", "127.0.0.0/8")]);
        let ann = server.member(ANN, &["users:read"]);
        let (used, unused) = (key_of(&ann), key_of(&ann));
        let gone = create(&ann, json!({"name": "gone"}));
        ann.delete(&format!("/me/api-keys/{}", id(&gone))).expect(204);
        used.get("/users").expect(200);
        let try_from = |address: &str, key: &str| {
            server.stranger().with_token(key).request("GET", "/users").header("x-forwarded-for", address).send()
        };
        let wrong = ["rv_guess", gone["key"].as_str().unwrap()];
        for number in 0..100 {
            try_from("198.51.100.7", wrong[number % 2]).problem(401, "unauthenticated");
        }
        for key in wrong {
            let refused = try_from("198.51.100.7", key);
            refused.problem(429, "rate_limited");
            assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() <= 30, "{refused}");
            try_from("198.51.100.8", key).problem(401, "unauthenticated");
        }
        // Whoever has a right one is let in, in use already or not.
        for key in [&used, &unused] {
            key.request("GET", "/users").header("x-forwarded-for", "198.51.100.7").send().expect(200);
        }
        // Nor do links and sign-ins of a whole office fail because a program there has an old key.
        let verify = server.stranger().request("POST", "/auth/email/verify").header("x-forwarded-for", "198.51.100.7");
        verify.json(&json!({"token": "guess"})).send().problem(400, "invalid_token");
        server.clock.advance(Duration::from_secs(31));
        try_from("198.51.100.7", wrong[0]).problem(401, "unauthenticated");
    }

    fn a_key_s_last_use_is_told_and_written_down_once_a_minute_at_most(server: Server) {
        let ann = server.member(ANN, &[]);
        let key = key_of(&ann);
        assert_eq!(last_used(&ann), Value::Null);
        key.get("/me").expect(200);
        wait_for("the first use", || last_used(&ann) != Value::Null);
        let first = last_used(&ann);
        server.clock.advance(Duration::from_secs(30));
        let started = Instant::now();
        while started.elapsed() < Duration::from_millis(800) {
            key.get("/me").expect(200);
            std::thread::sleep(Duration::from_millis(50));
        }
        assert_eq!(last_used(&ann), first);
        server.clock.advance(Duration::from_secs(31));
        key.get("/me").expect(200);
        wait_for("the next use", || last_used(&ann) != first);
    }

    fn a_refused_use_is_none(server: Server) {
        let ann = server.member(ANN, &[]);
        let key = with_key(&ann, &create(&ann, json!({"name": "far", "allowed_networks": ["203.0.113.0/24"]})));
        key.get("/me").problem(401, "unauthenticated");
        std::thread::sleep(Duration::from_millis(600));
        assert_eq!(last_used(&ann), Value::Null);
    }
}
