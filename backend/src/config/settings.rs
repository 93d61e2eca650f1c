//! All settings, and how a document becomes them.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use lettre::message::Mailbox;
use secrecy::SecretString;

use super::choices::{EmailVerification, LogFormat, MailTransport, Registration};
use super::document::{ConfigError, Document};
use super::oidc::{self, OidcProvider};
use super::urls::{self, BreachCheckUrl, Origin};
use super::values;
use crate::crypto::sealing::WrappingKey;
use crate::db::DatabaseUrl;

/// Everything that can be configured. Each field stands for the key of the same name in `docs/operating.md`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Settings {
    pub listen: SocketAddr,
    /// Unset while `listen` is a loopback address: then it is `http://localhost:PORT`, and the port may not be known yet.
    pub public_url: Option<Origin>,
    pub database_url: DatabaseUrl,
    pub spa_dir: Option<PathBuf>,
    pub registration: Registration,
    pub trusted_proxies: Vec<IpNet>,
    pub cors_origins: Vec<Origin>,
    pub token: TokenSettings,
    pub session: SessionSettings,
    pub freshness_max_age: Duration,
    /// How long somebody may act in another's name at a stretch.
    pub impersonation_ttl: Duration,
    /// For how long a device that its user trusts needs no second factor.
    pub mfa_trust_ttl: Duration,
    /// For how long events of the audit trail are kept; unset: for ever.
    pub audit_retention: Option<Duration>,
    /// What passkeys are bound to; unset: the host of the public URL.
    pub passkeys_rp_id: Option<String>,
    pub lockout: LockoutSettings,
    pub limits: Limits,
    pub password: PasswordSettings,
    /// What wraps the keys that seal secrets in the store, the newest first; empty: they lie there as they are.
    pub secret_keys: Vec<WrappingKey>,
    pub mail: MailSettings,
    pub links: LinkSettings,
    /// Whether people can sign in by a mailed link.
    pub magic_link: bool,
    /// Whom people can sign in with (OpenID Connect), by name.
    pub oidc: Vec<OidcProvider>,
    pub email_verification: EmailVerification,
    /// What the product calls itself, on screens and in mails.
    pub product_name: String,
    pub bootstrap: Option<Bootstrap>,
    pub log_format: LogFormat,
    pub log_level: tracing::Level,
}

/// Access tokens (RFC 9068).
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct TokenSettings {
    /// Unset: the public URL.
    pub issuer: Option<String>,
    pub audience: String,
    pub access_ttl: Duration,
}

/// How long a session lives.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct SessionSettings {
    pub idle_ttl: Duration,
    pub absolute_ttl: Duration,
    pub remember_ttl: Duration,
    pub refresh_grace: Duration,
}

/// How many wrong passwords there may be before one has to wait.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct LockoutSettings {
    pub max_failures: u32,
    pub window: Duration,
}

/// Bounds on what one request or all of them together may take.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Limits {
    pub body_bytes: usize,
    pub import_bytes: usize,
    pub connections: usize,
}

/// The rules for new passwords and the cost of hashing them (argon2id).
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct PasswordSettings {
    pub min_length: usize,
    /// The least score of zxcvbn, from 0 to 4.
    pub min_strength: u8,
    /// How many former passwords nobody may choose again; 0: any.
    pub history: u8,
    /// Whom to ask for breached passwords; unset: nobody.
    pub breach_check_url: Option<BreachCheckUrl>,
    pub memory_kib: u32,
    pub iterations: u32,
    pub parallelism: u32,
}

/// How mails leave.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct MailSettings {
    pub transport: MailTransport,
    /// Whom mails come from; unset: Reeve at the host of the public URL.
    pub from: Option<Mailbox>,
}

/// How long mailed links are good.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct LinkSettings {
    pub verify_ttl: Duration,
    pub reset_ttl: Duration,
    pub email_change_ttl: Duration,
    pub invitation_ttl: Duration,
    pub magic_link_ttl: Duration,
}

/// The administrator that the first start on an empty store creates.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Bootstrap {
    pub email: String,
    pub password: SecretString,
}

impl Settings {
    /// Makes the settings of a document, and refuses it whole if one key is unknown or has a wrong value.
    pub fn from_document(document: &Document) -> Result<Self, ConfigError> {
        document.refuse_unknown_keys()?;
        let listen: SocketAddr = document.read("listen", values::address)?;
        let public_url: Option<Origin> = document.read_optional("public_url", Origin::parse)?;
        if public_url.is_none() && !is_loopback(listen.ip()) {
            return Err(ConfigError::missing(
                "public_url",
                "an address like https://admin.example.com, because listen is not a loopback address",
            ));
        }
        let passkeys_rp_id = document.read_optional("passkeys.rp_id", |text| {
            let origin = public_url.clone().unwrap_or_else(|| Origin::localhost(listen.port()));
            values::relying_party_id(text, &origin)
        })?;
        let mail_transport = document.read("mail.url", MailTransport::parse)?;
        let memory_kib = document.read("password.memory_kib", values::at_least::<7_168>)?;
        let iterations = document.read("password.iterations", values::at_least::<1>)?;
        let parallelism = document.read("password.parallelism", values::at_least::<1>)?;
        Ok(Self {
            listen,
            public_url,
            database_url: document.read("database_url", DatabaseUrl::parse)?,
            spa_dir: document.read_optional("spa_dir", values::existing_directory)?,
            registration: document.read("registration", Registration::parse)?,
            trusted_proxies: document.read("trusted_proxies", values::list(values::network))?,
            cors_origins: document.read("cors.origins", values::list(Origin::parse))?,
            token: TokenSettings {
                issuer: document.read_optional("token.issuer", values::not_empty)?,
                audience: document.read("token.audience", values::not_empty)?,
                access_ttl: document.read("token.access_ttl", values::duration)?,
            },
            session: SessionSettings {
                idle_ttl: document.read("session.idle_ttl", values::duration)?,
                absolute_ttl: document.read("session.absolute_ttl", values::duration)?,
                remember_ttl: document.read("session.remember_ttl", values::duration)?,
                refresh_grace: document.read("session.refresh_grace", values::duration)?,
            },
            freshness_max_age: document.read("freshness.max_age", values::duration)?,
            impersonation_ttl: document.read("impersonation.ttl", values::half_an_hour_at_most)?,
            mfa_trust_ttl: document.read("mfa.trust_ttl", values::duration)?,
            audit_retention: document.read_optional("audit.retention", values::retention)?,
            passkeys_rp_id,
            lockout: LockoutSettings {
                max_failures: document.read("lockout.max_failures", values::failures)?,
                window: document.read("lockout.window", values::duration)?,
            },
            limits: Limits {
                body_bytes: document.read("limits.body_bytes", values::size)?,
                import_bytes: document.read("limits.import_bytes", values::size)?,
                connections: document.read("limits.connections", values::size)?,
            },
            password: PasswordSettings {
                min_length: document.read("password.min_length", values::password_length)?,
                min_strength: document.read("password.min_strength", values::at_most::<4>)?,
                history: document.read("password.history", values::at_most::<24>)?,
                breach_check_url: document.read_optional("password.breach_check_url", BreachCheckUrl::parse)?,
                memory_kib,
                iterations,
                parallelism,
            },
            secret_keys: document.read("secret_key", values::list(values::secret_key))?,
            email_verification: match document.read_optional("email_verification", EmailVerification::parse)? {
                Some(verification) => verification,
                // Nobody could follow a link that is only printed.
                None if matches!(mail_transport, MailTransport::Log) => EmailVerification::Optional,
                None => EmailVerification::Required,
            },
            links: LinkSettings {
                verify_ttl: document.read("links.verify_ttl", values::duration)?,
                reset_ttl: document.read("links.reset_ttl", values::duration)?,
                email_change_ttl: document.read("links.email_change_ttl", values::duration)?,
                invitation_ttl: document.read("links.invitation_ttl", values::duration)?,
                magic_link_ttl: document.read("links.magic_link_ttl", values::duration)?,
            },
            magic_link: document.read("magic_link", values::truth)?,
            oidc: oidc::read(document)?,
            mail: MailSettings {
                transport: mail_transport,
                from: document.read_optional("mail.from", values::mailbox)?,
            },
            product_name: document.read("branding.product_name", values::product_name)?,
            bootstrap: read_bootstrap(document)?,
            log_format: document.read("log.format", LogFormat::parse)?,
            log_level: document.read("log.level", values::level)?,
        })
    }

    /// What passkeys are bound to (Web Authentication, section 4: RP ID); `None` where Reeve is reached by an IP address.
    pub fn relying_party_id(&self, public_url: &Origin) -> Option<String> {
        let host = public_url.host();
        self.passkeys_rp_id.clone().or_else(|| (!urls::is_address(host)).then(|| host.to_owned()))
    }

    /// Where people and links reach Reeve, once the port is known.
    pub fn public_origin(&self, port: u16) -> Origin {
        self.public_url.clone().unwrap_or_else(|| Origin::localhost(port))
    }
}

fn read_bootstrap(document: &Document) -> Result<Option<Bootstrap>, ConfigError> {
    let email = document.read_optional("bootstrap.email", values::not_empty)?;
    let password = document.read_optional("bootstrap.password", values::not_empty)?;
    match (email, password) {
        (Some(email), Some(password)) => Ok(Some(Bootstrap { email, password: password.into() })),
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err(ConfigError::missing("bootstrap.password", "a password, because bootstrap.email is set"))
        }
        (None, Some(_)) => Err(ConfigError::missing("bootstrap.email", "an email, because bootstrap.password is set")),
    }
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(toml: &str, environment: &[(&str, &str)]) -> Result<Settings, ConfigError> {
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Document::read_all(Some(("reeve.toml", toml)), environment)
            .and_then(|document| Settings::from_document(&document))
    }

    #[test]
    fn defaults_are_enough_to_start() {
        let settings = settings("", &[]).unwrap();
        assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.public_origin(8080).as_str(), "http://localhost:8080");
        assert_eq!(settings.session.idle_ttl, Duration::from_secs(7 * 86_400));
    }

    #[test]
    fn the_environment_overrides_the_file() {
        let settings = settings("[token]\naccess_ttl = \"5m\"", &[("REEVE_TOKEN__ACCESS_TTL", "90s")]).unwrap();
        assert_eq!(settings.token.access_ttl, Duration::from_secs(90));
    }

    #[test]
    fn a_misspelt_key_stops_the_start_and_the_message_names_it() {
        let message = settings("[token]\nacess_ttl = \"5m\"", &[]).unwrap_err().to_string();
        assert!(message.contains("token.acess_ttl") && message.contains("token.access_ttl"), "{message}");
        let message = settings("", &[("REEVE_LISTEM", "x")]).unwrap_err().to_string();
        assert!(message.contains("REEVE_LISTEM") && message.contains("listen"), "{message}");
    }

    #[test]
    fn a_wrong_value_stops_the_start_and_the_message_says_what_is_accepted() {
        let message = settings("", &[("REEVE_REGISTRATION", "maybe")]).unwrap_err().to_string();
        assert!(
            message.contains("registration") && message.contains("maybe") && message.contains("approval"),
            "{message}"
        );
    }

    #[test]
    fn a_secret_is_never_in_the_message_about_it() {
        let message = settings("", &[("REEVE_DATABASE_URL", "mysql://root:hunter2@db")]).unwrap_err().to_string();
        assert!(!message.contains("hunter2"), "{message}");
    }

    #[test]
    fn a_product_name_is_one_line_of_sixty_characters_at_most() {
        let named = |name: &str| settings("", &[("REEVE_BRANDING__PRODUCT_NAME", name)]).map(|set| set.product_name);
        assert_eq!(settings("", &[]).unwrap().product_name, "Reeve");
        assert_eq!(named(" Gate & Söhne ").unwrap(), "Gate & Söhne");
        assert!(named(&"ä".repeat(60)).is_ok());
        for name in ["", "  ", &"a".repeat(61), "a\nb", "a\u{0}b", "a\u{85}b"] {
            assert!(named(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn the_rules_for_passwords_are_bounded_and_breaches_are_asked_for_in_private() {
        let with = |key: &str, value: &str| settings("", &[(key, value)]).map(|set| set.password);
        let defaults = settings("", &[]).unwrap().password;
        assert_eq!((defaults.min_strength, defaults.history, defaults.breach_check_url), (3, 0, None));
        assert_eq!(with("REEVE_PASSWORD__MIN_STRENGTH", "4").unwrap().min_strength, 4);
        assert_eq!(with("REEVE_PASSWORD__HISTORY", "24").unwrap().history, 24);
        for (key, value) in [("MIN_STRENGTH", "5"), ("MIN_STRENGTH", "-1"), ("HISTORY", "25"), ("HISTORY", "all")] {
            assert!(with(&format!("REEVE_PASSWORD__{key}"), value).is_err(), "{key} {value}");
        }
        let url = |value: &str| with("REEVE_PASSWORD__BREACH_CHECK_URL", value).map(|set| set.breach_check_url);
        for (given, used) in [
            ("https://api.pwnedpasswords.com/range/", "https://api.pwnedpasswords.com/range/"),
            ("https://breaches.example.com", "https://breaches.example.com/"),
            ("http://127.0.0.1:9000/range", "http://127.0.0.1:9000/range/"),
            ("http://[::1]:9000", "http://[::1]:9000/"),
        ] {
            assert_eq!(url(given).unwrap().unwrap().as_str(), used);
        }
        for value in [
            "",
            "api.pwnedpasswords.com",
            "http://api.pwnedpasswords.com/range/",
            "http://localhost.example.com/",
            "ftp://localhost/",
            "https://a.example/?range=",
            "https://a.example/#x",
            "https://ann:secret@a.example/",
        ] {
            assert!(url(value).is_err(), "{value}");
        }
    }

    #[test]
    fn nobody_acts_in_anothers_name_for_more_than_half_an_hour() {
        let ttl = |value: &str| settings("", &[("REEVE_IMPERSONATION__TTL", value)]).map(|set| set.impersonation_ttl);
        assert_eq!(settings("", &[]).unwrap().impersonation_ttl, Duration::from_secs(1_800));
        assert_eq!(ttl("5m").unwrap(), Duration::from_secs(300));
        for value in ["31m", "1h", "0s", ""] {
            assert!(ttl(value).is_err(), "{value}");
        }
    }

    #[test]
    fn passkeys_are_bound_to_a_name_that_reeve_is_reached_by() {
        let id = |url: &str, given: Option<&str>| {
            let mut variables = vec![("REEVE_PUBLIC_URL", url)];
            variables.extend(given.map(|given| ("REEVE_PASSKEYS__RP_ID", given)));
            settings("", &variables).map(|set| set.relying_party_id(&set.public_origin(0)))
        };
        assert_eq!(id("https://admin.example.com:8443", None).unwrap().as_deref(), Some("admin.example.com"));
        assert_eq!(id("https://admin.example.com", Some("Example.com")).unwrap().as_deref(), Some("example.com"));
        assert_eq!(id("https://192.0.2.1", None).unwrap(), None);
        assert_eq!(id("https://[2001:db8::1]:8443", None).unwrap(), None);
        assert_eq!(settings("", &[]).unwrap().relying_party_id(&Origin::localhost(80)).as_deref(), Some("localhost"));
        for (url, given) in [
            ("https://admin.example.com", "example.org"),
            ("https://admin.example.com", "min.example.com"),
            ("https://admin.example.com", "www.admin.example.com"),
            ("https://admin.example.com", ""),
            ("https://192.0.2.1", "192.0.2.1"),
            ("https://192.0.2.1", "2.1"),
        ] {
            assert!(id(url, Some(given)).is_err(), "{given} of {url}");
        }
    }

    #[test]
    fn any_origin_is_refused_for_cross_origin_credentials() {
        assert!(settings("", &[("REEVE_CORS__ORIGINS", "*")]).is_err());
    }

    #[test]
    fn a_public_listener_needs_a_public_url() {
        assert!(settings("", &[("REEVE_LISTEN", "0.0.0.0:80")]).is_err());
        assert!(settings("", &[("REEVE_LISTEN", "0.0.0.0:80"), ("REEVE_PUBLIC_URL", "https://a.example")]).is_ok());
    }
}
