//! The outbox: each mail is sent, once, whatever happens.

use std::sync::Arc;
use std::time::{Duration, Instant};

use reeve::mail::Message;

use super::{
    after_attempts, ann, beside, nowhere, queue, recipient, reset, rolled_back, wait_for_empty_outbox, waiting,
};
use crate::harness::{Mailbox, Process, Server, SmtpServer, Store, block_on, wait_for};

fn in_the_clear(server: &SmtpServer) -> String {
    format!("smtp://127.0.0.1:{}?tls=none", server.port)
}

both_databases! {
    fn the_store_holds_neither_the_link_nor_the_text_of_a_mail_that_waits(store: Arc<Store>) {
        let url = format!("smtp://127.0.0.1:{}", nowhere());
        let server = Server::start(&store, &[("mail.url", &url)]);
        queue(&server.state, ann(), reset(&server.state, "the-secret-token"));
        after_attempts(&server.state, 1);
        let stored = store.texts("SELECT content AS value FROM mail_outbox");
        assert!(stored.len() == 1 && stored[0].starts_with("v1."), "{stored:?}");
        let all = store.texts("SELECT id || kind || recipient || content || COALESCE(last_error, '') AS value FROM mail_outbox");
        for secret in ["the-secret-token", "password for", "Hello", "http://"] {
            assert!(!all[0].contains(secret), "{all:?}");
        }
    }

    fn what_is_rolled_back_sends_nothing(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let (mailer, now) = (server.state.mailer.clone(), server.clock.now());
        let written = block_on(server.state.database.write(move |connection| {
            mailer.queue(connection, &recipient("never@example.com"), &Message::Welcome, now)?;
            Err::<(), _>(rolled_back())
        }));
        assert!(written.is_err());
        queue(&server.state, ann(), Message::Welcome);
        mailbox.next_to("ann@example.com", 0);
        wait_for_empty_outbox(&server.state);
        assert_eq!(mailbox.mails().len(), 1);
    }

    fn several_servers_over_one_store_send_each_mail_once(store: Arc<Store>) {
        let inbox = SmtpServer::start(&[]);
        let url = in_the_clear(&inbox);
        let servers: Vec<_> = (0..3).map(|_| Server::start(&store, &[("mail.url", &url)])).collect();
        for number in 0..30 {
            queue(&servers[0].state, recipient(&format!("user{number}@example.com")), Message::Welcome);
        }
        wait_for_empty_outbox(&servers[0].state);
        let mut recipients: Vec<_> = inbox.mails().into_iter().map(|mail| mail.to).collect();
        assert_eq!(recipients.len(), 30);
        recipients.sort();
        recipients.dedup();
        assert_eq!(recipients.len(), 30);
    }

    fn a_mail_waits_for_a_server_that_is_away_and_is_the_same_mail_when_it_is_back(store: Arc<Store>) {
        let port = nowhere();
        let url = format!("smtp://127.0.0.1:{port}?tls=none");
        let server = Server::start(&store, &[("mail.url", &url)]);
        queue(&server.state, ann(), reset(&server.state, "a-token"));
        let waits = after_attempts(&server.state, 1);
        assert!(waits.failed_at.is_none());
        let inbox = SmtpServer::start(&["--port", &port.to_string()]);
        server.clock.advance(Duration::from_secs(11));
        let mails = inbox.wait_for_mails(1);
        assert!(mails[0].message_id.contains(&waits.id) && mails[0].token() == "a-token", "{}", mails[0].message_id);
        wait_for_empty_outbox(&server.state);
        assert_eq!(inbox.mails().len(), 1);
    }

    fn a_mail_whose_link_has_expired_while_it_waited_is_not_sent_any_more(store: Arc<Store>) {
        let port = nowhere();
        let url = format!("smtp://127.0.0.1:{port}?tls=none");
        let server = Server::start(&store, &[("mail.url", &url)]);
        queue(&server.state, ann(), reset(&server.state, "a-token"));
        after_attempts(&server.state, 1);
        queue(&server.state, recipient("ben@example.com"), Message::Welcome);
        let inbox = SmtpServer::start(&["--port", &port.to_string()]);
        server.clock.advance(Duration::from_secs(3_600));
        wait_for("the mail to be given up", || waiting(&server.state).iter().any(|mail| mail.failed_at.is_some()));
        assert!(waiting(&server.state)[0].last_error.as_ref().unwrap().contains("has expired"));
        assert!(inbox.wait_for_mails(1)[0].to.contains("ben@example.com"));
        assert_eq!(inbox.mails().len(), 1);
    }

    fn a_mail_that_is_refused_for_ever_is_given_up_and_its_text_forgotten(store: Arc<Store>) {
        let inbox = SmtpServer::start(&["--answer", "gone@example.com=550 there is nobody of that name"]);
        let server = Server::start(&store, &[("mail.url", &in_the_clear(&inbox))]);
        queue(&server.state, recipient("gone@example.com"), reset(&server.state, "a-token"));
        wait_for("the mail to be given up", || waiting(&server.state).iter().any(|mail| mail.failed_at.is_some()));
        let failed = &waiting(&server.state)[0];
        assert_eq!((failed.attempts, failed.kind.as_str()), (1, "reset_password"));
        assert!(failed.last_error.as_ref().unwrap().contains("there is nobody of that name"), "{failed:?}");
        assert_eq!(store.texts("SELECT content AS value FROM mail_outbox"), [""]);
        assert_eq!(block_on(server.state.database.read(reeve::mail::failed_count)).unwrap(), 1);
        assert_eq!(block_on(server.state.database.read(reeve::mail::waiting_count)).unwrap(), 0);
        // It is shown for a month.
        server.clock.advance(Duration::from_secs(31 * 86_400));
        queue(&server.state, ann(), Message::Welcome);
        inbox.wait_for_mails(1);
        wait_for_empty_outbox(&server.state);
    }

    fn a_mail_that_is_refused_for_now_is_tried_again_and_the_waits_grow(store: Arc<Store>) {
        let inbox = SmtpServer::start(&["--answer", "full@example.com=452 the box is full"]);
        let server = Server::start(&store, &[("mail.url", &in_the_clear(&inbox))]);
        queue(&server.state, recipient("full@example.com"), Message::Welcome);
        for (attempt, wait) in [(1, 10), (2, 20), (3, 40), (4, 80)] {
            let waits = after_attempts(&server.state, attempt);
            assert!(waits.failed_at.is_none() && waits.last_error.unwrap().contains("the box is full"));
            let now = server.clock.now();
            let (earliest, latest) = (now.plus(Duration::from_secs(wait / 2)), now.plus(Duration::from_secs(wait)));
            assert!(waits.next_attempt_at > earliest && waits.next_attempt_at <= latest, "attempt {attempt}: {wait} s");
            assert!(store.texts("SELECT content AS value FROM mail_outbox")[0].starts_with("v1."));
            server.clock.advance(Duration::from_secs(wait));
        }
    }

    fn a_mail_that_the_server_takes_its_time_over_holds_up_no_other(store: Arc<Store>) {
        let inbox = SmtpServer::start(&["--slow", "slow@example.com=4"]);
        let server = Server::start(&store, &[("mail.url", &in_the_clear(&inbox))]);
        queue(&server.state, recipient("slow@example.com"), Message::Welcome);
        wait_for("the slow mail to be on its way", || inbox.was_offered("slow@example.com"));
        let started = Instant::now();
        for number in 0..8 {
            queue(&server.state, recipient(&format!("user{number}@example.com")), Message::Welcome);
        }
        inbox.wait_for_mails(8);
        assert!(started.elapsed() < Duration::from_secs(4), "{:?}", started.elapsed());
        let mails = inbox.wait_for_mails(9);
        assert!(mails[8].to.contains("slow@example.com"));
    }

    fn a_mail_of_a_server_that_was_killed_while_it_sent_is_sent_by_another(store: Arc<Store>) {
        let inbox = SmtpServer::start(&["--slow", "ann@example.com=600"]);
        let mut process = Process::serve(&store, &[("mail.url", &in_the_clear(&inbox))]);
        let state = beside(&store);
        queue(&state, ann(), reset(&state, "a-token"));
        wait_for("the mail to be on its way", || inbox.was_offered("ann@example.com"));
        process.kill();
        let id = waiting(&state)[0].id.clone();
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        // As long as the other could still be at it, it is left alone.
        queue(&server.state, recipient("ben@example.com"), Message::Welcome);
        mailbox.next_to("ben@example.com", 0);
        assert!(mailbox.to("ann@example.com").is_empty());
        server.clock.advance(Duration::from_secs(121));
        let mail = mailbox.next_to("ann@example.com", 0);
        assert!(mail.message_id.contains(&id) && mail.token() == "a-token", "{}", mail.message_id);
        wait_for_empty_outbox(&server.state);
    }

    fn a_server_that_is_told_to_end_ends_what_it_sends_first(store: Arc<Store>) {
        let inbox = SmtpServer::start(&["--slow", "ann@example.com=2"]);
        let mut process = Process::serve(&store, &[("mail.url", &in_the_clear(&inbox))]);
        let state = beside(&store);
        queue(&state, ann(), Message::Welcome);
        wait_for("the mail to be on its way", || inbox.was_offered("ann@example.com"));
        process.signal("TERM");
        assert!(process.child.wait().unwrap().success());
        assert_eq!((inbox.mails().len(), waiting(&state).len()), (1, 0), "{}", process.printed());
    }
}
