//! Plain HTTP answers with one thing: the same address by HTTPS, on hosts that are ours and no others (T17); and, as long as one is
//! open, the challenge of an authority that issues a certificate (RFC 8555 §8.3), to us or to another client of this host.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, HOST, HeaderValue, LOCATION};
use http::{Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::accept::tls::ServerTls;
use super::body::Body;
use super::hosts::Hosts;
use super::snapshot::GatewaySnapshot;
use super::webroot::key_authorization;
use crate::facts::target;

/// Serves one plain connection.
pub async fn serve(stream: TcpStream, snapshot: Arc<ArcSwap<GatewaySnapshot>>, head_within: Duration) {
    let service = service_fn(move |request: Request<Incoming>| {
        let snapshot = snapshot.load();
        let challenge = challenge(&snapshot.tls, &request);
        let file = snapshot.hosts.acme_webroot.as_ref().and_then(|webroot| webroot.asked(&request));
        let otherwise = redirected(&request, &snapshot.hosts);
        async move {
            let response = match (challenge, file) {
                (Some(answer), _) => answer,
                (None, Some(file)) => file.answer().await.unwrap_or(otherwise),
                (None, None) => otherwise,
            };
            Ok::<_, Infallible>(response.map(Full::new))
        }
    });
    let served = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(head_within)
        .max_buf_size(16 * 1024)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service)
        .await;
    if let Err(error) = served {
        tracing::trace!(%error, "redirect_connection_ended");
    }
}

/// 303 See Other: the client continues with a GET there.
pub fn see_other(location: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(location) = HeaderValue::try_from(location) {
        response.headers_mut().insert(LOCATION, location);
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The answer to a validator of an authority, whatever host it asks at: it looks for a text that only this order's answer can be.
pub(super) fn challenge<B>(tls: &ServerTls, request: &Request<B>) -> Option<Response<Bytes>> {
    let answer = tls.issued()?.answer(request.uri().path()).filter(|_| request.method() == Method::GET)?;
    Some(key_authorization(Bytes::from(answer)))
}

fn redirected<B>(request: &Request<B>, hosts: &Hosts) -> Response<Bytes> {
    let mut response = Response::new(Bytes::new());
    let mut asked = request.headers().get_all(HOST).iter();
    let host = asked.next().and_then(|host| host.to_str().ok()).filter(|_| asked.next().is_none());
    let known = host.and_then(|host| target::split(host).ok()).map(|(host, _)| host.to_ascii_lowercase());
    let base = known.as_deref().and_then(|host| {
        if host == hosts.portal.as_str() { Some(&*hosts.portal_url) } else { hosts.app(host).map(|app| &*app.origin) }
    });
    let path = request.uri().path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    match base.and_then(|base| HeaderValue::try_from(format!("{base}{path}")).ok()) {
        Some(location) => {
            // 308 keeps the method and body of other requests, so that they are sent again as they are.
            *response.status_mut() = if matches!(*request.method(), Method::GET | Method::HEAD) {
                StatusCode::MOVED_PERMANENTLY
            } else {
                StatusCode::PERMANENT_REDIRECT
            };
            response.headers_mut().insert(LOCATION, location);
        }
        None => *response.status_mut() = StatusCode::BAD_REQUEST,
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, SharedClock};
    use crate::gateway::testing::{NOW, config};

    fn hosts() -> Hosts {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path(), "");
        let clock: SharedClock = Arc::new(ManualClock::at(NOW));
        let tls = ServerTls::load(&config, NOW).unwrap();
        let tasks = tokio_util::task::TaskTracker::new();
        Hosts::load(&config, &crate::policy::compile(&config).unwrap(), &tls, &clock, &tasks).unwrap()
    }

    #[test]
    fn only_our_own_hosts_are_redirected_and_never_elsewhere_t17() {
        let hosts = hosts();
        let wiki = Some("https://wiki.example.com");
        for (method, uri, named, status, origin) in [
            ("GET", "/a?b=c", &["wiki.example.com"][..], 301, wiki),
            ("HEAD", "/a?b=c", &["WIKI.example.com:80"], 301, wiki),
            ("POST", "/a?b=c", &["wiki.example.com."], 308, wiki),
            ("GET", "/a?b=c", &["auth.example.com"], 301, Some("https://auth.example.com")),
            // What the target says of a host says nothing.
            ("GET", "http://evil.test/a?b=c", &["wiki.example.com"], 301, wiki),
            ("GET", "/a?b=c", &["evil.test"], 400, None),
            ("GET", "/a?b=c", &["wiki.example.com@evil.test"], 400, None),
            ("GET", "/a?b=c", &["wiki.example.com", "evil.test"], 400, None),
            ("GET", "/a?b=c", &["wiki.example.com, evil.test"], 400, None),
            ("GET", "/a?b=c", &["evil.wiki.example.com"], 400, None),
            ("GET", "/a?b=c", &[""], 400, None),
            ("GET", "/a?b=c", &[], 400, None),
        ] {
            let mut request = Request::builder().method(method).uri(uri);
            for host in named {
                request = request.header(HOST, *host);
            }
            let response = redirected(&request.body(()).unwrap(), &hosts);
            let location = response.headers().get(LOCATION).map(|location| location.to_str().unwrap().to_owned());
            assert_eq!(response.status(), status, "{method} {uri} {named:?}");
            assert_eq!(location, origin.map(|origin| format!("{origin}/a?b=c")), "{method} {uri} {named:?}");
        }
        let request = Request::get("//evil.test/").header(HOST, "wiki.example.com").body(()).unwrap();
        let location = redirected(&request, &hosts).headers().get(LOCATION).cloned().unwrap();
        assert_eq!(location, "https://wiki.example.com//evil.test/");
    }
}
