//! The mails that a server has sent, where `mail.url` is a directory.

use std::path::Path;

use mailparse::{MailAddr, MailHeader, MailHeaderMap, ParsedMail, addrparse_header, parse_mail};
use tempfile::TempDir;

use super::wait_for;

pub struct Mailbox {
    directory: TempDir,
    /// The value of `mail.url` for a server whose mails are to arrive here.
    pub url: String,
}

pub struct Mail {
    pub from: String,
    pub to: String,
    pub subject: String,
    pub message_id: String,
    pub text: String,
    pub html: String,
    /// The addresses in `To`, as a mail server reads it.
    pub recipients: Vec<String>,
    headers: Vec<(String, String)>,
}

/// The mails in a directory, in the order of their files' names.
pub fn read_mails(directory: &Path) -> Vec<Mail> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "eml"));
    paths.sort();
    paths.iter().map(|path| Mail::read(path)).collect()
}

impl Mailbox {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let url = format!("file:{}", directory.path().display());
        Self { directory, url }
    }

    /// All mails so far, the oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        read_mails(self.directory.path())
    }

    /// The mails to one address, the oldest first.
    pub fn to(&self, email: &str) -> Vec<Mail> {
        self.mails().into_iter().filter(|mail| mail.to.contains(email)).collect()
    }

    /// Waits for the next mail to an address after the first `seen` ones.
    pub fn next_to(&self, email: &str, seen: usize) -> Mail {
        wait_for(&format!("a mail to {email}"), || self.to(email).len() > seen);
        self.to(email).swap_remove(seen)
    }
}

impl Mail {
    fn read(path: &Path) -> Self {
        Self::parse(&std::fs::read(path).unwrap())
    }

    pub fn parse(bytes: &[u8]) -> Self {
        let mail = parse_mail(bytes).unwrap();
        let header = |name: &str| mail.headers.get_first_value(name).unwrap_or_default();
        Self {
            from: header("From"),
            to: header("To"),
            subject: header("Subject"),
            message_id: header("Message-ID"),
            text: part(&mail, "text/plain"),
            html: part(&mail, "text/html"),
            recipients: mail.headers.get_first_header("To").map(addresses).unwrap_or_default(),
            headers: mail.headers.iter().map(|header| (header.get_key(), header.get_value())).collect(),
        }
    }

    /// All values of a header, whatever its case.
    pub fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// The link in it, whole.
    pub fn link(&self) -> &str {
        let link = self.text.split_whitespace().find(|word| word.starts_with("http"));
        link.unwrap_or_else(|| panic!("there is no link in {}", self.text))
    }

    /// The token in its link.
    pub fn token(&self) -> String {
        self.link().split_once("?token=").unwrap().1.to_owned()
    }
}

fn addresses(header: &MailHeader<'_>) -> Vec<String> {
    let address = |address: &MailAddr| match address {
        MailAddr::Single(single) => single.addr.clone(),
        MailAddr::Group(group) => format!("the group {}", group.group_name),
    };
    addrparse_header(header).unwrap().iter().map(address).collect()
}

fn part(mail: &ParsedMail<'_>, kind: &str) -> String {
    let found = mail.parts().find(|part| part.ctype.mimetype == kind);
    found.map(|part| part.get_body().unwrap()).unwrap_or_default()
}
