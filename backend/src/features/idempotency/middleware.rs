//! The middleware: it takes the key before the handler runs, and keeps the answer after it.

use std::future::{Ready, ready};
use std::rc::Rc;
use std::time::Duration;

use actix_web::HttpMessage;
use actix_web::HttpResponse;
use actix_web::body::{BoxBody, EitherBody, MessageBody, to_bytes};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse, Transform, forward_ready};
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue, LOCATION};
use actix_web::web::{Bytes, Data};
use futures_util::TryFutureExt;
use futures_util::future::{Either, LocalBoxFuture, MapOk};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::queries::{self, Record};
use super::{key, request};
use crate::access::{Actor, known_actor};
use crate::db::DbConnection;
use crate::http::json_body::read_payload;
use crate::openapi::Operations;
use crate::problem::{Code, Problem};
use crate::state::AppState;

/// An answer is kept for so long.
const KEPT_FOR: Duration = Duration::from_secs(86_400);
/// A request without an answer after so long was broken off, and may be begun anew.
const ABANDONED_AFTER: Duration = Duration::from_secs(60);
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

/// Answers a POST that carries a key which its caller has used before as it was answered then.
#[derive(Clone)]
pub struct Replay {
    state: AppState,
    operations: Data<Operations>,
}

impl Replay {
    /// The middleware over a state, for the operations that a server has.
    pub fn new(state: AppState, operations: Data<Operations>) -> Self {
        Self { state, operations }
    }
}

impl<S, B> Transform<S, ServiceRequest> for Replay
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type Transform = ReplayMiddleware<S>;
    type InitError = ();
    type Future = Ready<Result<Self::Transform, ()>>;

    fn new_transform(&self, service: S) -> Self::Future {
        ready(Ok(ReplayMiddleware { service: Rc::new(service), replay: self.clone() }))
    }
}

/// See [`Replay`].
pub struct ReplayMiddleware<S> {
    service: Rc<S>,
    replay: Replay,
}

type Answered<B> = Result<ServiceResponse<EitherBody<B>>, actix_web::Error>;

impl<S, B> Service<ServiceRequest> for ReplayMiddleware<S>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error> + 'static,
    S::Future: 'static,
    B: MessageBody + 'static,
{
    type Response = ServiceResponse<EitherBody<B>>;
    type Error = actix_web::Error;
    type Future = Either<
        MapOk<S::Future, fn(ServiceResponse<B>) -> ServiceResponse<EitherBody<B>>>,
        LocalBoxFuture<'static, Answered<B>>,
    >;

    forward_ready!(service);

    fn call(&self, request: ServiceRequest) -> Self::Future {
        if !key::may_carry(&request) {
            return Either::Left(self.service.call(request).map_ok(ServiceResponse::map_into_left_body));
        }
        let (service, replay) = (Rc::clone(&self.service), self.replay.clone());
        Either::Right(Box::pin(async move { replay.answer(request, &*service).await }))
    }
}

impl Replay {
    async fn answer<S, B>(&self, mut request: ServiceRequest, service: &S) -> Answered<B>
    where
        S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error>,
        B: MessageBody + 'static,
    {
        // Who may not do it, or no longer, is not given the answer of when they could: the handler's guard refuses them.
        let permission = self.operations.post_permission(request.path());
        let may = |actor: &Actor| match permission {
            Some(name) => actor.account.permissions.allows_name(name),
            // What needs no permission is one's own account, which is out of the reach of keys and of others.
            None => actor.must_be_in_person().is_ok(),
        };
        let Some(actor) = known_actor(&request).filter(may) else {
            return Ok(service.call(request).await?.map_into_left_body());
        };
        // A key that may do less than its owner is another caller, and so is who acts in somebody's name.
        let caller = match (actor.api_key(), &actor.impersonator) {
            (Some(key), _) => key.id,
            (None, Some(_)) => actor.session_id().unwrap_or_default(),
            (None, None) => actor.account.user.id,
        };
        let begun = match key::read(&request) {
            Ok(None) => return Ok(service.call(request).await?.map_into_left_body()),
            Ok(Some(key)) => begin(&self.state, &mut request, caller, key).await,
            Err(problem) => Err(problem),
        };
        let answer = match begun {
            Ok(Begun::Now(record)) => finish(&self.state, record, service.call(request).await?).await?,
            Ok(Begun::Before(answer)) => ServiceResponse::new(request.into_parts().0, answer),
            // Not by `into_response`, which would drop the problem that the envelope is to write down.
            Err(problem) => ServiceResponse::new(request.into_parts().0, HttpResponse::from_error(problem)),
        };
        Ok(answer.map_into_right_body())
    }
}

/// What a key was found to stand for.
enum Begun {
    /// A request that is new.
    Now(Record),
    /// One that has been answered.
    Before(HttpResponse),
}

async fn begin(state: &AppState, request: &mut ServiceRequest, caller: Uuid, key: String) -> Result<Begun, Problem> {
    let limits = &state.settings.limits;
    // The body is held in memory before its handler is asked: only a file may be as large as a file.
    let limit = if request.path().ends_with("/import") { limits.import_bytes } else { limits.body_bytes };
    let mut payload = request.take_payload();
    let body = read_payload(request.request(), &mut payload, limit).await?;
    let record = Record {
        caller: caller.to_string(),
        key,
        fingerprint: request::fingerprint(request, &body),
        status: 0,
        headers: String::new(),
        body: String::new(),
        created_at: state.clock.now(),
    };
    request.set_payload(body.into());
    match take_key(state, record.clone()).await? {
        Some(earlier) => answer_again(&earlier).map(Begun::Before),
        None => Ok(Begun::Now(record)),
    }
}

/// Takes the key. `Some`: it was taken by the same request before, which has been answered.
async fn take_key(state: &AppState, record: Record) -> Result<Option<Record>, Problem> {
    state
        .database
        .write(move |connection| {
            let Some(earlier) = queries::find(connection, &record.caller, &record.key)? else {
                queries::insert(connection, &record)?;
                return Ok(None);
            };
            let expired = earlier.created_at.plus(KEPT_FOR) <= record.created_at;
            let abandoned = earlier.status == 0 && earlier.created_at.plus(ABANDONED_AFTER) <= record.created_at;
            if expired || abandoned {
                queries::delete(connection, &record.caller, &record.key)?;
                queries::insert(connection, &record)?;
                return Ok(None);
            }
            if earlier.fingerprint != record.fingerprint {
                return Err(Problem::new(Code::IdempotencyKeyReused));
            }
            if earlier.status == 0 {
                return Err(Problem::with_detail(Code::Conflict, "The same request is being served at this moment"));
            }
            Ok(Some(earlier))
        })
        .await
}

/// Keeps the answer, unless another try might end better.
async fn finish(
    state: &AppState,
    mut record: Record,
    response: ServiceResponse<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let status = response.status();
    if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS || response.response().error().is_some() {
        let forget = move |connection: &mut DbConnection| {
            queries::delete(connection, &record.caller, &record.key).map_err(Problem::from)
        };
        state.database.write(forget).await?;
        return Ok(response.map_into_boxed_body());
    }
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let body = to_bytes(body).await.map_err(|_| Problem::internal("an answer's body can't be read"))?;
    record.status = i32::from(status.as_u16());
    record.headers = kept_headers(head.headers()).to_string();
    record.body = String::from_utf8_lossy(&body).into_owned();
    state.database.write(move |connection| queries::answer(connection, &record).map_err(Problem::from)).await?;
    Ok(ServiceResponse::new(request, head.set_body(BoxBody::new(body))))
}

fn kept_headers(headers: &HeaderMap) -> Value {
    let kept =
        KEPT_HEADERS.iter().filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().ok()?.into())));
    Value::Object(kept.collect::<Map<_, _>>())
}

fn answer_again(record: &Record) -> Result<HttpResponse, Problem> {
    let status = u16::try_from(record.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
    let mut response = HttpResponse::new(status.unwrap_or(StatusCode::OK));
    let headers: Map<String, Value> = serde_json::from_str(&record.headers).map_err(Problem::internal)?;
    for name in KEPT_HEADERS {
        if let Some(value) = headers.get(name.as_str()).and_then(Value::as_str) {
            response.headers_mut().insert(name, HeaderValue::from_str(value).map_err(Problem::internal)?);
        }
    }
    Ok(response.set_body(BoxBody::new(Bytes::from(record.body.clone()))))
}
