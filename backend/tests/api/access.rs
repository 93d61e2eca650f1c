//! Nobody gets past a guard. Walks the contract: an operation that is added is tested here without another line.

use std::collections::BTreeSet;

use reeve::access::CATALOGUE;

use crate::harness::{Operation, Server, operations};

/// Something that no body is, sent as whatever the operation takes.
fn broken_body(client: &crate::harness::Client, operation: &Operation) -> crate::harness::Answer {
    let content_type = operation.content_type().unwrap_or("application/json");
    client.request(&operation.method, &operation.path()).body(content_type, "{\"broken").send()
}

both_databases! {
    fn a_stranger_is_told_to_sign_in_before_anything_else_is_looked_at(server: Server) {
        let stranger = server.stranger();
        let guarded: Vec<_> = operations().into_iter().filter(|operation| !operation.is_public).collect();
        assert!(!guarded.is_empty());
        for operation in guarded {
            broken_body(&stranger, &operation).problem(401, "unauthenticated");
            // Credentials that are good for nothing are no better than none.
            broken_body(&stranger.with_token("nonsense"), &operation).problem(401, "unauthenticated");
        }
    }

    fn a_member_without_the_permission_is_refused_before_the_body_is_looked_at(server: Server) {
        let everything: Vec<_> = CATALOGUE.iter().map(|entry| entry.name).collect();
        let nobody = server.member("nobody@example.com", &[]);
        for operation in operations() {
            let Some(permission) = &operation.permission else { continue };
            let problem = broken_body(&nobody, &operation).problem(403, "permission_denied");
            assert_eq!(problem["required"], permission.as_str(), "{}", operation.id);
            assert!(everything.contains(&permission.as_str()), "{permission} is not in the catalogue");
        }
        // And all other permissions together don't make up for the one that is missing.
        let required: BTreeSet<_> = operations().into_iter().filter_map(|operation| operation.permission).collect();
        for permission in required {
            let others: Vec<_> = everything.iter().copied().filter(|name| *name != permission).collect();
            let email = format!("all-but-{}@example.com", permission.replace(':', "-"));
            let member = server.member(&email, &others);
            for operation in operations().iter().filter(|operation| operation.permission.as_ref() == Some(&permission)) {
                let problem = broken_body(&member, operation).problem(403, "permission_denied");
                assert_eq!(problem["required"], permission.as_str(), "{}", operation.id);
            }
        }
    }

    fn a_member_with_exactly_the_permission_that_the_contract_names_is_let_in(server: Server) {
        let required: BTreeSet<_> = operations().into_iter().filter_map(|operation| operation.permission).collect();
        for permission in required {
            let email = format!("only-{}@example.com", permission.replace(':', "-"));
            let member = server.member(&email, &[&permission]);
            for operation in operations().iter().filter(|operation| operation.permission.as_ref() == Some(&permission)) {
                let answer = broken_body(&member, operation);
                assert!(!matches!(answer.status, 401 | 500..), "{}: {answer}", operation.id);
                // An operation may take a second permission besides: what counts is that this one is not asked for again.
                let refused = answer.status == 403 && answer.json()["required"] == permission.as_str();
                assert!(!refused, "{} is refused to who has {permission}: {answer}", operation.id);
            }
        }
    }

    fn a_wildcard_grants_what_it_stands_for_and_no_more(server: Server) {
        let readers = server.member("readers@example.com", &["*:read"]);
        let users = server.member("users@example.com", &["users:*"]);
        for operation in operations() {
            let Some(permission) = &operation.permission else { continue };
            for (member, granted) in [(&readers, permission.ends_with(":read")), (&users, permission.starts_with("users:"))] {
                let answer = broken_body(member, &operation);
                let refused = answer.status == 403 && answer.json()["code"] == "permission_denied";
                assert_eq!(refused, !granted, "{}: {answer}", operation.id);
            }
        }
    }

    fn a_method_that_a_path_does_not_know_is_answered_with_those_it_knows(server: Server) {
        let admin = server.admin();
        let operations = operations();
        let paths: BTreeSet<_> = operations.iter().map(Operation::path).collect();
        for path in paths {
            let known: BTreeSet<_> = operations
                .iter()
                .filter(|operation| operation.path() == path)
                .map(|operation| operation.method.clone())
                .collect();
            for method in ["GET", "POST", "PUT", "PATCH", "DELETE"].into_iter().filter(|method| !known.contains(*method)) {
                // `/users/export` is also a `/users/{id}`: whatever is allowed there is a matter of the other path.
                let also_named = operations.iter().any(|operation| {
                    let pattern = actix_web::dev::ResourceDef::new(operation.template.as_str());
                    operation.method == method && pattern.is_match(&path)
                });
                if also_named {
                    continue;
                }
                let answer = admin.request(method, &path).send();
                answer.problem(405, "method_not_allowed");
                let allow = answer.header("allow").unwrap_or_default();
                for known in &known {
                    assert!(allow.contains(known.as_str()), "{method} {path}: Allow is {allow:?}, but {known} is known");
                }
            }
        }
    }

    fn a_path_that_does_not_exist_is_not_found_for_whoever_asks(server: Server) {
        for client in [&server.stranger(), &*server.admin()] {
            for path in ["/api/v1/nothing", "/api/v1/", "/api/v1/users2", "/api/v2/me", "/api/v1/me/"] {
                client.get(path).problem(404, "not_found");
            }
        }
    }

    fn a_token_in_the_address_or_of_another_scheme_opens_nothing(server: Server) {
        let admin = server.admin();
        let (token, stranger) = (&admin.access_token, server.stranger());
        stranger.get(&format!("/me?access_token={token}")).problem(401, "unauthenticated");
        stranger.get(&format!("/me?token={token}")).problem(401, "unauthenticated");
        for value in [format!("Basic {token}"), format!("Token {token}"), token.clone(), "Bearer".into(), "Bearer ".into()] {
            let answer = stranger.request("GET", "/me").header("authorization", &value).send();
            answer.problem(401, "unauthenticated");
            assert!(!answer.header("www-authenticate").unwrap().contains("Basic"), "{answer}");
        }
        // The scheme's case does not matter (RFC 9110, section 11.1).
        stranger.request("GET", "/me").header("authorization", &format!("bearer {token}")).send().expect(200);
    }
}
