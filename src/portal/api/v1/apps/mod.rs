//! `/api/v1/approvals` of an app: created, read and withdrawn with a token of the app, or at a host of its own
//! with a client certificate (docs/approvals-api.md). Both are checked before anything else, and give access to nothing else.
//! Invariant: an app learns of its own requests alone; those of another app do not exist for it.

pub(in crate::portal) mod approvals;
mod describe;
#[cfg(test)]
mod tests;

pub(super) use self::describe::describe;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::Response;
use axum::routing::{get, post};
use http::StatusCode;
use http::header::{self, HeaderMap};
use tower::ServiceExt as _;

use crate::backchannel::Backchannel;
use crate::backchannel::client::{Client, ClientRejected};
use crate::facts::arrival::Arrival;
use crate::portal::api::v1::admission::bearer;
use crate::portal::api::v1::apps::approvals::{cancel, create, list, look};
use crate::portal::api::v1::problem::ApiProblem;
use crate::portal::api::v1::{Api, ApiAccess};
use crate::telemetry::strangers::{self, Kind};

#[derive(Debug)]
struct Apps {
    api: Api,
    backchannel: Arc<Backchannel>,
}

impl Apps {
    fn new(backchannel: Arc<Backchannel>) -> Arc<Self> {
        Arc::new(Self { api: Api { core: Arc::clone(backchannel.core()), access: ApiAccess::Portal }, backchannel })
    }

    /// The client of a request, judged now: by its token if it sends one, else by its certificate.
    fn client(&self, headers: &HeaderMap, arrival: &Arrival) -> Result<Client, ClientRejected> {
        match (headers.contains_key(header::AUTHORIZATION), &arrival.certificate) {
            (true, _) => self.backchannel.client(bearer(headers).ok_or(ClientRejected::Token)?, arrival.address),
            (false, Some(shown)) => self.backchannel.client_by_certificate(shown, arrival.address),
            (false, None) => Err(ClientRejected::Nothing),
        }
    }
}

/// Lets apps in beside the acts of administrators.
pub fn beside(acts: Router, backchannel: Arc<Backchannel>) -> Router {
    let apps = Apps::new(backchannel);
    // This runs before routing: a path that both routers have would get the parameters of both.
    let layer = middleware::from_fn_with_state((Arc::clone(&apps), own(apps)), divert);
    Router::new().fallback_service(acts).layer(layer)
}

/// Lets in apps alone, by certificate or token.
pub fn alone(backchannel: Arc<Backchannel>) -> Router {
    let apps = Apps::new(backchannel);
    own(Arc::clone(&apps)).layer(middleware::from_fn_with_state(apps, admit))
}

fn own(apps: Arc<Apps>) -> Router {
    Router::new()
        .route("/approvals", post(create).get(list))
        .route("/approvals/{auth_req_id}", get(look).delete(cancel))
        .fallback(elsewhere)
        .method_not_allowed_fallback(elsewhere)
        .with_state(apps)
}

/// A request with a token of an app is an app's.
async fn divert(State((apps, own)): State<(Arc<Apps>, Router)>, mut request: Request, next: Next) -> Response {
    let token = bearer(request.headers()).filter(|token| apps.backchannel.app_of(token).is_some());
    let Some(token) = token else { return next.run(request).await };
    let Some(arrival) = request.extensions().get::<Arrival>().cloned() else { return past().answer() };
    match apps.backchannel.client(token, arrival.address) {
        Ok(client) => {
            request.extensions_mut().insert(client);
            match own.oneshot(request).await {
                Ok(response) => response,
                Err(never) => match never {},
            }
        }
        Err(error) => no_client(&error, &arrival),
    }
}

/// Where certificates are asked for: by either.
async fn admit(State(apps): State<Arc<Apps>>, mut request: Request, next: Next) -> Response {
    let Some(arrival) = request.extensions().get::<Arrival>().cloned() else { return past().answer() };
    match apps.client(request.headers(), &arrival) {
        Ok(client) => {
            request.extensions_mut().insert(client);
            next.run(request).await
        }
        Err(error) => no_client(&error, &arrival),
    }
}

fn past() -> ApiProblem {
    ApiProblem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "this request came past the gateway")
}

fn no_client(error: &ClientRejected, arrival: &Arrival) -> Response {
    let (status, code) = match error {
        ClientRejected::Token => (StatusCode::UNAUTHORIZED, "invalid_token"),
        ClientRejected::Nothing => (StatusCode::UNAUTHORIZED, "certificate_missing"),
        ClientRejected::Unfit(_) | ClientRejected::Certificate | ClientRejected::AnotherName => {
            (StatusCode::UNAUTHORIZED, "invalid_certificate")
        }
        ClientRejected::NotOffered => (StatusCode::FORBIDDEN, "approvals_not_offered"),
        ClientRejected::Network => (StatusCode::FORBIDDEN, "address_not_allowed"),
    };
    if strangers::may_write(Kind::ApiRefused, arrival.address.ip()) {
        tracing::warn!(remote_ip = %arrival.address, code, %error, request_id = %arrival.request_id, "api_refused");
    }
    ApiProblem::new(status, code, &error.to_string()).of_request(Some(&arrival.request_id)).answer()
}

/// Refuses requests that a web page makes with its visitor's certificate: a program does not send a foreign `Origin`.
pub async fn no_page(State(backchannel): State<Arc<Backchannel>>, request: Request, next: Next) -> Response {
    let config = backchannel.core().config();
    let own = config.file.portal.mtls_url.as_deref().unwrap_or_default().trim_end_matches('/');
    if request.headers().get_all(header::ORIGIN).iter().any(|origin| origin.as_bytes() != own.as_bytes()) {
        return ApiProblem::new(StatusCode::FORBIDDEN, "foreign_origin", "ask as an app: this comes from a page").answer();
    }
    next.run(request).await
}

/// Everything else at a host that is there for apps alone.
pub async fn nothing_else() -> Response {
    let detail = "apps ask for approvals here, and nothing else is served; people go to the portal";
    ApiProblem::new(StatusCode::NOT_FOUND, "no_such_path", detail).answer()
}

/// Everything else below `/api/v1`.
async fn elsewhere() -> Response {
    let detail = "an app's token or certificate opens `/api/v1/approvals` and nothing else";
    ApiProblem::new(StatusCode::FORBIDDEN, "scope_missing", detail).answer()
}

/// The answer to other callers where only an app may ask.
pub(in crate::portal) async fn no_app() -> Response {
    let detail = "only an app asks for approvals: bring a token of one (`sekisho token issue --scope approvals --app …`)";
    let challenge = "Bearer realm=\"sekisho\"";
    ApiProblem::new(StatusCode::UNAUTHORIZED, "app_token_missing", detail).challenged(challenge).answer()
}
