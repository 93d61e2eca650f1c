//! What a lock leaves behind: for administrators, for the audit trail, and for the account's owner.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{ANN, WRONG, events, fail, wait_of};
use crate::harness::{Mailbox, PASSWORD, Server, Store, wait_for};

both_databases! {
    fn an_administrator_sees_who_is_locked_and_unlocks_and_no_edit_is_spoilt(server: Server) {
        let (admin, id) = (server.admin(), server.add_user(ANN, &[]));
        let user = format!("/users/{id}");
        let tag = admin.get(&user).header("etag").unwrap().to_owned();
        let client = server.stranger();
        fail(&client, ANN, 5);
        let locked = admin.get(&user);
        assert!(locked.expect(200)["locked_until"].is_string(), "{locked}");
        assert_eq!(locked.header("etag"), Some(tag.as_str()), "a stranger's guesses spoil an edit");
        let listed = admin.get("/users?filter=locked_until:not_null").expect(200);
        assert_eq!(listed["items"][0]["email"], ANN);

        assert_eq!(admin.post(&format!("{user}/unlock"), json!({})).expect(200)["locked_until"], Value::Null);
        fail(&client, ANN, 4);
        client.sign_in(ANN, PASSWORD);

        fail(&client, ANN, 5);
        assert_eq!(admin.post(&format!("{user}/reset-access"), json!({})).expect(200)["locked_until"], Value::Null);
        assert_eq!(client.login(ANN, PASSWORD).expect(200)["status"], "password_change_required");

        fail(&client, ANN, 5);
        admin.put(&format!("{user}/password"), json!({"password": "another horse, another battery"})).expect(204);
        assert_eq!(admin.get(&user).expect(200)["locked_until"], Value::Null);
        client.sign_in(ANN, "another horse, another battery");

        fail(&client, ANN, 5);
        server.clock.advance(Duration::from_secs(31));
        client.sign_in(ANN, "another horse, another battery");
        assert_eq!(admin.get(&user).expect(200)["locked_until"], Value::Null);
    }

    fn the_audit_trail_tells_why_and_never_what_was_typed_and_is_not_flooded(server: Server) {
        let id = server.add_user(ANN, &[]);
        let client = server.stranger();
        let typed = "my.secret.name@example.com";
        fail(&client, ANN, 1);
        fail(&client, typed, 1);
        for (column, reason) in [("active", "inactive"), ("approved", "unapproved")] {
            server.store.execute(&format!("UPDATE users SET {column} = FALSE WHERE email = '{ANN}'"));
            client.login(ANN, PASSWORD).problem(401, "invalid_credentials");
            server.store.execute(&format!("UPDATE users SET {column} = TRUE WHERE email = '{ANN}'"));
            assert_eq!(events(&server, "user.sign_in_refused")[0]["changes"]["reason"]["to"], reason);
        }
        let refused = events(&server, "user.sign_in_refused");
        assert_eq!((&refused[3]["changes"]["reason"]["to"], &refused[3]["target"]["id"]), (&json!("wrong_password"), &json!(id)));
        assert_eq!((&refused[2]["changes"]["reason"]["to"], &refused[2]["target"]), (&json!("unknown"), &Value::Null));
        for event in &refused {
            assert_eq!((&event["outcome"], &event["actor"], &event["ip"]), (&json!("refused"), &Value::Null, &json!("127.0.0.1")));
            assert!(!event.to_string().contains("secret") && !event.to_string().contains(WRONG), "{event}");
        }
        fail(&client, ANN, 2);
        let locked = events(&server, "user.locked");
        assert_eq!((locked.len(), &locked[0]["target"]["id"]), (1, &json!(id)));
        let number = || events(&server, "user.sign_in_refused").len();
        assert_eq!(number(), 6);
        let client = &client;
        let refuse = |times: usize| (0..times).for_each(|_| { wait_of(&client.login(ANN, PASSWORD)); });
        refuse(5);
        assert_eq!(number(), 6, "each refusal leaves an event");
        server.clock.advance(Duration::from_secs(31));
        fail(client, ANN, 1);
        server.clock.advance(Duration::from_secs(59));
        refuse(5);
        assert_eq!(number(), 7);
        server.clock.advance(Duration::from_secs(31));
        fail(client, ANN, 1);
        server.clock.advance(Duration::from_secs(61));
        refuse(5);
        assert_eq!(number(), 9);
        assert_eq!(events(&server, "user.sign_in_refused")[0]["changes"]["reason"]["to"], "too_many_attempts");
        assert_eq!(events(&server, "user.locked").len(), 1, "a lock that goes on is told again");
    }

    fn the_owner_is_told_by_mail_once_a_lock_and_nobody_for_a_name_that_is_not_there(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        server.add_user(ANN, &[]);
        let client = server.stranger();
        fail(&client, "nobody@example.com", 5);
        fail(&client, ANN, 5);
        wait_of(&client.login(ANN, WRONG));
        server.clock.advance(Duration::from_secs(31));
        fail(&client, ANN, 1);
        wait_for("the mail", || !mailbox.mails().is_empty());
        assert_eq!((mailbox.mails().len(), mailbox.to(ANN).len()), (1, 1));
        server.clock.advance(Duration::from_secs(61));
        client.sign_in(ANN, PASSWORD);
        fail(&client, ANN, 5);
        wait_for("the second mail", || mailbox.to(ANN).len() == 2);
    }
}
