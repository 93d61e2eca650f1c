//! When the database is away, the disk is full or the process is killed: a clear answer, nothing lost that was acknowledged,
//! and service again by itself.

mod postgres;
mod process;
mod sqlite;

use std::sync::Mutex;

use serde_json::json;

use crate::harness::{Client, Kind, PASSWORD, Store};

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
