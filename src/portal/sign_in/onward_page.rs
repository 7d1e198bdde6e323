//! The page that leaves for an app where the browser keeps what stood behind `#` in the address that was asked for.

use askama::Template;
use axum::response::Response;
use http::{Method, StatusCode};

use crate::facts::cookies;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::hostile;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::towards::address;
use crate::sign_in::goal::Goal;

/// The cookie by which a tab of this browser says that it keeps such a thing (`fragment.js`); what it is stays in the tab.
const KEEPS: &str = "__Host-sekisho-fragment";
/// The query of the GET that follows this page.
const ONWARD: &str = "onward";

/// The end of a sign-in: the browser goes on from here, by its script, by itself or by a link.
#[derive(Debug, Template)]
#[template(path = "sign_in/onward_page.html")]
pub struct OnwardPage {
    /// The frame.
    pub frame: Frame,
    /// The app that it leads to, as people call it.
    pub app: String,
    /// The address that leads there, to which the script adds what is kept.
    pub next: String,
}

impl PortalPage for OnwardPage {
    const NAME: &'static str = "sign-in-onward";

    fn samples(frame: &Frame) -> Vec<Self> {
        let next = "/sign-in?for=8mL2xQ&onward".to_owned();
        ["Wiki".to_owned(), hostile()].into_iter().map(|app| Self { frame: frame.clone(), app, next: next.clone() }).collect()
    }
}

/// Leaves for an app whose callback is `location`: by way of this page where something may be kept.
pub(super) fn leave(visit: &Visit, goal: &Goal, app: &str, location: &str) -> Response {
    let own = address(goal);
    let keeps = cookies::find(&visit.parts.headers, KEEPS).is_some() && visit.query(ONWARD).is_none();
    if !keeps || visit.parts.method == Method::POST {
        return visit.leave_for(&own, app, location);
    }
    let next = format!("{own}&{ONWARD}");
    visit.scripted_page(StatusCode::OK, &OnwardPage { frame: visit.frame(), app: app.to_owned(), next })
}
