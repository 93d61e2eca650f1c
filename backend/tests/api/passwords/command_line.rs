//! The rules hold for operators too.

use std::sync::Arc;

use crate::harness::{EmptyStore, Manner, PASSWORD, RangeServer, Server, Store, reeve, run, run_with_input};

const BREACHED: &str = "a rope of blue silk";

/// Passwords that are refused, and a word of the sentence that says why.
const REFUSED: [(&str, &str); 5] = [
    ("short", "12 characters"),
    ("PasswordPassword", "most common"),
    ("Ann.Archer.2024!", "your name"),
    ("qwertyuiop[]", "easy to guess"),
    (BREACHED, "data breach"),
];

both_databases! {
    fn an_operator_can_not_set_a_password_that_nobody_could_choose(store: Arc<Store>) {
        let breaches = RangeServer::start(Manner::Knows(&[BREACHED]));
        let options = [("password.breach_check_url", breaches.url.as_str()), ("password.history", "2")];
        let email = "ann.archer@example.com";
        for arguments in [["users", "create", email, "--password-stdin"], ["users", "set-password", email, "--password-stdin"]] {
            for (password, why) in REFUSED {
                let (status, _, errors) = run_with_input(reeve(&store, &options, &arguments), &format!("{password}\n"));
                assert_eq!(status, 1, "{arguments:?} {password}: {errors}");
                assert!(errors.contains(why) && !errors.contains(password), "{arguments:?} {password}: {errors}");
            }
            let (status, _, errors) = run_with_input(reeve(&store, &options, &arguments), &format!("{PASSWORD}\n"));
            assert_eq!(status, 0, "{arguments:?}: {errors}");
        }
        Server::start(&store, &[]).stranger().sign_in(email, PASSWORD);
    }

    fn the_first_administrator_is_not_configured_with_a_password_that_nobody_could_choose(empty: EmptyStore) {
        let breaches = RangeServer::start(Manner::Knows(&[BREACHED]));
        for (password, why) in REFUSED {
            let options = [
                ("bootstrap.email", "ann.archer@example.com"),
                ("bootstrap.password", password),
                ("password.breach_check_url", &breaches.url),
            ];
            let (status, _, errors) = run(reeve(&empty.0, &options, &["serve"]));
            assert_eq!(status, 1, "{password}: {errors}");
            assert!(errors.contains("bootstrap.password") && errors.contains(why), "{password}: {errors}");
            assert!(!errors.contains(password), "{errors}");
        }
        assert_eq!(empty.0.texts("SELECT email AS value FROM users").len(), 0);
    }

    fn the_rules_for_passwords_are_shown_with_the_configuration(empty: EmptyStore) {
        let options = [("password.breach_check_url", "https://breaches.example.com/range/"), ("password.history", "5")];
        let (status, printed, errors) = run(reeve(&empty.0, &options, &["config", "check"]));
        assert_eq!(status, 0, "{errors}");
        for shown in ["password.min_strength", "password.history", "password.breach_check_url", "https://breaches.example.com/range/"] {
            assert!(printed.contains(shown), "{shown}: {printed}");
        }
        let (status, _, errors) = run(reeve(&empty.0, &[("password.history", "25")], &["config", "check"]));
        assert!(status == 1 && errors.contains("password.history"), "{errors}");
    }
}
