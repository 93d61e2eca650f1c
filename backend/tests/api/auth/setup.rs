//! The first administrator, made with the link that the first start prints.

use serde_json::json;

use super::MINUTE;
use crate::harness::{EmptyStore, PASSWORD, Server, in_parallel};

both_databases! {
    fn the_first_administrator_is_made_once_by_whoever_holds_the_link(empty: EmptyStore) {
        let server = Server::start(&empty.0, &[]);
        let link = server.invitation.clone().expect("the first start gives a link");
        let (page, token) = link.split_once("?token=").unwrap();
        assert_eq!(page, format!("{}/setup", server.address.replace("127.0.0.1", "localhost")));
        let set_up = |token: &str, email: &str, password: &str| {
            server.stranger().post("/auth/setup", json!({"token": token, "email": email, "password": password}))
        };
        let is_required = |server: &Server| server.stranger().get("/config").expect(200)["setup_required"] == true;
        assert!(is_required(&server), "a newcomer is not told why nobody can sign in");
        set_up("mangled", "a@example.com", PASSWORD).problem(400, "invalid_token");
        set_up(token, "a@example.com", "short").problem(422, "validation_failed");
        let answers = in_parallel(8, |index| set_up(token, &format!("first{index}@example.com"), PASSWORD));
        let (made, refused): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
        assert_eq!(made.len(), 1, "several people became the first administrator");
        for answer in &refused {
            answer.problem(400, "invalid_token");
        }
        let me = server.stranger().signed_in(made[0]).get("/me").expect(200);
        assert_eq!((&me["roles"], &me["permissions"]), (&json!(["admin"]), &json!(["*"])));
        assert_eq!(empty.0.texts("SELECT email AS value FROM users").len(), 1);
        set_up(token, "second@example.com", PASSWORD).problem(400, "invalid_token");
        assert!(!is_required(&server), "the link is asked for when it has been used");
        let later = Server::start(&empty.0, &[]);
        assert!(later.invitation.is_none(), "a later start gives another link");
        assert!(!is_required(&later), "a later start asks for a link that there is not");
    }

    fn the_link_for_the_first_administrator_expires_and_a_new_start_voids_it(empty: EmptyStore) {
        let token_of = |server: &Server| server.invitation.clone().unwrap().split_once("token=").unwrap().1.to_owned();
        let first = Server::start(&empty.0, &[]);
        let second = Server::start(&empty.0, &[]);
        let set_up = |server: &Server, token: &str| {
            server.stranger().post("/auth/setup", json!({"token": token, "email": "a@example.com", "password": PASSWORD}))
        };
        set_up(&second, &token_of(&first)).problem(400, "invalid_token");
        second.clock.advance(25 * 60 * MINUTE);
        set_up(&second, &token_of(&second)).problem(400, "invalid_token");
    }
}
