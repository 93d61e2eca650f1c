//! What is written down: who acts, in whose name, and why.

use serde_json::{Value, json};

use super::{ANN, HELPER, helper_and_ann, impersonate};
use crate::harness::{PASSWORD, Server, SignedIn, reeve, run, wait_for};

fn events(by: &SignedIn, filter: &str) -> Vec<Value> {
    by.get(&format!("/audit?limit=200&filter={filter}")).expect(200)["items"].as_array().unwrap().clone()
}

both_databases! {
    fn that_it_began_is_written_down_with_the_reason_and_the_session(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&helper, &ann.id);
        let event = events(&server.admin(), "action:eq:user.impersonated").remove(0);
        assert_eq!((&event["actor"]["email"], &event["impersonator"]), (&json!(HELPER), &Value::Null));
        assert_eq!((&event["target"]["id"], &event["target"]["label"]), (&json!(ann.id), &json!(ANN)));
        assert_eq!((&event["outcome"], &event["changes"]["reason"]["to"]), (&json!("ok"), &json!("Ticket 4711")));
        // What is done in it is found by its session.
        acting.patch("/me", json!({"display_name": "Ann"})).expect(200);
        let done = events(&server.admin(), "action:eq:user.updated").remove(0);
        assert_eq!(done["session"], event["changes"]["session"]["to"]);
    }

    fn every_event_of_it_names_both(server: Server) {
        let admin = server.admin();
        let ann = server.add_user(ANN, &["users:*"]);
        let acting = impersonate(&admin, &ann);
        acting.post("/users", json!({"email": "new@example.com"})).expect(201);
        acting.get("/users/export?format=csv");
        acting.request("POST", &format!("/users/{}/deactivate", admin.id)).send().problem(403, "privilege_escalation");
        acting.delete(&format!("/users/{ann}")).problem(403, "impersonation_refused");
        acting.post("/auth/reauthenticate", json!({"password": PASSWORD})).problem(403, "impersonation_refused");
        acting.request("POST", "/auth/logout").send().expect(204);
        let (mut seen, both) = (Vec::new(), json!({"id": admin.id, "email": crate::harness::ADMIN}));
        wait_for("all that was done to be written down", || {
            seen = events(&admin, &format!("actor:eq:{ann}"));
            seen.len() == 6
        });
        for event in &seen {
            assert_eq!((&event["actor"]["email"], &event["impersonator"]), (&json!(ANN), &both), "{event}");
        }
        let mut told: Vec<_> = seen.iter().map(|event| format!("{} {}", event["action"].as_str().unwrap(), event["outcome"].as_str().unwrap())).collect();
        told.sort();
        assert_eq!(told, ["access.refused refused", "user.created ok", "user.deactivated refused", "user.deleted refused", "user.impersonation_ended ok", "users.exported ok"]);
    }

    fn the_chain_covers_who_is_behind_it(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&helper, &ann.id);
        acting.patch("/me", json!({"display_name": "Ann"})).expect(200);
        let store = std::sync::Arc::clone(&server.store);
        let unlinked = "SELECT id AS value FROM audit_events WHERE seq NOT IN (SELECT event_seq FROM audit_links)";
        wait_for("the events to be linked", || store.texts(unlinked).is_empty());
        drop(server);
        let verify = || run(reeve(&store, &[], &["audit", "verify", "--json"]));
        let (status, printed, errors) = verify();
        assert_eq!(status, 0, "{printed}{errors}");
        let sql = "UPDATE audit_events SET impersonator_email = 'x@example.com' WHERE impersonator_id IS NOT NULL";
        match store.kind {
            crate::harness::Kind::Postgres => store.execute(&format!("SET session_replication_role = replica; {sql}")),
            crate::harness::Kind::Sqlite => store.execute(&format!("DROP TRIGGER audit_events_are_never_changed; {sql}")),
        }
        assert_eq!(verify().0, 1, "a changed impersonator was not found");
    }

    fn the_user_is_told_in_their_data_that_it_was_not_they(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        impersonate(&helper, &ann.id).patch("/me", json!({"display_name": "Ann"})).expect(200);
        let data = ann.get("/me/export").expect(200);
        let events = data["events"].as_array().unwrap();
        let changed = events.iter().find(|event| event["action"] == "user.updated").unwrap();
        assert_eq!(changed["impersonator"]["email"], HELPER, "{changed}");
        assert_eq!((&changed["ip"], &changed["user_agent"], &changed["session"]), (&Value::Null, &Value::Null, &Value::Null));
        assert!(data["sessions"].as_array().unwrap().iter().any(|session| session["impersonated_by"]["email"] == HELPER));
    }
}
