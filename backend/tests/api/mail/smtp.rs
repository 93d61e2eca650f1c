//! Handing mails to a real mail server: encrypted, signed in, and to nobody else.

use std::path::Path;
use std::sync::Arc;

use reeve::mail::Message;

use super::{after_attempts, ann, beside, queue, reset};
use crate::harness::{Authority, Kind, Mail, Process, Provided, Server, SmtpServer, Store, reeve, run};

/// Sends a mail by the command line, which trusts `root`, or what the machine trusts.
fn send(url: &str, root: Option<&Path>) -> (i32, String, String) {
    let store: Arc<Store> = Provided::provide(Kind::Sqlite);
    let mut command = reeve(&store, &[("mail.url", url)], &["mail", "test", "ann@example.com"]);
    if let Some(root) = root {
        command.env("SSL_CERT_FILE", root);
    }
    run(command)
}

#[track_caller]
fn sent(inbox: &SmtpServer, url: &str, root: Option<&Path>) -> Mail {
    let (status, printed, errors) = send(url, root);
    assert_eq!(status, 0, "{printed}{errors}");
    assert!(printed.contains("250 taken as"), "{printed}");
    inbox.mails().pop().expect("the mail is there")
}

/// What is refused is told in one line, and nobody has seen the mail.
#[track_caller]
fn not_sent(inbox: &SmtpServer, url: &str, root: Option<&Path>) -> String {
    let (status, printed, errors) = send(url, root);
    assert_eq!((status, errors.trim().lines().count()), (1, 1), "{printed}{errors}");
    assert!(!inbox.was_offered("ann@example.com") && inbox.mails().is_empty());
    errors
}

fn is_encrypted(mail: &Mail) -> bool {
    mail.all("X-Test-Tls")[0].starts_with("TLSv1")
}

#[test]
fn a_server_on_this_machine_needs_no_encryption_but_is_encrypted_to_when_it_can() {
    let plain = SmtpServer::start(&[]);
    assert!(!is_encrypted(&sent(&plain, &format!("smtp://127.0.0.1:{}", plain.port), None)));
    let authority = Authority::new();
    let able = SmtpServer::start_with_tls("starttls", &authority, &[]);
    for host in ["127.0.0.1", "localhost"] {
        assert!(is_encrypted(&sent(&able, &format!("smtp://{host}:{}", able.port), Some(&authority.root()))), "{host}");
    }
    assert!(!is_encrypted(&sent(&able, &format!("smtp://localhost:{}?tls=none", able.port), None)));
}

#[test]
fn a_server_that_insists_on_encryption_gets_it() {
    let authority = Authority::new();
    let inbox = SmtpServer::start_with_tls("starttls", &authority, &["--require-tls"]);
    let url = format!("smtp://localhost:{}?tls=required", inbox.port);
    assert!(is_encrypted(&sent(&inbox, &url, Some(&authority.root()))));
}

#[test]
fn a_certificate_that_nobody_trusted_has_signed_ends_the_conversation() {
    let (authority, other) = (Authority::new(), Authority::new());
    for tls in ["starttls", "implicit"] {
        let inbox = SmtpServer::start_with_tls(tls, &authority, &[]);
        let schemes = if tls == "implicit" { ("smtps", "") } else { ("smtp", "?tls=required") };
        let url = format!("{}://localhost:{}{}", schemes.0, inbox.port, schemes.1);
        assert!(not_sent(&inbox, &url, Some(&other.root())).contains("certificate"), "{tls}");
        assert!(not_sent(&inbox, &url, None).contains("certificate"), "{tls}");
    }
    // Not even where encryption is not insisted on: who can offer a certificate may be anybody.
    let inbox = SmtpServer::start_with_tls("starttls", &authority, &[]);
    let url = format!("smtp://localhost:{}?tls=opportunistic", inbox.port);
    assert!(not_sent(&inbox, &url, Some(&other.root())).contains("certificate"));
}

#[test]
fn nothing_is_sent_in_the_clear_where_encryption_is_required() {
    let inbox = SmtpServer::start(&[]);
    not_sent(&inbox, &format!("smtp://127.0.0.1:{}?tls=required", inbox.port), None);
    not_sent(&inbox, &format!("smtp://ann:secret@127.0.0.1:{}?tls=required", inbox.port), None);
}

#[test]
fn a_password_of_any_characters_signs_in_over_tls() {
    let authority = Authority::new();
    let inbox = SmtpServer::start_with_tls("implicit", &authority, &["--login", "ann@example.com:p?s#/@:%ä"]);
    let url = format!("smtps://ann@example.com:p%3Fs%23%2F%40%3A%25%C3%A4@localhost:{}", inbox.port);
    let mail = sent(&inbox, &url, Some(&authority.root()));
    assert!(is_encrypted(&mail));
    assert_eq!(mail.all("X-Test-Login"), ["ann@example.com"]);
    let wrong = format!("smtps://ann@example.com:secret@localhost:{}", inbox.port);
    let (status, _, errors) = send(&wrong, Some(&authority.root()));
    assert!(status == 1 && errors.contains("535") && !errors.contains("secret"), "{errors}");
}

#[test]
fn a_refused_recipient_is_told_in_the_words_of_the_server() {
    let inbox = SmtpServer::start(&["--answer", "ann@example.com=550 there is nobody of that name"]);
    let (status, _, errors) = send(&format!("smtp://127.0.0.1:{}", inbox.port), None);
    assert!(status == 1 && errors.contains("550") && errors.contains("there is nobody of that name"), "{errors}");
}

both_databases! {
    fn a_mail_waits_while_the_password_is_wrong_and_its_text_is_kept(store: Arc<Store>) {
        let inbox = SmtpServer::start(&["--login", "reeve:right"]);
        let url = format!("smtp://reeve:wrong-password@127.0.0.1:{}?tls=none", inbox.port);
        let server = Server::start(&store, &[("mail.url", &url)]);
        queue(&server.state, ann(), reset(&server.state, "a-token"));
        let waits = after_attempts(&server.state, 1);
        let error = waits.last_error.unwrap();
        assert!(waits.failed_at.is_none() && error.contains("535") && !error.contains("wrong-password"), "{error}");
        drop(server);
        // Once it is right, the mail goes.
        let url = format!("smtp://reeve:right@127.0.0.1:{}?tls=none", inbox.port);
        let server = Server::start(&store, &[("mail.url", &url)]);
        server.clock.advance(std::time::Duration::from_secs(11));
        let mail = inbox.wait_for_mails(1).remove(0);
        assert_eq!((mail.token().as_str(), mail.all("X-Test-Login")), ("a-token", vec!["reeve"]));
    }

    fn a_mail_waits_while_the_certificate_is_not_trusted(store: Arc<Store>) {
        let (authority, other) = (Authority::new(), Authority::new());
        let inbox = SmtpServer::start_with_tls("starttls", &authority, &[]);
        let url = format!("smtp://localhost:{}?tls=required", inbox.port);
        let serve = |root: &Authority| {
            let mut command = reeve(&store, &[("mail.url", &url)], &["serve"]);
            command.env("SSL_CERT_FILE", root.root());
            Process::start(command, store.folder.path())
        };
        let process = serve(&other);
        let state = beside(&store);
        queue(&state, ann(), Message::Welcome);
        let waits = after_attempts(&state, 1);
        assert!(waits.failed_at.is_none() && waits.last_error.as_ref().unwrap().contains("certificate"), "{waits:?}");
        assert!(inbox.mails().is_empty());
        drop(process);
        let _process = serve(&authority);
        assert!(is_encrypted(&inbox.wait_for_mails(1)[0]));
    }
}
