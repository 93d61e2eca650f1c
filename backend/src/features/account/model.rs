use serde::Serialize;
use utoipa::ToSchema;

use crate::access::{Account, PermissionPattern};
use crate::db::Timestamp;
use crate::features::api_keys::ApiKey;
use crate::features::audit::AuditEvent;
use crate::features::devices::DeviceView;
use crate::features::identities::IdentityView;
use crate::features::passkeys::PasskeyView;
use crate::features::sessions::{Impersonator, SessionView};
use crate::features::users::{DisplayName, Locale, User, Username};
use crate::http::Patch;
use crate::request_body;

/// Oneself, and what one may do.
#[derive(Serialize, ToSchema)]
pub(super) struct Me<'a> {
    #[serde(flatten)]
    user: &'a User,
    /// All that one's roles grant together.
    #[schema(examples(json!(["users:read"])))]
    permissions: Vec<&'a str>,
    /// Who acts in one's name; null where it is oneself.
    impersonator: Option<Impersonator>,
}

impl<'a> Me<'a> {
    pub(super) fn of(account: &'a Account, impersonator: Option<&User>) -> Self {
        let patterns = account.permissions.patterns();
        Self {
            user: &account.user,
            permissions: patterns.iter().map(PermissionPattern::as_str).collect(),
            impersonator: impersonator.map(|user| Impersonator { id: user.id, email: user.email.clone() }),
        }
    }
}

/// What is stored about somebody, for themselves (GDPR, article 15).
#[derive(Serialize, ToSchema)]
pub(super) struct PersonalData {
    /// When it was put together.
    #[schema(value_type = String, format = DateTime)]
    pub(super) exported_at: Timestamp,
    /// The account.
    pub(super) user: User,
    /// The sessions that live.
    pub(super) sessions: Vec<SessionView>,
    /// The browsers that it was signed in to on.
    pub(super) devices: Vec<DeviceView>,
    /// The accounts elsewhere that sign in to it.
    pub(super) identities: Vec<IdentityView>,
    /// The passkeys, without the keys.
    pub(super) passkeys: Vec<PasskeyView>,
    /// The API keys, without the secrets.
    pub(super) api_keys: Vec<ApiKey>,
    /// What the account did and what was done to it, the newest first. Of others it tells nothing.
    pub(super) events: Vec<AuditEvent>,
    /// Whether there are older events, which the file leaves out.
    pub(super) events_truncated: bool,
}

request_body! {
    /// What is to change; what is left out stays.
    #[schema(example = json!({"display_name": "Ann Archer"}))]
    pub(super) struct MePatch {
        /// How one is called on screens; `null` for nothing.
        #[schema(value_type = Option<DisplayName>, required = false)]
        display_name: Patch<Option<DisplayName>>,
        /// A second name to sign in by; `null` for none.
        #[schema(value_type = Option<Username>, required = false)]
        username: Patch<Option<Username>>,
        /// One's language; `null` for the default.
        #[schema(value_type = Option<Locale>, required = false)]
        locale: Patch<Option<Locale>>,
    }
}
