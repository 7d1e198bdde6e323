//! `/api/v1`: every act of an administrator, made from the acts themselves: a route, a description and a command each.
//! Whoever comes through the gateway brings a token or an administrator's session; the socket in the state directory
//! serves the same to whoever may read that directory.
//! Invariant: nothing here decides or changes anything; it reads, calls `act::perform`, and writes the answer.

mod admission;
pub mod apps;
pub mod describe;
mod problem;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use self::admission::{Admitted, admit};
use self::problem::Problem;
use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::{MethodFilter, get, on, post};
use http::header::{self, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use crate::admin::act::{self, Act, Circumstances, Verb};
use crate::admin::catalogue::{self, Visitor};
use crate::core::Core;

/// Where the API is, on the portal's host and on the socket.
pub const PREFIX: &str = "/api/v1";

/// Through which door a request comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Door {
    /// The portal: a token or a session must be shown.
    Portal,
    /// The socket in the state directory: whoever can open it is the machine's own administrator.
    Machine,
}

#[derive(Debug)]
struct Api {
    core: Arc<Core>,
    door: Door,
}

/// The routes below [`PREFIX`], for one door.
pub fn router(core: Arc<Core>, door: Door) -> Router {
    let described = Router::new().route("/openapi.json", get(description));
    // What only an app may do has its place beside the acts; whoever else comes there is told so.
    let described = described.route("/approvals", post(apps::no_app)).route("/approvals/{approval}", get(apps::no_app));
    let mut routes = Routes(described);
    catalogue::every(&mut routes);
    routes.0.fallback(unknown).method_not_allowed_fallback(not_allowed).with_state(Arc::new(Api { core, door }))
}

struct Routes(Router<Arc<Api>>);

impl Visitor for Routes {
    fn visit<A: Act>(&mut self) {
        let method = match A::ROUTE.verb {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
            Verb::Put => MethodFilter::PUT,
            Verb::Patch => MethodFilter::PATCH,
            Verb::Delete => MethodFilter::DELETE,
        };
        self.0 = std::mem::take(&mut self.0).route(A::ROUTE.path, on(method, answer::<A>));
    }
}

/// One act.
async fn answer<A: Act>(State(api): State<Arc<Api>>, path: RawPathParams, request: Request) -> Response {
    match performed::<A>(&api, &path, request).await {
        Ok(output) => json(StatusCode::OK, &output, "application/json"),
        Err(problem) => problem.answer(),
    }
}

async fn performed<A: Act>(api: &Api, path: &RawPathParams, request: Request) -> Result<Value, Problem> {
    let (admitted, parts, body) = admit(api, request, A::ROUTE).await?;
    let Admitted { administrator, address, request_id } = &admitted;
    let told = |problem: Problem| problem.of_request(request_id.as_deref());
    let act: A = input(api, path, &parts, body, A::ROUTE.verb).await.map_err(told)?;
    let circumstances = Circumstances { address: *address, request_id: request_id.as_deref() };
    let output = act::perform(&api.core, administrator, &circumstances, act).await;
    let output = output.map_err(|error| told(Problem::of(&error)))?;
    serde_json::to_value(&output).map_err(|error| told(Problem::fault(&error)))
}

/// Path, query and body together are the input of an act; nothing may be said twice.
async fn input<A: Act>(api: &Api, path: &RawPathParams, parts: &Parts, body: Body, verb: Verb) -> Result<A, Problem> {
    let mut fields = if verb.has_body() { body_of(api, &parts.headers, body).await? } else { Map::new() };
    let query = parts.uri.query().unwrap_or_default();
    let in_query = url::form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned()));
    let in_path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    for (name, value) in in_query.chain(in_path) {
        if let Some(_twice) = fields.insert(name.clone(), Value::String(value)) {
            return Err(Problem::input(&format!("read `{name}`: it is said twice")));
        }
    }
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let place = error.path().to_string();
        let place = if place == "." { "the request".to_owned() } else { format!("`{place}`") };
        Problem::input(&format!("read {place}: {}", error.inner()))
    })
}

async fn body_of(api: &Api, headers: &HeaderMap, body: Body) -> Result<Map<String, Value>, Problem> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        // Nothing is inflated for anybody (T24).
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding", "send the body as it is"));
    }
    let limit = api.core.config().file.limits.portal_body.bytes();
    let bytes = axum::body::to_bytes(body, limit)
        .await
        .map_err(|_| Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", "the body is too large"))?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")));
    if !is_json {
        let detail = "send `Content-Type: application/json`";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type", detail));
    }
    match serde_json::from_slice(&bytes) {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Problem::input("read the body: it is no JSON object")),
        Err(error) => Err(Problem::input(&format!("read the body: {error}"))),
    }
}

/// The description that clients are made from; it holds no secret and asks for no token.
async fn description(State(api): State<Arc<Api>>) -> Response {
    let config = api.core.config();
    json(StatusCode::OK, &describe::document(&config.file.portal.url), "application/json")
}

async fn unknown(State(_api): State<Arc<Api>>, _request: Request) -> Response {
    Problem::new(StatusCode::NOT_FOUND, "no_such_path", "there is no such path; /api/v1/openapi.json says what there is").answer()
}

async fn not_allowed(State(_api): State<Arc<Api>>, _request: Request) -> Response {
    let detail = "this path has other methods; /api/v1/openapi.json says which";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).answer()
}

fn json(status: StatusCode, document: &Value, kind: &'static str) -> Response {
    let mut response = Response::new(Body::from(document.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
