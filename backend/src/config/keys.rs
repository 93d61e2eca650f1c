//! The one table of keys: what is accepted, and what holds when nothing is said.

/// One key of the configuration.
#[derive(Debug)]
pub struct Key {
    /// Its name in the file, with `.` between levels; `*` stands for a name that whoever configures it chooses.
    pub name: &'static str,
    /// What holds when it is not set; `None`: unset.
    pub default: Option<&'static str>,
    /// What is accepted, for messages.
    pub accepted: &'static str,
    /// Whether the value must never be shown.
    pub secret: bool,
}

impl Key {
    /// The environment variable that overrides the file.
    pub fn variable(&self) -> String {
        format!("REEVE_{}", self.name.replace('.', "__").to_uppercase())
    }

    /// Whether this is the key of that name.
    pub(super) fn is_called(&self, name: &str) -> bool {
        match self.name.split_once('*') {
            Some((before, after)) => {
                let chosen = name.strip_prefix(before).and_then(|rest| rest.strip_suffix(after));
                chosen.is_some_and(is_chosen_name)
            }
            None => self.name == name,
        }
    }
}

const fn key(name: &'static str, default: &'static str, accepted: &'static str) -> Key {
    Key { name, default: Some(default), accepted, secret: false }
}

const fn unset(name: &'static str, accepted: &'static str) -> Key {
    Key { name, default: None, accepted, secret: false }
}

/// Names become parts of paths and of variables: lower-case letters, digits, and `_` between them.
pub(super) fn is_chosen_name(name: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    name.len() <= 32
        && name.starts_with(|letter: char| letter.is_ascii_lowercase())
        && name.chars().all(allowed)
        && !name.contains("__")
        && !name.ends_with('_')
}

const DURATION: &str = "a duration like 30s, 10m, 12h or 7d";
const TRUTH: &str = "true or false";
const SIZE: &str = "a positive whole number";

/// Every key there is.
pub static KEYS: &[Key] = &[
    key("listen", "127.0.0.1:8080", "an IP address and a port, like 127.0.0.1:8080 (port 0: any free one)"),
    unset("public_url", "an http or https address without a path, like https://admin.example.com"),
    Key {
        secret: true,
        ..key("database_url", "sqlite://reeve.db", "sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME")
    },
    unset("spa_dir", "a directory that holds the built single-page application"),
    key("registration", "approval", "approval, open, invite or closed"),
    key("trusted_proxies", "", "IP addresses or networks like 10.0.0.0/8, comma-separated"),
    key("cors.origins", "", "origins like https://app.example.com, comma-separated; * is refused"),
    unset("token.issuer", "a text, usually the public address"),
    key("token.audience", "reeve", "a text"),
    key("token.access_ttl", "10m", DURATION),
    key("session.idle_ttl", "7d", DURATION),
    key("session.absolute_ttl", "30d", DURATION),
    key("session.remember_ttl", "90d", DURATION),
    key("session.refresh_grace", "30s", DURATION),
    key("freshness.max_age", "15m", DURATION),
    key("impersonation.ttl", "30m", "a duration of at most 30m"),
    key("mfa.trust_ttl", "30d", DURATION),
    unset("audit.retention", "a duration of at least 7d, like 400d"),
    unset("passkeys.rp_id", "a host name that public_url is, or lies under, like example.com"),
    key("lockout.max_failures", "5", "a whole number from 1 to 1000"),
    key("lockout.window", "15m", DURATION),
    key("limits.body_bytes", "1048576", SIZE),
    key("limits.import_bytes", "104857600", SIZE),
    key("limits.connections", "10000", SIZE),
    key("password.min_length", "12", "a whole number from 8 to 128"),
    key("password.min_strength", "3", "a whole number from 0 (anything) to 4"),
    key("password.history", "0", "a whole number from 0 (none) to 24"),
    unset("password.breach_check_url", "an https address, like https://api.pwnedpasswords.com/range/"),
    key("password.memory_kib", "19456", "a whole number of at least 7168"),
    key("password.iterations", "2", "a whole number of at least 1"),
    key("password.parallelism", "1", "a whole number of at least 1"),
    key("links.verify_ttl", "2d", DURATION),
    key("links.reset_ttl", "1h", DURATION),
    key("links.email_change_ttl", "2h", DURATION),
    key("links.invitation_ttl", "7d", DURATION),
    key("links.magic_link_ttl", "10m", DURATION),
    key("magic_link", "false", TRUTH),
    unset("oidc.*.issuer", "an https address, like https://login.example.com (http on this very machine)"),
    unset("oidc.*.label", "a text of 1 to 60 characters, on one line"),
    unset("oidc.*.client_id", "a text"),
    Key { secret: true, ..unset("oidc.*.client_secret", "a text") },
    key("oidc.*.scopes", "openid, email, profile", "names of scopes, comma-separated, openid among them"),
    key("oidc.*.provisioning", "false", TRUTH),
    key("oidc.*.default_roles", "", "names of roles, comma-separated"),
    unset("oidc.*.roles_claim", "the name of a claim"),
    key("oidc.*.roles", "", "pairs like VALUE=ROLE, comma-separated"),
    unset("email_verification", "required or optional"),
    Key {
        secret: true,
        ..key(
            "secret_key",
            "",
            "texts of at least 32 characters, comma-separated, the newest first (openssl rand -base64 32)",
        )
    },
    Key { secret: true, ..key("mail.url", "log:", "log:, file:DIRECTORY, smtp://HOST or smtps://USER:PASSWORD@HOST") },
    unset("mail.from", "an address, like Reeve <no-reply@example.com>"),
    key("branding.product_name", "Reeve", "a text of 1 to 60 characters, on one line"),
    unset("bootstrap.email", "an email address"),
    Key { secret: true, ..unset("bootstrap.password", "a password") },
    key("log.format", "text", "text or json"),
    key("log.level", "info", "error, warn, info, debug or trace"),
];
