//! `/admin/certificates`: the certificates that are known, the form that issues one, and what it gave: the passphrase
//! is on the page that answers the form, and on no other.

pub mod dates;
pub mod import;
pub mod pages;
pub mod sign;

use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use http::StatusCode;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::admin::certificates::{CertificateView, HolderKind, ListCertificates};
use crate::admin::error::AdminError;
use crate::admin::groups::ListGroups;
use crate::admin::issuing::{DownloadCertificate, IssueCertificate};
use crate::admin::values::{Count, Moment};
use crate::certificate::authority::AuthorityError;
use crate::certificate::order::CertificateName;
use crate::clock::Timestamp;
use crate::core::renewal::RenewalError;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::certificates::pages::{CertificatePage, IssuePage, IssueProblem};
use crate::portal::admin::forms::AdminFormKind;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::list_page::{LINES, ListCell, ListLine, ListPage, SearchField};
use crate::portal::admin::notice::{self, AdminChange};
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::page::Frame;
use crate::portal::kit::paths;
use crate::principal::certificate::Fingerprint;
use crate::principal::user::{GroupName, UserId};
use crate::random::base64url;

const COLUMNS: &[&str] = &[
    "admin-certificate-name",
    "admin-certificate-holder",
    "admin-column-state",
    "admin-certificate-first-day",
    "admin-certificate-last-day",
];

/// Further forms, with their names.
const LINKS: [(&str, &str); 2] =
    [(paths::ADMIN_CERTIFICATE_SIGN, "admin-sign"), (paths::ADMIN_CERTIFICATE_IMPORT, "admin-import")];

/// GET /admin/certificates
pub(super) async fn list(admin: AdminSession) -> Result<Response, Response> {
    let wrong = |why: String| admin.unreadable("read the number of days", why);
    let within = admin.query("ends_within");
    let ends_within = within.as_deref().map(str::parse::<Count>).transpose().map_err(wrong)?;
    let search = admin.query("search");
    let words = search.clone();
    let act = |user, after| ListCertificates { certificate: None, user, search, ends_within, after, limit: LINES };
    let end = EndMark::of(&admin);
    let mut page = ListPage::by_user(&admin, AdminArea::Certificates, COLUMNS, |one| line(&one, &end), act).await?;
    page.search.insert(0, SearchField::text("search", "admin-search-certificate", words));
    page.search.push(SearchField::text("ends_within", "admin-search-ends-within", within));
    page.new = Some((paths::ADMIN_CERTIFICATE_ISSUE, "admin-issue"));
    page.links = LINKS.into();
    page.adds = vec![AdminFormKind::RegisterCertificate];
    Ok(page.shown_to(&admin))
}

/// When the end of a certificate is marked: when it is past, and so many days of the calendar before.
#[derive(Clone, Debug)]
struct EndMark {
    now: Timestamp,
    zone: TimeZone,
    soon: u16,
}

impl EndMark {
    fn of(admin: &AdminSession) -> Self {
        let core = &admin.visit.core;
        Self { now: core.clock().now(), zone: core.zone(), soon: core.config().file.certificates.soon() }
    }

    /// The mark of one that would count otherwise.
    fn key(&self, one: &CertificateView) -> Option<&'static str> {
        let Moment::At(until) = one.valid_until.as_deref()?.parse::<Moment>().ok()? else { return None };
        if until < self.now {
            return Some("admin-certificate-ended");
        }
        let is_soon = self.soon > 0 && self.now.days_to(until, &self.zone)? <= i32::from(self.soon);
        is_soon.then_some("admin-certificate-ends-soon")
    }
}

fn line(one: &CertificateView, end: &EndMark) -> ListLine {
    let name = called(one);
    let cells = vec![
        ListCell::Link(name.clone(), paths::admin_certificate(&one.certificate)),
        match (&one.holder, &one.name) {
            (HolderKind::User, Some(user)) => ListCell::user(user),
            (HolderKind::Group | HolderKind::Machine, Some(name)) => ListCell::text(name.clone()),
            _ => ListCell::Words(holder_key(one.holder)),
        },
        state_cell(one, end),
        ListCell::text(day(one.valid_from.as_deref())),
        ListCell::text(day(one.valid_until.as_deref())),
    ];
    ListLine::new(&one.certificate, &name, cells)
}

/// What a certificate is called: its label, else the beginning of its fingerprint.
fn called(one: &CertificateView) -> String {
    one.label.clone().unwrap_or_else(|| one.certificate.chars().take(16).collect())
}

const fn holder_key(holder: HolderKind) -> &'static str {
    match holder {
        HolderKind::Shared => "admin-certificate-anybody",
        HolderKind::Group => "admin-certificate-group",
        HolderKind::User | HolderKind::Machine | HolderKind::Nobody => "admin-certificate-nobody",
    }
}

fn state_cell(one: &CertificateView, end: &EndMark) -> ListCell {
    match (state_key(one), end.key(one)) {
        ("admin-user-enabled", Some(mark)) => ListCell::Alarm(mark),
        (key @ "admin-user-enabled", None) => ListCell::Words(key),
        (key, _) => ListCell::Alarm(key),
    }
}

const fn state_key(one: &CertificateView) -> &'static str {
    match (one.revoked_at.is_some(), one.enabled) {
        (true, _) => "admin-certificate-revoked",
        (false, true) => "admin-user-enabled",
        (false, false) => "admin-user-disabled",
    }
}

/// The day of a moment that is written in the zone of the config.
fn day(moment: Option<&str>) -> String {
    moment.map(|moment| moment.chars().take(10).collect()).unwrap_or_default()
}

/// The fingerprint that the address names.
type NamedCertificate = Result<Path<String>, PathRejection>;

/// GET /admin/certificates/{certificate}
pub(super) async fn show(certificate: NamedCertificate, admin: AdminSession) -> Result<Response, Response> {
    let certificate = certificate.map(|Path(certificate)| certificate).unwrap_or_default();
    let found = find(&admin, certificate).await?;
    let page = CertificatePage { notices: notice::done(&admin), ..CertificatePage::of(&admin, found, None) };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

async fn find(admin: &AdminSession, certificate: String) -> Result<CertificateView, Response> {
    let only = Some(certificate.clone());
    let act = ListCertificates { certificate: only, user: None, search: None, ends_within: None, after: None, limit: None };
    let found = admin.required(act).await?.items.into_iter().next();
    found.ok_or_else(|| admin.refused(&AdminError::NotFound { what: "the certificate", name: certificate }))
}

/// GET /admin/issue-certificate, `?renews=` a certificate that the new one follows
pub(super) async fn form(admin: AdminSession) -> Result<Response, Response> {
    let request = base64url(&admin.visit.core.random().id());
    let fields = IssueForm { request, state: "enabled".to_owned(), ..IssueForm::default() };
    let fields = match admin.query("renews") {
        Some(renews) => IssueForm { renews, ..fields },
        None => fields,
    };
    page(&admin, StatusCode::OK, fields, None).await
}

/// Why no certificate can follow this one, whatever its days.
fn not_renewed(admin: &AdminSession, one: &CertificateView) -> Option<RenewalError> {
    admin.visit.core.renewed(Fingerprint::parse(&one.certificate)?).err()
}

async fn page(
    admin: &AdminSession,
    status: StatusCode,
    mut fields: IssueForm,
    mut problem: Option<IssueProblem>,
) -> Result<Response, Response> {
    let mut before = match fields.renews.as_str() {
        "" => None,
        renews => Some(find(admin, renews.to_owned()).await?),
    };
    // Where none can follow it, the form is that of a new one.
    if let Some(why) = before.as_ref().and_then(|one| not_renewed(admin, one)) {
        (before, problem) = (None, Some(IssueProblem::of_renewal(&why)));
        fields.renews.clear();
    }
    let groups = admin.required(ListGroups {}).await?.items.into_iter().map(|group| group.group).collect();
    let page = IssuePage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(admin, AdminArea::Certificates),
        notices: notice::done(admin),
        groups,
        before,
        fields,
        problem,
    };
    Ok(admin.visit.page(status, &page, &[]))
}

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct IssueForm {
    /// The certificate that it follows, if it follows one: name and holder are as before.
    pub renews: String,
    /// What people call it.
    pub name: String,
    /// The user whose it is, if it is one user's.
    pub user: String,
    /// The group whose members' it is, if it is a group's.
    pub group: String,
    /// The first day; today if it is empty.
    pub first_day: String,
    /// The last day.
    pub last_day: String,
    /// `enabled` or `disabled`.
    pub state: String,
    /// `older` for older devices.
    pub encryption: String,
    /// What the form calls itself: sent twice, it is done once.
    pub request: String,
}

impl AdminFields for IssueForm {
    fn page(&self) -> &str {
        paths::ADMIN_CERTIFICATE_ISSUE
    }
}

/// POST /admin/issue-certificate
pub(super) async fn issue(AdminForm { admin, fields }: AdminForm<IssueForm>) -> Result<Response, Response> {
    let act = match order(&fields) {
        Ok(act) => act,
        Err(problem) => return page(&admin, StatusCode::UNPROCESSABLE_ENTITY, fields, Some(problem)).await,
    };
    let problem = match admin.perform(act).await {
        Ok(issued) => {
            let page = CertificatePage::of(&admin, issued.certificate, issued.passphrase);
            return Ok(admin.visit.page(StatusCode::OK, &page, &[]));
        }
        Err(AdminError::Authority(AuthorityError::Missing)) => IssueProblem::NoAuthority,
        Err(AdminError::Authority(AuthorityError::Outlives { .. })) => IssueProblem::Outlives,
        Err(AdminError::Authority(AuthorityError::Precedes { .. })) => IssueProblem::Precedes,
        Err(AdminError::Renewal(why)) => IssueProblem::of_renewal(&why),
        Err(error) => match error.code() {
            // Loaded again, or sent by two clicks: what was issued is in the list, its passphrase was shown then.
            "request_repeated" => {
                return Ok(admin.visit.see_other(&AdminChange::CertificateIssuedBefore.at(paths::ADMIN_CERTIFICATES)));
            }
            "unknown_user" => IssueProblem::User,
            "unknown_group" => IssueProblem::Group,
            "invalid_input" => IssueProblem::Days,
            _ => return Err(admin.refused(&error)),
        },
    };
    page(&admin, StatusCode::UNPROCESSABLE_ENTITY, fields, Some(problem)).await
}

/// The act that the fields mean.
fn order(fields: &IssueForm) -> Result<IssueCertificate, IssueProblem> {
    let day = |text: &str| match text.trim().parse::<Moment>() {
        Ok(day @ Moment::Day(_)) => Ok(day),
        _ => Err(IssueProblem::Days),
    };
    let given = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let renews = given(&fields.renews);
    if renews.is_none() {
        CertificateName::parse(&fields.name).map_err(|_words| IssueProblem::Name)?;
    }
    let (user, group) = if renews.is_some() { (None, None) } else { (given(&fields.user), given(&fields.group)) };
    if user.is_some() && group.is_some() {
        return Err(IssueProblem::Holder);
    }
    Ok(IssueCertificate {
        name: renews.is_none().then(|| fields.name.clone()),
        renews,
        user: user.map(|user| UserId::parse(&user)).transpose().map_err(|_no_name| IssueProblem::User)?,
        group: group.map(|group| GroupName::parse(&group)).transpose().map_err(|_no_name| IssueProblem::Group)?,
        first_day: given(&fields.first_day).map(|text| day(&text)).transpose()?,
        last_day: day(&fields.last_day)?,
        disabled: fields.state == "disabled",
        older_devices: fields.encryption == "older",
        request: given(&fields.request),
    })
}

/// What the button of a download sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct ContainerForm {
    certificate: String,
}

impl AdminFields for ContainerForm {
    fn page(&self) -> &str {
        paths::ADMIN_CERTIFICATES
    }
}

/// POST /admin/certificate-container: what was issued, as a file.
pub(super) async fn container(AdminForm { admin, fields }: AdminForm<ContainerForm>) -> Result<Response, Response> {
    let handed = admin.required(DownloadCertificate { certificate: fields.certificate }).await?;
    let bytes = data_encoding::BASE64.decode(handed.container.as_bytes()).map_err(|error| admin.visit.failed(&error))?;
    let kind = if handed.file.ends_with(".p12") { "application/x-pkcs12" } else { "application/x-pem-file" };
    Ok(admin.visit.file(&handed.file, kind, Body::from(bytes)))
}

const NEW: Option<(&str, &str)> = Some((paths::ADMIN_CERTIFICATE_ISSUE, "admin-issue"));

pub(super) fn samples(frame: &Frame) -> [ListPage; 2] {
    let notices = vec![AdminChange::CertificateIssuedBefore.notice(), AdminChange::CertificateDatesSet.notice()];
    [
        ListPage { notices, ..sample(frame, "admin-certificate-revoked") },
        ListPage { new: NEW, ..ListPage::empty_sample(frame, AdminArea::Certificates) },
    ]
}

/// Lists of certificates that end.
pub(super) fn ending_samples(frame: &Frame) -> [ListPage; 2] {
    let within = SearchField::text("ends_within", "admin-search-ends-within", Some("30".to_owned()));
    let words = SearchField::text("search", "admin-search-certificate", Some("iPhone".to_owned()));
    [
        ListPage { search: vec![words, SearchField::user(None), within], ..sample(frame, "admin-certificate-ends-soon") },
        sample(frame, "admin-certificate-ended"),
    ]
}

fn sample(frame: &Frame, state: &'static str) -> ListPage {
    let cells = vec![
        ListCell::Link("ｉＰｈｏｎｅ１５".to_owned(), "/admin/certificates/ab".to_owned()),
        ListCell::user("alice"),
        ListCell::Alarm(state),
        ListCell::text("2027-01-15"),
        ListCell::text("2028-01-31"),
    ];
    let links = LINKS.into();
    let adds = vec![AdminFormKind::RegisterCertificate];
    ListPage { new: NEW, links, adds, ..ListPage::sample(frame, AdminArea::Certificates, COLUMNS, cells) }
}
