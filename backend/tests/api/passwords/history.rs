//! Passwords that somebody has, or had, themselves.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::harness::{Answer, Mailbox, PASSWORD, Server, Store, wait_for};

const ANN: &str = "ann@example.com";
const SECOND: &str = "seven kites over water";
const THIRD: &str = "lantern, gate and river";
const FOURTH: &str = "pebbles in a tin drum";

fn start(store: &Arc<Store>, history: &str) -> Server {
    Server::start(store, &[("password.history", history)])
}

fn change(server: &Server, from: &str, to: &str) -> Answer {
    let ann = server.stranger().sign_in(ANN, from);
    ann.post("/auth/password/change", json!({"current_password": from, "new_password": to}))
}

#[track_caller]
fn assert_used(answer: &Answer, field: &str) {
    answer.problem(422, "validation_failed");
    assert_eq!(answer.field_error(field), "password_used_before");
}

fn kept(store: &Store) -> usize {
    store.texts("SELECT password_hash AS value FROM password_history").len()
}

fn challenge(server: &Server, password: &str) -> Value {
    server.store.execute(&format!("UPDATE users SET must_change_password = TRUE WHERE email = '{ANN}'"));
    server.stranger().login(ANN, password).expect(200)["challenge"].clone()
}

fn change_required(server: &Server, challenge: &Value, to: &str) -> Answer {
    server.stranger().post("/auth/password/change-required", json!({"challenge": challenge, "new_password": to}))
}

both_databases! {
    fn nobody_goes_back_to_their_last_passwords_and_no_more_than_those_are_kept(store: Arc<Store>) {
        let server = start(&store, "2");
        server.add_user(ANN, &[]);
        assert_used(&change(&server, PASSWORD, PASSWORD), "new_password");
        change(&server, PASSWORD, SECOND).expect(200);
        assert_used(&change(&server, SECOND, PASSWORD), "new_password");
        change(&server, SECOND, THIRD).expect(200);
        for former in [PASSWORD, SECOND, THIRD] {
            assert_used(&change(&server, THIRD, former), "new_password");
        }
        change(&server, THIRD, FOURTH).expect(200);
        assert_eq!(kept(&store), 2);
        change(&server, FOURTH, PASSWORD).expect(200);
        assert_eq!(kept(&store), 2);
    }

    fn a_history_that_is_off_compares_with_nothing_and_forgets_what_was_kept(store: Arc<Store>) {
        let server = start(&store, "3");
        server.add_user(ANN, &[]);
        change(&server, PASSWORD, SECOND).expect(200);
        assert_eq!(kept(&store), 1);
        drop(server);
        let server = start(&store, "0");
        change(&server, SECOND, PASSWORD).expect(200);
        assert_eq!(kept(&store), 0);
        change(&server, PASSWORD, PASSWORD).expect(200);
    }

    /// Whoever asked for the change, asked because the present one has to go.
    fn a_password_that_has_to_be_changed_is_not_chosen_again_history_or_not(store: Arc<Store>) {
        let server = start(&store, "0");
        server.add_user(ANN, &[]);
        let first = challenge(&server, PASSWORD);
        assert_used(&change_required(&server, &first, PASSWORD), "new_password");
        change_required(&server, &first, SECOND).expect(200);
        change_required(&server, &challenge(&server, SECOND), PASSWORD).expect(200);
        drop(server);
        let server = start(&store, "1");
        change_required(&server, &challenge(&server, PASSWORD), SECOND).expect(200);
        let second = challenge(&server, SECOND);
        assert_used(&change_required(&server, &second, PASSWORD), "new_password");
        change_required(&server, &second, THIRD).expect(200);
    }

    fn a_mailed_link_does_not_lead_back_to_a_former_password_and_stays_good(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("password.history", "1"), ("mail.url", &mailbox.url)]);
        server.add_user(ANN, &[]);
        change(&server, PASSWORD, SECOND).expect(200);
        server.stranger().post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        let links = || mailbox.to(ANN).into_iter().filter(|mail| mail.text.contains("/reset-password?")).collect::<Vec<_>>();
        wait_for("a link", || !links().is_empty());
        let token = links().pop().unwrap().token();
        let reset = |to: &str| server.stranger().post("/auth/password/reset", json!({"token": token, "password": to}));
        assert_used(&reset(PASSWORD), "password");
        assert_used(&reset(SECOND), "password");
        reset(THIRD).expect(204);
    }

    /// An administrator would learn by it what passwords somebody had. What they replace is kept all the same.
    fn an_administrator_is_not_told_what_passwords_somebody_had(store: Arc<Store>) {
        let server = start(&store, "3");
        let id = server.add_user(ANN, &[]);
        change(&server, PASSWORD, SECOND).expect(200);
        for password in [SECOND, PASSWORD, THIRD] {
            server.admin().put(&format!("/users/{id}/password"), json!({"password": password})).expect(204);
        }
        for former in [SECOND, PASSWORD] {
            assert_used(&change(&server, THIRD, former), "new_password");
        }
    }

    fn former_passwords_are_nobody_elses_and_go_with_whose_they_were(store: Arc<Store>) {
        let server = start(&store, "24");
        let id = server.add_user(ANN, &[]);
        change(&server, PASSWORD, SECOND).expect(200);
        change(&server, SECOND, THIRD).expect(200);
        let bob = server.member("bob@example.com", &[]);
        let body = json!({"current_password": PASSWORD, "new_password": SECOND});
        bob.post("/auth/password/change", body).expect(200);
        assert_eq!(kept(&store), 3);
        server.admin().delete(&format!("/users/{id}")).expect(204);
        assert_eq!(kept(&store), 1);
    }

    /// The present one counts although nothing was kept while the history was off.
    fn a_history_that_is_turned_on_knows_the_present_password_at_once(store: Arc<Store>) {
        let server = start(&store, "0");
        server.add_user(ANN, &[]);
        change(&server, PASSWORD, SECOND).expect(200);
        drop(server);
        let server = start(&store, "1");
        assert_used(&change(&server, SECOND, SECOND), "new_password");
        change(&server, SECOND, PASSWORD).expect(200);
    }
}
