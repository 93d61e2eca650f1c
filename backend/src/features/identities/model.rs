use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::db::{Timestamp, identities};

/// An identity as the store keeps it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = identities)]
pub(crate) struct IdentityRow {
    pub(super) id: String,
    pub(super) user_id: String,
    pub(super) provider: String,
    pub(super) issuer: String,
    pub(super) email: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) last_used_at: Timestamp,
}

impl IdentityRow {
    /// Whose it is.
    pub(crate) fn user_id(&self) -> Uuid {
        Uuid::try_parse(&self.user_id).unwrap_or_default()
    }

    /// What the audit trail calls it.
    pub(super) fn label(&self) -> String {
        label(&self.provider, self.email.as_deref())
    }
}

/// An identity that is to be linked.
pub(crate) struct NewIdentity<'a> {
    pub(crate) provider: &'a str,
    pub(crate) issuer: &'a str,
    pub(crate) subject: &'a str,
    pub(crate) email: Option<&'a str>,
}

impl NewIdentity<'_> {
    pub(super) fn label(&self) -> String {
        label(self.provider, self.email)
    }
}

fn label(provider: &str, email: Option<&str>) -> String {
    email.map_or_else(|| provider.to_owned(), |email| format!("{provider}: {email}"))
}

/// An account elsewhere that signs in to this one.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Identity)]
pub(crate) struct IdentityView {
    /// The identity's id.
    #[schema(examples("01939d3c-0000-7000-8000-000000000007"))]
    id: Uuid,
    /// The provider, as `GET /config` names it.
    #[schema(examples("corporate"))]
    provider: String,
    /// The address that the provider knows.
    #[schema(examples("ann@example.com"))]
    email: Option<String>,
    /// When it was linked.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    /// When it last signed in.
    #[schema(value_type = String, format = DateTime)]
    last_used_at: Timestamp,
}

impl From<IdentityRow> for IdentityView {
    fn from(row: IdentityRow) -> Self {
        Self {
            id: Uuid::try_parse(&row.id).unwrap_or_default(),
            provider: row.provider,
            email: row.email,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        }
    }
}
