//! One act on many users: on all of them, or on none.

use serde_json::{Value, json};

use crate::harness::{Answer, PASSWORD, Server, SignedIn};

fn bulk(by: &SignedIn, action: &str, ids: &[String], more: Value) -> Answer {
    let mut body = json!({"action": action, "ids": ids});
    body.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
    by.post("/users/bulk", body)
}

both_databases! {
    fn each_action_does_to_all_what_its_single_act_does_to_one(server: Server) {
        let admin = server.admin();
        server.create_role("editors", &["users:read"]);
        let ids: Vec<_> = (0..5).map(|number| server.add_user(&format!("u{number}@example.com"), &[])).collect();
        let signed_in = server.stranger().sign_in("u0@example.com", PASSWORD);
        let count = |filter: &str| admin.get(&format!("/users?filter={filter}")).expect(200)["total"].as_i64().unwrap();
        let affected = |action: &str, more: Value| assert_eq!(bulk(&admin, action, &ids, more).expect(200), json!({"affected": 5}), "{action}");
        affected("add_role", json!({"role": "editors"}));
        assert_eq!(count("roles:eq:editors"), 5);
        signed_in.get("/users").expect(200);
        affected("remove_role", json!({"role": "editors"}));
        assert_eq!(count("roles:eq:editors"), 0);
        signed_in.get("/users").problem(403, "permission_denied");
        affected("deactivate", json!({}));
        assert_eq!(count("active:eq:false"), 5);
        signed_in.get("/me").problem(401, "unauthenticated");
        affected("activate", json!({}));
        assert_eq!(count("active:eq:false"), 0);
        server.store.execute("UPDATE users SET approved = FALSE WHERE email LIKE 'u%'");
        affected("approve", json!({}));
        assert_eq!(count("approved:eq:false"), 0);
        affected("delete", json!({}));
        assert_eq!(admin.get("/users").expect(200)["total"], 1);
    }

    fn one_that_fails_leaves_all_others_untouched(server: Server) {
        let admin = server.admin();
        server.create_role("editors", &[]);
        let mut ids: Vec<_> = (0..3).map(|number| server.add_user(&format!("u{number}@example.com"), &[])).collect();
        ids.push(uuid::Uuid::now_v7().to_string());
        bulk(&admin, "deactivate", &ids, json!({})).problem(404, "not_found");
        bulk(&admin, "delete", &ids, json!({})).problem(404, "not_found");
        ids[3].clone_from(&admin.id);
        bulk(&admin, "deactivate", &ids, json!({})).problem(409, "last_admin");
        bulk(&admin, "delete", &ids, json!({})).problem(409, "last_admin");
        bulk(&admin, "remove_role", &ids, json!({"role": "admin"})).problem(409, "last_admin");
        let left = admin.get("/users?filter=active:eq:true").expect(200);
        assert_eq!(left["total"], 4);
        admin.get("/me").expect(200);
    }

    fn a_bulk_act_whose_parts_do_not_fit_is_refused(server: Server) {
        let admin = server.admin();
        let ids = [server.add_user("ann@example.com", &[])];
        assert_eq!(bulk(&admin, "explode", &ids, json!({})).field_error("action"), "invalid_action");
        bulk(&admin, "add_role", &ids, json!({})).problem(422, "validation_failed");
        bulk(&admin, "add_role", &ids, json!({"role": "ghost"})).problem(422, "unknown_role");
        bulk(&admin, "activate", &ids, json!({"role": "admin"})).problem(422, "validation_failed");
        bulk(&admin, "activate", &[], json!({})).problem(422, "validation_failed");
        bulk(&admin, "activate", &["nonsense".to_owned()], json!({})).problem(422, "validation_failed");
        let too_many: Vec<_> = (0..1_001).map(|_| uuid::Uuid::now_v7().to_string()).collect();
        bulk(&admin, "activate", &too_many, json!({})).problem(422, "validation_failed");
    }

    fn deleting_many_takes_the_permission_to_delete(server: Server) {
        let ann = server.add_user("ann@example.com", &[]);
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        let answer = bulk(&manager, "delete", std::slice::from_ref(&ann), json!({}));
        assert_eq!(answer.problem(403, "permission_denied")["required"], "users:delete");
        manager.get(&format!("/users/{ann}")).expect(200);
    }
}
