//! Asking whether a password is known from a breach, and not being kept out by whoever does not answer.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use crate::harness::{
    Answer, EmptyStore, Kind, Manner, PASSWORD, Process, Provided, RangeServer, Server, Store, split_hash,
};

const BREACHED: &str = "a rope of blue silk";

fn start(store: &Arc<Store>, url: &str) -> Server {
    Server::start(store, &[("password.breach_check_url", url)])
}

fn register(server: &Server, email: &str, password: &str) -> Answer {
    server.stranger().post("/auth/register", json!({"email": email, "password": password}))
}

both_databases! {
    fn a_breached_password_is_refused_and_the_endpoint_learns_five_digits_of_its_hash(store: Arc<Store>) {
        let endpoint = RangeServer::start(Manner::Knows(&[BREACHED]));
        let server = start(&store, &endpoint.url);
        let refused = register(&server, "ann@example.com", BREACHED);
        refused.problem(422, "validation_failed");
        assert_eq!(refused.field_error("password"), "password_breached");
        register(&server, "ann@example.com", PASSWORD).expect(202);
        // What the cheaper rules refuse is not asked for, nor is anything when somebody signs in.
        register(&server, "ann@example.com", "qwertyuiop[]").expect(422);
        server.admin();
        let asked = endpoint.asked();
        assert_eq!(asked.len(), 2, "{asked:?}");
        let (prefix, suffix) = split_hash(BREACHED);
        assert!(asked[0].starts_with(&format!("GET /range/{prefix} HTTP/1.1\n")), "{}", asked[0]);
        assert!(asked[0].to_lowercase().contains("add-padding: true"), "{}", asked[0]);
        for secret in [&suffix, BREACHED, "ann@example.com"] {
            assert!(!asked[0].contains(secret), "{}", asked[0]);
        }
    }

    fn an_endpoint_that_gives_no_answer_to_rely_on_keeps_nobody_out(store: Arc<Store>) {
        const KNOWN: &[&str] = &[BREACHED];
        for (number, manner) in [
            Manner::Pads(KNOWN),
            Manner::Fails("500 Internal Server Error", KNOWN),
            Manner::Fails("429 Too Many Requests", KNOWN),
            Manner::Fails("404 Not Found", KNOWN),
            Manner::Garbles(KNOWN),
            Manner::Redirects(KNOWN),
            Manner::Overflows(KNOWN),
        ]
        .into_iter()
        .enumerate()
        {
            let endpoint = RangeServer::start(manner.clone());
            let server = start(&store, &endpoint.url);
            let answer = register(&server, &format!("ann{number}@example.com"), BREACHED);
            assert_eq!(answer.status, 202, "{manner:?}: {answer}");
            assert_eq!(endpoint.asked().len(), 1, "{manner:?}: {:?}", endpoint.asked());
        }
    }

    fn an_endpoint_that_takes_its_time_is_waited_for_no_longer_than_two_seconds(store: Arc<Store>) {
        let endpoint = RangeServer::start(Manner::Delays(Duration::from_secs(20), &[BREACHED]));
        let server = start(&store, &endpoint.url);
        let started = Instant::now();
        register(&server, "ann@example.com", BREACHED).expect(202);
        let waited = started.elapsed();
        assert!((Duration::from_secs(2)..Duration::from_secs(10)).contains(&waited), "{waited:?}");
    }
}

#[test]
fn that_the_endpoint_can_not_be_reached_is_in_the_log_once_and_nothing_of_a_password() {
    let empty = EmptyStore::provide(Kind::Sqlite);
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("http://127.0.0.1:{port}/range/");
    let process = Process::serve(&empty.0, &[("password.breach_check_url", &url), ("log.level", "debug")]);
    for number in 0..3 {
        let body = json!({"email": format!("ann{number}@example.com"), "password": BREACHED});
        process.client().post("/auth/register", body).expect(202);
    }
    process.signal("TERM");
    crate::harness::wait_for("the log", || process.printed().contains("can't be compared with breaches"));
    let printed = process.printed();
    assert_eq!(printed.matches("can't be compared with breaches").count(), 1, "{printed}");
    let (prefix, suffix) = split_hash(BREACHED);
    for secret in [&prefix, &suffix, BREACHED] {
        assert!(!printed.contains(secret), "{secret} is in the log: {printed}");
    }
}
