//! How many guesses at one account there are, and who has to wait for how long.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{
    ANN, Comparable, MANY_ADDRESSES, PASSWORD_OF_NOBODY, SECOND, WRONG, comparable, events, fail, login_from, outcomes,
    wait_of,
};
use crate::harness::{PASSWORD, Server, Store, in_parallel};

both_databases! {
    fn so_many_failures_are_free_and_from_then_on_each_wait_is_twice_as_long_up_to_the_window(server: Server) {
        server.add_user(ANN, &[]);
        let client = server.stranger();
        fail(&client, ANN, 5);
        for seconds in [30, 60, 120, 240, 480, 900, 900] {
            let wait = wait_of(&client.login(ANN, WRONG));
            assert!(wait <= Duration::from_secs(seconds) && wait + 5 * SECOND > Duration::from_secs(seconds), "{wait:?}");
            assert!(wait_of(&client.login(ANN, PASSWORD)) <= wait, "the right password came through");
            server.clock.advance(wait + SECOND);
            fail(&client, ANN, 1);
        }
        server.clock.advance(Duration::from_secs(901));
        client.sign_in(ANN, PASSWORD);
        fail(&client, ANN, 5);
        wait_of(&client.login(ANN, WRONG));
    }

    fn failures_are_forgotten_after_a_sign_in_and_after_a_window_without_any(server: Server) {
        server.add_user(ANN, &[]);
        let client = server.stranger();
        for _ in 0..3 {
            fail(&client, ANN, 4);
            client.sign_in(ANN, PASSWORD);
        }
        for _ in 0..3 {
            fail(&client, ANN, 4);
            server.clock.advance(Duration::from_secs(901));
        }
        assert!(events(&server, "user.locked").is_empty());
    }

    fn an_account_is_one_by_whichever_name_and_in_whichever_case_it_is_called(server: Server) {
        let id = server.add_user(ANN, &[]);
        server.admin().patch(&format!("/users/{id}"), json!({"username": "Ann.Archer"})).expect(200);
        let client = server.stranger();
        for identifier in [ANN, "ANN@example.com", "ann.archer", "Ann.Archer", " ann@example.com"] {
            fail(&client, identifier, 1);
        }
        wait_of(&client.login(ANN, PASSWORD));
        wait_of(&client.login("ann.archer", PASSWORD));
        fail(&client, "nobody", 5);
        wait_of(&client.login("NOBODY ", WRONG));
    }

    fn a_locked_account_and_a_locked_name_that_nobody_has_can_not_be_told_apart(server: Server) {
        server.add_user(ANN, &[]);
        let client = server.stranger();
        let attempts = |identifier: &str| -> Vec<_> {
            let mut answers: Vec<_> = (0..7).map(|_| client.login(identifier, PASSWORD_OF_NOBODY)).collect();
            server.clock.advance(Duration::from_secs(31));
            answers.extend((0..2).map(|_| client.login(identifier, PASSWORD_OF_NOBODY)));
            answers.iter().map(comparable).collect()
        };
        let without_seconds = |mut answers: Vec<Comparable>| {
            for (_, _, headers) in &mut answers {
                headers.retain(|(name, _)| name != "retry-after");
            }
            answers
        };
        let (known, unknown) = (attempts(ANN), attempts("nobody@example.com"));
        assert_eq!(known.iter().map(|(status, ..)| *status).collect::<Vec<_>>(), [401, 401, 401, 401, 401, 429, 429, 401, 429]);
        assert_eq!(without_seconds(known), without_seconds(unknown));
    }

    fn of_a_thousand_guesses_at_once_no_more_are_looked_at_than_are_free(store: Arc<Store>) {
        let nodes = [Server::start(&store, &[MANY_ADDRESSES]), Server::start(&store, &[MANY_ADDRESSES])];
        nodes[0].add_user(ANN, &[]);
        for identifier in [ANN, "nobody@example.com"] {
            let answers = in_parallel(250, |number| {
                let client = nodes[number % 2].stranger();
                (0..4).map(|round| login_from(&client, &format!("10.0.{round}.{number}"), identifier, WRONG)).collect::<Vec<_>>()
            }).concat();
            for answer in &answers {
                assert!(matches!(answer.status, 401 | 429), "{answer}");
            }
            let (_, failed, waiting) = outcomes(&answers);
            assert_eq!((failed, waiting), (5, 995), "of the guesses at {identifier}");
        }
    }

    fn many_right_sign_ins_at_once_do_not_hinder_each_other(store: Arc<Store>) {
        let nodes = [Server::start(&store, &[("lockout.max_failures", "2")]), Server::start(&store, &[("lockout.max_failures", "2")])];
        nodes[0].add_user(ANN, &[]);
        fail(&nodes[0].stranger(), ANN, 1);
        let answers = in_parallel(40, |number| nodes[number % 2].stranger().login(ANN, PASSWORD));
        assert_eq!(outcomes(&answers), (40, 0, 0));
        assert_eq!(store.texts("SELECT bucket AS value FROM attempts WHERE failures > 0 OR pending > 0").len(), 1, "only the address has failed");
    }

    fn after_the_wait_one_guess_at_a_time_is_looked_at(server: Server) {
        server.add_user(ANN, &[]);
        fail(&server.stranger(), ANN, 5);
        server.clock.advance(Duration::from_secs(31));
        let answers = in_parallel(30, |_| server.stranger().login(ANN, WRONG));
        assert_eq!(outcomes(&answers), (0, 1, 29));
    }

    fn servers_on_one_store_count_together(store: Arc<Store>) {
        let nodes = [Server::start(&store, &[]), Server::start(&store, &[])];
        nodes[0].add_user(ANN, &[]);
        for number in 0..5 {
            fail(&nodes[number % 2].stranger(), ANN, 1);
        }
        for node in &nodes {
            wait_of(&node.stranger().login(ANN, PASSWORD));
        }
    }

    fn whoever_has_somebodys_session_can_not_guess_their_password_and_others_can_not_lock_it(server: Server) {
        let ann = server.member(ANN, &[]);
        fail(&server.stranger(), ANN, 5);
        ann.post("/auth/reauthenticate", json!({"password": PASSWORD})).expect(200);
        let change = |password: &str| ann.post("/auth/password/change", json!({"current_password": password, "new_password": "another horse, another battery"}));
        for number in 0..5 {
            if number % 2 == 0 {
                ann.post("/auth/reauthenticate", json!({"password": WRONG})).problem(401, "invalid_credentials");
            } else {
                assert_eq!(change(WRONG).field_error("current_password"), "wrong_password");
            }
        }
        wait_of(&ann.post("/auth/reauthenticate", json!({"password": PASSWORD})));
        wait_of(&change(PASSWORD));
        assert_eq!(events(&server, "user.reauthentication_refused").len(), 5);
        server.clock.advance(Duration::from_secs(31));
        change(PASSWORD).expect(200);
        server.stranger().sign_in(ANN, "another horse, another battery");
    }
}
