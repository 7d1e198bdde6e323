//! The launcher: every app that the user may open, and what each would still ask.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::chain::papers::Papers;
use crate::chain::{self, Check, Verdict};
use crate::portal::kit::admission::SignedIn;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, Person, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;

/// GET /
pub(in crate::portal) async fn show(SignedIn { visit, session }: SignedIn) -> Result<Response, Response> {
    let policies = visit.core.policies();
    let standing = session.user().standing();
    let evidence = session.evidence();
    let config = visit.core.config();
    let mut apps = Vec::new();
    let lists = visit.core.networks().lists();
    for app in &config.file.app {
        let Some(policy) = policies.app(&app.name) else { continue };
        let papers = Papers {
            address: visit.arrival.address,
            lists: &lists,
            certificate: None,
            holder: None,
            bound_certificate: None,
            user: Some(&standing),
            evidence: &evidence,
            bound_browser: visit.core.is_browser_bound(&evidence),
            now: visit.core.clock().now(),
        };
        let asks = match chain::examine(policy.own(), &papers).verdict {
            Verdict::Pass(_) | Verdict::Hold(_) => None,
            Verdict::Ask(turn) => Some(turn.check()),
            // A browser shows its certificate to the app's host alone, so the portal cannot judge it.
            Verdict::Refuse(refusal) if refusal.check() == chain::Check::ClientCertificate => Some(refusal.check()),
            Verdict::Refuse(_) => continue,
        };
        let host = url::Url::parse(&app.url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        apps.push(AppTile { title: app.title.clone().unwrap_or_else(|| app.name.clone()), host, url: app.url.clone(), asks });
    }
    let (core, user) = (&visit.core, session.user().id());
    let has_password = core.passwords().has(user).await.map_err(|error| visit.failed(&error))?;
    let has_pattern = core.matrices().state(user).await.map_err(|error| visit.failed(&error))?.is_some();
    let page = LauncherPage { frame: visit.frame(), apps, notices: Vec::new(), has_password, has_pattern };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// The apps.
#[derive(Debug, Template)]
#[template(path = "launcher/launcher.html")]
pub struct LauncherPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The apps, in the order they are shown.
    pub apps: Vec<AppTile>,
    /// What the person should know first.
    pub notices: Vec<PageNotice>,
    /// Whether there is a password of ours, which can be changed from the foot.
    pub has_password: bool,
    /// Whether there is a pattern, which can be changed from the foot.
    pub has_pattern: bool,
}

/// One app.
#[derive(Clone, Debug)]
pub struct AppTile {
    /// What people call it.
    pub title: String,
    /// Its host, as the address bar will show it.
    pub host: String,
    /// Its address.
    pub url: String,
    /// The check that it would ask for on opening; `None` if it opens at once.
    pub asks: Option<Check>,
}

impl AppTile {
    /// The letter in its square.
    fn initial(&self) -> String {
        self.title.chars().find(|c| c.is_alphanumeric()).map_or_else(|| "·".to_owned(), |c| c.to_uppercase().collect())
    }
}

impl PortalPage for LauncherPage {
    const NAME: &'static str = "launcher";

    fn samples(frame: &Frame) -> Vec<Self> {
        let frame = Frame { person: Some(Person::sample(false)), ..frame.clone() };
        let tile = |title: &str, host: &str, asks| AppTile {
            title: title.to_owned(),
            host: host.to_owned(),
            url: format!("https://{host}/"),
            asks,
        };
        vec![
            Self {
                frame: frame.clone(),
                apps: vec![
                    tile("Wiki", "wiki.example.com", None),
                    tile("Payroll", "pay.example.com", Some(Check::Otp)),
                    tile("経費精算", "keihi.example.com", Some(Check::Cookie)),
                    tile("Build server", "build.dev.internal.example.com", Some(Check::ClientCertificate)),
                ],
                notices: vec![
                    PageNotice::warning("notice-few-recovery-codes")
                        .with_count(2)
                        .with_link(paths::RECOVERY_CODES, "notice-link-recovery"),
                ],
                has_password: true,
                has_pattern: true,
            },
            Self {
                frame: Frame { person: Some(Person::sample(true)), ..frame.clone() },
                apps: Vec::new(),
                notices: Vec::new(),
                has_password: false,
                has_pattern: true,
            },
            Self {
                frame,
                apps: vec![tile(&hostile(), &"b".repeat(300), None), tile("", "nameless.example.com", None)],
                notices: Vec::new(),
                has_password: true,
                has_pattern: false,
            },
        ]
    }
}
