//! Nobody reaches beyond their own permissions, by whatever path, and an administrator always remains.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::harness::{ADMIN, Answer, PASSWORD, Server, SignedIn, Store};

const NODE: &[(&str, &str)] = &[("token.issuer", "https://reeve.test")];

fn active_administrators(server: &Server) -> usize {
    server
        .store
        .texts(
            "SELECT users.id AS value FROM users JOIN user_roles ON user_roles.user_id = users.id \
         JOIN roles ON roles.id = user_roles.role_id WHERE roles.name = 'admin' AND users.active AND users.approved",
        )
        .len()
}

/// The n-th way to get rid of an administrator.
fn get_rid(by: &SignedIn, way: usize, id: &str) -> Answer {
    let user = format!("/users/{id}");
    match way % 7 {
        0 => by.delete(&user),
        1 => by.request("POST", &format!("{user}/deactivate")).send(),
        2 => by.put(&format!("{user}/roles"), json!({"roles": []})),
        3 => by.delete(&format!("{user}/roles/admin")),
        4 => by.patch(&user, json!({"active": false})),
        5 => by.post("/users/bulk", json!({"action": "remove_role", "role": "admin", "ids": [id]})),
        _ => by.post("/users/bulk", json!({"action": "delete", "ids": [id]})),
    }
}

both_databases! {
    fn the_last_administrator_stays_whichever_way_is_tried(server: Server) {
        let admin = server.admin();
        // Neither an inactive nor an unapproved one could take over.
        for (email, column) in [("inactive@example.com", "active"), ("unapproved@example.com", "approved")] {
            let id = server.add_user(email, &[]);
            admin.request("PUT", &format!("/users/{id}/roles/admin")).send().expect(200);
            server.store.execute(&format!("UPDATE users SET {column} = FALSE WHERE email = '{email}'"));
        }
        for way in 0..7 {
            get_rid(&admin, way, &admin.id).problem(409, "last_admin");
        }
        assert_eq!(admin.get("/me").expect(200)["permissions"], json!(["*"]));
    }

    fn an_administrator_who_has_no_password_yet_can_not_take_over_from_the_last_one(server: Server) {
        let admin = server.admin();
        admin.post("/users", json!({"email": "invited@example.com", "roles": ["admin"]})).expect(201);
        for way in 0..7 {
            get_rid(&admin, way, &admin.id).problem(409, "last_admin");
        }
    }

    fn an_administrator_who_has_not_verified_their_address_can_not_take_over_where_that_is_required(store: Arc<Store>) {
        let server = Server::start(&store, &[("email_verification", "required")]);
        let admin = server.admin();
        let id = server.add_user("unverified@example.com", &[]);
        admin.request("PUT", &format!("/users/{id}/roles/admin")).send().expect(200);
        server.store.execute("UPDATE users SET email_verified = FALSE WHERE email = 'unverified@example.com'");
        for way in 0..7 {
            get_rid(&admin, way, &admin.id).problem(409, "last_admin");
        }
        drop(server);
        let server = Server::start(&store, &[("email_verification", "optional")]);
        let admin = server.admin();
        get_rid(&admin, 1, &admin.id).expect(200);
    }

    fn with_a_second_administrator_the_first_may_go(server: Server) {
        let admin = server.admin();
        let second = server.add_user("second@example.com", &[]);
        admin.request("PUT", &format!("/users/{second}/roles/admin")).send().expect(200);
        let second = server.stranger().sign_in("second@example.com", PASSWORD);
        admin.put(&format!("/users/{}/roles", admin.id), json!({"roles": []})).expect(200);
        admin.get("/users").problem(403, "permission_denied");
        get_rid(&second, 1, &second.id).problem(409, "last_admin");
    }

    fn of_twenty_demotions_at_once_on_two_nodes_one_administrator_remains(store: Arc<Store>) {
        let nodes = [Server::start(&store, NODE), Server::start(&store, NODE)];
        let first = nodes[0].admin();
        let mut administrators = vec![first.clone()];
        for number in 0..3 {
            let email = format!("admin{number}@example.com");
            let id = nodes[0].add_user(&email, &[]);
            first.request("PUT", &format!("/users/{id}/roles/admin")).send().expect(200);
            administrators.push(nodes[0].stranger().sign_in(&email, PASSWORD));
        }
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20)
                .map(|number| {
                    let (administrators, nodes) = (&administrators, &nodes);
                    scope.spawn(move || {
                        // Each of the four is after each of the others, and after themselves.
                        let (by, victim) = (number % 4, (number % 4 + 1 + number / 4) % 4);
                        let at = administrators[by].at_node(&nodes[(number + number / 4) % 2]);
                        get_rid(&at, number, &administrators[victim].id)
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        for answer in &answers {
            assert!(matches!(answer.status, 200 | 204 | 401 | 403 | 404 | 409), "{answer}");
        }
        assert!(answers.iter().any(|answer| answer.status < 300), "nobody could do anything");
        assert_eq!(active_administrators(&nodes[0]), 1, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    }

    fn of_two_administrators_who_demote_each_other_at_once_one_remains(store: Arc<Store>) {
        let nodes = [Server::start(&store, NODE), Server::start(&store, NODE)];
        for round in 0..5 {
            let first = nodes[0].admin();
            let email = format!("second{round}@example.com");
            let id = nodes[0].add_user(&email, &[]);
            first.request("PUT", &format!("/users/{id}/roles/admin")).send().expect(200);
            let second = nodes[1].stranger().sign_in(&email, PASSWORD);
            let answers = std::thread::scope(|scope| {
                let one = scope.spawn(|| get_rid(&first, 2, &second.id));
                let other = scope.spawn(|| get_rid(&second, 2, &first.id));
                [one.join().unwrap(), other.join().unwrap()]
            });
            assert_eq!(active_administrators(&nodes[0]), 1, "{} and {}", answers[0], answers[1]);
            // Back to one administrator, the first, for the next round.
            nodes[0].store.execute("DELETE FROM user_roles");
            nodes[0].store.execute(&format!(
                "INSERT INTO user_roles (user_id, role_id) SELECT users.id, roles.id FROM users, roles WHERE users.email = '{ADMIN}' AND roles.name = 'admin'"
            ));
            std::thread::sleep(std::time::Duration::from_millis(1_100));
            for node in &nodes {
                node.state.access.forget_all();
            }
        }
    }

    fn nobody_gives_a_role_or_permission_that_exceeds_their_own(server: Server) {
        let role = server.create_role("auditors", &["audit:read"]);
        server.create_role("readers", &["users:read"]);
        let manager = server.member("manager@example.com", &["users:read", "users:write", "roles:read", "roles:write", "roles:delete", "users:delete"]);
        let ann = server.add_user("ann@example.com", &[]);
        let refused = |answer: Answer| {
            answer.problem(403, "privilege_escalation");
        };
        for role in ["auditors", "admin"] {
            refused(manager.post("/users", json!({"email": "new@example.com", "roles": ["readers", role]})));
            refused(manager.put(&format!("/users/{ann}/roles"), json!({"roles": [role]})));
            refused(manager.request("PUT", &format!("/users/{ann}/roles/{role}")).send());
            refused(manager.post("/users/bulk", json!({"action": "add_role", "role": role, "ids": [ann]})));
            // To oneself too.
            refused(manager.request("PUT", &format!("/users/{}/roles/{role}", manager.id)).send());
        }
        for permission in ["*", "audit:read", "*:read", "users:*", "*:*", "data:app.orders:read", "data:*.*:*"] {
            refused(manager.post("/roles", json!({"name": "new", "permissions": ["users:read", permission]})));
        }
        let own = server.create_role("helpers", &["users:read"]);
        for permissions in [json!(["audit:read"]), json!(["*"]), json!(["users:read", "users:*"])] {
            refused(manager.put(&format!("/roles/{own}/permissions"), json!({"permissions": permissions})));
            refused(manager.patch(&format!("/roles/{own}"), json!({"permissions": permissions})));
        }
        // Nor is a stronger role weakened, renamed or deleted.
        refused(manager.put(&format!("/roles/{role}/permissions"), json!({"permissions": []})));
        refused(manager.patch(&format!("/roles/{role}"), json!({"name": "readers2"})));
        refused(manager.delete(&format!("/roles/{role}")));
        assert_eq!(server.admin().get(&format!("/users/{ann}")).expect(200)["roles"], json!([]));
        assert_eq!(manager.get("/me").expect(200)["permissions"].as_array().unwrap().len(), 6);
        // What lies within one's own may be given.
        manager.request("PUT", &format!("/users/{ann}/roles/readers")).send().expect(200);
        manager.post("/roles", json!({"name": "deputies", "permissions": ["users:read", "roles:write"]})).expect(201);
    }

    fn nobody_acts_on_a_user_whose_permissions_exceed_their_own(server: Server) {
        let manager = server.member("manager@example.com", &["users:*", "roles:*"]);
        let auditor = server.member("auditor@example.com", &["audit:read"]);
        let admin = server.admin();
        let tag = "\"x\"";
        for victim in [&admin, &auditor] {
            let user = format!("/users/{}", victim.id);
            let attempts: Vec<(&str, String, Value)> = vec![
                ("PATCH", user.clone(), json!({"email": "mine@example.com"})),
                ("PATCH", user.clone(), json!({"username": "mine"})),
                ("PATCH", user.clone(), json!({"display_name": "Nobody"})),
                ("PATCH", user.clone(), json!({"active": false})),
                ("PUT", format!("{user}/password"), json!({"password": "now I am you, am I not"})),
                ("PUT", format!("{user}/roles"), json!({"roles": []})),
                ("DELETE", format!("{user}/roles/admin"), json!({})),
                ("POST", format!("{user}/deactivate"), json!({})),
                ("POST", format!("{user}/activate"), json!({})),
                ("POST", format!("{user}/approve"), json!({})),
                ("POST", format!("{user}/unlock"), json!({})),
                ("POST", format!("{user}/reset-access"), json!({})),
                ("POST", format!("{user}/mail-link"), json!({})),
                ("DELETE", format!("{user}/sessions"), json!({})),
                ("DELETE", user.clone(), json!({})),
                ("POST", "/users/bulk".into(), json!({"action": "deactivate", "ids": [victim.id]})),
                ("POST", "/users/bulk".into(), json!({"action": "activate", "ids": [victim.id]})),
                ("POST", "/users/bulk".into(), json!({"action": "delete", "ids": [victim.id]})),
                ("POST", "/users/bulk".into(), json!({"action": "remove_role", "role": "admin", "ids": [victim.id]})),
            ];
            for (method, path, body) in attempts {
                manager.request(method, &path).json(&body).send().problem(403, "privilege_escalation");
                // Whether the state is known does not matter.
                let answer = manager.request(method, &path).header("if-match", tag).json(&body).send();
                answer.problem(403, "privilege_escalation");
            }
            victim.get("/me").expect(200);
        }
        server.stranger().sign_in(ADMIN, PASSWORD);
    }

    fn a_user_who_is_inactive_is_no_weaker_for_it(server: Server) {
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        let auditor = server.add_user("auditor@example.com", &["audit:read"]);
        server.admin().request("POST", &format!("/users/{auditor}/deactivate")).send().expect(200);
        // Else one would set their password first and activate them then.
        manager.put(&format!("/users/{auditor}/password"), json!({"password": "now I am you, am I not"})).problem(403, "privilege_escalation");
        manager.request("POST", &format!("/users/{auditor}/activate")).send().problem(403, "privilege_escalation");
    }

    fn who_lost_their_permission_a_moment_ago_does_nothing_with_it_any_more(store: Arc<Store>) {
        let nodes = [Server::start(&store, NODE), Server::start(&store, NODE)];
        let manager = nodes[0].member("manager@example.com", &["users:read", "users:write"]);
        let elsewhere = manager.at(&nodes[1].address);
        elsewhere.get("/users").expect(200);
        nodes[0].admin().put(&format!("/users/{}/roles", manager.id), json!({"roles": []})).expect(200);
        // The other node may not have heard of it, but a write looks it up again.
        let answer = elsewhere.post("/users", json!({"email": "ann@example.com"}));
        answer.problem(403, "permission_denied");
    }
}
