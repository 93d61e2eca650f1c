//! A method that a path doesn't know is refused with the methods that it knows, whatever lies beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::harness::{Answer, Server, Store, operations};

/// `HEAD` and `OPTIONS` among them: the contract has no operation for either, and `Allow` promises none.
const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PURGE"];

/// The methods that the contract names for each path, with the path's parameters filled in.
fn documented() -> BTreeMap<String, BTreeSet<String>> {
    let mut paths = BTreeMap::<_, BTreeSet<_>>::new();
    for operation in operations() {
        paths.entry(operation.path()).or_default().insert(operation.method);
    }
    paths
}

#[track_caller]
fn assert_refused(answer: &Answer, method: &str, known: &BTreeSet<String>) {
    let allow = answer.header("allow").unwrap_or_default();
    let allowed: BTreeSet<_> = allow.split(',').map(|method| method.trim().to_owned()).collect();
    assert_eq!((answer.status, &allowed), (405, known), "{answer}");
    if method != "HEAD" {
        answer.problem(405, "method_not_allowed");
    }
}

fn assert_every_path_refuses_what_it_does_not_know(server: &Server) {
    let (admin, stranger) = (server.admin(), server.stranger());
    for (path, known) in documented() {
        for method in METHODS.iter().filter(|method| !known.contains(**method)) {
            for client in [&admin, &stranger] {
                assert_refused(&client.request(method, &path).send(), method, &known);
            }
        }
    }
    for path in ["/docs", "/docs/", "/docs/index.html"] {
        assert_refused(&stranger.request("POST", path).send(), "POST", &["GET".to_owned()].into());
    }
}

fn assert_nothing_is_there(server: &Server) {
    for path in ["/nothing", "/users/bulk/more", "/.well-known/nothing", "/api/v2/users"] {
        for method in METHODS.iter().filter(|method| **method != "HEAD") {
            server.stranger().request(method, path).send().problem(404, "not_found");
        }
    }
}

both_databases! {
    fn every_path_of_the_contract_refuses_a_method_that_it_does_not_name_and_says_which_it_does(server: Server) {
        assert_every_path_refuses_what_it_does_not_know(&server);
    }

    fn an_application_that_is_served_beside_the_api_changes_nothing_of_that(store: Arc<Store>) {
        let folder = store.folder.path().join("spa");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("index.html"), "<html></html>").unwrap();
        let server = Server::start(&store, &[("spa_dir", folder.to_str().unwrap())]);
        assert_every_path_refuses_what_it_does_not_know(&server);
        assert_nothing_is_there(&server);
        let pages: BTreeSet<_> = ["GET".to_owned(), "HEAD".to_owned()].into();
        for path in ["/", "/users", "/index.html", "/assets/missing.js"] {
            let address = format!("{}{path}", server.address);
            let answer = crate::harness::http_client().build().unwrap().post(address).send().unwrap();
            assert_eq!(answer.status().as_u16(), 405, "{path}");
            let allow = answer.headers()["allow"].to_str().unwrap();
            assert_eq!(allow.split(", ").map(str::to_owned).collect::<BTreeSet<_>>(), pages, "{path}");
        }
    }

    fn a_path_that_is_unknown_knows_no_method(server: Server) {
        assert_nothing_is_there(&server);
    }
}
