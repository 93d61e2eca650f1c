//! Single requests, for what has to be known or done before a measurement.

use std::net::SocketAddr;

use hyper::body::Bytes;
use serde_json::{Value, json};

use crate::Result;
use crate::load::Connection;
use crate::script;
use crate::store::PASSWORD;

/// Somebody who asks a server one thing after the other.
pub(crate) struct Client {
    address: SocketAddr,
    token: Option<String>,
}

/// What signing in gives.
pub(crate) struct SignedIn {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
}

impl Client {
    pub(crate) fn new(address: SocketAddr) -> Self {
        Self { address, token: None }
    }

    pub(crate) fn with_token(address: SocketAddr, token: &str) -> Self {
        Self { address, token: Some(token.to_owned()) }
    }

    /// The body of an answer, which has to be a success.
    pub(crate) fn get(&self, path: &str) -> Result<Bytes> {
        self.send(script::get(path, self.token.as_deref())?)
    }

    /// The same, read as JSON.
    pub(crate) fn get_json(&self, path: &str) -> Result<Value> {
        Ok(serde_json::from_slice(&self.get(path)?)?)
    }

    pub(crate) fn sign_in(&self, identifier: &str) -> Result<SignedIn> {
        let body = json!({"identifier": identifier, "password": PASSWORD});
        let answer: Value = serde_json::from_slice(&self.send(script::post("/api/v1/auth/login", &body)?)?)?;
        let text = |name: &str| answer[name].as_str().map(str::to_owned).ok_or("signing in gave no tokens");
        Ok(SignedIn { access_token: text("access_token")?, refresh_token: text("refresh_token")? })
    }

    fn send(&self, request: script::Request) -> Result<Bytes> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let (status, body) = Connection::open(self.address).await?.send(request).await?;
            if !status.is_success() {
                return Err(format!("{status}: {}", String::from_utf8_lossy(&body)).into());
            }
            Ok(body)
        })
    }
}
