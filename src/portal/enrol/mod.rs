//! Setting up: a password, an authenticator, recovery codes. The same pages serve an invitation (three steps, nobody
//! signed in yet) and the account (one thing changed); [`Course`] tells which.

use askama::Template;

use crate::portal::kit::paths;
use crate::clock::Timestamp;
use crate::portal::kit::page::{Frame, Page, Person};
use crate::portal::kit::qr;

/// What the page is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    /// An invitation: password, authenticator, recovery codes, one after another.
    Invitation,
    /// A one-time link that sets one thing again.
    Reset,
    /// The account of somebody signed in.
    Account,
}

/// The three steps of an invitation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum InvitationStep {
    /// 1.
    Password,
    /// 2.
    Authenticator,
    /// 3.
    RecoveryCodes,
}

impl InvitationStep {
    /// In their order.
    pub const ORDER: [Self; 3] = [Self::Password, Self::Authenticator, Self::RecoveryCodes];

    pub(in crate::portal) const fn key(self) -> &'static str {
        match self {
            Self::Password => "invitation-step-password",
            Self::Authenticator => "invitation-step-authenticator",
            Self::RecoveryCodes => "invitation-step-recovery",
        }
    }
}

/// The first page behind an invitation link. Opening it takes nothing: the link is used up when the last step is done.
#[derive(Debug, Template)]
#[template(path = "invitation/welcome.html")]
pub struct WelcomePage {
    /// The frame.
    pub frame: Frame,
    /// Where the button leads.
    pub next: String,
    /// For whom.
    pub user: String,
    /// The name that people use.
    pub display_name: Option<String>,
    /// Until when the link is good.
    pub expires_at: Timestamp,
}

impl WelcomePage {
    fn called(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.user)
    }
}

/// A new password behind a link.
#[derive(Debug, Template)]
#[template(path = "invitation/set_password.html")]
pub struct SetPasswordPage {
    /// The frame.
    pub frame: Frame,
    /// Invitation or reset.
    pub course: Course,
    /// Where the form goes: POST `new`, `again`.
    pub action: String,
    /// For whom.
    pub user: String,
    /// Characters at least.
    pub minimum_length: usize,
    /// What was wrong.
    pub problem: Option<PasswordProblem>,
}

impl SetPasswordPage {
    fn is_invitation(&self) -> bool {
        self.course == Course::Invitation
    }
}

/// What can be wrong with a new password, or with the one it takes the place of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProblem {
    /// Not the password of now.
    WrongCurrent,
    /// Fewer characters than demanded.
    TooShort(usize),
    /// More characters than are taken.
    TooLong(usize),
    /// The two entries differ.
    NotTheSame,
    /// It is the one of now.
    AsBefore,
    /// Widely known, or made of the user's own name.
    TooCommon,
    /// Too many at once; nothing was judged.
    Busy,
}

impl PasswordProblem {
    pub(in crate::portal) fn text(self, frame: &Frame) -> String {
        match self {
            Self::WrongCurrent => frame.say("password-problem-wrong-current"),
            Self::TooShort(least) => frame.with("password-problem-too-short", "count", least),
            Self::TooLong(most) => frame.with("password-problem-too-long", "count", most),
            Self::NotTheSame => frame.say("password-problem-not-the-same"),
            Self::AsBefore => frame.say("password-problem-as-before"),
            Self::TooCommon => frame.say("password-problem-too-common"),
            Self::Busy => frame.say("problem-busy"),
        }
    }
}

/// A new authenticator: key and QR code, confirmed by a code.
#[derive(Debug, Template)]
#[template(path = "enrol/authenticator.html")]
pub struct EnrolPage {
    /// The frame.
    pub frame: Frame,
    /// What it is part of.
    pub course: Course,
    /// Where the form goes: POST `code`, `enrolment`.
    pub action: String,
    /// Names the key that is being set up.
    pub enrolment: String,
    /// For whom.
    pub user: String,
    /// The name shown in the authenticator app.
    pub issuer: String,
    /// The key in base32.
    pub key: String,
    /// `otpauth://totp/…`, what the QR code says.
    pub uri: String,
    /// Whether it takes the place of another.
    pub replaces: bool,
    /// What was wrong.
    pub problem: Option<EnrolProblem>,
}

/// What can be wrong with a confirming code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EnrolProblem {
    /// Not the code that this key gives now.
    WrongCode,
    /// Not six digits.
    Incomplete,
}

impl EnrolPage {
    /// The key in groups of four, as people copy it.
    fn grouped(&self) -> String {
        let characters: Vec<char> = self.key.chars().collect();
        characters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join(" ")
    }

    fn picture(&self) -> Option<String> {
        qr::svg(&self.uri, &self.frame.say("enrol-qr-label"))
    }

    fn trouble(&self) -> Option<String> {
        self.problem.map(|problem| {
            self.frame.say(match problem {
                EnrolProblem::WrongCode => "enrol-problem-wrong-code",
                EnrolProblem::Incomplete => "problem-incomplete",
            })
        })
    }
}

/// A new set of recovery codes, shown once.
#[derive(Debug, Template)]
#[template(path = "enrol/recovery_codes.html")]
pub struct RecoveryCodesPage {
    /// The frame.
    pub frame: Frame,
    /// What it is part of.
    pub course: Course,
    /// Where "I have kept them" leads: a GET in the account, a POST while an invitation is being finished.
    pub next: String,
    /// For whom.
    pub user: String,
    /// The codes.
    pub codes: Vec<String>,
}

impl RecoveryCodesPage {
    /// The codes as a text file in a link: works without script, asks no server.
    fn file(&self) -> String {
        let mut text = format!(
            "{} ({})\r\n\r\n",
            self.frame.with("recovery-codes-file", "organisation", self.frame.organisation_name()),
            self.user
        );
        for code in &self.codes {
            text.push_str(code);
            text.push_str("\r\n");
        }
        // A mark of its encoding, for editors that guess.
        format!(
            "data:text/plain;charset=utf-8,%EF%BB%BF{}",
            percent_encoding::utf8_percent_encode(&text, percent_encoding::NON_ALPHANUMERIC)
        )
    }

    fn is_invitation(&self) -> bool {
        self.course == Course::Invitation
    }
}

/// Everything is set up.
#[derive(Debug, Template)]
#[template(path = "invitation/done.html")]
pub struct DonePage {
    /// The frame.
    pub frame: Frame,
    /// For whom.
    pub user: String,
}

/// A link that opens nothing.
#[derive(Debug, Template)]
#[template(path = "invitation/dead_link.html")]
pub struct DeadLinkPage {
    /// The frame.
    pub frame: Frame,
    /// Why.
    pub reason: DeadLink,
}

/// Why a link opens nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadLink {
    /// It did what it was for.
    Used,
    /// Its time is over.
    Expired,
    /// We do not know it: mistyped, cut, or withdrawn.
    Unknown,
}

impl DeadLinkPage {
    const fn why(&self) -> &'static str {
        match self.reason {
            DeadLink::Used => "dead-link-used",
            DeadLink::Expired => "dead-link-expired",
            DeadLink::Unknown => "dead-link-unknown",
        }
    }
}

/// An invitation on paper: for an administrator to print and hand over.
#[derive(Debug, Template)]
#[template(path = "invitation/printed.html")]
pub struct PrintedLinkPage {
    /// The frame.
    pub frame: Frame,
    /// For whom.
    pub user: String,
    /// The name that people use.
    pub display_name: Option<String>,
    /// Whether it invites or resets.
    pub course: Course,
    /// The link.
    pub link: String,
    /// Until when it is good.
    pub expires_at: Timestamp,
    /// Where the administrator goes back to.
    pub back: Option<String>,
}

impl PrintedLinkPage {
    fn picture(&self) -> Option<String> {
        qr::svg(&self.link, &self.frame.say("printed-qr-label"))
    }

    fn called(&self) -> &str {
        self.display_name.as_deref().unwrap_or(&self.user)
    }

    const fn what(&self) -> &'static str {
        match self.course {
            Course::Invitation => "printed-invitation-what",
            Course::Reset | Course::Account => "printed-reset-what",
        }
    }
}

const SAMPLE_URI: &str = "otpauth://totp/Sekisho:alice?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Sekisho";

impl Page for WelcomePage {
    const NAME: &'static str = "invitation-welcome";

    fn samples(frame: &Frame) -> Vec<Self> {
        [("alice", Some("Alice Arai".to_owned())), ("bob", None), ("mallory", Some(crate::portal::samples::hostile()))]
            .map(|(user, display_name)| Self {
                frame: frame.clone(),
                next: "/invitation/8mL2xQ/password".to_owned(),
                user: user.to_owned(),
                display_name,
                expires_at: Timestamp::from_seconds(1_795_595_400),
            })
            .into()
    }
}

impl Page for SetPasswordPage {
    const NAME: &'static str = "set-password";

    fn samples(frame: &Frame) -> Vec<Self> {
        use PasswordProblem::{NotTheSame, TooCommon, TooLong, TooShort};
        let page = |course, problem| Self {
            frame: frame.clone(),
            course,
            action: "/invitation/8mL2xQ/password".to_owned(),
            user: "alice".to_owned(),
            minimum_length: 15,
            problem,
        };
        let mut hostile = page(Course::Reset, Some(TooCommon));
        hostile.user = crate::portal::samples::hostile();
        vec![
            page(Course::Invitation, None),
            page(Course::Invitation, Some(TooShort(15))),
            page(Course::Reset, Some(NotTheSame)),
            page(Course::Reset, Some(TooLong(1024))),
            hostile,
        ]
    }
}

impl Page for EnrolPage {
    const NAME: &'static str = "enrol-authenticator";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |course, replaces, problem| Self {
            frame: if course == Course::Account {
                Frame { person: Some(Person::sample(false)), ..frame.clone() }
            } else {
                frame.clone()
            },
            course,
            action: paths::AUTHENTICATOR_ENROL.to_owned(),
            enrolment: "4TnK".to_owned(),
            user: "alice".to_owned(),
            issuer: "Sekisho".to_owned(),
            key: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP".to_owned(),
            uri: SAMPLE_URI.to_owned(),
            replaces,
            problem,
        };
        let mut hostile = page(Course::Invitation, false, Some(EnrolProblem::Incomplete));
        (hostile.user, hostile.issuer, hostile.uri) = (crate::portal::samples::hostile(), crate::portal::samples::hostile(), crate::portal::samples::hostile());
        vec![
            page(Course::Invitation, false, None),
            page(Course::Account, true, Some(EnrolProblem::WrongCode)),
            page(Course::Account, false, None),
            hostile,
        ]
    }
}

impl Page for RecoveryCodesPage {
    const NAME: &'static str = "recovery-codes-shown";

    fn samples(frame: &Frame) -> Vec<Self> {
        let codes =
            ["MJQW-6Q5X-UP7W-NMBW", "UCPO-AU5G-UNHV-RJTH", "6HJW-LPKP-YK5P-NGS4", "6ULK-32WE-75PV-K2GP", "E3KL-25K3-A5QW-4HIA"];
        let page = |course, user: String| Self {
            frame: if course == Course::Account {
                Frame { person: Some(Person::sample(false)), ..frame.clone() }
            } else {
                frame.clone()
            },
            course,
            next: paths::ACCOUNT.to_owned(),
            user,
            codes: codes.iter().chain(&codes).map(|&code| code.to_owned()).collect(),
        };
        vec![
            page(Course::Invitation, "alice".to_owned()),
            page(Course::Account, "alice".to_owned()),
            page(Course::Account, "mallory".to_owned()),
        ]
    }
}

impl Page for DonePage {
    const NAME: &'static str = "invitation-done";

    fn samples(frame: &Frame) -> Vec<Self> {
        vec![Self { frame: frame.clone(), user: "alice".to_owned() }, Self { frame: frame.clone(), user: crate::portal::samples::hostile() }]
    }
}

impl Page for DeadLinkPage {
    const NAME: &'static str = "dead-link";

    fn samples(frame: &Frame) -> Vec<Self> {
        [DeadLink::Used, DeadLink::Expired, DeadLink::Unknown].map(|reason| Self { frame: frame.clone(), reason }).into()
    }
}

impl Page for PrintedLinkPage {
    const NAME: &'static str = "printed-link";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |course, display_name: Option<String>, back: Option<&str>| Self {
            frame: frame.clone(),
            user: "alice".to_owned(),
            display_name,
            course,
            link: "https://auth.example.com/invitation/JZrC0e8cB3mQ5v1yKpX7nTqWf2sLhD9uAaEoGtRiVb4".to_owned(),
            expires_at: Timestamp::from_seconds(1_795_595_400),
            back: back.map(str::to_owned),
        };
        vec![
            page(Course::Invitation, Some("Alice Arai".to_owned()), Some("/admin/users/alice")),
            page(Course::Reset, None, None),
            page(Course::Invitation, Some(crate::portal::samples::hostile()), None),
        ]
    }
}
