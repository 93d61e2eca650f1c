//! Signing in by a mailed link.

use std::sync::Arc;

use serde_json::json;

use super::{MINUTE, NEW_PASSWORD};
use crate::harness::{Mailbox, PASSWORD, Server, Store, in_parallel, wait_for};

const ANN: &str = "ann@example.com";

fn start(store: &Arc<Store>, mailbox: &Mailbox) -> Server {
    Server::start(store, &[("mail.url", &mailbox.url), ("magic_link", "true")])
}

/// The token of the next link that ANN is mailed.
fn ask(server: &Server, mailbox: &Mailbox) -> String {
    let links = || {
        let mails = mailbox.to(ANN).into_iter().filter(|mail| mail.text.contains("/magic-link?"));
        mails.map(|mail| mail.token()).collect::<Vec<_>>()
    };
    let seen = links().len();
    server.stranger().post("/auth/magic-link", json!({"email": ANN})).expect(202);
    wait_for("a link", || links().len() > seen);
    links().swap_remove(seen)
}

fn redeem(server: &Server, token: &str) -> crate::harness::Answer {
    server.stranger().post("/auth/magic-link/redeem", json!({"token": token}))
}

both_databases! {
    fn a_mailed_link_signs_in_once_and_leaves_word_of_it(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        server.add_user(ANN, &[]);
        let config = server.stranger().get("/config").expect(200);
        assert!(config["sign_in_methods"].as_array().unwrap().contains(&"magic_link".into()), "{config}");
        let token = ask(&server, &mailbox);
        let ann = server.stranger().signed_in(&redeem(&server, &token));
        ann.get("/me").expect(200);
        redeem(&server, &token).problem(400, "invalid_token");
        let events = server.admin().get("/audit?filter=action:eq:user.magic_link_used").expect(200);
        assert_eq!(events["total"], 1, "{events}");
    }

    fn a_mailed_code_is_no_second_factor_after_a_mailed_link(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let (id, admin) = (server.add_user(ANN, &[]), server.admin());
        admin.post("/roles", json!({"name": "careful", "permissions": [], "mfa_required": true})).expect(201);
        admin.put(&format!("/users/{id}/roles/careful"), json!({})).expect(200);
        let token = ask(&server, &mailbox);
        redeem(&server, &token).problem(403, "second_factor_unavailable");
        let events = server.admin().get("/audit?filter=action:eq:user.sign_in_refused").expect(200);
        assert_eq!(events["items"][0]["changes"]["reason"]["to"], "second_factor_unavailable");
        // With the password the code is one.
        let answer = server.stranger().login(ANN, PASSWORD).expect(200);
        assert_eq!(answer["methods"], json!(["email_code"]));
        let server_without = server.stranger();
        let ask_code = json!({"challenge": answer["challenge"]});
        server_without.post("/auth/mfa/email-code", ask_code).expect(202);
    }

    fn a_passkey_is_a_second_factor_after_a_mailed_link_and_a_code_is_not_mailed_then(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let (ann, admin) = (server.member(ANN, &[]), server.admin());
        crate::passkeys::add(&server, &ann);
        admin.post("/roles", json!({"name": "careful", "permissions": [], "mfa_required": true})).expect(201);
        admin.put(&format!("/users/{}/roles/careful", ann.id), json!({})).expect(200);
        let answer = redeem(&server, &ask(&server, &mailbox)).expect(200);
        assert_eq!((&answer["status"], &answer["methods"]), (&json!("mfa_required"), &json!(["passkey"])));
        let codes = || mailbox.to(ANN).iter().filter(|mail| mail.subject.contains("code")).count();
        server.stranger().post("/auth/mfa/email-code", json!({"challenge": answer["challenge"]})).expect(202);
        let by_password = server.stranger().login(ANN, PASSWORD).expect(200);
        server.stranger().post("/auth/mfa/email-code", json!({"challenge": by_password["challenge"]})).expect(202);
        wait_for("a code", || codes() > 0);
        assert_eq!(codes(), 1);
    }

    fn a_link_is_dead_after_ten_minutes_after_a_newer_one_and_after_a_change_of_the_password_or_the_address(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let id = server.add_user(ANN, &[]);
        let late = ask(&server, &mailbox);
        server.clock.advance(10 * MINUTE);
        redeem(&server, &late).problem(400, "invalid_token");
        let older = ask(&server, &mailbox);
        let newer = ask(&server, &mailbox);
        redeem(&server, &older).problem(400, "invalid_token");
        let change = json!({"current_password": PASSWORD, "new_password": NEW_PASSWORD});
        server.stranger().sign_in(ANN, PASSWORD).post("/auth/password/change", change).expect(200);
        redeem(&server, &newer).problem(400, "invalid_token");
        let token = ask(&server, &mailbox);
        server.admin().patch(&format!("/users/{id}"), json!({"email": "anne@example.com"})).expect(200);
        redeem(&server, &token).problem(400, "invalid_token");
    }

    fn who_may_not_sign_in_is_not_let_in_by_a_link_they_got_before(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let id = server.add_user(ANN, &[]);
        for change in ["active = false", "approved = false", "kind = 'service'"] {
            let token = ask(&server, &mailbox);
            store.execute(&format!("UPDATE users SET {change} WHERE id = '{id}'"));
            redeem(&server, &token).problem(400, "invalid_token");
            store.execute(&format!("UPDATE users SET active = true, approved = true, kind = 'person' WHERE id = '{id}'"));
        }
    }

    fn a_link_goes_to_nobody_who_may_not_sign_in_and_the_answer_tells_nothing(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        for (email, change) in [
            ("inactive@example.com", "active = false"),
            ("unapproved@example.com", "approved = false"),
            ("service@example.com", "kind = 'service'"),
        ] {
            let id = server.add_user(email, &[]);
            store.execute(&format!("UPDATE users SET {change} WHERE id = '{id}'"));
            server.stranger().post("/auth/magic-link", json!({"email": email})).expect(202);
        }
        server.stranger().post("/auth/magic-link", json!({"email": "nobody@example.com"})).expect(202);
        server.add_user(ANN, &[]);
        ask(&server, &mailbox);
        assert_eq!(mailbox.mails().len(), 1, "somebody else was mailed");
    }

    fn who_registered_with_an_address_of_somebody_else_is_not_let_in_by_its_owner(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let options = [("mail.url", mailbox.url.as_str()), ("magic_link", "true"), ("registration", "open")];
        let server = Server::start(&store, &options);
        server.stranger().post("/auth/register", json!({"email": ANN, "password": PASSWORD})).expect(202);
        mailbox.next_to(ANN, 0);
        server.stranger().post("/auth/magic-link", json!({"email": ANN})).expect(202);
        assert!(mailbox.next_to(ANN, 1).text.contains("/verify-email?"), "an unverified address is asked first");
    }

    fn a_second_factor_is_asked_for_after_a_link_too(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let ann = server.member(ANN, &[]);
        let offer = ann.post("/me/mfa/totp", json!({})).expect(200);
        let secret = totp_rs::Secret::try_from_base32(offer["secret"].as_str().unwrap()).unwrap();
        let seconds = u64::try_from(server.clock.now().as_micros() / 1_000_000).unwrap();
        let code = totp_rs::Builder::new().with_secret(secret).build().unwrap().generate(seconds).to_string();
        ann.post("/me/mfa/totp/confirm", json!({"code": code})).expect(200);
        let answer = redeem(&server, &ask(&server, &mailbox)).expect(200);
        assert_eq!(answer["status"], "mfa_required", "{answer}");
        assert!(answer.get("access_token").is_none(), "{answer}");
    }

    fn where_it_is_not_configured_nobody_signs_in_by_a_link(server: Server) {
        let client = server.stranger();
        client.post("/auth/magic-link", json!({"email": ANN})).problem(404, "not_found");
        client.post("/auth/magic-link/redeem", json!({"token": "any"})).problem(404, "not_found");
    }

    fn of_many_who_use_one_link_at_once_one_gets_in(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        server.add_user(ANN, &[]);
        let token = ask(&server, &mailbox);
        let answers = in_parallel(6, |_| redeem(&server, &token).status);
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    }
}
