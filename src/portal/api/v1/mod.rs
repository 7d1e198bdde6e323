//! `/api/v1`: every act of an administrator, made from the acts themselves: a route, a description and a command each.
//! A request through the gateway needs a token or an administrator's session; the socket in the state directory serves the
//! same to every process that may open it.
//! Invariant: nothing here decides or changes anything; it reads, calls `act::perform`, and writes the answer.

mod admission;
pub mod apps;
pub mod describe;
mod problem;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{RawPathParams, Request, State};
use axum::response::Response;
use axum::routing::{MethodFilter, get, on, post};
use http::header::{self, HeaderValue};
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde_json::{Map, Value};

use self::admission::{ApiCaller, admit};
use self::problem::ApiProblem;
use crate::admin::act::{self, Act, Circumstances, Verb};
use crate::admin::catalogue::{self, ActVisitor};
use crate::admin::told;
use crate::core::Core;
use crate::portal::kit::paths;

/// Where the API is, on the portal's host and on the socket.
pub const PREFIX: &str = paths::API;

/// A body that is longer is not read into fields by a worker.
const LONG: usize = 1 << 20;

/// How a request reaches the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiAccess {
    /// The portal: a token or a session must be shown.
    Portal,
    /// The socket in the state directory: a process that can open it is the machine's own administrator.
    Machine,
}

#[derive(Debug)]
struct Api {
    core: Arc<Core>,
    access: ApiAccess,
}

/// The routes below [`PREFIX`], for one kind of access.
pub fn router(core: Arc<Core>, access: ApiAccess) -> Router {
    let described = Router::new().route("/openapi.json", get(description));
    // What only an app may do is routed beside the acts; every other caller gets an answer that says so.
    let described = described.route("/approvals", post(apps::no_app)).route("/approvals/{approval}", get(apps::no_app));
    let mut routes = Routes(described);
    catalogue::every(&mut routes);
    routes.0.fallback(unknown).method_not_allowed_fallback(not_allowed).with_state(Arc::new(Api { core, access }))
}

struct Routes(Router<Arc<Api>>);

impl ActVisitor for Routes {
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

async fn performed<A: Act>(api: &Api, path: &RawPathParams, request: Request) -> Result<Value, ApiProblem> {
    let (admitted, parts, body) = admit(api, request, A::ROUTE).await?;
    let ApiCaller { administrator, address, request_id, language } = &admitted;
    let of_request = |problem: ApiProblem| problem.of_request(request_id.as_deref());
    // Who may not do it sends nothing long.
    let longest = A::ROUTE.longest.filter(|_| administrator.may(A::SCOPE).is_ok()).unwrap_or(0);
    let limit = api.core.config().file.limits.portal_body.bytes().max(longest);
    let act: A = input(path, &parts, body, (A::ROUTE.verb, limit)).await.map_err(of_request)?;
    let circumstances = Circumstances { address: *address, request_id: request_id.as_deref() };
    let output = act::perform(&api.core, administrator, &circumstances, act).await;
    let output = output.map_err(|error| of_request(ApiProblem::of(&error, *language)))?;
    let mut answer = serde_json::to_value(&output).map_err(|error| of_request(ApiProblem::fault(&error)))?;
    told::retell(&output, &mut answer, *language);
    Ok(answer)
}

/// Path, query and body together are the input of an act; a field may occur only once.
async fn input<A: Act>(path: &RawPathParams, parts: &Parts, body: Body, (verb, limit): (Verb, usize)) -> Result<A, ApiProblem> {
    let mut fields = if verb.has_body() { body_of(&parts.headers, body, limit).await? } else { Map::new() };
    let query = parts.uri.query().unwrap_or_default();
    let in_query = url::form_urlencoded::parse(query.as_bytes()).map(|(name, value)| (name.into_owned(), value.into_owned()));
    let in_path = path.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    for (name, value) in in_query.chain(in_path) {
        if let Some(_twice) = fields.insert(name.clone(), Value::String(value)) {
            return Err(ApiProblem::input(&format!("read `{name}`: it is said twice")));
        }
    }
    serde_path_to_error::deserialize(Value::Object(fields)).map_err(|error| {
        let place = error.path().to_string();
        let place = if place == "." { "the request".to_owned() } else { format!("`{place}`") };
        ApiProblem::input(&format!("read {place}: {}", error.inner()))
    })
}

/// The fields of a body of up to `limit` bytes.
async fn body_of(headers: &HeaderMap, body: Body, limit: usize) -> Result<Map<String, Value>, ApiProblem> {
    if headers.contains_key(header::CONTENT_ENCODING) {
        // Compressed bodies are not read (T24).
        return Err(ApiProblem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_encoding", "send the body as it is"));
    }
    let bytes = axum::body::to_bytes(body, limit).await.map_err(|_| {
        let detail = format!("the body is larger than {limit} bytes (`limits.portal_body`)");
        ApiProblem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", &detail)
    })?;
    if bytes.is_empty() {
        return Ok(Map::new());
    }
    let is_json = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json")));
    if !is_json {
        let detail = "send `Content-Type: application/json`";
        return Err(ApiProblem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content_type", detail));
    }
    let read = if bytes.len() > LONG {
        let read = tokio::task::spawn_blocking(move || serde_json::from_slice(&bytes)).await;
        read.map_err(|error| ApiProblem::fault(&error))?
    } else {
        serde_json::from_slice(&bytes)
    };
    match read {
        Ok(Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(ApiProblem::input("read the body: it is not a JSON object")),
        Err(error) => Err(ApiProblem::input(&format!("read the body: {error}"))),
    }
}

/// The description that clients are made from; it holds no secret and asks for no token.
async fn description(State(api): State<Arc<Api>>) -> Response {
    let config = api.core.config();
    json(StatusCode::OK, &describe::document(&config.file.portal.url), "application/json")
}

async fn unknown(State(_api): State<Arc<Api>>, _request: Request) -> Response {
    ApiProblem::new(StatusCode::NOT_FOUND, "no_such_path", "there is no such path; /api/v1/openapi.json says what there is")
        .answer()
}

async fn not_allowed(State(_api): State<Arc<Api>>, _request: Request) -> Response {
    let detail = "this path has other methods; /api/v1/openapi.json says which";
    ApiProblem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail).answer()
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
