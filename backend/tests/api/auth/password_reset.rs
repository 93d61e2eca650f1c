//! Choosing a new password by a mailed link.

use std::sync::Arc;

use serde_json::json;

use super::{MINUTE, NEW_PASSWORD};
use crate::harness::{Mailbox, PASSWORD, Server, Store, in_parallel, wait_for};

const ANN: &str = "ann@example.com";

fn start(store: &Arc<Store>, mailbox: &Mailbox) -> Server {
    Server::start(store, &[("mail.url", &mailbox.url)])
}

/// The token of the next link that ANN is mailed.
fn forget(server: &Server, mailbox: &Mailbox) -> String {
    let links = || {
        let mails = mailbox.to(ANN).into_iter().filter(|mail| mail.text.contains("/reset-password?"));
        mails.map(|mail| mail.token()).collect::<Vec<_>>()
    };
    let seen = links().len();
    server.stranger().post("/auth/password/forgot", json!({"email": ANN})).expect(202);
    wait_for("a link", || links().len() > seen);
    links().swap_remove(seen)
}

both_databases! {
    fn whoever_forgot_their_password_chooses_another_and_all_sessions_end(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let before = server.member(ANN, &[]);
        let token = forget(&server, &mailbox);
        let reset = |token: &str, password: &str| {
            server.stranger().post("/auth/password/reset", json!({"token": token, "password": password}))
        };
        // What is refused uses nothing up.
        assert_eq!(reset(&token, "short").field_error("password"), "password_too_short");
        reset(&token, NEW_PASSWORD).expect(204);
        before.get("/me").problem(401, "unauthenticated");
        server.stranger().refresh(&before.refresh_token).problem(401, "invalid_refresh_token");
        server.stranger().login(ANN, PASSWORD).problem(401, "invalid_credentials");
        server.stranger().sign_in(ANN, NEW_PASSWORD);
        reset(&token, "yet another long password").problem(400, "invalid_token");
        assert!(mailbox.next_to(ANN, 1).subject.contains("password was changed"));
    }

    fn whoever_registered_with_somebody_elses_address_keeps_no_way_in_once_its_owner_resets_the_password(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(
            &store,
            &[("mail.url", &mailbox.url), ("registration", "open"), ("email_verification", "optional")],
        );
        let registration = json!({"email": ANN, "password": PASSWORD});
        server.stranger().post("/auth/register", registration).expect(202);
        let thief = server.stranger().sign_in(ANN, PASSWORD);
        crate::passkeys::add(&server, &thief);
        let key = thief.post("/me/api-keys", json!({"name": "later"})).expect(201)["key"].as_str().unwrap().to_owned();
        let with_key = server.stranger().with_token(&key);
        let ids = || store.texts("SELECT user_id AS value FROM passkeys");
        assert_eq!(ids().len(), 1);
        let token = forget(&server, &mailbox);
        server.stranger().post("/auth/password/reset", json!({"token": token, "password": NEW_PASSWORD})).expect(204);
        with_key.get("/users").problem(401, "unauthenticated");
        thief.get("/me").problem(401, "unauthenticated");
        assert!(ids().is_empty());
        let events = server.admin().get("/audit?filter=action:eq:user.email_verified").expect(200);
        assert_eq!(events["total"], 1, "{events}");
        let ann = server.stranger().sign_in(ANN, NEW_PASSWORD);
        assert_eq!(ann.get("/me").expect(200)["email_verified"], true);
        // Who has shown the address to be theirs keeps what they have set up.
        crate::passkeys::add(&server, &ann);
        let token = forget(&server, &mailbox);
        server.stranger().post("/auth/password/reset", json!({"token": token, "password": "yet another long one"})).expect(204);
        assert_eq!(ids().len(), 1);
    }

    fn a_link_is_dead_after_an_hour_and_after_any_change_of_the_password_or_the_address(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let ann = server.member(ANN, &[]);
        let reset = |token: &str| {
            server.stranger().post("/auth/password/reset", json!({"token": token, "password": NEW_PASSWORD}))
        };
        let old = forget(&server, &mailbox);
        server.clock.advance(61 * MINUTE);
        reset(&old).problem(400, "invalid_token");

        let token = forget(&server, &mailbox);
        let change = json!({"current_password": PASSWORD, "new_password": "a password of one's own choice"});
        server.stranger().sign_in(ANN, PASSWORD).post("/auth/password/change", change).expect(200);
        reset(&token).problem(400, "invalid_token");

        let (admin, id) = (server.admin(), ann.id);
        for (method, path, body) in [
            ("PUT", format!("/users/{id}/password"), json!({"password": "what an administrator chose"})),
            ("POST", format!("/users/{id}/reset-access"), json!({})),
            ("PATCH", format!("/users/{id}"), json!({"email": "anne@example.com"})),
            ("PATCH", format!("/users/{id}"), json!({"email": ANN})),
            ("POST", format!("/users/{id}/deactivate"), json!({})),
        ] {
            // Between the two changes of the address nobody can be sent a link to the former one.
            let token = if body["email"] == ANN { "none".to_owned() } else { forget(&server, &mailbox) };
            admin.request(method, &path).json(&body).send().expect_success();
            reset(&token).problem(400, "invalid_token");
        }
    }

    fn of_many_who_use_one_link_at_once_one_succeeds(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        server.add_user(ANN, &[]);
        let token = forget(&server, &mailbox);
        let client = server.stranger();
        let answers = in_parallel(8, |number| {
            client.post("/auth/password/reset", json!({"token": token, "password": format!("{NEW_PASSWORD} {number}")})).status
        });
        assert_eq!(answers.iter().filter(|status| **status == 204).count(), 1, "{answers:?}");
        assert!(answers.iter().all(|status| [204, 400].contains(status)), "{answers:?}");
    }

    fn strangers_can_not_fill_somebodys_mailbox(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        server.add_user(ANN, &[]);
        server.add_user("ben@example.com", &[]);
        for _ in 0..8 {
            server.stranger().post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        }
        server.stranger().post("/auth/register", json!({"email": ANN, "password": PASSWORD})).expect(202);
        server.stranger().post("/auth/password/forgot", json!({"email": "ben@example.com"})).expect(202);
        mailbox.next_to("ben@example.com", 0);
        wait_for("the mails to leave", || store.texts("SELECT id AS value FROM mail_outbox").is_empty());
        assert_eq!(mailbox.to(ANN).len(), 5);
        server.clock.advance(16 * MINUTE);
        server.stranger().post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        mailbox.next_to(ANN, 5);
    }

    fn nobody_who_may_not_sign_in_is_sent_a_link(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let admin = server.admin();
        server.add_user("inactive@example.com", &[]);
        store.execute("UPDATE users SET active = FALSE WHERE email = 'inactive@example.com'");
        server.add_user("unapproved@example.com", &[]);
        store.execute("UPDATE users SET approved = FALSE WHERE email = 'unapproved@example.com'");
        admin.post("/users", json!({"email": "service@example.com", "kind": "service"})).expect(201);
        for email in ["inactive@example.com", "unapproved@example.com", "service@example.com", "nobody@example.com"] {
            server.stranger().post("/auth/password/forgot", json!({"email": email})).expect(202);
        }
        wait_for("the requests to be done", || store.texts("SELECT id AS value FROM link_requests").is_empty());
        assert!(mailbox.mails().is_empty());
        assert!(store.texts("SELECT purpose AS value FROM one_time_tokens").is_empty());
    }

    fn the_token_of_a_link_is_nowhere_in_the_store(store: Arc<Store>) {
        // Nobody takes the mails out: the directory can't be made.
        let blocked = tempfile::NamedTempFile::new().unwrap();
        let server = Server::start(&store, &[("mail.url", &format!("file:{}", blocked.path().display()))]);
        server.add_user(ANN, &[]);
        server.stranger().post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        wait_for("the mail to wait", || !store.texts("SELECT last_error AS value FROM mail_outbox WHERE last_error IS NOT NULL").is_empty());
        let stored = store.texts("SELECT content || last_error AS value FROM mail_outbox").concat();
        assert!(stored.starts_with("v1."), "{stored}");
        for word in ["reset-password", "token=", "Choose"] {
            assert!(!stored.contains(word), "{stored}");
        }
    }
}
