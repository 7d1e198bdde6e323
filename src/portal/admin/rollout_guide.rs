//! The two orders in which client certificates are introduced, with how far each step is: what stands above the list of
//! `/admin/certificate-rollout`.

use crate::admin::rollout::{RolloutApp, RolloutCounts};
use crate::portal::kit::paths;

/// What stands above the list: where the introduction is, and the two orders of its steps.
#[derive(Debug)]
pub struct RolloutGuide {
    /// The apps that are looked at.
    pub apps: Vec<RolloutApp>,
    /// How many users are where.
    pub counts: RolloutCounts,
    /// The one app that was asked for.
    pub app: Option<String>,
}

/// A step of the way.
#[derive(Clone, Copy)]
enum RolloutStep {
    /// Certificates are issued.
    Issue,
    /// The users of whom they are demanded are selected.
    Select,
    /// Certificates are handed out, and installed.
    Distribute,
    /// Users sign in with them.
    SignIn,
}

/// One of the two orders.
#[derive(Debug)]
pub struct RolloutOrder {
    /// Its heading: a message key.
    pub heading: &'static str,
    /// What it is for: a message key.
    pub about: &'static str,
    /// Its steps.
    pub steps: Vec<RolloutStepState>,
}

/// How a step stands.
#[derive(Debug)]
pub struct RolloutStepState {
    /// What is done there: a message key.
    pub title: &'static str,
    /// How far it is: a message key, into which `count` is put.
    pub state: &'static str,
    /// How many users.
    pub count: usize,
    /// Whether nothing is left to do.
    pub is_done: bool,
    /// Where it is done.
    pub address: String,
    /// The text of that link: a message key.
    pub link: &'static str,
}

/// A list that matters before anybody is selected.
#[derive(Debug)]
pub struct RolloutList {
    /// Where it is.
    pub address: String,
    /// What it lists: a message key, into which `count` is put.
    pub key: &'static str,
    /// How many users.
    pub count: usize,
    /// Whether somebody is shut out.
    pub alarms: bool,
}

impl RolloutGuide {
    /// The orders: of a deployment that runs, where nobody may be signed out, and of a new one.
    pub(super) fn orders(&self) -> [RolloutOrder; 2] {
        use RolloutStep::{Distribute, Issue, Select, SignIn};
        let order = |heading, about, steps: [RolloutStep; 4]| RolloutOrder {
            heading,
            about,
            steps: steps.map(|step| self.step(step)).into(),
        };
        [
            order("admin-rollout-running", "admin-rollout-running.about", [Issue, Distribute, Select, SignIn]),
            order("admin-rollout-new", "admin-rollout-new.about", [Issue, Select, Distribute, SignIn]),
        ]
    }

    fn step(&self, step: RolloutStep) -> RolloutStepState {
        let RolloutCounts { users, holding, shown, selected, passed, shut_out, ready } = self.counts;
        match step {
            RolloutStep::Issue => RolloutStepState {
                title: "admin-rollout-issue",
                state: "admin-rollout-issue.state",
                count: holding,
                is_done: holding > 0 && holding >= users,
                address: paths::ADMIN_CERTIFICATE_ISSUE.to_owned(),
                link: "admin-issue",
            },
            RolloutStep::Select => RolloutStepState {
                title: "admin-rollout-select",
                state: "admin-rollout-select.state",
                count: selected,
                is_done: selected > 0 && ready == 0,
                address: self.list("not_selected", "good"),
                link: "admin-rollout-list-ready",
            },
            RolloutStep::Distribute => RolloutStepState {
                title: "admin-rollout-distribute",
                state: "admin-rollout-distribute.state",
                count: shown,
                is_done: shown > 0 && shown >= users,
                address: paths::ADMIN_CERTIFICATES.to_owned(),
                link: "admin-certificates",
            },
            RolloutStep::SignIn => RolloutStepState {
                title: "admin-rollout-sign-in",
                state: "admin-rollout-sign-in.state",
                count: passed,
                is_done: selected > 0 && shut_out == 0,
                address: paths::with_query(paths::ADMIN_CERTIFICATE_RESULTS, &[("outcome", "refused")]),
                link: "admin-certificate-results",
            },
        }
    }

    /// The lists that matter before anybody is selected.
    pub(super) fn lists(&self) -> [RolloutList; 3] {
        let RolloutCounts { users, shown, selected, passed, shut_out, ready, .. } = self.counts;
        let others = users.saturating_sub(selected).saturating_sub(shown.saturating_sub(passed));
        let list = |only, shown, key, count, alarms| RolloutList { address: self.list(only, shown), key, count, alarms };
        [
            list("selected", "missing", "admin-rollout-list-shut-out", shut_out, shut_out > 0),
            list("not_selected", "missing", "admin-rollout-list-would-be", others, false),
            list("not_selected", "good", "admin-rollout-list-ready-count", ready, false),
        ]
    }

    /// The list of this page, searched.
    fn list(&self, only: &str, shown: &str) -> String {
        let address = paths::with_query(paths::ADMIN_CERTIFICATE_ROLLOUT, &[("only", only), ("shown", shown)]);
        self.app.as_ref().map_or_else(|| address.clone(), |app| paths::with_query(&address, &[("app", app)]))
    }

    /// What an app demands: a message key.
    pub(super) fn demand(&self, app: &RolloutApp) -> &'static str {
        match (app.mode, app.of_everyone) {
            ("observe", true) => "admin-rollout-app-observed",
            ("observe", false) => "admin-rollout-app-selected-observed",
            (_, true) => "admin-rollout-app-everyone",
            (_, false) => "admin-rollout-app-selected",
        }
    }

    pub(super) fn app_list(&self, app: &RolloutApp) -> String {
        paths::with_query(paths::ADMIN_CERTIFICATE_ROLLOUT, &[("app", &app.app)])
    }
}
