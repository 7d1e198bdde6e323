//! Settings that administrators change while the gateway runs: a name and a value, who set it and when.
//! The code that reads a setting says what it means.

use std::collections::BTreeMap;
use std::sync::Arc;

use arc_swap::ArcSwap;

use crate::clock::{SharedClock, Timestamp};
use crate::store::database::{Database, DatabaseError};

/// The setting that holds a sentence for every page of the portal.
pub const PORTAL_NOTICE: &str = "portal.notice";
/// Whether users may add phones themselves: `true` or `false`, over what the config says.
pub const MEMBERS_MAY_ADD: &str = "approval.members_may_add";
/// Whether users may remove phones themselves, likewise.
pub const MEMBERS_MAY_DELETE: &str = "approval.members_may_delete";

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its value.
    pub value: String,
    /// When it was set.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: String,
}

/// All settings.
#[derive(Debug)]
pub struct Settings {
    database: Database,
    clock: SharedClock,
    by_name: ArcSwap<BTreeMap<String, Setting>>,
}

impl Settings {
    /// Reads all settings from the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn load(database: Database, clock: SharedClock) -> Result<Self, DatabaseError> {
        let by_name = ArcSwap::from_pointee(all(&database).await?);
        Ok(Self { database, clock, by_name })
    }

    /// Reads everything again, after another process wrote to the directory.
    ///
    /// # Errors
    /// [`DatabaseError`]; memory is then as before.
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        self.by_name.store(Arc::new(all(&self.database).await?));
        Ok(())
    }

    /// The value of a setting, if it was set.
    pub fn value(&self, name: &str) -> Option<String> {
        self.by_name.load().get(name).map(|setting| setting.value.clone())
    }

    /// The value of a switch: as it was set, else `otherwise`.
    pub fn switch(&self, name: &str, otherwise: bool) -> bool {
        self.by_name.load().get(name).map_or(otherwise, |setting| setting.value == "true")
    }

    /// All settings that were set, by name.
    pub fn list(&self) -> BTreeMap<String, Setting> {
        BTreeMap::clone(&self.by_name.load())
    }

    /// Sets a value.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn set(&self, name: &str, value: &str, by: &str) -> Result<(), DatabaseError> {
        let setting = Setting { value: value.to_owned(), changed_at: self.clock.now(), changed_by: by.to_owned() };
        self.database
            .execute(
                "INSERT INTO settings (name, value, changed_at, changed_by) VALUES ($1, $2, $3, $4) ON CONFLICT (name) \
                 DO UPDATE SET value = excluded.value, changed_at = excluded.changed_at, changed_by = excluded.changed_by",
                &[name.into(), value.into(), setting.changed_at.into(), by.into()],
            )
            .await?;
        self.by_name.rcu(|settings| {
            let mut settings = BTreeMap::clone(settings);
            settings.insert(name.to_owned(), setting.clone());
            settings
        });
        Ok(())
    }

    /// Clears a setting; whether it was set.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn clear(&self, name: &str) -> Result<bool, DatabaseError> {
        let touched = self.database.execute("DELETE FROM settings WHERE name = $1", &[name.into()]).await?;
        self.by_name.rcu(|settings| {
            let mut settings = BTreeMap::clone(settings);
            settings.remove(name);
            settings
        });
        Ok(touched > 0)
    }
}

async fn all(database: &Database) -> Result<BTreeMap<String, Setting>, DatabaseError> {
    let rows = database.rows("SELECT * FROM settings", &[]).await?;
    rows.iter()
        .map(|row| {
            let (value, changed_by) = (row.text("value")?, row.text("changed_by")?);
            Ok((row.text("name")?, Setting { value, changed_at: row.time("changed_at")?, changed_by }))
        })
        .collect()
}
