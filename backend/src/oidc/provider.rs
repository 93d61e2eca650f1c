//! One provider: where it sends people, what it says of them, and what is remembered of it.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jsonwebtoken::jwk::Jwk;
use reqwest::Client;
use secrecy::ExposeSecret;
use serde::Deserialize;
use tokio::sync::Mutex;
use url::Url;
use url::form_urlencoded::{Serializer, byte_serialize};

use super::claims::Claims;
use super::id_token::{self, Expected};
use super::metadata::Metadata;
use super::{Failure, connection};
use crate::config::OidcProvider;
use crate::db::Timestamp;
use crate::outgoing;

/// What a provider says of itself is asked for again after this.
const REMEMBERED_FOR: Duration = Duration::from_secs(3_600);
/// A provider that did not answer is not asked again before this.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(5);
/// A token of an unknown key is a reason to ask for the keys, but not for everybody who makes one up.
const KEYS_ASKED_EVERY: Duration = Duration::from_secs(30);

/// The providers that are configured.
#[derive(Default)]
pub struct Providers(Vec<Provider>);

impl Providers {
    /// Connects to none of them yet.
    ///
    /// # Errors
    /// When the machine's certificates can't be had.
    pub fn new(settings: &[OidcProvider]) -> std::io::Result<Self> {
        settings.iter().map(Provider::new).collect::<Result<_, _>>().map(Self)
    }

    /// By its name.
    pub fn find(&self, name: &str) -> Option<&Provider> {
        self.0.iter().find(|provider| provider.settings.name == name)
    }

    /// Whether one of them issues in this name.
    pub fn knows_issuer(&self, issuer: &str) -> bool {
        self.0.iter().any(|provider| provider.settings.issuer.as_str() == issuer)
    }
}

/// Whom people can sign in with.
pub struct Provider {
    /// As configured.
    pub settings: OidcProvider,
    client: Client,
    known: Mutex<Known>,
}

/// What is remembered of a provider.
#[derive(Default)]
struct Known {
    of_itself: Option<(Metadata, Timestamp)>,
    failed_at: Option<Timestamp>,
    keys: Vec<Jwk>,
    keys_asked_again_at: Option<Timestamp>,
}

/// What somebody is sent to a provider with, and comes back with.
pub struct Authorization<'a> {
    /// Where they come back to.
    pub redirect_uri: &'a str,
    /// What ties the way back to the way there.
    pub state: &'a str,
    /// What ties the ID token to the way there.
    pub nonce: &'a str,
    /// What ties the exchange of the code to the way there (RFC 7636).
    pub verifier: &'a str,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
    access_token: Option<String>,
}

impl Provider {
    fn new(settings: &OidcProvider) -> std::io::Result<Self> {
        let client = outgoing::client(settings.issuer.is_loopback()).map_err(std::io::Error::other)?;
        Ok(Self { settings: settings.clone(), client, known: Mutex::default() })
    }

    /// Where somebody is sent to sign in, `challenge` being the verifier's hash.
    ///
    /// # Errors
    /// When the provider can't be reached.
    pub async fn authorization_url(
        &self,
        authorization: &Authorization<'_>,
        challenge: &str,
        now: Timestamp,
    ) -> Result<Url, Failure> {
        let mut url = self.metadata(now).await?.authorization_endpoint;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("redirect_uri", authorization.redirect_uri)
            .append_pair("scope", &self.settings.scopes.join(" "))
            .append_pair("state", authorization.state)
            .append_pair("nonce", authorization.nonce)
            .append_pair("code_challenge", challenge)
            .append_pair("code_challenge_method", "S256");
        Ok(url)
    }

    /// Refuses an answer that another provider gave (RFC 9207).
    ///
    /// # Errors
    /// When it names another issuer, or none although this provider always does.
    pub async fn check_issuer(&self, named: Option<&str>, now: Timestamp) -> Result<(), Failure> {
        let is_right = match named {
            Some(issuer) => issuer == self.settings.issuer.as_str(),
            None => !self.metadata(now).await?.authorization_response_iss_parameter_supported,
        };
        if is_right { Ok(()) } else { Err(Failure::Untrusted("another provider answered")) }
    }

    /// Whom a code stands for.
    ///
    /// # Errors
    /// When the provider can't be reached, does not take the code, or must not be believed.
    pub async fn redeem(
        &self,
        code: &str,
        authorization: &Authorization<'_>,
        now: Timestamp,
    ) -> Result<Claims, Failure> {
        let metadata = self.metadata(now).await?;
        let (form, header) = self.token_request(&metadata, code, authorization);
        let tokens: Tokens = connection::post(&self.client, metadata.token_endpoint.as_str(), form, header).await?;
        let header = id_token::header(&tokens.id_token)?;
        let key = self.key_for(&header, &metadata, now).await?;
        let expected = Expected {
            issuer: self.settings.issuer.as_str(),
            client_id: &self.settings.client_id,
            nonce: authorization.nonce,
            access_token: tokens.access_token.as_deref(),
            now,
        };
        let claims = id_token::verify(&tokens.id_token, header.alg, &key, &expected)?;
        self.complete(claims, &metadata, tokens.access_token).await
    }

    /// Asks for the user info if something that is of use here is not in the ID token.
    async fn complete(
        &self,
        claims: Claims,
        metadata: &Metadata,
        access_token: Option<String>,
    ) -> Result<Claims, Failure> {
        let (Some(endpoint), Some(access_token)) = (&metadata.userinfo_endpoint, access_token) else {
            return Ok(claims);
        };
        let OidcProvider { provisioning, roles_claim, .. } = &self.settings;
        let verified = provisioning.then_some("email_verified");
        let mut of_use = ["email"].into_iter().chain(verified).chain(roles_claim.as_deref());
        if of_use.all(|name| claims.has(name)) {
            return Ok(claims);
        }
        let authorization = Some(format!("Bearer {access_token}"));
        claims.with_user_info(connection::get(&self.client, endpoint.as_str(), authorization).await?)
    }

    /// The form, and the header by which we say who we are if it is not in the form (RFC 6749, section 2.3.1).
    fn token_request(
        &self,
        metadata: &Metadata,
        code: &str,
        authorization: &Authorization<'_>,
    ) -> (String, Option<String>) {
        let client_id = &self.settings.client_id;
        let mut form = Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", authorization.redirect_uri)
            .append_pair("code_verifier", authorization.verifier);
        let Some(secret) = &self.settings.client_secret else {
            return (form.append_pair("client_id", client_id).finish(), None);
        };
        let secret = secret.expose_secret();
        if metadata.takes("client_secret_post") && !metadata.takes("client_secret_basic") {
            form.append_pair("client_id", client_id).append_pair("client_secret", secret);
            return (form.finish(), None);
        }
        let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
        let pair = STANDARD.encode(format!("{}:{}", encoded(client_id), encoded(secret)));
        (form.finish(), Some(format!("Basic {pair}")))
    }

    async fn metadata(&self, now: Timestamp) -> Result<Metadata, Failure> {
        // Whoever comes while somebody asks already waits for the same answer.
        let mut known = self.known.lock().await;
        if let Some((metadata, since)) = &known.of_itself
            && since.plus(REMEMBERED_FOR) > now
        {
            return Ok(metadata.clone());
        }
        if known.failed_at.is_some_and(|failed_at| failed_at.plus(LEFT_ALONE_FOR) > now) {
            return Err(Failure::Unavailable("it did not answer a moment ago".to_owned()));
        }
        match self.ask().await {
            Ok((metadata, keys)) => {
                known.of_itself = Some((metadata.clone(), now));
                known.keys = keys;
                known.failed_at = None;
                Ok(metadata)
            }
            Err(failure) => {
                known.failed_at = Some(now);
                Err(failure)
            }
        }
    }

    async fn ask(&self) -> Result<(Metadata, Vec<Jwk>), Failure> {
        let metadata = Metadata::load(&self.client, &self.settings.issuer).await?;
        let keys = metadata.load_keys(&self.client).await?;
        Ok((metadata, keys))
    }

    async fn key_for(
        &self,
        header: &jsonwebtoken::Header,
        metadata: &Metadata,
        now: Timestamp,
    ) -> Result<Jwk, Failure> {
        let mut known = self.known.lock().await;
        if let Some(key) = id_token::find_key(&known.keys, header) {
            return Ok(key.clone());
        }
        if known.keys_asked_again_at.is_none_or(|asked| asked.plus(KEYS_ASKED_EVERY) <= now) {
            known.keys_asked_again_at = Some(now);
            known.keys = metadata.load_keys(&self.client).await?;
        }
        id_token::find_key(&known.keys, header).cloned().ok_or(Failure::Untrusted("its key is unknown"))
    }
}
