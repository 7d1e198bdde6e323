//! The operations listener: `/healthz` (the process answers), `/readyz` (it can do its work), `/metrics` (Prometheus text).
//! Its own address, loopback by default. Beside it one path of the TLS port, for balancers that see nothing else: whether the
//! gateway takes requests, and no word more. Nothing here opens anything for anybody (T7).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::body::Body;

/// What a balancer asks on the TLS port, by whatever name or none.
pub const HEALTH: &str = "/.sekisho/health";

/// What the answers are made of.
pub trait Operations: Send + Sync + 'static {
    /// Why the gateway cannot do its work now, if it cannot; else a remark, if there is any.
    fn ready(&self) -> BoxFuture<'_, Result<Option<String>, String>>;
    /// The metrics, in Prometheus' text format.
    fn metrics(&self) -> String;
}

/// Serves one connection.
pub async fn serve(stream: TcpStream, operations: Arc<dyn Operations>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let operations = Arc::clone(&operations);
        async move { Ok::<_, Infallible>(answer(&request, &*operations).await) }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(Duration::from_secs(10))
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::trace!(%error, "operations_connection_ended");
    }
}

async fn answer(request: &Request<Incoming>, operations: &dyn Operations) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return text(StatusCode::METHOD_NOT_ALLOWED, "only GET\n".to_owned());
    }
    match request.uri().path() {
        "/healthz" => text(StatusCode::OK, "ok\n".to_owned()),
        "/readyz" => match operations.ready().await {
            Ok(None) => text(StatusCode::OK, "ready\n".to_owned()),
            Ok(Some(remark)) => text(StatusCode::OK, format!("ready\n{remark}\n")),
            Err(reason) => text(StatusCode::SERVICE_UNAVAILABLE, format!("not ready: {reason}\n")),
        },
        "/metrics" => text(StatusCode::OK, operations.metrics()),
        _ => text(StatusCode::NOT_FOUND, "there are /healthz, /readyz and /metrics\n".to_owned()),
    }
}

/// The answer to [`HEALTH`]: 200, or 503 while the gateway drains; `None` where something else is asked. It is made of
/// nothing that the request says.
pub(in crate::gateway) fn health<B>(request: &Request<B>, drains: bool) -> Option<Response<Body>> {
    if request.uri().path() != HEALTH || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let (status, word) = if drains { (StatusCode::SERVICE_UNAVAILABLE, "draining\n") } else { (StatusCode::OK, "ok\n") };
    let mut response = text(status, word.to_owned());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(response)
}

fn text(status: StatusCode, content: String) -> Response<Body> {
    let mut response = Response::new(Body::full(content));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn health_says_one_word_and_only_to_who_asks_for_it_t7() {
        let asked = |method: &str, uri: &str, drains| {
            let request = Request::builder().method(method).uri(uri).header("x-health-check", "1").body(()).unwrap();
            health(&request, drains).map(|answer| answer.status().as_u16())
        };
        for uri in [HEALTH, "/.sekisho/health?verbose=1", "https://192.0.2.1/.sekisho/health"] {
            assert_eq!((asked("GET", uri, false), asked("HEAD", uri, false)), (Some(200), Some(200)), "{uri}");
            assert_eq!(asked("GET", uri, true), Some(503), "{uri}");
        }
        for (method, uri) in [
            ("POST", HEALTH),
            ("OPTIONS", HEALTH),
            ("GET", "/"),
            ("GET", "/health"),
            ("GET", "/.sekisho/health/"),
            ("GET", "/.sekisho/health/x"),
            ("GET", "//.sekisho/health"),
            ("GET", "/.sekisho/%68ealth"),
        ] {
            assert_eq!(asked(method, uri, false), None, "{method} {uri}");
        }
    }
}
