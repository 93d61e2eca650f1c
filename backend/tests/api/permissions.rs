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

    fn whoever_sees_users_sees_what_they_may_do_and_by_which_role(server: Server) {
        let admin = server.admin();
        server.create_role("editors", &["users:*", "roles:read"]);
        server.create_role("Readers", &["*:read", "roles:read"]);
        let body = json!({"email": "ann@example.com", "password": PASSWORD, "roles": ["editors", "Readers"]});
        let ann = admin.post("/users", body).expect(201)["id"].as_str().unwrap().to_owned();
        let reader = server.member("reader@example.com", &["users:read"]);
        let path = format!("/users/{ann}/permissions");
        let list = reader.get(&path).expect(200);
        assert_eq!(list["items"], json!([
            {"permission": "*:read", "roles": ["Readers"]},
            {"permission": "roles:read", "roles": ["Readers", "editors"]},
            {"permission": "users:*", "roles": ["editors"]},
        ]));
        assert_eq!((&list["total"], &list["next_cursor"]), (&json!(3), &Value::Null));
        let of_editors = reader.get(&format!("{path}?filter=roles:eq:EDITORS&sort=-permission&limit=1")).expect(200);
        assert_eq!((&of_editors["items"][0]["permission"], &of_editors["total"]), (&json!("users:*"), &json!(2)));
        reader.get(&format!("{path}?filter=secret:eq:x")).problem(400, "invalid_filter");
        reader.get(&format!("/users/{}/permissions", uuid::Uuid::now_v7())).problem(404, "not_found");
        admin.put(&format!("/users/{ann}/roles"), json!({"roles": []})).expect(200);
        assert_eq!(reader.get(&path).expect(200)["items"], json!([]));
        server.member("other@example.com", &["roles:read"]).get(&path).problem(403, "permission_denied");
    }
}
