//! Sessions: everybody sees and ends their own; who may manage users sees and ends theirs.

use std::sync::Arc;

use serde_json::json;

use crate::harness::{PASSWORD, Server, Store};

both_databases! {
    fn one_sees_where_one_is_signed_in_and_which_session_is_this_one(server: Server) {
        let old = server.member("ann@example.com", &[]);
        server.member("bob@example.com", &[]);
        let login = json!({"identifier": "ann@example.com", "password": PASSWORD});
        let answer = server.stranger().request("POST", "/auth/login").header("user-agent", "Tester/1").json(&login).send();
        let ann = server.stranger().signed_in(&answer);
        let list = ann.get("/me/sessions").expect(200);
        assert_eq!((&list["total"], &list["total_is_estimate"], &list["next_cursor"]), (&json!(2), &json!(false), &json!(null)));
        let items = list["items"].as_array().unwrap();
        assert_eq!(items.len(), 2);
        let current = &items[0];
        assert_eq!(current["current"], true, "the newest is first: {list}");
        assert_eq!((&current["user_agent"], &current["ip"], &current["mfa"]), (&json!("Tester/1"), &json!("127.0.0.1"), &json!(false)));
        for name in ["id", "created_at", "last_used_at", "expires_at"] {
            assert!(current[name].is_string(), "{name}: {current}");
        }
        assert_eq!(items[1]["current"], false);
        let first = ann.get("/me/sessions?limit=1").expect(200);
        assert_eq!(first["items"].as_array().unwrap().len(), 1);
        let cursor = first["next_cursor"].as_str().unwrap();
        let second = ann.get(&format!("/me/sessions?limit=1&cursor={cursor}")).expect(200);
        assert_eq!(second["items"][0]["id"], items[1]["id"]);
        ann.get("/me/sessions?limit=0").problem(400, "invalid_limit");
        ann.get("/me/sessions?filter=color:eq:red").problem(400, "invalid_filter");
        old.request("POST", "/auth/logout").send().expect(204);
        assert_eq!(ann.get("/me/sessions").expect(200)["total"], 1);
    }

    fn one_ends_one_of_ones_own_sessions_and_nobody_elses(server: Server) {
        let ann = server.member("ann@example.com", &[]);
        let other = server.stranger().sign_in("ann@example.com", PASSWORD);
        let bob = server.member("bob@example.com", &[]);
        let id = other.get("/me/sessions?filter=current:eq:true").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        bob.delete(&format!("/me/sessions/{id}")).problem(404, "not_found");
        other.get("/me").expect(200);
        ann.delete(&format!("/me/sessions/{id}")).expect(204);
        other.get("/me").problem(401, "unauthenticated");
        server.stranger().refresh(&other.refresh_token).problem(401, "invalid_refresh_token");
        ann.delete(&format!("/me/sessions/{id}")).problem(404, "not_found");
        ann.delete("/me/sessions/nonsense").problem(404, "not_found");
        ann.get("/me").expect(200);
    }

    fn one_ends_all_of_ones_other_sessions_and_stays(server: Server) {
        let ann = server.member("ann@example.com", &[]);
        let others = [(); 3].map(|()| server.stranger().sign_in("ann@example.com", PASSWORD));
        let bob = server.member("bob@example.com", &[]);
        ann.delete("/me/sessions").expect(204);
        for other in &others {
            other.get("/me").problem(401, "unauthenticated");
        }
        ann.get("/me").expect(200);
        bob.get("/me").expect(200);
        ann.delete("/me/sessions").expect(204);
    }

    fn who_manages_users_sees_their_sessions_and_signs_them_out(server: Server) {
        let ann = server.member("ann@example.com", &[]);
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        let path = format!("/users/{}/sessions", ann.id);
        let list = manager.get(&path).expect(200);
        assert_eq!((&list["total"], &list["items"][0]["current"]), (&json!(1), &json!(false)));
        manager.delete(&path).expect(204);
        ann.get("/me").problem(401, "unauthenticated");
        manager.get("/me").expect(200);
        let unknown = format!("/users/{}/sessions", uuid::Uuid::now_v7());
        manager.get(&unknown).problem(404, "not_found");
        manager.delete(&unknown).problem(404, "not_found");
    }

    fn nobody_signs_out_a_user_whose_permissions_exceed_their_own(server: Server) {
        let admin = server.admin();
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        manager.delete(&format!("/users/{}/sessions", admin.id)).problem(403, "privilege_escalation");
        admin.get("/me").expect(200);
        admin.delete(&format!("/users/{}/sessions", manager.id)).expect(204);
        manager.get("/me").problem(401, "unauthenticated");
    }

    fn a_session_that_was_idle_for_too_long_is_not_shown_as_one_that_lives(store: Arc<Store>) {
        let server = Server::start(&store, &[("token.access_ttl", "30d")]);
        let ann = server.member("ann@example.com", &[]);
        server.clock.advance(std::time::Duration::from_secs(8 * 86_400));
        let fresh = server.stranger().sign_in("ann@example.com", PASSWORD);
        server.stranger().refresh(&ann.refresh_token).problem(401, "invalid_refresh_token");
        assert_eq!(fresh.get("/me/sessions").expect(200)["total"], 1, "a session that can't be renewed is listed");
    }
}
