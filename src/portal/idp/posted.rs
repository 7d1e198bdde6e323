//! Where a provider that speaks SAML has browsers post its responses, and the metadata that it reads of this gateway.

use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};

use crate::portal::idp::nowhere;
use crate::portal::idp::page::{IdpWhat, RETURNS_REST};
use crate::portal::kit::continue_page::ContinuePage;
use crate::portal::kit::slow_down::SlowDownReason;
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::flow::slow_down;
use crate::sign_in::goal::{Goal, PortalArea};
use crate::sign_in::idp::IdpTrouble;

/// POST …/assertion (SAML Bindings 2.0 §3.5): from a page of the provider, so that the browser sends no cookie along. The
/// response is verified here; the browser goes on by itself to where its cookies say whether it began this sign-in.
pub(super) async fn assertion(
    State(state): State<PortalState>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Response> {
    let (mut visit, body) = Visit::read(Arc::clone(&state.core), request)?;
    // A browser has its cookie, and did not send it: it must not be given another one.
    visit.is_new = false;
    let Some(provider) = state.core.idp().find(&name).filter(|provider| provider.settings().is_saml()) else {
        return Err(visit.error(StatusCode::NOT_FOUND, "no_such_page"));
    };
    if visit.parts.headers.contains_key(CONTENT_ENCODING) {
        // Compressed bodies are not read (T24).
        return Err(visit.error(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding"));
    }
    let limit = state.core.config().file.limits.portal_body.bytes();
    let Ok(bytes) = axum::body::to_bytes(body, limit).await else {
        return Err(visit.error(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"));
    };
    let one = |wanted: &str| {
        let mut found = url::form_urlencoded::parse(&bytes).filter(|(name, _)| name == wanted).map(|(_, value)| value);
        let first = found.next();
        first.filter(|_| found.next().is_none())
    };
    let Some(response) = one("SAMLResponse") else {
        return Err(visit.error(StatusCode::BAD_REQUEST, "invalid_input"));
    };
    let relay = one("RelayState").unwrap_or_default();
    let trouble = match state.sign_in.posted_by_idp(&visit.visitor(), &provider, &response, &relay).await {
        Ok(Ok(next)) => {
            // The provider's page, too, may be held to where its forms end; and from a page of ours on a browser sends cookies.
            let page = ContinuePage { frame: visit.frame(), app: provider.settings().title().to_owned(), next };
            return Ok(visit.page(StatusCode::OK, &page, &[]));
        }
        Ok(Err(trouble)) => trouble,
        Err(error) => return Err(visit.failed(&error)),
    };
    if matches!(trouble, IdpTrouble::TooMany) {
        let goal = Goal::Portal { back: String::new(), fresh: false, area: PortalArea::Account };
        return Ok(slow_down(&visit, &goal, SlowDownReason::Returns, RETURNS_REST));
    }
    let code = trouble.code();
    let what = IdpWhat::of(trouble);
    let status = match what {
        IdpWhat::Over | IdpWhat::Unsolicited => StatusCode::BAD_REQUEST,
        _ => what.status(),
    };
    Ok(visit.page(status, &nowhere(&visit, &provider, what, code), &[]))
}

/// GET …/metadata (SAML Metadata 2.0 §4.1): this gateway as the provider reads it. Nothing of it is secret.
pub(super) async fn metadata(State(state): State<PortalState>, Path(name): Path<String>, visit: Visit) -> Response {
    let provider = state.core.idp().find(&name);
    let Some(metadata) = provider.as_ref().and_then(|provider| provider.settings().own_metadata()) else {
        return visit.error(StatusCode::NOT_FOUND, "no_such_page");
    };
    let headers =
        [(CONTENT_TYPE, "application/samlmetadata+xml"), (CACHE_CONTROL, "no-store"), (X_CONTENT_TYPE_OPTIONS, "nosniff")];
    (StatusCode::OK, headers, metadata.to_owned()).into_response()
}
