//! `/account/sessions`: where the user is signed in, and how a session is ended.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::notice::{AccountChange, done};
use crate::portal::kit::admission::{FreshForm, SignedIn, circumstances};
use crate::portal::kit::form::{IdField, NoFields};
use crate::portal::kit::not_done::refused;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, hostile, signed_in_sample};
use crate::self_service::{self, ActError};
use crate::session::{PORTAL, SessionId};

/// GET /account/sessions
pub(super) async fn show(SignedIn { visit, session: this }: SignedIn) -> Response {
    let config = visit.core.config();
    let title =
        |scope: String| config.file.app.iter().find(|app| app.name == scope).and_then(|app| app.title.clone()).unwrap_or(scope);
    let mut rows: Vec<SessionRow> = self_service::sessions::list(&visit.core, this.user())
        .iter()
        .map(|session| SessionRow {
            id: session.id().text(),
            this: session.id() == this.id(),
            bound: !session.bound_scopes().is_empty(),
            agent: session.agent().to_owned(),
            address: session.address().to_string(),
            created_at: session.created(),
            last_seen_at: session.last_seen(),
            apps: session.scopes().into_iter().filter(|scope| scope != PORTAL).map(title).collect(),
        })
        .collect();
    rows.sort_by_key(|row| !row.this);
    let page = SessionsPage { frame: visit.frame(), notices: done(&visit), sessions: rows };
    visit.page(StatusCode::OK, &page, &[])
}

/// POST /account/sessions/revoke
pub(super) async fn revoke(FreshForm { visit, fresh, fields }: FreshForm<IdField>) -> Result<Response, Response> {
    let refused = |error| refused(&visit, &error);
    let id = SessionId::parse(&fields.id).ok_or_else(|| refused(ActError::NotFound))?;
    self_service::sessions::revoke(&visit.core, &circumstances(&visit), &fresh, id).await.map_err(refused)?;
    Ok(visit.see_other(&AccountChange::SessionEnded.at(paths::SESSIONS)))
}

/// POST /account/sessions/revoke-others
pub(super) async fn revoke_others(FreshForm { visit, fresh, .. }: FreshForm<NoFields>) -> Result<Response, Response> {
    let ended = self_service::sessions::revoke_others(&visit.core, &circumstances(&visit), &fresh).await;
    let ended = ended.map_err(|error| refused(&visit, &error))?;
    Ok(visit.see_other(&AccountChange::OthersEnded.of_several_at(paths::SESSIONS, ended)))
}

/// The sessions.
#[derive(Debug, Template)]
#[template(path = "account/sessions.html")]
pub struct SessionsPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// This session first, then the latest used.
    pub sessions: Vec<SessionRow>,
}

impl SessionsPage {
    fn others(&self) -> usize {
        self.sessions.iter().filter(|session| !session.this).count()
    }
}

impl SessionsPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Sessions
    }
}

/// One session.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id, posted back to end it.
    pub id: String,
    /// Whether it is the one that asks.
    pub this: bool,
    /// Whether it is bound to a key of the browser.
    pub bound: bool,
    /// Browser and system, in words: "Firefox on Windows".
    pub agent: String,
    /// Where it came from.
    pub address: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// The apps it is signed in to.
    pub apps: Vec<String>,
}

impl PortalPage for SessionsPage {
    const NAME: &'static str = "account-sessions";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |id: &str, this, agent: &str, seen, apps: &[&str]| SessionRow {
            id: id.to_owned(),
            this,
            bound: this,
            agent: agent.to_owned(),
            address: "2001:db8:12:34:a1b2:c3d4:e5f6:7".to_owned(),
            created_at: Timestamp::from_seconds(NOW - seen - 3000),
            last_seen_at: Timestamp::from_seconds(NOW - seen),
            apps: apps.iter().map(|&app| app.to_owned()).collect(),
        };
        let this = row("a", true, "Firefox (Windows)", 10, &["Wiki", "Payroll"]);
        vec![
            Self {
                frame: signed_in_sample(frame),
                notices: vec![AccountChange::SessionEnded.notice(0)],
                sessions: vec![
                    this.clone(),
                    row("b", false, "Safari (iPhone)", 900, &["Wiki"]),
                    row("c", false, "Chrome (Android)", 90_000, &[]),
                ],
            },
            Self { frame: signed_in_sample(frame), notices: vec![AccountChange::OthersEnded.notice(2)], sessions: vec![this] },
            Self {
                frame: signed_in_sample(frame),
                notices: Vec::new(),
                sessions: vec![row("d", false, &hostile(), 5000, &[&hostile()])],
            },
        ]
    }
}
