//! Proving once more who one is, by a passkey.

use serde_json::{Value, json};

use super::authenticator::Passkey;
use super::{ANN, add, stale};
use crate::harness::{Answer, Server, SignedIn};

fn prove(session: &SignedIn, options: &Value, credential: Value) -> Answer {
    let body = json!({"method": "passkey", "ceremony": options["ceremony"], "credential": credential});
    session.post("/auth/reauthenticate", body)
}

both_databases! {
    fn a_passkey_proves_once_more_who_one_is_and_only_once(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let session = stale(&server, &ann);
        let ask = || session.post("/auth/reauthenticate/passkey/options", json!({})).expect(200);
        let options = ask();
        let mut unverified = Passkey { verifies_its_user: false, ..passkey.clone() };
        prove(&session, &options, unverified.assertion(&options)).problem(401, "invalid_credentials");
        let options = ask();
        let credential = passkey.assertion(&options);
        let fresh = prove(&session, &options, credential.clone()).expect(200);
        prove(&session, &options, credential).problem(401, "invalid_credentials");
        session.with_token(fresh["access_token"].as_str().unwrap()).post("/me/passkeys/options", json!({})).expect(200);
    }

    fn nobody_proves_by_their_passkey_that_they_are_somebody_else(server: Server) {
        let (ann, ben) = (server.member(ANN, &[]), server.member("ben@example.com", &[]));
        let (mut passkey, mut bens) = (add(&server, &ann), add(&server, &ben));
        let options = ann.post("/auth/reauthenticate/passkey/options", json!({})).expect(200);
        prove(&ben, &options, passkey.assertion(&options)).problem(401, "invalid_credentials");
        prove(&ann, &options, bens.assertion(&options)).problem(401, "invalid_credentials");
    }

    fn who_has_no_passkey_is_told_so(server: Server) {
        server.member(ANN, &[]).post("/auth/reauthenticate/passkey/options", json!({})).problem(409, "no_passkey");
    }
}
