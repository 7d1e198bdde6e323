//! The operations listener: `/healthz` (the process answers), `/readyz` (it can do its work), `/metrics` (Prometheus text).
//! Its own address, loopback by default; nothing here opens anything for anybody (T7).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::body::Body;

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

fn text(status: StatusCode, content: String) -> Response<Body> {
    let mut response = Response::new(Body::full(content));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8"));
    response
}
