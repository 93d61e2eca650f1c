//! The readable page of the contract: Swagger UI out of the binary, so that it loads nothing from elsewhere.

use std::sync::Arc;

use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use actix_web::web::Bytes;
use actix_web::{HttpResponse, Scope, web};
use utoipa_swagger_ui::Config;

use crate::access::Public;
use crate::problem::Problem;

/// Its icons are `data:` images in its style sheet; everything else comes from here.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; \
                      frame-ancestors 'none'; object-src 'none'";

/// The page and what it consists of, below a path that leads to it. It is no part of the contract that it shows.
pub fn documentation(path: &str) -> Scope {
    let serving = |path: &str| web::resource(path.to_owned()).get(serve).default_service(web::to(refuse));
    web::scope(path).service(serving("")).service(serving("/{file:.*}"))
}

async fn refuse() -> Result<HttpResponse, Problem> {
    Err(Problem::method_not_allowed("GET".to_owned()))
}

async fn serve(_: Public, path: Option<web::Path<String>>) -> Result<HttpResponse, Problem> {
    let Some(file) = path else {
        return Ok(HttpResponse::PermanentRedirect().insert_header((LOCATION, "/api/v1/docs/")).finish());
    };
    let config = Config::from("/api/v1/openapi.json").validator_url("none").deep_linking(true);
    let found = utoipa_swagger_ui::serve(&file, Arc::new(config)).map_err(Problem::internal)?;
    let file = found.ok_or_else(Problem::not_found)?;
    let mut response = HttpResponse::Ok();
    response
        .insert_header((CONTENT_TYPE, file.content_type))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .insert_header((CONTENT_SECURITY_POLICY, POLICY));
    if file.gzpipped {
        response.insert_header(("content-encoding", "gzip"));
    }
    Ok(response.body(Bytes::from(file.bytes.into_owned())))
}
