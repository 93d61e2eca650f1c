//! When PostgreSQL is away, closes connections, makes one wait or gives few rights.

use std::sync::Arc;
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;

use crate::harness::{ADMIN, Kind, PASSWORD, Provided, Proxy, Server, Store, wait_for};

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

/// Where the server has that language.
fn speak_german(store: &Store) {
    let database = store.url.rsplit('/').next().unwrap().split('?').next().unwrap();
    let _ = store.try_execute(&format!("ALTER DATABASE {database} SET lc_messages = 'de_DE.UTF-8'"));
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
    speak_german(&store);
    let server = Server::start(&store, &[]);
    let mut holder = store.open_postgres();
    holder.batch_execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE").unwrap();
    server.stranger().login(ADMIN, PASSWORD).problem(503, "unavailable");
    holder.batch_execute("ROLLBACK").unwrap();
    server.admin();
}

#[test]
fn a_connection_that_postgres_ends_in_the_middle_of_a_statement_is_told_as_unavailable_whatever_its_language() {
    let store = Arc::<Store>::provide(Kind::Postgres);
    speak_german(&store);
    let server = Server::start(&store, &[]);
    let mut holder = store.open_postgres();
    holder.batch_execute("BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE").unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.stranger().login(ADMIN, PASSWORD));
        // More than once: what only reads is tried again on another connection.
        while !waiting.is_finished() {
            std::thread::sleep(Duration::from_millis(50));
            store.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
            );
        }
        waiting.join().unwrap().problem(503, "unavailable");
    });
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
