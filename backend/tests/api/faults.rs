//! When the database is away, the disk is full or the process is killed: a clear answer, nothing lost that was acknowledged,
//! and service again by itself.

use std::process::Command;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use serde_json::json;

use crate::harness::{ADMIN, Client, Kind, PASSWORD, Process, Provided, Proxy, Server, Store, reeve, run, wait_for};

fn register(client: &Client, email: &str) -> reqwest::Result<u16> {
    let body = json!({"email": email, "password": PASSWORD});
    Ok(client.request("POST", "/auth/register").json(&body).try_send()?.status)
}

/// Registers people as fast as it goes until the server answers no more; who was told that they are registered.
fn register_until_it_ends(client: &Client, prefix: &str, acknowledged: &Mutex<Vec<String>>) {
    for number in 0..100_000 {
        let email = format!("{prefix}-{number}@example.com");
        match register(client, &email) {
            Ok(202) => acknowledged.lock().unwrap().push(email),
            Ok(503) => {}
            Ok(status) => panic!("registering answered {status}"),
            Err(_) => return,
        }
    }
}

fn emails(store: &Store) -> Vec<String> {
    store.texts("SELECT email AS value FROM users")
}

#[track_caller]
fn assert_sound(store: &Store, acknowledged: &[String]) {
    let stored: std::collections::HashSet<_> = emails(store).into_iter().collect();
    let lost: Vec<_> = acknowledged.iter().filter(|email| !stored.contains(*email)).collect();
    assert!(lost.is_empty(), "acknowledged, and lost: {lost:?}");
    // An event for each, since both are written in one transaction.
    let events = store.texts("SELECT target_label AS value FROM audit_events WHERE action = 'user.registered'").len();
    assert_eq!(events, stored.len() - 1, "users and events differ");
    if store.kind == Kind::Sqlite {
        #[derive(diesel::QueryableByName)]
        struct Check {
            #[diesel(sql_type = diesel::sql_types::Text)]
            integrity_check: String,
        }
        let check: Vec<Check> =
            diesel::RunQueryDsl::load(diesel::sql_query("PRAGMA integrity_check"), &mut store.open_sqlite()).unwrap();
        assert_eq!(check[0].integrity_check, "ok");
    }
}

/// A server whose line to PostgreSQL can be cut.
fn behind_a_proxy(store: &Arc<Store>) -> (Proxy, Server) {
    let (start, rest) = store.url.split_once("://").unwrap();
    let (authority, database) = rest.split_once('/').unwrap();
    let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let proxy = Proxy::to(host);
    let url = format!("{start}://{user}@127.0.0.1:{}/{database}", proxy.port);
    let server = Server::start(store, &[("database_url", &url)]);
    (proxy, server)
}

#[test]
fn while_postgres_is_away_everybody_is_told_so_nobody_is_signed_out_and_it_returns_by_itself() {
    let store = Arc::<Store>::provide(Kind::Postgres);
    let (proxy, server) = behind_a_proxy(&store);
    let client = server.stranger();
    let admin = server.admin();
    admin.get("/me").expect(200);
    proxy.cut();
    client.get("/health/live").expect(200);
    client.get("/health/ready").problem(503, "unavailable");
    client.login(ADMIN, PASSWORD).problem(503, "unavailable");
    client.refresh(&admin.refresh_token).problem(503, "unavailable");
    // Nobody is taken for a stranger because the store can't be asked.
    let ends = Instant::now() + Duration::from_millis(1_500);
    let mut last = 0;
    while Instant::now() < ends {
        let answer = admin.get("/me");
        assert!(matches!(answer.status, 200 | 503), "{answer}");
        last = answer.status;
    }
    assert_eq!(last, 503, "what was cached is trusted although nothing is heard of the store");
    admin.get("/me").problem(503, "unavailable");

    proxy.mend();
    wait_for("the server to be ready again", || client.get("/health/ready").status == 200);
    admin.get("/me").expect(200);
    client.signed_in(&client.refresh(&admin.refresh_token)).get("/me").expect(200);
    server.admin();
}

#[test]
fn connections_that_postgres_closes_are_replaced_without_anybody_noticing() {
    let store = Arc::<Store>::provide(Kind::Postgres);
    let server = Server::start(&store, &[]);
    let admin = server.admin();
    for _ in 0..5 {
        store.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
        server.admin();
        admin.get("/me/sessions").expect(200);
        server.stranger().get("/health/ready").expect(200);
    }
}

#[test]
fn a_lock_that_postgres_waited_for_too_long_is_answered_with_unavailable_whatever_its_language() {
    let store = Arc::<Store>::provide(Kind::Postgres);
    // In German where the server has that language.
    let database = store.url.rsplit('/').next().unwrap().split('?').next().unwrap();
    let _ = store.try_execute(&format!("ALTER DATABASE {database} SET lc_messages = 'de_DE.UTF-8'"));
    let server = Server::start(&store, &[]);
    let mut holder = store.open_postgres();
    holder.batch_execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE").unwrap();
    server.stranger().login(ADMIN, PASSWORD).problem(503, "unavailable");
    holder.batch_execute("ROLLBACK").unwrap();
    server.admin();
}

#[test]
fn a_role_that_may_not_choose_the_language_of_postgres_messages_is_served_all_the_same() {
    let store = Arc::<Store>::provide(Kind::Postgres);
    let role = format!("reeve_plain_{}", uuid::Uuid::now_v7().simple());
    for statement in [
        format!("CREATE ROLE {role} LOGIN PASSWORD 'plain'"),
        format!("GRANT ALL ON SCHEMA public TO {role}"),
        format!("GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"),
        format!("GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO {role}"),
    ] {
        store.execute(&statement);
    }
    let (start, rest) = store.url.split_once("://").unwrap();
    let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let url = format!("{start}://{role}:plain@{host}");
    {
        let server = Server::start(&store, &[("database_url", &url)]);
        server.admin().get("/users").expect(200);
    }
    store.execute(&format!("DROP OWNED BY {role}"));
    wait_for("the role to be unused", || store.try_execute(&format!("DROP ROLE {role}")).is_ok());
}

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
    client.login("nobody@example.com", PASSWORD).problem(401, "invalid_credentials");
    drop(process);
    assert_eq!(emails(&store), [ADMIN]);
}

both_databases! {
    fn everything_acknowledged_is_there_after_the_process_was_killed_in_the_middle_of_writing(store: Arc<Store>) {
        let acknowledged = Mutex::new(Vec::new());
        for round in 0..2 {
            let mut process = Process::serve(&store, &[("registration", "open")]);
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
        let processes = [(); 2].map(|()| Process::serve(&store, &[("registration", "open"), ("public_url", "http://localhost:1")]));
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
