//! What Reeve writes to people.

use std::time::Duration;

use crate::db::Timestamp;

/// A mail, apart from whom it goes to. What each says is in `locales/`, under its kind.
#[derive(Clone, Debug)]
pub enum Message {
    /// The account can be used.
    Welcome,
    /// Somebody tried to register with their address.
    AlreadyRegistered {
        /// Where they sign in.
        link: String,
    },
    /// Asks whether the address is theirs.
    VerifyEmail {
        /// Where they say so.
        link: String,
        /// How long the link is good.
        valid_for: Duration,
    },
    /// To those who may approve: somebody has registered.
    ApprovalAsked {
        /// Who.
        email: String,
        /// Where they are approved.
        link: String,
    },
    /// An administrator has let them in.
    ApprovalGiven,
    /// An administrator has made an account for them.
    Invitation {
        /// Where they choose a password.
        link: String,
        /// How long the link is good.
        valid_for: Duration,
    },
    /// Somebody asked for a new password.
    ResetPassword {
        /// Where they choose one.
        link: String,
        /// How long the link is good.
        valid_for: Duration,
    },
    /// The password is another one now.
    PasswordChanged,
    /// To the new address: asks whether it is theirs.
    ConfirmEmailChange {
        /// Where they say so.
        link: String,
        /// How long the link is good.
        valid_for: Duration,
    },
    /// To the old address: it is no longer that of the account.
    EmailChanged {
        /// What took its place.
        new_email: String,
    },
    /// Somebody signed in with a device that was not seen before.
    NewSignIn {
        /// What it is, in no words of its own.
        device: Option<String>,
        /// From where.
        address: Option<String>,
        /// When.
        at: Timestamp,
        /// Where the account's devices and sign-ins are seen.
        link: String,
    },
    /// There is a new API key for the account.
    ApiKeyCreated {
        /// What it is called.
        name: String,
        /// How it begins.
        prefix: String,
    },
    /// An account elsewhere signs in from now on.
    IdentityLinked {
        /// Where it is.
        provider: String,
    },
    /// A second factor was set up.
    SecondFactorAdded {
        /// Which.
        method: String,
    },
    /// A second factor was taken away.
    SecondFactorRemoved {
        /// Which.
        method: String,
    },
    /// There is a new passkey for the account.
    PasskeyAdded {
        /// What it is called.
        name: String,
    },
    /// A passkey was taken away.
    PasskeyRemoved {
        /// What it was called.
        name: String,
    },
    /// Too many wrong passwords.
    AccountLocked {
        /// Until when signing in is refused.
        until: Timestamp,
    },
    /// Few recovery codes are left.
    RecoveryCodesLow {
        /// How many.
        left: usize,
    },
    /// A code that is a second factor.
    EmailCode {
        /// The code.
        code: String,
        /// How long it is good.
        valid_for: Duration,
    },
    /// A link that signs in.
    MagicLink {
        /// Where it is redeemed.
        link: String,
        /// How long it is good.
        valid_for: Duration,
    },
    /// The account is gone.
    AccountDeleted,
    /// Shows whoever runs Reeve that mails arrive.
    Test,
}

/// What fills the gaps of a message's text.
pub(super) enum Value<'a> {
    Text(&'a str),
    Duration(Duration),
    Moment(Timestamp),
    Number(usize),
    /// Nobody knows.
    Unknown,
}

impl Message {
    /// By which it is known in the outbox and in the catalogues.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Welcome => "welcome",
            Self::AlreadyRegistered { .. } => "already_registered",
            Self::VerifyEmail { .. } => "verify_email",
            Self::ApprovalAsked { .. } => "approval_asked",
            Self::ApprovalGiven => "approval_given",
            Self::Invitation { .. } => "invitation",
            Self::ResetPassword { .. } => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::ConfirmEmailChange { .. } => "confirm_email_change",
            Self::EmailChanged { .. } => "email_changed",
            Self::NewSignIn { .. } => "new_sign_in",
            Self::ApiKeyCreated { .. } => "api_key_created",
            Self::IdentityLinked { .. } => "identity_linked",
            Self::SecondFactorAdded { .. } => "second_factor_added",
            Self::SecondFactorRemoved { .. } => "second_factor_removed",
            Self::PasskeyAdded { .. } => "passkey_added",
            Self::PasskeyRemoved { .. } => "passkey_removed",
            Self::AccountLocked { .. } => "account_locked",
            Self::RecoveryCodesLow { .. } => "recovery_codes_low",
            Self::EmailCode { .. } => "email_code",
            Self::MagicLink { .. } => "magic_link",
            Self::AccountDeleted => "account_deleted",
            Self::Test => "test",
        }
    }

    /// How long the link or the code in it is good, from when it was written.
    pub(super) fn valid_for(&self) -> Option<Duration> {
        match self {
            Self::VerifyEmail { valid_for, .. }
            | Self::Invitation { valid_for, .. }
            | Self::ResetPassword { valid_for, .. }
            | Self::ConfirmEmailChange { valid_for, .. }
            | Self::EmailCode { valid_for, .. }
            | Self::MagicLink { valid_for, .. } => Some(*valid_for),
            _ => None,
        }
    }

    /// Where its button leads.
    pub(super) fn link(&self) -> Option<&str> {
        match self {
            Self::AlreadyRegistered { link }
            | Self::VerifyEmail { link, .. }
            | Self::ApprovalAsked { link, .. }
            | Self::Invitation { link, .. }
            | Self::ResetPassword { link, .. }
            | Self::ConfirmEmailChange { link, .. }
            | Self::NewSignIn { link, .. }
            | Self::MagicLink { link, .. } => Some(link),
            _ => None,
        }
    }

    /// What fills the gaps, by their names.
    pub(super) fn values(&self) -> Vec<(&'static str, Value<'_>)> {
        match self {
            Self::Welcome
            | Self::AlreadyRegistered { .. }
            | Self::ApprovalGiven
            | Self::PasswordChanged
            | Self::AccountDeleted
            | Self::Test => vec![],
            Self::VerifyEmail { valid_for, .. }
            | Self::Invitation { valid_for, .. }
            | Self::ResetPassword { valid_for, .. }
            | Self::ConfirmEmailChange { valid_for, .. }
            | Self::MagicLink { valid_for, .. } => vec![("valid_for", Value::Duration(*valid_for))],
            Self::ApprovalAsked { email, .. } => vec![("email", Value::Text(email))],
            Self::EmailChanged { new_email } => vec![("new_email", Value::Text(new_email))],
            Self::NewSignIn { device, address, at, .. } => vec![
                ("device", device.as_deref().map_or(Value::Unknown, Value::Text)),
                ("address", address.as_deref().map_or(Value::Unknown, Value::Text)),
                ("at", Value::Moment(*at)),
            ],
            Self::ApiKeyCreated { name, prefix } => {
                vec![("key_name", Value::Text(name)), ("prefix", Value::Text(prefix))]
            }
            Self::IdentityLinked { provider } => vec![("provider", Value::Text(provider))],
            Self::SecondFactorAdded { method } | Self::SecondFactorRemoved { method } => {
                vec![("method", Value::Text(method))]
            }
            Self::PasskeyAdded { name } | Self::PasskeyRemoved { name } => vec![("passkey", Value::Text(name))],
            Self::AccountLocked { until } => vec![("until", Value::Moment(*until))],
            Self::RecoveryCodesLow { left } => vec![("left", Value::Number(*left))],
            Self::EmailCode { code, valid_for } => {
                vec![("code", Value::Text(code)), ("valid_for", Value::Duration(*valid_for))]
            }
        }
    }
}

/// One of each kind, for tests. A kind that is not among them does not compile.
#[cfg(test)]
pub(super) fn samples() -> Vec<Message> {
    use Message as M;

    let (link, valid_for) = (|| "https://reeve.example/page?token=t".to_owned(), Duration::from_secs(3_600));
    let (email, at) = (|| "ann@example.com".to_owned(), Timestamp::from_micros(0));
    let next = |message: Option<&Message>| {
        Some(match message {
            None => M::Welcome,
            Some(M::Welcome) => M::AlreadyRegistered { link: link() },
            Some(M::AlreadyRegistered { .. }) => M::VerifyEmail { link: link(), valid_for },
            Some(M::VerifyEmail { .. }) => M::ApprovalAsked { email: email(), link: link() },
            Some(M::ApprovalAsked { .. }) => M::ApprovalGiven,
            Some(M::ApprovalGiven) => M::Invitation { link: link(), valid_for },
            Some(M::Invitation { .. }) => M::ResetPassword { link: link(), valid_for },
            Some(M::ResetPassword { .. }) => M::PasswordChanged,
            Some(M::PasswordChanged) => M::ConfirmEmailChange { link: link(), valid_for },
            Some(M::ConfirmEmailChange { .. }) => M::EmailChanged { new_email: email() },
            Some(M::EmailChanged { .. }) => {
                M::NewSignIn { device: Some("Firefox".to_owned()), address: Some("::1".to_owned()), at, link: link() }
            }
            Some(M::NewSignIn { .. }) => {
                M::ApiKeyCreated { name: "Nightly report".to_owned(), prefix: "rv_4fGh7Kq2mX1z".to_owned() }
            }
            Some(M::ApiKeyCreated { .. }) => M::IdentityLinked { provider: "Example".to_owned() },
            Some(M::IdentityLinked { .. }) => M::SecondFactorAdded { method: "TOTP".to_owned() },
            Some(M::SecondFactorAdded { .. }) => M::SecondFactorRemoved { method: "TOTP".to_owned() },
            Some(M::SecondFactorRemoved { .. }) => M::PasskeyAdded { name: "Work laptop".to_owned() },
            Some(M::PasskeyAdded { .. }) => M::PasskeyRemoved { name: "Work laptop".to_owned() },
            Some(M::PasskeyRemoved { .. }) => M::AccountLocked { until: at },
            Some(M::AccountLocked { .. }) => M::RecoveryCodesLow { left: 2 },
            Some(M::RecoveryCodesLow { .. }) => M::EmailCode { code: "123456".to_owned(), valid_for },
            Some(M::EmailCode { .. }) => M::MagicLink { link: link(), valid_for },
            Some(M::MagicLink { .. }) => M::AccountDeleted,
            Some(M::AccountDeleted) => M::Test,
            Some(M::Test) => return None,
        })
    };
    std::iter::successors(next(None), |message| next(Some(message))).collect()
}
