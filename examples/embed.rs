//! Embeds the gateway in a program of one's own: the config is a text, the app runs in the same process, and one user is made
//! at the start. `cargo run --example embed`, open the address that it prints, end it with Ctrl-C.
//!
//! Everything listens on loopback, on free ports, and the state is gone at the end. Browsers find `*.localhost` by
//! themselves; they warn of the certificate, whose authority was made a moment ago.

use std::convert::Infallible;
use std::error::Error;
use std::io::{self, Write as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use sekisho::account::links::LinkPurpose;
use sekisho::account::users::NewUser;
use sekisho::clock::SystemClock;
use sekisho::config::Config;
use sekisho::config::environment::Environment;
use sekisho::gateway::accept::listener;
use sekisho::principal::method::Method;
use sekisho::principal::user::UserId;
use sekisho::random::OsRandom;
use sekisho::server::{Listeners, Server, Workers};
use sekisho::telemetry::Metrics;
use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;

/// The password of the user `alice`.
pub const PASSWORD: &str = "a quiet river at dawn";

/// The config: an app that takes an approval on the phone or a password.
fn config(port: u16, app: u16) -> String {
    format!(
        r#"
[[tls.certificate]]
chain = "server.pem"
key = "server.key"
[portal]
url = "https://auth.localhost:{port}"
[state]
directory = "state"
[[app]]
name = "hello"
url = "https://hello.localhost:{port}"
upstream = ["http://127.0.0.1:{app}"]
[app.demands.primary_factor]
methods = ["push", "password"]
"#
    )
}

/// A gateway that runs in this process.
#[derive(Debug)]
pub struct Embedded {
    /// The gateway; stopped by [`Server::stop`].
    pub server: Server,
    /// The address of the app.
    pub address: String,
    /// A link by which an approver registers for alice.
    pub invitation: String,
    /// The authority that browsers and approvers have to trust.
    pub authority: PathBuf,
    /// Certificates and state, until this is dropped.
    pub folder: tempfile::TempDir,
}

/// Starts the app and the gateway before it.
///
/// # Errors
/// What went wrong first.
pub async fn start() -> Result<Embedded, Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let authority = certificates(&folder)?;

    // The listener is bound first: only then is the port known that the config names.
    let https = listener::bind(([127, 0, 0, 1], 0).into())?;
    let port = https.local_addr()?.port();
    let text = config(port, start_app().await?);
    let config = Config::parse(&folder.path().join("sekisho.toml"), &text, &Environment::empty())?;
    let server = Server::start(
        Arc::new(config),
        Arc::new(SystemClock::new()),
        Arc::new(OsRandom::new()),
        Listeners { https: vec![https], ..Listeners::default() },
        Arc::new(Metrics::detached()?),
        Workers::start(0)?,
    )
    .await?;

    // What an administrator would do by commands: a user, a password, push, and a link for an approver.
    let (core, alice) = (server.core(), UserId::parse("alice")?);
    core.users().add(NewUser::named(alice.clone())).await?;
    core.passwords().set(&alice, PASSWORD.to_owned().into()).await?;
    let assigned = core.users().named(&alice)?.standing().assigned;
    core.assign(&alice, assigned.with(Method::Push)).await?;
    let (_, secret) = core.links().issue(&alice, LinkPurpose::Approver, "embed", Duration::from_secs(3600)).await?;
    let invitation = format!("https://auth.localhost:{port}/approver/#add={}", secret.text());
    Ok(Embedded { server, address: format!("https://hello.localhost:{port}/"), invitation, authority, folder })
}

/// An authority, and by it a certificate for the names of the config.
fn certificates(folder: &tempfile::TempDir) -> Result<PathBuf, Box<dyn Error>> {
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(DnType::CommonName, "embedded gateway");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
    let key = KeyPair::generate()?;
    let server = CertificateParams::new(["auth.localhost".to_owned(), "hello.localhost".to_owned()])?;
    let path = folder.path().join("authority.pem");
    std::fs::write(&path, authority.pem())?;
    std::fs::write(folder.path().join("server.pem"), server.signed_by(&key, &authority)?.pem())?;
    std::fs::write(folder.path().join("server.key"), key.serialize_pem())?;
    Ok(path)
}

/// The app: greets the user whom the gateway names to it. Answers its port.
async fn start_app() -> io::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let port = listener.local_addr()?.port();
    let tasks = TaskTracker::new();
    let connections = tasks.clone();
    tasks.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let connection = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(greet));
            connections.spawn(connection);
        }
    });
    Ok(port)
}

async fn greet(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let user = request.headers().get("remote-user").and_then(|user| user.to_str().ok()).unwrap_or("nobody");
    Ok(Response::new(Full::from(format!("Hello {user}, you asked for {}\n", request.uri().path()))))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let embedded = start().await?;
    let mut out = io::stdout();
    writeln!(out, "open      {}", embedded.address)?;
    writeln!(out, "as        alice, password: {PASSWORD}")?;
    writeln!(out, "approver  cargo run --example approver -- '{}' {}", embedded.invitation, embedded.authority.display())?;
    tokio::signal::ctrl_c().await?;
    embedded.server.stop().await?;
    Ok(())
}
