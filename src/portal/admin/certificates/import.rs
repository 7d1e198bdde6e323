//! `/admin/import-certificates`: many certificates of another authority from a file, all of them or none. What was handed over is
//! shown nowhere again.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

use crate::admin::error::AdminError;
use crate::admin::import::fault::ImportFault;
use crate::admin::import::{ImportCertificates, ImportProblem, ImportedCertificates, LONGEST, NamesFrom};
use crate::admin::told;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::kit::admin_session::{AdminSession, AdminUpload, AdminUploadFields};
use crate::portal::kit::legible::short;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{administrator_sample, hostile};
use crate::principal::language::Language;

/// Lines of problems that a page shows.
const SHOWN: usize = 200;

/// What the form sends. A file that was meant for somebody else may be in it: a key, say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::portal::admin) struct ImportForm {
    file: SecretString,
    whose: String,
    suffix: String,
    step: String,
}

impl AdminUploadFields for ImportForm {
    const PAGE: &'static str = paths::ADMIN_CERTIFICATE_IMPORT;
    // The file, and the other fields.
    const LONGEST: usize = LONGEST + (16 << 10);
}

/// What came of a file.
#[derive(Clone, Debug)]
pub enum ImportOutcome {
    /// Nothing of it is used, and why.
    Unread(ReasonText),
    /// It was only looked at, or lines of it stand against it.
    Checked(CheckedImport),
    /// All of it is in the register.
    Registered(usize),
}

/// What stands in a file.
#[derive(Clone, Debug)]
pub struct CheckedImport {
    /// How many certificates.
    pub read: usize,
    /// How many of them cannot be registered.
    pub wrong: usize,
    /// The first of these.
    pub problems: Vec<ImportLine>,
}

/// A certificate that cannot be registered.
#[derive(Clone, Debug)]
pub struct ImportLine {
    /// The line that it begins on, counted from 1.
    pub line: usize,
    /// Why it cannot.
    pub why: ReasonText,
}

/// The form, and what came of a file.
#[derive(Debug, Template)]
#[template(path = "admin/certificates/import.html")]
pub struct ImportPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// Whose certificates in PEM are.
    pub whose: String,
    /// What is cut off a name.
    pub suffix: String,
    /// What came of the file.
    pub outcome: Option<ImportOutcome>,
}

impl ImportPage {
    fn of(admin: &AdminSession, whose: String, suffix: String, outcome: Option<ImportOutcome>) -> Self {
        let layout = AdminLayout::of(admin, AdminArea::Certificates);
        Self { frame: admin.visit.frame(), layout, whose, suffix, outcome }
    }

    /// Whose certificates in PEM can be: words of the form with message keys.
    const fn choices(&self) -> [(&'static str, &'static str); 5] {
        [
            ("", "admin-import-by-table"),
            ("common_name", "admin-import-by-common-name"),
            ("san_email", "admin-import-by-email"),
            ("san_upn", "admin-import-by-upn"),
            ("shared", "admin-import-shared"),
        ]
    }

    /// What is well.
    fn notices(&self) -> Vec<PageNotice> {
        let (key, count) = match &self.outcome {
            Some(ImportOutcome::Checked(checked)) if checked.wrong == 0 => ("admin-import-good", checked.read),
            Some(ImportOutcome::Registered(count)) => ("admin-import-done", *count),
            _ => return Vec::new(),
        };
        vec![PageNotice::success(key).with_count(count)]
    }

    fn is_chosen(&self, word: &str) -> bool {
        self.whose == word
    }
}

impl CheckedImport {
    fn of(checked: &ImportedCertificates, language: Language) -> Self {
        let line = |one: &ImportProblem| ImportLine { line: one.line, why: reason(&one.fault, language) };
        Self { read: checked.read, wrong: checked.wrong, problems: checked.problems.iter().take(SHOWN).map(line).collect() }
    }

    const fn is_cut(&self) -> bool {
        self.wrong > SHOWN
    }
}

fn reason(fault: &ImportFault, language: Language) -> ReasonText {
    ReasonText::of(told::fault(fault, language))
}

/// GET /admin/import-certificates
pub(in crate::portal::admin) async fn form(admin: AdminSession) -> Response {
    admin.visit.page(StatusCode::OK, &ImportPage::of(&admin, String::new(), String::new(), None), &[])
}

/// POST /admin/import-certificates
pub(in crate::portal::admin) async fn import(
    AdminUpload { admin, fields }: AdminUpload<ImportForm>,
) -> Result<Response, Response> {
    let ImportForm { file, whose, suffix, step } = fields;
    let suffix = suffix.trim().to_owned();
    let act = |dry_run| ImportCertificates {
        file: file.expose_secret().to_owned(),
        names_from: whose.parse::<NamesFrom>().ok(),
        suffix: Some(suffix.clone()).filter(|suffix| !suffix.is_empty()),
        shared: whose == "shared",
        dry_run,
    };
    // What stands against it is said line by line, and all of that before anything is done.
    let checked = admin.perform(act(true)).await;
    let is_good = checked.as_ref().is_ok_and(|checked| checked.wrong == 0);
    let done = if step == "register" && is_good { admin.perform(act(false)).await } else { checked };
    let language = admin.visit.language;
    let (status, outcome) = match done {
        Ok(done) if done.registered > 0 => (StatusCode::OK, ImportOutcome::Registered(done.registered)),
        Ok(checked) => {
            let status = if checked.wrong > 0 { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
            (status, ImportOutcome::Checked(CheckedImport::of(&checked, language)))
        }
        Err(AdminError::Import(fault)) => (StatusCode::UNPROCESSABLE_ENTITY, ImportOutcome::Unread(reason(&fault, language))),
        Err(error) => return Err(admin.refused(&error)),
    };
    Ok(admin.visit.page(status, &ImportPage::of(&admin, whose, suffix, Some(outcome)), &[]))
}

impl PortalPage for ImportPage {
    const NAME: &'static str = "admin-import";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |outcome: Option<ImportOutcome>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Certificates),
            whose: if outcome.is_some() { "san_email".to_owned() } else { String::new() },
            suffix: if outcome.is_some() { hostile().chars().take(60).collect() } else { String::new() },
            outcome,
        };
        let checked = |wrong, problems| ImportOutcome::Checked(CheckedImport { read: 10_000, wrong, problems });
        let problem = |line, fault| ImportLine { line, why: reason(&fault, frame.language) };
        let problems = vec![
            problem(7, ImportFault::UnknownUser("bob".to_owned())),
            problem(9, ImportFault::Again(7)),
            problem(10_001, ImportFault::UnknownName(short(&hostile()))),
        ];
        vec![
            page(None),
            page(Some(checked(0, Vec::new()))),
            page(Some(checked(1, problems.iter().take(1).cloned().collect()))),
            page(Some(checked(420, problems))),
            page(Some(ImportOutcome::Registered(10_000))),
            page(Some(ImportOutcome::Unread(reason(&ImportFault::PrivateKey, frame.language)))),
        ]
    }
}
