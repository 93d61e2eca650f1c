//! The one list of permissions: the type for a handler's signature, the string for the store, the description for people.

/// A permission that an operation can require.
pub trait Permission: 'static {
    /// As it is stored and shown: `area:action`.
    const NAME: &'static str;
    /// Its place in [`CATALOGUE`].
    const INDEX: usize;
}

/// One entry of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct CatalogueEntry {
    /// `area:action`.
    pub name: &'static str,
    /// What it lets people do.
    pub description: &'static str,
}

macro_rules! permissions {
    ($($(#[doc = $doc:literal])* $marker:ident = $name:literal, $description:literal;)*) => {
        #[allow(clippy::enum_variant_names)]
        enum Position { $($marker),* }

        $(
            #[doc = concat!("`", $name, "`: ", $description)]
            #[derive(Clone, Copy, Debug)]
            pub struct $marker;

            impl Permission for $marker {
                const NAME: &'static str = $name;
                const INDEX: usize = Position::$marker as usize;
            }
        )*

        /// Every permission there is, apart from those of the application's own tables.
        pub const CATALOGUE: &[CatalogueEntry] = &[$(CatalogueEntry { name: $name, description: $description }),*];
    };
}

permissions! {
    UsersRead = "users:read", "See users, their roles and their sessions";
    UsersWrite = "users:write", "Create and change users, give and take their roles, end their sessions";
    UsersDelete = "users:delete", "Delete users";
    UsersImpersonate = "users:impersonate", "Sign in as users who may do no more than oneself";
    RolesRead = "roles:read", "See roles and what they permit";
    RolesWrite = "roles:write", "Create and change roles and what they permit";
    RolesDelete = "roles:delete", "Delete roles";
    AuditRead = "audit:read", "See the audit trail";
}
