//! What nobody can tell by the time that an answer takes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use super::{ANN, WRONG, fail, wait_of};
use crate::harness::{PASSWORD, Server, Store};

/// Medians of interleaved tries of several cases, in microseconds.
fn medians(rounds: usize, cases: &[(&str, &str)], mut attempt: impl FnMut(&str, &str)) -> Vec<u128> {
    let mut times = vec![Vec::new(); cases.len()];
    for round in 0..rounds {
        // Not always in the same order: who comes after whom must not make the difference.
        for step in 0..cases.len() {
            let index = (round + step) % cases.len();
            let started = Instant::now();
            attempt(cases[index].0, cases[index].1);
            times[index].push(started.elapsed().as_micros());
        }
    }
    times
        .iter_mut()
        .map(|times| {
            times.sort_unstable();
            times[times.len() / 2]
        })
        .collect()
}

/// Whether the medians are within five percent; what a busy machine disturbs is measured again, with more attempts: a real
/// difference shows each time. One such test at a time, for they would disturb each other.
fn assert_alike(tries: [usize; 3], measure: impl Fn(usize) -> Vec<u128>) {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let alike = |medians: &[u128]| {
        let (least, most) = (medians.iter().min().unwrap(), medians.iter().max().unwrap());
        (most - least) * 20 <= *most
    };
    let mut measured = Vec::new();
    for rounds in tries {
        let medians = measure(rounds);
        if alike(&medians) {
            return;
        }
        measured.push(medians);
    }
    panic!("the times tell the cases apart: {measured:?} µs");
}

both_databases! {
    fn the_time_does_not_tell_who_exists_or_why_somebody_is_refused(store: Arc<Store>) {
        let server = Server::start(&store, &[("lockout.max_failures", "1000"), ("email_verification", "required")]);
        for name in ["wrong", "inactive", "unapproved", "unverified"] {
            server.add_user(&format!("{name}@example.com"), &[]);
        }
        store.execute("UPDATE users SET active = FALSE WHERE email = 'inactive@example.com'");
        store.execute("UPDATE users SET approved = FALSE WHERE email = 'unapproved@example.com'");
        store.execute("UPDATE users SET email_verified = FALSE WHERE email = 'unverified@example.com'");
        let cases = [
            ("unknown@example.com", PASSWORD),
            ("wrong@example.com", WRONG),
            ("inactive@example.com", PASSWORD),
            ("unapproved@example.com", PASSWORD),
            ("unverified@example.com", PASSWORD),
        ];
        let client = server.stranger();
        // Fewer together than there are free failures.
        assert_alike([200, 350, 350], |rounds| medians(rounds, &cases, |identifier, password| {
            client.login(identifier, password).problem(401, "invalid_credentials");
        }));
    }

    fn the_time_does_not_tell_whether_a_locked_name_is_anybodys(server: Server) {
        server.add_user(ANN, &[]);
        let client = server.stranger();
        fail(&client, ANN, 5);
        fail(&client, "bob@example.com", 5);
        let cases = [(ANN, PASSWORD), ("bob@example.com", PASSWORD)];
        // No password is hashed: what is left takes so little that a few tries tell nothing.
        assert_alike([200, 1000, 3000], |rounds| medians(rounds, &cases, |identifier, password| { wait_of(&client.login(identifier, password)); }));
    }
}
