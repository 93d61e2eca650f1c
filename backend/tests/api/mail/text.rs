//! What a mail looks like to who gets it.

use std::sync::Arc;
use std::time::Duration;

use reeve::mail::{Message, Recipient};

use super::{ann, queue, recipient, reset};
use crate::harness::{Mailbox, Server, Store};

both_databases! {
    fn a_mail_arrives_as_text_and_as_html_with_all_that_it_needs(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        queue(&server.state, ann(), reset(&server.state, "a-token&more"));
        let mail = mailbox.next_to("ann@example.com", 0);
        assert_eq!(mail.from, "Reeve <no-reply@localhost>");
        assert_eq!(mail.to, "Ann <ann@example.com>");
        assert_eq!(mail.subject, "Choose a new password for Reeve");
        assert_eq!(mail.all("Auto-Submitted"), ["auto-generated"]);
        assert_eq!((mail.all("Message-ID").len(), mail.all("Date").len()), (1, 1));
        assert!(mail.message_id.starts_with('<') && mail.message_id.ends_with("@localhost>"), "{}", mail.message_id);
        let link = format!("{}/reset-password?token=a-token&more", server.state.public_url.as_str());
        assert_eq!(mail.link(), link);
        assert!(mail.text.starts_with("Hello Ann,") && mail.text.contains("1 hour"), "{}", mail.text);
        assert!(mail.html.contains(&format!("href=\"{}\"", link.replace('&', "&amp;"))), "{}", mail.html);
        assert!(mail.html.contains("<html lang=\"en\">") && mail.html.contains("Hello Ann,"), "{}", mail.html);
    }

    fn what_somebody_entered_is_text_in_a_mail_and_never_markup(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let device = "<img src=x onerror=\"alert('1')\"> & {product}\r\n\r\nmore".to_owned();
        let message = Message::NewSignIn { device: Some(device), address: Some("203.0.113.7".to_owned()), at: server.clock.now(), link: "https://admin.example.com/account".to_owned() };
        let name = Some("<b>Ann</b>'s".to_owned());
        queue(&server.state, Recipient { name, ..recipient("ben@example.com") }, message);
        let mail = mailbox.next_to("ben@example.com", 0);
        assert!(!mail.html.contains("<img") && !mail.html.contains("<b>"), "{}", mail.html);
        assert!(mail.html.contains("&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt; &amp; {product}"), "{}", mail.html);
        assert!(mail.text.contains("<img src=x onerror=\"alert('1')\"> & {product}    more"), "{}", mail.text);
    }

    fn a_name_can_neither_add_a_header_nor_a_recipient(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let names = [
            "Ann\r\nBcc: eve",
            "Ann\nBcc: eve\n\nA body",
            "Ann\" <eve>, \"Ben",
            "Ann\\",
            "eve@evil.example, Ann",
            "Ann <eve@evil.example>",
            "Ann, Ben; Eve: x",
            "=?utf-8?q?Ann=0ABcc:_eve?=",
            "Änn\u{85}Bcc: eve",
        ];
        for (number, name) in names.iter().enumerate() {
            let email = format!("ann{number}@example.com");
            queue(&server.state, Recipient { name: Some((*name).to_owned()), ..recipient(&email) }, Message::Welcome);
            let mail = mailbox.next_to(&email, 0);
            for header in ["Bcc", "Cc"] {
                assert!(mail.all(header).is_empty(), "{name:?}");
            }
            assert_eq!((mail.all("To").len(), mail.all("Subject").len(), mail.all("Content-Type").len()), (1, 1, 1), "{name:?}");
            assert_eq!(mail.recipients, [email], "{name:?}: {}", mail.to);
        }
        // Nor what stands in a subject.
        let message = Message::ApprovalAsked { email: "x\r\nBcc: eve@evil.example".to_owned(), link: "http://localhost".to_owned() };
        queue(&server.state, ann(), message);
        let mail = mailbox.next_to("<ann@example.com>", 0);
        assert!(mail.all("Bcc").is_empty() && mail.subject.starts_with("x  Bcc: eve"), "{}", mail.subject);
    }

    fn nobody_can_advertise_by_the_name_that_they_register_for_another_address(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let server = Server::start(&store, &[("mail.url", &mailbox.url)]);
        let name = Some("You won, see http://evil.example/now".to_owned());
        queue(&server.state, Recipient { name, ..ann() }, Message::Welcome);
        let mail = mailbox.next_to("ann@example.com", 0);
        for text in [&mail.text, &mail.html, &mail.to] {
            assert!(!text.contains("evil"), "{text}");
        }
        assert!(mail.text.starts_with("Hello,"), "{}", mail.text);
    }

    fn a_mail_speaks_the_language_of_who_gets_it_under_the_name_that_is_configured(store: Arc<Store>) {
        let mailbox = Mailbox::new();
        let options = [("mail.url", mailbox.url.as_str()), ("branding.product_name", "Tor & Söhne")];
        let server = Server::start(&store, &options);
        let valid_for = Duration::from_secs(2 * 86_400);
        for (number, (locale, subject, span)) in
            [(Some("de-CH"), "Einladung zu Tor & Söhne", "2 Tage"), (Some("fr"), "You are invited to Tor & Söhne", "2 days")].into_iter().enumerate()
        {
            let message = Message::Invitation { link: server.state.mailer.link("invitation", "t"), valid_for };
            queue(&server.state, Recipient { locale: locale.map(str::to_owned), ..ann() }, message);
            let mail = mailbox.next_to("ann@example.com", number);
            assert_eq!((mail.subject.as_str(), mail.from.as_str()), (subject, "Tor & Söhne <no-reply@localhost>"));
            assert!(mail.text.contains(span) && mail.html.contains("Tor &amp; Söhne"), "{}", mail.text);
        }
        assert_eq!(server.stranger().get("/config").expect(200)["product_name"], "Tor & Söhne");
    }
}
