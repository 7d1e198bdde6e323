//! What can be set while the gateway runs, and what the config says of phones.

use askama::Template;

use super::{Hall, Room, seated};
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;

/// The settings.
#[derive(Debug, Template)]
#[template(path = "admin/settings.html")]
pub struct SettingsPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The hall.
    pub hall: Hall,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The sentence on every page.
    pub notice: String,
    /// Switches.
    pub switches: Vec<Switch>,
    /// Phones that a user may have.
    pub per_user: usize,
    /// Seconds that an approval waits.
    pub lifetime: u64,
    /// Wrong answers in a row that lock.
    pub wrong: u32,
}

/// A setting that is on or off, or as the config says.
#[derive(Clone, Debug)]
pub struct Switch {
    /// Its name.
    pub name: &'static str,
    /// What it is called: a message key.
    pub key: &'static str,
    /// As it was set here; `None`: as the config says.
    pub value: Option<bool>,
    /// What the config says.
    pub config: bool,
}

impl SettingsPage {
    const fn room(&self) -> Room {
        Room::Settings
    }
}

impl Switch {
    fn is(&self, value: &str) -> bool {
        match self.value {
            None => value.is_empty(),
            Some(set) => value == if set { "true" } else { "false" },
        }
    }
}

impl PortalPage for SettingsPage {
    const NAME: &'static str = "admin-settings";

    fn samples(frame: &Frame) -> Vec<Self> {
        let switch = |key, value, config| Switch { name: "approval.members_may_add", key, value, config };
        vec![Self {
            frame: seated(frame),
            hall: Hall::sample(false),
            notices: vec![PageNotice::SettingKept],
            notice: crate::portal::kit::sample::hostile().chars().take(60).collect(),
            switches: vec![
                switch("admin-settings-may-add", None, true),
                Switch { name: "approval.members_may_delete", ..switch("admin-settings-may-delete", Some(false), false) },
            ],
            per_user: 3,
            lifetime: 60,
            wrong: 5,
        }]
    }
}
