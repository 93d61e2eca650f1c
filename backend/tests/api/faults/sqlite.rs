//! When the SQLite file is locked, full, read-only or no database.

use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use serde_json::json;

use super::{assert_sound, emails, register};
use crate::harness::{ADMIN, Kind, PASSWORD, Process, Provided, Server, Store, reeve, run};

#[test]
fn a_lock_that_another_process_holds_on_the_sqlite_file_is_waited_for_and_readers_do_not_wait() {
    let store = Arc::<Store>::provide(Kind::Sqlite);
    let server = Server::start(&store, &[]);
    let admin = server.admin();
    let mut holder = store.open_sqlite();
    holder.batch_execute("BEGIN EXCLUSIVE").unwrap();
    let started = Instant::now();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.stranger().login(ADMIN, PASSWORD));
        std::thread::sleep(Duration::from_millis(300));
        admin.get("/me/sessions").expect(200);
        assert!(started.elapsed() < Duration::from_secs(2), "a reader waited for a writer");
        holder.batch_execute("ROLLBACK").unwrap();
        waiting.join().unwrap().expect(200);
    });
}

#[test]
fn a_lock_that_is_never_released_is_answered_with_unavailable_and_not_with_a_hang() {
    let store = Arc::<Store>::provide(Kind::Sqlite);
    let server = Server::start(&store, &[]);
    let mut holder = store.open_sqlite();
    holder.batch_execute("BEGIN EXCLUSIVE").unwrap();
    server.stranger().login(ADMIN, PASSWORD).problem(503, "unavailable");
    holder.batch_execute("ROLLBACK").unwrap();
    server.admin();
}

#[test]
fn a_disk_that_is_full_costs_nothing_that_was_acknowledged() {
    let store = Arc::<Store>::provide(Kind::Sqlite);
    // No file may grow beyond half a megabyte: what a full disk is to a process, without one.
    let limited = reeve(&store, &[("registration", "open")], &["serve"]);
    let mut command = Command::new("sh");
    command.args(["-c", "trap '' XFSZ; ulimit -f 1000; exec \"$0\" serve", env!("CARGO_BIN_EXE_reeve")]);
    for (name, value) in limited.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    let process = Process::start(command, store.folder.path());
    let client = process.client();
    let mut acknowledged = Vec::new();
    let mut refused = 0;
    for number in 0..2_000 {
        let email = format!("ann-{number}@example.com");
        match register(&client, &email).unwrap() {
            202 => acknowledged.push(email),
            503 => refused += 1,
            status => panic!("a full disk was answered with {status}"),
        }
        if refused >= 5 {
            break;
        }
    }
    assert!(refused >= 5 && !acknowledged.is_empty(), "{} registered, {refused} refused", acknowledged.len());
    client.get("/health/live").expect(200);
    drop(process);
    let process = Process::serve(&store, &[("registration", "open")]);
    assert_eq!(register(&process.client(), "bob@example.com").unwrap(), 202);
    acknowledged.push("bob@example.com".to_owned());
    assert_sound(&store, &acknowledged);
}

#[test]
fn a_store_that_can_not_be_used_stops_the_start_with_one_line_that_says_why() {
    let store = Arc::<Store>::provide(Kind::Sqlite);
    let folder = store.folder.path();
    std::fs::write(folder.join("poem.db"), "not a database, but a poem ".repeat(100)).unwrap();
    let in_folder = |name: &str| format!("sqlite://{}", folder.join(name).display());
    for (url, why) in [
        (in_folder("missing/reeve.db"), "unable to open"),
        (in_folder("poem.db"), "not a database"),
        ("postgres://ann:hunter2@127.0.0.1:1/nowhere".to_owned(), "127.0.0.1"),
    ] {
        let (status, printed, errors) = run(reeve(&store, &[("database_url", &url)], &["serve"]));
        assert_eq!(status, 1, "{url}: {printed}{errors}");
        assert!(errors.contains(why), "{url}: {errors}");
        assert!(!errors.contains("hunter2") && !errors.contains("panicked"), "{errors}");
        let last = errors.trim_end().lines().last().unwrap_or_default();
        assert!(last.starts_with("reeve: "), "{url}: {errors}");
    }
    assert!(std::fs::read_to_string(folder.join("poem.db")).unwrap().starts_with("not a database"));
}

#[test]
fn a_store_that_can_only_be_read_is_read_and_every_write_is_answered_with_unavailable() {
    let store = Arc::<Store>::provide(Kind::Sqlite);
    let url = format!("sqlite://file:{}?mode=ro", store.folder.path().join("reeve.db").display());
    let process = Process::serve(&store, &[("database_url", &url), ("registration", "open")]);
    let client = process.client();
    client.get("/health/live").expect(200);
    client.login(ADMIN, PASSWORD).problem(503, "unavailable");
    client
        .post("/auth/register", json!({"email": "ann@example.com", "password": PASSWORD}))
        .problem(503, "unavailable");
    // A guess that can't be counted is not looked at.
    client.login("nobody@example.com", PASSWORD).problem(503, "unavailable");
    drop(process);
    assert_eq!(emails(&store), [ADMIN]);
}
