//! A browser that somebody has signed in on is known again, and not concerned by what others guess.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{ANN, SECOND, WRONG, fail, wait_of};
use crate::harness::{ADMIN, PASSWORD, Server, Store, cookies, device_of, login_in_browser};

both_databases! {
    fn on_a_device_of_ones_own_one_gets_in_while_others_guess(server: Server) {
        server.add_user(ANN, &[]);
        server.add_user("ben@example.com", &[]);
        let client = server.stranger();
        let ann = device_of(&login_in_browser(&client, ANN, PASSWORD, None)).expect("no device");
        let ben = device_of(&login_in_browser(&client, "ben@example.com", PASSWORD, None)).expect("no device");
        assert!(device_of(&client.login(ANN, PASSWORD)).is_none(), "who takes no cookies has no device");
        fail(&client, ANN, 5);
        wait_of(&client.login(ANN, PASSWORD));
        for cookie in [None, Some(ben.as_str()), Some("reeve_device=nonsense"), Some("reeve_device=")] {
            wait_of(&login_in_browser(&client, ANN, PASSWORD, cookie));
        }
        let again = login_in_browser(&client, ANN, PASSWORD, Some(&ann));
        again.expect(200);
        assert_eq!(device_of(&again), None, "the device was known");
        wait_of(&client.login(ANN, PASSWORD));

        // Whoever has stolen the cookie has as many guesses as anybody, and doesn't lock others out.
        for _ in 0..5 {
            login_in_browser(&client, ANN, WRONG, Some(&ann)).problem(401, "invalid_credentials");
        }
        wait_of(&login_in_browser(&client, ANN, PASSWORD, Some(&ann)));
        server.clock.advance(Duration::from_secs(31));
        login_in_browser(&client, ANN, PASSWORD, Some(&ann)).expect(200);
        client.sign_in("ben@example.com", PASSWORD);
    }

    fn whoever_changes_their_password_keeps_this_device_and_no_other(server: Server) {
        server.add_user(ANN, &[]);
        let client = server.stranger();
        let thief = device_of(&login_in_browser(&client, ANN, PASSWORD, None)).unwrap();
        let own = login_in_browser(&client, ANN, PASSWORD, None);
        let (device, ann) = (device_of(&own).unwrap(), client.with_token(own.expect(200)["access_token"].as_str().unwrap()));
        let new = "another horse, another battery";
        let body = json!({"current_password": PASSWORD, "new_password": new});
        ann.request("POST", "/auth/password/change").header("cookie", &device).json(&body).send().expect(200);
        fail(&client, ANN, 5);
        login_in_browser(&client, ANN, new, Some(&thief)).problem(429, "too_many_attempts");
        login_in_browser(&client, ANN, new, Some(&device)).expect(200);
    }

    fn a_device_is_no_proof_and_is_forgotten_with_everything_else_when_access_is_reset(server: Server) {
        let id = server.add_user(ANN, &[]);
        let client = server.stranger();
        let device = device_of(&login_in_browser(&client, ANN, PASSWORD, None)).unwrap();
        client.request("GET", "/me").header("cookie", &device).send().problem(401, "unauthenticated");
        client.request("POST", "/auth/refresh").header("cookie", &device).send().problem(401, "invalid_refresh_token");
        login_in_browser(&client, ANN, WRONG, Some(&device)).problem(401, "invalid_credentials");
        let secret = device.split_once('=').unwrap().1;
        assert_eq!(server.store.texts(&format!("SELECT id AS value FROM devices WHERE token_hash = '{secret}'")).len(), 0, "the token itself is stored");
        server.admin().post(&format!("/users/{id}/reset-access"), json!({})).expect(200);
        fail(&client, ANN, 5);
        wait_of(&login_in_browser(&client, ANN, PASSWORD, Some(&device)));
    }

    fn the_cookie_of_a_device_is_out_of_reach_for_scripts_and_other_sites_and_bound_to_https(store: Arc<Store>) {
        let attributes = |server: &Server, name: &str| {
            let answer = login_in_browser(&server.stranger(), ADMIN, PASSWORD, None);
            let all = cookies(&answer);
            let cookie = all.iter().find(|cookie| cookie.starts_with(&format!("{name}="))).unwrap_or_else(|| panic!("{all:?}")).clone();
            for attribute in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=31536000"] {
                assert!(cookie.contains(attribute), "{attribute}: {cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
            cookie.contains("; Secure")
        };
        assert!(!attributes(&Server::start(&store, &[]), "reeve_device"));
        assert!(attributes(&Server::start(&store, &[("public_url", "https://admin.example.com")]), "__Host-reeve_device"));
    }

    fn a_user_has_so_many_devices_and_the_one_that_was_not_used_for_longest_goes(server: Server) {
        server.add_user(ANN, &[]);
        let client = server.stranger();
        let mut devices = Vec::new();
        for _ in 0..21 {
            devices.push(device_of(&login_in_browser(&client, ANN, PASSWORD, None)).unwrap());
            server.clock.advance(SECOND);
            if devices.len() == 20 {
                login_in_browser(&client, ANN, PASSWORD, Some(&devices[0])).expect(200);
                server.clock.advance(SECOND);
            }
        }
        assert_eq!(server.store.texts("SELECT id AS value FROM devices").len(), 20);
        fail(&client, ANN, 5);
        login_in_browser(&client, ANN, PASSWORD, Some(&devices[0])).expect(200);
        wait_of(&login_in_browser(&client, ANN, PASSWORD, Some(&devices[1])));
    }
}
