//! Showing that an address is one's own.

use std::sync::Arc;

use serde_json::json;

use super::{DAY, MINUTE};
use crate::harness::{ADMIN, Mailbox, PASSWORD, Server, Store};

const ANN: &str = "ann@example.com";

fn start(store: &Arc<Store>, registration: &str, mailbox: &Mailbox) -> Server {
    Server::start(store, &[("registration", registration), ("mail.url", &mailbox.url)])
}

fn register(server: &Server, status: &str) {
    let answer = server.stranger().post("/auth/register", json!({"email": ANN, "password": PASSWORD}));
    assert_eq!(answer.expect(202), json!({"status": status}));
}

both_databases! {
    fn who_has_not_shown_that_the_address_is_theirs_can_not_sign_in(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, "open", &mailbox);
        register(&server, "check_email");
        server.stranger().login(ANN, PASSWORD).problem(401, "invalid_credentials");
        let mail = mailbox.next_to(ANN, 0);
        assert!(mail.link().starts_with(server.state.public_url.as_str()), "{}", mail.link());
        assert!(mail.html.contains("verify-email?token=") && !mail.subject.is_empty());
        // Looking at the link, as scanners of mail do, changes nothing.
        server.stranger().get(&format!("/auth/email/verify?token={}", mail.token())).problem(405, "method_not_allowed");
        server.stranger().login(ANN, PASSWORD).problem(401, "invalid_credentials");

        server.stranger().post("/auth/email/verify", json!({"token": mail.token()})).expect(204);
        assert_eq!(server.stranger().sign_in(ANN, PASSWORD).get("/me").expect(200)["email_verified"], true);
        assert!(mailbox.next_to(ANN, 1).subject.contains("Welcome"));
    }

    fn a_link_is_good_once_for_two_days_and_only_the_newest(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, "open", &mailbox);
        register(&server, "check_email");
        let first = mailbox.next_to(ANN, 0).token();
        server.stranger().post("/auth/email/verification", json!({"email": ANN.to_uppercase()})).expect(202);
        let second = mailbox.next_to(ANN, 1).token();
        let verify = |token: &str| server.stranger().post("/auth/email/verify", json!({"token": token}));
        verify(&first).problem(400, "invalid_token");
        server.clock.advance(2 * DAY + MINUTE);
        verify(&second).problem(400, "invalid_token");
        server.stranger().post("/auth/email/verification", json!({"email": ANN})).expect(202);
        let third = mailbox.next_to(ANN, 2).token();
        verify(&third).expect(204);
        verify(&third).problem(400, "invalid_token");
        verify("anything").problem(400, "invalid_token");
    }

    fn asking_for_a_link_tells_nobody_whether_there_is_an_account(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, "approval", &mailbox);
        let ask = |path: &str, email: &str| server.stranger().post(path, json!({"email": email}));
        for path in ["/auth/email/verification", "/auth/password/forgot"] {
            let (known, unknown) = (ask(path, ADMIN), ask(path, "nobody@example.com"));
            known.expect(202);
            assert_eq!((known.status, known.text()), (unknown.status, unknown.text()));
        }
        // The administrator is verified already, and so gets the link for a new password alone.
        assert!(mailbox.next_to(ADMIN, 0).link().contains("/reset-password?"));
        crate::harness::wait_for("the requests to be done", || {
            store.texts("SELECT id AS value FROM link_requests").is_empty()
        });
        assert_eq!(mailbox.mails().len(), 1);
    }

    fn those_who_may_approve_are_asked_once_the_address_is_verified(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, "approval", &mailbox);
        let approver = server.member("approver@example.com", &["users:read", "users:write"]);
        server.add_user("reader@example.com", &["users:read"]);
        register(&server, "pending_approval");
        let token = mailbox.next_to(ANN, 0).token();
        assert!(mailbox.to(ADMIN).is_empty(), "anybody could have mails sent to the administrators");
        server.stranger().post("/auth/email/verify", json!({"token": token})).expect(204);
        let asked = mailbox.next_to("approver@example.com", 0);
        assert!(asked.subject.contains(ANN), "{}", asked.subject);
        mailbox.next_to(ADMIN, 0);
        assert!(mailbox.to("reader@example.com").is_empty());
        let id = asked.link().rsplit('/').next().unwrap().to_owned();
        server.stranger().login(ANN, PASSWORD).problem(401, "invalid_credentials");
        approver.post(&format!("/users/{id}/approve"), json!({})).expect(200);
        assert!(mailbox.next_to(ANN, 1).subject.contains("approved"));
        server.stranger().sign_in(ANN, PASSWORD);
    }

    fn whoever_has_the_address_already_is_told_that_somebody_tried_to_register_with_it(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, "open", &mailbox);
        let answer = server.stranger().post("/auth/register", json!({"email": ADMIN, "password": PASSWORD}));
        assert_eq!(answer.expect(202), json!({"status": "check_email"}));
        let mail = mailbox.next_to(ADMIN, 0);
        assert!(mail.text.contains("already") && !mail.text.contains("token="), "{}", mail.text);
    }

    fn a_change_of_the_address_makes_the_link_to_the_former_one_useless(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, "open", &mailbox);
        register(&server, "check_email");
        let token = mailbox.next_to(ANN, 0).token();
        let admin = server.admin();
        let id = admin.get("/users?filter=email:eq:ann@example.com").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        admin.patch(&format!("/users/{id}"), json!({"email": "anne@example.com"})).expect(200);
        server.stranger().post("/auth/email/verify", json!({"token": token})).problem(400, "invalid_token");
    }
}
