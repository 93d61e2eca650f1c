//! What ends a passkey, and what does not.

use std::sync::Arc;

use serde_json::json;

use super::{ANN, add, answer, asked, sign_in, wrong};
use crate::harness::{Mailbox, PASSWORD, Server, Store};

both_databases! {
    fn a_removed_passkey_signs_in_no_more_and_its_owner_is_told(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let client = server.stranger();
        let options = asked(&client);
        let begun = passkey.assertion(&options);
        let id = ann.get("/me/passkeys").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let path = format!("/me/passkeys/{id}");
        server.member("ben@example.com", &[]).delete(&path).problem(404, "not_found");
        let seen = mailbox.to(ANN).len();
        ann.delete(&path).expect(204);
        ann.delete(&path).problem(404, "not_found");
        wrong(&answer(&client, &options, begun));
        wrong(&sign_in(&client, &mut passkey));
        assert!(mailbox.next_to(ANN, seen).text.contains("Phone"));
        let trail = server.admin().get("/audit?filter=action:eq:passkey.removed").expect(200);
        assert_eq!(trail["total"], 1);
        assert!(ann.get("/me/passkeys").expect(200)["items"].as_array().unwrap().is_empty());
    }

    fn an_administrator_removes_them_with_the_other_second_factors_and_when_access_is_reset(server: Server) {
        let ann = server.member(ANN, &[]);
        let client = server.stranger();
        let admin = server.admin();
        let mut passkey = add(&server, &ann);
        admin.delete(&format!("/users/{}/mfa", ann.id)).expect(204);
        wrong(&sign_in(&client, &mut passkey));
        let mut another = add(&server, &ann);
        admin.post(&format!("/users/{}/reset-access", ann.id), json!({})).expect(200);
        wrong(&sign_in(&client, &mut another));
        let trail = admin.get("/audit?filter=action:eq:passkey.removed").expect(200);
        assert_eq!((&trail["total"], &trail["items"][0]["actor"]["email"]), (&json!(2), &json!("admin@example.com")));
    }

    fn nobody_removes_what_they_sign_in_by_when_there_is_nothing_else(server: Server) {
        let ann = server.member(ANN, &[]);
        add(&server, &ann);
        add(&server, &ann);
        server.store.execute(&format!("UPDATE users SET password_hash = NULL WHERE id = '{}'", ann.id));
        let items = ann.get("/me/passkeys").expect(200)["items"].as_array().unwrap().clone();
        let path = |index: usize| format!("/me/passkeys/{}", items[index]["id"].as_str().unwrap());
        ann.delete(&path(0)).expect(204);
        ann.delete(&path(1)).problem(409, "last_sign_in_method");
        assert_eq!(ann.get("/me/passkeys").expect(200)["total"], 1);
    }

    fn a_changed_password_leaves_them(server: Server) {
        let ann = server.member(ANN, &[]);
        let mut passkey = add(&server, &ann);
        let change = json!({"current_password": PASSWORD, "new_password": "another horse, another battery"});
        ann.post("/auth/password/change", change).expect(200);
        server.stranger().signed_in(&sign_in(&server.stranger(), &mut passkey));
    }

    fn no_api_key_reaches_them(server: Server) {
        let ann = server.member(ANN, &[]);
        add(&server, &ann);
        let key = ann.post("/me/api-keys", json!({"name": "key"})).expect(201)["key"].as_str().unwrap().to_owned();
        let program = server.stranger().with_token(&key);
        for answer in [
            program.get("/me/passkeys"),
            program.post("/me/passkeys/options", json!({})),
            program.post("/auth/reauthenticate/passkey/options", json!({})),
        ] {
            assert!([401, 403].contains(&answer.status), "{answer}");
        }
    }
}
