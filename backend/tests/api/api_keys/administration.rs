//! Keys of others: of service accounts, which have nothing else, and of people.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, create, id, service_account, with_key};
use crate::harness::{Mailbox, PASSWORD, Server, Store};

both_databases! {
    fn a_service_account_acts_by_keys_that_administrators_make_and_never_signs_in(server: Server) {
        let admin = server.admin();
        server.create_role("reader", &["users:read"]);
        let robot = service_account(&admin, &["reader"]);
        let path = format!("/users/{robot}/api-keys");
        let created = admin.post(&path, json!({"name": "nightly"})).expect(201);
        let key = with_key(&admin, &created);
        let me = key.get("/me").expect(200);
        assert_eq!((&me["kind"], &me["id"], &me["permissions"]), (&json!("service"), &json!(robot), &json!(["users:read"])));
        key.get("/users").expect(200);
        assert_eq!(admin.get(&path).expect(200)["items"][0]["prefix"], created["prefix"]);
        admin.put(&format!("/users/{robot}/password"), json!({"password": PASSWORD})).expect(204);
        server.stranger().login("robot@example.com", PASSWORD).problem(401, "invalid_credentials");
        key.get("/users").expect(200);
        admin.delete(&format!("{path}/{}", id(&created))).expect(204);
        key.get("/users").problem(401, "unauthenticated");
        admin.delete(&format!("{path}/{}", id(&created))).problem(404, "not_found");
    }

    fn a_service_account_is_never_written_to(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let admin = server.admin();
        let robot = service_account(&admin, &[]);
        admin.post(&format!("/users/{robot}/api-keys"), json!({"name": "nightly"})).expect(201);
        admin.put(&format!("/users/{robot}/password"), json!({"password": PASSWORD})).expect(204);
        for number in 0..6 {
            server.stranger().login("robot@example.com", &format!("wrong password {number}"));
        }
        admin.patch(&format!("/users/{robot}"), json!({"email": "android@example.com"})).expect(200);
        for email in ["robot@example.com", "android@example.com"] {
            server.stranger().post("/auth/password/forgot", json!({"email": email})).expect(202);
        }
        // A mail that is due later than all of these has arrived.
        admin.post("/users", json!({"email": "last@example.com"})).expect(201);
        mailbox.next_to("last@example.com", 0);
        assert_eq!(mailbox.mails().len(), 1, "{:?}", mailbox.mails().iter().map(|mail| mail.text.clone()).collect::<Vec<_>>());
    }

    fn nobody_makes_or_deletes_keys_of_who_may_do_more_than_they(server: Server) {
        let admin = server.admin();
        let ann = server.member(ANN, &["users:*"]);
        let robot = service_account(&admin, &["admin"]);
        let created = admin.post(&format!("/users/{robot}/api-keys"), json!({"name": "strong"})).expect(201);
        for user in [&robot, &admin.id] {
            // Not even one that permits no more than they may themselves.
            for body in [json!({"name": "mine"}), json!({"name": "mine", "permissions": ["users:read"]}), json!({"name": "mine", "permissions": []})] {
                ann.post(&format!("/users/{user}/api-keys"), body).problem(403, "privilege_escalation");
            }
        }
        ann.delete(&format!("/users/{robot}/api-keys/{}", id(&created))).problem(403, "privilege_escalation");
        with_key(&admin, &created).get("/me").expect(200);
        assert_eq!(admin.get(&format!("/users/{robot}/api-keys")).expect(200)["total"], 1);
        let refused = admin.get("/audit?filter=outcome:eq:refused&filter=action:starts_with:api_key").expect(200);
        // The same is told once a minute: who made keys for the one and the other, and who deleted one.
        assert_eq!((&refused["total"], &refused["items"][0]["target"]["label"]), (&json!(3), &json!("robot@example.com")));
    }

    fn a_key_for_another_permits_no_more_than_they_may(server: Server) {
        let admin = server.admin();
        server.create_role("reader", &["users:read"]);
        let path = format!("/users/{}/api-keys", service_account(&admin, &["reader"]));
        admin.post(&path, json!({"name": "wide", "permissions": ["users:write"]})).problem(403, "privilege_escalation");
        admin.post(&path, json!({"name": "wide", "permissions": ["*"]})).problem(403, "privilege_escalation");
        admin.post(&path, json!({"name": "right", "permissions": ["users:read"]})).expect(201);
    }

    fn a_key_is_found_under_its_owner_alone(server: Server) {
        let (admin, ann, ben) = (server.admin(), server.member(ANN, &[]), server.member("ben@example.com", &[]));
        let created = create(&ann, json!({"name": "ann's"}));
        ben.delete(&format!("/me/api-keys/{}", id(&created))).problem(404, "not_found");
        admin.delete(&format!("/users/{}/api-keys/{}", ben.id, id(&created))).problem(404, "not_found");
        for nothing in ["01939d3c-0000-7000-8000-0000000000ff", "key"] {
            admin.delete(&format!("/users/{}/api-keys/{nothing}", ann.id)).problem(404, "not_found");
            admin.delete(&format!("/users/{nothing}/api-keys/{}", id(&created))).problem(404, "not_found");
            admin.get(&format!("/users/{nothing}/api-keys")).problem(404, "not_found");
            admin.post(&format!("/users/{nothing}/api-keys"), json!({"name": "x"})).problem(404, "not_found");
        }
        with_key(&ann, &created).get("/me").expect(200);
    }
}
