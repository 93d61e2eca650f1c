//! How often one address may be wrong, or ask for anything.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{ANN, MANY_ADDRESSES, WRONG, fail, login_from, wait_of};
use crate::harness::{ADMIN, Mailbox, PASSWORD, Server, Store, device_of, login_in_browser, wait_for};

both_databases! {
    fn an_address_that_goes_through_many_names_is_stopped_and_an_office_is_not(store: Arc<Store>) {
        let server = Server::start(&store, &[MANY_ADDRESSES]);
        server.add_user(ANN, &[]);
        let client = server.stranger();
        let device = device_of(&login_in_browser(&client, ANN, PASSWORD, None)).unwrap();
        let (office, attacker) = ("198.51.100.7", "2001:db8:1:2::");
        for number in 0..99 {
            login_from(&client, office, &format!("colleague{number}"), WRONG).problem(401, "invalid_credentials");
            login_from(&client, &format!("{attacker}{number}"), &format!("victim{number}"), WRONG).problem(401, "invalid_credentials");
        }
        login_from(&client, office, ANN, PASSWORD).expect(200);
        login_from(&client, &format!("{attacker}a"), "somebody", WRONG).problem(401, "invalid_credentials");
        let refused = login_from(&client, &format!("{attacker}b"), ANN, PASSWORD);
        refused.problem(429, "rate_limited");
        assert!(refused.header("retry-after").unwrap().parse::<u64>().unwrap() <= 30, "{refused}");
        login_from(&client, "2001:db8:1:3::1", ANN, PASSWORD).expect(200);
        login_from(&client, office, ANN, PASSWORD).expect(200);
        // Who has signed in on this device before is let in even there.
        let body = json!({"identifier": ANN, "password": PASSWORD});
        let known = client.request("POST", "/auth/login").header("x-forwarded-for", &format!("{attacker}c")).header("cookie", &device);
        known.json(&body).send().expect(200);
        server.clock.advance(Duration::from_secs(31));
        login_from(&client, &format!("{attacker}b"), ANN, PASSWORD).expect(200);
    }

    fn nobody_gets_further_guesses_by_inventing_addresses(server: Server) {
        let client = server.stranger();
        for number in 0..100 {
            login_from(&client, &format!("203.0.113.{number}"), &format!("victim{number}"), WRONG).problem(401, "invalid_credentials");
        }
        login_from(&client, "192.0.2.1", "another", WRONG).problem(429, "rate_limited");
        client.login(ADMIN, PASSWORD).problem(429, "rate_limited");
    }

    fn registrations_of_one_address_are_bounded(store: Arc<Store>) {
        let server = Server::start(&store, &[MANY_ADDRESSES]);
        let register = |address: &str, number: usize| {
            let body = json!({"email": format!("new{number}@example.com"), "password": PASSWORD});
            server.stranger().request("POST", "/auth/register").header("x-forwarded-for", address).json(&body).send()
        };
        for number in 0..30 {
            register("198.51.100.1", number).expect(202);
        }
        let refused = register("198.51.100.1", 30);
        refused.problem(429, "rate_limited");
        let wait: u64 = refused.header("retry-after").unwrap().parse().unwrap();
        assert!((600..=900).contains(&wait), "{wait}");
        register("198.51.100.2", 31).expect(202);
        server.clock.advance(Duration::from_secs(wait));
        register("198.51.100.1", 32).expect(202);
    }

    fn requests_for_mails_of_one_address_are_bounded_and_a_reset_ends_a_lock_and_forgets_devices(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url), MANY_ADDRESSES]);
        server.add_user(ANN, &[]);
        let client = server.stranger();
        let device = device_of(&login_in_browser(&client, ANN, PASSWORD, None)).unwrap();
        let ask = |address: &str, path: &str, email: &str| {
            client.request("POST", path).header("x-forwarded-for", address).json(&json!({"email": email})).send()
        };
        for number in 0..30 {
            let path = ["/auth/password/forgot", "/auth/email/verification"][number % 2];
            ask("198.51.100.1", path, &format!("somebody{number}@example.com")).expect(202);
        }
        for path in ["/auth/password/forgot", "/auth/email/verification"] {
            ask("198.51.100.1", path, ANN).problem(429, "rate_limited");
        }
        let change = client.sign_in(ANN, PASSWORD).request("POST", "/auth/email/change");
        let change = change.header("x-forwarded-for", "198.51.100.1").json(&json!({"email": "thief@example.com"}));
        change.send().problem(429, "rate_limited");
        fail(&client, ANN, 5);
        wait_of(&client.login(ANN, PASSWORD));
        ask("198.51.100.2", "/auth/password/forgot", ANN).expect(202);
        let link = || mailbox.to(ANN).into_iter().find(|mail| mail.text.contains("/reset-password?"));
        wait_for("the link", || link().is_some());
        let body = json!({"token": link().unwrap().token(), "password": "another horse, another battery"});
        client.post("/auth/password/reset", body).expect(204);
        client.sign_in(ANN, "another horse, another battery");
        assert_eq!(store.texts("SELECT id AS value FROM users WHERE locked_until IS NOT NULL").len(), 0);
        fail(&client, ANN, 5);
        wait_of(&login_in_browser(&client, ANN, "another horse, another battery", Some(&device)));
    }

    fn tokens_can_not_be_tried_without_end(server: Server) {
        let client = server.stranger();
        let redeem = || client.post("/auth/password/change-required", json!({"challenge": "guess", "new_password": PASSWORD}));
        for _ in 0..100 {
            redeem().problem(400, "invalid_token");
        }
        redeem().problem(429, "rate_limited");
        for path in ["/auth/password/reset", "/auth/invitation/accept"] {
            client.post(path, json!({"token": "guess", "password": PASSWORD})).problem(429, "rate_limited");
        }
        for path in ["/auth/email/verify", "/auth/email/change/confirm"] {
            client.post(path, json!({"token": "guess"})).problem(429, "rate_limited");
        }
        let setup = json!({"token": "guess", "email": ANN, "password": PASSWORD});
        client.post("/auth/setup", setup).problem(429, "rate_limited");
        client.sign_in(ADMIN, PASSWORD);
    }
}
