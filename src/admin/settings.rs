//! Settings kept in the database rather than in the config file: what an administrator may change while the gateway runs.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::settings::{MEMBERS_MAY_ADD, MEMBERS_MAY_DELETE, PORTAL_NOTICE, Setting};
use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, Page, rfc3339};
use crate::audit::Event;
use crate::clock::Timestamp;

/// Names of the program's own.
const OWN: &str = "state.";

/// Every setting there is, and what it does. A name that nobody reads would be a promise that nobody keeps.
pub const KNOWN: [(&str, &str); 3] = [
    (PORTAL_NOTICE, "a sentence on every page of the portal, to announce a maintenance for example"),
    (MEMBERS_MAY_ADD, "whether users may add phones themselves: true or false, over what the config says"),
    (MEMBERS_MAY_DELETE, "whether users may remove phones themselves, likewise"),
];

fn known(name: &str) -> Result<(), AdminError> {
    if KNOWN.iter().any(|(known, _)| *known == name) {
        return Ok(());
    }
    let all: Vec<String> = KNOWN.iter().map(|(name, what)| format!("{name} ({what})")).collect();
    let why = format!("{name:?} is none; there is {}", all.join(", "));
    Err(AdminError::Input { what: "read the name of the setting", why })
}

/// Whether a setting takes this value.
fn takes(name: &str, value: &str) -> Result<(), AdminError> {
    let is_switch = [MEMBERS_MAY_ADD, MEMBERS_MAY_DELETE].contains(&name);
    let why = if is_switch && !["true", "false"].contains(&value) {
        "write true or false"
    } else if value.chars().count() > 1000 || value.chars().any(char::is_control) {
        "write at most 1,000 characters on one line"
    } else {
        return Ok(());
    };
    Err(AdminError::Input { what: "set the value", why: why.to_owned() })
}

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
            changed_at: setting.changed_at,
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
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// Set a value
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSetting {
    /// The setting's name: `portal.notice` (a sentence on every page of the portal), `approval.members_may_add` or
    /// `approval.members_may_delete` (`true` or `false`: whether users add and remove phones themselves).
    pub name: String,
    /// Its value, at most 1,000 characters.
    pub value: String,
}

impl Act for SetSetting {
    const NAME: &'static str = "settings.set";
    const SCOPE: Scope = Scope::Settings;
    const ROUTE: Route = Route::new(Verb::Put, "/settings/{name}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).as_given("name", self.name.clone()).as_given("value", self.value.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        known(&self.name)?;
        takes(&self.name, &self.value)?;
        warrant.core().settings().set(&self.name, &self.value, warrant.actor()).await?;
        Ok(Done::saying("setting-set", &[("name", &self.name)]))
    }
}

/// Clear a setting
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearSetting {
    /// The setting's name.
    pub name: String,
}

impl Act for ClearSetting {
    const NAME: &'static str = "settings.clear";
    const SCOPE: Scope = Scope::Settings;
    const ROUTE: Route = Route::new(Verb::Delete, "/settings/{name}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).as_given("name", self.name.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        known(&self.name)?;
        if !warrant.core().settings().clear(&self.name).await? {
            return Err(AdminError::NotFound { what: "the setting", name: self.name });
        }
        Ok(Done::saying("setting-cleared", &[("name", &self.name)]))
    }
}

#[cfg(test)]
mod tests {
    use crate::admin::settings::{ClearSetting, ListSettings, SetSetting};
    use crate::admin::testing::does;
    use crate::core::testing::TestCore;
    use serde_json::json;

    #[tokio::test]
    async fn the_programs_own_settings_are_neither_shown_nor_changed() {
        let test = TestCore::open().await;
        assert_eq!(does::<ListSettings>(&test, json!({})).await.unwrap()["items"], json!([]));
        let own = json!({ "name": "state.sealed_by", "value": "0" });
        assert_eq!(does::<SetSetting>(&test, own).await.unwrap_err().code(), "invalid_input");
        let unknown = json!({ "name": "portal.notise", "value": "hello" });
        let message = does::<SetSetting>(&test, unknown).await.unwrap_err().to_string();
        assert!(message.contains("portal.notice"), "{message}");
        does::<SetSetting>(&test, json!({ "name": "portal.notice", "value": "hello" })).await.unwrap();
        assert_eq!(does::<ListSettings>(&test, json!({})).await.unwrap()["items"][0]["value"], "hello");
        does::<ClearSetting>(&test, json!({ "name": "portal.notice" })).await.unwrap();
        assert_eq!(does::<ClearSetting>(&test, json!({ "name": "portal.notice" })).await.unwrap_err().status(), 404);
    }
}
