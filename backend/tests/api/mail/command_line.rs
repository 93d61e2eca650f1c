//! What whoever runs Reeve can find out about mails, and do.

use std::sync::Arc;
use std::time::Duration;

use reeve::mail::Message;
use serde_json::{Value, json};

use super::{after_attempts, ann, nowhere, queue, recipient, reset, wait_for_empty_outbox, waiting};
use crate::harness::{ADMIN, Mailbox, PASSWORD, Process, Server, SmtpServer, Store, reeve, run, wait_for};

fn call(store: &Store, url: &str, arguments: &[&str]) -> (i32, String, String) {
    run(reeve(store, &[("mail.url", url)], arguments))
}

#[track_caller]
fn done(store: &Store, url: &str, arguments: &[&str]) -> String {
    let (status, printed, errors) = call(store, url, arguments);
    assert_eq!(status, 0, "reeve {}: {printed}{errors}", arguments.join(" "));
    printed
}

both_databases! {
    fn a_test_mail_arrives_in_the_language_that_is_asked_for(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        assert!(done(&store, &mailbox.url, &["mail", "test", "ann@example.com"]).contains(".eml"));
        done(&store, &mailbox.url, &["mail", "test", "ann@example.com", "--locale", "de"]);
        let mails = mailbox.to("ann@example.com");
        assert_eq!(mails.iter().map(|mail| mail.subject.as_str()).collect::<Vec<_>>(), ["A test from Reeve", "Eine Probe von Reeve"]);
        assert!(done(&store, "log:", &["mail", "test", "ann@example.com"]).contains("A test from Reeve"));
        assert_eq!(call(&store, "log:", &["mail", "test", "nobody"]).0, 2);
        assert_eq!(call(&store, "log:", &["mail", "retry"]).0, 2);
    }

    fn a_mail_that_is_only_printed_has_its_link_whole(store: Arc<Store>) {
        let process = Process::serve(&store, &[]);
        let admin = process.client().sign_in(ADMIN, PASSWORD);
        admin.post("/users", json!({"email": "ann@example.com"})).expect(201);
        wait_for("the mail to be printed", || process.printed().contains("ann@example.com") && process.printed().contains("\n---\n"));
        let printed = process.printed();
        let link = printed.split_whitespace().find(|word| word.contains("/invitation?token=")).unwrap();
        let acceptance = json!({"token": link.split_once("?token=").unwrap().1, "password": "another horse, another battery"});
        process.client().post("/auth/invitation/accept", acceptance).expect(200);
        assert!(printed.contains("Subject: You are invited to Reeve"), "{printed}");
    }

    fn mails_that_have_not_left_are_listed_without_what_they_say(store: Arc<Store>) {
        let inbox = SmtpServer::start(&["--answer", "gone@example.com=550 nobody", "--answer", "full@example.com=452 full"]);
        let url = format!("smtp://127.0.0.1:{}?tls=none", inbox.port);
        assert_eq!(done(&store, &url, &["mail", "list", "--json"]).trim(), "[]");
        let server = Server::start(&store, &[("mail.url", &url)]);
        queue(&server.state, recipient("gone@example.com"), reset(&server.state, "first-token"));
        queue(&server.state, recipient("full@example.com"), reset(&server.state, "second-token"));
        wait_for("both to be tried", || waiting(&server.state).iter().all(|mail| mail.last_error.is_some()));
        let listed: Value = serde_json::from_str(&done(&store, &url, &["mail", "list", "--json"])).unwrap();
        let listed = listed.as_array().unwrap().clone();
        assert_eq!(listed.len(), 2);
        for mail in &listed {
            let mut names: Vec<_> = mail.as_object().unwrap().keys().map(String::as_str).collect();
            names.sort_unstable();
            assert_eq!(names, ["attempts", "created_at", "failed_at", "id", "kind", "last_error", "next_attempt_at", "recipient"]);
            assert_eq!((&mail["kind"], &mail["attempts"]), (&"reset_password".into(), &1.into()));
        }
        let failed = listed.iter().find(|mail| mail["recipient"] == "gone@example.com").unwrap();
        assert!(failed["failed_at"].is_string() && failed["last_error"].as_str().unwrap().contains("nobody"));
        let printed = done(&store, &url, &["mail", "list"]);
        assert!(printed.contains("failed") && printed.contains("waits") && printed.contains("full@example.com"), "{printed}");
        assert!(!printed.contains("token") && !printed.contains("http"), "{printed}");
        assert!(done(&store, &url, &["doctor"]).contains("1 mails wait, 1 could not be sent"));
        // What has failed has no text any more.
        let (status, _, errors) = call(&store, &url, &["mail", "retry", failed["id"].as_str().unwrap()]);
        assert!(status == 1 && errors.contains("no mail"), "{errors}");
        assert!(done(&store, &url, &["mail", "retry", "--all"]).starts_with("1 "));
    }

    fn a_mail_that_waits_is_sent_at_once_when_the_operator_says_so(store: Arc<Store>) {
        let port = nowhere();
        let url = format!("smtp://127.0.0.1:{port}?tls=none");
        let server = Server::start(&store, &[("mail.url", &url)]);
        queue(&server.state, ann(), Message::Welcome);
        // So that what is waited for below does not come by itself.
        for attempt in 1..=4 {
            after_attempts(&server.state, attempt);
            if attempt < 4 {
                server.clock.advance(Duration::from_secs(40));
            }
        }
        let inbox = SmtpServer::start(&["--port", &port.to_string()]);
        let id = waiting(&server.state)[0].id.clone();
        done(&store, &url, &["mail", "retry", &id]);
        inbox.wait_for_mails(1);
        wait_for_empty_outbox(&server.state);
        let trail = server.admin().get("/audit?filter=action:eq:mail.retried").expect(200);
        assert_eq!((&trail["total"], &trail["items"][0]["target"]["id"]), (&1.into(), &id.into()), "{trail}");
        let (status, _, errors) = call(&store, &url, &["mail", "retry", trail["items"][0]["target"]["id"].as_str().unwrap()]);
        assert!(status == 1 && errors.contains("no mail"), "{errors}");
    }

    fn the_doctor_says_whether_mails_leave_and_whether_the_store_alone_opens_secrets(store: Arc<Store>) {
        let inbox = SmtpServer::start(&["--login", "reeve:right"]);
        let url = format!("smtp://reeve:right@127.0.0.1:{}?tls=none", inbox.port);
        let printed = done(&store, &url, &["doctor"]);
        assert!(printed.contains(&inbox.port.to_string()) && printed.contains("in the clear"), "{printed}");
        assert!(printed.contains("set secret_key") && printed.contains("0 mails wait"), "{printed}");
        assert!(!printed.contains("right"), "{printed}");
        for url in [format!("smtp://127.0.0.1:{}", nowhere()), url.replace("right", "wrong")] {
            let (status, printed, errors) = call(&store, &url, &["doctor"]);
            assert_eq!(status, 1, "{printed}");
            assert!(printed.lines().any(|line| line.starts_with("FAILED") && line.contains("mail")), "{printed}{errors}");
        }
        let key = "a secret key that is long enough for this";
        let doctor = |options: &[(&str, &str)]| run(reeve(&store, options, &["doctor"]));
        drop(Server::start(&store, &[("secret_key", key)]));
        assert!(doctor(&[("secret_key", key)]).1.contains("the store alone opens nothing"));
        let (status, printed, _) = doctor(&[]);
        assert!(status == 1 && printed.contains("secret_key"), "{printed}");
        assert!(doctor(&[]).1.contains("printed and not sent"));
    }
}
