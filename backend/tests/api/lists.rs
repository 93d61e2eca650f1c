//! What every list can be asked, and that it answers nothing else: tried on the list of users.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::harness::{Client, Server};

/// Percent-encodes a query's value.
fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

fn query(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    format!("/users?{}", pairs.join("&"))
}

fn names(list: &Value) -> Vec<String> {
    let name = |user: &Value| user["email"].as_str().unwrap().split('@').next().unwrap().to_owned();
    list["items"].as_array().unwrap().iter().map(name).collect()
}

/// The users whom filters find, by name.
fn found(client: &Client, filters: &[&str]) -> Vec<String> {
    let mut pairs: Vec<_> = filters.iter().map(|filter| ("filter", *filter)).collect();
    pairs.extend([("sort", "email"), ("limit", "200")]);
    let list = client.get(&query(&pairs)).expect(200);
    assert_eq!(list["total"], list["items"].as_array().unwrap().len(), "{filters:?}");
    names(&list)
}

/// Ann (Ärger, with a locale), Bob (inactive), Cid (no names at all), 100%_sure; and the administrator.
fn people(server: &Server) -> Client {
    let admin = server.admin();
    for body in [
        json!({"email": "ann@example.com", "username": "ann", "display_name": "Ann Ärger", "locale": "de"}),
        json!({"email": "bob@example.com", "username": "Bob", "display_name": "Bob (the, \"Builder\")", "active": false}),
        json!({"email": "cid@example.com"}),
        json!({"email": "dee@example.com", "username": "dee_1", "display_name": "100% sure"}),
    ] {
        admin.post("/users", body).expect(201);
    }
    (*admin).clone()
}

both_databases! {
    fn filters_find_what_they_say_and_nothing_else(server: Server) {
        let client = people(&server);
        for (filter, expected) in [
            ("email:eq:ANN@example.com", vec!["ann"]),
            ("email:starts_with:B", vec!["bob"]),
            ("email:ends_with:@EXAMPLE.com", vec!["admin", "ann", "bob", "cid", "dee"]),
            ("email:contains:nn@", vec!["ann"]),
            ("active:eq:false", vec!["bob"]),
            ("active:ne:true", vec!["bob"]),
            ("username:is_null", vec!["admin", "cid"]),
            ("username:not_null", vec!["ann", "bob", "dee"]),
            ("display_name:eq:ann ärger", vec!["ann"]),
            ("display_name:contains:ÄRGER", vec!["ann"]),
            ("display_name:contains:%", vec!["dee"]),
            ("display_name:contains:_", vec![]),
            ("username:contains:_", vec!["dee"]),
            ("username:contains:e_", vec!["dee"]),
            ("display_name:contains:\"(the, \"\"B\"", vec!["bob"]),
            ("email:in:ann@example.com,cid@example.com", vec!["ann", "cid"]),
            ("email:in:(ann@example.com,cid@example.com)", vec!["ann", "cid"]),
            ("email:not_in:ann@example.com,cid@example.com", vec!["admin", "bob", "dee"]),
            // Complements, NULL included.
            ("username:ne:ann", vec!["admin", "bob", "cid", "dee"]),
            ("username:not_in:ann,bob", vec!["admin", "cid", "dee"]),
            ("not(username:eq:ann)", vec!["admin", "bob", "cid", "dee"]),
            ("not(display_name:contains:b)", vec!["admin", "ann", "cid", "dee"]),
            ("not(username:is_null)", vec!["ann", "bob", "dee"]),
            ("locale:eq:de", vec!["ann"]),
            ("locale:eq:", vec![]),
            // An empty value is the empty text.
            ("username:eq:", vec![]),
            ("username:starts_with:", vec!["ann", "bob", "dee"]),
            ("roles:eq:ADMIN", vec!["admin"]),
            ("roles:ne:admin", vec!["ann", "bob", "cid", "dee"]),
            ("login_count:gt:0", vec!["admin"]),
            ("login_count:le:0", vec!["ann", "bob", "cid", "dee"]),
            ("created_at:lt:2020-01-01T00:00:00Z", vec![]),
            ("created_at:ge:2020-01-01T01:00:00+01:00", vec!["admin", "ann", "bob", "cid", "dee"]),
            ("last_login_at:is_null", vec!["admin", "ann", "bob", "cid", "dee"]),
            ("kind:eq:person", vec!["admin", "ann", "bob", "cid", "dee"]),
            ("or(email:eq:ann@example.com,active:eq:false)", vec!["ann", "bob"]),
            ("or(and(active:eq:true,username:not_null),email:in:(cid@example.com,x))", vec!["ann", "cid", "dee"]),
            ("not(or(active:eq:false,username:is_null))", vec!["ann", "dee"]),
        ] {
            assert_eq!(found(&client, &[filter]), expected, "{filter}");
        }
        assert_eq!(found(&client, &["active:eq:true", "username:not_null", "email:ne:ann@example.com"]), ["dee"]);
        let ann = client.get("/users?filter=email:eq:ann@example.com").expect(200)["items"][0].clone();
        assert_eq!(found(&client, &[&format!("id:eq:{}", ann["id"].as_str().unwrap())]), ["ann"]);
        let created = ann["created_at"].as_str().unwrap();
        assert!(found(&client, &[&format!("created_at:eq:{created}")]).contains(&"ann".to_owned()));
    }

    fn a_filter_that_can_not_be_applied_is_refused_and_never_ignored(server: Server) {
        let client = people(&server);
        for filter in [
            "", "email", "email:eq", "email:like:x", "color:eq:red", "password_hash:contains:a", "search_text:eq:a",
            "active:eq:yes", "active:contains:t", "login_count:eq:one", "login_count:gt:99999999999999999999",
            "created_at:lt:yesterday", "created_at:lt:2020-13-01T00:00:00Z", "id:eq:1", "or()", "or(email:eq:a",
            "and(email:eq:a,)", "not()", "not(email:eq:a,email:eq:b)", "email:is_null:x",
            "email:in:(a", "email:eq:\"open", "users.email:eq:a", "email;drop:eq:x", "Email:eq:a",
        ] {
            let answer = client.get(&query(&[("filter", filter)]));
            answer.problem(400, "invalid_filter");
        }
        let deep = "not(".repeat(5_000) + "email:eq:a" + &")".repeat(5_000);
        client.get(&query(&[("filter", &deep[..4_000])])).problem(400, "invalid_filter");
        let deep = "not(".repeat(400) + "email:eq:a" + &")".repeat(400);
        let answer = client.get(&query(&[("filter", &deep)]));
        assert!(matches!(answer.status, 200 | 400), "{answer}");
        let many: Vec<_> = (0..300).map(|_| ("filter", "email:ne:x")).collect();
        let answer = client.get(&query(&many));
        assert!(matches!(answer.status, 200 | 400), "{answer}");
        let wide = format!("email:in:{}", vec!["a"; 3_000].join(","));
        let answer = client.get(&query(&[("filter", &wide)]));
        assert!(matches!(answer.status, 200 | 400), "{answer}");
    }

    fn limits_pages_sorts_cursors_and_unknown_parameters_are_checked(server: Server) {
        let client = people(&server);
        for limit in ["0", "201", "-1", "x", "", "1.5", "99999999999999999999"] {
            client.get(&query(&[("limit", limit)])).problem(400, "invalid_limit");
        }
        for page in ["0", "-1", "x", "", "1.5", "99999999999999999999999"] {
            client.get(&query(&[("page", page)])).problem(400, "invalid_page");
        }
        for sort in ["color", "-", "", "email,", "email,,id", "password_hash", "+email", "search_text", "email desc"] {
            client.get(&query(&[("sort", sort)])).problem(400, "invalid_sort");
        }
        let cursor = client.get("/users?limit=1&sort=email").expect(200)["next_cursor"].as_str().unwrap().to_owned();
        let mut mangled = cursor.clone();
        mangled.replace_range(0..1, if cursor.starts_with('A') { "B" } else { "A" });
        for bad in ["", "x", "%00", mangled.as_str(), &"A".repeat(3_000)] {
            client.get(&query(&[("cursor", bad), ("sort", "email")])).problem(400, "invalid_cursor");
        }
        // A cursor is one of its list in its order.
        client.get(&query(&[("cursor", &cursor), ("sort", "-email")])).problem(400, "invalid_cursor");
        client.get(&format!("/roles?cursor={cursor}")).problem(400, "invalid_cursor");
        for unknown in ["offset", "order", "email", "Limit"] {
            assert_eq!(client.get(&query(&[(unknown, "1")])).any_problem()["status"], 400, "{unknown}");
        }
        let both = client.get(&query(&[("cursor", &cursor), ("page", "2"), ("sort", "email")]));
        assert_eq!(both.any_problem()["status"], 400, "{both}");
    }

    fn a_list_is_sorted_as_asked_and_the_key_breaks_ties(server: Server) {
        let client = people(&server);
        let sorted = |sort: &str| names(&client.get(&query(&[("sort", sort)])).expect(200));
        assert_eq!(sorted("email"), ["admin", "ann", "bob", "cid", "dee"]);
        assert_eq!(sorted("-email"), ["dee", "cid", "bob", "ann", "admin"]);
        assert_eq!(sorted("created_at"), ["admin", "ann", "bob", "cid", "dee"]);
        assert_eq!(sorted("active,-email"), ["bob", "dee", "cid", "ann", "admin"]);
        // NULL sorts as the empty text, and ties by the id, which grows with time.
        assert_eq!(sorted("username"), ["admin", "cid", "ann", "bob", "dee"]);
        assert_eq!(sorted("-username"), ["dee", "bob", "ann", "cid", "admin"]);
        assert_eq!(sorted("kind"), ["admin", "ann", "bob", "cid", "dee"]);
        assert_eq!(sorted("locale,email"), ["admin", "bob", "cid", "dee", "ann"]);
    }

    fn whatever_the_sort_a_walk_by_cursor_sees_everybody_once(server: Server) {
        let client = people(&server);
        for sort in ["email", "-email", "username", "-username,email", "active,-created_at", "display_name", "-last_login_at", "kind,-login_count", "current_login_at"] {
            let whole = names(&client.get(&query(&[("sort", sort)])).expect(200));
            for limit in ["1", "2", "4"] {
                let (mut walked, mut cursor) = (Vec::new(), None::<String>);
                loop {
                    let mut pairs = vec![("sort", sort), ("limit", limit)];
                    if let Some(cursor) = &cursor {
                        pairs.push(("cursor", cursor));
                    }
                    let page = client.get(&query(&pairs)).expect(200);
                    assert_eq!(page["total"], 5);
                    walked.extend(names(&page));
                    match page["next_cursor"].as_str() {
                        Some(next) => cursor = Some(next.to_owned()),
                        None => break,
                    }
                }
                assert_eq!(walked, whole, "sorted by {sort}, {limit} at a time");
                let limit: usize = limit.parse().unwrap();
                let paged: Vec<_> = (1..=5usize.div_ceil(limit))
                    .flat_map(|page| names(&client.get(&query(&[("sort", sort), ("limit", &limit.to_string()), ("page", &page.to_string())])).expect(200)))
                    .collect();
                assert_eq!(paged, whole, "sorted by {sort}, page by page of {limit}");
            }
        }
        assert_eq!(names(&client.get("/users?page=99").expect(200)), Vec::<String>::new());
    }

    fn who_is_added_or_deleted_during_a_walk_neither_repeats_nor_hides_anybody(server: Server) {
        let client = people(&server);
        let first = client.get("/users?sort=email&limit=3").expect(200);
        assert_eq!(names(&first), ["admin", "ann", "bob"]);
        client.post("/users", json!({"email": "aaa@example.com"})).expect(201);
        client.post("/users", json!({"email": "czz@example.com"})).expect(201);
        // Even the one that the cursor stands on may go.
        let bob = first["items"][2]["id"].as_str().unwrap();
        client.delete(&format!("/users/{bob}")).expect(204);
        let cursor = first["next_cursor"].as_str().unwrap();
        let rest = client.get(&format!("/users?sort=email&limit=50&cursor={cursor}")).expect(200);
        assert_eq!(names(&rest), ["cid", "czz", "dee"]);
    }

    fn the_search_looks_for_every_word_anywhere_and_takes_nothing_for_a_wildcard(server: Server) {
        let client = people(&server);
        let search = |q: &str| names(&client.get(&query(&[("q", q), ("sort", "email")])).expect(200));
        assert_eq!(search("ANN"), ["ann"]);
        assert_eq!(search("ärger"), ["ann"]);
        assert_eq!(search("ÄRGER example"), ["ann"]);
        assert_eq!(search("ann builder"), Vec::<String>::new());
        assert_eq!(search("builder bob"), ["bob"]);
        assert_eq!(search("%"), ["dee"]);
        assert_eq!(search("_"), ["dee"]);
        assert_eq!(search("\\"), Vec::<String>::new());
        assert_eq!(search("' OR 1=1 --"), Vec::<String>::new());
        assert_eq!(search("  "), ["admin", "ann", "bob", "cid", "dee"]);
        assert_eq!(names(&client.get(&query(&[("q", "example"), ("filter", "active:eq:false")])).expect(200)), ["bob"]);
    }

    fn a_search_keeps_up_with_every_change_of_the_texts_that_it_looks_into(server: Server) {
        let client = people(&server);
        let search = |q: &str| names(&client.get(&query(&[("q", q), ("sort", "email")])).expect(200));
        let dee = client.get("/users?filter=email:eq:dee@example.com").expect(200)["items"][0]["id"].as_str().unwrap().to_owned();
        let csv = "email,username,display_name\neve@imported.example,eve.imported,\"Eve \"\"Quotes\"\" Novák\"\n";
        client.request("POST", "/users/import?format=csv").body("text/csv", csv).send().expect(200);
        for (q, expected) in [("imported", vec!["eve"]), ("NOVÁK", vec!["eve"]), ("\"quotes\"", vec!["eve"]), ("e_1", vec!["dee"])] {
            assert_eq!(search(q), expected, "{q}");
        }
        assert_eq!(found(&client, &["email:ends_with:orted.example"]), ["eve"]);
        assert_eq!(found(&client, &["display_name:contains:e \"quotes\" n"]), ["eve"]);
        assert_eq!(found(&client, &["or(username:contains:imported,username:contains:e_1)"]), ["dee", "eve"]);
        assert_eq!(found(&client, &["not(email:contains:example.com)"]), ["eve"]);
        // What is in one field is not found in another, although one index serves them all.
        assert_eq!(found(&client, &["username:contains:example"]), Vec::<String>::new());
        client.patch(&format!("/users/{dee}"), json!({"display_name": "Renamed", "username": null})).expect(200);
        assert_eq!((search("sure"), search("renamed"), search("dee_1")), (vec![], vec!["dee".to_owned()], vec![]));
        client.delete(&format!("/users/{dee}")).expect(204);
        assert_eq!(search("renamed"), Vec::<String>::new());
        assert_eq!(search("example.com"), ["admin", "ann", "bob", "cid"]);
    }

    fn every_list_has_the_same_shape_and_takes_the_same_parameters(server: Server) {
        let client = people(&server);
        let lists: BTreeSet<String> = crate::harness::operations()
            .iter()
            .filter(|operation| operation.method == "GET" && !operation.template.contains('{'))
            .filter(|operation| operation.value["parameters"].to_string().contains("\"cursor\""))
            .map(|operation| operation.template.clone())
            .collect();
        assert!(lists.len() >= 5, "{lists:?}");
        for path in lists {
            let list = client.get(&format!("{path}?limit=1")).expect(200);
            let members: BTreeSet<_> = list.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(members, BTreeSet::from(["items", "next_cursor", "total", "total_is_estimate"]), "{path}");
            assert!(list["total"].is_u64() && list["total_is_estimate"].is_boolean(), "{path}");
            let items = list["items"].as_array().unwrap();
            assert!(items.len() <= 1);
            assert_eq!(list["next_cursor"].is_string(), list["total"].as_u64().unwrap() > 1, "{path}");
            client.get(&format!("{path}?limit=0")).problem(400, "invalid_limit");
            client.get(&format!("{path}?page=0")).problem(400, "invalid_page");
            client.get(&format!("{path}?cursor=x")).problem(400, "invalid_cursor");
            client.get(&format!("{path}?sort=nothing")).problem(400, "invalid_sort");
            client.get(&format!("{path}?filter=nothing:eq:1")).problem(400, "invalid_filter");
        }
    }
}
