//! Attempts that end otherwise than with an answer, and counts that are out of date.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{ANN, WRONG, fail, wait_of};
use crate::harness::{PASSWORD, Server, Store, in_parallel, wait_for};

both_databases! {
    fn hanging_up_before_the_answer_gives_no_further_guesses(server: Server) {
        server.add_user(ANN, &[]);
        let body = json!({"identifier": ANN, "password": WRONG}).to_string();
        let request = format!("POST /api/v1/auth/login HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len());
        let failures = || server.store.texts("SELECT CAST(COALESCE(max(failures), 0) AS TEXT) AS value FROM attempts WHERE blocked_until >= 0");
        for number in 1..=5 {
            let mut stream = std::net::TcpStream::connect(server.address.trim_start_matches("http://")).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            std::thread::sleep(Duration::from_millis(2));
            drop(stream);
            wait_for("the failure to be counted", || failures() == [number.to_string()]);
        }
        wait_of(&server.stranger().login(ANN, PASSWORD));
    }

    fn an_attempt_that_never_ended_counts_as_a_failure_and_locks_nobody_out_for_long(store: Arc<Store>) {
        let server = Server::start(&store, &[("lockout.max_failures", "1")]);
        server.add_user(ANN, &[]);
        let client = server.stranger();
        fail(&client, ANN, 1);
        server.clock.advance(Duration::from_secs(31));
        client.sign_in(ANN, PASSWORD);
        fail(&client, ANN, 1);
        // As a process leaves it that is killed while it verifies the password.
        let until = server.clock.now().plus(Duration::from_secs(30)).as_micros();
        store.execute(&format!("UPDATE attempts SET failures = 0, blocked_until = 0, pending = 1, pending_until = {until} WHERE failures = 1"));
        client.login(ANN, PASSWORD).problem(503, "overloaded");
        server.clock.advance(Duration::from_secs(31));
        fail(&client, ANN, 1);
        wait_of(&client.login(ANN, PASSWORD));
        server.clock.advance(Duration::from_secs(61));
        client.sign_in(ANN, PASSWORD);
    }

    fn a_full_house_is_not_held_against_anybody(store: Arc<Store>) {
        let server = Server::start(&store, &[("password.memory_kib", "32768"), ("lockout.max_failures", "1")]);
        let cores = std::thread::available_parallelism().unwrap().get();
        let emails: Vec<_> = (0..60 * cores + 40).map(|number| format!("user{number}@example.com")).collect();
        for email in &emails {
            server.add_user(email, &[]);
        }
        let answers = in_parallel(emails.len(), |number| server.stranger().login(&emails[number], PASSWORD));
        let turned_away: Vec<_> = (0..emails.len()).filter(|number| answers[*number].status == 503).collect();
        assert!(!turned_away.is_empty(), "nobody was turned away");
        for number in turned_away.iter().take(10) {
            server.stranger().sign_in(&emails[*number], PASSWORD);
        }
        let left = "SELECT bucket AS value FROM attempts WHERE pending > 0 OR failures > 0";
        wait_for("all places to be given back", || store.texts(left).is_empty());
    }

    fn what_is_out_of_date_is_deleted(store: Arc<Store>) {
        let columns = "bucket, failures, pending, pending_until, forget_at, blocked_until, reported_at";
        store.execute(&format!("INSERT INTO attempts ({columns}) VALUES ('old', 3, 0, 1, 1, 1, 1)"));
        let now = reeve::db::Timestamp::now().plus(Duration::from_secs(60)).as_micros();
        store.execute(&format!("INSERT INTO attempts ({columns}) VALUES ('new', 3, 0, 1, {now}, 1, 1)"));
        let device = "INSERT INTO devices (id, user_id, token_hash, created_at, last_used_at)";
        store.execute(&format!("{device} SELECT 'old', id, 'old', 1, 1 FROM users"));
        store.execute(&format!("{device} SELECT 'new', id, 'new', 1, {now} FROM users"));
        let _server = Server::start(&store, &[]);
        for (what, sql) in [("attempts", "SELECT bucket AS value FROM attempts"), ("devices", "SELECT id AS value FROM devices")] {
            wait_for(what, || store.texts(sql) == ["new"]);
        }
    }
}
