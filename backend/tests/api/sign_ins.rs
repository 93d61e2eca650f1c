//! Sign-ins looked back on: everybody sees those to their own account, the refused ones too, and nobody else's.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{Browser, PASSWORD, Server, SignedIn};

const ANN: &str = "ann@example.com";
const WRONG: &str = "not the right password";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0";

fn sign_ins(somebody: &SignedIn) -> Vec<Value> {
    somebody.get("/me/sign-ins?limit=200").expect(200)["items"].as_array().unwrap().clone()
}

both_databases! {
    fn one_sees_who_signed_in_to_ones_account_and_who_tried_and_how_it_ended(server: Server) {
        server.add_user(ANN, &[]);
        let stranger = server.stranger();
        let ann = Browser::new(&stranger, FIREFOX).sign_in(ANN, PASSWORD);
        let body = json!({"identifier": ANN, "password": WRONG});
        stranger.request("POST", "/auth/login").header("user-agent", "guesser/1.0").json(&body).send().problem(401, "invalid_credentials");
        let list = sign_ins(&ann);
        let told: Vec<_> = list.iter().map(|item| (item["outcome"].as_str().unwrap(), item["reason"].as_str(), item["user_agent"].as_str())).collect();
        assert_eq!(told, [
            ("refused", Some("wrong_password"), Some("guesser/1.0")),
            ("ok", None, Some(FIREFOX)),
        ]);
        for item in &list {
            assert_eq!(item["ip"], "127.0.0.1");
            let mut fields: Vec<_> = item.as_object().unwrap().keys().cloned().collect();
            fields.sort();
            assert_eq!(fields, ["at", "id", "ip", "outcome", "reason", "seq", "user_agent"], "something else is told");
        }
        // And that it was refused because there were too many, which is noted once a minute: not before the third wait.
        for wait in [0, 0, 0, 0, 31, 61] {
            server.clock.advance(Duration::from_secs(wait));
            stranger.login(ANN, WRONG).problem(401, "invalid_credentials");
        }
        for wait in [61, 1] {
            server.clock.advance(Duration::from_secs(wait));
            stranger.login(ANN, PASSWORD).problem(429, "too_many_attempts");
        }
        let reasons: Vec<_> = sign_ins(&ann).iter().take(2).map(|item| item["reason"].clone()).collect();
        assert_eq!(reasons, ["too_many_attempts", "wrong_password"]);
    }

    fn nobody_sees_sign_ins_of_others_nor_what_else_happened_to_their_own_account(server: Server) {
        let id = server.add_user(ANN, &[]);
        let ann = server.stranger().sign_in(ANN, PASSWORD);
        let admin = server.admin();
        server.stranger().login("admin@example.com", WRONG).problem(401, "invalid_credentials");
        server.stranger().login("nobody@example.com", WRONG).problem(401, "invalid_credentials");
        admin.patch(&format!("/users/{id}"), json!({"display_name": "Ann Archer"})).expect(200);
        ann.patch("/me", json!({"display_name": "Ann"})).expect(200);
        assert_eq!(sign_ins(&ann).len(), 1);
        // A filter narrows it, and widens nothing.
        for filter in ["outcome:eq:ok", "or(outcome:eq:ok,outcome:ne:ok)", "not(outcome:eq:refused)"] {
            assert_eq!(ann.get(&format!("/me/sign-ins?filter={filter}")).expect(200)["total"], 1, "{filter}");
        }
        assert_eq!(ann.get("/me/sign-ins?q=127.0.0.1").expect(200)["total"], 1);
        for filter in ["target:eq:x", "actor:eq:x", "action:eq:user.created", "reason:eq:x"] {
            ann.get(&format!("/me/sign-ins?filter={filter}")).problem(400, "invalid_filter");
        }
        server.stranger().get("/me/sign-ins").problem(401, "unauthenticated");
    }

    fn a_long_list_is_read_page_by_page_and_stays_the_same_while_there_are_new_ones(server: Server) {
        server.add_user(ANN, &[]);
        let ann = server.stranger().sign_in(ANN, PASSWORD);
        for _ in 0..6 {
            server.stranger().sign_in(ANN, PASSWORD);
        }
        let whole = sign_ins(&ann);
        assert_eq!(whole.len(), 7);
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = ann.get(&format!("/me/sign-ins?limit=3{cursor}")).expect(200);
            seen.extend(page["items"].as_array().unwrap().clone());
            server.stranger().sign_in(ANN, PASSWORD);
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, whole);
        ann.get("/me/sign-ins?limit=0").problem(400, "invalid_limit");
        ann.get("/me/sign-ins?cursor=x").problem(400, "invalid_cursor");
    }

    fn every_way_to_sign_in_is_counted_with_its_time_and_address(server: Server) {
        let admin = server.admin();
        let id = server.add_user(ANN, &[]);
        let of_ann = |server: &Server| server.admin().get(&format!("/users/{id}")).expect(200);
        let none = of_ann(&server);
        assert_eq!((&none["login_count"], &none["current_login_at"], &none["last_login_at"]), (&json!(0), &Value::Null, &Value::Null));
        server.stranger().sign_in(ANN, PASSWORD);
        let first = of_ann(&server);
        assert_eq!((&first["login_count"], &first["current_login_ip"], &first["last_login_at"]), (&json!(1), &json!("127.0.0.1"), &Value::Null));
        server.clock.advance(Duration::from_secs(60));
        // What failed counts for nothing.
        server.stranger().login(ANN, WRONG).problem(401, "invalid_credentials");
        assert_eq!(of_ann(&server)["login_count"], 1);
        admin.put(&format!("/users/{id}/password"), json!({"password": "for the moment only", "must_change": true})).expect(204);
        let challenge = server.stranger().login(ANN, "for the moment only").expect(200)["challenge"].clone();
        assert_eq!(of_ann(&server)["login_count"], 1, "a password that has to be changed first opens no session");
        let body = json!({"challenge": challenge, "new_password": "a password of my own"});
        let ann = server.stranger().signed_in(&server.stranger().post("/auth/password/change-required", body));
        let second = of_ann(&server);
        assert_eq!((&second["login_count"], &second["last_login_at"], &second["last_login_ip"]), (&json!(2), &first["current_login_at"], &json!("127.0.0.1")));
        assert!(second["current_login_at"].as_str() > first["current_login_at"].as_str());
        // Renewing the session and proving once more who one is are no sign-ins.
        server.stranger().refresh(&ann.refresh_token).expect(200);
        ann.post("/auth/reauthenticate", json!({"password": "a password of my own"})).expect(200);
        assert_eq!(of_ann(&server)["login_count"], 2);
        let listed = admin.get("/users?filter=login_count:eq:2&filter=email:eq:ann@example.com").expect(200);
        assert_eq!(listed["items"][0]["last_login_at"], first["current_login_at"]);
    }
}
