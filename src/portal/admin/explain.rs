//! `/admin/explain`: what each of the six checks would say of a request, and which lines of the config say so.

use std::net::IpAddr;

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;
use url::Url;

use crate::admin::browsers::ListBrowsers;
use crate::admin::error::AdminError;
use crate::admin::explain::{CheckView, Explain, Explained, OWN_CERTIFICATES, ReadingView};
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::list_page::LINES;
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{administrator_sample, hostile};
use crate::principal::networks::{ADMINISTRATION, PORTAL};
use crate::principal::user::UserId;
use crate::sign_in::goal::PortalArea;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ExplainForm {
    /// The address that is opened, or the name of an app.
    pub address: String,
    /// The method.
    pub method: String,
    /// Where the request comes from.
    pub from: String,
    /// Who has signed in; empty: nobody.
    pub user: String,
    /// What was proved: `password, totp@2h`.
    pub proved: String,
    /// The certificate shown, as PEM.
    pub certificate: String,
    /// The registered browser that is used: its id; empty: none.
    pub browser: String,
}

impl AdminFields for ExplainForm {
    fn page(&self) -> &str {
        paths::ADMIN_EXPLAIN
    }
}

/// GET /admin/explain
pub(super) async fn show(admin: AdminSession) -> Result<Response, Response> {
    let fields = ExplainForm {
        address: admin.query("address").unwrap_or_default(),
        user: admin.query("user").unwrap_or_default(),
        browser: admin.query("browser").unwrap_or_default(),
        from: admin.visit.arrival.address.to_string(),
        method: "GET".to_owned(),
        ..ExplainForm::default()
    };
    page(&admin, StatusCode::OK, fields, None, None).await
}

/// POST /admin/explain
pub(super) async fn explain(AdminForm { admin, fields }: AdminForm<ExplainForm>) -> Result<Response, Response> {
    let explained = match order(&admin, &fields) {
        Ok(act) => admin.perform(act).await,
        Err(error) => Err(error),
    };
    match explained {
        Ok(explained) => page(&admin, StatusCode::OK, fields, Some(explained), None).await,
        Err(error) if error.status() < 500 && error.status() != 403 => {
            let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
            page(&admin, status, fields, None, Some(admin.reason(&error))).await
        }
        Err(error) => Err(admin.refused(&error)),
    }
}

async fn page(
    admin: &AdminSession,
    status: StatusCode,
    fields: ExplainForm,
    explained: Option<Explained>,
    problem: Option<ReasonText>,
) -> Result<Response, Response> {
    let browsers = match UserId::parse(&fields.user) {
        Ok(user) => admin.required(ListBrowsers { user: Some(user), after: None, limit: LINES }).await?.items,
        Err(_) => Vec::new(),
    };
    let browsers = browsers.into_iter().map(|one| (one.browser, one.agent)).collect();
    let config = admin.visit.core.config();
    let apps = config.file.app.iter().map(|app| app.name.clone()).chain([PORTAL, ADMINISTRATION].map(str::to_owned)).collect();
    let layout = AdminLayout::of(admin, AdminArea::Explain);
    let page = ExplainPage { frame: admin.visit.frame(), layout, apps, browsers, fields, explained, problem };
    Ok(admin.visit.page(status, &page, &[]))
}

/// The act that the fields mean.
fn order(admin: &AdminSession, fields: &ExplainForm) -> Result<Explain, AdminError> {
    let wrong = |what, why: String| AdminError::Input { what, why };
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let (app, path) = place(admin, fields.address.trim())?;
    let from: IpAddr = fields
        .from
        .trim()
        .parse()
        .map_err(|_| wrong("read the address", format!("{:?} is no IP address", fields.from.trim())))?;
    let user = given(&fields.user).map(|user| UserId::parse(&user)).transpose();
    Ok(Explain {
        app,
        from,
        user: user.map_err(|error| wrong("read the user name", error.to_string()))?,
        path,
        method: given(&fields.method).unwrap_or_else(|| "GET".to_owned()),
        certificate: given(&fields.certificate),
        browser: given(&fields.browser),
        with: fields.proved.split([',', ' ']).map(str::trim).filter(|word| !word.is_empty()).map(str::to_owned).collect(),
    })
}

/// The app that an address leads to, and the path there; the name of an app is that app at `/`.
fn place(admin: &AdminSession, text: &str) -> Result<(String, String), AdminError> {
    let Ok(url) = Url::parse(text) else { return Ok((text.to_owned(), "/".to_owned())) };
    let config = admin.visit.core.config();
    let is_at = |address: &str| Url::parse(address).is_ok_and(|own| own.host_str() == url.host_str() && own.host_str().is_some());
    let asked = text.splitn(4, '/').nth(3).map(|rest| format!("/{}", rest.split('#').next().unwrap_or_default()));
    // As it is written: a path that is mended first would not be the one that is judged.
    let path = asked.unwrap_or_else(|| "/".to_owned());
    if let Some(app) = config.file.app.iter().find(|app| is_at(&app.url)) {
        return Ok((app.name.clone(), path));
    }
    if is_at(&config.file.portal.url) {
        let place = match paths::area_of(&path) {
            PortalArea::Account => PORTAL,
            PortalArea::Certificates => OWN_CERTIFICATES,
            PortalArea::Administration => ADMINISTRATION,
        };
        return Ok((place.to_owned(), path));
    }
    let why = format!("no app is at {}; write the address of one, or its name", url.host_str().unwrap_or(text));
    Err(AdminError::Input { what: "find the app", why })
}

/// The form, and what came of it.
#[derive(Debug, Template)]
#[template(path = "admin/explain.html")]
pub struct ExplainPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// The names that may be written for an address.
    pub apps: Vec<String>,
    /// The registered browsers of the user that is entered: ids, and what each is called.
    pub browsers: Vec<(String, String)>,
    /// What was entered.
    pub fields: ExplainForm,
    /// What the chain would say.
    pub explained: Option<Explained>,
    /// Why it cannot be said.
    pub problem: Option<ReasonText>,
}

impl ExplainPage {
    /// What the chain does: a message key.
    fn verdict(explained: &Explained) -> &'static str {
        match explained.verdict.as_str() {
            "pass" => "admin-explain-pass",
            "hold" => "admin-explain-hold",
            "ask" => "admin-explain-ask",
            _ => "admin-explain-refuse",
        }
    }

    /// What a check says: a message key.
    fn says(check: &CheckView) -> &'static str {
        match check.says.as_str() {
            "ok" => "admin-explain-ok",
            "observed" => "admin-explain-observed",
            "not_applicable" => "admin-explain-not-applicable",
            "not_evaluated" => "admin-explain-not-evaluated",
            _ => "admin-explain-fail",
        }
    }

    fn lines(check: &CheckView) -> String {
        check.lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

impl PortalPage for ExplainPage {
    const NAME: &'static str = "admin-explain";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |explained, problem| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Explain),
            apps: vec!["wiki".to_owned(), "portal".to_owned()],
            browsers: vec![("Zm9ybXZvcm1mb3JtZm9ybQ".to_owned(), hostile())],
            fields: ExplainForm {
                address: "https://wiki.example.com/admin".to_owned(),
                from: "203.0.113.9".to_owned(),
                user: "\"><svg onload=alert(1)>".to_owned(),
                ..ExplainForm::default()
            },
            explained,
            problem,
        };
        let explained = |verdict: &str| {
            let check = |check: &str, says: &str| CheckView {
                check: check.to_owned(),
                says: says.to_owned(),
                because: (says == "fail").then(|| "address_not_allowed".to_owned()),
                demands: "require allow 192.0.2.0/24".to_owned(),
                lines: vec![12, 40],
            };
            Explained {
                policy: "wiki /admin/**".to_owned(),
                verdict: verdict.to_owned(),
                because: (verdict != "pass").then(|| "address_not_allowed".to_owned()),
                identity: (verdict == "pass").then(|| "alice".to_owned()),
                config: "/etc/sekisho/sekisho.toml".to_owned(),
                checks: vec![
                    check("ip_restriction", "ok"),
                    check("client_certificate", "observed"),
                    check("desktop_sso", "not_applicable"),
                    check("primary_factor", "fail"),
                    check("cookie", "not_evaluated"),
                    check("otp", "not_evaluated"),
                ],
                readings: vec![ReadingView { reading: "/Admin".to_owned(), policy: "wiki".to_owned() }],
                transaction: None,
            }
        };
        let mut pages = vec![page(None, None), page(None, Some(ReasonText::sample(frame.language)))];
        pages.extend(["pass", "hold", "ask", "refuse"].map(|verdict| page(Some(explained(verdict)), None)));
        pages
    }
}
