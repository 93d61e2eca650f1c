//! What one connection asks, request after request.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use hyper::{Method, StatusCode};
use serde_json::{Value, json};

use crate::Result;
use crate::store::PASSWORD;

pub(crate) type Request = hyper::Request<Full<Bytes>>;

/// What one connection asks.
pub(crate) trait Script: Send + 'static {
    fn next(&mut self) -> Result<Request>;

    /// Takes note of an answer.
    fn answered(&mut self, _: StatusCode, _: &Bytes) -> Result<()> {
        Ok(())
    }
}

pub(crate) fn get(path: &str, token: Option<&str>) -> Result<Request> {
    let mut request = hyper::Request::builder().uri(path).header(HOST, "localhost");
    if let Some(token) = token {
        request = request.header(AUTHORIZATION, format!("Bearer {token}"));
    }
    Ok(request.body(Full::default())?)
}

pub(crate) fn post(path: &str, body: &Value) -> Result<Request> {
    let request = hyper::Request::builder().method(Method::POST).uri(path).header(HOST, "localhost");
    Ok(request.header(CONTENT_TYPE, "application/json").body(Full::from(body.to_string()))?)
}

/// Reads one path after the other as one person.
pub(crate) struct Reads {
    paths: Arc<[String]>,
    token: String,
    position: usize,
}

impl Reads {
    /// One script for each of `tokens`, each beginning elsewhere in `paths`.
    pub(crate) fn of(tokens: &[String], paths: &Arc<[String]>) -> Vec<Self> {
        let begin = |(index, token): (usize, &String)| Self {
            paths: Arc::clone(paths),
            token: token.clone(),
            position: index * paths.len() / tokens.len(),
        };
        tokens.iter().enumerate().map(begin).collect()
    }
}

impl Script for Reads {
    fn next(&mut self) -> Result<Request> {
        self.position = (self.position + 1) % self.paths.len();
        get(&self.paths[self.position], Some(&self.token))
    }
}

/// Renews one session again and again.
pub(crate) struct Refreshes {
    pub(crate) refresh_token: String,
}

impl Script for Refreshes {
    fn next(&mut self) -> Result<Request> {
        post("/api/v1/auth/refresh", &json!({"refresh_token": self.refresh_token}))
    }

    fn answered(&mut self, status: StatusCode, body: &Bytes) -> Result<()> {
        let answer: Value = serde_json::from_slice(body)?;
        let token = answer["refresh_token"].as_str().ok_or_else(|| format!("{status}: no refresh token"))?;
        token.clone_into(&mut self.refresh_token);
        Ok(())
    }
}

/// Signs in as one person after the other.
pub(crate) struct SignIns {
    identifiers: Arc<[String]>,
    position: usize,
}

impl SignIns {
    /// So many scripts, each beginning elsewhere.
    pub(crate) fn of(connections: usize, identifiers: &Arc<[String]>) -> Vec<Self> {
        let begin =
            |index| Self { identifiers: Arc::clone(identifiers), position: index * identifiers.len() / connections };
        (0..connections).map(begin).collect()
    }
}

impl Script for SignIns {
    fn next(&mut self) -> Result<Request> {
        self.position = (self.position + 1) % self.identifiers.len();
        let identifier = &self.identifiers[self.position];
        post("/api/v1/auth/login", &json!({"identifier": identifier, "password": PASSWORD}))
    }
}

/// Gives one user after the other a new name.
pub(crate) struct Changes {
    paths: Arc<[String]>,
    token: String,
    position: usize,
    number: u128,
}

impl Changes {
    /// So many scripts, each with users of its own among those with these ids.
    pub(crate) fn of(connections: usize, token: &str, ids: &[String]) -> Vec<Self> {
        let own = |share: &[String]| share.iter().map(|id| format!("/api/v1/users/{id}")).collect();
        // What changes nothing leaves no event: no run gives names that one before it gave.
        let number = UNIX_EPOCH.elapsed().map_or(0, |since| since.as_micros());
        let begin = |share| Self { paths: own(share), token: token.to_owned(), position: 0, number };
        ids.chunks(ids.len().div_ceil(connections)).map(begin).collect()
    }
}

impl Script for Changes {
    fn next(&mut self) -> Result<Request> {
        self.position = (self.position + 1) % self.paths.len();
        self.number += 1;
        let body = Full::from(json!({"display_name": format!("Number {}", self.number)}).to_string());
        let request = hyper::Request::builder().method(Method::PATCH).uri(&self.paths[self.position]);
        let request = request.header(HOST, "localhost").header(CONTENT_TYPE, "application/merge-patch+json");
        Ok(request.header(AUTHORIZATION, format!("Bearer {}", self.token)).body(body)?)
    }
}
