//! Tokens that are good once, for one purpose, for a while: those of mailed links, and challenges between two steps of a sign-in.

use std::time::Duration;

use uuid::Uuid;

use super::queries;
use crate::config::LinkSettings;
use crate::crypto::opaque_token::OpaqueToken;
use crate::db::{DbConnection, Timestamp};
use crate::problem::{Code, Problem};

/// What a token is good for. None is good for anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To create the first administrator.
    SetUp,
    /// To prove the second factor that signing in asks for.
    SecondFactor,
    /// The code of a second factor that was mailed.
    EmailCode,
    /// To change the password that signing in asked to change.
    PasswordChangeRequired,
    /// To show that an address is one's own.
    VerifyEmail,
    /// To choose a new password.
    ResetPassword,
    /// To put another address in the place of the present one.
    ChangeEmail,
    /// To choose the first password.
    AcceptInvitation,
    /// To sign in without a password.
    MagicLink,
    /// To sign in as whom a provider has named.
    OidcCode,
}

impl Purpose {
    /// As the store keeps it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::SetUp => "setup",
            Self::SecondFactor => "second_factor",
            Self::EmailCode => "email_code",
            Self::PasswordChangeRequired => "password_change_required",
            Self::VerifyEmail => "verify_email",
            Self::ResetPassword => "reset_password",
            Self::ChangeEmail => "change_email",
            Self::AcceptInvitation => "accept_invitation",
            Self::MagicLink => "magic_link",
            Self::OidcCode => "oidc_code",
        }
    }

    /// For how long a token is good.
    pub(super) fn lifetime(self, links: &LinkSettings) -> Duration {
        match self {
            Self::SetUp => Duration::from_secs(86_400),
            Self::OidcCode => Duration::from_secs(60),
            Self::SecondFactor | Self::EmailCode | Self::PasswordChangeRequired => Duration::from_secs(600),
            Self::VerifyEmail => links.verify_ttl,
            Self::ResetPassword => links.reset_ttl,
            Self::ChangeEmail => links.email_change_ttl,
            Self::AcceptInvitation => links.invitation_ttl,
            Self::MagicLink => links.magic_link_ttl,
        }
    }
}

/// Whose a token is, and what it is about.
pub(super) struct Holder {
    pub(super) user_id: Uuid,
    /// The address that it was sent to, or that it is to bring.
    pub(super) subject: Option<String>,
}

/// A new token of a user, and the end of any other of theirs for the same purpose: the newest link alone is good.
pub(super) fn issue(
    connection: &mut DbConnection,
    purpose: Purpose,
    user_id: Uuid,
    subject: Option<&str>,
    links: &LinkSettings,
    now: Timestamp,
) -> Result<OpaqueToken, Problem> {
    let token = OpaqueToken::generate();
    queries::void_tokens(connection, user_id, &[purpose])?;
    queries::insert_token(
        connection,
        &token.hash(),
        purpose,
        user_id,
        subject,
        now,
        now.plus(purpose.lifetime(links)),
    )?;
    Ok(token)
}

/// Whose a token is, without using it: for what has to be known before an expensive step.
///
/// # Errors
/// `invalid_token`.
pub(super) fn look_up(
    connection: &mut DbConnection,
    purpose: Purpose,
    hash: &str,
    now: Timestamp,
) -> Result<Holder, Problem> {
    let found = queries::holder_of_token(connection, hash, purpose, now)?;
    found.ok_or_else(|| Problem::new(Code::InvalidToken))
}

/// Uses a token. Of two who try at once, one succeeds.
///
/// # Errors
/// `invalid_token`.
pub(super) fn redeem(
    connection: &mut DbConnection,
    purpose: Purpose,
    hash: &str,
    now: Timestamp,
) -> Result<Holder, Problem> {
    let holder = look_up(connection, purpose, hash, now)?;
    if queries::use_token(connection, hash, purpose, now)? { Ok(holder) } else { Err(Problem::new(Code::InvalidToken)) }
}
