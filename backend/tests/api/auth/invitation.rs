//! Taking up an account that an administrator has made.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{DAY, MINUTE};
use crate::harness::{Mailbox, PASSWORD, Server, Store};

const ANN: &str = "ann@example.com";

fn start(store: &Arc<Store>, mailbox: &Mailbox) -> Server {
    Server::start(store, &[("mail.url", &mailbox.url)])
}

fn accept(server: &Server, token: &str, more: Value) -> crate::harness::Answer {
    let mut body = json!({"token": token, "password": PASSWORD});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    server.stranger().post("/auth/invitation/accept", body)
}

both_databases! {
    fn whom_an_administrator_makes_without_a_password_chooses_it_and_is_signed_in(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        server.admin().post("/users", json!({"email": ANN, "username": "a", "display_name": "A."})).expect(422);
        server.admin().post("/users", json!({"email": ANN, "username": "archer", "display_name": "A."})).expect(201);
        let mail = mailbox.next_to(ANN, 0);
        assert!(mail.text.starts_with("Hello A.,"), "{}", mail.text);
        let token = mail.token();
        assert_eq!(accept(&server, &token, json!({"password": "short"})).field_error("password"), "password_too_short");
        accept(&server, &token, json!({"username": "archer2", "roles": ["admin"]})).problem(422, "unknown_field");
        let answer = accept(&server, &token, json!({"username": "ann", "display_name": "Ann Archer"}));
        let ann = server.stranger().signed_in(&answer);
        let me = ann.get("/me").expect(200);
        assert_eq!((&me["username"], &me["display_name"]), (&json!("ann"), &json!("Ann Archer")));
        accept(&server, &token, json!({})).problem(400, "invalid_token");
        server.stranger().sign_in("ann", PASSWORD);
    }

    fn an_invitation_is_good_for_a_week_and_a_forgotten_one_is_sent_again(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        server.admin().post("/users", json!({"email": ANN})).expect(201);
        let token = mailbox.next_to(ANN, 0).token();
        server.clock.advance(7 * DAY + MINUTE);
        accept(&server, &token, json!({})).problem(400, "invalid_token");
        server.stranger().post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        let again = mailbox.next_to(ANN, 1);
        assert!(again.link().contains("/invitation?"), "{}", again.link());
        accept(&server, &again.token(), json!({})).expect(200);
    }

    fn who_is_imported_is_invited_where_the_import_says_so_and_not_when_it_is_a_dry_run(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let admin = server.admin();
        let import = |query: &str, file: &str| {
            admin.request("POST", &format!("/users/import?format=csv&{query}")).body("text/csv", file).send()
        };
        import("invite=yes", "email\nnobody@example.com\n").problem(400, "invalid_parameter");
        import("", "email\nnobody@example.com\n").expect(200);
        import("invite=true&dry_run=true", "email\nnobody-either@example.com\n").expect(200);
        import("invite=true", "email,active\nann@example.com,\nidle@example.com,false\n").expect(200);
        accept(&server, &mailbox.next_to(ANN, 0).token(), json!({})).expect(200);
        let waiting = store.texts("SELECT recipient AS value FROM mail_outbox");
        let mailed = mailbox.mails().into_iter().map(|mail| mail.to);
        assert!(waiting.into_iter().chain(mailed).all(|recipient| recipient.contains(ANN)), "somebody else was invited");
    }

    fn an_administrator_mails_the_link_again_that_somebody_waits_for(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(
            &store,
            &[("mail.url", &mailbox.url), ("registration", "approval"), ("email_verification", "required")],
        );
        let admin = server.admin();
        let mail = |id: &str| admin.request("POST", &format!("/users/{id}/mail-link")).send();
        let id = |user: &Value| user["id"].as_str().unwrap().to_owned();

        let invited = id(&admin.post("/users", json!({"email": ANN})).expect(201));
        let first = mailbox.next_to(ANN, 0).token();
        assert_eq!(mail(&invited).expect(202), json!({"link": "invitation"}));
        let second = mailbox.next_to(ANN, 1).token();
        accept(&server, &first, json!({})).problem(400, "invalid_token");
        accept(&server, &second, json!({})).expect(200);
        assert_eq!(mail(&invited).expect(202), json!({"link": "password_reset"}));

        let registration = json!({"email": "new@example.com", "password": PASSWORD});
        server.stranger().post("/auth/register", registration).expect(202);
        mailbox.next_to("new@example.com", 0);
        let new = id(&admin.get("/users?filter=email:eq:new@example.com").expect(200)["items"][0]);
        assert_eq!(mail(&new).expect(202), json!({"link": "verification"}));
        let token = mailbox.next_to("new@example.com", 1).token();
        server.stranger().post("/auth/email/verify", json!({"token": token})).expect(204);
        mail(&new).problem(409, "no_link_awaited");
        admin.request("POST", &format!("/users/{new}/approve")).send().expect(200);
        assert_eq!(mail(&new).expect(202), json!({"link": "password_reset"}));
        admin.request("POST", &format!("/users/{new}/deactivate")).send().expect(200);
        mail(&new).problem(409, "no_link_awaited");
        let robot = id(&admin.post("/users", json!({"email": "robot@example.com", "kind": "service"})).expect(201));
        mail(&robot).problem(409, "no_link_awaited");
    }

    fn nobody_is_invited_who_has_a_password_is_a_service_or_is_not_active(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let admin = server.admin();
        admin.post("/users", json!({"email": "with@example.com", "password": PASSWORD})).expect(201);
        admin.post("/users", json!({"email": "service@example.com", "kind": "service"})).expect(201);
        let inactive = admin.post("/users", json!({"email": ANN, "active": false})).expect(201);
        assert!(store.texts("SELECT id AS value FROM mail_outbox").is_empty() && mailbox.mails().is_empty());
        // They are when they become active.
        admin.post(&format!("/users/{}/activate", inactive["id"].as_str().unwrap()), json!({})).expect(200);
        let token = mailbox.next_to(ANN, 0).token();
        accept(&server, &token, json!({})).expect(200);
    }

    fn an_invitation_is_worth_nothing_once_the_account_is_deactivated_or_has_a_password(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let admin = server.admin();
        for (email, path, body) in [
            ("one@example.com", "deactivate", json!({})),
            ("two@example.com", "password", json!({"password": PASSWORD})),
        ] {
            let id = admin.post("/users", json!({"email": email})).expect(201)["id"].as_str().unwrap().to_owned();
            let token = mailbox.next_to(email, 0).token();
            let method = if path == "password" { "PUT" } else { "POST" };
            admin.request(method, &format!("/users/{id}/{path}")).json(&body).send().expect_success();
            accept(&server, &token, json!({})).problem(400, "invalid_token");
        }
    }
}
