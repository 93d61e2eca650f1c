//! When it ends: by itself, with the session that it was begun from, and with whatever made it right.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{ANN, HELPER, MINUTE, again, ask, helper_and_ann, impersonate};
use crate::harness::{Client, Mailbox, PASSWORD, Server, Store, cookies, login_in_browser};

/// Servers on one store that accept each other's tokens, as nodes behind one address do.
const NODE: &[(&str, &str)] = &[("token.issuer", "https://reeve.test")];

fn roles_of(server: &Server, user: &str, roles: &[&str]) {
    server.admin().put(&format!("/users/{user}/roles"), json!({"roles": roles})).expect(200);
}

both_databases! {
    fn it_ends_after_half_an_hour_and_nothing_prolongs_it(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&helper, &ann.id);
        server.clock.advance(29 * MINUTE);
        acting.get("/me").expect(200);
        // The session that it was begun from goes on, and is renewed.
        let helper = server.stranger().signed_in(&server.stranger().refresh(&helper.refresh_token));
        server.clock.advance(MINUTE + Duration::from_secs(1));
        acting.get("/me").problem(401, "unauthenticated");
        helper.get("/me").expect(200);
    }

    fn it_is_as_short_as_is_configured_and_no_longer_than_the_session_behind_it(store: Arc<Store>) {
        let server = Server::start(&store, &[("impersonation.ttl", "5m"), ("session.absolute_ttl", "2m")]);
        let (helper, ann) = helper_and_ann(&server);
        let seconds = ask(&helper, &ann.id).expect(200)["expires_in"].as_i64().unwrap();
        assert!((110..=120).contains(&seconds), "{seconds}");
        let remembered = json!({"identifier": HELPER, "password": PASSWORD, "remember": true});
        let helper = server.stranger().signed_in(&server.stranger().post("/auth/login", remembered));
        let seconds = ask(&helper, &ann.id).expect(200)["expires_in"].as_i64().unwrap();
        assert!((290..=300).contains(&seconds), "{seconds}");
    }

    fn signing_out_of_it_ends_it_alone_and_leaves_the_cookie_of_who_acted(server: Server) {
        let (_, ann) = helper_and_ann(&server);
        let login = login_in_browser(&server.stranger(), HELPER, PASSWORD, None);
        let helper = server.stranger().signed_in(&login);
        let acting = impersonate(&helper, &ann.id);
        let answer = acting.request("POST", "/auth/logout").send();
        answer.expect(204);
        assert!(cookies(&answer).is_empty(), "the cookie of the session behind it is taken away: {answer}");
        acting.get("/me").problem(401, "unauthenticated");
        helper.get("/me").expect(200);
        ann.get("/me").expect(200);
    }

    fn signing_out_of_one_that_is_over_leaves_the_session_of_the_cookie(server: Server) {
        let (_, ann) = helper_and_ann(&server);
        let login = login_in_browser(&server.stranger(), HELPER, PASSWORD, None);
        let helper = server.stranger().signed_in(&login);
        let acting = impersonate(&helper, &ann.id);
        server.clock.advance(31 * MINUTE);
        let cookie = cookies(&login).into_iter().map(|cookie| cookie.split(';').next().unwrap().to_owned());
        let cookie = cookie.collect::<Vec<_>>().join("; ");
        let in_browser = |path| acting.request("POST", path).header("cookie", &cookie).header("origin", server.state.public_url.as_str());
        in_browser("/auth/logout").send().problem(401, "unauthenticated");
        let renewed = server.stranger().request("POST", "/auth/refresh").header("cookie", &cookie);
        renewed.header("origin", server.state.public_url.as_str()).send().expect(200);
    }

    fn it_ends_at_once_with_the_session_that_it_was_begun_from(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let second = again(&server, HELPER);
        let (acting, other) = (impersonate(&helper, &ann.id), impersonate(&second, &ann.id));
        for client in [&acting, &other] {
            client.get("/me").expect(200);
        }
        helper.request("POST", "/auth/logout").send().expect(204);
        acting.get("/me").problem(401, "unauthenticated");
        other.get("/me").expect(200);
        assert_eq!(ann.get("/me/sessions").expect(200)["total"], 2, "what is over is not listed");
        second.delete("/me/sessions").expect(204);
        other.get("/me").expect(200);
        second.post("/auth/password/change", json!({"current_password": PASSWORD, "new_password": "another horse, another battery"})).expect(200);
        other.get("/me").expect(200);
        server.admin().delete(&format!("/users/{}/sessions", second.id)).expect(204);
        other.get("/me").problem(401, "unauthenticated");
    }

    fn it_ends_when_who_acts_may_not_any_more(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&helper, &ann.id);
        acting.get("/users").expect(200);
        server.create_role("readers", &["users:read"]);
        server.create_role("helpers", &["users:read", "users:impersonate"]);
        roles_of(&server, &helper.id, &["readers"]);
        acting.get("/me").problem(401, "unauthenticated");
        // Given back, it is theirs again, for what is left of it.
        roles_of(&server, &helper.id, &["helpers"]);
        acting.get("/me").expect(200);
        server.admin().request("POST", &format!("/users/{}/deactivate", helper.id)).send().expect(200);
        acting.get("/me").problem(401, "unauthenticated");
        server.admin().request("POST", &format!("/users/{}/activate", helper.id)).send().expect(200);
        acting.get("/me").problem(401, "unauthenticated");
    }

    fn it_ends_when_the_user_may_do_more_than_who_acts(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&helper, &ann.id);
        acting.get("/me").expect(200);
        server.create_role("auditors", &["users:read", "audit:read"]);
        roles_of(&server, &ann.id, &["auditors"]);
        acting.get("/audit").problem(401, "unauthenticated");
        acting.get("/me").problem(401, "unauthenticated");
    }

    fn it_ends_with_either_user(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let (first, admin) = (impersonate(&helper, &ann.id), server.admin());
        admin.request("POST", &format!("/users/{}/deactivate", ann.id)).send().expect(200);
        first.get("/me").problem(401, "unauthenticated");
        admin.request("POST", &format!("/users/{}/activate", ann.id)).send().expect(200);
        let second = impersonate(&helper, &ann.id);
        second.get("/me").expect(200);
        admin.delete(&format!("/users/{}", helper.id)).expect(204);
        second.get("/me").problem(401, "unauthenticated");
        let third = impersonate(&admin, &ann.id);
        admin.delete(&format!("/users/{}", ann.id)).expect(204);
        third.get("/me").problem(401, "unauthenticated");
    }

    fn the_user_sees_who_acts_in_their_name_and_ends_it(server: Server) {
        let (helper, ann) = helper_and_ann(&server);
        let acting = impersonate(&helper, &ann.id);
        let list = ann.get("/me/sessions").expect(200);
        let items = list["items"].as_array().unwrap();
        assert_eq!(items[0]["impersonated_by"], json!({"id": helper.id, "email": HELPER}), "{list}");
        assert_eq!((&items[0]["current"], &items[1]["impersonated_by"]), (&json!(false), &Value::Null));
        ann.delete(&format!("/me/sessions/{}", items[0]["id"].as_str().unwrap())).expect(204);
        acting.get("/me").problem(401, "unauthenticated");
        helper.get("/me").expect(200);
        let acting = impersonate(&helper, &ann.id);
        ann.delete("/me/sessions").expect(204);
        acting.get("/me").problem(401, "unauthenticated");
        assert_eq!(ann.get("/me/sessions").expect(200)["total"], 1);
    }

    fn every_process_hears_within_a_second_that_it_is_over(store: Arc<Store>) {
        let (here, there) = (Server::start(&store, NODE), Server::start(&store, NODE));
        let until_refused = |acting: &Client| {
            let started = Instant::now();
            while acting.get("/me").status != 401 {
                assert!(started.elapsed() < Duration::from_millis(1_100), "the other process has not heard of it");
                std::thread::sleep(Duration::from_millis(10));
            }
        };
        let (helper, ann) = helper_and_ann(&here);
        let acting = impersonate(&helper, &ann.id).at(&there.address);
        acting.get("/me").expect(200);
        helper.request("POST", "/auth/logout").send().expect(204);
        until_refused(&acting);
        let helper = again(&here, HELPER);
        let acting = impersonate(&helper, &ann.id).at(&there.address);
        acting.get("/me").expect(200);
        roles_of(&here, &helper.id, &[]);
        until_refused(&acting);
    }

    fn it_is_no_sign_in_and_where_somebody_acted_from_is_nowhere_that_the_user_is_known(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let admin = server.admin();
        let ann = server.add_user(ANN, &[]);
        let sign_in = |program: &str| {
            let body = json!({"identifier": ANN, "password": PASSWORD});
            server.stranger().request("POST", "/auth/login").header("user-agent", program).json(&body).send().expect(200);
        };
        sign_in("Home/1");
        let path = format!("/users/{ann}/impersonate");
        admin.request("POST", &path).header("user-agent", "Office/1").json(&json!({"reason": "x"})).send().expect(200);
        assert_eq!(admin.get(&format!("/users/{ann}")).expect(200)["login_count"], 1);
        assert!(mailbox.to(ANN).is_empty());
        // Ann in the administrator's office is somewhere that she has never been.
        sign_in("Office/1");
        assert!(mailbox.next_to(ANN, 0).subject.contains("New sign-in"));
    }
}
