//! The pages behind a one-time link.

use askama::Template;

use crate::clock::Timestamp;
use crate::portal::enrol::Course;
use crate::portal::enrol::password::PasswordProblem;
use crate::portal::enrol::steps::InvitationStep;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::sample::hostile;
use crate::portal::kit::{paths, qr};

/// The first page behind an invitation link. Opening it does not use the link up; the last step does.
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

/// Everything is set up.
#[derive(Debug, Template)]
#[template(path = "invitation/done.html")]
pub struct DonePage {
    /// The frame.
    pub frame: Frame,
    /// For whom.
    pub user: String,
}

/// An invitation on paper: for an administrator to print and hand over.
#[derive(Template)]
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

debug_by_name!(PrintedLinkPage);

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

impl PortalPage for WelcomePage {
    const NAME: &'static str = "invitation-welcome";

    fn samples(frame: &Frame) -> Vec<Self> {
        [("alice", Some("Alice Arai".to_owned())), ("bob", None), ("mallory", Some(hostile()))]
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

impl PortalPage for SetPasswordPage {
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
        let mut worst = page(Course::Reset, Some(TooCommon));
        worst.user = hostile();
        vec![
            page(Course::Invitation, None),
            page(Course::Invitation, Some(TooShort(15))),
            page(Course::Reset, Some(NotTheSame)),
            page(Course::Reset, Some(TooLong(1024))),
            worst,
        ]
    }
}

impl PortalPage for DonePage {
    const NAME: &'static str = "invitation-done";

    fn samples(frame: &Frame) -> Vec<Self> {
        vec![Self { frame: frame.clone(), user: "alice".to_owned() }, Self { frame: frame.clone(), user: hostile() }]
    }
}

impl PortalPage for PrintedLinkPage {
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
            page(Course::Invitation, Some(hostile()), None),
        ]
    }
}
