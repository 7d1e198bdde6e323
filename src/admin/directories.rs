//! Directories: how they stand, trying one now, and reading one as a whole.

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{SourceHealth, rfc3339_if_any};
use crate::audit::Event;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::core::synchronisation::{DirectorySync, SyncError};

/// List the directories: how each stands, and how many users it has
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListDirectories {}

impl Act for ListDirectories {
    const NAME: &'static str = "directory.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/directories");
    type Output = DirectoriesView;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<DirectoriesView, AdminError> {
        let directories = warrant.core().ad_passwords().directories();
        let mut items = Vec::new();
        for directory in directories.iter() {
            items.push(view(warrant.core(), directory.name()).await?);
        }
        Ok(DirectoriesView { items })
    }
}

/// Try each server of a directory now, and say what is wrong
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestDirectory {
    /// The name of its table in the config.
    pub directory: String,
}

impl Act for TestDirectory {
    const NAME: &'static str = "directory.test";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Post, "/directories/{directory}/test");
    type Output = DirectoryView;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<DirectoryView, AdminError> {
        // What is wrong stands in the view.
        let _shown = warrant.core().ad_passwords().test(&self.directory).await;
        view(warrant.core(), &self.directory).await
    }
}

/// All directories.
#[derive(Debug, Serialize, ToSchema)]
pub struct DirectoriesView {
    /// In the order of their names.
    pub items: Vec<DirectoryView>,
}

/// A directory as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DirectoryView {
    /// The name of its table in the config.
    pub directory: String,
    /// Its name for people.
    pub domain: String,
    /// `active_directory`, `openldap`, `389ds` or `ldap`.
    pub kind: &'static str,
    /// `ready`, `troubled` or `unknown` (it was not asked since the start).
    #[schema(value_type = String)]
    pub state: SourceHealth,
    /// What is wrong.
    pub trouble: Option<String>,
    /// When it was last asked.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub asked_at: Option<Timestamp>,
    /// Its servers, in the order in which they are asked.
    pub servers: Vec<DirectoryServerView>,
    /// Users who are linked with an entry of it.
    pub linked: usize,
    /// Whether it has an account of the gateway, which reads it as a whole.
    pub has_account: bool,
    /// How often it is read as a whole, seconds; absent if it is not.
    pub sync_every_seconds: Option<u64>,
}

/// A server of a directory.
#[derive(Debug, Serialize, ToSchema)]
pub struct DirectoryServerView {
    /// Its address.
    pub url: String,
    /// Why it could not be reached the last time.
    pub trouble: Option<String>,
}

async fn view(core: &Core, name: &str) -> Result<DirectoryView, AdminError> {
    let directories = core.ad_passwords().directories();
    let found = directories.named(name);
    let directory = found.ok_or_else(|| AdminError::NotFound { what: "a directory", name: name.to_owned() })?;
    let health = directory.health();
    let linked = core.ad_passwords().links().to(name).await?.len();
    Ok(DirectoryView {
        directory: name.to_owned(),
        domain: directory.domain().to_owned(),
        kind: directory.kind_word(),
        state: SourceHealth::of(health.asked_at, health.trouble.as_ref()),
        trouble: health.trouble,
        asked_at: health.asked_at,
        servers: health.servers.into_iter().map(|(url, trouble)| DirectoryServerView { url, trouble }).collect(),
        linked,
        has_account: directory.has_account(),
        sync_every_seconds: directory.sync_every().map(|every| every.as_secs()),
    })
}

/// Read a directory as a whole now: groups, names, who is switched off there
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SyncDirectory {
    /// The name of its table in the config.
    pub directory: String,
}

impl Act for SyncDirectory {
    const NAME: &'static str = "directory.sync";
    const SCOPE: Scope = Scope::Users;
    const ROUTE: Route = Route::new(Verb::Post, "/directories/{directory}/sync");
    type Output = DirectorySync;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).as_given("directory", self.directory.clone()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Nobody
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<DirectorySync, AdminError> {
        warrant.core().synchronise_directory(&self.directory).await.map_err(|error| match error {
            SyncError::Unknown => AdminError::NotFound { what: "a directory", name: self.directory.clone() },
            SyncError::Database(error) => error.into(),
            SyncError::Account(error) => error.into(),
            error @ (SyncError::Directory(_) | SyncError::TooMany { .. }) => AdminError::State(error.to_string()),
        })
    }
}
