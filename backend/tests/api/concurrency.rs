//! Nobody overwrites what they have not seen.

use std::sync::Arc;

use serde_json::json;

use crate::harness::{Server, Store, in_parallel};

both_databases! {
    fn of_many_who_saw_the_same_state_one_changes_it_and_the_others_are_told(store: Arc<Store>) {
        let issuer: &[(&str, &str)] = &[("token.issuer", "https://reeve.test")];
        let nodes = [Server::start(&store, issuer), Server::start(&store, issuer)];
        let admin = nodes[0].admin();
        let ann = nodes[0].add_user("ann@example.com", &[]);
        let role = nodes[0].create_role("editors", &[]);
        for (path, field) in [(format!("/users/{ann}"), "display_name"), (format!("/roles/{role}"), "description")] {
            let tag = admin.get(&path).header("etag").unwrap().to_owned();
            let answers = in_parallel(12, |number| {
                let by = admin.at(&nodes[number % 2].address);
                by.request("PATCH", &path).header("if-match", &tag).json(&json!({field: format!("Version {number}")})).send()
            });
            let (won, lost): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 200);
            assert_eq!(won.len(), 1, "{} changed {path} over each other", won.len());
            for answer in &lost {
                answer.problem(412, "precondition_failed");
            }
            let now = admin.get(&path);
            assert_eq!(now.expect(200)[field], won[0].json()[field]);
            assert_eq!(now.header("etag"), won[0].header("etag"));
        }
    }

    fn a_tag_that_no_longer_holds_stops_every_kind_of_change(server: Server) {
        let admin = server.admin();
        let ann = server.add_user("ann@example.com", &[]);
        let role = server.create_role("editors", &["users:read"]);
        let (user, role) = (format!("/users/{ann}"), format!("/roles/{role}"));
        for (method, path, body) in [
            ("PATCH", user.clone(), json!({"locale": "en"})),
            ("PUT", format!("{user}/roles"), json!({"roles": ["editors"]})),
            ("DELETE", user.clone(), json!({})),
            ("PATCH", role.clone(), json!({"description": "x"})),
            ("PUT", format!("{role}/permissions"), json!({"permissions": []})),
            ("DELETE", role.clone(), json!({})),
        ] {
            for tag in ["\"stale\"", "W/\"stale\"", "nonsense"] {
                let answer = admin.request(method, &path).header("if-match", tag).json(&body).send();
                answer.problem(412, "precondition_failed");
            }
        }
        let changed = |tag: &str| admin.request("PATCH", &user).header("if-match", tag).json(&json!({"locale": "de"})).send();
        changed("*").expect(200);
        let tag = admin.get(&user).header("etag").unwrap().to_owned();
        changed(&format!("\"other\", {tag}")).expect(200);
    }

    fn a_role_that_is_given_or_renamed_changes_the_tag_and_signing_in_does_not(server: Server) {
        let admin = server.admin();
        let role = server.create_role("editors", &[]);
        let ann = server.add_user("ann@example.com", &[]);
        let user = format!("/users/{ann}");
        let tag = || admin.get(&user).header("etag").unwrap().to_owned();
        let first = tag();
        server.stranger().sign_in("ann@example.com", crate::harness::PASSWORD);
        assert_eq!(tag(), first, "signing in spoils an edit");
        admin.request("PUT", &format!("{user}/roles/editors")).send().expect(200);
        let second = tag();
        assert_ne!(second, first);
        admin.patch(&format!("/roles/{role}"), json!({"name": "keepers"})).expect(200);
        assert_ne!(tag(), second);
    }

    fn of_many_who_take_the_same_name_at_once_one_gets_it_and_the_others_are_told(server: Server) {
        let admin = server.admin();
        let answers = in_parallel(10, |number| {
            let email = if number % 2 == 0 { "ann@example.com" } else { "ANN@example.com" };
            admin.post("/users", json!({"email": email}))
        });
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.problem(409, "email_taken");
        }
        let answers = in_parallel(10, |_| admin.post("/roles", json!({"name": "editors", "permissions": []})));
        assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            answer.problem(409, "role_name_taken");
        }
    }

    fn roles_given_at_once_by_many_are_all_there(server: Server) {
        let admin = server.admin();
        let ann = server.add_user("ann@example.com", &[]);
        for number in 0..8 {
            server.create_role(&format!("role{number}"), &[]);
        }
        let answers = in_parallel(8, |number| admin.request("PUT", &format!("/users/{ann}/roles/role{number}")).send());
        for answer in &answers {
            answer.expect(200);
        }
        assert_eq!(admin.get(&format!("/users/{ann}")).expect(200)["roles"].as_array().unwrap().len(), 8);
    }
}
