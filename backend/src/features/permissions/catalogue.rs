//! The catalogue as a list.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use crate::access::CATALOGUE;
use crate::http::list::{Field, ListSpec, Listed, fold};

/// Something that can be permitted.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Permission)]
pub(super) struct CataloguePermission {
    /// As roles name it.
    #[schema(examples("users:read"))]
    name: &'static str,
    /// What it lets people do.
    #[schema(examples("See users, their roles and their sessions"))]
    description: &'static str,
}

pub(super) fn catalogue() -> Vec<CataloguePermission> {
    let permission = |entry: &crate::access::CatalogueEntry| CataloguePermission {
        name: entry.name,
        description: entry.description,
    };
    CATALOGUE.iter().map(permission).collect()
}

/// The list of all that can be permitted.
pub(super) struct Permissions;

impl Listed for Permissions {
    fn spec() -> &'static ListSpec {
        static SPEC: LazyLock<ListSpec> = LazyLock::new(|| {
            ListSpec::new("permissions", Field::text("name").folded("name", fold))
                .field(Field::text("description").folded("description", fold))
        });
        &SPEC
    }
}
