//! What takes an account elsewhere away.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, link, refusal, sign_in, start};
use crate::harness::{OidcProvider, Store};

both_databases! {
    fn the_last_way_to_sign_in_stays(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[("oidc.corporate.provisioning", "true")]);
        let new = sign_in(&server, "new@corporate.example");
        let id = |nth: usize| new.get("/me/identities").expect(200)["items"][nth]["id"].as_str().unwrap().to_owned();
        let first = id(0);
        new.delete(&format!("/me/identities/{first}")).problem(409, "last_sign_in_method");
        assert_eq!(link(&server, &new, "second@corporate.example"), "linked");
        new.delete(&format!("/me/identities/{first}")).expect(204);
        new.delete(&format!("/me/identities/{}", id(0))).problem(409, "last_sign_in_method");
    }

    fn resetting_somebodys_access_unlinks_what_others_may_have_linked(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let ann = server.member(ANN, &[]);
        link(&server, &ann, "intruder@corporate.example");
        server.admin().post(&format!("/users/{}/reset-access", ann.id), json!({})).expect(200);
        assert_eq!(refusal(&server, "intruder@corporate.example"), "identity_unknown");
    }

    fn what_signed_in_to_a_deleted_account_signs_in_nowhere(store: Arc<Store>) {
        let provider = OidcProvider::start();
        let server = start(&store, &provider, &[]);
        let ann = server.member(ANN, &[]);
        link(&server, &ann, "a@corporate.example");
        ann.delete("/me").expect(204);
        assert_eq!(refusal(&server, "a@corporate.example"), "identity_unknown");
        assert_eq!(store.texts("SELECT id AS value FROM identities"), Vec::<String>::new());
    }
}
