//! The built single-page application, served from a directory.

mod headers;
mod loopback;

use std::path::{Path, PathBuf};

use actix_files::{Files, NamedFile};
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::Method;
use actix_web::middleware::{Next, from_fn};
use actix_web::web::ServiceConfig;
use actix_web::{HttpResponse, web};

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
        .default_handler(fn_service(move |request| fall_back(request, index.clone())));
    config.service(web::scope("").wrap(from_fn(headers::set)).wrap(from_fn(answer_early)).service(files));
}

/// Whether a path is one of the application's own: not the API's, and nothing that looks like a file, there or missing.
fn is_route(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    !is_api(path) && !path.starts_with("/assets/") && !last.contains('.')
}

fn is_api(path: &str) -> bool {
    ["/api/", "/.well-known/"].iter().any(|place| path.starts_with(place))
}

/// What can be said without a look at the files.
async fn answer_early(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    let answer = refusal(&request).map(HttpResponse::from_error).or_else(|| loopback::redirect(&request));
    match answer {
        // Not `into_response`, which would lose the problem that the answer was made from.
        Some(answer) => Ok(ServiceResponse::new(request.into_parts().0, answer).map_into_right_body()),
        None => next.call(request).await.map(ServiceResponse::map_into_left_body),
    }
}

/// The files would refuse these themselves, but not in the words of the contract.
fn refusal(request: &ServiceRequest) -> Option<Problem> {
    let path = request.path();
    if is_api(path) || path.contains("/.") {
        return Some(Problem::not_found());
    }
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    (!is_read).then(|| Problem::method_not_allowed("GET, HEAD".to_owned()))
}

async fn fall_back(request: ServiceRequest, index: PathBuf) -> Result<ServiceResponse, actix_web::Error> {
    let (request, _) = request.into_parts();
    let response = if is_route(request.path()) {
        web::block(move || NamedFile::open(index)).await??.into_response(&request)
    } else {
        HttpResponse::from_error(Problem::not_found())
    };
    Ok(ServiceResponse::new(request, response))
}
