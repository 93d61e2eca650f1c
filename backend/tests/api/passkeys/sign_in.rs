//! Signing in by a passkey alone.

use std::sync::Arc;

use serde_json::{Value, json};

use super::authenticator::Passkey;
use super::{ANN, MINUTE, add, answer, asked, present, sign_in, wrong};
use crate::harness::{PASSWORD, Server, Store, in_parallel};

both_databases! {
    fn a_passkey_signs_in_without_a_name_and_counts_as_two_factors(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        let session = client.signed_in(&sign_in(&client, &mut passkey));
        assert_eq!(session.get("/me").expect(200)["email"], ANN);
        let sessions = session.get("/me/sessions").expect(200);
        let current = sessions["items"].as_array().unwrap().iter().find(|item| item["current"] == true).unwrap();
        assert_eq!(current["mfa"], true);
        assert!(session.get("/me/passkeys").expect(200)["items"][0]["last_used_at"].is_string());
        // And it is a fresh proof.
        session.post("/me/passkeys/options", json!({})).expect(200);
        client.signed_in(&client.refresh(&session.refresh_token));
    }

    fn what_a_stranger_is_asked_tells_nothing_of_who_has_a_passkey(server: Server) {
        add(&server, &server.member(ANN, &[]));
        let client = server.stranger();
        let ask = |body| {
            let mut options = client.post("/auth/passkey/options", body).expect(200);
            options["ceremony"] = Value::Null;
            options["public_key"]["challenge"] = Value::Null;
            options
        };
        let known = ask(json!({"identifier": ANN}));
        assert_eq!(known["public_key"]["allowCredentials"], json!([]));
        assert_eq!(known["public_key"]["userVerification"], "required");
        assert_eq!(known, ask(json!({"identifier": "nobody@example.com"})));
        assert_eq!(known, ask(json!({})));
    }

    fn an_answer_is_good_once_and_for_five_minutes_and_for_signing_in(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        let options = asked(&client);
        let credential = passkey.assertion(&options);
        client.signed_in(&answer(&client, &options, credential.clone()));
        wrong(&answer(&client, &options, credential));
        let late = asked(&client);
        server.clock.advance(5 * MINUTE);
        wrong(&answer(&client, &late, passkey.assertion(&late)));
        let session = client.signed_in(&sign_in(&client, &mut passkey));
        let other = session.post("/auth/reauthenticate/passkey/options", json!({})).expect(200);
        wrong(&answer(&client, &other, passkey.assertion(&other)));
        // At the wrong door nothing was used up.
        let body = json!({"method": "passkey", "ceremony": other["ceremony"], "credential": passkey.assertion(&other)});
        session.post("/auth/reauthenticate", body).expect(200);
        let (one, two) = (asked(&client), asked(&client));
        wrong(&answer(&client, &one, passkey.assertion(&two)));
        wrong(&answer(&client, &json!({"ceremony": "none"}), passkey.assertion(&two)));
    }

    fn of_many_that_present_one_answer_at_once_one_gets_in(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        let options = asked(&client);
        let credential = passkey.assertion(&options);
        let answers = in_parallel(4, |_| answer(&client, &options, credential.clone()).status);
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
    }

    fn what_another_page_got_and_whoever_was_not_verified_does_not_get_in(server: Server) {
        let ann = server.member(ANN, &[]);
        let passkey = add(&server, &ann);
        let ben = add(&server, &server.member("ben@example.com", &[]));
        let client = server.stranger();
        let forged = [
            Passkey { origin: "https://evil.example".to_owned(), ..passkey.clone() },
            Passkey { name: "evil.example".to_owned(), ..passkey.clone() },
            Passkey { verifies_its_user: false, ..passkey.clone() },
            // Whose it is has to be said, since nobody has told the name.
            Passkey { tells_its_user: false, ..passkey.clone() },
            // A key of another under Ann's id.
            Passkey { id: passkey.id.clone(), ..ben.clone() },
            // One that nobody has added.
            Passkey { id: b"nobody's passkey".to_vec(), ..passkey.clone() },
        ];
        for mut forged in forged {
            wrong(&sign_in(&client, &mut forged));
        }
        let trail = server.admin().get("/audit?filter=action:eq:user.sign_in_refused").expect(200);
        assert_eq!(trail["total"], 6);
        assert!(trail.to_string().contains("wrong_passkey"));
        client.signed_in(&sign_in(&client, &mut passkey.clone()));
    }

    fn a_copy_of_a_passkey_is_refused_and_written_down(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        let mut copy = passkey.clone();
        client.signed_in(&sign_in(&client, &mut passkey));
        client.signed_in(&sign_in(&client, &mut passkey));
        wrong(&sign_in(&client, &mut copy));
        let trail = server.admin().get("/audit?filter=action:eq:passkey.copy_suspected").expect(200);
        let event = &trail["items"][0];
        assert_eq!((&trail["total"], &event["outcome"], &event["target"]["label"]), (&json!(1), &json!("refused"), &json!(ANN)));
        client.signed_in(&sign_in(&client, &mut passkey));
    }

    fn an_authenticator_that_does_not_count_signs_in_again_and_again(server: Server) {
        let ann = server.member(ANN, &[]);
        let options = ann.post("/me/passkeys/options", json!({})).expect(200);
        let passkey = Passkey { backed_up: true, ..Passkey::new(&server, &options) };
        present(&ann, &options, passkey.attestation(&options)).expect(201);
        let client = server.stranger();
        for _ in 0..2 {
            let options = asked(&client);
            client.signed_in(&answer(&client, &options, passkey.assertion_again(&options)));
        }
    }

    fn who_may_not_sign_in_by_password_does_not_by_passkey_either(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        for (off, on) in [("active = FALSE", "active = TRUE"), ("approved = FALSE", "approved = TRUE")] {
            server.store.execute(&format!("UPDATE users SET {off} WHERE id = '{}'", ann.id));
            wrong(&sign_in(&client, &mut passkey));
            server.store.execute(&format!("UPDATE users SET {on} WHERE id = '{}'", ann.id));
        }
        client.signed_in(&sign_in(&client, &mut passkey));
        server.admin().delete(&format!("/users/{}", ann.id)).expect(204);
        wrong(&sign_in(&client, &mut passkey));
    }

    fn whoever_has_not_shown_that_the_address_is_theirs_stays_outside(store: Arc<Store>) {
        let server = Server::start(&store, &[("email_verification", "required")]);
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        server.store.execute(&format!("UPDATE users SET email_verified = FALSE WHERE id = '{}'", ann.id));
        wrong(&sign_in(&server.stranger(), &mut passkey));
    }

    fn a_password_that_has_to_be_changed_has_to_be_changed_first(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        server.admin().put(&format!("/users/{}/password", ann.id), json!({"password": PASSWORD, "must_change": true})).expect(204);
        let body = sign_in(&client, &mut passkey).expect(200);
        assert_eq!(body["status"], "password_change_required");
        assert!(body.get("access_token").is_none(), "{body}");
        let change = json!({"challenge": body["challenge"], "new_password": "another horse, another battery"});
        let session = client.signed_in(&client.post("/auth/password/change-required", change));
        // The passkey outlives the change, and what it proved is remembered.
        let sessions = session.get("/me/sessions").expect(200);
        assert_eq!(sessions["items"][0]["mfa"], true, "{sessions}");
        client.signed_in(&sign_in(&client, &mut passkey));
    }

    fn who_guesses_passwords_does_not_keep_the_owner_of_a_passkey_out(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        for _ in 0..6 {
            client.login(ANN, "wrong");
        }
        client.login(ANN, PASSWORD).problem(429, "too_many_attempts");
        client.signed_in(&sign_in(&client, &mut passkey));
    }

    fn an_address_that_presents_too_much_that_is_wrong_has_to_wait(store: Arc<Store>) {
        let server = Server::start(&store, &[("lockout.max_failures", "1")]);
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        for _ in 0..100 {
            wrong(&answer(&client, &json!({"ceremony": "none"}), passkey.assertion_again(&json!({}))));
        }
        sign_in(&client, &mut passkey).problem(429, "rate_limited");
    }

    fn any_node_takes_the_answer_to_what_another_asked(store: Arc<Store>) {
        let (one, two) = (Server::start(&store, &[("public_url", "http://localhost:8080")]), Server::start(&store, &[("public_url", "http://localhost:8080")]));
        let ann = one.member(ANN, &[]);
        let mut passkey = add(&one, &ann);
        let options = asked(&one.stranger());
        two.stranger().signed_in(&answer(&two.stranger(), &options, passkey.assertion(&options)));
    }
}
