//! The table of codes: what each is on the wire, its status and its title.

macro_rules! codes {
    ($($variant:ident = $code:literal, $status:literal, $title:literal;)*) => {
        /// A stable, machine-readable reason; its status and title stand beside it in one table.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs)]
        pub enum Code { $($variant),* }

        impl Code {
            /// Every code there is.
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            /// The code on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code),* }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Code::$variant => $status),* }
            }

            /// What it means, in a few words that never change.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$variant => $title),* }
            }
        }
    };
}

codes! {
    InvalidJson = "invalid_json", 400, "The body is not JSON";
    InvalidRequest = "invalid_request", 400, "The request is malformed";
    InvalidLimit = "invalid_limit", 400, "The limit is out of range";
    InvalidCursor = "invalid_cursor", 400, "The cursor is not one of this list";
    InvalidPage = "invalid_page", 400, "The page is not a positive number";
    InvalidFilter = "invalid_filter", 400, "The filter can't be applied";
    InvalidSort = "invalid_sort", 400, "The sort order can't be applied";
    InvalidParameter = "invalid_parameter", 400, "A query parameter is unknown or has a wrong value";
    InvalidToken = "invalid_token", 400, "The link is invalid, used or expired";
    Unauthenticated = "unauthenticated", 401, "Sign in first";
    InvalidCredentials = "invalid_credentials", 401, "The name or password is wrong";
    InvalidRefreshToken = "invalid_refresh_token", 401, "The session has ended";
    RefreshTokenReused = "refresh_token_reused", 401, "The refresh token was used before";
    SecondFactorUnavailable = "second_factor_unavailable", 403, "Sign in with your password: a role of yours asks for more than a link by mail";
    ReauthenticationRequired = "reauthentication_required", 401, "Prove once more that it is you";
    PermissionDenied = "permission_denied", 403, "Your permissions don't cover this";
    PrivilegeEscalation = "privilege_escalation", 403, "This exceeds your own permissions";
    ImpersonationRefused = "impersonation_refused", 403, "Not while acting in somebody's name, or not in theirs";
    OriginRefused = "origin_refused", 403, "The request comes from a foreign page";
    RegistrationClosed = "registration_closed", 403, "Registration is closed";
    NotFound = "not_found", 404, "There is no such thing";
    MethodNotAllowed = "method_not_allowed", 405, "The method is not allowed here";
    Conflict = "conflict", 409, "The change conflicts with the present state";
    EmailTaken = "email_taken", 409, "The email is taken";
    UsernameTaken = "username_taken", 409, "The username is taken";
    RoleNameTaken = "role_name_taken", 409, "The role's name is taken";
    ProtectedRole = "protected_role", 409, "The role is built in";
    NoLinkAwaited = "no_link_awaited", 409, "This user waits for no link";
    LastSignInMethod = "last_sign_in_method", 409, "Nothing would be left to sign in by";
    LastAdmin = "last_admin", 409, "The last active administrator must stay";
    TotpAlreadyEnabled = "totp_already_enabled", 409, "An authenticator is set up already";
    TotpNotOffered = "totp_not_offered", 409, "No authenticator waits to be confirmed";
    MfaNotEnabled = "mfa_not_enabled", 409, "No second factor is set up";
    PasskeyTaken = "passkey_taken", 409, "The passkey is known already";
    TooManyPasskeys = "too_many_passkeys", 409, "There are as many passkeys as there may be";
    NoPasskey = "no_passkey", 409, "No passkey is set up";
    PasskeysUnavailable = "passkeys_unavailable", 409, "Passkeys need a host name, not an IP address";
    IdempotencyKeyReused = "idempotency_key_reused", 409, "The idempotency key belongs to another request";
    PreconditionFailed = "precondition_failed", 412, "It was changed meanwhile";
    PayloadTooLarge = "payload_too_large", 413, "The body is too large";
    UriTooLong = "uri_too_long", 414, "The address is too long";
    UnsupportedMediaType = "unsupported_media_type", 415, "The content type is not supported";
    ValidationFailed = "validation_failed", 422, "The input is invalid";
    UnknownField = "unknown_field", 422, "The body has an unknown field";
    UnknownRole = "unknown_role", 422, "There is no such role";
    ImportFailed = "import_failed", 422, "The file has errors, nothing was imported";
    TooManyAttempts = "too_many_attempts", 429, "Too many attempts";
    RateLimited = "rate_limited", 429, "Too many requests";
    InternalError = "internal_error", 500, "Something went wrong on our side";
    Unavailable = "unavailable", 503, "The service can't answer right now";
    ProviderUnavailable = "provider_unavailable", 503, "The provider can't be reached right now";
    Overloaded = "overloaded", 503, "The service has too much to do right now";
}

impl Code {
    /// Whether the audit trail tells of an act that was refused for this reason: somebody reached for what is not theirs to
    /// do, or for what must not come about.
    pub const fn is_audited(self) -> bool {
        matches!(
            self,
            Self::PrivilegeEscalation
                | Self::LastAdmin
                | Self::ProtectedRole
                | Self::PermissionDenied
                | Self::ImpersonationRefused
        )
    }
}
