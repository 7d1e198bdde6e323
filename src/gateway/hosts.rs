//! Which host is what: the portal, where apps ask by certificate, and each app with its policy and its upstreams. Made
//! whole from a config and swapped as a whole, so that a request sees one config from its first byte to its last.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use http::{HeaderName, HeaderValue};
use tokio_util::task::TaskTracker;
use url::Url;

use super::cors::AppCors;
use super::forward::Destination;
use super::upstream::Upstreams;
use super::webroot::Webroot;
use crate::chain::policy::Policies;
use crate::chain::policy::rules::AppPolicy;
use crate::clock::SharedClock;
use crate::config::Config;
use crate::config::diagnose::Complaint;
use crate::config::schema::{self, LogFormat};
use crate::facts::client_address::TrustedProxies;
use crate::facts::target::HostName;
use crate::gateway::accept::facts::TicketPlace;
use crate::gateway::accept::tls::ServerTls;
use crate::identity::form::IdentityForm;
use crate::identity::headers::{Names, Reserved};

/// An app's host.
#[derive(Debug)]
pub struct AppHost {
    /// The app's name.
    pub name: Arc<str>,
    /// What people call it.
    pub title: Arc<str>,
    /// Scheme, host and port, as an `Origin` header says it.
    pub origin: Box<str>,
    /// Host and port, as a `Host` header of a browser says them.
    pub authority: Box<str>,
    /// Its policy, by path and method.
    pub policy: Arc<AppPolicy>,
    /// Where it is; `None` where another proxy serves it and asks for our judgement.
    pub destination: Option<Destination>,
    /// In which form it is told of its users.
    pub form: Arc<IdentityForm>,
    /// The names of its identity headers.
    pub names: Names,
    /// The names no client may use.
    pub reserved: Arc<Reserved>,
    /// What pages of other origins may do here, if anything.
    pub cors: Option<AppCors>,
    /// Other origins that may open WebSockets here.
    pub websocket_origins: Box<[String]>,
    /// Whether its connections are asked for a client certificate.
    pub asks_for_certificate: bool,
    /// Requests answered, by outcome.
    pub counters: Counters,
}

/// Counters of one app, registered once.
pub struct Counters {
    /// Forwarded.
    pub passed: metrics::Counter,
    /// Asked to sign in.
    pub asked: metrics::Counter,
    /// Refused.
    pub refused: metrics::Counter,
    /// The upstream failed.
    pub failed: metrics::Counter,
    /// Would have been refused, but is only observed.
    pub observed: metrics::Counter,
}

impl std::fmt::Debug for Counters {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Counters")
    }
}

impl Counters {
    fn of(app: &str) -> Self {
        let counter =
            |outcome: &'static str| metrics::counter!("sekisho_requests_total", "app" => app.to_owned(), "outcome" => outcome);
        Self {
            passed: counter("passed"),
            asked: counter("asked"),
            refused: counter("refused"),
            failed: counter("upstream_failed"),
            observed: counter("observed"),
        }
    }
}

/// All hosts of one config.
#[derive(Debug)]
pub struct Hosts {
    /// The portal's host.
    pub portal: HostName,
    /// Where apps that show a certificate ask for approvals.
    pub mtls: Option<HostName>,
    /// The portal's address, without a final slash.
    pub portal_url: Box<str>,
    /// Scheme, host and port of the portal, as an `Origin` header says it.
    pub portal_origin: Box<str>,
    /// The hosts whose pages may lead here and have a browser renew the cookie of its key first: ours, and those of the
    /// identity providers.
    pub refresh_initiators: Box<[String]>,
    apps: HashMap<HostName, Arc<AppHost>>,
    by_name: HashMap<Arc<str>, Arc<AppHost>>,
    /// The proxies whose statement about the client is believed.
    pub trusted: Arc<TrustedProxies>,
    /// Where Kerberos tickets are taken, if they are.
    pub tickets: Option<Arc<TicketPlace>>,
    /// `Strict-Transport-Security`, where it is sent.
    pub hsts: Option<HeaderValue>,
    /// The folder of another ACME client, where one is named.
    pub acme_webroot: Option<Webroot>,
    /// Bytes of a body held while its sender signs in.
    pub held_body: u64,
    /// How each request's line looks; `None` where requests get none.
    pub access_log: Option<LogFormat>,
}

impl Hosts {
    /// The hosts that `config` names.
    ///
    /// # Errors
    /// A complaint for everything that cannot be used.
    pub fn load(
        config: &Config,
        policies: &Policies,
        tls: &ServerTls,
        clock: &SharedClock,
        tasks: &TaskTracker,
    ) -> Result<Self, Vec<Complaint>> {
        let file = &config.file;
        let mut complaints = Vec::new();
        let all_names: Vec<Names> =
            file.app.iter().filter_map(|app| Names::of(app.identity.as_ref().unwrap_or(&file.identity)).ok()).collect();
        let reserved = Arc::new(Reserved::of(&all_names));
        let mut apps = HashMap::new();
        let mut by_name = HashMap::new();
        for (place, app) in file.app.iter().enumerate() {
            match load_app(config, app, place, policies, tls, &reserved, clock, tasks) {
                Ok((host, app)) => {
                    let app = Arc::new(app);
                    by_name.insert(Arc::clone(&app.name), Arc::clone(&app));
                    apps.insert(host, app);
                }
                Err(found) => complaints.extend(found),
            }
        }
        let Some((portal, _)) = address(&file.portal.url) else {
            complaints.push(Complaint::new("portal.url", "it is not an https address"));
            return Err(complaints);
        };
        let mtls = file.portal.mtls_url.as_deref().map(|url| {
            let complaint = || Complaint::new("portal.mtls_url", "it is not an https address");
            address(url).map(|(host, _)| host).ok_or_else(complaint)
        });
        let mtls = mtls.transpose().unwrap_or_else(|complaint| {
            complaints.push(complaint);
            None
        });
        if !complaints.is_empty() {
            return Err(complaints);
        }
        let hsts = (file.server.hsts_seconds > 0)
            .then(|| HeaderValue::try_from(format!("max-age={}", file.server.hsts_seconds)).ok())
            .flatten();
        let tickets = file
            .kerberos
            .as_ref()
            .map(|kerberos| Arc::new(TicketPlace { host: portal.clone(), networks: schema::networks(&kerberos.networks) }));
        let origin = Url::parse(&file.portal.url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let own = std::iter::once(&portal).chain(apps.keys()).map(ToString::to_string);
        let theirs = file.idp.iter().filter_map(|idp| Url::parse(&idp.issuer).ok()?.host_str().map(str::to_owned));
        let refresh_initiators: BTreeSet<String> = own.chain(theirs).collect();
        Ok(Self {
            portal,
            portal_origin: origin.into(),
            refresh_initiators: refresh_initiators.into_iter().collect(),
            mtls,
            tickets,
            portal_url: file.portal.url.trim_end_matches('/').into(),
            apps,
            by_name,
            trusted: Arc::new(TrustedProxies::new(
                schema::networks(&file.server.trusted_proxies),
                file.server.client_address_from,
            )),
            hsts,
            acme_webroot: file.server.acme_webroot.as_deref().map(Webroot::new),
            held_body: file.limits.held_body.0,
            access_log: file.log.access.then_some(file.log.format),
        })
    }

    /// The app at a host, its name in lower case.
    pub fn app(&self, host: &str) -> Option<&Arc<AppHost>> {
        self.apps.get(host)
    }

    /// Closes upstream connections that nobody used for a while, or that their upstream closed.
    pub fn tidy_upstreams(&self) {
        for destination in self.apps.values().filter_map(|app| app.destination.as_ref()) {
            destination.upstreams.tidy();
        }
    }

    /// The app of a name.
    pub fn named(&self, name: &str) -> Option<&Arc<AppHost>> {
        self.by_name.get(name)
    }
}

/// Host and port of an address of ours.
fn address(url: &str) -> Option<(HostName, u16)> {
    let url = Url::parse(url).ok().filter(|url| url.scheme() == "https")?;
    let (host, _) = HostName::parse(url.host_str()?).ok()?;
    Some((host, url.port().unwrap_or(443)))
}

#[expect(clippy::too_many_arguments, reason = "one caller; the parts of a config that an app is made of")]
fn load_app(
    config: &Config,
    app: &schema::AppSection,
    place: usize,
    policies: &Policies,
    tls: &ServerTls,
    reserved: &Arc<Reserved>,
    clock: &SharedClock,
    tasks: &TaskTracker,
) -> Result<(HostName, AppHost), Vec<Complaint>> {
    let file = &config.file;
    let at = |key: &str, message: String| vec![Complaint::new(format!("app[{place}].{key}"), message)];
    let no_address = || at("url", format!("{:?} is not an https address", app.url));
    let (host, port) = address(&app.url).ok_or_else(no_address)?;
    let authority = if port == 443 { host.to_string() } else { format!("{host}:{port}") };
    let policy = policies.app(&app.name).cloned().ok_or_else(|| at("name", format!("{:?} has no policy", app.name)))?;
    let names = Names::of(app.identity.as_ref().unwrap_or(&file.identity)).map_err(|key| {
        let holder = if app.identity.is_some() { format!("app[{place}].identity.{key}") } else { format!("identity.{key}") };
        vec![Complaint::new(holder, "it is not a header name").help("use letters, digits and hyphens, as in \"Remote-User\"")]
    })?;
    let destination = if app.forward_auth {
        None
    } else {
        Some(Destination {
            upstreams: Upstreams::load(app, place, file.limits.connect_within.0, Arc::clone(clock), tasks.clone())?,
            names: names.clone(),
            reserved: Arc::clone(reserved),
            let_through: let_through(app, place)?,
            authority: HeaderValue::from_str(&authority).map_err(|_| no_address())?,
            forwarded: format!(";host=\"{authority}\";proto=https").into(),
            upgrades: upgrades(app, place)?,
            keep_host: app.keep_host,
            answer_within: app.answer_within.0,
            idle: file.limits.idle.0,
            port: HeaderValue::from(port),
        })
    };
    let asks_for_certificate = tls.asks_for_certificate(host.as_str());
    let cors = AppCors::new(&app.cors.origins, &policy);
    let made = AppHost {
        name: app.name.as_str().into(),
        title: app.title.as_deref().unwrap_or(&app.name).into(),
        origin: format!("https://{authority}").into(),
        authority: authority.into(),
        policy,
        destination,
        form: Arc::new(IdentityForm::of(app.identity.as_ref().unwrap_or(&file.identity))),
        names,
        reserved: Arc::clone(reserved),
        cors,
        websocket_origins: app.websocket_origins.clone().into(),
        asks_for_certificate,
        counters: Counters::of(&app.name),
    };
    Ok((host, made))
}

fn let_through(app: &schema::AppSection, place: usize) -> Result<Box<[HeaderName]>, Vec<Complaint>> {
    let named = app.pass_headers.iter().enumerate().map(|(of_app, name)| {
        let complaint = |_| vec![Complaint::new(format!("app[{place}].pass_headers[{of_app}]"), "it is not a header name")];
        HeaderName::try_from(name.as_str()).map_err(complaint)
    });
    named.collect()
}

fn upgrades(app: &schema::AppSection, place: usize) -> Result<Box<[HeaderValue]>, Vec<Complaint>> {
    let named = app.upgrades.iter().enumerate().map(|(of_app, protocol)| {
        let complaint = |_| vec![Complaint::new(format!("app[{place}].upgrades[{of_app}]"), "it is not a protocol name")];
        HeaderValue::try_from(protocol.as_str()).map_err(complaint)
    });
    named.collect()
}
