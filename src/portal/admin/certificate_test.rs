//! `/admin/test-certificate`: who a certificate would be here, and why or why not. What was handed over is shown nowhere again.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::admin::certificate_test::{TestCertificate, TestedBundle, TestedCertificate, TestedRule};
use crate::admin::certificates::{CertificateView, HolderKind};
use crate::admin::error::AdminError;
use crate::admin::explain::{CheckView, Explained};
use crate::clock::Timestamp;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{NOW, administrator_sample, hostile};
use crate::principal::user::UserId;

/// What the form sends. A file that was meant for somebody else may be in it: a key, say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::portal::admin) struct CertificateTestForm {
    file: SecretString,
    pem: SecretString,
    app: String,
    user: String,
}

impl AdminFields for CertificateTestForm {
    fn page(&self) -> &str {
        paths::ADMIN_CERTIFICATE_TEST
    }
}

/// The form, and what it said.
#[derive(Debug, Template)]
#[template(path = "admin/certificate_test.html")]
pub struct CertificateTestPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// The apps that there are.
    pub apps: Vec<String>,
    /// The app that was chosen.
    pub app: String,
    /// The user who was entered.
    pub user: String,
    /// Why nothing is said.
    pub problem: Option<ReasonText>,
    /// What is said.
    pub said: Option<Box<TestedCertificate>>,
}

impl CertificateTestPage {
    fn of(admin: &AdminSession, app: String, user: String) -> Self {
        let policies = admin.visit.core.policies();
        let mut apps: Vec<String> = policies.apps().map(|(name, _)| name.to_owned()).collect();
        for own in ["portal", "admin"] {
            if !apps.iter().any(|app| app == own) {
                apps.push(own.to_owned());
            }
        }
        let layout = AdminLayout::of(admin, AdminArea::CertificateTest);
        Self { frame: admin.visit.frame(), layout, apps, app, user, problem: None, said: None }
    }

    fn is_chosen(&self, app: &str) -> bool {
        self.app == app
    }
}

impl TestedCertificate {
    /// Whose it would be, where it has no name: a message key.
    const fn holder_key(&self) -> &'static str {
        match self.holder {
            HolderKind::Shared => "admin-certificate-anybody",
            HolderKind::Group => "admin-certificate-group",
            HolderKind::User | HolderKind::Machine | HolderKind::Nobody => "admin-test-nobody",
        }
    }

    /// What says so: a message key.
    fn by_key(&self) -> &'static str {
        match self.by.as_str() {
            "register" => "admin-test-by-register",
            "mapping" => "admin-test-by-mapping",
            _ => "admin-test-by-nothing",
        }
    }
}

/// GET /admin/test-certificate
pub(super) async fn form(admin: AdminSession) -> Response {
    admin.visit.page(StatusCode::OK, &CertificateTestPage::of(&admin, String::new(), String::new()), &[])
}

/// POST /admin/test-certificate
pub(super) async fn test(AdminForm { admin, fields }: AdminForm<CertificateTestForm>) -> Result<Response, Response> {
    let CertificateTestForm { file, pem, app, user } = fields;
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let text = given(file.expose_secret()).or_else(|| given(pem.expose_secret())).unwrap_or_default();
    let page = CertificateTestPage::of(&admin, app.clone(), user.clone());
    let named = given(&user).map(|name| UserId::parse(&name)).transpose();
    let said = match named {
        Ok(named) => {
            let app = given(&app).or_else(|| named.as_ref().map(|_| "portal".to_owned()));
            let from = Some(admin.visit.arrival.address.ip());
            admin.perform(TestCertificate { pem: text, app, path: None, from, user: named }).await
        }
        Err(error) => Err(AdminError::Input { what: "read the user", why: error.to_string() }),
    };
    match said {
        Ok(said) => Ok(admin.visit.page(StatusCode::OK, &CertificateTestPage { said: Some(Box::new(said)), ..page }, &[])),
        Err(error) if error.status() < 500 && error.status() != 403 => {
            let page = CertificateTestPage { problem: Some(admin.reason(&error)), ..page };
            Ok(admin.visit.page(StatusCode::UNPROCESSABLE_ENTITY, &page, &[]))
        }
        Err(error) => Err(admin.refused(&error)),
    }
}

impl PortalPage for CertificateTestPage {
    const NAME: &'static str = "admin-certificate-test";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |problem: Option<ReasonText>, said: Option<TestedCertificate>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::CertificateTest),
            apps: vec!["wiki".to_owned(), "portal".to_owned()],
            app: "wiki".to_owned(),
            user: if problem.is_some() { hostile().chars().take(60).collect() } else { String::new() },
            problem,
            said: said.map(Box::new),
        };
        let said = |subject: String, holder, by: &str, trouble: Option<&str>| TestedCertificate {
            certificate: "ab".repeat(32),
            name: (holder == HolderKind::User).then(|| "alice".to_owned()),
            issuer: "CN=Corp Issuing CA, O=Example".to_owned(),
            serial: "4f8c120a".to_owned(),
            valid_from: "2026-01-01T00:00:00+09:00".to_owned(),
            valid_until: "2028-01-01T00:00:00+09:00".to_owned(),
            above: 1,
            holder,
            by: by.to_owned(),
            trouble: trouble.map(str::to_owned),
            register: None,
            bundles: vec![TestedBundle {
                trust: "corp".to_owned(),
                trusts: trouble.is_none(),
                because: trouble.map(|_| "no authority of this bundle signed it".to_owned()),
                path: if trouble.is_none() { vec!["CN=Corp Issuing CA, O=Example".to_owned()] } else { Vec::new() },
                mapping: vec![
                    TestedRule {
                        rule: "from san_email to user, suffix \"@example.com\"".to_owned(),
                        names: vec![subject.chars().take(60).collect()],
                        finds: vec!["user alice".to_owned()],
                        decides: holder == HolderKind::User,
                    },
                    TestedRule {
                        rule: "from common_name to machine".to_owned(),
                        names: Vec::new(),
                        finds: Vec::new(),
                        decides: false,
                    },
                ],
            }],
            subject,
            account: (holder == HolderKind::User)
                .then_some(crate::admin::certificate_test::TestedAccount { enabled: true, certificates: false }),
            explained: None,
        };
        let register = CertificateView {
            certificate: "ab".repeat(32),
            holder: HolderKind::User,
            name: Some("alice".to_owned()),
            label: None,
            enabled: false,
            valid_from: None,
            valid_until: None,
            added_at: Timestamp::from_seconds(NOW),
            revoked_at: None,
            authority: None,
            serial: None,
            renews: None,
        };
        let check = |check: &str, says: &str, because: Option<&str>| CheckView {
            check: check.to_owned(),
            says: says.to_owned(),
            because: because.map(str::to_owned),
            demands: "require trust corp".to_owned(),
            lines: vec![12],
        };
        let explained = Explained {
            policy: "wiki".to_owned(),
            verdict: "refuse".to_owned(),
            because: Some("certificate_disabled".to_owned()),
            identity: None,
            config: "/etc/sekisho/sekisho.toml".to_owned(),
            checks: vec![
                check("ip_restriction", "ok", None),
                check("client_certificate", "fail", Some("certificate_disabled")),
                check("otp", "not_evaluated", None),
            ],
            readings: Vec::new(),
            transaction: None,
        };
        let registered = TestedCertificate {
            register: Some(register),
            explained: Some(explained),
            ..said("CN=alice".to_owned(), HolderKind::User, "register", Some("switched off in the register"))
        };
        vec![
            page(None, None),
            page(None, Some(registered)),
            page(Some(ReasonText::sample(frame.language)), None),
            page(None, Some(said("CN=alice".to_owned(), HolderKind::User, "mapping", None))),
            page(None, Some(said(hostile(), HolderKind::Nobody, "nothing", Some("revoked")))),
        ]
    }
}
