//! The built single-page application, served from a directory.

use std::path::{Path, PathBuf};

use actix_files::{Files, NamedFile};
use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::middleware::from_fn;
use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, web};

use crate::problem::{Code, Problem};

/// Serves the files, and the index for every path of the application's own routes.
pub fn serve(config: &mut ServiceConfig, directory: Option<&Path>) {
    let Some(directory) = directory else { return };
    let index = directory.join("index.html");
    let files = Files::new("/", directory)
        .index_file("index.html")
        .try_compressed()
        .prefer_utf8(true)
        .use_last_modified(true)
        .default_handler(fn_service(move |request| fall_back(request, index.clone())));
    config.service(web::scope("").wrap(from_fn(cache)).service(files));
}

/// What is no file is a route of the application, unless it lies in the API or looks like a file that is missing.
async fn fall_back(request: ServiceRequest, index: PathBuf) -> Result<ServiceResponse, actix_web::Error> {
    let (request, _) = request.into_parts();
    let path = request.path();
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_route = !path.starts_with("/api/") && !path.starts_with("/.well-known/") && !last.contains('.');
    let response = match *request.method() {
        Method::GET | Method::HEAD if is_route => {
            web::block(move || NamedFile::open(index)).await??.into_response(&request)
        }
        Method::GET | Method::HEAD => HttpResponse::from_error(Problem::new(Code::NotFound)),
        _ => HttpResponse::from_error(Problem::method_not_allowed("GET, HEAD".to_owned())),
    };
    Ok(ServiceResponse::new(request, response))
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
