//! Putting another address in the place of one's own.

use std::sync::Arc;

use serde_json::json;

use super::{MINUTE, NEW_PASSWORD};
use crate::harness::{ADMIN, Mailbox, PASSWORD, Server, SignedIn, Store};

const ANN: &str = "ann@example.com";
const ANNE: &str = "anne@example.com";

fn start(store: &Arc<Store>, mailbox: &Mailbox) -> (Server, SignedIn) {
    let server = Server::start(store, &[("mail.url", &mailbox.url)]);
    let ann = server.member(ANN, &[]);
    (server, ann)
}

both_databases! {
    fn the_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let (server, ann) = start(&store, &mailbox);
        ann.post("/auth/email/change", json!({"email": ANNE})).expect(202);
        let mail = mailbox.next_to(ANNE, 0);
        assert_eq!(ann.get("/me").expect(200)["email"], ANN);
        let confirm = || server.stranger().post("/auth/email/change/confirm", json!({"token": mail.token()}));
        confirm().expect(204);
        confirm().problem(400, "invalid_token");
        assert_eq!(ann.get("/me").expect(200)["email"], ANNE);
        server.stranger().login(ANN, PASSWORD).problem(401, "invalid_credentials");
        server.stranger().sign_in(ANNE, PASSWORD);
        let notice = mailbox.next_to(ANN, 0);
        assert!(notice.text.contains(ANNE) && !notice.text.contains("token="));
        let found = server.admin().get("/users?q=anne").expect(200);
        assert_eq!(found["items"][0]["email"], ANNE, "it is searched by the new address");
    }

    fn without_a_recent_proof_nobody_changes_the_address(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let (server, ann) = start(&store, &mailbox);
        server.clock.advance(16 * MINUTE);
        let ann = server.stranger().signed_in(&server.stranger().refresh(&ann.refresh_token));
        ann.post("/auth/email/change", json!({"email": ANNE})).problem(401, "reauthentication_required");
        let fresh = ann.post("/auth/reauthenticate", json!({"password": PASSWORD})).expect(200);
        let fresh = ann.with_token(fresh["access_token"].as_str().unwrap());
        fresh.post("/auth/email/change", json!({"email": ANNE})).expect(202);
    }

    fn an_address_that_is_taken_is_told_to_nobody_and_never_given_twice(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let (server, ann) = start(&store, &mailbox);
        let free = ann.post("/auth/email/change", json!({"email": ANNE}));
        let taken = ann.post("/auth/email/change", json!({"email": ADMIN.to_uppercase()}));
        assert_eq!((free.status, free.text()), (taken.status, taken.text()));
        let token = mailbox.next_to(ANNE, 0).token();
        assert!(mailbox.to(ADMIN).is_empty());
        server.add_user(ANNE, &[]);
        let answer = server.stranger().post("/auth/email/change/confirm", json!({"token": token}));
        answer.problem(409, "email_taken");
    }

    fn a_change_of_the_password_ends_a_change_of_the_address_that_somebody_else_began(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let (server, ann) = start(&store, &mailbox);
        ann.post("/auth/email/change", json!({"email": "thief@example.com"})).expect(202);
        let token = mailbox.next_to("thief@example.com", 0).token();
        let change = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
        ann.post("/auth/password/change", change).expect(200);
        server.stranger().post("/auth/email/change/confirm", json!({"token": token})).problem(400, "invalid_token");
    }

    fn a_change_of_the_address_ends_with_the_session_that_it_was_asked_for_in_whoever_ends_it(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let (server, ann) = start(&store, &mailbox);
        for (number, by_administrator) in [false, true].into_iter().enumerate() {
            let thief = server.stranger().sign_in(ANN, PASSWORD);
            thief.post("/auth/email/change", json!({"email": "thief@example.com"})).expect(202);
            let token = mailbox.next_to("thief@example.com", number).token();
            if by_administrator {
                server.admin().delete(&format!("/users/{}/sessions", ann.id)).expect(204);
            } else {
                ann.delete("/me/sessions").expect(204);
            }
            let answer = server.stranger().post("/auth/email/change/confirm", json!({"token": token}));
            answer.problem(400, "invalid_token");
        }
    }

    fn the_old_address_is_told_of_what_an_administrator_changes_too(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let (server, ann) = start(&store, &mailbox);
        server.admin().patch(&format!("/users/{}", ann.id), json!({"email": ANNE})).expect(200);
        assert!(mailbox.next_to(ANN, 0).text.contains(ANNE));
    }

    fn a_link_to_the_old_address_sets_no_password_any_more(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let (server, ann) = start(&store, &mailbox);
        server.stranger().post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        let reset = mailbox.next_to(ANN, 0).token();
        ann.post("/auth/email/change", json!({"email": ANNE})).expect(202);
        let token = mailbox.next_to(ANNE, 0).token();
        server.stranger().post("/auth/email/change/confirm", json!({"token": token})).expect(204);
        let answer = server.stranger().post("/auth/password/reset", json!({"token": reset, "password": NEW_PASSWORD}));
        answer.problem(400, "invalid_token");
    }
}
