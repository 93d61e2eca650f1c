//! What a provider says of itself (OpenID Connect Discovery 1.0), and its keys.

use jsonwebtoken::jwk::Jwk;
use reqwest::Client;
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::{Failure, connection};
use crate::config::IssuerUrl;

/// What is used of it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Metadata {
    issuer: String,
    pub(super) authorization_endpoint: Url,
    pub(super) token_endpoint: Url,
    /// Who has none says everything in the ID token.
    #[serde(default)]
    pub(super) userinfo_endpoint: Option<Url>,
    jwks_uri: Url,
    #[serde(default)]
    pub(super) token_endpoint_auth_methods_supported: Option<Vec<String>>,
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

#[derive(Deserialize)]
struct KeySet {
    keys: Vec<Value>,
}

impl Metadata {
    /// Asks the issuer. What names another issuer is refused: a provider could speak for another one (RFC 9207; Discovery,
    /// section 4.3).
    pub(super) async fn load(client: &Client, issuer: &IssuerUrl) -> Result<Self, Failure> {
        let place = format!("{}/.well-known/openid-configuration", issuer.as_str().trim_end_matches('/'));
        let metadata: Self = connection::get(client, &place, None).await?;
        if metadata.issuer != issuer.as_str() {
            return Err(Failure::Unavailable(format!("{place} names another issuer")));
        }
        let endpoints = [&metadata.authorization_endpoint, &metadata.token_endpoint, &metadata.jwks_uri];
        for endpoint in endpoints.into_iter().chain(&metadata.userinfo_endpoint) {
            if endpoint.scheme() != "https" && !(issuer.is_loopback() && is_of_this_machine(endpoint)) {
                return Err(Failure::Unavailable(format!("{place} names an endpoint without https")));
            }
        }
        Ok(metadata)
    }

    /// The keys that sign, leaving out what is none of the kinds that are known here.
    pub(super) async fn load_keys(&self, client: &Client) -> Result<Vec<Jwk>, Failure> {
        let set: KeySet = connection::get(client, self.jwks_uri.as_str(), None).await?;
        Ok(set.keys.into_iter().filter_map(|key| serde_json::from_value(key).ok()).collect())
    }

    pub(super) fn takes(&self, method: &str) -> bool {
        // What holds when nothing is said (Discovery, section 3).
        let methods = self.token_endpoint_auth_methods_supported.as_deref();
        methods.map_or(method == "client_secret_basic", |methods| methods.iter().any(|known| known == method))
    }
}

fn is_of_this_machine(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}
