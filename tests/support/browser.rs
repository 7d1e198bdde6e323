//! A browser without JavaScript: one connection a request, cookies by host, redirects followed, forms filled by the
//! `autocomplete` tokens of their fields.

use std::collections::BTreeMap;
use std::sync::Arc;

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use serde_json::Value;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::{PASSWORD, Person};

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
    /// The address that answered, after redirects.
    pub url: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// The `code` of a problem document.
    pub fn code(&self) -> String {
        serde_json::from_str::<Value>(&self.body)
            .ok()
            .and_then(|body| Some(body["code"].as_str()?.to_owned()))
            .unwrap_or_else(|| panic!("no problem document: {self:?}"))
    }

    /// The body, where it is JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {self:?}"))
    }

    /// The number that a waiting page shows, which the phone is to choose.
    pub fn number(&self) -> String {
        let rest = self.body.split("class=\"number\"").nth(1).unwrap_or_else(|| panic!("no number in {self:?}"));
        rest.split("</span> ").nth(1).unwrap().split('<').next().unwrap().trim().to_owned()
    }
}

/// Somebody's browser.
#[derive(Clone)]
pub struct Browser {
    tls: TlsConnector,
    cookies: BTreeMap<String, BTreeMap<String, String>>,
    pub headers: Vec<(String, String)>,
    /// The last offer of each host to register a key.
    pub offers: BTreeMap<String, String>,
    /// What is said on every connection before TLS, as a proxy in front does.
    pub preamble: Vec<u8>,
}

impl Browser {
    pub fn new(
        authority: CertificateDer<'static>,
        certificate: Option<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>)>,
    ) -> Self {
        let mut roots = RootCertStore::empty();
        roots.add(authority).unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let builder = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = match certificate {
            Some((chain, key)) => builder.with_client_auth_cert(chain, key).unwrap(),
            None => builder.with_no_client_auth(),
        };
        Self {
            tls: TlsConnector::from(Arc::new(config)),
            cookies: BTreeMap::new(),
            headers: Vec::new(),
            offers: BTreeMap::new(),
            preamble: Vec::new(),
        }
    }

    /// The same browser, for one request or more with further header fields.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same browser where a script of the page asks, in contrast to a navigation.
    pub fn asked_by_script(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "sec-fetch-mode");
        self.with_header("sec-fetch-mode", "cors")
    }

    /// The same browser with the certificate of another one installed: its cookies stay.
    pub fn with_certificate_of(mut self, other: &Self) -> Self {
        self.tls = other.tls.clone();
        self
    }

    pub fn cookie(&self, host: &str, name: &str) -> Option<&str> {
        self.cookies.get(host)?.get(name).map(String::as_str)
    }

    /// Puts a cookie into the jar, as somebody who copied it would; an empty value takes it out.
    pub fn put_cookie(&mut self, host: &str, name: &str, value: &str) {
        let jar = self.cookies.entry(host.to_owned()).or_default();
        if value.is_empty() {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }

    pub fn forget_cookies(&mut self, host: &str) {
        self.cookies.remove(host);
    }

    /// A TLS connection to wherever `url` leads on this machine.
    pub async fn connect(&self, url: &url::Url) -> TlsStream<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", url.port().unwrap())).await.unwrap();
        stream.write_all(&self.preamble).await.unwrap();
        let name = ServerName::try_from(url.host_str().unwrap().to_owned()).unwrap();
        self.tls.connect(name, stream).await.unwrap()
    }

    /// One request, no redirect followed.
    pub async fn send(&mut self, method: Method, url: &str, body: Option<&str>) -> Answer {
        let url: url::Url = url.parse().unwrap();
        let path = url[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
        self.send_to(method, url, path, body).await
    }

    /// A program's request for a path, which goes out byte for byte: no address is resolved here.
    pub async fn ask(&self, method: &str, origin: &str, path: &str) -> Answer {
        let mut program = self.clone().with_header("accept", "application/json");
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        program.send_to(method, origin.parse().unwrap(), path.to_owned(), None).await
    }

    async fn send_to(&mut self, method: Method, url: url::Url, path: String, body: Option<&str>) -> Answer {
        let host = url.host_str().unwrap().to_owned();
        let stream = self.connect(&url).await;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header("host", format!("{host}:{}", url.port().unwrap()));
        let given = |name: &str| self.headers.iter().any(|(found, _)| found == name);
        if !given("accept") {
            request = request.header("accept", "text/html").header("accept-language", "en");
        }
        if body.is_some() && !given("origin") {
            request = request.header("origin", url.origin().ascii_serialization());
        }
        if body.is_some() && !given("content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(cookies) = self.cookies.get(&host).filter(|cookies| !cookies.is_empty()) {
            let line: Vec<String> = cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header("cookie", line.join("; "));
        }
        let request = request.body(Full::<Bytes>::from(body.unwrap_or_default().to_owned())).unwrap();
        let response = sender.send_request(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let headers: Vec<(String, String)> = parts
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        if let Some((_, offer)) = headers.iter().find(|(name, _)| name == "secure-session-registration") {
            self.offers.insert(host.clone(), offer.clone());
        }
        for (_, value) in headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, rest) = value.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            let jar = self.cookies.entry(host.clone()).or_default();
            if value.is_empty() || rest.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), value.to_owned());
            }
        }
        let body = body.collect().await.unwrap().to_bytes();
        Answer { status: parts.status.as_u16(), headers, body: String::from_utf8_lossy(&body).into_owned(), url: url.to_string() }
    }

    /// GET, redirects followed.
    pub async fn get(&mut self, url: &str) -> Answer {
        let answer = self.send(Method::GET, url, None).await;
        self.follow(answer).await
    }

    /// POST a form, redirects followed.
    pub async fn post(&mut self, url: &str, form: &[(&str, &str)]) -> Answer {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let answer = self.send(Method::POST, url, Some(&body)).await;
        self.follow(answer).await
    }

    async fn follow(&mut self, mut answer: Answer) -> Answer {
        for _ in 0..10 {
            let refreshed = answer.body.split("http-equiv=\"refresh\" content=\"0; url=").nth(1);
            let refreshed = refreshed.and_then(|rest| rest.split('"').next()).map(|url| url.replace("&#38;", "&"));
            let redirected = answer.header("location").filter(|_| answer.status == 303).map(str::to_owned);
            let Some(location) = redirected.or(refreshed) else { break };
            let url = answer.url.parse::<url::Url>().unwrap().join(&location).unwrap();
            answer = self.send(Method::GET, url.as_str(), None).await;
        }
        answer
    }

    /// Sends the form of a page that has a field with this `autocomplete` token; fields given by name.
    pub async fn fill(&mut self, page: &Answer, token: &str, values: &[(&str, &str)]) -> Answer {
        let form = page
            .body
            .split("<form")
            .skip(1)
            .map(|form| form.split("</form>").next().unwrap())
            .find(|form| form.contains(&format!("autocomplete=\"{token}\"")))
            .unwrap_or_else(|| panic!("no form with {token} in {page:?}"));
        let action = attribute(form, "action").unwrap();
        let mut fields: Vec<(String, String)> = Vec::new();
        for input in form.split("<input").skip(1).map(|input| input.split('>').next().unwrap()) {
            let Some(name) = attribute(input, "name") else { continue };
            let value = values.iter().find(|(given, _)| *given == name).map(|(_, value)| (*value).to_owned());
            fields.push((name, value.or_else(|| attribute(input, "value")).unwrap_or_default()));
        }
        let url = page.url.parse::<url::Url>().unwrap().join(&action).unwrap();
        let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        self.post(url.as_str(), &pairs).await
    }

    /// Signs in on the way to `url`: password, then a code. The page it ends at.
    pub async fn sign_in(&mut self, url: &str, person: &Person) -> Answer {
        let mut page = self.get(url).await;
        if page.body.contains("current-password") {
            page = self.fill(&page, "current-password", &[("user", person.user.as_str()), ("password", PASSWORD)]).await;
        }
        if page.body.contains("one-time-code") {
            page = self.fill(&page, "one-time-code", &[("code", &person.code())]).await;
        }
        page
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag[start..].split('"').next()?;
    Some(
        value
            .replace("&amp;", "&")
            .replace("&#38;", "&")
            .replace("&quot;", "\"")
            .replace("&#34;", "\"")
            .replace("&lt;", "<")
            .replace("&#60;", "<"),
    )
}
