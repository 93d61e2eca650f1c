//! One server on one's own machine answers to several names, `localhost`, `127.0.0.1` and `[::1]`, but a session lives at one.
//!
//! A page at any other than the public URL could sign in and would lose the session at the next load, because the refresh
//! cookie is only taken from the public URL's origin. So a page that is opened there is sent to the public URL. Where that
//! is comes from the configuration alone; what the request says decides only whether.

use std::net::IpAddr;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use actix_web::http::Uri;
use actix_web::http::header::{FORWARDED, HOST, HeaderValue, LOCATION, X_FORWARDED_FOR, X_FORWARDED_HOST};
use actix_web::http::uri::Authority;

use crate::state::AppState;

/// Sends a page that was opened at another of this machine's own names to the public URL.
pub(super) fn redirect(request: &ServiceRequest) -> Option<HttpResponse> {
    // Behind a proxy the Host is not what the browser asked for.
    let is_forwarded =
        [FORWARDED, X_FORWARDED_FOR, X_FORWARDED_HOST].iter().any(|name| request.headers().contains_key(name));
    if is_forwarded || !super::is_route(request.path()) {
        return None;
    }
    let public_url = request.app_data::<AppState>()?.public_url.as_str();
    let public: Uri = public_url.parse().ok()?;
    let asked: Authority = request.headers().get(HOST)?.to_str().ok()?.parse().ok()?;
    let is_elsewhere = public.scheme_str() == Some("http")
        && loopback_port(public.authority()?)? == loopback_port(&asked)?
        && !public.host()?.eq_ignore_ascii_case(asked.host());
    if !is_elsewhere {
        return None;
    }
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
    let location = HeaderValue::from_str(&format!("{public_url}{path}")).ok()?;
    Some(HttpResponse::TemporaryRedirect().insert_header((LOCATION, location)).finish())
}

/// The port of an address that never leaves the machine.
fn loopback_port(authority: &Authority) -> Option<u16> {
    let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let is_loopback = host == "localhost"
        || host.ends_with(".localhost")
        || host.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
    is_loopback.then(|| authority.port_u16().unwrap_or(80))
}
