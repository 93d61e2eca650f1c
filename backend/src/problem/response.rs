//! A problem as an answer: its status and its headers.

use actix_web::http::StatusCode;
use actix_web::http::header::{ALLOW, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};

use super::{Code, Problem};

/// The headers are set here; the body is written where the request is known ([`crate::http::envelope`]).
impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if self.0.code.status() == 401 {
            headers.insert(WWW_AUTHENTICATE, challenge(self.0.code, self.0.refuses_token));
        }
        if let Some(allow) = self.0.allow.as_deref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
            headers.insert(ALLOW, allow);
        }
        if let Some(wait) = self.0.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(wait.as_secs().max(1)));
        }
        response
    }
}

/// RFC 6750: a stranger is only told the scheme; who brought a token is told what is wrong with it.
fn challenge(code: Code, refuses_token: bool) -> HeaderValue {
    HeaderValue::from_static(match code {
        Code::ReauthenticationRequired => r#"Bearer realm="reeve", error="insufficient_user_authentication""#,
        Code::InvalidCredentials => r#"Bearer realm="reeve", error="invalid_token""#,
        _ if refuses_token => r#"Bearer realm="reeve", error="invalid_token""#,
        _ => r#"Bearer realm="reeve""#,
    })
}
