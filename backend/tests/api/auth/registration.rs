//! Who makes an account, and when it can be used.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::harness::{ADMIN, Answer, Client, PASSWORD, Server, Store};

fn register(client: &Client, email: &str, more: Value) -> Answer {
    let mut body = json!({"email": email, "password": PASSWORD});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
    client.post("/auth/register", body)
}

both_databases! {
    fn who_registers_waits_for_approval_and_can_not_sign_in_before(server: Server) {
        let client = server.stranger();
        let answer = register(&client, "ann@example.com", json!({"username": "ann", "display_name": "Ann"}));
        assert_eq!(answer.expect(202), json!({"status": "pending_approval"}));
        client.login("ann@example.com", PASSWORD).problem(401, "invalid_credentials");
    }

    fn where_registration_is_open_who_registers_can_sign_in_at_once(store: Arc<Store>) {
        let server = Server::start(&store, &[("registration", "open")]);
        assert_eq!(register(&server.stranger(), "ann@example.com", json!({})).expect(202), json!({"status": "registered"}));
        server.stranger().sign_in("ann@example.com", PASSWORD);
    }

    fn where_registration_is_closed_or_by_invitation_nobody_makes_an_account(store: Arc<Store>) {
        for mode in ["closed", "invite"] {
            let server = Server::start(&store, &[("registration", mode)]);
            register(&server.stranger(), "ann@example.com", json!({})).problem(403, "registration_closed");
            assert_eq!(server.stranger().get("/config").expect(200)["registration"]["mode"], mode);
        }
        assert_eq!(store.texts("SELECT email AS value FROM users"), [ADMIN]);
    }

    fn registering_does_not_tell_whether_an_address_is_taken(server: Server) {
        let client = server.stranger();
        let free = register(&client, "free@example.com", json!({}));
        for taken in [ADMIN, "ADMIN@Example.com", "free@example.com"] {
            let answer = register(&client, taken, json!({}));
            assert_eq!((answer.status, answer.text()), (free.status, free.text()));
            let names = |answer: &Answer| answer.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
            assert_eq!(names(&answer), names(&free));
        }
        server.stranger().sign_in(ADMIN, PASSWORD);
    }

    fn a_username_that_is_taken_is_told_whatever_its_case(server: Server) {
        let client = server.stranger();
        register(&client, "ann@example.com", json!({"username": "ann"})).expect(202);
        let answer = register(&client, "bob@example.com", json!({"username": "ANN"}));
        answer.problem(409, "username_taken");
        assert_eq!(answer.field_error("username"), "username_taken");
    }

    fn a_password_that_is_short_long_common_or_the_address_itself_is_refused(server: Server) {
        let too_long = "long ".repeat(26);
        for (password, code) in [
            ("elevenchars", "password_too_short"),
            (too_long.as_str(), "password_too_long"),
            ("123456789012", "password_too_common"),
            ("aaaaaaaaaaaaaa", "password_too_common"),
            ("ann.archer@example.com", "password_contains_name"),
        ] {
            let answer = server.stranger().post("/auth/register", json!({"email": "ann.archer@example.com", "password": password}));
            answer.problem(422, "validation_failed");
            assert_eq!(answer.field_error("password"), code);
        }
    }
}
