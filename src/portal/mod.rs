//! The gateway's own host: sign-in, launcher, account, API. Handlers are thin: parse, call, render.

pub mod account;
pub mod admin;
pub mod answer;
pub mod api;
pub mod approver;
pub mod enrol;
pub mod help;
pub mod idp;
pub mod invitation;
pub mod kit;
pub mod launcher;
pub mod matrix;
mod oidc;
pub mod passkey;
pub mod push;
pub mod samples;
pub mod sign_in;
pub mod sign_out;
pub mod transaction;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::{FromRequest as _, Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Router, middleware};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, LOCATION, SET_COOKIE};
use http::{Method, StatusCode};
use serde::Deserialize;

use crate::backchannel::Backchannel;
use crate::certificate::authority::ANCHORS;
use crate::portal::kit::form::Form;
use crate::portal::kit::language::{Language, words};
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::kit::{assets, paths};
use crate::sign_in::engine::SignIn;

/// Everything on the portal's host.
pub fn router(backchannel: Arc<Backchannel>) -> Router {
    words::load();
    let core = Arc::clone(backchannel.core());
    let api = api::v1::router(Arc::clone(&core), api::v1::ApiAccess::Portal);
    let api = api::v1::apps::beside(api, Arc::clone(&backchannel));
    let state = PortalState { sign_in: SignIn::new(Arc::clone(&core)), core };
    let router = Router::new()
        .route(paths::LAUNCHER, get(launcher::show))
        .route(paths::SIGN_IN, get(sign_in::show))
        .route(paths::PASSWORD, post(sign_in::password).get(to_sign_in))
        .route(paths::NEW_PASSWORD, get(sign_in::new_password_page::show).post(sign_in::new_password_page::change))
        .route(paths::MATRIX, post(matrix::take).get(to_sign_in))
        .route(paths::TOKEN_MATRIX, post(matrix::take_off_phone).get(to_sign_in))
        .route(paths::NEW_PATTERN, get(matrix::show_setting).post(matrix::enter))
        .route(paths::OTP, post(sign_in::code).get(to_sign_in))
        .route(paths::BROWSER, post(sign_in::code).get(to_sign_in))
        .route(paths::DEVICE, post(sign_in::device::apply).get(to_sign_in))
        .route(paths::DEVICE_STATE, get(sign_in::device::decided))
        .route(paths::PASSKEY, post(passkey::take).get(to_sign_in))
        .route(paths::PASSKEY_OPTIONS, post(passkey::options).get(to_sign_in))
        .route(paths::PUSH, post(push::ask).get(to_sign_in))
        .route(paths::PUSH_CANCEL, post(push::cancel).get(to_sign_in))
        .route(paths::PUSH_STATE, get(push::state))
        .route(paths::SIGN_OUT, get(sign_out::ask_sign_out).post(sign_out::sign_out))
        .route(paths::LANGUAGE, post(choose_language))
        .route("/.well-known/jwks.json", get(jwks))
        .route("/.well-known/sekisho/{file}", get(authority_file))
        .nest_service(api::v1::PREFIX, api);
    let router = transaction::routes(approver::routes(idp::routes(router))).merge(oidc::router(backchannel));
    let router = admin::routes(invitation::routes(help::routes(account::routes(router))));
    router.fallback(other).method_not_allowed_fallback(not_allowed).with_state(state)
}

/// Everything at `portal.mtls_url`, where a client certificate is asked for: apps that want approvals, and no page.
pub fn for_apps(backchannel: Arc<Backchannel>) -> Router {
    let api = api::v1::apps::alone(Arc::clone(&backchannel));
    let router = oidc::endpoints(Arc::clone(&backchannel)).nest_service(api::v1::PREFIX, api);
    let no_page = middleware::from_fn_with_state(backchannel, api::v1::apps::no_page);
    router.fallback(api::v1::apps::nothing_else).layer(no_page)
}

/// A GET of an address that only takes POST, for example a reload: leads to the step.
async fn to_sign_in() -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, paths::SIGN_IN)]).into_response()
}

/// The keys that sign assertions (RFC 7517).
async fn jwks(State(state): State<PortalState>) -> Response {
    let headers = [(CONTENT_TYPE, "application/jwk-set+json"), (CACHE_CONTROL, "public, max-age=300")];
    (headers, state.core.signing_keys().jwks().to_string()).into_response()
}

/// The authority's own files for others: the revocation list of a key (RFC 5280 §4.2.1.13), and the certificates of the keys
/// whose signatures count.
async fn authority_file(State(state): State<PortalState>, Path(file): Path<String>, visit: Visit) -> Response {
    let authority = state.core.authority();
    let answer = |kind: &'static str, body: Vec<u8>| ([(CONTENT_TYPE, kind), (CACHE_CONTROL, "public, max-age=3600")], body);
    let list = file.strip_suffix(".crl").and_then(|id| authority.revocation_list(id));
    match list {
        Some(list) => answer("application/pkix-crl", list).into_response(),
        None if file == ANCHORS && !authority.list().is_empty() => {
            answer("application/x-pem-file", authority.anchors().into_bytes()).into_response()
        }
        None => visit.error(StatusCode::NOT_FOUND, "no_such_page"),
    }
}

/// Assets, and what is not there.
async fn other(State(state): State<PortalState>, request: Request) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && let Some(asset) = assets::answer(request.uri().path(), request.headers())
    {
        return asset.map(axum::body::Body::from);
    }
    // A page with a slash behind it is that page: so are addresses typed and kept.
    if matches!(*request.method(), Method::GET | Method::HEAD)
        && let Some(page) = paths::without_slash(request.uri().path(), request.uri().query())
    {
        return (StatusCode::PERMANENT_REDIRECT, [(LOCATION, page.as_str()), (CACHE_CONTROL, "no-store")]).into_response();
    }
    match Visit::from_request(request, &state).await {
        Ok(visit) => visit.error(StatusCode::NOT_FOUND, "no_such_page"),
        Err(response) => response,
    }
}

async fn not_allowed(visit: Visit) -> Response {
    visit.error(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed")
}

/// What the chooser of languages sends.
#[derive(Default, Deserialize)]
#[serde(default)]
struct LanguageForm {
    language: String,
    back: String,
}

/// POST /language: a choice that sticks.
async fn choose_language(Form { visit, fields }: Form<LanguageForm>) -> Response {
    let Some(language) = Language::from_tag(&fields.language) else {
        return visit.error(StatusCode::BAD_REQUEST, "unknown_language");
    };
    // Only a path of ours, never an address (T17).
    let back = Some(fields.back.as_str()).filter(|back| paths::is_ours(back));
    let mut response = visit.see_other(back.unwrap_or(paths::LAUNCHER));
    response.headers_mut().append(SET_COOKIE, language.cookie());
    response
}
