//! The demo app: shows what reached it and what the assertion says, takes a form, sends the time as an event stream; at the
//! host of the bank it is the bank. It knows nothing of the gateway but its address.

use std::convert::Infallible;
use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Method, Request, Response};
use http_body::Frame;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Full, Limited, StreamBody};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::bank::Bank;
use super::html::{claims, escaped, said};

type Answer = Response<UnsyncBoxBody<Bytes, Infallible>>;

/// The app, bound to a port of its own on loopback.
#[derive(Debug)]
pub(super) struct App {
    listener: std::net::TcpListener,
    address: SocketAddr,
}

impl App {
    /// Takes a free port.
    pub(super) fn bind() -> io::Result<Self> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        listener.set_nonblocking(true)?;
        Ok(Self { address: listener.local_addr()?, listener })
    }

    /// Where it listens.
    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Serves until `end`.
    pub(super) async fn serve(self, _authority: &Path, portal: &str, end: CancellationToken) {
        let Ok(listener) = TcpListener::from_std(self.listener) else { return };
        let portal: Rc<str> = portal.into();
        let bank = Rc::new(Bank::default());
        loop {
            let accepted = tokio::select! {
                () = end.cancelled() => return,
                accepted = listener.accept() => accepted,
            };
            let Ok((stream, _)) = accepted else { continue };
            let (portal, bank) = (Rc::clone(&portal), Rc::clone(&bank));
            tokio::task::spawn_local(async move {
                let service = service_fn(move |request| {
                    let (portal, bank) = (Rc::clone(&portal), Rc::clone(&bank));
                    async move { Ok::<_, Infallible>(answer(request, &portal, &bank).await) }
                });
                let connection = hyper::server::conn::http1::Builder::new()
                    .timer(TokioTimer::new())
                    .serve_connection(TokioIo::new(stream), service);
                if let Err(error) = connection.await {
                    tracing::debug!(%error, "demo_app_connection_ended");
                }
            });
        }
    }
}

async fn answer(request: Request<Incoming>, portal: &str, bank: &Bank) -> Answer {
    let (parts, body) = request.into_parts();
    if parts.uri.path() == "/clock" {
        return clock();
    }
    let posted = if parts.method == Method::POST {
        // What a person types into a form; more is no business of a demo.
        Limited::new(body, 64 * 1024).collect().await.ok().map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned())
    } else {
        None
    };
    if Bank::is_asked(&parts.headers) {
        let mut response = bank.answer(&parts, posted.as_deref().unwrap_or_default());
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        return response.map(|content| Full::new(Bytes::from(content)).boxed_unsync());
    }
    let wants_json = parts
        .headers
        .get(http::header::ACCEPT)
        .is_some_and(|accept| !String::from_utf8_lossy(accept.as_bytes()).contains("text/html"));
    let (content, kind) = if wants_json {
        (as_json(&parts.headers, parts.uri.path(), posted.as_deref()), "application/json")
    } else {
        (as_page(&parts, posted.as_deref(), portal), "text/html; charset=utf-8")
    };
    let mut response = Response::new(Full::new(Bytes::from(content)).boxed_unsync());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn as_json(headers: &HeaderMap, path: &str, posted: Option<&str>) -> String {
    let seen: Vec<_> = headers
        .iter()
        .map(|(name, value)| [name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()])
        .collect();
    serde_json::json!({ "path": path, "user": said(headers, "remote-user"), "headers": seen, "posted": posted }).to_string()
}

fn as_page(parts: &http::request::Parts, posted: Option<&str>, portal: &str) -> String {
    let user = said(&parts.headers, "remote-user");
    let host = said(&parts.headers, "host").unwrap_or_default();
    let greeting = user.as_deref().map_or_else(|| "Hello, visitor".to_owned(), |user| format!("Hello, {}", escaped(user)));
    let mut rows = String::new();
    for (name, value) in &parts.headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let short: String = value.chars().take(160).collect();
        let more = if short.len() < value.len() { "…" } else { "" };
        let ours = name.as_str().starts_with("remote-") || name.as_str().starts_with("sekisho-");
        let mark = if ours { " class=ours" } else { "" };
        // Writing to a String cannot fail.
        let _written = write!(rows, "<tr{mark}><th>{}</th><td>{}{more}</td></tr>", escaped(name.as_str()), escaped(&short));
    }
    let claims = said(&parts.headers, "sekisho-assertion").and_then(|token| claims(&token)).map_or_else(String::new, |claims| {
        let claims = serde_json::to_string_pretty(&claims).unwrap_or_default();
        format!("<h2>The assertion says</h2><pre>{}</pre><p>Signed with ES256; keys at <a href=\"{portal}/.well-known/jwks.json\">the portal's JWKS</a>.</p>", escaped(&claims))
    });
    let posted = posted.map_or_else(String::new, |posted| {
        let note = url::form_urlencoded::parse(posted.as_bytes())
            .find(|(name, _)| name == "note")
            .map(|(_, note)| note.into_owned())
            .unwrap_or_default();
        format!("<p class=done>Your note arrived: <q>{}</q></p>", escaped(&note))
    });
    let sign_out = if user.is_some() {
        "<form method=post action=\"/.sekisho/sign-out\"><button>Sign out of this app</button></form>"
    } else {
        ""
    };
    format!(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\"><title>{title}</title>\
<style>body{{font:1rem/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fafaf7}}h1{{font-weight:600}}table{{border-collapse:collapse;width:100%;font-size:.875rem}}th{{text-align:left;font-weight:400;color:#666;padding-right:1rem;vertical-align:top;white-space:nowrap}}td{{word-break:break-all}}.ours th,.ours td{{color:#0a5;font-weight:600}}.done{{background:#e6f4ea;padding:.5rem 1rem;border-radius:.5rem}}pre{{background:#f0efe9;padding:1rem;overflow:auto;border-radius:.5rem}}input,button{{font:inherit;padding:.5rem}}form{{margin:1rem 0}}@media(prefers-color-scheme:dark){{body{{color:#ddd;background:#1a1b1e}}pre{{background:#26272b}}.done{{background:#153522}}.ours th,.ours td{{color:#5d9}}}}</style>\
<h1>{greeting}</h1><p>This is the demo app at <b>{host}</b>, path <code>{path}</code>. It sees only what the gateway lets through.</p>{posted}\
<form method=post action=\"/notes\"><label>A note <input name=note required></label> <button>Post it</button></form>{sign_out}\
<h2>What reached me</h2><table>{rows}</table>{claims}</html>",
        title = escaped(user.as_deref().unwrap_or("demo app")),
        host = escaped(&host),
        path = escaped(parts.uri.path()),
    )
}

/// An event each second: shows that nothing is held back on the way.
fn clock() -> Answer {
    let ticks = stream::unfold(0u64, |count| async move {
        if count > 0 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Some((Ok::<_, Infallible>(Frame::data(Bytes::from(format!("data: tick {count}\n\n")))), count + 1))
    });
    let mut response = Response::new(StreamBody::new(ticks).boxed_unsync());
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    response
}
