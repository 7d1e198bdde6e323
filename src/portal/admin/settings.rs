//! `/admin/settings`: what can be set while the gateway runs, and what the config says of phones.

use askama::Template;
use axum::response::Response;
use http::StatusCode;
use serde::Deserialize;

use crate::account::settings::{MEMBERS_MAY_ADD, MEMBERS_MAY_DELETE, PORTAL_NOTICE};
use crate::admin::settings::{ClearSetting, ListSettings, SetSetting};
use crate::portal::admin::area::AdminArea;
use crate::portal::admin::layout::AdminLayout;
use crate::portal::admin::notice::{self, AdminChange};
use crate::portal::kit::admin_session::{AdminFields, AdminForm, AdminSession};
use crate::portal::kit::notice::PageNotice;
use crate::portal::kit::page::{Frame, PortalPage};
use crate::portal::kit::paths;
use crate::portal::kit::sample::{administrator_sample, hostile};

/// GET /admin/settings
pub(super) async fn show(admin: AdminSession) -> Result<Response, Response> {
    let set = admin.required(ListSettings {}).await?.items;
    let value = |name: &str| set.iter().find(|setting| setting.name == name).map(|setting| setting.value.clone());
    let config = admin.visit.core.approvals().config();
    let switch = |name, label, config| SettingSwitch { name, label, value: value(name).map(|value| value == "true"), config };
    let page = SettingsPage {
        frame: admin.visit.frame(),
        layout: AdminLayout::of(&admin, AdminArea::Settings),
        notices: notice::done(&admin),
        announcement: value(PORTAL_NOTICE).unwrap_or_default(),
        switches: vec![
            switch(MEMBERS_MAY_ADD, "admin-settings-may-add", config.members_may_add),
            switch(MEMBERS_MAY_DELETE, "admin-settings-may-delete", config.members_may_delete),
        ],
        per_user: config.per_user,
        lifetime: config.lifetime.0.as_secs(),
        wrong_answers: config.wrong_answers,
    };
    Ok(admin.visit.page(StatusCode::OK, &page, &[]))
}

/// One setting; an empty value clears it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct SettingForm {
    name: String,
    value: String,
}

impl AdminFields for SettingForm {
    fn page(&self) -> &str {
        paths::ADMIN_SETTINGS
    }
}

/// POST /admin/settings
pub(super) async fn set(AdminForm { admin, fields }: AdminForm<SettingForm>) -> Result<Response, Response> {
    let (name, value) = (fields.name, fields.value.trim().to_owned());
    if !value.is_empty() {
        admin.required(SetSetting { name, value }).await?;
    } else if admin.required(ListSettings {}).await?.items.iter().any(|setting| setting.name == name) {
        admin.required(ClearSetting { name }).await?;
    }
    Ok(admin.visit.see_other(&AdminChange::SettingSaved.at(paths::ADMIN_SETTINGS)))
}

/// The settings.
#[derive(Debug, Template)]
#[template(path = "admin/settings.html")]
pub struct SettingsPage {
    /// The frame, with the person.
    pub frame: Frame,
    /// The navigation.
    pub layout: AdminLayout,
    /// What to know.
    pub notices: Vec<PageNotice>,
    /// The sentence on every page.
    pub announcement: String,
    /// Switches.
    pub switches: Vec<SettingSwitch>,
    /// How many phones a user may have.
    pub per_user: usize,
    /// Seconds that an approval waits.
    pub lifetime: u64,
    /// Wrong answers in a row that lock.
    pub wrong_answers: u32,
}

/// A setting that is on or off, or as the config says.
#[derive(Clone, Debug)]
pub struct SettingSwitch {
    /// Its name.
    pub name: &'static str,
    /// Its label: a message key.
    pub label: &'static str,
    /// Its value if it is set here; `None`: as the config says.
    pub value: Option<bool>,
    /// What the config says.
    pub config: bool,
}

impl SettingSwitch {
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
        let switch = |name, label, value, config| SettingSwitch { name, label, value, config };
        vec![Self {
            frame: administrator_sample(frame),
            layout: AdminLayout::sample(AdminArea::Settings),
            notices: vec![AdminChange::SettingSaved.notice()],
            announcement: hostile().chars().take(60).collect(),
            switches: vec![
                switch(MEMBERS_MAY_ADD, "admin-settings-may-add", None, true),
                switch(MEMBERS_MAY_DELETE, "admin-settings-may-delete", Some(false), false),
            ],
            per_user: 3,
            lifetime: 60,
            wrong_answers: 5,
        }]
    }
}
