//! What can be permitted, and why somebody may do something.

use serde_json::{Value, json};

use crate::harness::{PASSWORD, Server, operations};

both_databases! {
    fn the_catalogue_lists_every_permission_that_an_operation_asks_for(server: Server) {
        let list = server.admin().get("/permissions?limit=200").expect(200);
        let items = list["items"].as_array().unwrap();
        assert_eq!((&list["total"], &list["next_cursor"]), (&json!(items.len()), &json!(null)));
        for item in items {
            assert!(!item["description"].as_str().unwrap().is_empty(), "{item}");
        }
        for permission in operations().iter().filter_map(|operation| operation.permission.as_deref()) {
            assert!(items.iter().any(|item| item["name"] == permission), "{permission} can't be granted by name");
        }
    }

    fn somebody_is_told_which_role_lets_a_user_do_something(server: Server) {
        let admin = server.admin();
        server.create_role("editors", &["users:*"]);
        server.create_role("readers", &["*:read"]);
        let body = json!({"email": "ann@example.com", "password": PASSWORD, "roles": ["editors", "readers"]});
        let ann = admin.post("/users", body).expect(201)["id"].clone();
        let ask = |permission: &str| {
            let mut answer = admin.post("/access/explain", json!({"user_id": ann, "permission": permission})).expect(200);
            if let Some(because) = answer["because"].as_array_mut() {
                because.sort_by_key(ToString::to_string);
            }
            answer
        };
        let because = |reasons: Value| json!({"allowed": true, "because": reasons});
        assert_eq!(ask("users:write"), because(json!([{"role": "editors", "permission": "users:*"}])));
        let both = json!([{"role": "editors", "permission": "users:*"}, {"role": "readers", "permission": "*:read"}]);
        let answer = ask("users:read");
        assert_eq!(answer["allowed"], true);
        assert_eq!(answer["because"].as_array().unwrap().len(), both.as_array().unwrap().len(), "{answer}");
        assert_eq!(ask("roles:write"), json!({"allowed": false, "because": []}));
        admin.post("/access/explain", json!({"user_id": uuid::Uuid::now_v7(), "permission": "users:read"})).problem(404, "not_found");
        admin.post("/access/explain", json!({"user_id": ann, "permission": "users:fly"})).problem(422, "validation_failed");
        admin.request("POST", &format!("/users/{}/deactivate", ann.as_str().unwrap())).send().expect(200);
        assert_eq!(ask("users:write")["allowed"], false);
    }
}
