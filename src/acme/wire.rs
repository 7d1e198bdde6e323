//! Requests to an authority: over TLS alone, each within a time, with what the last answer said of waiting kept. The library's own
//! client has no time limit and loses status and `Retry-After` of an answer that is no JSON.
//! Invariant: what the directory names on another host than its own is connected to only where that is public.

use std::fmt;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use instant_acme::{BodyWrapper, BytesResponse, Error, HttpClient};
use parking_lot::Mutex;
use rustls::ClientConfig;

use crate::clock::SharedClock;
use crate::outbound::{guard, https};

/// One request, from its first byte to the last byte of the answer; and before that, its host and a connection to it.
const WITHIN: Duration = Duration::from_secs(30);
/// How long an authority may send us away at most.
const LONGEST_REST: Duration = Duration::from_secs(30 * 24 * 3600);

/// What the last answer said that the library does not hand on.
#[derive(Debug, Default)]
pub(super) struct Notes(Mutex<LastAnswer>);

#[derive(Debug, Default)]
struct LastAnswer {
    status: Option<u16>,
    after: Option<Duration>,
    made: Option<String>,
}

impl Notes {
    /// The status of the last answer.
    pub(super) fn status(&self) -> Option<u16> {
        self.0.lock().status
    }

    /// Its `Retry-After`.
    pub(super) fn after(&self) -> Option<Duration> {
        self.0.lock().after
    }

    /// The address of what the last request made (201).
    pub(super) fn made(&self) -> Option<String> {
        self.0.lock().made.clone()
    }

    /// What an earlier answer said counts no more.
    pub(super) fn forget(&self) {
        *self.0.lock() = LastAnswer::default();
    }
}

/// A client for one authority.
pub(super) struct AcmeWire {
    pub(super) tls: Arc<ClientConfig>,
    /// The host of the directory, which the config names.
    pub(super) host: Arc<str>,
    pub(super) clock: SharedClock,
    pub(super) notes: Arc<Notes>,
}

/// Why there is no answer that could be read.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unread(String);

fn unread(words: String) -> Error {
    Error::Other(Box::new(Unread(words)))
}

impl HttpClient for AcmeWire {
    fn request(
        &self,
        request: Request<BodyWrapper<Bytes>>,
    ) -> Pin<Box<dyn Future<Output = Result<BytesResponse, Error>> + Send>> {
        let (tls, host, clock, notes) =
            (Arc::clone(&self.tls), Arc::clone(&self.host), Arc::clone(&self.clock), Arc::clone(&self.notes));
        Box::pin(async move {
            notes.forget();
            let url = request.uri().to_string();
            let answer = exchange(&tls, &host, &url, request).await?;
            let status = answer.status();
            let field = |name: header::HeaderName| answer.headers().get(name).and_then(|value| value.to_str().ok());
            *notes.0.lock() = LastAnswer {
                status: Some(status.as_u16()),
                after: field(header::RETRY_AFTER).and_then(|text| rest(text, &clock)),
                made: field(header::LOCATION).filter(|_| status == StatusCode::CREATED).map(ToOwned::to_owned),
            };
            let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
            if status.is_redirection() || ((status.is_client_error() || status.is_server_error()) && !kind.contains("json")) {
                return Err(unread(format!("{url} answers {}", status.as_u16())));
            }
            Ok(BytesResponse::from(answer.map(Full::new)))
        })
    }
}

/// How long to wait: seconds, or a date (RFC 9110 §10.2.3).
fn rest(text: &str, clock: &SharedClock) -> Option<Duration> {
    let text = text.trim();
    let rest = match text.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let moment = jiff::fmt::rfc2822::parse(text).ok()?.timestamp().as_millisecond();
            crate::clock::Timestamp::from_millis(moment).since(clock.now())
        }
    };
    Some(rest.min(LONGEST_REST))
}

async fn exchange(
    tls: &Arc<ClientConfig>,
    own_host: &str,
    url: &str,
    request: Request<BodyWrapper<Bytes>>,
) -> Result<http::Response<Bytes>, Error> {
    let (mut head, body) = request.into_parts();
    let Ok(body) = body.collect().await.map(http_body_util::Collected::to_bytes);
    let wrong = |why: &dyn fmt::Display| unread(format!("{url}: {why}"));
    let parsed = url::Url::parse(url).map_err(|error| wrong(&error))?;
    let host = parsed.host_str().filter(|_| parsed.scheme() == "https").ok_or_else(|| wrong(&"not an https address"))?;
    let port = parsed.port_or_known_default().unwrap_or(443);
    let finding = async {
        if host == own_host {
            let found = tokio::net::lookup_host((host.trim_matches(['[', ']']), port)).await;
            Ok(found.map_err(|error| wrong(&format!("the host is not found: {error}")))?.collect())
        } else {
            Ok(vec![guard::reach(url, &[]).await.map_err(|_| wrong(&"it leads to no public address"))?.1])
        }
    };
    let found: Result<Vec<SocketAddr>, Error> =
        tokio::time::timeout(WITHIN, finding).await.unwrap_or_else(|_| Err(wrong(&"the host is not found in time")));
    let addresses = found?;
    let authority = parsed.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    head.uri = parsed[url::Position::BeforePath..].parse().map_err(|error| wrong(&error))?;
    head.headers.insert(header::HOST, authority.parse().map_err(|_| wrong(&"not a host"))?);
    let agent = concat!("sekisho/", env!("CARGO_PKG_VERSION"), " instant-acme");
    head.headers.insert(header::USER_AGENT, header::HeaderValue::from_static(agent));
    let request = Request::from_parts(head, Full::new(body));
    let sent = https::exchange_once(tls, &addresses, host.trim_matches(['[', ']']), request, WITHIN).await;
    sent.map_err(|error| wrong(&error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{ManualClock, Timestamp};

    #[test]
    fn the_time_to_wait_is_a_number_or_a_date() {
        let clock: SharedClock = Arc::new(ManualClock::at(Timestamp::from_seconds(784_111_777)));
        for (text, seconds) in [
            ("3600", Some(3600)),
            (" 5 ", Some(5)),
            ("Sun, 06 Nov 1994 09:49:37 GMT", Some(3600)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0)),
            ("99999999999", Some(30 * 86_400)),
            ("soon", None),
        ] {
            assert_eq!(rest(text, &clock).map(|rest| rest.as_secs()), seconds, "{text}");
        }
    }
}
