//! People are told when somebody signs in to their account on a device that is not known to be theirs.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::{wait_for_empty_outbox, waiting};
use crate::harness::{Browser, Client, Mailbox, PASSWORD, Server, SmtpServer, Store};

const ANN: &str = "ann@example.com";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; rv:133.0) Gecko/20100101 Firefox/133.0";
const SAFARI: &str = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.1 Safari/605.1.15";
const A_DAY: Duration = Duration::from_secs(86_400);

fn sign_in_with(client: &Client, user_agent: &str, address: &str) -> String {
    let body = json!({"identifier": ANN, "password": PASSWORD});
    let request =
        client.request("POST", "/auth/login").header("user-agent", user_agent).header("x-forwarded-for", address);
    client.signed_in(&request.json(&body).send()).access_token
}

/// How many such mails there were so far.
fn told(server: &Server, mailbox: &Mailbox) -> usize {
    wait_for_empty_outbox(&server.state);
    mailbox.to(ANN).iter().filter(|mail| mail.subject.contains("New sign-in")).count()
}

both_databases! {
    fn a_sign_in_on_another_browser_is_told_with_when_from_where_and_with_what(store: Arc<Store>) {
        let inbox = SmtpServer::start(&[]);
        let url = format!("smtp://127.0.0.1:{}?tls=none", inbox.port);
        let server = Server::start(&store, &[("mail.url", &url), ("public_url", "https://admin.example.com")]);
        server.add_user(ANN, &[]);
        let body = json!({"identifier": ANN, "password": PASSWORD, "refresh": "cookie"});
        let login = |user_agent: &str| {
            server.stranger().request("POST", "/auth/login").header("user-agent", user_agent).json(&body).send().expect(200)
        };
        login(FIREFOX);
        login(SAFARI);
        let mails = inbox.wait_for_mails(1);
        wait_for_empty_outbox(&server.state);
        assert_eq!(inbox.mails().len(), 1, "the first sign-in is told as well");
        let mail = &mails[0];
        assert_eq!((mail.recipients.as_slice(), mail.subject.as_str()), ([ANN.to_owned()].as_slice(), "New sign-in to your account"));
        let day = &server.clock.now().to_string()[..10];
        for part in [day, " UTC", "127.0.0.1", "Safari, macOS", "change your password at once"] {
            assert!(mail.text.contains(part) && mail.html.contains(part), "{part}: {}", mail.text);
        }
        assert_eq!(mail.link(), "https://admin.example.com/account?tab=devices");
    }

    fn it_is_told_in_the_language_of_whoever_it_concerns(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let id = server.add_user(ANN, &[]);
        server.admin().patch(&format!("/users/{id}"), json!({"locale": "de-CH"})).expect(200);
        Browser::new(&server.stranger(), FIREFOX).sign_in(ANN, PASSWORD);
        Browser::new(&server.stranger(), "something of its own").sign_in(ANN, PASSWORD);
        let mail = mailbox.next_to(ANN, 0);
        assert_eq!(mail.subject, "Neue Anmeldung bei Ihrem Konto");
        for part in ["127.0.0.1", "Womit: unbekannt", "ändern Sie sofort Ihr Passwort"] {
            assert!(mail.text.contains(part), "{part}: {}", mail.text);
        }
        assert!(!mail.text.contains("something of its own") && !mail.html.contains("something of its own"));
    }

    fn a_browser_that_is_known_is_not_told_again_until_it_is_forgotten(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        server.add_user(ANN, &[]);
        let (firefox, other) = (Browser::new(&server.stranger(), FIREFOX), Browser::new(&server.stranger(), FIREFOX));
        firefox.sign_in(ANN, PASSWORD);
        firefox.sign_in(ANN, PASSWORD);
        server.clock.advance(100 * A_DAY);
        firefox.sign_in(ANN, PASSWORD);
        assert_eq!(told(&server, &mailbox), 0);
        // Another one that calls itself the same at the same address is another one.
        other.sign_in(ANN, PASSWORD);
        assert_eq!(told(&server, &mailbox), 1);
        let ann = firefox.sign_in(ANN, PASSWORD);
        firefox.request(&ann, "DELETE", "/me/devices").send().expect(204);
        firefox.sign_in(ANN, PASSWORD);
        assert_eq!(told(&server, &mailbox), 1);
        other.sign_in(ANN, PASSWORD);
        assert_eq!(told(&server, &mailbox), 2);
    }

    fn a_program_without_cookies_is_known_by_its_address_and_its_name(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url), ("trusted_proxies", "127.0.0.0/8")]);
        server.add_user(ANN, &[]);
        let client = server.stranger();
        for _ in 0..3 {
            sign_in_with(&client, "curl/8.5.0", "203.0.113.7");
        }
        assert_eq!(told(&server, &mailbox), 0);
        for (number, (user_agent, address)) in [("curl/8.5.0", "203.0.113.8"), ("wget/1.24", "203.0.113.7")].into_iter().enumerate() {
            sign_in_with(&client, user_agent, address);
            sign_in_with(&client, user_agent, address);
            assert_eq!(told(&server, &mailbox), number + 1, "{user_agent} from {address}");
        }
        // Signed out by itself it is still known, and unknown when it was not seen for a month.
        server.clock.advance(20 * A_DAY);
        let token = sign_in_with(&client, "curl/8.5.0", "203.0.113.7");
        client.with_token(&token).post("/auth/logout", json!({})).expect(204);
        sign_in_with(&client, "curl/8.5.0", "203.0.113.7");
        assert_eq!(told(&server, &mailbox), 2);
        server.clock.advance(31 * A_DAY);
        sign_in_with(&client, "curl/8.5.0", "203.0.113.7");
        assert_eq!(told(&server, &mailbox), 3);
    }

    fn what_was_signed_out_by_force_speaks_for_nobody(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url), ("trusted_proxies", "127.0.0.0/8")]);
        let id = server.add_user(ANN, &[]);
        let client = server.stranger();
        sign_in_with(&client, FIREFOX, "203.0.113.7");
        sign_in_with(&client, "thief/1.0", "198.51.100.9");
        assert_eq!(told(&server, &mailbox), 1);
        server.admin().delete(&format!("/users/{id}/sessions")).expect(204);
        sign_in_with(&client, "thief/1.0", "198.51.100.9");
        assert_eq!(told(&server, &mailbox), 2);
    }

    fn a_sign_in_that_is_refused_and_one_that_has_to_change_the_password_first_are_no_sign_ins(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let id = server.add_user(ANN, &[]);
        let firefox = Browser::new(&server.stranger(), FIREFOX);
        firefox.sign_in(ANN, PASSWORD);
        Browser::new(&server.stranger(), SAFARI).login(ANN, "not the right password").problem(401, "invalid_credentials");
        let body = json!({"password": "for the moment only", "must_change": true});
        server.admin().put(&format!("/users/{id}/password"), body).expect(204);
        let challenge = firefox.login(ANN, "for the moment only").expect(200)["challenge"].clone();
        assert_eq!(told(&server, &mailbox), 0);
        let change = |browser: &Browser, challenge, password| {
            let body = json!({"challenge": challenge, "new_password": password, "refresh": "cookie"});
            browser.request(&server.stranger(), "POST", "/auth/password/change-required").json(&body).send().expect(200);
        };
        change(&firefox, challenge, "a password of my own");
        assert_eq!(told(&server, &mailbox), 0, "the device is known");
        let body = json!({"password": "for the moment only", "must_change": true});
        server.admin().put(&format!("/users/{id}/password"), body).expect(204);
        let safari = Browser::new(&server.stranger(), SAFARI);
        let challenge = safari.login(ANN, "for the moment only").expect(200)["challenge"].clone();
        change(&safari, challenge, "a password of my own");
        assert_eq!(told(&server, &mailbox), 1);
        assert!(waiting(&server.state).is_empty());
    }
}
