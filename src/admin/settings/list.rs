//! All settings that were set.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OWN;
use crate::account::settings::Setting;
use crate::account::tokens::Scope;
use crate::admin::error::AdminError;
use crate::admin::values::Page;
use crate::admin::{Act, ActTarget, Route, Verb, Warrant};
use crate::audit::Event;

/// List the settings that were set
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSettings {}

impl Act for ListSettings {
    const NAME: &'static str = "settings.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/settings");
    type Output = Page<SettingView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<SettingView>, AdminError> {
        let settings = warrant.core().settings().list().into_iter().filter(|(name, _)| !name.starts_with(OWN));
        let view = |(name, setting): (String, Setting)| SettingView {
            name,
            value: setting.value,
            changed_at: setting.changed_at.rfc3339(),
            changed_by: setting.changed_by,
        };
        Ok(Page::whole(settings.map(view).collect()))
    }
}

/// A setting.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingView {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// When it was set.
    pub changed_at: String,
    /// By whom.
    pub changed_by: String,
}
