//! `/invitation/{token}/browser`: a link that registers the browser it is opened in.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use http::{StatusCode, header};
use serde::Deserialize;

use super::{answered, done_path};
use crate::account::links::LinkPurpose;
use crate::facts::cookies;
use crate::portal::kit::admission::circumstances;
use crate::portal::kit::form::Form;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::hostile;
use crate::portal::kit::visit::Visit;
use crate::self_service::ActError;
use crate::self_service::invitation;

/// Registers this browser for the user of a link.
#[derive(Debug, Template)]
#[template(path = "invitation/browser.html")]
pub struct LinkBrowserPage {
    /// The frame.
    pub frame: Frame,
    /// Where the form goes.
    pub action: String,
    /// For whom.
    pub user: String,
    /// What to call this browser, proposed.
    pub name: String,
    /// How long it stays registered.
    pub lasts_days: u64,
}

/// What the form sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct BrowserName {
    name: String,
}

/// GET /invitation/{token}/browser
pub(super) async fn show(Path(token): Path<String>, visit: Visit) -> Response {
    answered(&visit, async {
        let invited = invitation::open(&visit.core, &token).await?;
        if invited.link.purpose != LinkPurpose::Browser {
            return Err(ActError::DeadLink);
        }
        let page = LinkBrowserPage {
            frame: visit.frame(),
            action: format!("/invitation/{token}/browser"),
            user: invited.user.id().to_string(),
            name: visit.visitor().agent.to_owned(),
            lasts_days: visit.core.config().file.session.browser.0.as_secs() / 86_400,
        };
        Ok(visit.page(StatusCode::OK, &page, &[]))
    })
    .await
}

/// POST /invitation/{token}/browser `name`: the only step.
pub(super) async fn register(Path(token): Path<String>, Form { visit, fields }: Form<BrowserName>) -> Response {
    answered(&visit, async {
        let visitor = visit.visitor();
        let name: String = fields.name.chars().filter(|c| !c.is_control()).take(64).collect();
        let name = if name.trim().is_empty() { visitor.agent } else { name.trim() };
        let shown = visitor.browser();
        let (user, cookie) = invitation::register_browser(&visit.core, &circumstances(&visit), &token, shown, name).await?;
        let mut response = visit.see_other(&done_path(user.id()));
        let lasts = visit.core.config().file.session.browser.0.as_secs();
        response.headers_mut().append(header::SET_COOKIE, cookies::set(cookies::BROWSER, &cookie, Some(lasts)));
        Ok(response)
    })
    .await
}

impl PortalPage for LinkBrowserPage {
    const NAME: &'static str = "invitation-browser";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |user: &str, name: &str| Self {
            frame: frame.clone(),
            action: "/invitation/JZrC0e8cB3mQ5v1yKpX7nTqWf2sLhD9uAaEoGtRiVb4/browser".to_owned(),
            user: user.to_owned(),
            name: name.to_owned(),
            lasts_days: 180,
        };
        vec![page("alice", "Firefox, Windows"), page(&hostile(), &hostile())]
    }
}
