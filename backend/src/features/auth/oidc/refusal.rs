//! Why somebody who comes back from a provider is not let in. They come by a navigation, so that there is no problem to
//! answer: the page that they are sent to is told one of these codes, and nothing that the provider says.

/// The reason, by a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// They were away too long, come back twice, or in another browser.
    Expired,
    /// They did not agree, at the provider.
    Declined,
    /// The provider can't be reached.
    Unavailable,
    /// The provider refuses, or must not be believed.
    Failed,
    /// Nobody here is linked to whom the provider names.
    Unknown,
    /// The provider does not say that the address is theirs.
    EmailUnverified,
    /// Somebody here has the address, and has not linked it.
    NotLinked,
    /// Somebody else is linked to it.
    Taken,
    /// Whoever it is may not sign in.
    NotAdmitted,
}

impl Refusal {
    /// As pages and the audit trail know it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Expired => "oidc_expired",
            Self::Declined => "oidc_declined",
            Self::Unavailable => "oidc_unavailable",
            Self::Failed => "oidc_failed",
            Self::Unknown => "identity_unknown",
            Self::EmailUnverified => "identity_email_unverified",
            Self::NotLinked => "identity_not_linked",
            Self::Taken => "identity_taken",
            Self::NotAdmitted => "not_admitted",
        }
    }
}

impl From<&crate::oidc::Failure> for Refusal {
    fn from(failure: &crate::oidc::Failure) -> Self {
        match failure {
            crate::oidc::Failure::Unavailable(_) => Self::Unavailable,
            crate::oidc::Failure::Refused(_)
            | crate::oidc::Failure::Untrusted(_)
            | crate::oidc::Failure::OtherSubject => Self::Failed,
        }
    }
}
