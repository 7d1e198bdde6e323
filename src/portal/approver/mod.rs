//! `/approver/`: the phone's page, and what its script and any other approver speak (docs/approver-protocol.md). Every
//! request of an approver carries the proof of its key (RFC 9449); no cookie is read here.
//! Invariant: only a key that is registered for a user gets an answer about that user, or what reads the code on the screen of
//! somebody who signs in.

mod call;
mod events;
pub mod page;
mod passkey;
mod questions;
mod slots;
mod tables;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::{delete, get, post, put};
use http::StatusCode;
use http::header::{self, HeaderValue};
use serde_json::json;

use crate::portal::approver::call::answered;
use crate::portal::approver::events::{events, subscribe, unsubscribe};
use crate::portal::approver::page::ApproverPage;
use crate::portal::approver::questions::{answer, asked, release};
use crate::portal::approver::slots::{register, remove, rename, ring_again, slots};
use crate::portal::kit::state::PortalState;
use crate::portal::kit::visit::Visit;
use crate::portal::kit::{assets, protection};

/// Adds the approver's routes.
pub(in crate::portal) fn routes(router: Router<PortalState>) -> Router<PortalState> {
    router
        .route("/approver/", get(page))
        .route("/approver", get(page))
        .route("/approver/manifest.webmanifest", get(manifest))
        .route("/approver/worker.js", get(worker))
        .route("/approver/api/register", post(register))
        .route("/approver/api/slots", get(slots))
        .route("/approver/api/slots/{user}", put(rename).delete(remove))
        .route("/approver/api/slots/{user}/silences", delete(ring_again))
        .route("/approver/api/slots/{user}/table", post(tables::draw))
        .route("/approver/api/approvals/{id}", get(asked).post(answer))
        .route("/approver/api/passkey/question", post(passkey::question))
        .route("/approver/api/passkey/challenge", post(passkey::challenge))
        .route("/approver/api/passkey/answer", post(passkey::answer))
        .route("/approver/api/windows", post(release))
        .route("/approver/api/subscription", put(subscribe).delete(unsubscribe))
        .route("/approver/api/events", get(events))
}

/// GET /approver/
async fn page(visit: Visit) -> Response {
    let mut frame = visit.frame();
    frame.person = None;
    let mut page = visit.scripted_page(StatusCode::OK, &ApproverPage { frame });
    if visit.core.policies().scans() {
        protection::allow_camera(page.headers_mut());
    }
    page
}

/// GET /approver/manifest.webmanifest
async fn manifest(visit: Visit) -> Response {
    let frame = visit.frame();
    let [small, large, maskable, _touch] = &*assets::ICONS;
    let picture = |icon: &assets::Asset, sizes: &str, purpose: &str| json!({ "src": icon.path, "sizes": sizes, "type": "image/png", "purpose": purpose });
    let manifest = json!({
        "id": "/approver/",
        "name": format!("{} · {}", frame.say("approver-title"), frame.organisation_name()),
        "short_name": frame.say("approver-title"),
        "lang": frame.language.tag(),
        "start_url": "/approver/",
        "scope": "/approver/",
        "display": "standalone",
        "background_color": "#f5f4ef",
        "theme_color": "#26457f",
        "icons": [
            { "src": frame.gate_path(), "sizes": "any", "type": "image/svg+xml", "purpose": "any" },
            picture(small, "192x192", "any"),
            picture(large, "512x512", "any"),
            picture(maskable, "512x512", "maskable"),
        ],
    });
    answered(StatusCode::OK, &manifest, "application/manifest+json")
}

/// GET /approver/worker.js: at a fixed address, since a browser looks there for a newer one.
async fn worker(request: Request) -> Response {
    // The scope of a service worker is the folder of its address.
    let mut response = assets::WORKER.answer(request.headers()).map(Body::from);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
        .headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; connect-src 'self'"));
    response
}
