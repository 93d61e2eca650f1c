//! Lists as files, and users out of files: all rows, or none.

use serde_json::{Value, json};

use crate::audit_chain::linked;
use crate::harness::{ADMIN, Answer, PASSWORD, Server, SignedIn};

fn import(by: &SignedIn, query: &str, file: impl Into<Vec<u8>>) -> Answer {
    let content_type = if query.contains("ndjson") { "application/x-ndjson" } else { "text/csv" };
    by.request("POST", &format!("/users/import?{query}")).body(content_type, file).send()
}

fn total(by: &SignedIn) -> Value {
    by.get("/users").expect(200)["total"].clone()
}

/// The lines of a report's errors with their fields and codes.
fn told(report: &Value) -> Vec<(u64, String, String)> {
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    let errors = report["errors"].as_array().unwrap();
    errors.iter().map(|error| (error["line"].as_u64().unwrap(), text(error, "field"), text(error, "code"))).collect()
}

both_databases! {
    fn a_file_of_users_becomes_users_who_are_approved_and_have_their_roles(server: Server) {
        let admin = server.admin();
        server.create_role("editors", &["users:read"]);
        server.create_role("readers", &[]);
        let file = "email,display_name,username,active,roles\r\nann@example.com,\"Ann, \"\"A\"\"\",ann,true,editors;Readers\r\nbob@example.com,,,false,\r\n";
        let report = import(&admin, "format=csv&dry_run=false", file).expect(200);
        assert_eq!(report, json!({"rows": 2, "created": 2, "errors": []}));
        let ann = admin.get("/users?filter=email:eq:ann@example.com").expect(200)["items"][0].clone();
        assert_eq!((&ann["display_name"], &ann["username"], &ann["roles"]), (&json!("Ann, \"A\""), &json!("ann"), &json!(["editors", "readers"])));
        assert_eq!((&ann["approved"], &ann["email_verified"], &ann["active"]), (&json!(true), &json!(true), &json!(true)));
        let bob = admin.get("/users?filter=email:eq:bob@example.com").expect(200)["items"][0].clone();
        assert_eq!((&bob["active"], &bob["username"], &bob["roles"]), (&json!(false), &json!(null), &json!([])));
        let lines = "{\"email\":\"cid@example.com\",\"roles\":[\"editors\"]}\n\n{\"email\":\"dee@example.com\",\"active\":false}\n";
        assert_eq!(import(&admin, "format=ndjson&dry_run=false", lines).expect(200)["created"], 2);
        assert_eq!(total(&admin), 5);
        let events = admin.get("/audit?filter=action:eq:user.created&limit=200").expect(200);
        assert_eq!(events["items"].as_array().unwrap().iter().filter(|event| event["actor"]["email"] == ADMIN).count(), 4);
    }

    fn a_dry_run_tells_everything_that_is_wrong_and_writes_nothing(server: Server) {
        let admin = server.admin();
        let file = "email,username,active,roles\n\
                    ann@example.com,ann,true,\n\
                    nonsense,,,\n\
                    ANN@example.com,,,\n\
                    admin@example.com,,,\n\
                    bob@example.com,a@b,,ghost\n\
                    cid@example.com,ANN,perhaps,\n\
                    dee@example.com\n";
        let expected = |errors: &[(u64, String, String)]| {
            for (line, field, code) in [
                (3, "email", "invalid_email"),
                (4, "email", "email_taken"),
                (5, "email", "email_taken"),
                (6, "username", "invalid_username"),
                (7, "active", "wrong_type"),
                (8, "", "wrong_number_of_cells"),
            ] {
                assert!(errors.contains(&(line, field.to_owned(), code.to_owned())), "line {line}: {errors:?}");
            }
            assert!(errors.iter().all(|(line, ..)| *line != 2), "{errors:?}");
            assert!(errors.windows(2).all(|pair| pair[0].0 <= pair[1].0), "not in the file's order: {errors:?}");
        };
        let report = import(&admin, "format=csv&dry_run=true", file).expect(200);
        assert_eq!((&report["rows"], &report["created"]), (&json!(7), &json!(1)));
        expected(&told(&report));
        assert_eq!(total(&admin), 1);
        let refused = import(&admin, "format=csv&dry_run=false", file);
        expected(&told(&refused.problem(422, "import_failed")));
        assert_eq!(total(&admin), 1, "a part of a file that was refused was imported");
        assert_eq!(import(&admin, "format=csv", file).problem(422, "import_failed")["errors"], report["errors"]);
        let good = import(&admin, "format=csv&dry_run=true", "email\nann@example.com\n").expect(200);
        assert_eq!((&good["created"], &total(&admin)), (&json!(1), &json!(1)));
    }

    fn files_that_are_no_such_files_are_refused_by_line_and_never_with_a_fault_of_ours(server: Server) {
        let admin = server.admin();
        let files: Vec<(&str, Vec<u8>)> = vec![
            ("csv", b"".to_vec()),
            ("csv", b"shoe,size\n1,2\n".to_vec()),
            ("csv", b"email,email\na@example.com,b@example.com\n".to_vec()),
            ("csv", b"email,password\na@example.com,secret\n".to_vec()),
            ("csv", b"email,approved,id\na@example.com,true,1\n".to_vec()),
            ("csv", b"email\n\xff\xfe@example.com\n".to_vec()),
            ("csv", b"email\na\x00b@example.com\n".to_vec()),
            ("csv", format!("email\n{}@example.com\n", "x".repeat(100_000)).into_bytes()),
            ("ndjson", b"[1,2]\n".to_vec()),
            ("ndjson", b"{\"email\":1}\n".to_vec()),
            ("ndjson", b"{\"email\":\"a@example.com\",\"active\":\"yes\"}\n".to_vec()),
            ("ndjson", format!("{{\"email\":{}{}}}", "[".repeat(20_000), "]".repeat(20_000)).into_bytes()),
            ("ndjson", b"PK\x03\x04 a workbook".to_vec()),
        ];
        for (format, file) in files {
            let answer = import(&admin, &format!("format={format}&dry_run=false"), file.clone());
            let problem = answer.problem(422, "import_failed");
            for error in problem["errors"].as_array().unwrap() {
                assert!(error["line"].is_u64() && error["code"].is_string() && error["message"].is_string(), "{answer}");
            }
        }
        assert_eq!(total(&admin), 1);
        for query in ["format=xlsx&dry_run=false", "format=exe", "format=csv&dry_run=perhaps", "format=csv&color=red"] {
            let answer = import(&admin, query, "email\na@example.com\n");
            assert_eq!(answer.any_problem()["status"], 400, "{answer}");
        }
        assert_eq!(total(&admin), 1);
    }

    fn a_quoted_cell_that_never_closes_is_refused_with_its_line_and_hides_no_row_behind_it(server: Server) {
        let admin = server.admin();
        for bom in ["", "\u{feff}"] {
            for end in ["\n", "\r\n", "\r"] {
                for (lines, line, code) in [
                    (vec!["email,display_name", "ann@example.com,\"Ann"], 2, "unclosed_quote"),
                    (vec!["email,display_name", "ann@example.com,\"Ann", ""], 2, "unclosed_quote"),
                    (vec!["email,display_name", "ann@example.com,\"Ann \"\"A\"\"", "bob@example.com,Bob", ""], 2, "unclosed_quote"),
                    (vec!["email,display_name", "ann@example.com,Ann", "\"bob@example.com,Bob", "cid@example.com,Cid", ""], 3, "unclosed_quote"),
                    (vec!["email,display_name", "ann@example.com,\"", "bob@example.com,\"Bob\"", ""], 2, "text_after_quote"),
                    (vec!["email,display_name", "ann@example.com,\"A\u{0}", ""], 2, "unclosed_quote"),
                    (vec!["\"email", "ann@example.com", ""], 1, "unclosed_quote"),
                ] {
                    let file = format!("{bom}{}", lines.join(end));
                    let problem = import(&admin, "format=csv", file.clone()).problem(422, "import_failed");
                    assert!(told(&problem).contains(&(line, String::new(), code.to_owned())), "{file:?}: {problem}");
                }
                let nul = format!("{bom}email,display_name{end}ann@example.com,\"A\u{0}\"{end}");
                let problem = import(&admin, "format=csv", nul).problem(422, "import_failed");
                assert_eq!(told(&problem), [(2, "display_name".to_owned(), "invalid_text".to_owned())]);
                let whole = format!("{bom}email,\"display_name\"{end}ann@example.com,\"Ann, \"\"A\"\"{end}of York\"");
                let report = import(&admin, "format=csv&dry_run=true", whole).expect(200);
                assert_eq!(told(&report), [(2, "display_name".to_owned(), "invalid_text".to_owned())], "a break is in a name, and nothing else");
                let good = format!("{bom}\"email\",display_name{end}\"ann@example.com\",\"Ann, \"\"A\"\"\"{end}");
                assert_eq!(import(&admin, "format=csv&dry_run=true", good).expect(200)["errors"], json!([]));
            }
        }
        for empty in ["", "\u{feff}", "\n", "\r\n\r\n"] {
            let problem = import(&admin, "format=csv", empty).problem(422, "import_failed");
            assert_eq!(told(&problem), [(1, String::new(), "missing_header".to_owned())], "{empty:?}");
        }
        assert_eq!(total(&admin), 1);
    }

    fn a_file_gives_nobody_more_than_the_one_who_brings_it_has(server: Server) {
        let manager = server.member("manager@example.com", &["users:read", "users:write"]);
        server.create_role("auditors", &["audit:read"]);
        for role in ["admin", "auditors"] {
            let file = format!("email,roles\nann@example.com,\nbob@example.com,{role}\n");
            import(&manager, "format=csv&dry_run=false", file.clone()).problem(403, "privilege_escalation");
            import(&manager, "format=csv&dry_run=true", file).problem(403, "privilege_escalation");
        }
        assert_eq!(total(&manager), 2);
    }

    fn a_large_file_is_taken_whole_and_one_beyond_the_limit_is_not(store: std::sync::Arc<crate::harness::Store>) {
        let server = Server::start(&store, &[("limits.import_bytes", "400000"), ("limits.body_bytes", "10000")]);
        let admin = server.admin();
        let file = |number: usize| {
            let rows = (0..number).map(|row| format!("user{row:06}@example.com,User {row}"));
            std::iter::once("email,display_name".to_owned()).chain(rows).collect::<Vec<_>>().join("\n")
        };
        let report = import(&admin, "format=csv&dry_run=false", file(5_000)).expect(200);
        assert_eq!(report["created"], 5_000);
        assert_eq!(total(&admin), 5_001);
        import(&admin, "format=csv&dry_run=false", file(20_000)).problem(413, "payload_too_large");
        assert_eq!(total(&admin), 5_001);
        // And back, as a file, each of them once.
        let exported = admin.get("/users/export?format=ndjson&sort=email");
        let emails: Vec<_> = exported.text().lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["email"].clone()).collect();
        assert_eq!(emails.len(), 5_001);
        let mut unique: Vec<_> = emails.iter().map(ToString::to_string).collect();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), 5_001);
    }

    fn a_list_is_exported_in_every_format_with_the_same_filters_and_order(server: Server) {
        let admin = server.admin();
        for (name, display_name) in [("ann", "=1+1"), ("bob", "Bob, \"the\" Builder"), ("cid", "Ärger")] {
            admin.post("/users", json!({"email": format!("{name}@example.com"), "display_name": display_name})).expect(201);
        }
        let query = "filter=email:ne:admin@example.com&sort=-email";
        let listed = admin.get(&format!("/users?{query}")).expect(200)["items"].clone();
        let export = |format: &str| admin.get(&format!("/users/export?format={format}&{query}"));
        let csv = export("csv");
        assert_eq!(csv.status, 200, "{csv}");
        assert!(csv.header("content-type").unwrap().starts_with("text/csv"), "{csv}");
        assert!(csv.header("content-disposition").unwrap().starts_with("attachment"), "{csv}");
        assert_eq!(csv.header("cache-control"), Some("no-store"));
        let mut reader = csv::Reader::from_reader(csv.body.as_slice());
        let header = reader.headers().unwrap().clone();
        let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
        let column = |name: &str| header.iter().position(|column| column == name).unwrap();
        let cells = |name: &str| rows.iter().map(|row| row[column(name)].to_owned()).collect::<Vec<_>>();
        assert_eq!(cells("email"), ["cid@example.com", "bob@example.com", "ann@example.com"]);
        // Nothing that a spreadsheet would run.
        assert_eq!(cells("display_name"), ["Ärger", "Bob, \"the\" Builder", "'=1+1"]);
        assert_eq!(export("json").expect(200), listed);
        let lines: Vec<Value> = export("ndjson").text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(Value::from(lines), listed);
        let workbook = export("xlsx");
        assert!(workbook.status == 200 && workbook.body.starts_with(b"PK"), "{workbook}");
        for format in ["exe", "", "CSV"] {
            assert_eq!(export(format).any_problem()["status"], 400, "{format}");
        }
        admin.get("/users/export?filter=color:eq:red").problem(400, "invalid_filter");
        for format in ["csv", "json", "ndjson", "xlsx"] {
            let empty = admin.get(&format!("/users/export?format={format}&filter=email:eq:nobody"));
            assert_eq!(empty.status, 200, "{empty}");
        }
    }

    fn what_was_exported_can_be_imported_elsewhere(server: Server) {
        let admin = server.admin();
        for (name, display_name) in [("ann", "=1+1"), ("bob", "Bob\nthe \"Builder\"; and, more"), ("cid", "'quoted'")] {
            let answer = admin.post("/users", json!({"email": format!("{name}@example.com"), "display_name": display_name}));
            if answer.status == 422 {
                continue; // A line break may not be in a name.
            }
            answer.expect(201);
        }
        let before = admin.get("/users?filter=email:ne:admin@example.com&sort=email").expect(200)["items"].clone();
        let exported = admin.get("/users/export?format=csv&filter=email:ne:admin@example.com");
        let mut reader = csv::Reader::from_reader(exported.body.as_slice());
        let header = reader.headers().unwrap().clone();
        let kept: Vec<_> = ["email", "username", "display_name", "active", "roles"].map(|name| header.iter().position(|column| column == name).unwrap()).to_vec();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["email", "username", "display_name", "active", "roles"]).unwrap();
        for row in reader.records().map(Result::unwrap) {
            writer.write_record(kept.iter().map(|index| &row[*index])).unwrap();
        }
        for user in before.as_array().unwrap() {
            admin.delete(&format!("/users/{}", user["id"].as_str().unwrap())).expect(204);
        }
        import(&admin, "format=csv&dry_run=false", writer.into_inner().unwrap()).expect(200);
        let after = admin.get("/users?filter=email:ne:admin@example.com&sort=email").expect(200)["items"].clone();
        let names = |users: &Value| users.as_array().unwrap().iter().map(|user| (user["email"].clone(), user["display_name"].clone())).collect::<Vec<_>>();
        assert_eq!(names(&after), names(&before));
    }

    fn the_trail_is_exported_as_a_file(server: Server) {
        let admin = server.admin();
        server.create_role("editors", &[]);
        // An event that gets its link in between is not the same in both.
        linked(&server.store);
        let listed = admin.get("/audit?limit=200").expect(200)["items"].clone();
        let lines: Vec<Value> = admin.get("/audit/export?format=ndjson").text().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(Value::from(lines), listed);
        let csv = admin.get("/audit/export?format=csv&filter=action:eq:role.created");
        assert_eq!(csv.text().lines().count(), 2, "{csv}");
        assert_eq!(admin.get("/audit/export?format=xlsx").any_problem()["status"], 400);
        server.stranger().sign_in(ADMIN, PASSWORD);
    }
}
