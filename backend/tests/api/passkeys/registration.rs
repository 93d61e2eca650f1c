//! Adding passkeys, and what is refused as one.

use std::sync::Arc;

use serde_json::json;

use super::authenticator::Passkey;
use super::{ANN, MINUTE, add, present, sign_in, stale};
use crate::harness::{Mailbox, Server, Store};

both_databases! {
    fn whoever_adds_a_passkey_sees_it_in_the_list_and_is_told_by_mail(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let ann = server.member(ANN, &[]);
        let seen = mailbox.to(ANN).len();
        let options = ann.post("/me/passkeys/options", json!({})).expect(200);
        let asked = &options["public_key"];
        assert_eq!(asked["rp"]["id"], "localhost");
        assert_eq!(asked["user"]["name"], ANN);
        assert_eq!(asked["authenticatorSelection"]["residentKey"], "required");
        assert_eq!(asked["authenticatorSelection"]["userVerification"], "required");
        let passkey = Passkey { backed_up: true, ..Passkey::new(&server, &options) };
        let added = present(&ann, &options, passkey.attestation(&options));
        let id = added.expect(201)["id"].as_str().unwrap().to_owned();
        assert_eq!(added.headers["location"], format!("/api/v1/me/passkeys/{id}"));
        let list = ann.get("/me/passkeys").expect(200);
        let listed = &list["items"][0];
        assert_eq!((&listed["name"], &listed["backed_up"]), (&json!("Phone"), &json!(true)));
        assert!(listed["last_used_at"].is_null() && listed.get("credential").is_none(), "{list}");
        assert!(mailbox.next_to(ANN, seen).text.contains("Phone"));
        let trail = server.admin().get("/audit?filter=action:eq:passkey.added").expect(200);
        assert_eq!((&trail["total"], &trail["items"][0]["actor"]["email"]), (&json!(1), &json!(ANN)));
        assert_eq!(ann.get("/me/export").expect(200)["passkeys"][0]["name"], "Phone");
        let again = ann.post("/me/passkeys/options", json!({})).expect(200);
        assert_eq!(again["public_key"]["excludeCredentials"].as_array().unwrap().len(), 1);
    }

    fn an_answer_is_good_once_for_who_was_asked_and_for_five_minutes(server: Server) {
        let (ann, ben) = (server.member(ANN, &[]), server.member("ben@example.com", &[]));
        let ask = || ann.post("/me/passkeys/options", json!({})).expect(200);
        let options = ask();
        let passkey = Passkey::new(&server, &options);
        present(&ben, &options, passkey.attestation(&options)).problem(400, "invalid_token");
        present(&ann, &options, passkey.attestation(&options)).expect(201);
        present(&ann, &options, passkey.attestation(&options)).problem(400, "invalid_token");
        let late = ask();
        server.clock.advance(5 * MINUTE);
        present(&ann, &late, Passkey::new(&server, &late).attestation(&late)).problem(400, "invalid_token");
        let other = ann.post("/auth/reauthenticate/passkey/options", json!({})).expect(200);
        present(&ann, &other, passkey.attestation(&other)).problem(400, "invalid_token");
        assert_eq!(ann.get("/me/passkeys").expect(200)["items"].as_array().unwrap().len(), 1);
    }

    fn what_another_page_or_another_name_got_and_whoever_was_not_verified_is_refused(server: Server) {
        let ann = server.member(ANN, &[]);
        type Change = fn(&mut Passkey);
        let changes: [Change; 3] = [
            |passkey| passkey.origin = "https://evil.example".to_owned(),
            |passkey| passkey.name = "evil.example".to_owned(),
            |passkey| passkey.verifies_its_user = false,
        ];
        for change in changes {
            let options = ann.post("/me/passkeys/options", json!({})).expect(200);
            let mut passkey = Passkey::new(&server, &options);
            change(&mut passkey);
            let answer = present(&ann, &options, passkey.attestation(&options));
            assert_eq!(answer.field_error("credential"), "not_verified");
            present(&ann, &options, passkey.attestation(&options)).problem(400, "invalid_token");
        }
        let (options, former) = (ann.post("/me/passkeys/options", json!({})), ann.post("/me/passkeys/options", json!({})));
        let (options, former) = (options.expect(200), former.expect(200));
        let answer = present(&ann, &options, Passkey::new(&server, &former).attestation(&former));
        assert_eq!(answer.field_error("credential"), "not_verified");
        let options = ann.post("/me/passkeys/options", json!({})).expect(200);
        for credential in [json!({}), json!("text"), json!({"id": "a", "rawId": "a", "type": "public-key", "response": {}})] {
            assert_eq!(present(&ann, &options, credential).status, 422);
        }
        assert!(ann.get("/me/passkeys").expect(200)["items"].as_array().unwrap().is_empty());
    }

    fn a_passkey_belongs_to_one_account(server: Server) {
        let ann = server.member(ANN, &[]);
        let passkey = add(&server, &ann);
        for session in [ann, server.member("ben@example.com", &[])] {
            let options = session.post("/me/passkeys/options", json!({})).expect(200);
            present(&session, &options, passkey.attestation(&options)).problem(409, "passkey_taken");
        }
    }

    fn nobody_has_more_than_twenty(server: Server) {
        let ann = server.member(ANN, &[]);
        let early = ann.post("/me/passkeys/options", json!({})).expect(200);
        for _ in 0..20 {
            add(&server, &ann);
        }
        ann.post("/me/passkeys/options", json!({})).problem(409, "too_many_passkeys");
        present(&ann, &early, Passkey::new(&server, &early).attestation(&early)).problem(409, "too_many_passkeys");
    }

    fn names_are_of_1_to_100_characters_and_can_be_changed_by_their_owner(server: Server) {
        let ann = server.member(ANN, &[]);
        add(&server, &ann);
        let id = ann.get("/me/passkeys").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/me/passkeys/{id}");
        assert_eq!(ann.patch(&path, json!({"name": " Work laptop "})).expect(200)["name"], "Work laptop");
        for name in ["", "  ", &"a".repeat(101), "a\nb"] {
            assert_eq!(ann.patch(&path, json!({"name": name})).status, 422, "{name:?}");
        }
        server.member("ben@example.com", &[]).patch(&path, json!({"name": "mine"})).problem(404, "not_found");
        assert_eq!(ann.get("/me/passkeys").expect(200)["items"][0]["name"], "Work laptop");
    }

    fn whoever_sits_down_at_somebodys_device_adds_and_removes_nothing(server: Server) {
        let ann = server.member(ANN, &[]);
        add(&server, &ann);
        let id = ann.get("/me/passkeys").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let stale = stale(&server, &ann);
        stale.post("/me/passkeys/options", json!({})).problem(401, "reauthentication_required");
        stale.delete(&format!("/me/passkeys/{id}")).problem(401, "reauthentication_required");
    }

    fn where_reeve_has_no_name_there_are_no_passkeys_and_the_configuration_says_so(store: Arc<Store>) {
        let server = Server::start(&store, &[("public_url", "http://127.0.0.1:8080")]);
        let client = server.stranger();
        assert_eq!(client.get("/config").expect(200)["sign_in_methods"], json!(["password"]));
        client.post("/auth/passkey/options", json!({})).problem(409, "passkeys_unavailable");
        server.member(ANN, &[]).post("/me/passkeys/options", json!({})).problem(409, "passkeys_unavailable");
        drop(server);
        let named = Server::start(&store, &[("public_url", "https://admin.example.com"), ("passkeys.rp_id", "example.com")]);
        let methods = named.stranger().get("/config").expect(200)["sign_in_methods"].clone();
        assert_eq!(methods, json!(["password", "passkey"]));
        let ann = named.stranger().sign_in(ANN, crate::harness::PASSWORD);
        let options = ann.post("/me/passkeys/options", json!({})).expect(200);
        let mut passkey = Passkey { name: "example.com".to_owned(), ..Passkey::new(&named, &options) };
        present(&ann, &options, passkey.attestation(&options)).expect(201);
        named.stranger().signed_in(&sign_in(&named.stranger(), &mut passkey));
    }
}
