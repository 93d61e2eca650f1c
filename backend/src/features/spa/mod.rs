//! The built single-page application, served from a directory.

use std::path::{Path, PathBuf};

use actix_files::{Files, NamedFile};
use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, guard, web};

use crate::problem::Problem;

/// Serves the files, and the index for every path of the application's own routes.
pub fn serve(config: &mut ServiceConfig, directory: Option<&Path>) {
    let Some(directory) = directory else { return };
    let index = directory.join("index.html");
    let files = Files::new("/", directory)
        .index_file("index.html")
        .try_compressed()
        .prefer_utf8(true)
        .use_last_modified(true)
        // Left to itself it would refuse other methods without a problem and without `Allow`.
        .guard(guard::Any(guard::Get()).or(guard::Head()))
        .default_handler(fn_service(move |request| fall_back(request, index.clone())));
    config.service(web::scope("").wrap(from_fn(cache)).service(files).default_service(web::to(refuse)));
}

/// What is no file is a route of the application, unless it lies in the API or looks like a file that is missing.
async fn fall_back(request: ServiceRequest, index: PathBuf) -> Result<ServiceResponse, actix_web::Error> {
    let (request, _) = request.into_parts();
    let path = request.path();
    let last = path.rsplit('/').next().unwrap_or_default();
    let response = if is_beside_the_api(path) && !last.contains('.') {
        web::block(move || NamedFile::open(index)).await??.into_response(&request)
    } else {
        HttpResponse::from_error(Problem::not_found())
    };
    Ok(ServiceResponse::new(request, response))
}

/// Files and the application's routes are only read.
async fn refuse(request: HttpRequest) -> Result<HttpResponse, Problem> {
    Err(if is_beside_the_api(request.path()) {
        Problem::method_not_allowed("GET, HEAD".to_owned())
    } else {
        Problem::not_found()
    })
}

fn is_beside_the_api(path: &str) -> bool {
    !path.starts_with("/api/") && !path.starts_with("/.well-known/")
}

/// A file under `assets/` has its content's hash in its name and never changes; everything else is asked for anew.
async fn cache(
    request: ServiceRequest,
    next: actix_web::middleware::Next<impl actix_web::body::MessageBody + 'static>,
) -> Result<ServiceResponse<impl actix_web::body::MessageBody>, actix_web::Error> {
    let immutable = request.path().starts_with("/assets/");
    let mut response = next.call(request).await?;
    if response.status().is_success() {
        let value = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(value));
    }
    Ok(response)
}
