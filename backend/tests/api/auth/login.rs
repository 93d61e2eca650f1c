//! Signing in with a password: by which names, what it tells, what it notes, and what it costs everybody else.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;

use super::DAY;
use crate::harness::{ADMIN, PASSWORD, Server, Store, in_parallel};

both_databases! {
    fn one_signs_in_by_address_or_username_in_any_case_and_the_password_however_it_is_composed(store: Arc<Store>) {
        let server = Server::start(&store, &[("registration", "open")]);
        let (composed, decomposed) = ("caf\u{e9} au lait, s'il vous pla\u{ee}t", "cafe\u{301} au lait, s'il vous plai\u{302}t");
        let body = json!({"email": "Ann@Example.com", "username": "Ann.Archer", "password": decomposed});
        server.stranger().post("/auth/register", body).expect(202);
        for identifier in ["ann@example.com", "ANN@EXAMPLE.COM", "ann.archer", "ANN.ARCHER", " ann@example.com "] {
            server.stranger().sign_in(identifier, composed);
        }
        server.stranger().login("ann@example.com", &composed.to_uppercase()).problem(401, "invalid_credentials");
    }

    fn signing_in_does_not_tell_who_exists_or_why_somebody_is_refused(store: Arc<Store>) {
        // The tries themselves are not to be held back.
        let server = Server::start(&store, &[("lockout.max_failures", "1000")]);
        server.add_user("wrong@example.com", &[]);
        server.add_user("inactive@example.com", &[]);
        server.add_user("unapproved@example.com", &[]);
        server.add_user("passwordless@example.com", &[]);
        server.store.execute("UPDATE users SET active = FALSE WHERE email = 'inactive@example.com'");
        server.store.execute("UPDATE users SET approved = FALSE WHERE email = 'unapproved@example.com'");
        server.store.execute("UPDATE users SET password_hash = NULL WHERE email = 'passwordless@example.com'");
        let client = server.stranger();
        let bodies = std::cell::RefCell::new(Vec::new());
        let cases = [
            ("unknown@example.com", PASSWORD),
            ("unknown-username", PASSWORD),
            ("wrong@example.com", "not the right password"),
            ("inactive@example.com", PASSWORD),
            ("unapproved@example.com", PASSWORD),
            ("passwordless@example.com", PASSWORD),
        ];
        let medians = || -> Vec<u128> {
            let mut times = vec![Vec::new(); cases.len()];
            for _ in 0..15 {
                for (index, (identifier, password)) in cases.iter().enumerate() {
                    let started = Instant::now();
                    let answer = client.login(identifier, password);
                    times[index].push(started.elapsed().as_micros());
                    let mut body = answer.problem(401, "invalid_credentials");
                    body.as_object_mut().unwrap().remove("request_id");
                    bodies.borrow_mut().push(body);
                }
            }
            times.iter_mut().map(|times| { times.sort_unstable(); times[times.len() / 2] }).collect()
        };
        let tells = |medians: &Vec<u128>| medians.iter().max().unwrap() >= &(medians.iter().min().unwrap() * 2);
        // A busy machine can make any of them slow once; a difference that is Reeve's shows every time.
        let tries: Vec<_> = (0..4).map(|_| medians()).take_while(tells).collect();
        assert!(tries.len() < 4, "the times tell the cases apart: {tries:?} µs");
        assert!(bodies.borrow().windows(2).all(|pair| pair[0] == pair[1]), "the answers differ");
    }

    fn signing_in_notes_when_and_from_where_and_how_often(server: Server) {
        server.member("ann@example.com", &[]);
        server.clock.advance(DAY);
        let me = server.stranger().sign_in("ann@example.com", PASSWORD).get("/me").expect(200);
        assert_eq!(me["login_count"], 2);
        assert_eq!((&me["last_login_ip"], &me["current_login_ip"]), (&json!("127.0.0.1"), &json!("127.0.0.1")));
        assert!(me["last_login_at"].as_str().unwrap() < me["current_login_at"].as_str().unwrap());
        assert!(me["current_login_at"].as_str().unwrap().ends_with('Z'));
    }

    fn an_address_is_believed_only_from_a_proxy_that_is_trusted(store: Arc<Store>) {
        let ip = |server: &Server| {
            let answer = server.stranger().request("POST", "/auth/login")
                .header("x-forwarded-for", "198.51.100.1, 203.0.113.9")
                .json(&json!({"identifier": ADMIN, "password": PASSWORD}))
                .send();
            answer.expect(200)["user"]["current_login_ip"].clone()
        };
        assert_eq!(ip(&Server::start(&store, &[])), "127.0.0.1");
        assert_eq!(ip(&Server::start(&store, &[("trusted_proxies", "127.0.0.0/8")])), "203.0.113.9");
    }

    fn a_storm_of_sign_ins_is_turned_away_while_everybody_else_is_served(store: Arc<Store>) {
        let server = Server::start(&store, &[("password.memory_kib", "32768"), ("trusted_proxies", "127.0.0.0/8")]);
        let admin = server.admin();
        let cores = std::thread::available_parallelism().unwrap().get();
        let (answers, slowest) = std::thread::scope(|scope| {
            let storm = scope.spawn(|| {
                in_parallel(60 * cores + 40, |number| {
                    // One name or one address alone would be held back before.
                    let body = json!({"identifier": format!("nobody{number}@example.com"), "password": "not the password"});
                    let request = server.stranger().request("POST", "/auth/login").json(&body);
                    request.header("x-forwarded-for", &format!("203.0.113.{}", number % 250)).send()
                })
            });
            let mut slowest = Duration::ZERO;
            while !storm.is_finished() {
                let started = Instant::now();
                admin.get("/me").expect(200);
                slowest = slowest.max(started.elapsed());
            }
            (storm.join().unwrap(), slowest)
        });
        let (refused, turned_away): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 401);
        assert!(!refused.is_empty() && !turned_away.is_empty(), "{} served, {} turned away", refused.len(), turned_away.len());
        for answer in &turned_away {
            answer.problem(503, "overloaded");
        }
        assert!(slowest < Duration::from_secs(1), "somebody else waited for {slowest:?}");
        server.admin().get("/me").expect(200);
    }

    fn a_password_is_hashed_again_at_the_next_sign_in_when_the_cost_was_raised(store: Arc<Store>) {
        let server = Server::start(&store, &[("password.memory_kib", "8192")]);
        assert!(server.password_hash_of(ADMIN).contains("m=7168,"));
        server.stranger().login(ADMIN, "not the password").problem(401, "invalid_credentials");
        assert!(server.password_hash_of(ADMIN).contains("m=7168,"));
        let first = server.admin();
        assert!(server.password_hash_of(ADMIN).starts_with("$argon2id$v=19$m=8192,"));
        server.admin();
        first.get("/me").expect(200);
    }
}
