//! The command line: the same acts, guard rails and events as over HTTP, and answers that scripts can rely on.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::harness::{ADMIN, EmptyStore, PASSWORD, Process, Server, Store, reeve, run, run_with_input};

/// Runs `reeve` over a store.
fn call(store: &Store, arguments: &[&str]) -> (i32, String, String) {
    run(reeve(store, &[], arguments))
}

#[track_caller]
fn done(store: &Store, arguments: &[&str]) -> String {
    let (status, printed, errors) = call(store, arguments);
    assert_eq!(status, 0, "reeve {}: {printed}{errors}", arguments.join(" "));
    printed
}

/// A command that must be refused, with one line why.
#[track_caller]
fn refused(store: &Store, arguments: &[&str]) -> String {
    let (status, printed, errors) = call(store, arguments);
    let what = arguments.join(" ");
    assert_eq!(status, 1, "reeve {what}: {printed}{errors}");
    assert!(errors.starts_with("reeve: ") && errors.trim_end().lines().count() == 1, "reeve {what}: {errors}");
    errors
}

#[track_caller]
fn json_of(store: &Store, arguments: &[&str]) -> Value {
    let printed = done(store, arguments);
    serde_json::from_str(&printed).unwrap_or_else(|error| panic!("{error}: {printed}"))
}

/// The items of what a command lists, however it wraps them.
fn items(list: &Value) -> Vec<Value> {
    list.get("items").unwrap_or(list).as_array().unwrap().clone()
}

#[test]
fn wrong_usage_is_told_from_refusal_by_the_exit_code_and_help_is_always_there() {
    let empty = <EmptyStore as crate::harness::Provided>::provide(crate::harness::Kind::Sqlite);
    let store = &empty.0;
    for arguments in [
        &[][..],
        &["fly"],
        &["users", "fly"],
        &["users", "create"],
        &["serve", "--fly"],
        &["users", "create", "no-address"],
    ] {
        let (status, printed, errors) = call(store, arguments);
        assert_eq!(status, 2, "{arguments:?}: {printed}{errors}");
    }
    for arguments in [
        &["--help"][..],
        &["--version"],
        &["users", "--help"],
        &["users", "create", "--help"],
        &["serve", "--help"],
        &["roles", "--help"],
        &["keys", "--help"],
    ] {
        let (status, printed, errors) = call(store, arguments);
        assert_eq!(status, 0, "{arguments:?}: {printed}{errors}");
        assert!(!printed.trim().is_empty());
    }
    assert!(!store.folder.path().join("reeve.db").exists(), "asking for help made a store");
    // A password is never an argument, which everybody on the machine can read.
    assert_eq!(call(store, &["users", "create", "ann@example.com", "--password", PASSWORD]).0, 2);
}

#[test]
fn a_mistake_in_the_configuration_stops_every_command_with_its_key_and_what_is_accepted() {
    let empty = <EmptyStore as crate::harness::Provided>::provide(crate::harness::Kind::Sqlite);
    let store = &empty.0;
    for (key, value, told) in [
        ("listem", "x", "listen"),
        ("registration", "perhaps", "approval"),
        ("cors.origins", "*", "cors.origins"),
        ("token.access_ttl", "soon", "30s"),
        ("password.memory_kib", "1", "7168"),
        ("listen", "0.0.0.0:0", "public_url"),
        ("database_url", "mysql://root:hunter2@localhost/x", "sqlite://"),
    ] {
        let (status, _, errors) = run(reeve(store, &[(key, value)], &["serve"]));
        assert_eq!(status, 1, "{key}: {errors}");
        assert!(
            errors.starts_with("reeve: ") && errors.contains(told) && errors.trim().lines().count() == 1,
            "{key}: {errors}"
        );
        assert!(!errors.contains("hunter2"), "{errors}");
    }
    std::fs::write(store.folder.path().join("other.toml"), "[token]\nacess_ttl = \"5m\"\n").unwrap();
    let errors = refused(store, &["config", "check", "--config", "other.toml"]);
    assert!(errors.contains("token.acess_ttl") && errors.contains("token.access_ttl"), "{errors}");
    assert_eq!(call(store, &["config", "check", "--config", "missing.toml"]).0, 1);
}

#[test]
fn the_configuration_that_holds_is_shown_without_its_secrets() {
    let empty = <EmptyStore as crate::harness::Provided>::provide(crate::harness::Kind::Sqlite);
    let store = &empty.0;
    std::fs::write(store.folder.path().join("secret"), "a password out of a file\n").unwrap();
    std::fs::write(store.folder.path().join("reeve.toml"), "registration = \"closed\"\n[token]\naccess_ttl = \"5m\"\n")
        .unwrap();
    for arguments in [&["config", "check"][..], &["config", "check", "--json"]] {
        let mut command = reeve(
            store,
            &[("database_url", "postgres://ann:hunter2@db/x?password=hunter3"), ("bootstrap.email", "a@example.com")],
            arguments,
        );
        command.env("REEVE_BOOTSTRAP__PASSWORD_FILE", "secret");
        let (status, printed, errors) = run(command);
        assert_eq!(status, 0, "{errors}");
        for secret in ["hunter2", "hunter3", "out of a file"] {
            assert!(!printed.contains(secret), "{printed}");
        }
        assert!(
            printed.contains("closed") && printed.contains("5m") && printed.contains("postgres://ann@db/x"),
            "{printed}"
        );
    }
}

#[test]
fn the_contract_is_printed_as_it_is_committed() {
    let empty = <EmptyStore as crate::harness::Provided>::provide(crate::harness::Kind::Sqlite);
    assert_eq!(done(&empty.0, &["openapi"]), reeve::app::contract());
}

both_databases! {
    fn migrating_says_what_was_done_and_doing_it_again_does_nothing(empty: EmptyStore) {
        let store = &empty.0;
        let status = json_of(store, &["migrate", "--status", "--json"]);
        assert_eq!((status["applied"].as_array().unwrap().len(), status["pending"].as_array().unwrap().is_empty()), (0, false));
        done(store, &["migrate"]);
        let status = json_of(store, &["migrate", "--status", "--json"]);
        assert_eq!((status["applied"].as_array().unwrap().is_empty(), status["pending"].as_array().unwrap().len()), (false, 0));
        done(store, &["migrate"]);
        done(store, &["migrate", "--status"]);
    }

    fn a_user_is_created_found_and_changed_and_can_sign_in(server: Server) {
        let store = &server.store;
        done(store, &["roles", "create", "editors", "users:read", "--description", "Keep them"]);
        let create = reeve(store, &[], &["users", "create", "ann@example.com", "--username", "ann", "--role", "editors", "--password-stdin"]);
        let (status, printed, errors) = run_with_input(create, &format!("{PASSWORD}\n"));
        assert_eq!(status, 0, "{errors}");
        assert!(printed.contains("ann@example.com") && !printed.contains(PASSWORD), "{printed}");
        let ann = server.stranger().sign_in("ann@example.com", PASSWORD);
        assert_eq!(ann.get("/me").expect(200)["permissions"], json!(["users:read"]));
        let shown = json_of(store, &["users", "show", "ANN", "--json"]);
        let shown = if shown.is_array() { shown[0].clone() } else { shown };
        assert_eq!((&shown["email"], &shown["roles"]), (&json!("ann@example.com"), &json!(["editors"])));
        assert_eq!(items(&json_of(store, &["users", "list", "--json"])).len(), 2);
        assert_eq!(items(&json_of(store, &["users", "list", "--json", "--filter", "username:eq:ann"])).len(), 1);
        assert!(done(store, &["users", "list"]).contains("ann@example.com"));
        done(store, &["users", "add-role", "ann@example.com", "admin"]);
        done(store, &["users", "remove-role", "ann@example.com", "editors"]);
        assert_eq!(server.admin().get(&format!("/users/{}", ann.id)).expect(200)["roles"], json!(["admin"]));
        done(store, &["users", "delete", "ann@example.com", "--yes"]);
        server.stranger().login("ann@example.com", PASSWORD).problem(401, "invalid_credentials");
        let (status, _, errors) = run_with_input(reeve(store, &[], &["users", "create", "bob@example.com", "--password-stdin"]), "short\n");
        assert_eq!(status, 1, "{errors}");
    }

    fn what_is_taken_unknown_or_not_there_is_told_in_one_line(server: Server) {
        let store = &server.store;
        for (arguments, told) in [
            (&["users", "create", "ADMIN@example.com", "--no-password"][..], "taken"),
            (&["users", "create", "ann@example.com", "--no-password", "--role", "ghost"], "ghost"),
            (&["users", "show", "nobody@example.com"], "nobody@example.com"),
            (&["users", "activate", "01939d3c-0000-7000-8000-0000000000ff"], "no such"),
            (&["users", "add-role", ADMIN, "ghost"], "ghost"),
            (&["users", "list", "--filter", "color:eq:red"], "color"),
            (&["roles", "create", "Admin"], "taken"),
            (&["roles", "delete", "ghost", "--yes"], "ghost"),
        ] {
            let errors = refused(store, arguments);
            assert!(errors.to_lowercase().contains(&told.to_lowercase()), "{arguments:?}: {errors}");
        }
        let (status, _, _) = call(store, &["roles", "create", "x", "users:fly"]);
        assert_eq!(status, 2, "what is no permission is wrong usage");
    }

    fn the_guard_rails_hold_on_the_command_line_too(server: Server) {
        let store = &server.store;
        for arguments in [
            &["users", "delete", ADMIN, "--yes"][..],
            &["users", "deactivate", ADMIN],
            &["users", "remove-role", ADMIN, "admin"],
            &["roles", "delete", "admin", "--yes"],
            &["roles", "remove-permissions", "admin", "*"],
        ] {
            refused(store, arguments);
        }
        assert_eq!(server.admin().get("/me").expect(200)["permissions"], json!(["*"]));
    }

    fn what_destroys_asks_and_does_nothing_where_nobody_can_answer(server: Server) {
        let store = &server.store;
        server.add_user("ann@example.com", &[]);
        done(store, &["roles", "create", "editors"]);
        assert!(refused(store, &["users", "delete", "ann@example.com"]).contains("--yes"));
        assert!(refused(store, &["roles", "delete", "editors"]).contains("--yes"));
        assert_eq!(items(&json_of(store, &["users", "list", "--json"])).len(), 2);
        assert_eq!(items(&json_of(store, &["roles", "list", "--json"])).len(), 2);
    }

    fn what_the_command_line_takes_away_is_gone_within_a_second_on_a_server_that_runs(server: Server) {
        let store = &server.store;
        let ann = server.member("ann@example.com", &["users:read"]);
        let within_a_second = |path: &str, status: u16| {
            let started = Instant::now();
            while ann.get(path).status != status {
                assert!(started.elapsed() < Duration::from_secs(1), "the server has not heard of it");
                std::thread::sleep(Duration::from_millis(10));
            }
        };
        ann.get("/users").expect(200);
        let role = format!("role-of-{}", ann.id);
        done(store, &["roles", "remove-permissions", &role, "users:read"]);
        within_a_second("/users", 403);
        done(store, &["roles", "add-permissions", &role, "users:*"]);
        within_a_second("/users", 200);
        done(store, &["users", "remove-role", "ann@example.com", &role]);
        within_a_second("/users", 403);
        done(store, &["users", "deactivate", "ann@example.com"]);
        within_a_second("/me", 401);
        done(store, &["users", "activate", "ann@example.com"]);
        server.stranger().sign_in("ann@example.com", PASSWORD);
    }

    fn every_act_of_the_command_line_is_in_the_trail(server: Server) {
        let store = &server.store;
        let ann = server.add_user("ann@example.com", &[]);
        done(store, &["roles", "create", "editors"]);
        done(store, &["users", "add-role", "ann@example.com", "editors"]);
        done(store, &["users", "deactivate", "ann@example.com"]);
        done(store, &["users", "reset-access", "ann@example.com"]);
        done(store, &["keys", "rotate"]);
        refused(store, &["users", "deactivate", ADMIN]);
        let trail = server.admin().get("/audit?limit=200").expect(200);
        let find = |action: &str, outcome: &str| {
            let events = trail["items"].as_array().unwrap();
            events.iter().find(|event| event["action"] == action && event["outcome"] == outcome).unwrap_or_else(|| panic!("no {action}: {trail}")).clone()
        };
        for action in ["role.created", "user.roles_changed", "user.deactivated", "user.access_reset", "keys.rotated"] {
            let event = find(action, "ok");
            // What the SPA tells the command line from a stranger by.
            assert_eq!((&event["user_agent"], &event["ip"]), (&json!("reeve command line"), &json!(null)), "{event}");
        }
        assert_eq!(find("user.deactivated", "ok")["target"]["id"], ann.as_str());
        find("user.deactivated", "refused");
    }

    fn a_password_that_the_command_line_sets_ends_the_sessions(server: Server) {
        let ann = server.member("ann@example.com", &[]);
        let command = reeve(&server.store, &[], &["users", "set-password", "ann@example.com", "--password-stdin", "--must-change"]);
        let (status, _, errors) = run_with_input(command, "one of the operator's\n");
        assert_eq!(status, 0, "{errors}");
        server.stranger().refresh(&ann.refresh_token).problem(401, "invalid_refresh_token");
        let login = server.stranger().login("ann@example.com", "one of the operator's").expect(200);
        assert_eq!(login["status"], "password_change_required");
    }

    fn keys_are_rotated_while_servers_run_and_not_one_token_is_refused(store: Arc<Store>) {
        let process = Process::serve(&store, &[]);
        let client = process.client();
        let admin = client.sign_in(ADMIN, PASSWORD);
        assert_eq!(items(&json_of(&store, &["keys", "list", "--json"])).len(), 2);
        for _ in 0..2 {
            done(&store, &["keys", "rotate"]);
            let ends = Instant::now() + Duration::from_millis(1_200);
            while Instant::now() < ends {
                admin.get("/me").expect(200);
                client.sign_in(ADMIN, PASSWORD).get("/me").expect(200);
            }
        }
        let printed = done(&store, &["keys", "list"]);
        assert!(!printed.contains("private"), "{printed}");
        assert_eq!(items(&json_of(&store, &["keys", "list", "--json"])).len(), 4);
    }

    fn the_doctor_finds_a_healthy_store_healthy_and_an_empty_one_not(store: Arc<Store>) {
        let advised = done(&store, &["doctor"]);
        let line_of = |printed: &str, what: &str| {
            printed.lines().find(|line| line.split_whitespace().nth(1) == Some(what)).unwrap_or_default().to_owned()
        };
        assert!(line_of(&advised, "store").starts_with("ok "), "{advised}");
        assert!(line_of(&advised, "secrets").starts_with("advice "), "an open store is passed over: {advised}");
        assert!(line_of(&advised, "mail").starts_with("advice "), "that nothing is mailed is passed over: {advised}");
        let (status, printed, errors) = run(reeve(&store, &[("database_url", "postgres://x:hunter2@127.0.0.1:1/x")], &["doctor"]));
        assert_eq!(status, 1, "{printed}{errors}");
        assert!(!printed.contains("hunter2") && !errors.contains("hunter2"));
    }

    fn the_demo_fills_a_store_with_people_who_can_be_administered(store: Arc<Store>) {
        done(&store, &["demo", "--users", "200"]);
        assert!(items(&json_of(&store, &["mail", "list", "--json"])).is_empty(), "nobody is mailed whom there is not");
        let server = Server::start(&store, &[]);
        let admin = server.admin();
        assert!(admin.get("/users").expect(200)["total"].as_i64().unwrap() >= 200);
        assert!(admin.get("/roles").expect(200)["total"].as_i64().unwrap() >= 3);
        assert!(!admin.get("/audit").expect(200)["items"].as_array().unwrap().is_empty());
    }
}
