//! Every rule holds on every way by which a password is set.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::harness::{ADMIN, Answer, EmptyStore, Mailbox, Manner, PASSWORD, RangeServer, Server, Store, wait_for};

const BREACHED: &str = "a rope of blue silk";
const GOOD: &str = "seven kites over water";

/// What nobody may choose whose address is `ann.archer@...`, whose username is `woodsman...`, and who is called Quincy Underhill.
const REFUSED: [(&str, &str); 12] = [
    ("7 kites", "password_too_short"),
    ("PasswordPassword", "password_too_common"),
    ("zzzzzzzzzzzzzz", "password_too_common"),
    ("Ann.Archer.2024!", "password_contains_name"),
    ("annarcherANNARCHER", "password_contains_name"),
    ("ann.archer@example.com", "password_contains_name"),
    ("reeve-Reeve-1234", "password_contains_name"),
    ("Gatekeeper 2024!", "password_contains_name"),
    ("ＧＡＴＥＫＥＥＰＥＲ-admin", "password_contains_name"),
    ("qwertyuiop[]", "password_too_weak"),
    ("Passw0rd2024!", "password_too_weak"),
    (BREACHED, "password_breached"),
];

/// Tries all that is refused, and what is good last: that a refusal uses nothing up is part of it.
#[track_caller]
fn try_all(way: &str, field: &str, names: &[&str], set: impl Fn(&str) -> Answer) -> Answer {
    let made_of_names = names.iter().map(|name| (*name, "password_contains_name"));
    let too_long = "many words ".repeat(12);
    for (password, code) in REFUSED.into_iter().chain(made_of_names).chain([(too_long.as_str(), "password_too_long")]) {
        let answer = set(password);
        answer.problem(422, "validation_failed");
        assert_eq!(answer.field_error(field), code, "{way}: {password}");
        assert!(!answer.text().contains(password), "{way} repeats a password: {answer}");
    }
    let answer = set(GOOD);
    assert!(answer.status < 300, "{way}: {answer}");
    answer
}

/// The token of the last link to an address whose page is `page`.
#[track_caller]
fn token(mailbox: &Mailbox, email: &str, page: &str) -> String {
    let links = || mailbox.to(email).into_iter().filter(|mail| mail.text.contains(page)).collect::<Vec<_>>();
    wait_for("a link", || !links().is_empty());
    links().pop().unwrap().token()
}

fn must_change(server: &Server, email: &str) -> Value {
    server.store.execute(&format!("UPDATE users SET must_change_password = TRUE WHERE email = '{email}'"));
    server.stranger().login(email, PASSWORD).expect(200)["challenge"].clone()
}

both_databases! {
    fn every_rule_holds_on_every_way_by_which_a_password_is_set(empty: EmptyStore) {
        let (mailbox, breaches) = (Mailbox::new(), RangeServer::start(Manner::Knows(&[BREACHED])));
        let server = Server::start(&empty.0, &[
            ("mail.url", &mailbox.url),
            ("registration", "open"),
            ("email_verification", "optional"),
            ("branding.product_name", "Gatekeeper"),
            ("password.breach_check_url", &breaches.url),
        ]);
        let client = server.stranger();
        let names = json!({"username": "woodsman", "display_name": "Quincy Underhill"});
        let own = ["Quincy Underhill", "woodsman-1985-woodsman"];
        let with_names = |number: u8, more: Value| {
            let mut body = more;
            body["username"] = json!(format!("{}{number}", names["username"].as_str().unwrap()));
            body["display_name"] = names["display_name"].clone();
            body
        };

        let link = server.invitation.clone().unwrap();
        let setup = link.split_once("?token=").unwrap().1;
        let admin = try_all("set-up", "password", &[], |password| {
            client.post("/auth/setup", json!({"token": setup, "email": "ann.archer@setup.example.com", "password": password}))
        });
        let admin = client.signed_in(&admin);

        try_all("registration", "password", &own, |password| {
            client.post("/auth/register", with_names(1, json!({"email": "ann.archer@register.example.com", "password": password})))
        });
        client.sign_in("ann.archer@register.example.com", GOOD);

        try_all("an administrator's new user", "password", &own, |password| {
            admin.post("/users", with_names(2, json!({"email": "ann.archer@users.example.com", "password": password})))
        });
        client.sign_in("ann.archer@users.example.com", GOOD);

        let invited = "ann.archer@invitation.example.com";
        admin.post("/users", json!({"email": invited})).expect(201);
        let invitation = token(&mailbox, invited, "/invitation?");
        try_all("invitation", "password", &own, |password| {
            client.post("/auth/invitation/accept", with_names(3, json!({"token": invitation, "password": password})))
        });
        client.sign_in(invited, GOOD);

        let make = |number: u8, email: &str| {
            let user = admin.post("/users", with_names(number, json!({"email": email, "password": PASSWORD}))).expect(201);
            user["id"].as_str().unwrap().to_owned()
        };
        let id = make(4, "ann.archer@set.example.com");
        try_all("an administrator's choice", "password", &own, |password| {
            admin.put(&format!("/users/{id}/password"), json!({"password": password}))
        });
        client.sign_in("ann.archer@set.example.com", GOOD);

        make(5, "ann.archer@change.example.com");
        let ann = client.sign_in("ann.archer@change.example.com", PASSWORD);
        try_all("change", "new_password", &own, |password| {
            ann.post("/auth/password/change", json!({"current_password": PASSWORD, "new_password": password}))
        });
        client.sign_in("ann.archer@change.example.com", GOOD);

        make(6, "ann.archer@required.example.com");
        let challenge = must_change(&server, "ann.archer@required.example.com");
        try_all("required change", "new_password", &own, |password| {
            client.post("/auth/password/change-required", json!({"challenge": challenge, "new_password": password}))
        });
        client.sign_in("ann.archer@required.example.com", GOOD);

        make(7, "ann.archer@reset.example.com");
        client.post("/auth/password/forgot", json!({"email": "ann.archer@reset.example.com"})).expect(202);
        let reset = token(&mailbox, "ann.archer@reset.example.com", "/reset-password?");
        try_all("reset", "password", &own, |password| {
            client.post("/auth/password/reset", json!({"token": reset, "password": password}))
        });
        client.sign_in("ann.archer@reset.example.com", GOOD);
    }

    /// Whose password it would be must not be told by what is said of it.
    fn what_is_said_of_a_password_at_registration_is_the_same_for_an_address_that_is_taken(store: Arc<Store>) {
        let server = Server::start(&store, &[("password.history", "5")]);
        let said = |email: &str, password: &str| {
            let answer = server.stranger().post("/auth/register", json!({"email": email, "password": password}));
            let mut body: Value = serde_json::from_str(&answer.text()).unwrap();
            body.as_object_mut().unwrap().remove("request_id");
            (answer.status, body)
        };
        for password in ["short", "qwertyuiop[]", "Password1234", PASSWORD, GOOD] {
            assert_eq!(said(ADMIN, password), said("nobody@example.org", password), "{password}");
        }
        assert_eq!(said(ADMIN, PASSWORD).0, 202, "the password that somebody has is told from others");
    }

    fn how_strong_a_password_must_be_is_configured_and_told(store: Arc<Store>) {
        let server = Server::start(&store, &[("password.min_strength", "0")]);
        let register = |server: &Server, email: &str, password: &str| {
            server.stranger().post("/auth/register", json!({"email": email, "password": password}))
        };
        register(&server, "ann@example.com", "qwertyuiop[]").expect(202);
        assert_eq!(register(&server, "bob@example.com", "bob@example.com").field_error("password"), "password_contains_name");
        drop(server);
        let server = Server::start(&store, &[
            ("password.min_strength", "4"),
            ("password.history", "7"),
            ("password.breach_check_url", "https://breaches.example.com/range/"),
        ]);
        let rules = server.stranger().get("/config").expect(200)["password"].clone();
        let told = json!({"min_length": 12, "max_length": 128, "min_strength": 4, "breach_check": true, "history": 7});
        assert_eq!(rules, told);
        assert_eq!(register(&server, "cid@example.com", "Summer2024!!").field_error("password"), "password_too_weak");
    }

    fn the_rules_that_hold_by_default_are_told(server: Server) {
        let rules = server.stranger().get("/config").expect(200)["password"].clone();
        let told = json!({"min_length": 12, "max_length": 128, "min_strength": 3, "breach_check": false, "history": 0});
        assert_eq!(rules, told);
    }

    /// The rules are for choosing: who has a password from before they were made signs in with it.
    fn who_has_a_password_that_could_not_be_chosen_now_signs_in_with_it(store: Arc<Store>) {
        let lax = Server::start(&store, &[("password.min_strength", "0")]);
        let body = json!({"email": "ann@example.com", "password": "qwertyuiop[]"});
        lax.admin().post("/users", body).expect(201);
        drop(lax);
        Server::start(&store, &[("password.min_strength", "4")]).stranger().sign_in("ann@example.com", "qwertyuiop[]");
    }
}
