//! Answers that are not problems.

use actix_web::body::BoxBody;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderValue, LOCATION};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, Responder};
use serde::Serialize;

use super::EntityTag;
use crate::problem::Problem;

/// A JSON answer, serialized already.
pub struct JsonReply(HttpResponse);

impl Responder for JsonReply {
    type Body = BoxBody;

    fn respond_to(self, _: &actix_web::HttpRequest) -> HttpResponse {
        self.0
    }
}

/// A resource and its tag, ready to be answered again and again.
#[derive(Clone, Debug)]
pub struct RenderedReply {
    body: Bytes,
    tag: HeaderValue,
}

impl RenderedReply {
    /// Serializes a resource.
    ///
    /// # Errors
    /// A fault of ours if it can't be serialized.
    pub fn new(body: &impl Serialize, tag: &EntityTag) -> Result<Self, Problem> {
        let body = serde_json::to_vec(body).map_err(Problem::internal)?;
        Ok(Self { body: body.into(), tag: header_value(tag)? })
    }

    /// 200 with the resource.
    pub fn reply(&self) -> JsonReply {
        let mut response = respond(StatusCode::OK, self.body.clone());
        response.headers_mut().insert(ETAG, self.tag.clone());
        JsonReply(response)
    }
}

/// 200 with a body.
pub fn json(body: &impl Serialize) -> Result<JsonReply, Problem> {
    reply(StatusCode::OK, body).map(JsonReply)
}

/// 200 with a resource and its tag.
pub fn json_with_tag(body: &impl Serialize, tag: &EntityTag) -> Result<JsonReply, Problem> {
    let mut response = reply(StatusCode::OK, body)?;
    set_tag(&mut response, tag)?;
    Ok(JsonReply(response))
}

/// 201 with a new resource, its address and its tag.
pub fn created(location: &str, body: &impl Serialize, tag: &EntityTag) -> Result<JsonReply, Problem> {
    let JsonReply(mut response) = created_without_tag(location, body)?;
    set_tag(&mut response, tag)?;
    Ok(JsonReply(response))
}

/// 201 with a new resource that nobody can change, and its address.
pub fn created_without_tag(location: &str, body: &impl Serialize) -> Result<JsonReply, Problem> {
    let mut response = reply(StatusCode::CREATED, body)?;
    response.headers_mut().insert(LOCATION, HeaderValue::from_str(location).map_err(Problem::internal)?);
    Ok(JsonReply(response))
}

fn reply(status: StatusCode, body: &impl Serialize) -> Result<HttpResponse, Problem> {
    Ok(respond(status, serde_json::to_vec(body).map_err(Problem::internal)?.into()))
}

fn respond(status: StatusCode, body: Bytes) -> HttpResponse {
    let mut response = HttpResponse::with_body(status, BoxBody::new(body));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

fn set_tag(response: &mut HttpResponse, tag: &EntityTag) -> Result<(), Problem> {
    response.headers_mut().insert(ETAG, header_value(tag)?);
    Ok(())
}

fn header_value(tag: &EntityTag) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(&tag.to_string()).map_err(Problem::internal)
}
