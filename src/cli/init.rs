//! `sekisho init`: what a real host needs to begin: a config file that explains itself, a master key, and, until a
//! certificate of a known authority is there, an authority and a certificate of one's own.
//! Invariant: nothing that is there already is written over.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use toml::{Table, Value};

use super::CommandFailure;
use super::authority::Authority;
use super::manage::unless_enough;
use super::run::runtime;
use super::words::say;
use crate::certificate::authority::{ANCHORS, IssuingAuthority};
use crate::clock::{Clock as _, SharedClock, SystemClock};
use crate::config::environment::Environment;
use crate::config::schema::ServerSection;
use crate::config::{Config, annotated};
use crate::core::Core;
use crate::core::issuing::FOLDER;
use crate::random::{OsRandom, Random};
use crate::server::StartError;

/// The state directory, beside the config.
const STATE: &str = "state";

/// Write a commented config, a master key, and a certificate for a real host.
#[derive(Args, Clone, Debug)]
pub(super) struct Init {
    /// The portal's address: where people sign in. The gateway listens on the port of this address and of the app's.
    #[arg(long, value_name = "URL", default_value = "https://auth.example.com")]
    portal: String,
    /// An app's address; with `--upstream`.
    #[arg(long, value_name = "URL", default_value = "https://wiki.example.com")]
    app: String,
    /// Where that app really is.
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:8080")]
    upstream: String,
    /// Also make the authority that signs client certificates for people's devices, in the name of this organisation, and trust
    /// it in the config. It lies in the state directory, beside the config: run this as the user that the gateway runs as.
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// Where to write.
    #[arg(long, value_name = "DIR", default_value = "config")]
    dir: PathBuf,
}

impl Init {
    /// Writes the files and says what to do next.
    ///
    /// # Errors
    /// [`CommandFailure`]; a file that is there already is one.
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let failed = |path: &Path, error: &io::Error| {
            CommandFailure::Failed(say("failure-write", &[("file", &path.display()), ("why", error)]), None)
        };
        let place = |url: &str| {
            let address = url::Url::parse(url).ok().filter(|url| url.scheme() == "https");
            address
                .and_then(|url| Some((url.host_str()?.to_owned(), url.port_or_known_default()?)))
                .ok_or_else(|| CommandFailure::Failed(say("failure-address", &[("address", &format!("{url:?}"))]), None))
        };
        let [(portal_host, portal_port), (app_host, app_port)] = [place(&self.portal)?, place(&self.app)?];
        let (hosts, ports) = ([portal_host, app_host], [portal_port, app_port]);
        if let Some(organisation) = &self.organisation {
            IssuingAuthority::check_name(organisation).map_err(|error| CommandFailure::failed(&error))?;
        }
        let files = ["sekisho.toml", "master.key", "authority.pem", "authority.key", "server.pem", "server.key"];
        let files = files.into_iter().chain(self.organisation.is_some().then_some(STATE));
        if let Some(there) = files.map(|name| self.dir.join(name)).find(|path| path.exists()) {
            let (what, hint) = (say("failure-there", &[("file", &there.display())]), say("failure-there-hint", &[]));
            return Err(CommandFailure::Failed(what, Some(hint.into())));
        }
        fs::create_dir_all(&self.dir).map_err(|error| failed(&self.dir, &error))?;
        let random = OsRandom::new();
        let mut made = certificates(&hosts, &random)
            .map_err(|error| CommandFailure::Failed(say("failure-certificate", &[("why", &error)]), None))?;
        made.push(("master.key", format!("{}\n", data_encoding::HEXLOWER.encode(&random.token()))));
        for (name, text) in &made {
            let path = self.dir.join(name);
            write(&path, text).map_err(|error| failed(&path, &error))?;
        }
        let config = self.dir.join("sekisho.toml");
        let mut given = self.given(&hosts[1]);
        given.extend(server(ports).map(|server| ("server".to_owned(), Value::Table(server))));
        if let Some(organisation) = &self.organisation {
            issuing(&config, &annotated::text(&given), organisation)?;
            // What is trusted has to be there when the config is read.
            given.insert("trust".to_owned(), trust());
        }
        write(&config, &annotated::text(&given)).map_err(|error| failed(&config, &error))?;
        Config::read(&config).map_err(CommandFailure::Config)?;
        unless_enough(self.next(&config))
    }

    fn given(&self, app_host: &str) -> Table {
        let table =
            |pairs: Vec<(&str, Value)>| -> Table { pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect() };
        let text = |text: &str| Value::String(text.to_owned());
        let certificate = table(vec![("chain", text("server.pem")), ("key", text("server.key"))]);
        let demands = table(vec![("primary_factor", Value::Table(Table::new())), ("otp", Value::Table(Table::new()))]);
        let app = table(vec![
            ("name", text(app_host.split('.').next().unwrap_or("app"))),
            ("url", text(&self.app)),
            ("upstream", Value::Array(vec![text(&self.upstream)])),
            ("demands", Value::Table(demands)),
        ]);
        table(vec![
            ("tls", Value::Table(table(vec![("certificate", Value::Array(vec![Value::Table(certificate)]))]))),
            ("portal", Value::Table(table(vec![("url", text(&self.portal))]))),
            ("state", Value::Table(table(vec![("directory", text(STATE)), ("master_key", text("master.key"))]))),
            ("app", Value::Array(vec![Value::Table(app)])),
        ])
    }

    fn next(&self, config: &Path) -> io::Result<()> {
        let (config, dir) = (config.display(), self.dir.display());
        let issuing = match &self.organisation {
            Some(_) => format!("{dir}/{STATE}                   {}\n", say("init-state", &[])),
            None => String::new(),
        };
        writeln!(
            io::stdout().lock(),
            "{config}            {}\n\
             {dir}/master.key              {}\n\
             {dir}/authority.pem, .key     {}\n\
             {dir}/server.pem, .key        {}\n\
             {issuing}\n\
             {}\n\
             \x20 sekisho check --config {config}\n\
             \x20 sekisho group add administrators --config {config}\n\
             \x20 sekisho user add YOU --group administrators --invite --config {config}\n\
             \x20 sekisho run --config {config}",
            say("init-config", &[]),
            say("init-master-key", &[]),
            say("init-authority", &[]),
            say("init-server", &[]),
            say("init-next", &[]),
        )
    }
}

/// Makes the authority of client certificates in the state that this config names.
fn issuing(path: &Path, config: &str, organisation: &str) -> Result<(), CommandFailure> {
    let config = Config::parse(path, config, &Environment::of_process()).map_err(CommandFailure::Config)?;
    let clock: SharedClock = Arc::new(SystemClock::new());
    runtime()?.block_on(async {
        let core = Core::open(Arc::new(config), clock, Arc::new(OsRandom::new())).await.map_err(StartError::Open)?;
        let made = core.authority().create(organisation).await;
        core.publish_authority().await;
        let closed = core.close().await;
        made.map_err(|error| CommandFailure::failed(&error))?;
        closed.map_err(|error| CommandFailure::failed(&error))
    })
}

/// `[server]`, where the addresses name other ports than that of HTTPS: it listens there.
fn server(mut ports: [u16; 2]) -> Option<Table> {
    let defaults = ServerSection::default();
    if ports.iter().all(|port| defaults.listen.iter().any(|address| address.port() == *port)) {
        return None;
    }
    ports.sort_unstable();
    let mut listen: Vec<Value> = ports.iter().map(|port| Value::String(format!("0.0.0.0:{port}"))).collect();
    listen.dedup();
    let mut server = Table::from_iter([("listen".to_owned(), Value::Array(listen))]);
    // The operations listener keeps out of their way.
    let operations = defaults.operations_listen.map_or(0, |address| address.port());
    if let Some(free) = (operations..).find(|port| !ports.contains(port)).filter(|port| *port != operations) {
        server.insert("operations_listen".to_owned(), Value::String(format!("127.0.0.1:{free}")));
    }
    Some(server)
}

/// `[trust.issued]`: what that authority signs.
fn trust() -> Value {
    let bundle = format!("{STATE}/{FOLDER}/{ANCHORS}");
    let issued = Table::from_iter([("bundle".to_owned(), Value::String(bundle))]);
    Value::Table(Table::from_iter([("issued".to_owned(), Value::Table(issued))]))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn certificates(hosts: &[String], random: &dyn Random) -> Result<Vec<(&'static str, String)>, rcgen::Error> {
    let authority = Authority::new("Sekisho authority", SystemClock::new().now(), random)?;
    let server = authority.server(&hosts.iter().map(String::as_str).collect::<Vec<_>>())?;
    Ok(vec![
        ("authority.pem", authority.pem()),
        ("authority.key", authority.key_pem().to_owned()),
        ("server.pem", format!("{}{}", server.certificate.pem(), authority.pem())),
        ("server.key", server.key.serialize_pem()),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_init_writes_is_a_good_config_and_is_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let init = Init {
            portal: "https://auth.example.org".to_owned(),
            app: "https://wiki.example.org".to_owned(),
            upstream: "http://127.0.0.1:3000".to_owned(),
            organisation: None,
            dir: folder.path().join("new"),
        };
        init.clone().run().unwrap();
        let config = Config::read(&folder.path().join("new/sekisho.toml")).unwrap();
        assert_eq!(config.file.app[0].name, "wiki");
        let clock: crate::clock::SharedClock = std::sync::Arc::new(SystemClock::new());
        let parts = crate::server::parts::Parts::load(
            &config,
            &clock,
            &crate::core::testing::random(),
            &tokio_util::task::TaskTracker::new(),
        )
        .unwrap();
        let warned = crate::server::parts::warnings(&config, Some(&parts.tls), None);
        assert!(warned.faults().is_empty(), "{warned}");
        let key = fs::read_to_string(folder.path().join("new/master.key")).unwrap();
        assert!(matches!(init.run(), Err(CommandFailure::Failed(..))));
        assert_eq!(fs::read_to_string(folder.path().join("new/master.key")).unwrap(), key);
    }

    #[test]
    fn it_listens_on_the_ports_of_the_addresses() {
        for (portal, app, listen, operations) in [
            (443, 443, &["0.0.0.0:443"][..], "127.0.0.1:9443"),
            (9543, 9543, &["0.0.0.0:9543"], "127.0.0.1:9443"),
            (9543, 443, &["0.0.0.0:443", "0.0.0.0:9543"], "127.0.0.1:9443"),
            (9443, 9444, &["0.0.0.0:9443", "0.0.0.0:9444"], "127.0.0.1:9445"),
        ] {
            let folder = tempfile::tempdir().unwrap();
            let init = Init {
                portal: format!("https://auth.example.org:{portal}"),
                app: format!("https://wiki.example.org:{app}"),
                upstream: "http://127.0.0.1:3000".to_owned(),
                organisation: None,
                dir: folder.path().join("new"),
            };
            init.run().unwrap();
            let server = Config::read(&folder.path().join("new/sekisho.toml")).unwrap().file.server;
            let listens: Vec<String> = server.listen.iter().map(ToString::to_string).collect();
            assert_eq!(listens, listen);
            assert_eq!(server.operations_listen.unwrap().to_string(), operations, "no address is listened on twice");
        }
    }

    #[test]
    fn init_makes_the_authority_of_client_certificates_where_it_is_asked_to() {
        let folder = tempfile::tempdir().unwrap();
        let init = Init {
            portal: "https://auth.example.org".to_owned(),
            app: "https://wiki.example.org".to_owned(),
            upstream: "http://127.0.0.1:3000".to_owned(),
            organisation: Some("a\u{7}".to_owned()),
            dir: folder.path().join("new"),
        };
        assert!(init.clone().run().is_err() && !init.dir.exists(), "a name that is none: nothing was written");
        let init = Init { organisation: Some("Example Corp".to_owned()), ..init };
        init.clone().run().unwrap();
        let config = Config::read(&init.dir.join("sekisho.toml")).unwrap();
        assert!(config.file.trust.contains_key("issued"), "{:?}", config.file.trust);
        let anchors = fs::read_to_string(init.dir.join("state/authority/anchors.pem")).unwrap();
        assert!(anchors.contains("BEGIN CERTIFICATE"), "{anchors}");
        let clock: SharedClock = Arc::new(SystemClock::new());
        let random = crate::core::testing::random();
        let parts = crate::server::parts::Parts::load(&config, &clock, &random, &tokio_util::task::TaskTracker::new()).unwrap();
        let warned = crate::server::parts::warnings(&config, Some(&parts.tls), None);
        assert!(warned.faults().is_empty(), "{warned}");
        runtime().unwrap().block_on(async {
            let core = Core::open(Arc::new(config), clock, random).await.unwrap();
            let key = core.authority().signing().unwrap();
            assert!(key.subject().contains("Example Corp"), "{}", key.subject());
            core.close().await.unwrap();
        });
        assert!(matches!(init.run(), Err(CommandFailure::Failed(..))), "nothing is written over");
    }
}
