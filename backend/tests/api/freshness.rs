//! What gives rights, or takes them, or gives an account away, takes a recent proof of who one is.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{ADMIN, Answer, Client, PASSWORD, Server, SignedIn};

const NEW_PASSWORD: &str = "another horse, another battery";
const MINUTE: Duration = Duration::from_secs(60);

/// The administrator in a session whose proof is 16 minutes old.
fn stale(server: &Server) -> SignedIn {
    let admin = server.admin();
    server.clock.advance(16 * MINUTE);
    server.stranger().signed_in(&server.stranger().refresh(&admin.refresh_token))
}

/// Somebody to act on, and every act that takes a proof. A role is taken before it is given, so that each act is something.
fn acts(server: &Server, by: &Client) -> Vec<(&'static str, String, Value)> {
    let admin = server.admin();
    let (ann, role) = (server.add_user("ann@example.com", &[]), server.create_role("readers", &["users:read"]));
    server.create_role("writers", &[]);
    let user = format!("/users/{ann}");
    let key = admin.post(&format!("{user}/api-keys"), json!({"name": "key"})).expect(201);
    by.get("/me").expect(200);
    vec![
        ("PATCH", user.clone(), json!({"email": "anne@example.com"})),
        ("PUT", format!("{user}/password"), json!({"password": NEW_PASSWORD})),
        ("DELETE", format!("{user}/mfa"), json!({})),
        ("POST", format!("{user}/api-keys"), json!({"name": "other"})),
        ("DELETE", format!("{user}/api-keys/{}", key["id"].as_str().unwrap()), json!({})),
        ("PUT", format!("{user}/roles"), json!({"roles": ["readers"]})),
        ("DELETE", format!("{user}/roles/readers"), json!({})),
        ("PUT", format!("{user}/roles/readers"), json!({})),
        ("POST", "/users/bulk".into(), json!({"action": "add_role", "ids": [ann], "role": "writers"})),
        ("POST", "/users/bulk".into(), json!({"action": "remove_role", "ids": [ann], "role": "writers"})),
        ("POST", "/users".into(), json!({"email": "with-role@example.com", "roles": ["readers"]})),
        ("POST", "/users".into(), json!({"email": "with-password@example.com", "password": NEW_PASSWORD})),
        ("PUT", format!("/roles/{role}/permissions"), json!({"permissions": ["users:read", "roles:read"]})),
        ("PATCH", format!("/roles/{role}"), json!({"permissions": []})),
        ("PATCH", format!("/roles/{role}"), json!({"mfa_required": true})),
        ("POST", format!("{user}/reset-access"), json!({})),
    ]
}

fn send(by: &Client, (method, path, body): &(&str, String, Value)) -> Answer {
    by.request(method, path).json(body).send()
}

fn import(by: &Client, email: &str, roles: &str, dry_run: bool) -> Answer {
    let file = format!("email,roles\n{email},{roles}\n");
    by.request("POST", &format!("/users/import?format=csv&dry_run={dry_run}")).body("text/csv", file).send()
}

both_databases! {
    fn who_proved_long_ago_who_they_are_gives_and_takes_no_rights_until_they_prove_it_again(server: Server) {
        let stale = stale(&server);
        let acts = acts(&server, &stale);
        for act in &acts {
            let refused = send(&stale, act);
            refused.problem(401, "reauthentication_required");
            assert!(refused.header("www-authenticate").unwrap().contains("insufficient_user_authentication"), "{refused}");
        }
        import(&stale, "imported@example.com", "readers", false).problem(401, "reauthentication_required");
        // Nothing of it was done.
        assert_eq!(stale.get("/users?filter=email:in:(anne@example.com,with-role@example.com,with-password@example.com,imported@example.com)").expect(200)["total"], 0);
        let proof = stale.post("/auth/reauthenticate", json!({"password": PASSWORD}));
        let fresh = server.stranger().signed_in(&proof);
        for act in &acts {
            send(&fresh, act).expect_success();
        }
        import(&fresh, "imported@example.com", "readers", false).expect(200);
    }

    fn what_gives_nothing_away_takes_no_proof(server: Server) {
        let stale = stale(&server);
        let ann = server.add_user("ann@example.com", &[]);
        let role = server.create_role("readers", &[]);
        let user = format!("/users/{ann}");
        stale.patch(&user, json!({"display_name": "Ann", "email": "ann@example.com"})).expect(200);
        stale.post("/users", json!({"email": "bob@example.com", "roles": []})).expect(201);
        stale.patch(&format!("/roles/{role}"), json!({"description": "x", "permissions": []})).expect(200);
        for act in ["deactivate", "activate", "unlock"] {
            stale.request("POST", &format!("{user}/{act}")).send().expect(200);
        }
        stale.post("/users/bulk", json!({"action": "deactivate", "ids": [ann]})).expect(200);
        import(&stale, "imported@example.com", "", false).expect(200);
        import(&stale, "other@example.com", "readers", true).expect(200);
        stale.delete(&format!("{user}/sessions")).expect(204);
        stale.delete(&user).expect(204);
    }

    fn a_key_proves_nothing_and_does_what_it_was_made_for(server: Server) {
        let admin = server.admin();
        let key = admin.post("/me/api-keys", json!({"name": "key"})).expect(201);
        let key = admin.with_token(key["key"].as_str().unwrap());
        server.clock.advance(16 * MINUTE);
        for act in &acts(&server, &key) {
            send(&key, act).expect_success();
        }
        import(&key, "imported@example.com", "readers", false).expect(200);
        server.stranger().sign_in(ADMIN, PASSWORD);
    }
}
