//! `/account/browsers`: the registered browsers, and how one is forgotten.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::clock::Timestamp;
use crate::portal::account::AccountPage;
use crate::portal::account::notice::{AccountChange, done};
use crate::portal::kit::admission::{FreshForm, SignedIn, circumstances};
use crate::portal::kit::form::IdField;
use crate::portal::kit::not_done::refused;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::parts::browser_way;
use crate::portal::kit::paths;
use crate::portal::kit::sample::{NOW, hostile, signed_in_sample};
use crate::principal::method::{CredentialId, Method};
use crate::self_service::{self, ActError};

/// GET /account/browsers
pub(super) async fn show(SignedIn { visit, session }: SignedIn) -> Response {
    let (core, user) = (&visit.core, session.user());
    let this = core.browsers().find_shown(user.id(), visit.visitor().browser()).map(|browser| browser.id);
    let mut rows: Vec<BrowserRow> = core
        .browsers()
        .of_user(user.id())
        .iter()
        .map(|browser| BrowserRow {
            id: browser.id.text(),
            this: Some(browser.id) == this,
            bound: browser.is_bound(),
            name: browser.agent.clone(),
            way: browser.foremost(core.clock().now()),
            registered_at: browser.registered_at,
            last_used_at: Some(browser.last_seen),
            expires_at: browser.expires_at,
        })
        .collect();
    rows.sort_by_key(|row| !row.this);
    let page = BrowsersPage { frame: visit.frame(), notices: done(&visit), browsers: rows };
    visit.page(StatusCode::OK, &page, &[])
}

/// POST /account/browsers/forget
pub(super) async fn forget(FreshForm { visit, fresh, fields }: FreshForm<IdField>) -> Result<Response, Response> {
    let refused = |error| refused(&visit, &error);
    let id = CredentialId::parse(&fields.id).ok_or_else(|| refused(ActError::NotFound))?;
    self_service::browsers::forget(&visit.core, &circumstances(&visit), &fresh, id).await.map_err(refused)?;
    Ok(visit.see_other(&AccountChange::BrowserForgotten.at(paths::BROWSERS)))
}

/// The registered browsers.
#[derive(Debug, Template)]
#[template(path = "account/browsers.html")]
pub struct BrowsersPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// This browser first.
    pub browsers: Vec<BrowserRow>,
}

impl BrowsersPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Browsers
    }
}

/// One registered browser.
#[derive(Clone, Debug)]
pub struct BrowserRow {
    /// Its id, posted back to forget it.
    pub id: String,
    /// Whether it is the one that asks.
    pub this: bool,
    /// Whether it is bound to a key of the browser.
    pub bound: bool,
    /// What it is called.
    pub name: String,
    /// How it was registered: one of `Method::BrowserBy…`.
    pub way: Method,
    /// Since when.
    pub registered_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Timestamp,
}

impl BrowserRow {
    const fn way(&self) -> &'static str {
        browser_way(self.way)
    }
}

impl PortalPage for BrowsersPage {
    const NAME: &'static str = "account-browsers";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |id: &str, this, name: &str, way, last_used_at: Option<i64>| BrowserRow {
            id: id.to_owned(),
            this,
            bound: this,
            name: name.to_owned(),
            way,
            registered_at: Timestamp::from_seconds(NOW - 5_000_000),
            last_used_at: last_used_at.map(Timestamp::from_seconds),
            expires_at: Timestamp::from_seconds(NOW + 10_000_000),
        };
        vec![
            Self {
                frame: signed_in_sample(frame),
                notices: vec![AccountChange::BrowserForgotten.notice(0)],
                browsers: vec![
                    row("a", true, "Firefox (Windows)", Method::BrowserByOtp, Some(NOW - 60)),
                    row("b", false, "自宅のパソコン", Method::BrowserByAdmin, Some(NOW - 100_000)),
                    row("c", false, &hostile(), Method::BrowserByNumber, None),
                    row("d", false, "Safari (iPad)", Method::BrowserByLink, None),
                ],
            },
            Self { frame: signed_in_sample(frame), notices: Vec::new(), browsers: Vec::new() },
        ]
    }
}
