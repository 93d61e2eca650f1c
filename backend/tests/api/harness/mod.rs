//! What the tests are made of: stores, servers, clients, and people.

mod browser;
mod client;
mod contract;
mod mailbox;
mod oidc_provider;
mod parallel;
mod people;
mod process;
mod proxy;
mod range_server;
mod server;
mod smtp;
mod store;

pub use browser::{Browser, cookies, device_of, login_in_browser};
pub use client::{Answer, Client, SignedIn, http_client};
pub use contract::{Operation, contract, operations, resolve};
pub use mailbox::{Mail, Mailbox};
pub use oidc_provider::{OidcProvider, Traveller};
pub use parallel::in_parallel;
pub use people::{ADMIN, PASSWORD};
pub use process::{Process, reeve, run, run_with_input};
pub use proxy::Proxy;
pub use range_server::{Manner, RangeServer, split_hash};
pub use server::{Server, block_on, settings, wait_for};
pub use smtp::{Authority, SmtpServer};
pub use store::{EmptyStore, Kind, Provided, Store};

/// Makes two tests of each function: `NAME::sqlite` and `NAME::postgres`. The argument's type says what the test is given:
/// a [`Server`], a [`Store`] to start servers on, or an [`EmptyStore`].
macro_rules! both_databases {
    ($($(#[doc = $doc:literal])* fn $name:ident($argument:ident: $type:ty) $body:block)*) => {
        $(mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn check($argument: $type) $body

            #[test]
            fn sqlite() {
                check(<$type as $crate::harness::Provided>::provide($crate::harness::Kind::Sqlite));
            }

            #[test]
            fn postgres() {
                check(<$type as $crate::harness::Provided>::provide($crate::harness::Kind::Postgres));
            }
        })*
    };
}
