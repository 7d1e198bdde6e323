//! `/admin/sign-request`: a certificate for a key that a device made and keeps. What was signed is handed out by the page of
//! the certificate.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::admin::error::AdminError;
use crate::admin::groups::ListGroups;
use crate::admin::issuing::{IssueCertificate, SignRequest};
use crate::certificate::authority::AuthorityError;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::certificates::pages::{CertificatePage, IssueProblem};
use crate::portal::admin::certificates::{IssueForm, order};
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::notice::AdminChange;
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{administrator_sample, hostile};
use crate::random::base64url;

/// What the form sends. A key that was taken for the request may be in it.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct SignForm {
    /// The request as text.
    pub pem: String,
    /// The request as a file; it counts where both are there.
    pub file: String,
    /// What the certificate is to be.
    #[serde(flatten)]
    pub order: IssueForm,
}

debug_by_name!(SignForm);

impl AdminFields for SignForm {
    fn page(&self) -> &str {
        paths::ADMIN_CERTIFICATE_SIGN
    }
}

/// Why nothing was signed.
#[derive(Clone, Debug)]
pub enum SignProblem {
    /// What was ordered.
    Order(IssueProblem),
    /// The request, and what is wrong with it.
    Request(ReasonText),
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "admin/certificates/sign.html")]
pub struct SignPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// The groups that there are.
    pub groups: Vec<String>,
    /// What was entered.
    pub fields: SignForm,
    /// Why it was not done.
    pub problem: Option<SignProblem>,
}

/// GET /admin/sign-request
pub(in crate::portal::admin) async fn form(admin: AdminSession) -> Result<Response, Response> {
    let request = base64url(&admin.visit.core.random().id());
    let order = IssueForm { request, state: "enabled".to_owned(), ..IssueForm::default() };
    page(&admin, StatusCode::OK, SignForm { order, ..SignForm::default() }, None).await
}

async fn page(
    admin: &AdminSession,
    status: StatusCode,
    fields: SignForm,
    problem: Option<SignProblem>,
) -> Result<Response, Response> {
    let groups = admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    let layout = AdminLayout::of(admin, AdminArea::Certificates);
    let page = SignPage { frame: admin.visit.frame(), layout, groups, fields, problem };
    Ok(admin.visit.page(status, &page, &[]))
}

/// POST /admin/sign-request
pub(in crate::portal::admin) async fn sign(AdminForm { admin, fields }: AdminForm<SignForm>) -> Result<Response, Response> {
    let IssueCertificate { name, renews, user, group, first_day, last_day, disabled, request, .. } = match order(&fields.order) {
        Ok(ordered) => ordered,
        Err(problem) => return refused(&admin, fields, SignProblem::Order(problem)).await,
    };
    let pem = if fields.file.trim().is_empty() { pem(&fields.pem) } else { pem(&fields.file) };
    let problem =
        match admin.perform(SignRequest { pem, name, renews, user, group, first_day, last_day, disabled, request }).await {
            Ok(signed) => {
                let page = CertificatePage::of(&admin, signed.certificate, None);
                return Ok(admin.visit.page(StatusCode::OK, &page, &[]));
            }
            Err(AdminError::Authority(AuthorityError::Missing)) => SignProblem::Order(IssueProblem::NoAuthority),
            Err(AdminError::Authority(AuthorityError::Outlives { .. })) => SignProblem::Order(IssueProblem::Outlives),
            Err(AdminError::Authority(AuthorityError::Precedes { .. })) => SignProblem::Order(IssueProblem::Precedes),
            Err(error) => match error.code() {
                "request_repeated" => {
                    return Ok(admin.visit.see_other(&AdminChange::CertificateIssuedBefore.at(paths::ADMIN_CERTIFICATES)));
                }
                "unknown_user" => SignProblem::Order(IssueProblem::User),
                "unknown_group" => SignProblem::Order(IssueProblem::Group),
                "invalid_input" => SignProblem::Request(admin.reason(&error)),
                _ => return Err(admin.refused(&error)),
            },
        };
    refused(&admin, fields, problem).await
}

async fn refused(admin: &AdminSession, mut fields: SignForm, problem: SignProblem) -> Result<Response, Response> {
    if fields.pem.contains("PRIVATE KEY-----") {
        fields.pem.clear();
    }
    page(admin, StatusCode::UNPROCESSABLE_ENTITY, fields, Some(problem)).await
}

/// A request as PEM: DER arrives as base64.
fn pem(text: &str) -> String {
    let text = text.trim();
    if text.is_empty() || text.contains("-----BEGIN") {
        return text.to_owned();
    }
    format!("-----BEGIN CERTIFICATE REQUEST-----\n{text}\n-----END CERTIFICATE REQUEST-----\n")
}

impl PortalPage for SignPage {
    const NAME: &'static str = "admin-sign";

    fn samples(frame: &Frame) -> Vec<Self> {
        let sample = |problem: Option<SignProblem>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Certificates),
            groups: vec!["staff".to_owned()],
            fields: SignForm {
                pem: if problem.is_some() { hostile().chars().take(60).collect() } else { String::new() },
                order: IssueForm { name: "iPhone15".to_owned(), last_day: "2028-01-31".to_owned(), ..IssueForm::default() },
                ..SignForm::default()
            },
            problem,
        };
        let problems = [SignProblem::Order(IssueProblem::Name), SignProblem::Request(ReasonText::sample(frame.language))];
        std::iter::once(None).chain(problems.into_iter().map(Some)).map(sample).collect()
    }
}
