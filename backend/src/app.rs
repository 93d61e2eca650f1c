//! The assembly: what there is, in which order a request passes through it, and where it ends when nothing fits.

use std::net::{SocketAddr, TcpListener};

use actix_cors::Cors;
use actix_web::dev::{Server, ServerHandle, ServiceFactory, ServiceRequest};
use actix_web::http::Method;
use actix_web::middleware::Condition;
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, guard, web};
use utoipa_actix_web::AppExt;
use utoipa_actix_web::scope::scope;

use crate::access::Authenticate;
use crate::features::{
    account, api_keys, audit, auth, devices, idempotency, identities, impersonation, meta, mfa, overview, passkeys,
    permissions, roles, sessions, sign_ins, spa, users,
};
use crate::http::{Envelope, Families, Routes};
use crate::openapi::{self, Operations, PathOperations};
use crate::problem::Problem;
use crate::state::AppState;

/// Where the API lies.
const API: &str = "/api/v1";
/// Where that lies which everybody looks for at the same place (RFC 8615).
const WELL_KNOWN: &str = "/.well-known";
/// How long requests in flight may take to finish when the process is told to stop, in seconds.
const SHUTDOWN_SECONDS: u64 = 30;

/// Every route of the API.
fn routes(routes: &mut Routes<'_, '_>) {
    // Routes are looked through in this order: what is asked for most comes first.
    account::routes(routes);
    users::routes(routes);
    meta::routes(routes);
    auth::routes(routes);
    mfa::routes(routes);
    passkeys::routes(routes);
    sessions::routes(routes);
    api_keys::routes(routes);
    impersonation::routes(routes);
    roles::routes(routes);
    permissions::routes(routes);
    audit::routes(routes);
    devices::routes(routes);
    identities::routes(routes);
    sign_ins::routes(routes);
    overview::routes(routes);
}

fn serve_routes(config: &mut web::ServiceConfig) {
    let mut families = Families::under(API);
    routes(&mut Routes::Server(&mut families));
    families.serve(config);
}

fn operations() -> Operations {
    let mut operations = Operations::default();
    routes(&mut Routes::List(API, &mut operations));
    Routes::List(WELL_KNOWN, &mut operations).service(meta::key_set);
    operations
}

/// The contract that the routes make.
pub fn contract() -> String {
    let api = scope(API).configure(|config| routes(&mut Routes::Contract(config)));
    let well_known = scope(WELL_KNOWN).service(meta::key_set);
    let (_, collected) = App::new().into_utoipa_app().service(api).service(well_known).split_for_parts();
    openapi::finish(collected)
}

/// A server that runs.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Stops it.
    pub handle: ServerHandle,
    /// Ends when it has stopped.
    pub server: Server,
}

/// Serves a state on a listener. With `signals` it stops by itself when the process is told to.
///
/// # Errors
/// When the listener can't be used.
pub fn serve(state: AppState, listener: TcpListener, signals: bool) -> std::io::Result<Running> {
    let address = listener.local_addr()?;
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    let connections = state.settings.limits.connections;
    let operations = web::Data::new(operations());
    let data = web::Data::new(state.clone());
    let factory = move || {
        let origins = !state.settings.cors_origins.is_empty();
        // Before the API's scope, which takes whatever begins with its prefix.
        let app = operations.beside_a_parameter().fold(App::new(), refuse_other_methods);
        app.service(meta::documentation(&format!("{API}/docs")))
            .service(web::scope(API).configure(serve_routes))
            .service(web::scope(WELL_KNOWN).service(meta::key_set))
            .app_data(data.clone())
            .app_data(state.clone())
            .app_data(operations.clone())
            .configure(|config| spa::serve(config, state.settings.spa_dir.as_deref()))
            .default_service(web::to(nothing_here))
            .wrap(idempotency::Replay::new(state.clone(), operations.clone()))
            .wrap(Authenticate::new(state.clone()))
            .wrap(Condition::new(origins, cross_origin(&state)))
            .wrap(Envelope::new(state.clone()))
    };
    let mut server = HttpServer::new(factory)
        .workers(workers)
        .worker_max_blocking_threads(2)
        .max_connections(connections.div_ceil(workers))
        .shutdown_timeout(SHUTDOWN_SECONDS);
    if !signals {
        server = server.disable_signals();
    }
    let server = server.listen(listener)?.run();
    Ok(Running { address, handle: server.handle(), server })
}

/// Without this, a method that `/users/bulk` doesn't know would be one of the user whose id is `bulk`, who is not found.
fn refuse_other_methods<T>(app: App<T>, known: &PathOperations) -> App<T>
where
    T: ServiceFactory<ServiceRequest, Config = (), Error = actix_web::Error, InitError = ()>,
{
    let methods = known.methods.clone();
    let is_known = guard::fn_guard(move |context| methods.contains(&context.head().method));
    app.route(&known.path, web::route().guard(guard::Not(is_known)).to(nothing_here))
}

fn cross_origin(state: &AppState) -> Cors {
    let cors =
        state.settings.cors_origins.iter().fold(Cors::default(), |cors, origin| cors.allowed_origin(origin.as_str()));
    cors.allowed_methods([Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE])
        .allowed_headers(["authorization", "content-type", "if-match", "idempotency-key"])
        .expose_headers(["etag", "location", "retry-after", "x-request-id", "content-disposition"])
        .supports_credentials()
        .block_on_origin_mismatch(false)
        .max_age(3600)
}

/// 405 for a path that other methods know, else 404.
async fn nothing_here(request: HttpRequest, operations: web::Data<Operations>) -> Result<HttpResponse, Problem> {
    Err(match operations.of(request.path()) {
        Some(known) => Problem::method_not_allowed(known.allow()),
        None => Problem::not_found(),
    })
}
