//! Codes for when the authenticator is lost.

use std::sync::Arc;

use serde_json::{Value, json};

use super::{ANN, ann, challenge, prove, wrong};
use crate::harness::{Mailbox, Server, Store, in_parallel};

both_databases! {
    fn each_code_signs_in_once_however_it_is_typed(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        for code in [ann.recovery_codes[0].clone(), ann.recovery_codes[1].to_lowercase(), ann.recovery_codes[2].replace('-', "")] {
            client.signed_in(&prove(&client, &challenge(&client, ANN), "recovery_code", &code));
            wrong(&prove(&client, &challenge(&client, ANN), "recovery_code", &code));
        }
        assert_eq!(ann.session.get("/me/mfa").expect(200)["recovery_codes_left"], 7);
        let mut other = ann.recovery_codes[3].clone();
        other.replace_range(13..14, if other.ends_with('0') { "1" } else { "0" });
        wrong(&prove(&client, &challenge(&client, ANN), "recovery_code", &other));
    }

    fn of_many_that_present_one_code_at_once_one_gets_in(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let challenge = challenge(&client, ANN);
        let answers = in_parallel(4, |_| prove(&client, &challenge, "recovery_code", &ann.recovery_codes[0]).status);
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        assert_eq!(ann.session.get("/me/mfa").expect(200)["recovery_codes_left"], 9);
    }

    fn new_codes_make_the_old_ones_useless(server: Server) {
        let ann = ann(&server);
        let client = server.stranger();
        let answer = ann.session.post("/me/mfa/recovery-codes", json!({})).expect(200);
        let new: Vec<&Value> = answer["recovery_codes"].as_array().unwrap().iter().collect();
        assert!(new.len() == 10 && new.iter().all(|code| !ann.recovery_codes.iter().any(|old| *code == old)));
        wrong(&prove(&client, &challenge(&client, ANN), "recovery_code", &ann.recovery_codes[0]));
        client.signed_in(&prove(&client, &challenge(&client, ANN), "recovery_code", new[0].as_str().unwrap()));
        server.admin().post("/me/mfa/recovery-codes", json!({})).problem(409, "mfa_not_enabled");
    }

    fn who_has_few_left_is_told_and_who_has_none_is_not_asked_for_one(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let ann = ann(&server);
        let client = server.stranger();
        let low = || mailbox.to(ANN).iter().filter(|mail| mail.subject.to_lowercase().contains("recovery")).count();
        for (used, code) in ann.recovery_codes.iter().enumerate() {
            client.signed_in(&prove(&client, &challenge(&client, ANN), "recovery_code", code));
            if used == 5 {
                assert_eq!(low(), 0);
            }
        }
        crate::harness::wait_for("four mails", || low() == 4);
        let answer = client.login(ANN, crate::harness::PASSWORD).expect(200);
        assert_eq!(answer["methods"], json!(["totp"]));
    }

    fn an_answer_with_codes_is_never_kept_for_a_repetition(server: Server) {
        let ann = ann(&server);
        let send = || {
            let request = ann.session.request("POST", "/me/mfa/recovery-codes").header("Idempotency-Key", "again");
            request.json(&json!({})).send().expect(200)
        };
        assert_ne!(send(), send());
        let kept = server.store.texts("SELECT CAST(COUNT(*) AS TEXT) AS value FROM idempotency_keys");
        assert_eq!(kept, ["0"]);
    }
}
