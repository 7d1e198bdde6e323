//! The pages of certificates: the form that issues one, and one certificate, with its passphrase where it was just issued.

use askama::Template;
use zeroize::Zeroizing;

use crate::admin::certificates::{CertificateView, HolderKind};
use crate::clock::Timestamp;
use crate::core::renewal::RenewalError;
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::certificates::{IssueForm, called, day, holder_key, not_renewed, state_key};
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::notice::AdminChange;
use crate::portal::kit::admin_session::AdminSession;
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::reason::ReasonText;
use crate::portal::kit::sample::{administrator_sample, hostile};

/// Why nothing was issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IssueProblem {
    /// The name is not 1 to 20 letters and digits.
    Name,
    /// A user and a group are named.
    Holder,
    /// No user has this name.
    User,
    /// No group has this name.
    Group,
    /// The days are none, in the wrong order, or over.
    Days,
    /// It would outlive the authority's key.
    Outlives,
    /// It would begin before the authority's key.
    Precedes,
    /// There is no authority.
    NoAuthority,
    /// It would begin after the end of the one that it follows.
    Gap,
    /// It would end no later than the one that it follows.
    NoLonger,
    /// The one that it follows has ended.
    RenewsEnded,
    /// The one that it follows is revoked.
    RenewsRevoked,
    /// The one that it follows is a machine's, or nobody's.
    RenewsNobodys,
    /// The one that it follows has a name that none can have that is issued here.
    RenewsMisnamed,
    /// It cannot follow that one.
    NotRenewed,
}

impl IssueProblem {
    /// Why it cannot follow the one that it names.
    pub(super) const fn of_renewal(why: &RenewalError) -> Self {
        match why {
            RenewalError::Gap { .. } => Self::Gap,
            RenewalError::NoLonger(_) => Self::NoLonger,
            RenewalError::Ended(_) => Self::RenewsEnded,
            RenewalError::Revoked => Self::RenewsRevoked,
            RenewalError::Holder => Self::RenewsNobodys,
            RenewalError::Name(..) => Self::RenewsMisnamed,
            RenewalError::Unknown(_) | RenewalError::AnotherHolder | RenewalError::AnotherName(_) => Self::NotRenewed,
        }
    }

    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Name => "admin-issue-wrong-name",
            Self::Holder => "admin-issue-wrong-holder",
            Self::User => "admin-issue-wrong-user",
            Self::Group => "admin-issue-wrong-group",
            Self::Days => "admin-issue-wrong-days",
            Self::Outlives => "admin-issue-outlives",
            Self::Precedes => "admin-issue-precedes",
            Self::NoAuthority => "admin-issue-no-authority",
            Self::Gap => "admin-issue-gap",
            Self::NoLonger => "admin-issue-no-longer",
            Self::RenewsEnded => "admin-issue-not-renewed.ended",
            Self::RenewsRevoked => "admin-issue-not-renewed.revoked",
            Self::RenewsNobodys => "admin-issue-not-renewed.nobodys",
            Self::RenewsMisnamed => "admin-issue-not-renewed.name",
            Self::NotRenewed => "admin-issue-not-renewed",
        }
    }
}

/// The form.
#[derive(Debug, Template)]
#[template(path = "admin/certificates/issue.html")]
pub struct IssuePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The groups that there are.
    pub groups: Vec<String>,
    /// The certificate that the new one follows.
    pub before: Option<CertificateView>,
    /// What was entered.
    pub fields: IssueForm,
    /// Why it was not done.
    pub problem: Option<IssueProblem>,
}

/// One certificate.
#[derive(Template)]
#[template(path = "admin/certificates/certificate.html")]
pub struct CertificatePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// The certificate.
    pub certificate: CertificateView,
    /// The passphrase, right after it was issued.
    pub passphrase: Option<Zeroizing<String>>,
    /// Where those whom it is for fetch it.
    pub own: String,
    /// Whether another may follow it.
    pub may_renew: bool,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The days that were entered and cannot be used, and why.
    pub wrong_days: Option<WrongDays>,
}

/// Days that were entered for a certificate and cannot be used.
#[derive(Clone, Debug)]
pub struct WrongDays {
    /// The first.
    pub first_day: String,
    /// The last.
    pub last_day: String,
    /// Why.
    pub why: ReasonText,
}

impl IssuePage {
    fn called(&self, one: &CertificateView) -> String {
        called(one)
    }

    const fn holder(&self, one: &CertificateView) -> &'static str {
        holder_key(one.holder)
    }

    fn last_day(&self, one: &CertificateView) -> String {
        day(one.valid_until.as_deref())
    }
}

impl std::fmt::Debug for CertificatePage {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "CertificatePage({})", self.certificate.certificate)
    }
}

impl CertificatePage {
    pub(super) fn of(admin: &AdminSession, certificate: CertificateView, passphrase: Option<String>) -> Self {
        let portal = admin.visit.core.config().file.portal.url.trim_end_matches('/').to_owned();
        Self {
            frame: admin.visit.frame(),
            layout: AdminLayout::of(admin, AdminArea::Certificates),
            may_renew: not_renewed(admin, &certificate).is_none(),
            certificate,
            passphrase: passphrase.map(Zeroizing::new),
            own: format!("{portal}{}", paths::CERTIFICATES),
            notices: Vec::new(),
            wrong_days: None,
        }
    }

    fn called(&self) -> String {
        called(&self.certificate)
    }

    const fn state(&self) -> &'static str {
        state_key(&self.certificate)
    }

    const fn holder(&self) -> &'static str {
        holder_key(self.certificate.holder)
    }

    fn entered_first_day(&self) -> String {
        self.wrong_days.as_ref().map_or_else(|| self.first_day(), |wrong| wrong.first_day.clone())
    }

    fn entered_last_day(&self) -> String {
        self.wrong_days.as_ref().map_or_else(|| self.last_day(), |wrong| wrong.last_day.clone())
    }

    fn first_day(&self) -> String {
        day(self.certificate.valid_from.as_deref())
    }

    fn last_day(&self) -> String {
        day(self.certificate.valid_until.as_deref())
    }
}

/// One that samples show.
fn view(holder: HolderKind, name: Option<&str>, revoked: bool) -> CertificateView {
    CertificateView {
        certificate: "ab".repeat(32),
        holder,
        name: name.map(str::to_owned),
        label: Some("ｉＰｈｏｎｅ１５".to_owned()),
        enabled: true,
        valid_from: Some("2027-01-15T00:00:00+09:00".to_owned()),
        valid_until: Some("2028-01-31T23:59:59.999+09:00".to_owned()),
        added_at: Timestamp::from_seconds(1_795_508_000),
        revoked_at: revoked.then_some(Timestamp::from_seconds(1_795_508_500)),
        authority: Some("issuing-2026-a3f9c1".to_owned()),
        serial: Some("4fd2aa0b6c7d8e9f0011223344556677".to_owned()),
        renews: None,
    }
}

impl PortalPage for IssuePage {
    const NAME: &'static str = "admin-issue";

    fn samples(frame: &Frame) -> Vec<Self> {
        let problems = [
            IssueProblem::Name,
            IssueProblem::Holder,
            IssueProblem::User,
            IssueProblem::Group,
            IssueProblem::Days,
            IssueProblem::Outlives,
            IssueProblem::Precedes,
            IssueProblem::NoAuthority,
            IssueProblem::Gap,
            IssueProblem::NoLonger,
            IssueProblem::RenewsEnded,
            IssueProblem::RenewsRevoked,
            IssueProblem::RenewsNobodys,
            IssueProblem::RenewsMisnamed,
            IssueProblem::NotRenewed,
        ];
        let sample = |problem: Option<IssueProblem>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Certificates),
            notices: Vec::new(),
            groups: vec!["staff".to_owned(), "sales".to_owned()],
            before: matches!(problem, Some(IssueProblem::Gap | IssueProblem::NoLonger))
                .then(|| view(HolderKind::User, Some("alice"), false)),
            fields: IssueForm {
                name: if problem.is_some() { hostile().chars().take(40).collect() } else { String::new() },
                last_day: "2028-01-31".to_owned(),
                state: "enabled".to_owned(),
                ..IssueForm::default()
            },
            problem,
        };
        std::iter::once(None).chain(problems.into_iter().map(Some)).map(sample).collect()
    }
}

impl PortalPage for CertificatePage {
    const NAME: &'static str = "admin-certificate";

    fn samples(frame: &Frame) -> Vec<Self> {
        let sample = |holder, name: Option<&str>, revoked: bool, passphrase: Option<&str>| Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Certificates),
            certificate: view(holder, name, revoked),
            passphrase: passphrase.map(|text| Zeroizing::new(text.to_owned())),
            notices: Vec::new(),
            wrong_days: None,
            own: "https://auth.example.com/account/certificates".to_owned(),
            may_renew: !revoked,
        };
        let [first_day, last_day] = ["2030-02-01", "2029-01-31"].map(str::to_owned);
        let wrong_days = WrongDays { first_day, last_day, why: ReasonText::sample(frame.language) };
        vec![
            Self { wrong_days: Some(wrong_days), ..sample(HolderKind::User, Some("alice"), false, None) },
            Self {
                notices: vec![AdminChange::CertificateDatesSet.notice()],
                ..sample(HolderKind::User, Some("bob"), false, None)
            },
            sample(HolderKind::User, Some("alice"), false, Some("a2b3-c4d5-e6f7-g8h9-j2k3")),
            sample(HolderKind::Shared, None, false, Some("a2b3-c4d5-e6f7-g8h9-j2k3")),
            sample(HolderKind::Group, Some("staff"), false, None),
            sample(HolderKind::Shared, None, true, None),
            sample(HolderKind::Nobody, None, false, None),
        ]
    }
}
