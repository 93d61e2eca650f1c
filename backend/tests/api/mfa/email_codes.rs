//! Codes that are mailed to those whose role asks for a second factor, and who have set up none.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, MINUTE, challenge, challenge_of, enrol, prove, wrong};
use crate::harness::{Client, Mail, Mailbox, PASSWORD, Server, Store};

fn start(store: &Arc<Store>, mailbox: &Mailbox) -> Server {
    let server = Server::start(store, &[("mail.url", &mailbox.url)]);
    let id = server.add_user(ANN, &[]);
    let role = server.admin().post("/roles", json!({"name": "careful", "permissions": [], "mfa_required": true}));
    assert_eq!(role.expect(201)["mfa_required"], true);
    server.admin().put(&format!("/users/{id}/roles/careful"), json!({})).expect(200);
    server
}

fn ask(client: &Client, challenge: &str) {
    client.post("/auth/mfa/email-code", json!({"challenge": challenge})).expect(202);
}

pub(super) fn code(mail: &Mail) -> String {
    let is_code = |word: &&str| word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    mail.text.split_whitespace().find(is_code).unwrap_or_else(|| panic!("no code in {}", mail.text)).to_owned()
}

both_databases! {
    fn who_needs_a_second_factor_and_has_none_gets_a_code_by_mail(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let client = server.stranger();
        let answer = client.login(ANN, PASSWORD);
        assert_eq!(answer.expect(200)["methods"], json!(["email_code"]));
        let challenge = challenge_of(&answer);
        assert!(mailbox.to(ANN).is_empty(), "nobody is mailed who has not asked");
        ask(&client, &challenge);
        let code = code(&mailbox.next_to(ANN, 0));
        let session = client.signed_in(&prove(&client, &challenge, "email_code", &code));
        let status = session.get("/me/mfa").expect(200);
        assert_eq!((&status["enabled"], &status["required"]), (&json!(false), &json!(true)));
        wrong(&prove(&client, &super::challenge(&client, ANN), "email_code", &code));
    }

    fn the_newest_code_alone_is_good_for_a_while_and_for_the_sign_in_that_it_was_asked_for_in(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let client = server.stranger();
        let first = challenge(&client, ANN);
        ask(&client, &first);
        let old = code(&mailbox.next_to(ANN, 0));
        ask(&client, &first);
        let new = code(&mailbox.next_to(ANN, 1));
        wrong(&prove(&client, &first, "email_code", &old));
        let second = challenge(&client, ANN);
        wrong(&prove(&client, &second, "email_code", &new));
        ask(&client, &second);
        let last = code(&mailbox.next_to(ANN, 2));
        server.clock.advance(11 * MINUTE);
        prove(&client, &second, "email_code", &last).problem(400, "invalid_token");
    }

    fn nobody_has_many_codes_sent_and_only_who_knows_the_password_has_one(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let client = server.stranger();
        client.post("/auth/mfa/email-code", json!({"challenge": "nonsense"})).problem(400, "invalid_token");
        let challenge = challenge(&client, ANN);
        for _ in 0..5 {
            ask(&client, &challenge);
        }
        client.post("/auth/mfa/email-code", json!({"challenge": challenge})).problem(429, "rate_limited");
    }

    fn strangers_who_have_links_mailed_to_somebody_do_not_keep_their_code_from_them(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let client = server.stranger();
        for _ in 0..6 {
            client.post("/auth/password/forgot", json!({"email": ANN})).expect(202);
        }
        mailbox.next_to(ANN, 4);
        ask(&client, &challenge(&client, ANN));
        mailbox.next_to(ANN, 5);
    }

    fn beside_an_authenticator_a_mailed_code_is_no_way_in(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        ask(&client, &challenge);
        let mailed = code(&mailbox.next_to(ANN, 0));
        let session = client.signed_in(&prove(&client, &challenge, "email_code", &mailed));
        let seen = mailbox.to(ANN).len();
        enrol(&server, session);
        let answer = client.login(ANN, PASSWORD);
        assert_eq!(answer.expect(200)["methods"], json!(["totp", "recovery_code"]));
        let challenge = challenge_of(&answer);
        ask(&client, &challenge);
        // The worker has had its time when a later mail is there.
        server.admin().post("/users", json!({"email": "later@example.com"})).expect(201);
        mailbox.next_to("later@example.com", 0);
        assert!(mailbox.to(ANN).iter().skip(seen).all(|mail| !mail.subject.to_lowercase().contains("code to sign in")));
        wrong(&prove(&client, &challenge, "email_code", &mailed));
    }

    fn a_code_that_was_mailed_before_an_authenticator_was_set_up_is_no_way_in_afterwards(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let client = server.stranger();
        let first = challenge(&client, ANN);
        ask(&client, &first);
        let session = client.signed_in(&prove(&client, &first, "email_code", &code(&mailbox.next_to(ANN, 0))));
        let begun = challenge(&client, ANN);
        ask(&client, &begun);
        let mailed = code(&mailbox.next_to(ANN, 1));
        let ann = enrol(&server, session);
        wrong(&prove(&client, &begun, "email_code", &mailed));
        client.signed_in(&prove(&client, &begun, "totp", &ann.authenticator.code(&server, 0)));
    }

    fn the_role_that_asks_for_it_can_stop_asking(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = start(&store, &mailbox);
        let admin = server.admin();
        let role = admin.get("/roles?filter=mfa_required:eq:true").expect(200)["items"][0].clone();
        assert_eq!(role["name"], "careful");
        let path = format!("/roles/{}", role["id"].as_str().unwrap());
        assert_eq!(admin.patch(&path, json!({"mfa_required": false})).expect(200)["mfa_required"], false);
        server.stranger().sign_in(ANN, PASSWORD);
        let trail = admin.get("/audit?filter=action:eq:role.updated").expect(200);
        assert_eq!(trail["items"][0]["changes"]["mfa_required"], json!({"from": true, "to": false}));
    }
}
