//! `/admin/identity-providers` and `/admin/directories`: from where people come that others vouch for, how each of these stands,
//! and what to register there; `/admin/tls`: the gateway's own certificates; `/admin/crls`: revocation lists.

use askama::Template;
use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use http::StatusCode;

use crate::admin::crls::{CrlView, ListCrls};
use crate::admin::directories::{DirectoryView, ListDirectories};
use crate::admin::idp::{IdpMetadata, IdpView, ListIdps};
use crate::admin::tls::{ListTls, TlsState, TlsView};
use crate::admin::values::SourceHealth;
use crate::certificate::list_report::ListState;
use crate::clock::Timestamp;
use crate::portal::admin::action::bulk_action::BulkAction;
use crate::portal::admin::action::target::SelectedLine;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::notice;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, administrator_sample, hostile};

/// GET /admin/identity-providers
pub(super) async fn providers(admin: AdminSession) -> Result<Response, Response> {
    let found = admin.required(ListIdps {}).await?;
    Ok(shown(&admin, AdminArea::IdentityProviders, found.items.into_iter().map(of_provider).collect()))
}

/// GET /admin/identity-providers/{provider}/metadata
pub(super) async fn provider_metadata(Path(provider): Path<String>, admin: AdminSession) -> Result<Response, Response> {
    let own = admin.required(IdpMetadata { provider }).await?;
    Ok(admin.visit.file("sekisho.xml", "application/samlmetadata+xml", Body::from(own.metadata)))
}

/// GET /admin/directories
pub(super) async fn directories(admin: AdminSession) -> Result<Response, Response> {
    let found = admin.required(ListDirectories {}).await?;
    Ok(shown(&admin, AdminArea::Directories, found.items.into_iter().map(of_directory).collect()))
}

/// GET /admin/tls
pub(super) async fn certificates(admin: AdminSession) -> Result<Response, Response> {
    let found = admin.required(ListTls {}).await?;
    Ok(shown(&admin, AdminArea::OwnCertificates, found.items.into_iter().map(of_certificate).collect()))
}

/// GET /admin/crls
pub(super) async fn crls(admin: AdminSession) -> Result<Response, Response> {
    let found = admin.required(ListCrls {}).await?;
    Ok(shown(&admin, AdminArea::Crls, found.items.into_iter().map(of_crl).collect()))
}

fn shown(admin: &AdminSession, area: AdminArea, sources: Vec<SourceCard>) -> Response {
    let layout = AdminLayout::of(admin, area);
    let page = SourcesPage { frame: admin.visit.frame(), layout, notices: notice::done(admin), sources };
    admin.visit.page(StatusCode::OK, &page, &[])
}

fn of_provider(provider: IdpView) -> SourceCard {
    let at = |_: &String| paths::ADMIN_IDENTITY_PROVIDER_METADATA.replace("{provider}", &provider.provider);
    let metadata_at = provider.metadata_uri.as_ref().map(at);
    SourceCard {
        state: SourceState::of_health(provider.state),
        target: SelectedLine::new(&provider.provider, &provider.title).to_string(),
        trouble: provider.trouble,
        facts: vec![
            ("admin-source-name", SourceFact::Code(provider.provider)),
            ("admin-source-issuer", SourceFact::Code(provider.issuer)),
            ("admin-source-read", SourceFact::Ago(provider.read_at)),
            ("admin-source-keys", SourceFact::Count(provider.keys)),
        ],
        metadata_at,
        register: [
            ("admin-source-redirect", Some(provider.redirect_uri)),
            ("admin-source-metadata", provider.metadata_uri),
            ("admin-source-after-sign-out", provider.post_logout_redirect_uri),
            ("admin-source-back-channel", provider.backchannel_logout_uri),
            ("admin-source-front-channel", provider.frontchannel_logout_uri),
        ]
        .into_iter()
        .filter_map(|(label, address)| address.map(|address| (label, address)))
        .collect(),
        actions: vec![BulkAction::TestProvider],
        title: provider.title,
    }
}

fn of_directory(directory: DirectoryView) -> SourceCard {
    let mut facts = vec![
        ("admin-source-name", SourceFact::Code(directory.directory.clone())),
        ("admin-source-kind", SourceFact::Code(directory.kind.to_owned())),
        ("admin-source-asked", SourceFact::Ago(directory.asked_at)),
        ("admin-source-linked", SourceFact::Count(directory.linked)),
    ];
    for server in directory.servers {
        let fact = match server.trouble {
            None => SourceFact::Code(server.url),
            Some(trouble) => SourceFact::Failed(server.url, trouble),
        };
        facts.push(("admin-source-server", fact));
    }
    SourceCard {
        state: SourceState::of_health(directory.state),
        target: SelectedLine::new(&directory.directory, &directory.domain).to_string(),
        title: directory.domain,
        trouble: directory.trouble,
        facts,
        metadata_at: None,
        register: Vec::new(),
        actions: [(BulkAction::TestDirectory, true), (BulkAction::SyncDirectory, directory.has_account)]
            .into_iter()
            .filter_map(|(action, applies)| applies.then_some(action))
            .collect(),
    }
}

fn of_certificate(certificate: TlsView) -> SourceCard {
    // Without a certificate it is not known which authority has an account.
    let has_issuer = certificate.from.is_some();
    let known = [
        ("admin-tls-from", certificate.from.map(SourceFact::Code)),
        ("admin-tls-names", Some(SourceFact::Code(certificate.names.join(", ")))),
        ("admin-tls-ends", certificate.ends.map(|at| SourceFact::At(Some(at)))),
        ("admin-tls-renewed", certificate.renewed_at.map(|at| SourceFact::At(Some(at)))),
        ("admin-tls-next-from", certificate.next_from.map(|at| SourceFact::At(Some(at)))),
        ("admin-tls-next-try", certificate.next_try.map(|at| SourceFact::At(Some(at)))),
        ("admin-source-issuer", certificate.issuer.map(SourceFact::Code)),
        ("admin-tls-serial", certificate.serial.map(SourceFact::Code)),
    ];
    SourceCard {
        state: SourceState::of_own(certificate.state),
        target: SelectedLine::new(&certificate.name, &certificate.name).to_string(),
        trouble: certificate.trouble,
        facts: known.into_iter().filter_map(|(label, fact)| Some((label, fact?))).collect(),
        metadata_at: None,
        register: Vec::new(),
        actions: match (certificate.is_issued, has_issuer) {
            (true, true) => vec![BulkAction::RenewCertificate, BulkAction::ReplaceAccountKey],
            (true, false) => vec![BulkAction::RenewCertificate],
            (false, _) => Vec::new(),
        },
        title: certificate.name,
    }
}

fn of_crl(list: CrlView) -> SourceCard {
    let is_address = list.source.starts_with("http://") || list.source.starts_with("https://");
    let mut facts =
        vec![("admin-crl-trust", SourceFact::Code(list.trust)), ("admin-crl-source", SourceFact::Code(list.source.clone()))];
    if list.issuer.is_some() {
        facts.push(("admin-crl-made", SourceFact::At(list.this_update)));
        facts.push(("admin-crl-next", SourceFact::At(list.next_update)));
        facts.push(("admin-crl-revoked", SourceFact::Count(list.revoked)));
    }
    if is_address || list.read_at.is_some() {
        facts.push(("admin-crl-read", SourceFact::Ago(list.read_at)));
    }
    SourceCard {
        state: SourceState::of_list(list.state),
        target: SelectedLine::new(&list.source, &list.source).to_string(),
        title: list.issuer.unwrap_or(list.source),
        trouble: list.trouble,
        facts,
        metadata_at: None,
        register: Vec::new(),
        actions: if is_address { vec![BulkAction::RefreshCrls] } else { Vec::new() },
    }
}

/// Providers, directories, certificates or revocation lists.
#[derive(Debug, Template)]
#[template(path = "admin/sources.html")]
pub struct SourcesPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation, with the area that is listed.
    pub layout: AdminLayout,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// Each of them.
    pub sources: Vec<SourceCard>,
}

/// A provider, a directory, a certificate or a revocation list.
#[derive(Clone, Debug)]
pub struct SourceCard {
    /// What people call it.
    pub title: String,
    /// How it stands.
    pub state: SourceState,
    /// What is wrong, in English.
    pub trouble: Option<String>,
    /// What is known of it: labels as message keys.
    pub facts: Vec<(&'static str, SourceFact)>,
    /// The addresses to register there: labels as message keys.
    pub register: Vec<(&'static str, String)>,
    /// Where the metadata for it are, as a file.
    pub metadata_at: Option<String>,
    /// What can be done with it.
    pub actions: Vec<BulkAction>,
    /// What an action gets as its target.
    pub target: String,
}

/// How a provider, a directory, a certificate or a revocation list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceState {
    /// It answered when it was asked last.
    Ready,
    /// It did not, or not as it should.
    Troubled,
    /// It was not asked yet.
    Unknown,
    /// The certificate serves.
    InUse,
    /// The certificate ends soon.
    EndsSoon,
    /// The certificate has ended.
    Ended,
    /// No certificate was issued yet.
    Missing,
    /// The list holds.
    Current,
    /// The list holds, and a newer one is due.
    Ending,
    /// The list is past its next update.
    Outdated,
    /// The list has not been read yet.
    Unread,
}

impl SourceState {
    const fn of_health(health: SourceHealth) -> Self {
        match health {
            SourceHealth::Ready => Self::Ready,
            SourceHealth::Troubled => Self::Troubled,
            SourceHealth::Unknown => Self::Unknown,
        }
    }

    const fn of_own(standing: TlsState) -> Self {
        match standing {
            TlsState::Good => Self::InUse,
            TlsState::EndsSoon => Self::EndsSoon,
            TlsState::Ended => Self::Ended,
            TlsState::Missing => Self::Missing,
        }
    }

    const fn of_list(state: ListState) -> Self {
        match state {
            ListState::Current => Self::Current,
            ListState::Ending => Self::Ending,
            ListState::Outdated => Self::Outdated,
            ListState::Missing => Self::Unread,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Ready => "admin-source-ready",
            Self::Troubled => "admin-source-troubled",
            Self::Unknown => "admin-source-unknown",
            Self::InUse => "admin-tls-good",
            Self::EndsSoon => "admin-tls-ends-soon",
            Self::Ended => "admin-tls-ended",
            Self::Missing => "admin-tls-missing",
            Self::Current => "admin-crl-current",
            Self::Ending => "admin-crl-ending",
            Self::Outdated => "admin-crl-outdated",
            Self::Unread => "admin-crl-missing",
        }
    }

    fn is_alarm(self) -> bool {
        matches!(
            self,
            Self::Troubled | Self::EndsSoon | Self::Ended | Self::Missing | Self::Ending | Self::Outdated | Self::Unread
        )
    }
}

/// Something that is known of it.
#[derive(Clone, Debug)]
pub enum SourceFact {
    /// A word of the config, or an address.
    Code(String),
    /// An address, and why it could not be reached.
    Failed(String, String),
    /// How long ago a moment was; `None`: never.
    Ago(Option<Timestamp>),
    /// A moment, mostly to come; `None`: there is none.
    At(Option<Timestamp>),
    /// A number.
    Count(usize),
}

impl PortalPage for SourcesPage {
    const NAME: &'static str = "admin-sources";

    fn samples(frame: &Frame) -> Vec<Self> {
        let provider = |title: String, state, trouble: Option<String>| {
            of_provider(IdpView {
                provider: "corp".to_owned(),
                title,
                issuer: "https://login.example.com".to_owned(),
                state,
                trouble,
                read_at: (state != SourceHealth::Unknown).then(|| Timestamp::from_seconds(NOW - 900)),
                keys: 2,
                protocol: "openid_connect",
                redirect_uri: "https://auth.example.com/sign-in/idp/corp/callback".to_owned(),
                metadata_uri: (state == SourceHealth::Troubled)
                    .then(|| "https://auth.example.com/sign-in/idp/corp/metadata".to_owned()),
                post_logout_redirect_uri: Some("https://auth.example.com/sign-out".to_owned()),
                backchannel_logout_uri: Some("https://auth.example.com/sign-in/idp/corp/backchannel-logout".to_owned()),
                frontchannel_logout_uri: Some("https://auth.example.com/sign-in/idp/corp/frontchannel-logout".to_owned()),
            })
        };
        let directory = |domain: String, state, trouble: Option<String>, has_account| {
            use crate::admin::directories::DirectoryServerView;
            let server = |name: &str, trouble: Option<String>| DirectoryServerView { url: format!("ldaps://{name}"), trouble };
            of_directory(DirectoryView {
                directory: "corp".to_owned(),
                domain,
                kind: "active_directory",
                state,
                asked_at: (state != SourceHealth::Unknown).then(|| Timestamp::from_seconds(NOW - 30)),
                servers: vec![server("dc1.example.com", trouble.clone()), server("dc2.example.com", None)],
                trouble,
                linked: 120,
                has_account,
                sync_every_seconds: None,
            })
        };
        let certificate = |name: String, state: TlsState, trouble: Option<String>, is_issued: bool| {
            let known = (state != TlsState::Missing).then_some(NOW + 30 * 86_400).map(Timestamp::from_seconds);
            of_certificate(TlsView {
                names: vec![name.clone(), "wiki.example.com".to_owned()],
                name,
                state,
                ends: known,
                renewed_at: known.filter(|_| is_issued),
                from: Some(if is_issued { "letsencrypt" } else { "/etc/sekisho/chain.pem" }.to_owned()),
                next_try: trouble.as_ref().map(|_| Timestamp::from_seconds(NOW + 900)),
                trouble,
                issuer: known.map(|_| "C=US, O=Let's Encrypt, CN=R3".to_owned()),
                serial: known.map(|_| "042f".to_owned()),
                next_from: known.filter(|_| is_issued),
                is_issued,
            })
        };
        let crl = |issuer: Option<&str>, source: &str, state, trouble: Option<String>| {
            let day = |days: i64| issuer.map(|_| Timestamp::from_seconds(NOW + days * 86_400));
            of_crl(CrlView {
                trust: "corp".to_owned(),
                source: source.to_owned(),
                issuer: issuer.map(str::to_owned),
                state,
                this_update: day(-6),
                next_update: day(if state == ListState::Outdated { -1 } else { 1 }),
                revoked: 12,
                read_at: issuer.map(|_| Timestamp::from_seconds(NOW - 3_600)),
                trouble,
            })
        };
        let page = |area, notices: &[BulkAction], sources| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(area),
            notices: notices.iter().map(|action| notice::of_action(*action, 1)).collect(),
            sources,
        };
        // What others say is cut where it is noted.
        let said = || Some(hostile().chars().take(60).collect::<String>());
        let down = || Some("https://login.example.com/.well-known/openid-configuration answers 503".to_owned());
        vec![
            page(
                AdminArea::IdentityProviders,
                &[BulkAction::TestProvider],
                vec![
                    provider("Contoso".to_owned(), SourceHealth::Ready, None),
                    provider("本社".to_owned(), SourceHealth::Troubled, down()),
                    provider(hostile(), SourceHealth::Unknown, said()),
                ],
            ),
            page(AdminArea::IdentityProviders, &[], Vec::new()),
            page(
                AdminArea::Directories,
                &[BulkAction::TestDirectory, BulkAction::SyncDirectory],
                vec![
                    directory("corp.example".to_owned(), SourceHealth::Ready, None, true),
                    directory(hostile(), SourceHealth::Troubled, said(), false),
                    directory("partner".to_owned(), SourceHealth::Unknown, None, false),
                ],
            ),
            page(AdminArea::Directories, &[], Vec::new()),
            page(
                AdminArea::OwnCertificates,
                &[BulkAction::RenewCertificate, BulkAction::ReplaceAccountKey],
                vec![
                    certificate("auth.example.com".to_owned(), TlsState::Good, None, true),
                    certificate("files.example.com".to_owned(), TlsState::EndsSoon, None, false),
                    certificate("old.example.com".to_owned(), TlsState::Ended, said(), true),
                    certificate("late.example.com".to_owned(), TlsState::Missing, said(), true),
                ],
            ),
            page(AdminArea::OwnCertificates, &[], Vec::new()),
            page(
                AdminArea::Crls,
                &[BulkAction::RefreshCrls],
                vec![
                    crl(Some("CN=Corp Issuing CA, O=Example"), "/etc/sekisho/corp.crl", ListState::Current, None),
                    crl(
                        Some("CN=本社発行局"),
                        "http://pki.example.com/issuing.crl",
                        ListState::Ending,
                        Some("answers with 503 Service Unavailable".to_owned()),
                    ),
                    crl(Some("CN=Old CA"), "/etc/sekisho/old.crl", ListState::Outdated, None),
                    crl(None, "http://pki.partner.example/list.crl", ListState::Missing, said()),
                ],
            ),
            page(AdminArea::Crls, &[], Vec::new()),
        ]
    }
}
