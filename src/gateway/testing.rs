//! A gateway for tests: a real TLS listener with certificates made here, whose handler records what reached it.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ClientConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::Notify;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use self::any_server::AnyServer;
use super::body::{self, Body};
use super::budget::NetworkBudget;
use crate::clock::Timestamp;
use crate::config::Config;
use crate::config::environment::Environment;
use crate::config::schema::ProxyProtocol;
use crate::gateway::accept::connection::{ConnectedClient, ConnectionLimits, ConnectionService};
use crate::gateway::accept::facts::{AcceptRules, ConnectionFacts, Handler};
use crate::gateway::accept::listener;
use crate::gateway::accept::listener::{Bounds, Census};
use crate::gateway::accept::tls::ServerTls;
use crate::gateway::drain::Drain;

#[path = "../../tests/support/any_server.rs"]
mod any_server;

/// Noon of the day that test cores stand at.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// Small, so that tests reach them.
pub(crate) const LIMITS: ConnectionLimits = ConnectionLimits {
    handshake: Duration::from_millis(400),
    head_within: Duration::from_millis(400),
    idle: Duration::from_millis(800),
    head: 4096,
    request_line: 1024,
    header_fields: 16,
    h2_streams: 100,
    h2_requests: 512 << 10,
};

/// Records what reached it; `/body` gives the body back, `/upgrade` becomes an echo, `/wait` waits for `go`,
/// `/large` says more than anybody buffers.
#[derive(Debug, Default)]
pub(crate) struct Mirror {
    pub(crate) seen: Mutex<Vec<(String, Arc<ConnectionFacts>)>>,
    pub(crate) go: Notify,
    tasks: TaskTracker,
}

impl Mirror {
    pub(crate) fn paths(&self) -> Vec<String> {
        self.seen.lock().unwrap().iter().map(|(path, _)| path.clone()).collect()
    }

    pub(crate) fn last(&self) -> Arc<ConnectionFacts> {
        Arc::clone(&self.seen.lock().unwrap().last().unwrap().1)
    }
}

impl Handler for Mirror {
    fn accept_rules(&self) -> AcceptRules {
        panic!("the tests serve streams that are accepted already")
    }

    async fn handle(self: Arc<Self>, mut request: Request<Body>, facts: Arc<ConnectionFacts>) -> Response<Body> {
        let path = request.uri().path().to_owned();
        self.seen.lock().unwrap().push((path.clone(), facts));
        match path.as_str() {
            "/wait" => self.go.notified().await,
            // More than the buffers of any two sockets hold.
            "/large" => return Response::new(Body::full(vec![b'x'; 32 << 20])),
            "/body" => match body::whole(request.into_body(), 1 << 20).await {
                Ok(body) => return Response::new(Body::full(body)),
                Err(_broken) => {
                    return Response::builder()
                        .status(StatusCode::BAD_REQUEST)
                        .header("connection", "close")
                        .body(Body::empty())
                        .unwrap();
                }
            },
            "/upgrade" => {
                let upgrade = hyper::upgrade::on(&mut request);
                self.tasks.spawn(async move {
                    let (mut from, mut to) = tokio::io::split(TokioIo::new(upgrade.await.unwrap()));
                    let _until_the_end = tokio::io::copy(&mut from, &mut to).await;
                });
                return Response::builder()
                    .status(StatusCode::SWITCHING_PROTOCOLS)
                    .header("connection", "upgrade")
                    .header("upgrade", "echo")
                    .body(Body::empty())
                    .unwrap();
            }
            _ => {}
        }
        Response::new(Body::full(path))
    }
}

/// A gateway that listens.
pub(crate) struct TestGateway {
    pub(crate) address: SocketAddr,
    pub(crate) mirror: Arc<Mirror>,
    pub(crate) tasks: TaskTracker,
    pub(crate) drain: Drain,
    pub(crate) shutdown: CancellationToken,
    _folder: tempfile::TempDir,
}

impl TestGateway {
    /// Opens one with `LIMITS`.
    pub(crate) fn open() -> Self {
        Self::with(LIMITS, "")
    }

    /// Opens one with more lines under `[tls]`.
    pub(crate) fn with(limits: ConnectionLimits, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let tls = ServerTls::load(&config(folder.path(), more), NOW).unwrap();
        Self::of(limits, tls, folder)
    }

    /// Opens one with these certificates, of files in `folder`.
    pub(crate) fn of(limits: ConnectionLimits, tls: ServerTls, folder: tempfile::TempDir) -> Self {
        let tls = Arc::new(tls);
        let (mirror, tasks) = (Arc::new(Mirror::default()), TaskTracker::new());
        let (drain, shutdown) = (Drain::default(), CancellationToken::new());
        let connections = Arc::new(ConnectionService {
            handler: Arc::clone(&mirror),
            proxy_protocol: ProxyProtocol::Off,
            limits,
            requests: NetworkBudget::new(8 << 20, 0),
            tasks: tasks.clone(),
            drain: drain.clone(),
        });
        let listener = listener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let serve = move |stream, peer, counted| {
            let client = ConnectedClient { peer, address_by_proxy_header: None, is_listed: false };
            let served = Arc::clone(&connections).serve(stream, client, Arc::clone(&tls), None);
            async move { (served.await, drop(counted)).1 }
        };
        let census = Census::new(Bounds { connections: 1000, per_peer: 1000 });
        tasks.spawn(listener::accept(listener, census, |_| false, tasks.clone(), shutdown.clone(), serve));
        Self { address, mirror, tasks, drain, shutdown, _folder: folder }
    }

    pub(crate) async fn dial(&self) -> TcpStream {
        TcpSocket::new_v4().unwrap().connect(self.address).await.unwrap()
    }

    /// A TLS connection as `client` would have it.
    pub(crate) async fn connect(&self, client: &Arc<ClientConfig>, host: &str) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from(host.to_owned()).unwrap();
        TlsConnector::from(Arc::clone(client)).connect(name, self.dial().await).await
    }

    /// Says `bytes` over HTTP/1.1 and reads until the other side ends.
    pub(crate) async fn say(&self, bytes: &[u8]) -> String {
        let mut io = self.connect(&client(&[b"http/1.1"]), "wiki.example.com").await.unwrap();
        io.write_all(bytes).await.unwrap();
        until_the_end(&mut io).await
    }
}

/// What still comes, until the other side ends; it must do so within 20 seconds.
pub(crate) async fn until_the_end(io: &mut TlsStream<TcpStream>) -> String {
    let mut answer = Vec::new();
    // However it ends: hyper drops an idle connection without TLS's own farewell.
    let _ended = tokio::time::timeout(Duration::from_secs(20), io.read_to_end(&mut answer)).await.expect("it stays open");
    String::from_utf8(answer).unwrap()
}

/// A config with its files: two hosts that want certificates of `staff`, one of `partners`, and those that want none.
pub(crate) fn config(folder: &Path, more: &str) -> Config {
    write_pair(folder, "first", &["auth.example.com", "wiki.example.com"]);
    write_pair(folder, "wildcard", &["*.example.com"]);
    write_pair(folder, "mail", &["mail.example.com"]);
    for name in ["staff", "partners"] {
        let (params, key) = authority(name);
        std::fs::write(folder.join(format!("{name}.pem")), params.self_signed(&key).unwrap().pem()).unwrap();
    }
    let app = |name: &str, demands: &str| {
        format!(
            "[[app]]\nname = \"{name}\"\nurl = \"https://{name}.example.com\"\nupstream = [\"http://127.0.0.1:9\"]\n{demands}\n"
        )
    };
    let mtls = |trust: &str| format!("demands.client_certificate = {{ trust = [\"{trust}\"] }}");
    let text = format!(
        r#"
[tls]
certificate = [
    {{ chain = "first.pem", key = "first.key" }},
    {{ chain = "wildcard.pem", key = "wildcard.key" }},
    {{ chain = "mail.pem", key = "mail.key" }},
]
{more}
[portal]
url = "https://auth.example.com"
[state]
directory = "state"
[trust]
staff = {{ bundle = "staff.pem" }}
partners = {{ bundle = "partners.pem" }}
{}{}{}{}"#,
        app("wiki", "demands.primary_factor = {}"),
        app("mail", &mtls("staff")),
        app("board", &mtls("staff")),
        app("bank", &mtls("partners")),
    );
    Config::parse(&folder.join("sekisho.toml"), &text, &Environment::empty()).unwrap()
}

fn authority(name: &str) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    (params, KeyPair::generate().unwrap())
}

/// `NAME.pem` and `NAME.key`, a certificate of its own for these hosts.
pub(crate) fn write_pair(folder: &Path, name: &str, hosts: &[&str]) {
    write_pair_with(folder, name, hosts, |_| {});
}

/// As above, changed before it is signed.
pub(crate) fn write_pair_with(folder: &Path, name: &str, hosts: &[&str], change: impl FnOnce(&mut CertificateParams)) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(hosts.iter().map(|host| (*host).to_owned()).collect::<Vec<_>>()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    change(&mut params);
    std::fs::write(folder.join(format!("{name}.pem")), params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).unwrap();
}

/// A client's certificate, of an authority that nobody here knows, and its key.
pub(crate) fn stranger() -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let (params, key) = authority("nobody");
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(Vec::<String>::new()).unwrap();
    (params.signed_by(&key, &issuer).unwrap().der().clone(), PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// A client without a certificate.
pub(crate) fn client(alpn: &[&[u8]]) -> Arc<ClientConfig> {
    let mut config = builder(rustls::ALL_VERSIONS).with_no_client_auth();
    config.alpn_protocols = alpn.iter().map(|name| name.to_vec()).collect();
    Arc::new(config)
}

/// A client of these TLS versions that takes any server for the one it wants: tests look at the certificate themselves.
pub(crate) fn builder(
    versions: &[&'static rustls::SupportedProtocolVersion],
) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_protocol_versions(versions)
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(AnyServer))
}
