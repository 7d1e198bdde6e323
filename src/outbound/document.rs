//! A document that anybody may read, from an address that the config names: by HTTP or HTTPS, within a time and up to a size.
//! What it says is not believed for where it comes from: its reader verifies a signature.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode, header};
use http_body_util::Full;
use tokio::time::Instant;

use super::https::{self, Unanswered};
use super::roots::SystemTls;

/// What an address answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedDocument {
    /// The whole of it; `None`: what was read before still holds (304).
    pub body: Option<Bytes>,
    /// The validator of this version, for the next request (RFC 9110 §8.8.3).
    pub etag: Option<Box<str>>,
}

/// Reads `url`, an address that [`complaint`] has nothing against.
///
/// # Errors
/// Why there is no document, as the end of a sentence that begins with the address.
pub async fn read(
    tls: &SystemTls,
    url: &str,
    etag: Option<&str>,
    within: Duration,
    longest: usize,
) -> Result<PublishedDocument, String> {
    let ends = Instant::now() + within;
    let late = || format!("does not answer within {} s", within.as_secs());
    let url = url::Url::parse(url).map_err(|error| format!("is not an address: {error}"))?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(80);
    let found = tokio::time::timeout_at(ends, tokio::net::lookup_host((host.as_str(), port))).await.map_err(|_| late())?;
    let addresses: Vec<_> = found.map_err(|error| format!("leads nowhere: {host} is not found: {error}"))?.collect();
    tokio::time::timeout_at(ends, ask(tls, (&url, &host), &addresses, etag, longest, ends)).await.unwrap_or_else(|_| Err(late()))
}

/// What is wrong with an address that the config names, and how to mend it.
pub fn complaint(url: &str) -> Option<(String, &'static str)> {
    let help = "give the address of the document itself: http://pki.example.com/issuing.crl";
    match url::Url::parse(url) {
        Err(error) => Some((format!("`{url}` is not an address: {error}"), help)),
        Ok(url) if url.scheme() == "ldap" || url.scheme() == "ldaps" => {
            let help = "name the address by HTTP that the authority publishes beside it";
            Some((format!("`{url}` is read from a directory, which is not supported"), help))
        }
        Ok(parsed) if !matches!(parsed.scheme(), "http" | "https") || !parsed.has_host() => {
            Some((format!("`{url}` is not an http:// or https:// address of a host"), help))
        }
        Ok(parsed) if !parsed.username().is_empty() || parsed.password().is_some() => {
            Some(("it holds a user name or a password, which anybody who reads the config sees".to_owned(), help))
        }
        Ok(_) => None,
    }
}

/// Each address gets half of the time that is left, and the last one the rest: one where nobody answers must not use up the whole.
async fn ask(
    tls: &SystemTls,
    (url, host): (&url::Url, &str),
    addresses: &[SocketAddr],
    etag: Option<&str>,
    longest: usize,
    ends: Instant,
) -> Result<PublishedDocument, String> {
    let mut last = format!("leads nowhere: {host} has no address");
    for (place, address) in addresses.iter().enumerate() {
        let request = request(url, etag)?;
        let exchange = async {
            if url.scheme() == "https" {
                https::exchange_up_to(tls, *address, host, request, longest).await
            } else {
                https::exchange_plain(*address, request, longest).await
            }
        };
        let now = Instant::now();
        let until = if place + 1 == addresses.len() { ends } else { now + ends.saturating_duration_since(now) / 2 };
        match tokio::time::timeout_at(until, exchange).await {
            Ok(Ok(answer)) => return judge(answer, longest),
            // The next address of the name may answer.
            Ok(Err(error)) => last = format!("does not answer: {}", reason(&error, longest)),
            Err(_elapsed) => last = format!("does not answer at {address} in time"),
        }
    }
    Err(last)
}

fn request(url: &url::Url, etag: Option<&str>) -> Result<Request<Full<Bytes>>, String> {
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let host = url.host_str().unwrap_or_default();
    let authority = url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let request = Request::get(target)
        .header(header::HOST, authority)
        .header(header::ACCEPT, "*/*")
        .header(header::USER_AGENT, concat!("sekisho/", env!("CARGO_PKG_VERSION")));
    let known = etag.and_then(|etag| HeaderValue::from_str(etag).ok());
    let request = known.into_iter().fold(request, |request, etag| request.header(header::IF_NONE_MATCH, etag));
    request.body(Full::new(Bytes::new())).map_err(|error| format!("cannot be asked: {error}"))
}

fn judge(answer: http::Response<Bytes>, longest: usize) -> Result<PublishedDocument, String> {
    let etag = answer.headers().get(header::ETAG).and_then(|value| value.to_str().ok());
    let etag = etag.filter(|etag| etag.len() <= 256).map(Box::from);
    match answer.status() {
        StatusCode::OK if answer.body().len() > longest => Err(format!("answers with more than {longest} bytes")),
        StatusCode::OK => Ok(PublishedDocument { body: Some(answer.into_body()), etag }),
        StatusCode::NOT_MODIFIED => Ok(PublishedDocument { body: None, etag }),
        status if status.is_redirection() => {
            let to = answer.headers().get(header::LOCATION).and_then(|value| value.to_str().ok()).unwrap_or("nowhere");
            let to: String = to.chars().filter(|character| !character.is_control()).take(200).collect();
            Err(format!("answers with a redirect ({}) to {to}, which is not followed: name the final address", status.as_u16()))
        }
        status => Err(format!("answers with {status}")),
    }
}

fn reason(error: &Unanswered, longest: usize) -> String {
    let text = error.to_string();
    if text.contains("length limit") { format!("it holds more than {longest} bytes") } else { text }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::outbound::roots;

    #[tokio::test]
    async fn an_address_that_never_answers_leaves_time_for_the_next() {
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let good = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addresses = [silent.local_addr().unwrap(), good.local_addr().unwrap()];
        let answering = async {
            let (mut stream, _) = good.accept().await.unwrap();
            let mut some = [0; 1024];
            assert!(stream.read(&mut some).await.unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nlist").await.unwrap();
            stream.shutdown().await.unwrap();
        };
        let (tls, url) = (roots::system_tls(), url::Url::parse("http://pki.test/a.crl").unwrap());
        let within = Duration::from_secs(2);
        let ends = Instant::now() + within;
        let asking = tokio::time::timeout(within, ask(&tls, (&url, "pki.test"), &addresses, None, 100, ends));
        let read = tokio::select! {
            read = asking => read,
            () = async { answering.await; std::future::pending().await } => unreachable!("it never ends"),
        };
        assert_eq!(read.unwrap().unwrap().body.unwrap(), "list");
    }
}
