use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Public;
use crate::crypto::key_ring::JsonWebKeySet;
use crate::http::{JsonReply, json};
use crate::openapi::DOCUMENT;
use crate::problem::Problem;
use crate::state::AppState;

/// What a front end needs to know before anybody has signed in.
#[derive(Serialize, ToSchema)]
struct PublicConfig<'a> {
    /// The product's name.
    #[schema(examples("Reeve"))]
    product_name: &'a str,
    /// Whether the first administrator is still to come, by the link that the server printed when it started.
    #[schema(examples(false))]
    setup_required: bool,
    /// Who may make an account.
    registration: RegistrationConfig,
    /// How people can sign in.
    sign_in_methods: Vec<&'static str>,
    /// With whose accounts people can sign in.
    oidc_providers: Vec<OidcProviderConfig<'a>>,
    /// The rules for new passwords.
    password: PasswordConfig,
    /// The languages that the screens speak.
    locales: Vec<&'static str>,
}

#[derive(Serialize, ToSchema)]
struct RegistrationConfig {
    /// `approval`, `open`, `invite` or `closed`.
    #[schema(examples("approval"))]
    mode: &'static str,
}

#[derive(Serialize, ToSchema)]
struct OidcProviderConfig<'a> {
    /// As addresses name it.
    #[schema(examples("corporate"))]
    name: &'a str,
    /// As people read it.
    #[schema(examples("Example Corporation"))]
    label: &'a str,
}

#[derive(Serialize, ToSchema)]
struct PasswordConfig {
    /// The fewest characters.
    #[schema(examples(12))]
    min_length: usize,
    /// The most characters.
    #[schema(examples(128))]
    max_length: usize,
    /// The least score of zxcvbn, from 0 (anything) to 4.
    #[schema(examples(3))]
    min_strength: u8,
    /// Whether passwords that are known from a breach are refused.
    #[schema(examples(false))]
    breach_check: bool,
    /// How many former passwords, besides the present one, are refused; 0: none, nor the present one.
    #[schema(examples(0))]
    history: u8,
}

#[derive(Serialize, ToSchema)]
struct Health {
    /// `ok`.
    #[schema(examples("ok"))]
    status: &'static str,
}

fn sign_in_methods(state: &AppState) -> Vec<&'static str> {
    let others = [
        (state.relying_party.is_some(), "passkey"),
        (state.settings.magic_link, "magic_link"),
        (!state.settings.oidc.is_empty(), "oidc"),
    ];
    let others = others.iter().filter(|(is_offered, _)| *is_offered).map(|(_, name)| *name);
    std::iter::once("password").chain(others).collect()
}

/// What a front end needs to know
#[utoipa::path(tag = "meta", operation_id = "config_get", security(()), responses((status = 200, description = "The configuration", body = PublicConfig)))]
#[get("/config")]
pub(super) async fn config(_: Public, state: web::Data<AppState>) -> Result<JsonReply, Problem> {
    let settings = &state.settings;
    json(&PublicConfig {
        product_name: &settings.product_name,
        setup_required: state.first_administrator.is_awaited(&state).await,
        registration: RegistrationConfig { mode: settings.registration.as_str() },
        sign_in_methods: sign_in_methods(&state),
        oidc_providers: settings
            .oidc
            .iter()
            .map(|provider| OidcProviderConfig { name: &provider.name, label: &provider.label })
            .collect(),
        password: PasswordConfig {
            min_length: settings.password.min_length,
            max_length: crate::features::auth::LONGEST_PASSWORD,
            min_strength: settings.password.min_strength,
            breach_check: settings.password.breach_check_url.is_some(),
            history: settings.password.history,
        },
        locales: vec!["en"],
    })
}

/// Whether the process runs
#[utoipa::path(tag = "meta", operation_id = "health_live", security(()), responses((status = 200, description = "It does", body = Health)))]
#[get("/health/live")]
pub(super) async fn live(_: Public) -> Result<JsonReply, Problem> {
    json(&Health { status: "ok" })
}

/// Whether the process can serve: the store answers and a key can sign
#[utoipa::path(tag = "meta", operation_id = "health_ready", security(()), responses((status = 200, description = "It can", body = Health)))]
#[get("/health/ready")]
pub(super) async fn ready(_: Public, state: web::Data<AppState>) -> Result<JsonReply, Problem> {
    state.check_ready().await?;
    json(&Health { status: "ok" })
}

/// This document
#[utoipa::path(tag = "meta", operation_id = "openapi_get", security(()), responses((status = 200, description = "The OpenAPI document", body = Object)))]
#[get("/openapi.json")]
pub(super) async fn openapi(_: Public) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CACHE_CONTROL, "no-cache"))
        .body(DOCUMENT)
}

/// The public keys that verify access tokens
#[utoipa::path(
    tag = "meta",
    operation_id = "jwks_get",
    security(()),
    responses((status = 200, description = "The key set", body = JsonWebKeySet))
)]
#[get("/jwks.json")]
pub(crate) async fn key_set(_: Public, state: web::Data<AppState>) -> HttpResponse {
    let keys = state.access_tokens.keys().public_keys(state.clock.now());
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "public, max-age=300")).json(keys)
}
