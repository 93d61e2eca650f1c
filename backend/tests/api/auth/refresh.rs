//! Staying signed in: refresh tokens are used once, and a session has an end.

use std::time::Duration;

use serde_json::json;

use super::{DAY, MINUTE, verified};
use crate::harness::{ADMIN, PASSWORD, Server, in_parallel};

both_databases! {
    fn a_refresh_token_is_used_once_and_followed_by_another(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let second = client.signed_in(&client.refresh(&admin.refresh_token));
        assert_ne!(second.refresh_token, admin.refresh_token);
        let session = |token: &str| verified(&server, token).1["sid"].clone();
        assert_eq!(session(&second.access_token), session(&admin.access_token));
        let third = client.signed_in(&client.refresh(&second.refresh_token));
        assert_ne!(third.refresh_token, second.refresh_token);
        for nonsense in ["", "nonsense", &admin.access_token[..40], &"x".repeat(512)] {
            client.refresh(nonsense).problem(401, "invalid_refresh_token");
        }
        client.post("/auth/refresh", json!({})).problem(401, "invalid_refresh_token");
        client.request("POST", "/auth/refresh").send().problem(401, "invalid_refresh_token");
    }

    fn two_tabs_that_refresh_with_the_same_token_both_stay_signed_in(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let first = client.signed_in(&client.refresh(&admin.refresh_token));
        server.clock.advance(Duration::from_secs(25));
        let second = client.signed_in(&client.refresh(&admin.refresh_token));
        assert_eq!(first.refresh_token, second.refresh_token);
        first.get("/me").expect(200);
        second.get("/me").expect(200);
        client.signed_in(&client.refresh(&first.refresh_token));
    }

    fn fifty_refreshes_at_once_with_one_token_lead_to_one_family_and_sign_nobody_out(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let answers = in_parallel(50, |_| client.signed_in(&client.refresh(&admin.refresh_token)));
        assert!(answers.iter().all(|answer| answer.refresh_token == answers[0].refresh_token));
        for answer in answers.iter().step_by(10) {
            answer.get("/me").expect(200);
        }
        client.signed_in(&client.refresh(&answers[0].refresh_token)).get("/me").expect(200);
        let tokens = server.store.texts("SELECT token_hash AS value FROM refresh_tokens");
        assert_eq!(tokens.len(), 3, "one token each: the first, its successor, and the successor's");
    }

    fn a_refresh_token_that_is_replayed_after_the_grace_ends_the_session_with_all_its_tokens(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let second = client.signed_in(&client.refresh(&admin.refresh_token));
        second.get("/me").expect(200);
        server.clock.advance(Duration::from_secs(31));
        client.refresh(&admin.refresh_token).problem(401, "refresh_token_reused");
        client.refresh(&second.refresh_token).problem(401, "invalid_refresh_token");
        second.get("/me").problem(401, "unauthenticated");
        admin.get("/me").problem(401, "unauthenticated");
        // The family of another sign-in has nothing to do with it.
        server.admin().get("/me").expect(200);
    }

    fn an_older_token_is_a_replay_even_within_the_grace(server: Server) {
        let admin = server.admin();
        let client = server.stranger();
        let second = client.signed_in(&client.refresh(&admin.refresh_token));
        let third = client.signed_in(&client.refresh(&second.refresh_token));
        client.refresh(&admin.refresh_token).problem(401, "refresh_token_reused");
        client.refresh(&third.refresh_token).problem(401, "invalid_refresh_token");
        third.get("/me").problem(401, "unauthenticated");
    }

    fn a_session_that_is_not_used_ends_by_itself(server: Server) {
        let client = server.stranger();
        let mut session = server.admin();
        for _ in 0..3 {
            server.clock.advance(6 * DAY);
            session = client.signed_in(&client.refresh(&session.refresh_token));
        }
        server.clock.advance(7 * DAY + MINUTE);
        client.refresh(&session.refresh_token).problem(401, "invalid_refresh_token");
    }

    fn no_rotation_carries_a_session_past_its_absolute_end(server: Server) {
        let client = server.stranger();
        let mut session = server.admin();
        for _ in 0..4 {
            server.clock.advance(6 * DAY);
            session = client.signed_in(&client.refresh(&session.refresh_token));
        }
        server.clock.advance(5 * DAY + 23 * 60 * MINUTE + 55 * MINUTE);
        let answer = client.refresh(&session.refresh_token);
        let left = answer.expect(200)["expires_in"].as_i64().unwrap();
        assert!((1..=300).contains(&left), "an access token outlives its session: {left} s");
        let last = client.signed_in(&answer);
        server.clock.advance(6 * MINUTE);
        client.refresh(&last.refresh_token).problem(401, "invalid_refresh_token");
        last.get("/me").problem(401, "unauthenticated");
    }

    fn who_asks_to_be_remembered_stays_signed_in_for_longer_but_not_for_ever(server: Server) {
        let client = server.stranger();
        let login = || client.post("/auth/login", json!({"identifier": ADMIN, "password": PASSWORD, "remember": true}));
        let session = client.signed_in(&login());
        server.clock.advance(60 * DAY);
        let session = client.signed_in(&client.refresh(&session.refresh_token));
        server.clock.advance(31 * DAY);
        client.refresh(&session.refresh_token).problem(401, "invalid_refresh_token");
    }
}
