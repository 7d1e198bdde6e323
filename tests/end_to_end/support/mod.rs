//! A world in three lines: a gateway with its own authority and state, an upstream that says what reached it, people
//! with passwords and authenticators, and browsers that keep cookies.

pub mod device;
pub mod phone;
pub mod raw;
#[expect(dead_code, reason = "these tests do not need everything that is shared")]
#[path = "../../support/mod.rs"]
mod shared;
pub mod wire;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sekisho::clock::{Clock, ManualClock, SharedClock, SystemClock};
use sekisho::config::Config;
use sekisho::random::OsRandom;
use sekisho::server::{Listeners, Server, Workers};
use sekisho::telemetry::Metrics;

pub use self::device::{Device, navigating};
pub use self::phone::Phone;
pub use self::shared::{Answer, Authority, BY_FORWARD_AUTH, Browser, Codes, PASSWORD, Person, Upstream};

/// A gateway and everything around it.
pub struct World {
    pub folder: tempfile::TempDir,
    pub clock: Arc<ManualClock>,
    pub server: Server,
    pub upstream: Upstream,
    pub port: u16,
    pub authority: Authority,
}

/// What an app of the world demands, as TOML below `[app.demands]`.
pub const PASSWORD_AND_TOTP: &str = "[app.demands.primary_factor]\n[app.demands.otp]\n";

impl World {
    /// A world with one app `wiki` that demands a password and a one-time password.
    pub async fn new() -> Self {
        Self::with(&[("wiki", PASSWORD_AND_TOTP)], "").await
    }

    /// A world with these apps (name and demands); `more` is appended to the config.
    pub async fn with(apps: &[(&str, &str)], more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let authority = Authority::new();
        let upstream = Upstream::start().await;
        let hosts: Vec<String> =
            apps.iter().map(|(name, _)| format!("{name}.test")).chain(["auth.test".to_owned(), "mtls.test".to_owned()]).collect();
        let (chain, key) = authority.server(&hosts.iter().map(String::as_str).collect::<Vec<_>>());
        for (name, text) in [("server.pem", chain), ("server.key", key), ("authority.pem", authority.pem())] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let listener = sekisho::gateway::accept::listener::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let port = listener.local_addr().unwrap().port();
        let config = config(port, &upstream.address(), apps, more);
        std::fs::write(folder.path().join("sekisho.toml"), &config).unwrap();
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        let server = start(folder.path(), &clock, listener).await;
        Self { folder, clock, server, upstream, port, authority }
    }

    /// Stops the server and starts it again on the same state and port.
    pub async fn restart(self) -> Self {
        let Self { folder, clock, server, upstream, port, authority } = self;
        server.stop().await.unwrap();
        let listener = sekisho::gateway::accept::listener::bind(([127, 0, 0, 1], port).into()).unwrap();
        let server = start(folder.path(), &clock, listener).await;
        Self { folder, clock, server, upstream, port, authority }
    }

    /// Adds a user with the password of everybody and an authenticator, whose codes the answer gives.
    pub async fn person(&self, name: &str) -> Person {
        Person::add(self.server.core(), name, Codes::MovedClock(Arc::clone(&self.clock))).await
    }

    /// `https://wiki.test:PORT/path`
    pub fn url(&self, app: &str, path: &str) -> String {
        format!("https://{app}.test:{}{path}", self.port)
    }

    /// A browser that trusts the world's authority.
    pub fn browser(&self) -> Browser {
        Browser::new(self.authority.der(), None)
    }

    /// A browser with a client certificate of the world's authority.
    pub fn browser_with_certificate(&self, name: &str) -> Browser {
        Browser::new(self.authority.der(), Some(self.authority.client(name)))
    }

    /// What a proxy shows that asks by forward-auth.
    pub fn proxy_key(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("state/forward-auth.key")).unwrap().trim().to_owned()
    }

    /// Puts another config in force, as SIGHUP would.
    pub fn reload(&self, apps: &[(&str, &str)], more: &str) -> Result<(), String> {
        let path = self.folder.path().join("sekisho.toml");
        std::fs::write(&path, config(self.port, &self.upstream.address(), apps, more)).unwrap();
        self.server.reload(&path).map(drop).map_err(|diagnosis| diagnosis.to_string())
    }

    /// Time goes by.
    pub fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

async fn start(folder: &Path, clock: &Arc<ManualClock>, listener: tokio::net::TcpListener) -> Server {
    let config = Arc::new(Config::read(&folder.join("sekisho.toml")).unwrap_or_else(|diagnosis| panic!("{diagnosis}")));
    let clock: SharedClock = clock.clone();
    let listeners = Listeners { https: vec![listener], ..Listeners::default() };
    let metrics = Arc::new(Metrics::detached().unwrap());
    Server::start(config, clock, Arc::new(OsRandom::new()), listeners, metrics, Workers::start(1).unwrap()).await.unwrap()
}

fn config(port: u16, upstream: &str, apps: &[(&str, &str)], more: &str) -> String {
    let own = format!("mtls_url = \"https://mtls.test:{port}\"\n[log]\naccess = false");
    let mapping = r#", { from = "common_name", prefix = "machine-", to = "machine" }"#;
    shared::config(port, upstream, &own, mapping, apps, more)
}
