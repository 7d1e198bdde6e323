//! What people see and change of their own account: sessions, browsers, password, authenticator, recovery codes.

use askama::Template;

use crate::portal::pages::administration::deed::Deed;
use crate::portal::enrol::PasswordProblem;
use crate::portal::kit::paths;
use crate::clock::Timestamp;
use crate::portal::kit::page::{Frame, Page, Person};
use crate::principal::method::Method;

/// Where in the account one is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// [`paths::ACCOUNT`]
    Overview,
    /// [`paths::SESSIONS`]
    Sessions,
    /// [`paths::BROWSERS`]
    Browsers,
    /// [`paths::APPROVERS`]
    Approvers,
    /// [`paths::PASSWORD_CHANGE`]
    Password,
    /// [`paths::AUTHENTICATOR`]
    Authenticator,
    /// [`paths::RECOVERY_CODES`]
    RecoveryCodes,
}

impl Place {
    pub(in crate::portal) const ALL: [(Self, &'static str, &'static str); 7] = [
        (Self::Overview, paths::ACCOUNT, "account-overview"),
        (Self::Sessions, paths::SESSIONS, "account-sessions"),
        (Self::Browsers, paths::BROWSERS, "account-browsers"),
        (Self::Approvers, paths::APPROVERS, "account-approvers"),
        (Self::Password, paths::PASSWORD_CHANGE, "account-password"),
        (Self::Authenticator, paths::AUTHENTICATOR, "account-authenticator"),
        (Self::RecoveryCodes, paths::RECOVERY_CODES, "account-recovery"),
    ];
}

/// Something to know, above the page: what was just done, or what deserves attention.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The password is changed; other sessions ended.
    PasswordChanged,
    /// The transaction password is set.
    TransactionPasswordSet,
    /// One session ended.
    SessionEnded,
    /// All others ended: so many.
    OthersEnded(usize),
    /// A browser is forgotten.
    BrowserForgotten,
    /// A phone is removed.
    ApproverRemoved,
    /// An authenticator is set up.
    AuthenticatorAdded,
    /// An authenticator is gone.
    AuthenticatorRemoved,
    /// A new set of recovery codes is made.
    RecoveryCodesMade,
    /// So few recovery codes are left.
    FewRecoveryCodes(usize),
    /// There is an authenticator and no recovery code.
    NoRecoveryCodes,
    /// Done by an administrator, to so many.
    Administered(Deed, usize),
    /// No line was picked.
    NothingPicked,
    /// A setting is kept.
    SettingKept,
    /// Login-protect is disabled everywhere.
    LoginProtectDisabled,
    /// It is in force again.
    LoginProtectRestored,
    /// Somebody signed in from a browser or network not seen before: from where, when.
    NewSignIn(String, Timestamp),
}

impl Notice {
    /// The word that an address carries from an act to the page that tells of it: `?done=password-changed`.
    pub fn done(word: &str, count: usize) -> Option<Self> {
        Some(match word {
            "password-changed" => Self::PasswordChanged,
            "transaction-password-set" => Self::TransactionPasswordSet,
            "session-ended" => Self::SessionEnded,
            "others-ended" => Self::OthersEnded(count),
            "browser-forgotten" => Self::BrowserForgotten,
            "approver-removed" => Self::ApproverRemoved,
            "authenticator-added" => Self::AuthenticatorAdded,
            "authenticator-removed" => Self::AuthenticatorRemoved,
            "recovery-codes-made" => Self::RecoveryCodesMade,
            "nothing-picked" => Self::NothingPicked,
            "setting-kept" => Self::SettingKept,
            "login-protect-disabled" => Self::LoginProtectDisabled,
            "login-protect-restored" => Self::LoginProtectRestored,
            deed => Self::Administered(Deed::from_word(deed)?, count),
        })
    }

    pub(in crate::portal) fn text(&self, frame: &Frame) -> String {
        match self {
            Self::PasswordChanged => frame.say("notice-password-changed"),
            Self::TransactionPasswordSet => frame.say("notice-transaction-password-set"),
            Self::SessionEnded => frame.say("notice-session-ended"),
            Self::OthersEnded(count) => frame.with("notice-others-ended", "count", count),
            Self::BrowserForgotten => frame.say("notice-browser-forgotten"),
            Self::ApproverRemoved => frame.say("notice-approver-removed"),
            Self::AuthenticatorAdded => frame.say("notice-authenticator-added"),
            Self::AuthenticatorRemoved => frame.say("notice-authenticator-removed"),
            Self::RecoveryCodesMade => frame.say("notice-recovery-codes-made"),
            Self::FewRecoveryCodes(count) => frame.with("notice-few-recovery-codes", "count", count),
            Self::NoRecoveryCodes => frame.say("notice-no-recovery-codes"),
            Self::Administered(deed, count) => frame.with(&deed.done(), "count", count),
            Self::NothingPicked => frame.say("admin-nothing-picked"),
            Self::SettingKept => frame.say("admin-setting-kept"),
            Self::LoginProtectDisabled => frame.say("admin-disable.done"),
            Self::LoginProtectRestored => frame.say("admin-restore.done"),
            Self::NewSignIn(address, _) => frame.with("notice-new-sign-in", "address", address),
        }
    }

    pub(in crate::portal) const fn link(&self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::FewRecoveryCodes(_) | Self::NoRecoveryCodes => Some((paths::RECOVERY_CODES, "notice-link-recovery")),
            Self::NewSignIn(..) => Some((paths::SESSIONS, "notice-link-sessions")),
            _ => None,
        }
    }

    pub(in crate::portal) const fn when(&self) -> Option<&Timestamp> {
        match self {
            Self::NewSignIn(_, at) => Some(at),
            _ => None,
        }
    }

    /// Whether it wants attention rather than telling of success.
    pub(in crate::portal) const fn warns(&self) -> bool {
        matches!(self, Self::FewRecoveryCodes(_) | Self::NoRecoveryCodes | Self::NewSignIn(..) | Self::NothingPicked)
    }
}

/// Everything at a glance.
#[derive(Debug, Template)]
#[template(path = "account/overview.html")]
pub struct OverviewPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<Notice>,
    /// The user name.
    pub user: String,
    /// The mail address.
    pub email: Option<String>,
    /// The groups.
    pub groups: Vec<String>,
    /// When the password was set; `None` if there is none.
    pub password_set: Option<Timestamp>,
    /// When the authenticator was set up; `None` if there is none.
    pub authenticator_added: Option<Timestamp>,
    /// Recovery codes left.
    pub recovery_codes: usize,
    /// Sessions, this one included.
    pub sessions: usize,
    /// Registered browsers.
    pub browsers: usize,
}

/// The sessions.
#[derive(Debug, Template)]
#[template(path = "account/sessions.html")]
pub struct SessionsPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<Notice>,
    /// This session first, then the latest used.
    pub sessions: Vec<SessionRow>,
}

/// One session.
#[derive(Clone, Debug)]
pub struct SessionRow {
    /// Its id, posted back to end it.
    pub id: String,
    /// Whether it is the one that asks.
    pub this: bool,
    /// Browser and system, in words: "Firefox on Windows".
    pub agent: String,
    /// Where it came from.
    pub address: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_seen_at: Timestamp,
    /// The apps it is signed in to.
    pub apps: Vec<String>,
}

impl SessionsPage {
    fn others(&self) -> usize {
        self.sessions.iter().filter(|session| !session.this).count()
    }
}

/// The registered browsers.
#[derive(Debug, Template)]
#[template(path = "account/browsers.html")]
pub struct BrowsersPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<Notice>,
    /// This browser first.
    pub browsers: Vec<BrowserRow>,
}

/// One registered browser.
#[derive(Clone, Debug)]
pub struct BrowserRow {
    /// Its id, posted back to forget it.
    pub id: String,
    /// Whether it is the one that asks.
    pub this: bool,
    /// What it is called.
    pub name: String,
    /// How it was registered: one of `Method::BrowserBy…`.
    pub way: Method,
    /// Since when.
    pub registered_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Until when.
    pub expires_at: Timestamp,
}

impl BrowserRow {
    const fn way(&self) -> &'static str {
        match self.way {
            Method::BrowserByNumber => "browser-way-number",
            Method::BrowserByAdmin => "browser-way-admin",
            Method::BrowserByLink => "browser-way-link",
            _ => "browser-way-otp",
        }
    }
}

/// Changing the password.
#[derive(Debug, Template)]
#[template(path = "account/password.html")]
pub struct PasswordChangePage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Who.
    pub user: String,
    /// Characters at least.
    pub minimum_length: usize,
    /// What was wrong.
    pub problem: Option<PasswordProblem>,
    /// Where the transaction password is set, where some app asks for one.
    pub transaction_at: Option<&'static str>,
}

/// Setting the transaction password.
#[derive(Debug, Template)]
#[template(path = "account/transaction_password.html")]
pub struct TransactionPasswordPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Who.
    pub user: String,
    /// Characters at least.
    pub minimum_length: usize,
    /// When it was set, if it was.
    pub set_at: Option<Timestamp>,
    /// What was wrong.
    pub problem: Option<PasswordProblem>,
}

impl TransactionPasswordPage {
    const fn place(&self) -> Place {
        Place::Password
    }

    fn problem_text(&self, problem: &PasswordProblem) -> String {
        match problem {
            PasswordProblem::AsBefore => self.frame.say("transaction-password-same"),
            problem => problem.text(&self.frame),
        }
    }
}

/// The authenticator.
#[derive(Debug, Template)]
#[template(path = "account/authenticator.html")]
pub struct AuthenticatorPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<Notice>,
    /// What is set up.
    pub authenticators: Vec<AuthenticatorRow>,
    /// Whether the user may remove one; an app may demand that there is one.
    pub may_remove: bool,
}

/// One authenticator.
#[derive(Clone, Debug)]
pub struct AuthenticatorRow {
    /// Its id, posted back to remove it.
    pub id: String,
    /// Since when.
    pub added_at: Timestamp,
    /// When a code of it was last accepted.
    pub last_used_at: Option<Timestamp>,
}

/// Recovery codes: how many are left, and a button for a new set.
#[derive(Debug, Template)]
#[template(path = "account/recovery_codes.html")]
pub struct RecoveryPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// What to know.
    pub notices: Vec<Notice>,
    /// Codes left.
    pub left: usize,
    /// When the set was made; `None` if there is none.
    pub made_at: Option<Timestamp>,
    /// Without an authenticator there is nothing to recover.
    pub has_authenticator: bool,
}

/// What was asked for needs a sign-in fresher than the session's.
#[derive(Debug, Template)]
#[template(path = "kit/fresh.html")]
pub struct FreshPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// How fresh, in minutes.
    pub minutes: u64,
    /// Where the fresh sign-in begins; it comes back to what was asked for.
    pub sign_in: String,
}

/// Something that cannot be done to the own account like this, and how it can.
#[derive(Debug, Template)]
#[template(path = "kit/not_like_this.html")]
pub struct NotLikeThisPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// Why.
    pub reason: NotLikeThis,
}

/// Why something cannot be done like this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotLikeThis {
    /// It changes what guards the account, a password alone must not (T36), and the user has nothing else. Who has a second
    /// factor is asked for it before.
    NeedsAnotherFactor,
    /// A policy demands what would be removed.
    AuthenticatorDemanded,
    /// Only administrators do this here.
    AdministratorsOnly,
    /// A phone and an authenticator exclude each other.
    Excluded,
    /// There are as many approvers as may be.
    TooManyApprovers(usize),
}

impl NotLikeThisPage {
    const fn word(&self) -> (&'static str, &'static str, &'static str) {
        match self.reason {
            NotLikeThis::NeedsAnotherFactor => ("another-factor-title", "another-factor-what", "another-factor-do"),
            NotLikeThis::AuthenticatorDemanded => ("demanded-title", "demanded-what", "demanded-do"),
            NotLikeThis::Excluded => ("excluded-title", "excluded-what", "excluded-do"),
            NotLikeThis::AdministratorsOnly => ("not-allowed-title", "not-allowed-what", "not-allowed-do"),
            NotLikeThis::TooManyApprovers(_) => ("too-many-title", "too-many-what", "too-many-do"),
        }
    }
}

impl OverviewPage {
    const fn place(&self) -> Place {
        Place::Overview
    }
}

impl SessionsPage {
    const fn place(&self) -> Place {
        Place::Sessions
    }
}

impl BrowsersPage {
    const fn place(&self) -> Place {
        Place::Browsers
    }
}

impl PasswordChangePage {
    const fn place(&self) -> Place {
        Place::Password
    }
}

impl AuthenticatorPage {
    const fn place(&self) -> Place {
        Place::Authenticator
    }
}

impl RecoveryPage {
    const fn place(&self) -> Place {
        Place::RecoveryCodes
    }
}

const NOW: i64 = 1_795_509_000;

pub(in crate::portal) fn signed_in(frame: &Frame) -> Frame {
    Frame { person: Some(Person::sample(false)), ..frame.clone() }
}

impl Page for OverviewPage {
    const NAME: &'static str = "account-overview";

    fn samples(frame: &Frame) -> Vec<Self> {
        let whole = Self {
            frame: signed_in(frame),
            notices: vec![
                Notice::PasswordChanged,
                Notice::TransactionPasswordSet,
                Notice::NewSignIn("198.51.100.7".to_owned(), Timestamp::from_seconds(NOW - 7200)),
            ],
            user: "alice".to_owned(),
            email: Some("alice@example.com".to_owned()),
            groups: vec!["accounting".to_owned(), "everyone".to_owned()],
            password_set: Some(Timestamp::from_seconds(NOW - 9_000_000)),
            authenticator_added: Some(Timestamp::from_seconds(NOW - 9_000_000)),
            recovery_codes: 8,
            sessions: 3,
            browsers: 1,
        };
        let bare = Self {
            frame: signed_in(frame),
            notices: vec![Notice::NoRecoveryCodes],
            user: "bob".to_owned(),
            email: None,
            groups: Vec::new(),
            password_set: None,
            authenticator_added: None,
            recovery_codes: 0,
            sessions: 1,
            browsers: 0,
        };
        let hostile = Self {
            frame: Frame {
                person: Some(Person { user: crate::portal::samples::hostile(), display_name: Some(crate::portal::samples::hostile()), administrator: true }),
                ..frame.clone()
            },
            notices: vec![Notice::NewSignIn(crate::portal::samples::hostile(), Timestamp::from_seconds(NOW - 30)), Notice::AuthenticatorAdded],
            user: crate::portal::samples::hostile(),
            email: Some(crate::portal::samples::hostile()),
            groups: vec![crate::portal::samples::hostile(), crate::portal::samples::hostile()],
            password_set: Some(Timestamp::from_seconds(i64::MAX / 1000)),
            authenticator_added: Some(Timestamp::from_seconds(0)),
            recovery_codes: 1,
            sessions: 20,
            browsers: 1,
        };
        vec![whole, bare, hostile]
    }
}

impl Page for SessionsPage {
    const NAME: &'static str = "account-sessions";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |id: &str, this, agent: &str, seen, apps: &[&str]| SessionRow {
            id: id.to_owned(),
            this,
            agent: agent.to_owned(),
            address: "2001:db8:12:34:a1b2:c3d4:e5f6:7".to_owned(),
            created_at: Timestamp::from_seconds(NOW - seen - 3000),
            last_seen_at: Timestamp::from_seconds(NOW - seen),
            apps: apps.iter().map(|&app| app.to_owned()).collect(),
        };
        let this = row("a", true, "Firefox (Windows)", 10, &["Wiki", "Payroll"]);
        vec![
            Self {
                frame: signed_in(frame),
                notices: vec![Notice::SessionEnded],
                sessions: vec![
                    this.clone(),
                    row("b", false, "Safari (iPhone)", 900, &["Wiki"]),
                    row("c", false, "Chrome (Android)", 90_000, &[]),
                ],
            },
            Self { frame: signed_in(frame), notices: vec![Notice::OthersEnded(2)], sessions: vec![this] },
            Self {
                frame: signed_in(frame),
                notices: Vec::new(),
                sessions: vec![row("d", false, &crate::portal::samples::hostile(), 5000, &[&crate::portal::samples::hostile()])],
            },
        ]
    }
}

impl Page for BrowsersPage {
    const NAME: &'static str = "account-browsers";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |id: &str, this, name: &str, way, last_used_at: Option<i64>| BrowserRow {
            id: id.to_owned(),
            this,
            name: name.to_owned(),
            way,
            registered_at: Timestamp::from_seconds(NOW - 5_000_000),
            last_used_at: last_used_at.map(Timestamp::from_seconds),
            expires_at: Timestamp::from_seconds(NOW + 10_000_000),
        };
        vec![
            Self {
                frame: signed_in(frame),
                notices: vec![Notice::BrowserForgotten],
                browsers: vec![
                    row("a", true, "Firefox (Windows)", Method::BrowserByOtp, Some(NOW - 60)),
                    row("b", false, "自宅のパソコン", Method::BrowserByAdmin, Some(NOW - 100_000)),
                    row("c", false, &crate::portal::samples::hostile(), Method::BrowserByNumber, None),
                    row("d", false, "Safari (iPad)", Method::BrowserByLink, None),
                ],
            },
            Self { frame: signed_in(frame), notices: Vec::new(), browsers: Vec::new() },
        ]
    }
}

impl Page for PasswordChangePage {
    const NAME: &'static str = "account-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        use PasswordProblem::{AsBefore, Busy, WrongCurrent};
        [None, Some(WrongCurrent), Some(AsBefore), Some(Busy)]
            .map(|problem| Self {
                frame: signed_in(frame),
                user: "alice".to_owned(),
                minimum_length: 15,
                problem,
                transaction_at: problem.is_none().then_some(paths::TRANSACTION_PASSWORD),
            })
            .into()
    }
}

impl Page for TransactionPasswordPage {
    const NAME: &'static str = "account-transaction-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |set_at: Option<i64>, problem| Self {
            frame: signed_in(frame),
            user: "alice".to_owned(),
            minimum_length: 15,
            set_at: set_at.map(Timestamp::from_seconds),
            problem,
        };
        vec![page(None, None), page(Some(NOW - 9_000_000), Some(PasswordProblem::AsBefore))]
    }
}

impl Page for AuthenticatorPage {
    const NAME: &'static str = "account-authenticator";

    fn samples(frame: &Frame) -> Vec<Self> {
        let row = |id: &str, last_used_at: Option<i64>| AuthenticatorRow {
            id: id.to_owned(),
            added_at: Timestamp::from_seconds(NOW - 9_000_000),
            last_used_at: last_used_at.map(Timestamp::from_seconds),
        };
        let page = |notices: &[Notice], authenticators: &[AuthenticatorRow], may_remove| Self {
            frame: signed_in(frame),
            notices: notices.to_vec(),
            authenticators: authenticators.to_vec(),
            may_remove,
        };
        vec![
            page(&[Notice::RecoveryCodesMade], &[row("a", Some(NOW - 4000))], true),
            page(&[], &[row("a", None), row("b", Some(NOW - 400_000))], false),
            page(&[Notice::AuthenticatorRemoved], &[], true),
        ]
    }
}

impl Page for RecoveryPage {
    const NAME: &'static str = "account-recovery-codes";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |left, made_at: Option<i64>, has_authenticator| Self {
            frame: signed_in(frame),
            notices: Vec::new(),
            left,
            made_at: made_at.map(Timestamp::from_seconds),
            has_authenticator,
        };
        vec![page(8, Some(NOW - 9_000_000), true), page(0, None, true), page(0, None, false), page(1, Some(NOW), true)]
    }
}

impl Page for FreshPage {
    const NAME: &'static str = "account-fresh";

    fn samples(frame: &Frame) -> Vec<Self> {
        vec![Self { frame: signed_in(frame), minutes: 10, sign_in: "/sign-in?for=8mL2xQ".to_owned() }]
    }
}

impl Page for NotLikeThisPage {
    const NAME: &'static str = "account-not-like-this";

    fn samples(frame: &Frame) -> Vec<Self> {
        [
            NotLikeThis::NeedsAnotherFactor,
            NotLikeThis::AuthenticatorDemanded,
            NotLikeThis::AdministratorsOnly,
            NotLikeThis::Excluded,
            NotLikeThis::TooManyApprovers(3),
        ]
        .map(|reason| Self { frame: signed_in(frame), reason })
        .into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_tells_its_notice_by_a_word_and_no_other_word_does() {
        assert_eq!(Notice::done("others-ended", 3), Some(Notice::OthersEnded(3)));
        assert_eq!(Notice::done("<script>", 0), None);
    }
}
