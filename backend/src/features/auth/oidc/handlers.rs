use actix_web::http::header::{HeaderValue, LOCATION, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use url::form_urlencoded;

use super::binding;
use super::callback::{self, Arrival, Way};
use super::departure::{self, LocalPath, Purpose};
use super::redemption::{self, Presented};
use super::refusal::Refusal;
use crate::access::{Caller, FreshlyAuthenticated, Public};
use crate::features::auth::answer::answer;
use crate::features::auth::model::{IdentityLink, IdentityLinkAnswer, OidcCode, SignInAnswer};
use crate::features::auth::{address_limit, device_cookie};
use crate::http::Body;
use crate::oidc::Provider;
use crate::problem::Problem;
use crate::state::AppState;

/// Sign in with an account elsewhere
///
/// For browsers, which go to the provider; `GET /config` names the providers. They come back to the page of the application
/// that redeems the code.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_oidc_start",
    security(()),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("next" = Option<String>, Query, description = "The page of the application to go on to; any other address is left out")
    ),
    responses(
        (status = 302, description = "To the provider, or to the sign-in page with an `error` if it can't be reached"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[get("/auth/oidc/{provider}/start")]
pub(in crate::features::auth) async fn start(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let provider = find(&state, &name)?;
    let purpose = Purpose::SignIn(LocalPath::of(parameter(&request, "next").as_deref()));
    match departure::depart(&state, provider, purpose, public.origin.ip).await? {
        Ok(departure) => {
            let mut response = redirect(&departure.url)?;
            set_cookie(&mut response, &binding::set(&state, &departure.browser))?;
            Ok(response)
        }
        Err(failure) => {
            tracing::warn!(provider = provider.settings.name, reason = %failure, "nobody can be sent to a provider");
            redirect(&sign_in_page(&state, Refusal::from(&failure)))
        }
    }
}

/// Come back from a provider
///
/// Providers send browsers here. Nobody is signed in by it: the page of the application that it leads to posts the code, which
/// is good once, for a minute, and for this browser.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_oidc_callback",
    security(()),
    params(
        ("provider" = String, Path, description = "The provider's name"),
        ("state" = Option<String>, Query, description = "What the provider was sent"),
        ("code" = Option<String>, Query, description = "What the provider exchanges for an ID token"),
        ("error" = Option<String>, Query, description = "Why there is no code"),
        ("iss" = Option<String>, Query, description = "Which provider it is (RFC 9207)")
    ),
    responses((status = 302, description = "To a page of the application, with a `code` or an `error`"))
)]
#[get("/auth/oidc/{provider}/callback")]
pub(in crate::features::auth) async fn come_back(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    name: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let provider = find(&state, &name)?;
    let arrival = Arrival {
        state: parameter(&request, "state"),
        code: parameter(&request, "code"),
        error: parameter(&request, "error"),
        issuer: parameter(&request, "iss"),
        browser: binding::read(&state, &request),
    };
    let way = callback::arrive(&state, provider, Caller::stranger(public.origin), arrival).await?;
    redirect(&page(&state, way))
}

/// Sign in by what the way back from a provider ended with
///
/// The code is good once, for a minute, and for the browser that went to the provider. A second factor that is set up here is
/// asked for all the same.
#[utoipa::path(
    tag = "auth",
    operation_id = "auth_oidc_redeem",
    security(()),
    request_body = OidcCode,
    responses(
        (status = 200, description = "What signing in led to", body = SignInAnswer),
        (status = 400, description = "`invalid_token`"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/auth/oidc/redeem")]
pub(in crate::features::auth) async fn redeem(
    public: Public,
    state: web::Data<AppState>,
    request: HttpRequest,
    body: Body<OidcCode>,
) -> Result<HttpResponse, Problem> {
    let OidcCode { code, refresh } = body.0;
    let presented = Presented {
        code: code.into_token(),
        browser: binding::read(&state, &request),
        device: device_cookie::read(&state, &request),
        delivery: refresh.unwrap_or_default(),
    };
    let address = public.origin.ip;
    let redemption = redemption::redeem(&state, Caller::stranger(public.origin), presented);
    let mut response = answer(&state, address_limit::redeem(&state, address, redemption).await?)?;
    set_cookie(&mut response, &binding::clear(&state))?;
    Ok(response)
}

/// Begin to link an account elsewhere
///
/// Answers where the browser has to go. It comes back to one's own page, and from then on the account there signs in here.
#[utoipa::path(
    tag = "account",
    operation_id = "account_identities_link",
    request_body = IdentityLink,
    responses(
        (status = 200, description = "Where to go", body = IdentityLinkAnswer),
        (status = 401, description = "`unauthenticated`, `reauthentication_required`"),
        (status = 404, description = "`not_found`: there is no such provider"),
        (status = 429, description = "`rate_limited`")
    )
)]
#[post("/me/identities")]
pub(in crate::features::auth) async fn link(
    authenticated: FreshlyAuthenticated,
    state: web::Data<AppState>,
    body: Body<IdentityLink>,
) -> Result<HttpResponse, Problem> {
    let caller = authenticated.into_caller();
    let provider = find(&state, &body.0.provider)?;
    let purpose = Purpose::Link(caller.user_id().unwrap_or_default(), caller.session_id());
    let departed = departure::depart(&state, provider, purpose, caller.origin.ip).await?;
    let departure = departed.map_err(|failure| Problem::unavailable_elsewhere(&failure))?;
    let mut response = HttpResponse::Ok().json(IdentityLinkAnswer { url: departure.url });
    set_cookie(&mut response, &binding::set(&state, &departure.browser))?;
    Ok(response)
}

fn find<'s>(state: &'s AppState, name: &str) -> Result<&'s Provider, Problem> {
    state.oidc.find(name).ok_or_else(Problem::not_found)
}

/// A parameter that is there once: what is said twice is not said (RFC 6749, section 3.1).
fn parameter(request: &HttpRequest, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(request.query_string().as_bytes()).filter(|(key, _)| key == name);
    let value = values.next()?.1.into_owned();
    values.next().is_none().then_some(value)
}

fn page(state: &AppState, way: Way) -> String {
    let at = |path: &str, parameters: &[(&str, &str)]| {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(parameters).finish();
        format!("{}{path}?{query}", state.public_url.as_str())
    };
    match way {
        Way::SignIn(code, next) => at("/signed-in-elsewhere", &[("code", code.expose()), ("next", &next)]),
        Way::Linked => at("/account", &[("tab", "security"), ("identity", "linked")]),
        Way::NotLinked(refusal) => at("/account", &[("tab", "security"), ("identity", refusal.as_str())]),
        Way::NotSignedIn(refusal) => sign_in_page(state, refusal),
    }
}

fn sign_in_page(state: &AppState, refusal: Refusal) -> String {
    format!("{}/sign-in?error={}", state.public_url.as_str(), refusal.as_str())
}

fn redirect(location: &str) -> Result<HttpResponse, Problem> {
    let mut response = HttpResponse::Found().finish();
    response.headers_mut().insert(LOCATION, HeaderValue::from_str(location).map_err(Problem::internal)?);
    Ok(response)
}

fn set_cookie(response: &mut HttpResponse, cookie: &actix_web::cookie::Cookie<'_>) -> Result<(), Problem> {
    let value = HeaderValue::from_str(&cookie.to_string()).map_err(Problem::internal)?;
    response.headers_mut().append(SET_COOKIE, value);
    Ok(())
}
