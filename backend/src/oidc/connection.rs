//! Questions to a provider: bounded in time and in size.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE};
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use serde::de::DeserializeOwned;

use super::Failure;

/// The whole of one question.
const TIME_LIMIT: Duration = Duration::from_secs(5);
const LARGEST_ANSWER: usize = 512 * 1024;

/// Asks, with the value of an `Authorization` header if there is one.
pub(super) async fn get<T: DeserializeOwned>(
    client: &Client,
    url: &str,
    authorization: Option<String>,
) -> Result<T, Failure> {
    let (status, body) = ask(client.get(url), authorization).await?;
    if status != StatusCode::OK {
        return Err(Failure::Unavailable(format!("{url} answered {status}")));
    }
    serde_json::from_slice(&body).map_err(|error| Failure::Unavailable(format!("{url}: {error}")))
}

/// Sends a form, with the value of an `Authorization` header if there is one.
pub(super) async fn post<T: DeserializeOwned>(
    client: &Client,
    url: &str,
    form: String,
    authorization: Option<String>,
) -> Result<T, Failure> {
    let request = client.post(url).header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(form);
    let (status, body) = ask(request, authorization).await?;
    if status.is_server_error() {
        return Err(Failure::Unavailable(format!("{url} answered {status}")));
    }
    if status != StatusCode::OK {
        return Err(Failure::Refused(format!("{url} answered {status}")));
    }
    // What it answered may hold tokens, so that the error tells only where it went wrong.
    serde_json::from_slice(&body).map_err(|error| Failure::Refused(format!("{url}: line {}", error.line())))
}

async fn ask(request: RequestBuilder, authorization: Option<String>) -> Result<(StatusCode, Vec<u8>), Failure> {
    let request = match authorization {
        Some(value) => request.header(AUTHORIZATION, value),
        None => request,
    };
    let asked = async {
        let answer = request.header(ACCEPT, "application/json").send().await.map_err(unreachable)?;
        let status = answer.status();
        Ok((status, read(answer).await?))
    };
    let timed = tokio::time::timeout(TIME_LIMIT, asked).await;
    timed.unwrap_or_else(|_| Err(Failure::Unavailable("no answer within five seconds".to_owned())))
}

async fn read(mut answer: Response) -> Result<Vec<u8>, Failure> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
        if body.len() + chunk.len() > LARGEST_ANSWER {
            return Err(Failure::Unavailable("an answer of more than 512 KiB".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn unreachable(error: reqwest::Error) -> Failure {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    Failure::Unavailable(text)
}
