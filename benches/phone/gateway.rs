//! A gateway on loopback with a state of its own, and people with phones.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::pki_types::CertificateDer;
use sekisho::account::users::NewUser;
use sekisho::clock::SystemClock;
use sekisho::config::Config;
use sekisho::core::Core;
use sekisho::principal::method::{Method, Methods};
use sekisho::principal::user::UserId;
use sekisho::random::OsRandom;
use sekisho::seal::SecretToken;
use sekisho::server::{Listeners, Server, Workers};
use sekisho::session::handover::Departure;
use sekisho::telemetry::Metrics;

use crate::clients::Phone;

/// The password of everybody.
pub(crate) const PASSWORD: &str = "a quiet river at dawn";
/// The service of the login form that is shut.
pub(crate) const SERVICE: &str = "bench/abcdefghijklmnop";

/// A gateway.
pub(crate) struct Gateway {
    pub(crate) server: Server,
    pub(crate) address: SocketAddr,
    pub(crate) authority: CertificateDer<'static>,
    _folder: tempfile::TempDir,
}

impl Gateway {
    /// Starts one. Nothing is slowed down that only guards against this many sign-ins from one address.
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let issuer = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let params = CertificateParams::new(["auth.test".to_owned(), "shut.test".to_owned(), "bank.test".to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        std::fs::write(folder.path().join("server.pem"), params.signed_by(&key, &issuer).unwrap().pem()).unwrap();
        std::fs::write(folder.path().join("server.key"), key.serialize_pem()).unwrap();
        let listener = sekisho::gateway::accept::listener::bind(([127, 0, 0, 1], 0).into()).unwrap();
        let address = listener.local_addr().unwrap();
        let (port, organisation, service) = (address.port(), &SERVICE[..5], &SERVICE[6..]);
        let config = format!(
            r#"
[[tls.certificate]]
chain = "server.pem"
key = "server.key"
[portal]
url = "https://auth.test:{port}"
demands.primary_factor = {{ methods = ["push", "password"] }}
[state]
directory = "state"
[regulation]
per_network = 1000000
per_user_and_network = 1000000
[approval]
asked_per_network = 1000000
[password]
queue = "60s"
[[app]]
name = "shut"
url = "https://shut.test:{port}"
upstream = ["http://127.0.0.1:9"]
demands.primary_factor = {{ login_protect = {{ organisation = "{organisation}", service = "{service}" }} }}
[[app]]
name = "bank"
url = "https://bank.test:{port}"
upstream = ["http://127.0.0.1:9"]
demands.primary_factor = {{}}
transaction = [{{ name = "upload", paths = ["/upload"], title = {{ en = "Upload" }}, waits = "30m" }}]
"#
        );
        let path = folder.path().join("sekisho.toml");
        std::fs::write(&path, config).unwrap();
        let config = Arc::new(Config::read(&path).unwrap_or_else(|diagnosis| panic!("{diagnosis}")));
        let listeners = Listeners { https: vec![listener], ..Listeners::default() };
        let metrics = Arc::new(Metrics::detached().unwrap());
        let clock = Arc::new(SystemClock::new());
        let workers = Workers::start(1).unwrap();
        let server = Server::start(config, clock, Arc::new(OsRandom::new()), listeners, metrics, workers).await.unwrap();
        Self { server, address, authority: issuer.der().clone(), _folder: folder }
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        self.server.core()
    }

    /// The portal, as phones sign it.
    pub(crate) fn portal(&self) -> String {
        format!("https://auth.test:{}", self.address.port())
    }

    /// A user who may sign in by push, and the phone.
    pub(crate) async fn person(&self, name: &str) -> Phone {
        let core = self.core();
        let user = UserId::parse(name).unwrap();
        core.users().add(NewUser::named(user.clone())).await.unwrap();
        core.assign(&user, Methods::of(&[Method::Push, Method::Password])).await.unwrap();
        let phone = Phone::new(name, self.portal());
        core.approvals().approvers.register(&phone.key, &user, "phone", "Chrome, Android", 3).await.unwrap();
        phone
    }
}

impl Gateway {
    /// Somebody sent to sign in by the app with the shut form.
    pub(crate) async fn departure(&self) -> String {
        let core = self.core();
        let departure = Departure {
            app: "shut".to_owned(),
            method: "GET".to_owned(),
            path_and_query: "/".to_owned(),
            state: SecretToken::draw(&**core.random()).hash(),
            certificate: None,
            held: None,
            started: core.clock().now(),
        };
        core.handover().depart(&departure).await.unwrap()
    }
}
