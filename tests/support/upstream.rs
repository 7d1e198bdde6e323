//! An upstream that answers with what reached it, and misbehaves where the path demands it.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use http_body_util::{BodyExt as _, Either, Full};
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// What reached the upstream.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    /// All values of a header, lower-case name.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.headers.iter().filter(|(found, _)| found == name).map(|(_, value)| value.as_str()).collect()
    }
}

#[derive(Clone, Debug)]
pub struct Upstream {
    address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Upstream {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let upstream = Self { address: listener.local_addr().unwrap().to_string(), seen: Arc::default() };
        let shared = upstream.clone();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let shared = shared.clone();
                tokio::spawn(async move {
                    let service = service_fn(move |request| answer(request, shared.clone()));
                    let _ended = hyper::server::conn::http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service)
                        .with_upgrades()
                        .await;
                });
            }
        });
        upstream
    }

    pub fn address(&self) -> String {
        self.address.clone()
    }

    /// Everything that reached it so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// The last request that reached it.
    pub fn last(&self) -> Seen {
        self.seen.lock().unwrap().last().cloned().expect("nothing reached the upstream")
    }
}

/// One event, and no end.
struct Events(Option<Bytes>);

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.0.take().map_or(Poll::Pending, |event| Poll::Ready(Some(Ok(Frame::data(event)))))
    }
}

type Answered = Response<Either<Full<Bytes>, Events>>;

async fn answer(mut request: Request<Incoming>, upstream: Upstream) -> Result<Answered, Infallible> {
    if request.headers().contains_key("upgrade") {
        note(&upstream, &request, String::new());
        let upgrade = hyper::upgrade::on(&mut request);
        tokio::spawn(async move {
            // Echoes whatever comes: the gateway tunnels bytes, it knows no WebSocket.
            let mut stream = TokioIo::new(upgrade.await.unwrap());
            let mut buffer = [0; 1024];
            while let Ok(count) = stream.read(&mut buffer).await {
                if count == 0 || stream.write_all(&buffer[..count]).await.is_err() {
                    break;
                }
            }
        });
        let response = Response::builder().status(101).header("connection", "upgrade").header("upgrade", "websocket");
        return Ok(response.body(Either::Left(Full::default())).unwrap());
    }
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(|body| String::from_utf8_lossy(&body.to_bytes()).into_owned()).unwrap_or_default();
    let request = Request::from_parts(parts, ());
    note(&upstream, &request, body.clone());
    if request.uri().path() == "/events" {
        let events = Events(Some(Bytes::from_static(b"data: 1\n\n")));
        return Ok(Response::builder().header("content-type", "text/event-stream").body(Either::Right(events)).unwrap());
    }
    let text = format!("{} {}\n{body}", request.method(), request.uri());
    if request.uri().path() == "/varies" {
        let response = Response::builder().header("vary", "Accept, Client-Cert").header("client-cert", ":AA==:");
        return Ok(response.body(Either::Left(Full::from(text))).unwrap());
    }
    Ok(Response::builder().header("x-upstream", "yes").body(Either::Left(Full::from(text))).unwrap())
}

fn note<B>(upstream: &Upstream, request: &Request<B>, body: String) {
    let headers = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
        .collect();
    let seen = Seen { method: request.method().to_string(), headers, body };
    upstream.seen.lock().unwrap().push(seen);
}
