//! How long what is served here may be kept, and by whom.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue, VARY};
use actix_web::middleware::Next;

/// A file under `assets/` has its content's hash in its name and never changes; everything else is asked for anew.
pub(super) async fn set(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let immutable = request.path().starts_with("/assets/");
    let mut response = next.call(request).await?;
    let status = response.status();
    let headers = response.headers_mut();
    if status.is_success() {
        let value = if immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(value));
        // Said of the uncompressed file too, or a shared cache would hand that one to everybody.
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
    }
    headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, HeaderValue::from_static("same-origin"));
    Ok(response)
}
