//! `/account/certificates`: where users fetch their own certificates. It stands under a policy of its own: all that the
//! portal demands and more where the config says so, and never a client certificate, since who comes has none yet. The
//! passphrase is not here.

use askama::Template;
use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::response::Response;
use http::StatusCode;

use crate::account::user::User;
use crate::core::Core;
use crate::portal::account::AccountPage;
use crate::portal::kit::admission::{circumstances, fresh_by, permitted};
use crate::portal::kit::not_done::refused;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{hostile, signed_in_sample};
use crate::portal::kit::visit::Visit;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::self_service::ActError;
use crate::self_service::certificates::{self, HandedForm, UserCertificate};

/// GET /account/certificates
pub(super) async fn show(visit: Visit) -> Result<Response, Response> {
    let policies = visit.core.policies();
    let (session, _permit) = permitted(&visit, policies.certificates(), paths::CERTIFICATES)?;
    let core = &visit.core;
    let own = certificates::of_user(core, session.user());
    let zone = core.zone();
    let day = |moment: Option<crate::clock::Timestamp>| {
        moment.map(|moment| moment.rfc3339_in(&zone).chars().take(10).collect::<String>()).unwrap_or_default()
    };
    let mut rows = Vec::new();
    for one in &own {
        rows.push(UserCertificateRow {
            id: one.entry.fingerprint.text(),
            name: one.entry.label.clone().unwrap_or_default(),
            whose: CertificateWhose::of(one),
            state: UserCertificateState::of(one, core),
            first_day: day(one.entry.counts_from()),
            last_day: day(one.entry.counts_until()),
            forms: certificates::forms(core, one).await.map_err(|error| refused(&visit, &error))?,
        });
    }
    let page = UserCertificatesPage { frame: visit.frame(), notices: notices(core, &own), certificates: rows };
    Ok(visit.page(StatusCode::OK, &page, &[]))
}

/// GET /account/certificates/{certificate}/{form}: the file. It changes nothing, and a browser that fetches it a second time for
/// its list of downloads gets it; it needs a fresh sign-in.
pub(super) async fn file(named: Result<Path<(String, String)>, PathRejection>, visit: Visit) -> Result<Response, Response> {
    let policies = visit.core.policies();
    let fresh = fresh_by(&visit, policies.certificates(), paths::CERTIFICATES).await?;
    let not_done = |error| refused(&visit, &error);
    let Path((certificate, form)) = named.map_err(|_| not_done(ActError::NotFound))?;
    let certificate = Fingerprint::parse(&certificate).ok_or_else(|| not_done(ActError::NotFound))?;
    let form: HandedForm = form.parse().map_err(|_| not_done(ActError::NotFound))?;
    let file = certificates::fetch(&visit.core, &circumstances(&visit), &fresh, certificate, form).await.map_err(not_done)?;
    Ok(visit.file(&file.name, file.media_type, Body::from(file.body)))
}

/// What users are reminded of: their certificates that end soon.
pub(super) fn ending(core: &Core, user: &User) -> Vec<PageNotice> {
    let notices = notices(core, &certificates::of_user(core, user)).into_iter();
    notices.map(|notice| notice.with_link(paths::CERTIFICATES, "notice-link-certificates")).collect()
}

fn notices(core: &Core, own: &[UserCertificate]) -> Vec<PageNotice> {
    let soon = i32::from(core.config().file.certificates.soon());
    // Of those that others use too it is not known whether this user does.
    let counts = |one: &UserCertificate| one.is_own() && one.entry.enabled && soon > 0;
    let ends = |one: &UserCertificate| one.days_left.filter(|left| counts(one) && *left <= soon);
    own.iter().filter_map(|one| Some(ends_soon(usize::try_from(ends(one)?).unwrap_or(0), one.is_followed))).collect()
}

/// A certificate ends in so many days, and the one that follows it is there or not.
pub(super) fn ends_soon(days: usize, is_followed: bool) -> PageNotice {
    let key = if is_followed { "notice-certificate-followed" } else { "notice-certificate-ends" };
    PageNotice::warning(key).with_count(days)
}

/// One's own certificates.
#[derive(Debug, Template)]
#[template(path = "account/certificates.html")]
pub struct UserCertificatesPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// Those that may count first.
    pub certificates: Vec<UserCertificateRow>,
}

impl UserCertificatesPage {
    const fn place(&self) -> AccountPage {
        AccountPage::Certificates
    }

    /// The words of the button of a file.
    const fn button(&self, form: &HandedForm) -> &'static str {
        match form {
            HandedForm::P12 => "own-certificate-p12",
            HandedForm::MobileConfig => "own-certificate-profile",
            HandedForm::Pem => "own-certificate-pem",
        }
    }
}

/// One certificate.
#[derive(Clone, Debug)]
pub struct UserCertificateRow {
    /// Its fingerprint.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Whose it is.
    pub whose: CertificateWhose,
    /// Whether it counts.
    pub state: UserCertificateState,
    /// Its first day.
    pub first_day: String,
    /// Its last day.
    pub last_day: String,
    /// As what it can be fetched.
    pub forms: &'static [HandedForm],
}

impl UserCertificateRow {
    fn address(&self, form: &HandedForm) -> String {
        paths::certificate_file(&self.id, (*form).into())
    }
}

/// Who uses a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CertificateWhose {
    /// The user alone.
    Own,
    /// The members of this group.
    Group(String),
    /// Any user.
    Anybody,
}

impl CertificateWhose {
    fn of(one: &UserCertificate) -> Self {
        match &one.entry.holder {
            Holder::User(_) => Self::Own,
            Holder::Group(group) => Self::Group(group.to_string()),
            Holder::Shared | Holder::Machine(_) | Holder::Nobody => Self::Anybody,
        }
    }
}

/// Whether a certificate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserCertificateState {
    /// It counts.
    Counts,
    /// Not yet.
    NotYet,
    /// Not any more.
    Ended,
    /// It is switched off.
    Disabled,
    /// It is revoked.
    Revoked,
}

impl UserCertificateState {
    fn of(one: &UserCertificate, core: &Core) -> Self {
        let now = core.clock().now();
        match &one.entry {
            entry if entry.revoked_at.is_some() => Self::Revoked,
            entry if !entry.is_alive(now) => Self::Ended,
            entry if !entry.enabled => Self::Disabled,
            entry if entry.counts_from().is_some_and(|from| now < from) => Self::NotYet,
            _ => Self::Counts,
        }
    }

    const fn key(self) -> &'static str {
        match self {
            Self::Counts => "own-certificate-counts",
            Self::NotYet => "own-certificate-not-yet",
            Self::Ended => "own-certificate-ended",
            Self::Disabled => "own-certificate-disabled",
            Self::Revoked => "own-certificate-revoked",
        }
    }
}

impl PortalPage for UserCertificatesPage {
    const NAME: &'static str = "account-certificates";

    fn samples(frame: &Frame) -> Vec<Self> {
        use HandedForm::{MobileConfig, P12, Pem};
        use UserCertificateState::{Counts, Disabled, Ended, NotYet, Revoked};
        let row = |name: &str, state, forms: &'static [HandedForm]| UserCertificateRow {
            id: "ab".repeat(32),
            name: name.to_owned(),
            whose: CertificateWhose::Own,
            state,
            first_day: "2027-01-15".to_owned(),
            last_day: "2028-01-31".to_owned(),
            forms,
        };
        vec![
            Self {
                frame: signed_in_sample(frame),
                notices: vec![ends_soon(7, false), ends_soon(0, true)],
                certificates: vec![
                    row("ｉＰｈｏｎｅ１５", Counts, &[P12, MobileConfig]),
                    row("Laptop7", NotYet, &[Pem]),
                    row(&hostile(), Disabled, &[P12, MobileConfig]),
                    row("old", Ended, &[]),
                    row("lost", Revoked, &[]),
                    UserCertificateRow { whose: CertificateWhose::Group(hostile()), ..row("Tablet3", Counts, &[P12]) },
                    UserCertificateRow { whose: CertificateWhose::Anybody, ..row("Kiosk", Counts, &[P12]) },
                ],
            },
            Self { frame: signed_in_sample(frame), notices: Vec::new(), certificates: Vec::new() },
        ]
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::certificate::container::ContainerEncryption;
    use crate::certificate::order::CertificateName;
    use crate::clock::{Clock as _, Timestamp};
    use crate::core::issuing::{IssueOrder, KeySource};
    use crate::portal::testing::{Answer, Browser, Gate, PASSWORD};
    use crate::principal::certificate_setting::CertificateSetting;
    use crate::principal::user::GroupName;
    use crate::store::database::Database;

    const DAY: i64 = 86_400_000;

    /// Issues one that is valid for so many days.
    async fn issue(gate: &Gate, user: &User, name: &str, days: i64) -> (Fingerprint, Vec<u8>, String) {
        issue_to(gate, Holder::User(user.id().clone()), name, days).await
    }

    async fn issue_to(gate: &Gate, holder: Holder, name: &str, days: i64) -> (Fingerprint, Vec<u8>, String) {
        let now = gate.at.clock.now().millis();
        let order = IssueOrder {
            name: CertificateName::parse(name).unwrap(),
            holder,
            from: Timestamp::from_millis(now),
            until: Timestamp::from_millis(now + days * DAY),
            enabled: true,
            request: None,
            key: KeySource::Made(ContainerEncryption::Modern),
            renews: None,
        };
        let issued = gate.at.core.issue_certificate(order).await.unwrap();
        (issued.entry.fingerprint, issued.container, issued.passphrase.unwrap().text().to_owned())
    }

    fn header<'a>(answer: &'a Answer, name: &str) -> &'a str {
        answer.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    fn at(which: Fingerprint, form: HandedForm) -> String {
        paths::certificate_file(&which.text(), form.into())
    }

    #[tokio::test]
    async fn a_user_sees_and_fetches_own_certificates_and_nobody_elses_and_no_passphrase_r_233_r_234() {
        let gate = Gate::open().await;
        gate.at.core.authority().create("Example").await.unwrap();
        let mut alice = gate.signed_in().await;
        assert!(alice.get(paths::CERTIFICATES).await.body.contains("No certificate has been issued to you."));
        let (own, container, passphrase) = issue(&gate, &gate.alice, "ｉＰｈｏｎｅ１５", 20).await;
        let bob = gate.at.user("bob").await;
        let (of_bob, ..) = issue(&gate, &bob, "bobs", 20).await;
        let page = alice.get(paths::CERTIFICATES).await;
        for words in
            ["ｉＰｈｏｎｅ１５", "Valid", &at(own, HandedForm::P12), &at(own, HandedForm::MobileConfig), "ends in 20 days"]
        {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains("bobs") && !page.body.contains(&of_bob.text()) && !page.body.contains(&passphrase));
        assert!(alice.get(paths::ACCOUNT).await.body.contains("ends in 20 days"), "the overview says it too");
        let file = alice.get(&at(own, HandedForm::P12)).await;
        assert_eq!((file.status, header(&file, "content-type")), (StatusCode::OK, "application/x-pkcs12"));
        let name = format!("attachment; filename=\"iPhone15-{}.p12\"", &own.text()[..8]);
        assert_eq!((header(&file, "content-disposition"), header(&file, "cache-control")), (name.as_str(), "no-store"));
        assert_eq!(file.body, String::from_utf8_lossy(&container));
        let profile = alice.get(&at(own, HandedForm::MobileConfig)).await;
        assert_eq!(header(&profile, "content-type"), "application/x-apple-aspen-config");
        for words in ["com.apple.security.pkcs12", "com.apple.security.root", "com.example.auth.sekisho.certificate."] {
            assert!(profile.body.contains(words), "{words}: {}", profile.body);
        }
        assert!(!profile.body.contains(&passphrase) && !profile.body.contains("<key>Password</key>"));
        let again = alice.get(&at(own, HandedForm::MobileConfig)).await;
        assert_eq!(profile.body, again.body, "the same identifiers, so that it replaces the one before");
        // What is somebody else's, is no form of it, or is nothing, is not found.
        for none in [at(of_bob, HandedForm::P12), at(own, HandedForm::Pem), at(Fingerprint([0; 32]), HandedForm::P12)] {
            assert_eq!(alice.get(&none).await.status, StatusCode::NOT_FOUND, "{none}");
        }
        for none in ["/account/certificates/zz/p12", "/account/certificates/%ff/p12", &format!("{}x", at(own, HandedForm::P12))] {
            assert_eq!(alice.get(none).await.status, StatusCode::NOT_FOUND, "{none}");
        }
        let log = gate.at.core.audit().query(&crate::audit::Filter::default(), None, 100).await.unwrap();
        let fetched = log.iter().filter(|row| row.what == "certificate.fetch").count();
        assert!(fetched == 3 && !format!("{log:?}").contains(&passphrase), "{log:?}");
        // Revoked, or past its end: nothing is handed out.
        gate.at.core.revoke_certificates(&[own]).await.unwrap();
        assert_eq!(alice.get(&at(own, HandedForm::P12)).await.status, StatusCode::NOT_FOUND);
        assert!(alice.get(paths::CERTIFICATES).await.body.contains("Revoked"));
        let (ended, ..) = issue(&gate, &gate.alice, "short", 1).await;
        let soon = Timestamp::from_millis(gate.at.clock.now().millis() + 1000);
        gate.at.core.certificates().set_dates(ended, (None, Some(soon))).await.unwrap();
        gate.at.clock.advance(Duration::from_secs(2));
        assert_eq!(alice.get(&at(ended, HandedForm::P12)).await.status, StatusCode::NOT_FOUND);
        let page = alice.get(paths::CERTIFICATES).await;
        assert!(page.body.contains("Ended") && !page.body.contains(&at(ended, HandedForm::P12)), "{}", page.body);
    }

    #[tokio::test]
    async fn certificates_of_a_group_and_of_anybody_are_fetched_by_those_for_whom_they_count_r_233_a_24() {
        let gate = Gate::open().await;
        let core = &gate.at.core;
        core.authority().create("Example").await.unwrap();
        let [staff, sales] = ["staff", "sales"].map(|name| GroupName::parse(name).unwrap());
        for group in [&staff, &sales] {
            core.groups().add(group.clone(), None).await.unwrap();
        }
        core.users().set_groups(gate.alice.id(), vec![staff.clone()]).await.unwrap();
        let (of_group, container, passphrase) = issue_to(&gate, Holder::Group(staff), "Tablet3", 20).await;
        let (of_anybody, ..) = issue_to(&gate, Holder::Shared, "Kiosk", 40).await;
        let (elsewhere, ..) = issue_to(&gate, Holder::Group(sales), "Secret9", 20).await;
        let mut alice = gate.signed_in().await;
        let page = alice.get(paths::CERTIFICATES).await;
        for words in ["Tablet3", "staff", "Kiosk", "Any user", &at(of_group, HandedForm::P12), &at(of_anybody, HandedForm::P12)] {
            assert!(page.body.contains(words), "{words}: {}", page.body);
        }
        assert!(!page.body.contains("Secret9") && !page.body.contains(&passphrase), "{}", page.body);
        assert!(!page.body.contains("ends in 20 days"), "whether she uses it is not known: {}", page.body);
        let file = alice.get(&at(of_group, HandedForm::P12)).await;
        assert_eq!((file.status, file.body), (StatusCode::OK, String::from_utf8_lossy(&container).into_owned()));
        assert_eq!(alice.get(&at(of_anybody, HandedForm::MobileConfig)).await.status, StatusCode::OK);
        assert_eq!(alice.get(&at(elsewhere, HandedForm::P12)).await.status, StatusCode::NOT_FOUND);
        // Out of the group, and then with certificates refused, there is nothing left.
        core.users().set_groups(gate.alice.id(), Vec::new()).await.unwrap();
        assert_eq!(alice.get(&at(of_group, HandedForm::P12)).await.status, StatusCode::NOT_FOUND);
        core.set_certificates_of(gate.alice.id(), CertificateSetting::Refused).await.unwrap();
        assert_eq!(alice.get(&at(of_anybody, HandedForm::P12)).await.status, StatusCode::NOT_FOUND);
        assert!(alice.get(paths::CERTIFICATES).await.body.contains("No certificate has been issued to you."));
    }

    #[tokio::test]
    async fn a_time_without_a_second_factor_opens_the_account_and_hands_out_no_file() {
        let gate = Gate::with("[portal.demands]\notp = { methods = [\"totp\"], grace = {} }\n").await;
        gate.at.core.authority().create("Example").await.unwrap();
        let (own, ..) = issue(&gate, &gate.alice, "phone", 20).await;
        gate.at.core.totps().remove(gate.alice.id()).await.unwrap();
        let mut browser = gate.browser();
        browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
        assert_eq!(browser.get("/sign-in").await.location(), "/");
        assert_eq!(browser.get(paths::ACCOUNT).await.status, StatusCode::OK);
        for path in [paths::CERTIFICATES, &at(own, HandedForm::P12)] {
            assert_ne!(browser.get(path).await.status, StatusCode::OK, "{path}");
        }
    }

    #[tokio::test]
    async fn the_overview_says_what_ends_without_reading_what_was_handed_out() {
        let gate = Gate::open().await;
        gate.at.core.authority().create("Example").await.unwrap();
        issue(&gate, &gate.alice, "phone", 20).await;
        let mut alice = gate.signed_in().await;
        let database = Database::open(&gate.at.folder.path().join("state/sekisho.db")).await.unwrap();
        database.execute("DROP TABLE certificate_containers", &[]).await.unwrap();
        let overview = alice.get(paths::ACCOUNT).await;
        assert!(overview.status == StatusCode::OK && overview.body.contains("ends in 20 days"), "{}", overview.body);
    }

    #[tokio::test]
    async fn the_page_is_under_a_policy_of_its_own_and_asks_for_a_fresh_proof_r_233() {
        let office = "[certificates]\ndemands.ip_restriction = { allow = [\"192.0.2.0/24\"] }\n\
                      [portal.demands]\notp = { mode = \"off\" }\n";
        let gate = Gate::with(office).await;
        gate.at.core.authority().create("Example").await.unwrap();
        let (own, ..) = issue(&gate, &gate.alice, "phone", 20).await;
        let nobody = gate.browser().get(paths::CERTIFICATES).await;
        assert_eq!(nobody.location(), "/sign-in?for=%2Faccount%2Fcertificates");
        assert_eq!(gate.browser().get(&at(own, HandedForm::P12)).await.location(), nobody.location());
        // A password is enough for the portal here; who has more proves it before a file is handed out.
        let mut browser = gate.browser();
        browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
        assert_eq!(browser.get("/sign-in").await.location(), "/");
        assert_eq!(browser.get(paths::CERTIFICATES).await.status, StatusCode::OK);
        let asked = browser.get(&at(own, HandedForm::P12)).await;
        assert_eq!(asked.status, StatusCode::FORBIDDEN);
        assert!(asked.body.contains("/sign-in?for=%2Faccount%2Fcertificates"), "{}", asked.body);
        prove(&gate, &mut browser).await;
        assert_eq!(browser.get(&at(own, HandedForm::P12)).await.status, StatusCode::OK);
        gate.at.clock.advance(Duration::from_secs(11 * 60));
        assert_eq!(browser.get(&at(own, HandedForm::P12)).await.status, StatusCode::FORBIDDEN, "it is old by now");
        prove(&gate, &mut browser).await;
        // From elsewhere the portal is open, and this page is not.
        browser.address = "198.51.100.7".parse().unwrap();
        assert_eq!(browser.get(paths::ACCOUNT).await.status, StatusCode::OK);
        for path in [paths::CERTIFICATES, &at(own, HandedForm::P12)] {
            let refused = browser.get(path).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
            assert!(refused.body.contains("address_not_allowed"), "{path}: {}", refused.body);
        }
        let log = gate.at.core.audit().query(&crate::audit::Filter::default(), None, 100).await.unwrap();
        assert_eq!(log.iter().filter(|row| row.what == "certificate.fetch").count(), 1, "what was refused was not fetched");
    }

    /// Goes through the sign-in towards the page.
    async fn prove(gate: &Gate, browser: &mut Browser) {
        let (goal, sign_in) = (("for", paths::CERTIFICATES), "/sign-in?for=%2Faccount%2Fcertificates");
        if browser.get(sign_in).await.body.contains("current-password") {
            browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD), goal]).await;
        }
        browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code()), goal]).await;
        assert_eq!(browser.get(sign_in).await.location(), paths::CERTIFICATES);
    }
}
