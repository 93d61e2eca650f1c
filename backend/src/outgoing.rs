//! Requests that Reeve itself makes to other servers.

use std::sync::Arc;

use reqwest::Client;
use reqwest::redirect::Policy;
use rustls_platform_verifier::BuilderVerifierExt;

type Error = Box<dyn std::error::Error + Send + Sync>;

/// A client that trusts the machine's authorities, follows nobody elsewhere, and speaks plain HTTP only with this machine.
///
/// # Errors
/// When the machine's certificates can't be had.
pub(crate) fn client(to_loopback: bool) -> Result<Client, Error> {
    // The same cryptography and the same authorities as for mail, named here: a default would be a global.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_platform_verifier()?
        .with_no_client_auth();
    let builder = Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(!to_loopback)
        .redirect(Policy::none())
        .user_agent(concat!("reeve/", env!("CARGO_PKG_VERSION")));
    // A proxy has no way to this machine's own address.
    let builder = if to_loopback { builder.no_proxy() } else { builder };
    Ok(builder.build()?)
}
