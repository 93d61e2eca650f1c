//! The overview: how many users there are, who signed in day by day, and what wants attention.

use std::sync::Arc;
use std::time::Duration;

use reeve::features::sign_ins::{Day, count_days_that_are_over};
use serde_json::{Value, json};

use crate::harness::{ADMIN, PASSWORD, Server, SignedIn, Store, block_on};

const ANN: &str = "ann@example.com";
const WRONG: &str = "not the right password";
const A_DAY: Duration = Duration::from_secs(86_400);
const SECOND: Duration = Duration::from_secs(1);

fn overview(somebody: &SignedIn, days: u32) -> Value {
    somebody.get(&format!("/overview?days={days}")).expect(200)
}

/// The counts of the last days, today's last.
fn counts(overview: &Value) -> Vec<(i64, i64)> {
    let days = overview["sign_ins"].as_array().unwrap();
    days.iter().map(|day| (day["ok"].as_i64().unwrap(), day["refused"].as_i64().unwrap())).collect()
}

fn today(server: &Server) -> String {
    Day::of(server.clock.now()).date()
}

/// Sets the clock ahead by so many days, and to no earlier than noon.
fn to_noon(server: &Server, days: u32) {
    let since_midnight = Duration::from_secs(server.clock.now().as_seconds().rem_euclid(86_400).unsigned_abs());
    server.clock.advance(days * A_DAY + A_DAY / 2 - since_midnight.min(A_DAY / 2));
}

/// An event of the trail as a sign-in writes it, at a time of the test's choice.
fn insert_event(server: &Server, action: &str, at: i64) {
    let (id, outcome) = (uuid::Uuid::now_v7(), if action.ends_with("refused") { "refused" } else { "ok" });
    server.store.execute(&format!(
        "INSERT INTO audit_events (id, at, action, outcome, changes) VALUES ('{id}', {at}, '{action}', '{outcome}', '{{}}')"
    ));
}

both_databases! {
    fn the_counts_of_users_are_those_of_the_lists_that_they_lead_to(server: Server) {
        let admin = server.admin();
        let check = |what: &str| {
            let users = overview(&admin, 1)["users"].clone();
            let now = server.clock.now().to_string();
            for (count, query) in [
                ("total", String::new()),
                ("active", "?filter=active:eq:true".to_owned()),
                ("pending", "?filter=approved:eq:false".to_owned()),
                ("locked", format!("?filter=locked_until:gt:{now}")),
            ] {
                assert_eq!(users[count], admin.get(&format!("/users{query}")).expect(200)["total"], "{count} {what}");
            }
            users
        };
        assert_eq!(check("at first"), json!({"total": 1, "active": 1, "pending": 0, "locked": 0}));
        let id = server.add_user(ANN, &[]);
        server.stranger().post("/auth/register", json!({"email": "new@example.com", "password": PASSWORD})).expect(202);
        admin.post("/users", json!({"email": "off@example.com", "active": false})).expect(201);
        assert_eq!(check("with others"), json!({"total": 4, "active": 3, "pending": 1, "locked": 0}));
        for _ in 0..5 {
            server.stranger().login(ANN, WRONG).problem(401, "invalid_credentials");
        }
        assert_eq!(check("with somebody locked")["locked"], 1);
        admin.post(&format!("/users/{id}/unlock"), json!({})).expect(200);
        assert_eq!(check("unlocked")["locked"], 0);
        admin.delete(&format!("/users/{id}")).expect(204);
        assert_eq!(check("with one deleted"), json!({"total": 3, "active": 2, "pending": 1, "locked": 0}));
    }

    fn a_lock_that_has_run_out_is_none(server: Server) {
        server.add_user(ANN, &[]);
        for _ in 0..5 {
            server.stranger().login(ANN, WRONG).problem(401, "invalid_credentials");
        }
        assert_eq!(overview(&server.admin(), 1)["users"]["locked"], 1);
        server.clock.advance(Duration::from_secs(120));
        let after = overview(&server.admin(), 1);
        assert_eq!((&after["users"]["locked"], &after["attention"]), (&json!(0), &json!([])));
    }

    fn only_what_there_is_wants_attention(store: Arc<Store>) {
        let server = Server::start(&store, &[]);
        let admin = server.admin();
        assert_eq!(overview(&admin, 1)["attention"], json!([]));
        for number in 0..2 {
            let email = format!("new{number}@example.com");
            server.stranger().post("/auth/register", json!({"email": email, "password": PASSWORD})).expect(202);
        }
        assert_eq!(overview(&admin, 1)["attention"], json!([{"kind": "approvals_pending", "count": 2}]));
        server.add_user(ANN, &[]);
        for _ in 0..5 {
            server.stranger().login(ANN, WRONG).problem(401, "invalid_credentials");
        }
        store.execute(
            "INSERT INTO mail_outbox (id, kind, recipient, content, created_at, attempts, next_attempt_at, failed_at, last_error) \
             VALUES ('given-up', 'test', 'ann@example.com', '', 1, 1, 1, 9000000000000000, 'no'), \
                    ('refused', 'test', 'ann@example.com', '', 1, 1, 9000000000000000, NULL, 'not now'), \
                    ('waits', 'test', 'ann@example.com', '', 1, 1, 9000000000000000, NULL, NULL)",
        );
        assert_eq!(overview(&admin, 1)["attention"], json!([
            {"kind": "approvals_pending", "count": 2},
            {"kind": "accounts_locked", "count": 1},
            {"kind": "mail_delayed", "count": 1},
            {"kind": "mail_failed", "count": 1},
        ]));
    }

    fn each_day_is_there_in_utc_and_sign_ins_and_refusals_are_told_apart(server: Server) {
        server.add_user(ANN, &[]);
        let admin = server.admin();
        server.stranger().sign_in(ANN, PASSWORD);
        server.stranger().login(ANN, WRONG).problem(401, "invalid_credentials");
        server.stranger().login("nobody@example.com", WRONG).problem(401, "invalid_credentials");
        let week = overview(&admin, 7);
        assert_eq!(counts(&week), [(0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (0, 0), (2, 2)]);
        assert_eq!(week["sign_ins"][6]["date"], today(&server));
        assert_eq!(admin.get("/overview").expect(200)["sign_ins"].as_array().unwrap().len(), 30);
        let year = overview(&admin, 365);
        let dates: Vec<_> = year["sign_ins"].as_array().unwrap().iter().map(|day| day["date"].as_str().unwrap()).collect();
        assert_eq!(dates.len(), 365);
        assert!(dates.is_sorted_by(|left, right| left < right));

        // The first and the last moment of a day are of that day, and what is older than the range is left out.
        let begins = Day::of(server.clock.now()).begins().as_micros();
        insert_event(&server, "user.signed_in", begins - 1);
        insert_event(&server, "user.signed_in", begins);
        insert_event(&server, "user.sign_in_refused", begins - 86_400_000_000);
        insert_event(&server, "user.sign_in_refused", begins - 86_400_000_001);
        insert_event(&server, "user.created", begins - 1);
        assert_eq!(counts(&overview(&admin, 2)), [(1, 1), (3, 2)]);
        assert_eq!(counts(&overview(&admin, 1)), [(3, 2)]);
    }

    fn the_days_that_are_over_are_counted_once_and_stay_what_they_were(server: Server) {
        server.add_user(ANN, &[]);
        for _ in 0..3 {
            server.stranger().sign_in(ANN, PASSWORD);
        }
        server.stranger().login(ANN, WRONG).problem(401, "invalid_credentials");
        let stored = || server.store.texts("SELECT CAST(ok AS TEXT) || ' ' || CAST(refused AS TEXT) AS value FROM sign_in_days ORDER BY day");
        to_noon(&server, 1);
        let expected = counts(&overview(&server.admin(), 3))[1];
        assert_eq!(expected, (3, 1));
        block_on(count_days_that_are_over(&server.state)).unwrap();
        let (kept, last) = (stored(), stored().pop());
        assert_eq!(last.as_deref(), Some("3 1"), "the day before is not counted");
        assert_eq!(counts(&overview(&server.admin(), 3))[1], expected);
        // Counted, it is not read again: here an event is added to it, which no sign-in ever does.
        insert_event(&server, "user.signed_in", server.clock.now().minus(A_DAY).as_micros());
        assert_eq!(counts(&overview(&server.admin(), 3))[1], expected);
        // A day is not over for good an hour before, and again nothing is counted twice.
        block_on(count_days_that_are_over(&server.state)).unwrap();
        assert_eq!(stored(), kept);
        // Days on which nobody came are kept as well, so that what follows has no gap.
        server.clock.advance(40 * A_DAY);
        block_on(count_days_that_are_over(&server.state)).unwrap();
        assert_eq!(stored().len(), kept.len() + 40);
        let month = counts(&overview(&server.admin(), 43));
        assert_eq!((month[1], month[42].0 > 0), (expected, true));
        assert_eq!(month[3..42], [(0, 0); 39]);
    }

    fn the_day_that_has_just_ended_is_not_settled_yet(server: Server) {
        let since_midnight = server.clock.now().as_seconds().rem_euclid(86_400).unsigned_abs();
        server.clock.advance(A_DAY - Duration::from_secs(since_midnight) + 1_800 * SECOND);
        block_on(count_days_that_are_over(&server.state)).unwrap();
        let begins = Day::of(server.clock.now()).begins().as_micros();
        insert_event(&server, "user.signed_in", begins - 1);
        assert_eq!(counts(&overview(&server.admin(), 2))[0].0, 1, "what was written just after midnight is lost");
        server.clock.advance(3_600 * SECOND);
        block_on(count_days_that_are_over(&server.state)).unwrap();
        assert_eq!(counts(&overview(&server.admin(), 2))[0].0, 1);
    }

    fn several_nodes_may_count_the_same_days_at_once(store: Arc<Store>) {
        let servers: Vec<_> = (0..2).map(|_| Server::start(&store, &[])).collect();
        servers[0].stranger().sign_in(ADMIN, PASSWORD);
        for server in &servers {
            to_noon(server, 3);
        }
        std::thread::scope(|scope| {
            for server in &servers {
                scope.spawn(|| block_on(count_days_that_are_over(&server.state)).unwrap());
            }
        });
        let days = store.texts("SELECT CAST(ok AS TEXT) AS value FROM sign_in_days ORDER BY day");
        assert!(days.ends_with(&["1".to_owned(), "0".to_owned(), "0".to_owned()]), "{days:?}");
    }

    fn a_period_that_is_none_and_whoever_may_not_see_users_are_refused(server: Server) {
        let admin = server.admin();
        for query in ["days=0", "days=366", "days=-1", "days=x", "days=", "days=1&days=2", "from=2024-11-24"] {
            admin.get(&format!("/overview?{query}")).problem(400, "invalid_parameter");
        }
        let auditor = server.member("auditor@example.com", &["audit:read", "users:write", "roles:read"]);
        assert_eq!(auditor.get("/overview").problem(403, "permission_denied")["required"], "users:read");
        auditor.get("/overview?days=0").problem(403, "permission_denied");
        server.stranger().get("/overview").problem(401, "unauthenticated");
        server.member("reader@example.com", &["users:read"]).get("/overview").expect(200);
    }
}
