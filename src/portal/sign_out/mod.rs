//! `/sign-out`: ends the session of this browser, or all sessions of the user, or begins the sign-in of another user.

use askama::Template;
use axum::response::Response;
use http::{StatusCode, header};
use serde::Deserialize;

use crate::core::idp::SignOutThere;
use crate::facts::cookies;
use crate::portal::kit::admission::circumstances;
use crate::portal::kit::form::Form;
use crate::portal::kit::not_done::refused;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::kit::visit::Visit;
use crate::self_service::sign_out::{self, SignOutScope};

/// GET /sign-out: shows the choice; with `?app=` it says that the user is signed out of that app.
pub(in crate::portal) async fn ask_sign_out(visit: Visit) -> Response {
    if let Some(name) = visit.query("app")
        && let Some(app) = visit.core.config().file.app.iter().find(|app| app.name == name)
    {
        let title = app.title.clone().unwrap_or_else(|| app.name.clone());
        return visit.page(StatusCode::OK, &signed_out(&visit, SignedOut::App(title), None), &[]);
    }
    match &visit.session {
        Some(session) => {
            let others = visit.core.sessions().of_user(session.user().id()).len().saturating_sub(1);
            visit.page(StatusCode::OK, &SignOutPage { frame: visit.frame(), other_sessions: others }, &[])
        }
        None => visit.page(StatusCode::OK, &signed_out(&visit, SignedOut::Here, None), &[]),
    }
}

/// What the form of a sign-out sends.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(in crate::portal) struct SignOutForm {
    scope: String,
    #[serde(rename = "for")]
    goal: String,
}

/// POST /sign-out
pub(in crate::portal) async fn sign_out(Form { mut visit, fields }: Form<SignOutForm>) -> Response {
    let everywhere = fields.scope == "everywhere";
    let mut there = None;
    if let Some(session) = visit.session.take() {
        // Asked before the session and what is known of it are gone; a failure keeps nobody from leaving.
        there = visit.core.sign_out_there(&session).await.unwrap_or_else(|error| {
            tracing::warn!(%error, request_id = %visit.arrival.request_id, "idp_sign_out_unknown");
            None
        });
        let scope = if everywhere { SignOutScope::Everywhere } else { SignOutScope::Here };
        if let Err(error) = sign_out::sign_out(&visit.core, &circumstances(&visit), &session, scope).await {
            return refused(&visit, &error);
        }
    }
    let mut response = if fields.scope == "someone_else" {
        // Not by the ticket of the computer, which is the same user's again.
        visit.see_other(&address_for_another(&fields.goal))
    } else {
        let scope = if everywhere { SignedOut::Everywhere } else { SignedOut::Here };
        visit.page(StatusCode::OK, &signed_out(&visit, scope, there), &[])
    };
    // Without its cookie the browser renews its key at once, and learns there that nothing is bound to it any more.
    for name in [cookies::SESSION, cookies::SIGN_IN, cookies::BOUND] {
        response.headers_mut().append(header::SET_COOKIE, cookies::set(name, "", Some(0)));
    }
    response
}

/// The sign-in towards a goal, at which no ticket is asked for.
fn address_for_another(goal: &str) -> String {
    let query =
        url::form_urlencoded::Serializer::new(String::new()).append_pair("for", goal).append_pair("method", "other").finish();
    format!("{}?{query}", paths::SIGN_IN)
}

/// Signing out: asks what of.
#[derive(Debug, Template)]
#[template(path = "sign_out/sign_out.html")]
pub struct SignOutPage {
    /// The frame.
    pub frame: Frame,
    /// How many other sessions the user has.
    pub other_sessions: usize,
}

impl SignOutPage {
    const fn elsewhere(&self) -> bool {
        self.other_sessions > 0
    }
}

/// Signed out.
#[derive(Debug, Template)]
#[template(path = "sign_out/signed_out.html")]
pub struct SignedOutPage {
    /// The frame.
    pub frame: Frame,
    /// What of.
    pub scope: SignedOut,
    /// The identity provider that the session was opened by, where it can be signed out of.
    pub there: Option<SignOutThere>,
    /// Where another user signs in, where the ticket of the computer would sign in the same one again.
    pub another: Option<String>,
}

fn signed_out(visit: &Visit, scope: SignedOut, there: Option<SignOutThere>) -> SignedOutPage {
    let asks = visit.core.kerberos_tickets().asks(visit.arrival.address.ip());
    SignedOutPage { frame: visit.frame(), scope, there, another: asks.then(|| address_for_another("")) }
}

/// What was signed out of.
#[derive(Clone, Debug)]
pub enum SignedOut {
    /// Of one app; the portal and the others go on.
    App(String),
    /// Of this browser's session: the portal and every app.
    Here,
    /// Of every session on every device.
    Everywhere,
}

impl SignedOut {
    fn text(&self, frame: &Frame) -> String {
        match self {
            Self::App(app) => frame.with("signed-out-of-app", "app", app),
            Self::Here => frame.say("signed-out-here"),
            Self::Everywhere => frame.say("signed-out-everywhere"),
        }
    }
}

impl PortalPage for SignOutPage {
    const NAME: &'static str = "sign-out";

    fn samples(frame: &Frame) -> Vec<Self> {
        [0, 1, 4].into_iter().map(|other_sessions| Self { frame: frame.clone(), other_sessions }).collect()
    }
}

impl PortalPage for SignedOutPage {
    const NAME: &'static str = "signed-out";

    fn samples(frame: &Frame) -> Vec<Self> {
        let there = |title: &str, always| SignOutThere {
            title: title.to_owned(),
            address: "https://login.contoso.example/end?client_id=sekisho".to_owned(),
            always,
        };
        let page = |scope, there| Self {
            frame: frame.clone(),
            another: matches!(scope, SignedOut::Here).then(|| address_for_another("")),
            scope,
            there,
        };
        vec![
            page(SignedOut::App("Wiki".to_owned()), None),
            page(SignedOut::Here, None),
            page(SignedOut::Everywhere, Some(there("Contoso", false))),
            page(SignedOut::App(hostile()), Some(there(&hostile(), true))),
        ]
    }
}
