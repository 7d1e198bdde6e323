//! A world around the real program: a folder with certificates and a config, an upstream, the program's process, and its
//! commands. Browsers, the upstream and the authority are those of the end-to-end tests.

pub mod failing;
pub mod people;
pub mod process;
#[expect(dead_code, reason = "these tests do not need everything that is shared")]
#[path = "../../support/mod.rs"]
mod shared;

use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU16, Ordering};

pub use self::process::{Gateway, Said};
pub use self::shared::{Answer, Authority, Browser, Codes, PASSWORD, Person, Upstream};

/// What an app demands that lets everybody pass, as TOML below `[[app]]`.
pub const OPEN: &str = "[app.demands.primary_factor]\nmode = \"off\"\n";
/// What an app demands that wants a password, as TOML below `[[app]]`.
pub const BY_PASSWORD: &str = "[app.demands.primary_factor]\n";

/// A folder with all that a gateway needs, and what stands around it.
pub struct World {
    pub folder: tempfile::TempDir,
    pub authority: Authority,
    pub upstream: Upstream,
    pub port: u16,
    pub operations: u16,
    /// Further lines of `[server]`.
    pub server: String,
    hosts: Vec<String>,
}

impl World {
    /// A world with these apps (name and demands), whose gateway does not run yet; `more` is appended to the config.
    pub async fn with(apps: &[(&str, &str)], more: &str) -> Self {
        let authority = Authority::new();
        let hosts: Vec<String> = apps.iter().map(|(name, _)| format!("{name}.test")).chain(["auth.test".to_owned()]).collect();
        let (upstream, port, operations) = (Upstream::start().await, free_port(), free_port());
        let folder = tempfile::tempdir().unwrap();
        let world = Self { folder, authority, upstream, port, operations, server: String::new(), hosts };
        let (chain, key) = world.certificate(None);
        world.write("server.pem", &chain);
        world.write("server.key", &key);
        world.write("authority.pem", &world.authority.pem());
        world.configure(apps, more);
        world
    }

    /// A chain and a key for every host, ended at the beginning of a year if one is given.
    pub fn certificate(&self, until: Option<i32>) -> (String, String) {
        self.authority.server_until(&self.hosts.iter().map(String::as_str).collect::<Vec<_>>(), until)
    }

    /// A path in the folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the folder.
    pub fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// Reads a file of the folder.
    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Writes the config.
    pub fn configure(&self, apps: &[(&str, &str)], more: &str) {
        let Self { port, operations, server, upstream, .. } = self;
        let head = format!(
            "[server]\nlisten = [\"127.0.0.1:{port}\"]\noperations_listen = \"127.0.0.1:{operations}\"\ndrain = \"1s\"\n{server}\n"
        );
        let text = shared::config(*port, &upstream.address(), "", "", apps, more);
        self.write("sekisho.toml", &(head + &text));
    }

    /// `https://wiki.test:PORT/path`
    pub fn url(&self, app: &str, path: &str) -> String {
        format!("https://{app}.test:{}{path}", self.port)
    }

    /// A browser that trusts the world's authority.
    pub fn browser(&self) -> Browser {
        Browser::new(self.authority.der(), None)
    }

    /// A program: it reads problem documents, no pages.
    pub fn program(&self) -> Browser {
        self.browser().with_header("accept", "application/json")
    }

    /// Starts the gateway and waits until it is ready.
    pub async fn start(&self) -> Gateway {
        let mut gateway = Gateway::start(self);
        gateway.is_ready(self.operations).await;
        gateway
    }

    /// What a command says; it knows where the config is.
    pub async fn command(&self, line: &[&str]) -> Said {
        process::command(self, line).await
    }

    /// What a command answers in JSON; it must succeed.
    pub async fn answer(&self, line: &[&str]) -> serde_json::Value {
        let said = self.command(&[line, &["--json"]].concat()).await;
        assert_eq!(said.code, 0, "{line:?}: {said:?}");
        serde_json::from_str(&said.out).unwrap_or_else(|error| panic!("{line:?} answered no JSON ({error}): {said:?}"))
    }

    /// A number of the operations listener.
    pub async fn metric(&self, name: &str) -> f64 {
        let (_, text) = process::operations(self.operations, "/metrics").await.unwrap();
        let line = text.lines().find(|line| line.starts_with(name));
        line.map_or(0.0, |line| line.rsplit(' ').next().unwrap().parse().unwrap())
    }
}

/// A port that nobody listens on: below those that the system gives out by itself, and given to no two tests.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let base = 12_000 + u16::try_from(std::process::id() % 90).unwrap() * 200;
    (0..200)
        .map(|_| base + NEXT.fetch_add(1, Ordering::Relaxed) % 200)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("no port is free")
}
