//! When the process is killed, told to stop, or not alone.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::{assert_sound, emails, register, register_until_it_ends};
use crate::harness::{Client, PASSWORD, Process, Store};

/// One address registers more people here than it may in earnest.
const MANY_MAY_REGISTER: (&str, &str) = ("lockout.max_failures", "1000");

both_databases! {
    fn everything_acknowledged_is_there_after_the_process_was_killed_in_the_middle_of_writing(store: Arc<Store>) {
        let acknowledged = Mutex::new(Vec::new());
        for round in 0..2 {
            let mut process = Process::serve(&store, &[("registration", "open"), MANY_MAY_REGISTER]);
            let before = acknowledged.lock().unwrap().len();
            std::thread::scope(|scope| {
                for writer in 0..4 {
                    let (client, acknowledged) = (process.client(), &acknowledged);
                    scope.spawn(move || register_until_it_ends(&client, &format!("ann-{round}-{writer}"), acknowledged));
                }
                let ends = Instant::now() + Duration::from_secs(20);
                while acknowledged.lock().unwrap().len() <= before + 60 && Instant::now() < ends {
                    std::thread::sleep(Duration::from_millis(5));
                }
                // Whatever happened: the writers end only with the process.
                process.kill();
            });
            assert!(acknowledged.lock().unwrap().len() > before + 60, "hardly anybody could register");
        }
        let acknowledged = acknowledged.into_inner().unwrap();
        let process = Process::serve(&store, &[("registration", "open")]);
        assert_sound(&store, &acknowledged);
        for email in acknowledged.iter().rev().take(3) {
            process.client().sign_in(email, PASSWORD);
        }
    }

    fn two_processes_write_to_one_store_and_lose_nothing(store: Arc<Store>) {
        let options = [("registration", "open"), ("public_url", "http://localhost:1"), MANY_MAY_REGISTER];
        let processes = [(); 2].map(|()| Process::serve(&store, &options));
        let addresses: Vec<_> = processes.iter().map(Process::bound_to).collect();
        let acknowledged = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let (client, acknowledged) = (Client::new(&addresses[writer % 2]), &acknowledged);
                scope.spawn(move || {
                    for number in 0..20 {
                        let email = format!("ann-{writer}-{number}@example.com");
                        assert_eq!(register(&client, &email).unwrap(), 202, "two writers got in each other's way");
                        acknowledged.lock().unwrap().push(email);
                    }
                });
            }
        });
        assert_sound(&store, &acknowledged.into_inner().unwrap());
        assert_eq!(emails(&store).len(), 81);
    }

    fn told_to_stop_it_finishes_what_is_in_flight_and_ends_well(store: Arc<Store>) {
        let mut process = Process::serve(&store, &[("password.memory_kib", "131072"), ("password.iterations", "3")]);
        let client = process.client();
        client.get("/health/live").expect(200);
        let answer = std::thread::scope(|scope| {
            let slow = scope.spawn(|| client.login("nobody@example.com", PASSWORD));
            std::thread::sleep(Duration::from_millis(100));
            process.signal("TERM");
            slow.join().unwrap()
        });
        answer.problem(401, "invalid_credentials");
        let started = Instant::now();
        drop(client);
        let status = process.child.wait().unwrap();
        assert_eq!(status.code(), Some(0));
        assert!(started.elapsed() < Duration::from_secs(10), "it took {:?} to end", started.elapsed());
    }
}
