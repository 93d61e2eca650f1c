//! What is older than it is kept goes from the trail, and nothing else does; what is left can be verified.

use std::sync::Arc;
use std::time::Duration;

use reeve::features::audit::trim;

use crate::audit_chain::{linked, tamper, verify};
use crate::harness::{Kind, Server, Store, block_on, reeve, run};

const KEPT: &[(&str, &str)] = &[("audit.retention", "30d")];
const DAY: Duration = Duration::from_secs(86_400);

fn actions(store: &Store) -> Vec<String> {
    store.texts("SELECT action AS value FROM audit_events ORDER BY seq")
}

/// Cuts the trail. While the background links events it is put off, which is no fault: there it comes again.
fn cut(server: &Server, store: &Store) {
    let cuts = || store.texts("SELECT statement AS value FROM audit_cuts");
    let before = cuts();
    for _ in 0..100 {
        block_on(trim(&server.state)).unwrap();
        if cuts() != before {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("the trail was never cut");
}

/// A trail whose first half is too old to be kept, and was deleted.
fn trimmed(store: &Arc<Store>) -> Server {
    let server = Server::start(store, KEPT);
    for number in 0..5 {
        server.add_user(&format!("old-{number}@example.com"), &[]);
    }
    linked(store);
    server.clock.advance(31 * DAY);
    server.add_user("new@example.com", &[]);
    linked(store);
    cut(&server, store);
    linked(store);
    server
}

both_databases! {
    fn what_is_older_than_it_is_kept_is_deleted_and_the_rest_verifies(store: Arc<Store>) {
        let before = actions(&store).len();
        let server = trimmed(&store);
        assert_eq!(actions(&store), ["user.created", "audit.trimmed"]);
        let admin = server.admin();
        linked(&store);
        if store.kind == Kind::Sqlite {
            let term = |word: &str| word.bytes().map(|byte| format!("{byte:02x}")).collect::<String>();
            let indexed = format!("SELECT CAST(rowid AS TEXT) AS value FROM audit_terms WHERE audit_terms MATCH 'n{}*'", term("user."));
            let kept = "SELECT CAST(seq AS TEXT) AS value FROM audit_events WHERE action LIKE 'user.%'";
            assert_eq!(store.texts(&indexed), store.texts(kept), "the index knows what is gone");
        }
        let gone = i64::try_from(before).unwrap() + 5;
        let event = admin.get("/audit?filter=action:eq:audit.trimmed").expect(200)["items"][0].clone();
        assert_eq!((&event["actor"], &event["user_agent"]), (&serde_json::Value::Null, &"reeve".into()));
        assert_eq!(event["changes"]["begins_after"]["to"], gone, "{event}");
        let (status, report) = verify(&store, &[]);
        assert_eq!((status, report["begins_after"].as_i64(), report["links"].as_i64()), (0, Some(gone), Some(3)), "{report}");
        // A hash that was kept elsewhere is still found, unless its event is gone.
        let head = store.texts("SELECT hash AS value FROM audit_links ORDER BY position DESC LIMIT 1").remove(0);
        assert_eq!(verify(&store, &["--head", &head]).0, 0);
        assert_eq!(verify(&store, &["--head", &"0".repeat(64)]).0, 1);

        let path = store.folder.path().join("export.ndjson");
        let text = admin.get("/audit/export").text();
        let check = |text: &str| {
            std::fs::write(&path, text).unwrap();
            verify(&store, &["--file", path.to_str().unwrap()]).0
        };
        assert_eq!(check(&text), 0);
        assert_eq!(check(&text.replace("new@example.com", "old@example.com")), 1);
        // Newest first: the oldest that is left goes, and the file no longer begins where it says that the trail does.
        let shorter: Vec<_> = text.lines().take(text.lines().count() - 1).collect();
        assert_eq!(check(&shorter.join("\n")), 1);
    }

    fn the_chain_goes_on_and_is_cut_again_once_a_day_at_most(store: Arc<Store>) {
        let server = trimmed(&store);
        server.clock.advance(31 * DAY);
        // All is too old now, and the last link stays for the next one to follow from.
        cut(&server, &store);
        linked(&store);
        assert_eq!(actions(&store), ["audit.trimmed", "audit.trimmed"]);
        server.clock.advance(DAY / 2);
        server.add_user("later@example.com", &[]);
        linked(&store);
        block_on(trim(&server.state)).unwrap();
        assert_eq!(actions(&store), ["audit.trimmed", "audit.trimmed", "user.created"]);
        assert_eq!(store.texts("SELECT statement AS value FROM audit_cuts").len(), 1, "old statements pile up");
        let (status, report) = verify(&store, &[]);
        assert_eq!(status, 0, "{report}");
    }

    fn without_the_setting_everything_is_kept(server: Server) {
        server.add_user("old@example.com", &[]);
        linked(&server.store);
        let before = actions(&server.store);
        server.clock.advance(10_000 * DAY);
        block_on(trim(&server.state)).unwrap();
        assert_eq!(actions(&server.store), before);
    }

    fn nothing_but_what_a_cut_covers_can_be_deleted(store: Arc<Store>) {
        drop(trimmed(&store));
        let before = actions(&store);
        for sql in ["DELETE FROM audit_events", "DELETE FROM audit_links", "DELETE FROM audit_cuts", "UPDATE audit_cuts SET position = 1000000"] {
            assert!(store.try_execute(sql).is_err(), "{sql} was let through");
        }
        if store.kind == Kind::Postgres {
            assert!(store.try_execute("TRUNCATE audit_cuts").is_err());
        }
        assert_eq!(actions(&store), before);
    }

    fn whoever_cuts_the_trail_without_the_keys_is_found_out(store: Arc<Store>) {
        drop(trimmed(&store));
        let last = "SELECT CAST(MAX(position) AS TEXT) AS value FROM audit_links";
        let last = store.texts(last).remove(0);
        let statement = store.texts("SELECT statement AS value FROM audit_cuts").remove(0);
        let key = store.texts("SELECT public_key AS value FROM audit_cuts").remove(0);
        // As the signed statement of another cut, with the right hash beside it.
        tamper(&store, &format!(
            "INSERT INTO audit_cuts (position, at, hash, public_key, statement)
             SELECT position - 1, 9000000000000000, prev_hash, '{key}', '{statement}' FROM audit_links WHERE position = {last};
             DELETE FROM audit_events WHERE seq IN (SELECT event_seq FROM audit_links WHERE position < {last});
             DELETE FROM audit_links WHERE position < {last};"
        ));
        let (status, report) = verify(&store, &[]);
        assert_eq!(status, 1, "{report}");
        assert!(report["findings"].to_string().contains("the trail was cut here has no valid signature"), "{report}");
        assert!(report["findings"].to_string().contains("links are missing"), "{report}");
    }

    fn a_cut_is_signed_by_a_key_that_there_still_is(store: Arc<Store>) {
        drop(trimmed(&store));
        let signed = store.texts("SELECT public_key AS value FROM audit_cuts");
        assert_eq!(run(reeve(&store, &[], &["keys", "rotate"])).0, 0);
        // The next one to sign the end of the chain does it.
        assert_eq!(run(reeve(&store, &[], &["roles", "create", "editors"])).0, 0);
        assert_ne!(store.texts("SELECT public_key AS value FROM audit_cuts"), signed);
        store.execute(&format!("DELETE FROM signing_keys WHERE public_key = '{}'", signed[0]));
        let (status, report) = verify(&store, &[]);
        assert_eq!(status, 0, "{report}");
        assert!(report["begins_after"].as_i64().unwrap() > 0, "{report}");
    }

    fn a_retention_that_is_too_short_is_refused_at_the_start(store: Arc<Store>) {
        let (status, _, errors) = run(reeve(&store, &[("audit.retention", "6d")], &["config", "check"]));
        assert_eq!(status, 1, "{errors}");
        assert!(errors.contains("audit.retention") && errors.contains("7d"), "{errors}");
    }
}
