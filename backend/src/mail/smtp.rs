//! A mail server, as `mail.url` names it.

use lettre::Tokio1Executor;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, SUBMISSION_PORT, SUBMISSIONS_PORT};
use percent_encoding::percent_decode_str;
use url::{Host, Url};

use super::transport::TIMEOUT;

/// The port of a mail server that takes what its own machine sends.
const RELAY_PORT: u16 = 25;

/// How what is said to a server is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    /// Not at all.
    None,
    /// By STARTTLS (RFC 3207) where the server offers it.
    Opportunistic,
    /// By STARTTLS, or nothing is sent.
    StartTls,
    /// By TLS from the first byte (RFC 8314, section 3.3).
    Tls,
}

/// A server that takes mails. Its credentials are never shown: there is no `Debug`.
pub(super) struct SmtpServer {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<(String, String)>,
}

impl SmtpServer {
    /// Reads `smtp://` and `smtps://` addresses. What is not understood is refused, never left out: a password with an
    /// unescaped `?` would else become a host and a parameter.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok()?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return None;
        }
        let host = match url.host()? {
            Host::Domain(name) => name.to_ascii_lowercase(),
            Host::Ipv4(address) => address.to_string(),
            Host::Ipv6(address) => address.to_string(),
        };
        let mut parameters = url.query_pairs();
        let (first, second) = (parameters.next(), parameters.next());
        let tls = match (&first, second) {
            (None, _) => None,
            (Some((name, value)), None) if name == "tls" => Some(&**value),
            _ => return None,
        };
        let security = match (url.scheme(), tls) {
            ("smtps", None) => Security::Tls,
            ("smtp", None) if is_this_machine(&host) => Security::Opportunistic,
            ("smtp", None | Some("required")) => Security::StartTls,
            ("smtp", Some("opportunistic")) => Security::Opportunistic,
            ("smtp", Some("none")) => Security::None,
            _ => return None,
        };
        let decode = |text: &str| percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned);
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            ("", Some(_)) | (_, None) => return None,
            (name, Some(password)) => Some((decode(name)?, decode(password)?)),
        };
        let port = url.port().unwrap_or(match security {
            Security::Tls => SUBMISSIONS_PORT,
            _ if credentials.is_none() && is_this_machine(&host) => RELAY_PORT,
            _ => SUBMISSION_PORT,
        });
        (!host.is_empty()).then_some(Self { host, port, security, credentials })
    }

    /// Where it is and how it is spoken to, for people.
    pub(super) fn describe(&self) -> String {
        let security = match self.security {
            Security::None => "in the clear",
            Security::Opportunistic => "with STARTTLS if it is offered",
            Security::StartTls => "with STARTTLS",
            Security::Tls => "with TLS",
        };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        format!("{host}:{}, {security}", self.port)
    }

    /// Each mail has a connection of its own. Those of a pool take leave in a task that they spawn when they are dropped, and
    /// abort the process when that is after the runtime has ended.
    pub(super) fn transport(&self) -> Result<AsyncSmtpTransport<Tokio1Executor>, String> {
        let parameters = || TlsParameters::new(self.host.clone()).map_err(|error| error.to_string());
        let tls = match self.security {
            Security::None => Tls::None,
            Security::Opportunistic => Tls::Opportunistic(parameters()?),
            Security::StartTls => Tls::Required(parameters()?),
            Security::Tls => Tls::Wrapper(parameters()?),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&self.host)
            .port(self.port)
            .tls(tls)
            .timeout(Some(TIMEOUT));
        if let Some((name, password)) = self.credentials.clone() {
            builder = builder.credentials(Credentials::new(name, password));
        }
        Ok(builder.build())
    }
}

/// Whether what is sent to a host never leaves this machine.
fn is_this_machine(host: &str) -> bool {
    let is_loopback = host.parse::<std::net::IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
    is_loopback || host == "localhost"
}

/// Whether a URL names a mail server.
pub fn is_smtp_url(url: &str) -> bool {
    SmtpServer::parse(url).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(url: &str) -> (String, u16, Security, Option<(String, String)>) {
        let server = SmtpServer::parse(url).unwrap_or_else(|| panic!("{url} was refused"));
        (server.host, server.port, server.security, server.credentials)
    }

    fn credentials(url: &str) -> (String, String) {
        read(url).3.unwrap()
    }

    #[test]
    fn what_is_said_to_another_machine_is_encrypted_unless_the_url_says_otherwise() {
        let security = |url: &str| read(url).2;
        assert_eq!(security("smtp://mail.example.com"), Security::StartTls);
        assert_eq!(security("smtp://ann:secret@mail.example.com:25?tls=required"), Security::StartTls);
        assert_eq!(security("smtp://mail.example.com?tls=opportunistic"), Security::Opportunistic);
        assert_eq!(security("smtp://mail.example.com?tls=none"), Security::None);
        assert_eq!(security("smtps://mail.example.com"), Security::Tls);
        for local in ["localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "[::1]", "[::ffff:127.0.0.1]"] {
            assert_eq!(security(&format!("smtp://{local}:2525")), Security::Opportunistic, "{local}");
            assert_eq!(security(&format!("smtp://{local}?tls=required")), Security::StartTls, "{local}");
        }
        // Names that only begin like this machine's.
        for other in ["localhost.example.com", "127.example.com", "127.0.0.1.example.com", "[::2]"] {
            assert_eq!(security(&format!("smtp://{other}")), Security::StartTls, "{other}");
        }
        // Part of a password is no parameter.
        assert_eq!(security("smtp://ann:%3Ftls=none@mail.example.com"), Security::StartTls);
    }

    #[test]
    fn credentials_may_hold_any_character_once_it_is_escaped() {
        let pair = |name: &str, password: &str| (name.to_owned(), password.to_owned());
        assert_eq!(credentials("smtps://ann:secret@mail.example.com"), pair("ann", "secret"));
        assert_eq!(credentials("smtps://ann@example.com:secret@mail.example.com"), pair("ann@example.com", "secret"));
        assert_eq!(
            credentials("smtps://ann%40example.com:a%3Fb%2Fc%23d%25e%3Af@host"),
            pair("ann@example.com", "a?b/c#d%e:f")
        );
        assert_eq!(credentials("smtps://ann:p@ss@mail.example.com"), pair("ann", "p@ss"));
        assert_eq!(credentials("smtps://ann:p%C3%A4ss@mail.example.com"), pair("ann", "päss"));
        assert_eq!(read("smtp://mail.example.com").3, None);
    }

    #[test]
    fn a_port_that_is_not_said_is_the_usual_one() {
        let place = |url: &str| {
            let (host, port, ..) = read(url);
            (host, port)
        };
        let expected = |host: &str, port| (host.to_owned(), port);
        assert_eq!(place("smtp://Mail.Example.com"), expected("mail.example.com", 587));
        assert_eq!(place("smtps://mail.example.com/"), expected("mail.example.com", 465));
        assert_eq!(place("smtp://localhost"), expected("localhost", 25));
        assert_eq!(place("smtp://ann:secret@localhost"), expected("localhost", 587));
        assert_eq!(place("smtp://[2001:db8::1]:2525"), expected("2001:db8::1", 2525));
        assert_eq!(SmtpServer::parse("smtp://[2001:db8::1]").unwrap().describe(), "[2001:db8::1]:587, with STARTTLS");
    }

    #[test]
    fn a_url_that_could_mean_something_else_is_refused() {
        for url in [
            "smtp:",
            "smtp://",
            "smtp://:25",
            "smtp:mail.example.com",
            "http://mail.example.com",
            "smtp://mail.example.com:70000",
            "smtp://mail.example.com?tls=maybe",
            "smtp://mail.example.com?tls=",
            "smtp://mail.example.com?TLS=none",
            "smtp://mail.example.com?tls=none&tls=required",
            "smtp://mail.example.com?timeout=5",
            "smtps://mail.example.com?tls=none",
            "smtp://mail.example.com/inbox",
            "smtp://mail.example.com#x",
            // Passwords that were not escaped: a host named ann, and its port.
            "smtp://ann:25?secret@mail.example.com",
            "smtp://ann:25/secret@mail.example.com",
            "smtp://ann:25#secret@mail.example.com",
            "smtp://ann@mail.example.com",
            "smtp://:secret@mail.example.com",
        ] {
            assert!(SmtpServer::parse(url).is_none(), "{url}");
        }
    }
}
