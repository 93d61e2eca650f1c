//! The chain over the audit trail: whatever is done to the stored trail is found, and named.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::harness::{Kind, Provided, Server, Store, reeve, run};

/// Waits until all that happened is linked and signed.
pub fn linked(store: &Store) {
    let unlinked = "SELECT id AS value FROM audit_events WHERE seq NOT IN (SELECT event_seq FROM audit_links)";
    let started = Instant::now();
    while !store.texts(unlinked).is_empty() {
        assert!(started.elapsed() < Duration::from_secs(5), "the events were not linked");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// A trail with a signed end; nothing runs on the store any more.
fn trail(server: Server) -> Arc<Store> {
    let store = Arc::clone(&server.store);
    for number in 0..5 {
        server.add_user(&format!("ann-{number}@example.com"), &[]);
    }
    drop(server);
    // A command signs where the chain stands when it ends.
    assert_eq!(run(reeve(&store, &[], &["roles", "create", "editors"])).0, 0);
    store
}

pub fn verify(store: &Store, more: &[&str]) -> (i32, Value) {
    let arguments = [&["audit", "verify", "--json"], more].concat();
    let (status, printed, errors) = run(reeve(store, &[], &arguments));
    let report = serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}{errors}"));
    (status, report)
}

/// Does what the triggers forbid, as somebody can who owns the database.
pub fn tamper(store: &Store, sql: &str) {
    let sql = match store.kind {
        Kind::Postgres => format!("SET session_replication_role = replica; {sql}"),
        Kind::Sqlite => {
            let names = store
                .texts("SELECT name AS value FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'audit%'");
            let drops: String = names.iter().map(|name| format!("DROP TRIGGER {name};")).collect();
            drops + sql
        }
    };
    store.execute(&sql);
}

#[track_caller]
fn found(store: &Store, position: i64, problem: &str) {
    let (status, report) = verify(store, &[]);
    assert_eq!(status, 1, "{report}");
    let findings = report["findings"].as_array().unwrap();
    assert!(
        findings
            .iter()
            .any(|finding| finding["position"] == position && finding["problem"].as_str().unwrap().contains(problem)),
        "{position}, {problem}: {report}"
    );
}

/// On PostgreSQL a command leaves its events to whoever links at that moment.
#[test]
fn commands_at_the_same_time_leave_no_event_without_its_link_on_sqlite() {
    let store = <Arc<Store> as Provided>::provide(Kind::Sqlite);
    for round in 0..12 {
        std::thread::scope(|scope| {
            let commands = (0..10).map(|number| format!("role-{round}-{number}"));
            let commands: Vec<_> = commands
                .map(|name| scope.spawn(|| run(reeve(&store, &[], &["roles", "create", &{ name }])).0))
                .collect();
            commands.into_iter().for_each(|command| assert_eq!(command.join().unwrap(), 0));
        });
        let (status, report) = verify(&store, &[]);
        assert_eq!((status, &report["unlinked"]), (0, &0.into()), "{report}");
    }
}

both_databases! {
    fn what_is_done_is_linked_and_an_untouched_trail_verifies(server: Server) {
        let admin = server.admin();
        linked(&server.store);
        let events = admin.get("/audit?limit=200").expect(200)["items"].as_array().unwrap().clone();
        for pair in events.windows(2) {
            assert_eq!(pair[0]["prev_hash"], pair[1]["hash"]);
            assert_eq!(pair[0]["position"].as_i64().unwrap(), pair[1]["position"].as_i64().unwrap() + 1);
        }
        // Who signs in was a stranger when they asked; what they do afterwards is done in a session.
        admin.request("POST", "/auth/logout").send().expect(204);
        let admin = server.admin();
        let out = admin.get("/audit?filter=action:eq:user.signed_out").expect(200)["items"][0].clone();
        assert!(out["session"].is_string(), "{out}");
        let store = trail(server);
        let (status, report) = verify(&store, &[]);
        assert_eq!(status, 0, "{report}");
        assert!(report["checkpoints"].as_i64().unwrap() >= 1 && report["unlinked"] == 0, "{report}");
        assert_eq!(verify(&store, &["--head", report["head"].as_str().unwrap()]).0, 0);
        assert_eq!(verify(&store, &["--head", "00"]).0, 1);
    }

    fn an_event_that_was_changed_is_named(server: Server) {
        let store = trail(server);
        tamper(&store, "UPDATE audit_events SET actor_email = 'x' WHERE seq = (SELECT event_seq FROM audit_links WHERE position = 3)");
        found(&store, 3, "changed");
        assert_eq!(verify(&store, &[]).1["problems"], 1);
    }

    fn an_event_that_was_removed_is_named(server: Server) {
        let store = trail(server);
        tamper(&store, "DELETE FROM audit_events WHERE seq = (SELECT event_seq FROM audit_links WHERE position = 3)");
        found(&store, 3, "removed");
    }

    fn an_event_that_was_removed_with_its_link_is_named(server: Server) {
        let store = trail(server);
        tamper(&store, "DELETE FROM audit_events WHERE seq = (SELECT event_seq FROM audit_links WHERE position = 3); DELETE FROM audit_links WHERE position = 3");
        found(&store, 3, "missing");
    }

    fn events_that_changed_places_are_named(server: Server) {
        let store = trail(server);
        tamper(&store, "UPDATE audit_links SET position = -position WHERE position IN (2, 3); UPDATE audit_links SET position = 5 + position WHERE position < 0");
        found(&store, 2, "does not follow");
    }

    fn an_event_that_was_slipped_in_is_named(server: Server) {
        let store = trail(server);
        let override_seq = if store.kind == Kind::Postgres { "OVERRIDING SYSTEM VALUE" } else { "" };
        tamper(&store, &format!("INSERT INTO audit_events (seq, id, at, action, outcome, changes) {override_seq} VALUES (-1, 'x', 1, 'user.created', 'ok', '{{}}')"));
        let (status, report) = verify(&store, &[]);
        assert_eq!((status, &report["findings"][0]["id"]), (1, &Value::from("x")), "{report}");
    }

    fn an_end_that_was_cut_off_is_named(server: Server) {
        let store = trail(server);
        let last: i64 = store.texts("SELECT CAST(MAX(position) AS TEXT) AS value FROM audit_links")[0].parse().unwrap();
        tamper(&store, &format!("DELETE FROM audit_events WHERE seq = (SELECT event_seq FROM audit_links WHERE position = {last}); DELETE FROM audit_links WHERE position = {last}"));
        found(&store, last, "cut off");
    }

    fn a_link_and_a_checkpoint_that_were_changed_are_named(server: Server) {
        let store = trail(server);
        let last: i64 = store.texts("SELECT CAST(MAX(position) AS TEXT) AS value FROM audit_checkpoints")[0].parse().unwrap();
        tamper(&store, "UPDATE audit_checkpoints SET statement = statement || 'x'");
        found(&store, last, "signature");
        tamper(&store, "UPDATE audit_links SET hash = 'x' WHERE position = 2");
        found(&store, 3, "does not follow");
    }

    fn a_checkpoint_of_a_foreign_key_does_not_pass(server: Server) {
        let store = trail(server);
        let last: i64 = store.texts("SELECT CAST(MAX(position) AS TEXT) AS value FROM audit_checkpoints")[0].parse().unwrap();
        tamper(&store, "DELETE FROM signing_keys WHERE public_key IN (SELECT public_key FROM audit_checkpoints)");
        found(&store, last, "none of this store's");
    }

    fn an_export_verifies_by_itself_and_a_change_of_it_is_found(server: Server) {
        let admin = server.admin();
        linked(&server.store);
        let path = server.store.folder.path().join("export.ndjson");
        let text = admin.get("/audit/export").text();
        assert!(admin.get("/audit/export?format=csv").text().lines().next().unwrap().ends_with("session,position,prev_hash,hash"));
        let check = |text: &str| {
            std::fs::write(&path, text).unwrap();
            verify(&server.store, &["--file", path.to_str().unwrap()]).0
        };
        assert_eq!(check(&text), 0);
        assert_eq!(check(&text.replacen("user.signed_in", "user.signed_up", 1)), 1);
        let first = text.lines().count() - 1;
        assert_eq!(check(&text.lines().take(first).collect::<Vec<_>>().join("\n")), 1, "the oldest event is gone");
    }

    fn neither_links_nor_checkpoints_can_be_rewritten(server: Server) {
        let store = trail(server);
        for sql in ["UPDATE audit_links SET hash = 'x'", "DELETE FROM audit_links", "UPDATE audit_checkpoints SET at = 1", "DELETE FROM audit_checkpoints"] {
            assert!(store.try_execute(sql).is_err(), "{sql} was let through");
        }
        if store.kind == Kind::Postgres {
            for table in ["audit_events", "audit_links", "audit_checkpoints"] {
                assert!(store.try_execute(&format!("TRUNCATE {table}")).is_err(), "{table} was truncated");
            }
        }
    }
}
