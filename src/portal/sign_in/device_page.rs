//! Check 5 by an administrator: the page that applies for this browser, waits for the decision, and says what was decided.

use std::time::Duration;

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::browser::application::{Application, ApplicationState};
use crate::chain::refusal::Refusal;
use crate::clock::Timestamp;
use crate::portal::kit::barrier::CheckMark::{Done, NotNeeded, Now, ToCome};
use crate::portal::kit::destination::hostile_destination;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::hostile;
use crate::portal::kit::visit::Visit;
use crate::portal::sign_in::step::{SignInStep, StepProblem, sample_step};
use crate::portal::sign_in::towards::address;
use crate::sign_in::goal::Goal;
use crate::sign_in::position::AskedStep;

/// How the application of this browser stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeviceState {
    /// None was made.
    New,
    /// It waits for an administrator.
    Pending,
    /// It was rejected, with these words.
    Rejected(Option<String>),
    /// It was approved, and revoked since.
    Revoked,
}

/// Applying for this browser.
#[derive(Debug, Template)]
#[template(path = "sign_in/device.html")]
pub struct DevicePage {
    /// The frame.
    pub frame: Frame,
    /// The step.
    pub step: SignInStep,
    /// Who is signing in.
    pub user: String,
    /// What to call this browser, proposed, or what it was called.
    pub name: String,
    /// How the application stands.
    pub state: DeviceState,
    /// When it was made.
    pub applied_at: Option<Timestamp>,
    /// Another way to register the browser, where there is one.
    pub other_at: Option<String>,
}

impl DevicePage {
    const fn heading(&self) -> &'static str {
        match self.state {
            DeviceState::New => "device-title",
            DeviceState::Pending => "device-pending-title",
            DeviceState::Rejected(_) => "device-rejected-title",
            DeviceState::Revoked => "device-revoked-title",
        }
    }

    const fn what(&self) -> &'static str {
        match self.state {
            DeviceState::New => "device-what",
            DeviceState::Pending => "device-pending-what",
            DeviceState::Rejected(_) => "device-rejected-what",
            DeviceState::Revoked => "device-revoked-what",
        }
    }

    fn waits(&self) -> bool {
        self.state == DeviceState::Pending
    }

    fn said(&self) -> Option<&str> {
        match &self.state {
            DeviceState::Rejected(reason) => reason.as_deref(),
            DeviceState::New | DeviceState::Pending | DeviceState::Revoked => None,
        }
    }

    fn state_at(&self) -> String {
        self.step.path("").replacen(paths::SIGN_IN, paths::DEVICE_STATE, 1)
    }
}

/// The page for a browser that an administrator may let in; `None` where another way is chosen.
pub(super) fn page(
    visit: &Visit,
    goal: &Goal,
    asked: &AskedStep,
    step: &SignInStep,
    wanted: &str,
    targets: &[&str],
) -> Option<Response> {
    if !asked.may_apply {
        return None;
    }
    let has_other = !asked.usable.is_empty();
    let chosen = matches!(wanted, APPLY | "");
    let made = asked.application.as_ref().filter(|made| made.state != ApplicationState::Approved);
    // Where there are other ways, the application is one that is chosen, or that was begun.
    if has_other && wanted != APPLY && !(chosen && made.is_some()) {
        return None;
    }
    let state = match made {
        None => DeviceState::New,
        Some(Application { state: ApplicationState::Pending, .. }) => DeviceState::Pending,
        Some(Application { state: ApplicationState::Rejected, reason, .. }) => DeviceState::Rejected(reason.clone()),
        Some(_) => DeviceState::Revoked,
    };
    let status = if step.problem.is_some() { StatusCode::CONFLICT } else { StatusCode::OK };
    let page = DevicePage {
        frame: visit.frame(),
        step: step.clone(),
        user: asked.user.as_ref().map(|user| user.id().to_string()).unwrap_or_default(),
        name: made.map_or_else(|| visit.visitor().agent.to_owned(), |made| made.name.clone()),
        applied_at: made.map(|made| made.applied_at),
        state,
        other_at: has_other.then(|| format!("{}&method=code", address(goal))),
    };
    Some(visit.scripted_page_towards(status, &page, targets))
}

/// The word of this way in the address of a step.
pub(super) const APPLY: &str = "apply";

/// Where a page offers to apply instead.
pub(super) fn offered(goal: &Goal, asked: &AskedStep) -> Option<String> {
    asked.may_apply.then(|| format!("{}&method={APPLY}", address(goal)))
}

impl PortalPage for DevicePage {
    const NAME: &'static str = "sign-in-device";

    fn samples(frame: &Frame) -> Vec<Self> {
        let page = |state, problem, name: &str, other: bool| Self {
            frame: frame.clone(),
            step: sample_step([Done, NotNeeded, NotNeeded, Done, Now, ToCome], Refusal::BrowserNotRegistered, problem),
            user: "alice".to_owned(),
            name: name.to_owned(),
            applied_at: Some(Timestamp::from_seconds(1_795_508_000)).filter(|_| state != DeviceState::New),
            state,
            other_at: other.then(|| "/sign-in?for=8mL2xQ&method=code".to_owned()),
        };
        let wait = Duration::from_secs(300);
        let rejected = |reason: &str| DeviceState::Rejected(Some(reason.to_owned()));
        let mut worst = page(rejected(&hostile()), Some(StepProblem::DeviceLater(wait)), &hostile(), true);
        worst.user = hostile();
        worst.step.destination = Some(hostile_destination());
        vec![
            page(DeviceState::New, None, "Firefox, Windows", false),
            page(DeviceState::New, Some(StepProblem::DevicesWait), "Safari, iPhone", true),
            page(DeviceState::Pending, None, "My laptop", false),
            page(DeviceState::Pending, None, &hostile(), true),
            page(DeviceState::Rejected(None), None, "My laptop", false),
            page(rejected("Use the laptop that the office gave you."), None, "My laptop", true),
            page(DeviceState::Revoked, None, "自宅のパソコン", false),
            worst,
        ]
    }
}
