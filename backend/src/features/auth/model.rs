//! The bodies of signing in.

use serde::Serialize;
use utoipa::ToSchema;

use super::fields::{Identifier, PresentedToken, RefreshDelivery};
use super::password_policy::EnteredPassword;
use crate::features::mfa::Method;
use crate::features::passkeys::{Assertion, CeremonyToken};
use crate::features::users::{DisplayName, Email, User, Username};
use crate::request_body;

request_body! {
    /// Who wants an account.
    pub(super) struct Registration {
        /// The address that will identify the user.
        email: Email,
        /// The password to sign in with.
        password: EnteredPassword,
        /// A second name to sign in by.
        username: Option<Username>,
        /// How the user is called on screens.
        display_name: Option<DisplayName>,
    }
}

request_body! {
    /// Credentials.
    pub(super) struct Login {
        /// Email or username.
        identifier: Identifier,
        /// The password.
        password: EnteredPassword,
        /// How the refresh token is to be delivered; `body` if nothing is said.
        refresh: Option<RefreshDelivery>,
        /// Whether the session outlives the browser.
        remember: Option<bool>,
    }
}

request_body! {
    /// The refresh token, unless it is in the cookie.
    pub(super) struct Renewal {
        /// The token.
        refresh_token: Option<PresentedToken>,
    }
}

request_body! {
    /// The sign-in that is to go on.
    pub(super) struct ChallengeBody {
        /// What signing in answered.
        challenge: PresentedToken,
    }
}

request_body! {
    /// Who wants to sign in by a passkey.
    pub(super) struct PasskeyOptionsRequest {
        /// Taken, and of no influence: the answer is the same for everybody.
        identifier: Option<Identifier>,
    }
}

request_body! {
    /// What a passkey answered.
    pub(super) struct PasskeyLogin {
        /// What the options came with.
        ceremony: CeremonyToken,
        /// What the authenticator answered.
        credential: Assertion,
        /// How the refresh token is to be delivered; `body` if nothing is said.
        refresh: Option<RefreshDelivery>,
        /// Whether the session outlives the browser.
        remember: Option<bool>,
    }
}

request_body! {
    /// A change of one's own password.
    pub(super) struct PasswordChange {
        /// The present password.
        current_password: EnteredPassword,
        /// The password from now on.
        new_password: EnteredPassword,
    }
}

request_body! {
    /// The new password that signing in asked for.
    pub(super) struct RequiredPasswordChange {
        /// What signing in answered.
        challenge: PresentedToken,
        /// The password from now on.
        new_password: EnteredPassword,
        /// How the refresh token is to be delivered; `body` if nothing is said.
        refresh: Option<RefreshDelivery>,
    }
}

request_body! {
    /// The first administrator.
    pub(super) struct SetUp {
        /// The token of the link that the first start prints.
        token: PresentedToken,
        /// The administrator's address.
        email: Email,
        /// The administrator's password.
        password: EnteredPassword,
        /// How the refresh token is to be delivered; `body` if nothing is said.
        refresh: Option<RefreshDelivery>,
    }
}

request_body! {
    /// An address to which a link is to be mailed.
    pub(super) struct LinkRequestBody {
        /// The address.
        email: Email,
    }
}

request_body! {
    /// The token of a mailed link.
    pub(super) struct LinkToken {
        /// The token.
        token: PresentedToken,
    }
}

request_body! {
    /// The token of a mailed link that signs in.
    pub(super) struct MagicLinkToken {
        /// The token.
        token: PresentedToken,
        /// How the refresh token is to be delivered; `body` if nothing is said.
        refresh: Option<RefreshDelivery>,
    }
}

request_body! {
    /// What the way back from a provider ended with.
    pub(super) struct OidcCode {
        /// The code.
        code: PresentedToken,
        /// How the refresh token is to be delivered; `body` if nothing is said.
        refresh: Option<RefreshDelivery>,
    }
}

request_body! {
    /// Where an account is that is to be linked.
    #[schema(example = json!({"provider": "corporate"}))]
    pub(super) struct IdentityLink {
        /// The provider, as `GET /config` names it.
        provider: String,
    }
}

/// Where an account elsewhere is linked.
#[derive(Serialize, ToSchema)]
pub(super) struct IdentityLinkAnswer {
    /// Where the browser has to go.
    #[schema(examples("https://login.example.com/authorize?client_id=reeve"))]
    pub(super) url: String,
}

request_body! {
    /// A new password, for the token of a mailed link.
    pub(super) struct PasswordReset {
        /// The token.
        token: PresentedToken,
        /// The password from now on.
        password: EnteredPassword,
    }
}

request_body! {
    /// The address that is to take the place of the present one.
    pub(super) struct EmailChange {
        /// The new address.
        email: Email,
    }
}

request_body! {
    /// The first password of an account that an administrator has made.
    pub(super) struct InvitationAcceptance {
        /// The token of the invitation.
        token: PresentedToken,
        /// The password to sign in with.
        password: EnteredPassword,
        /// A second name to sign in by, in the place of the one that was given.
        username: Option<Username>,
        /// How the user is called on screens, in the place of what was given.
        display_name: Option<DisplayName>,
        /// How the refresh token is to be delivered; `body` if nothing is said.
        refresh: Option<RefreshDelivery>,
    }
}

/// What became of a registration: the same whether the address was taken or not.
#[derive(Serialize, ToSchema)]
pub(super) struct RegistrationAnswer {
    /// What comes next.
    pub(super) status: RegistrationStatus,
}

/// What comes next after registering.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum RegistrationStatus {
    /// An administrator has to let the user in.
    PendingApproval,
    /// The user has to show that the address is theirs, by the link that was mailed.
    CheckEmail,
    /// The user can sign in.
    Registered,
}

/// What signing in led to.
#[derive(Serialize, ToSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
#[schema(as = SignIn)]
pub(super) enum SignInAnswer {
    /// The user is signed in.
    Ok {
        /// What requests carry as `Authorization: Bearer`.
        #[schema(examples("eyJ0eXAiOiJhdCtqd3QiLCJhbGciOiJFZERTQSJ9.e30.c2ln"))]
        access_token: String,
        /// `Bearer`.
        #[schema(examples("Bearer"))]
        token_type: &'static str,
        /// After how many seconds the access token is refused.
        #[schema(examples(600))]
        expires_in: u64,
        /// What renews the access token, unless it is in the cookie.
        #[serde(skip_serializing_if = "Option::is_none")]
        refresh_token: Option<String>,
        /// Who is signed in.
        user: Box<User>,
    },
    /// The password is right, but a second factor has to be proved first.
    MfaRequired {
        /// What `/auth/mfa` takes.
        challenge: String,
        /// By what it can be proved.
        #[schema(examples(json!(["totp", "recovery_code"])))]
        methods: Vec<Method>,
    },
    /// The password is right, but has to be changed first.
    PasswordChangeRequired {
        /// What `/auth/password/change-required` takes.
        challenge: String,
    },
}
