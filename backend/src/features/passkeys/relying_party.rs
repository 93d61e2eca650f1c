//! Who asks for passkeys: the name that they are bound to, and the pages that may ask.

use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

use crate::config::{Origin, Settings};
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// What verifies passkeys of one name, which they are bound to for as long as they exist.
#[derive(Clone, Debug)]
pub struct RelyingParty(Webauthn);

impl RelyingParty {
    /// That of the settings; `None` where Reeve is reached by an IP address, which no passkey can be bound to
    /// (Web Authentication, section 5.1.3, step 7).
    ///
    /// # Errors
    /// When the name has nothing to do with where Reeve is reached.
    pub fn new(settings: &Settings, public_url: &Origin) -> std::io::Result<Option<Self>> {
        let Some(id) = settings.relying_party_id(public_url) else { return Ok(None) };
        let url = |origin: &Origin| Url::parse(origin.as_str()).map_err(std::io::Error::other);
        let page = url(public_url)?;
        let mut builder =
            WebauthnBuilder::new(&id, &page).map_err(std::io::Error::other)?.rp_name(&settings.product_name);
        for origin in settings.cors_origins.iter().filter(|origin| origin.is_within(&id)) {
            builder = builder.append_allowed_origin(&url(origin)?);
        }
        Ok(Some(Self(builder.build().map_err(std::io::Error::other)?)))
    }

    pub(super) fn webauthn(&self) -> &Webauthn {
        &self.0
    }

    /// That of a running Reeve.
    ///
    /// # Errors
    /// `passkeys_unavailable`.
    pub(super) fn of(state: &AppState) -> Result<Self, Problem> {
        state.relying_party.clone().ok_or_else(|| Problem::new(Code::PasskeysUnavailable))
    }
}
