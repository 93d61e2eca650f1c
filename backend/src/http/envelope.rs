//! What every request and every answer has: an id, a line in the log, the security headers, and problems as RFC 9457 wants them.

use std::future::{Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, USER_AGENT};
use actix_web::{HttpMessage, HttpRequest, HttpResponse, ResponseError};
use uuid::Uuid;
use uuid::fmt::Hyphenated;

use super::client_address;
use crate::access::RequestOrigin;
use crate::problem::{Code, Problem};
use crate::state::AppState;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const LONGEST_USER_AGENT: usize = 256;

/// What every answer has (OWASP REST Security Cheat Sheet, "Security Headers").
const SECURITY_HEADERS: [(HeaderName, &str); 3] = [
    (HeaderName::from_static("content-security-policy"), CONTENT_SECURITY_POLICY),
    (HeaderName::from_static("x-content-type-options"), "nosniff"),
    (HeaderName::from_static("x-frame-options"), "DENY"),
];
/// What a browser heeds in documents and what they load, and nobody in JSON.
const DOCUMENT_HEADERS: [(HeaderName, &str); 3] = [
    (HeaderName::from_static("referrer-policy"), "no-referrer"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];
const CONTENT_SECURITY_POLICY: &str =
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

/// The outermost middleware.
#[derive(Clone)]
pub struct Envelope {
    state: AppState,
}

impl Envelope {
    /// The middleware over a state.
    pub fn new(state: AppState) -> Self {
        Self { state }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Envelope
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type Transform = EnvelopeMiddleware<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(EnvelopeMiddleware { service, state: self.state.clone() }))
    }
}

/// See [`Envelope`].
pub struct EnvelopeMiddleware<S> {
    service: S,
    state: AppState,
}

impl<S, B> Service<ServiceRequest> for EnvelopeMiddleware<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error>,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<BoxBody>;
    type Error = actix_web::Error;
    type Future = Enveloped<S::Future>;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        let origin = RequestOrigin {
            ip: client_address(request.head(), &self.state.settings.trusted_proxies),
            user_agent: user_agent(&request),
            request_id: Uuid::now_v7(),
        };
        request.extensions_mut().insert(origin.clone());
        Enveloped { future: self.service.call(request), origin, started: Instant::now() }
    }
}

fn user_agent(request: &ServiceRequest) -> Option<Arc<str>> {
    // What can be read as text here is ASCII.
    let text = request.headers().get(USER_AGENT)?.to_str().ok()?;
    Some(text.get(..LONGEST_USER_AGENT).unwrap_or(text).into())
}

pin_project_lite::pin_project! {
    /// The answer to come, which still has to be put into its envelope.
    pub struct Enveloped<F> {
        #[pin]
        future: F,
        origin: RequestOrigin,
        started: Instant,
    }
}

impl<F, B> Future for Enveloped<F>
where
    F: Future<Output = Result<ServiceResponse<B>, actix_web::Error>>,
    B: MessageBody + 'static,
{
    type Output = Result<ServiceResponse<BoxBody>, actix_web::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let response = match this.future.poll(context) {
            Poll::Pending => return Poll::Pending,
            Poll::Ready(Ok(response)) => response,
            Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
        };
        let (request, response) = response.into_parts();
        let response = finish(response.map_into_boxed_body(), &request, this.origin, *this.started);
        Poll::Ready(Ok(ServiceResponse::new(request, response)))
    }
}

fn finish(response: HttpResponse, request: &HttpRequest, origin: &RequestOrigin, started: Instant) -> HttpResponse {
    let mut response = match response.error() {
        Some(error) => {
            let foreign;
            let problem = match error.as_error::<Problem>() {
                Some(problem) => problem,
                None => {
                    foreign = problem_of(response.status().as_u16(), error);
                    &foreign
                }
            };
            log_cause(problem, origin);
            render(problem, request, origin)
        }
        None => response,
    };
    let status = response.status().as_u16();
    let mut id = [0; Hyphenated::LENGTH];
    let id = &*origin.request_id.hyphenated().encode_lower(&mut id);
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let is_json = headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().ends_with(b"json"));
    let for_documents = DOCUMENT_HEADERS.into_iter().filter(|_| !is_json);
    for (name, value) in SECURITY_HEADERS.into_iter().chain(for_documents) {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    // Personal data and credentials are everywhere in the API; what may be kept says so itself.
    if !headers.contains_key(CACHE_CONTROL) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    tracing::info!(
        target: "reeve::request",
        request_id = id,
        method = request.method().as_str(),
        path = request.path(),
        status,
        micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        ip = origin.ip.map(tracing::field::display),
    );
    response
}

/// The answer to `problem`, whole.
pub fn render(problem: &Problem, request: &HttpRequest, origin: &RequestOrigin) -> HttpResponse {
    let document = problem.document(request.path(), &origin.request_id.to_string());
    let body = serde_json::to_vec(&document).unwrap_or_default();
    problem.error_response().set_body(BoxBody::new(body))
}

/// Errors that the framework made before any handler was asked.
fn problem_of(status: u16, error: &actix_web::Error) -> Problem {
    match status {
        404 => Problem::not_found(),
        413 => Problem::new(Code::PayloadTooLarge),
        414 => Problem::new(Code::UriTooLong),
        415 => Problem::new(Code::UnsupportedMediaType),
        400..=499 => Problem::new(Code::InvalidRequest),
        _ => Problem::internal(error),
    }
}

fn log_cause(problem: &Problem, origin: &RequestOrigin) {
    let Some(cause) = problem.cause() else { return };
    let (request_id, code) = (origin.request_id, problem.code().as_str());
    if problem.code() == Code::InternalError {
        tracing::error!(%request_id, code, cause);
    } else {
        tracing::warn!(%request_id, code, cause);
    }
}
