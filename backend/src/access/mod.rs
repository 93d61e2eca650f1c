//! Who may do what: permissions, who is asking, and the guards that every handler begins with.

mod account;
mod act;
mod actor;
mod api_key;
mod authenticate;
mod authority;
mod cache;
mod changes;
mod guard;
mod impersonation;
mod pattern;
mod permission;
mod queries;
mod refusals;
mod watch;
mod wrong_key;

pub use account::Account;
pub use act::Act;
pub use actor::{Actor, Caller, Credential, RequestOrigin};
pub use api_key::ApiKeyScope;
pub use authenticate::{Authenticate, bearer_token, known_actor};
pub use cache::{AccessCache, Identity};
pub use changes::{AccessChanges, Change};
pub use guard::{
    AnySession, Authenticated, Authorized, AuthorizedInPerson, FreshlyAuthenticated, FreshlyAuthorized, KeyOrSession,
    MaybeAuthenticated, Public,
};
pub use pattern::{PermissionPattern, PermissionSet};
pub use permission::*;
pub(crate) use queries::{live_session, permissions as permissions_of};
pub use refusals::Refusals;
pub use watch::{catch_up, watch};
