//! The group of what is known of users and of what administrators keep.

use std::sync::Arc;

use super::Foundation;
use super::upkeep::report;
use crate::account::groups::Groups;
use crate::account::links::Links;
use crate::account::list_line::NetworkNames;
use crate::account::networks::NetworkLists;
use crate::account::outbox::Outbox;
use crate::account::places::KnownPlaces;
use crate::account::regulation::Regulation;
use crate::account::relay::Relay;
use crate::account::settings::Settings;
use crate::account::tokens::Tokens;
use crate::account::users::Users;
use crate::config::schema::File;
use crate::store::database::DatabaseError;

/// Users, their groups, and what belongs to accounts and to nothing else.
pub(super) struct Accounts {
    pub(super) users: Arc<Users>,
    pub(super) groups: Groups,
    pub(super) networks: NetworkLists,
    pub(super) links: Links,
    pub(super) tokens: Tokens,
    pub(super) places: KnownPlaces,
    pub(super) settings: Arc<Settings>,
    pub(super) outbox: Outbox,
    pub(super) regulation: Regulation,
}

impl Accounts {
    /// Loads what the hot path reads from memory.
    pub(super) async fn load(base: &Foundation, file: &File, relay: Option<Relay>) -> Result<Self, DatabaseError> {
        let users = Arc::new(Users::load(base.database(), base.clock()).await?);
        let outbox = Outbox::new(base.database(), base.keys(), base.clock(), base.random());
        outbox.adopt(relay);
        let networks = NetworkLists::load(base.database(), Arc::clone(&users)).await?;
        networks.configure(NetworkNames::of(file));
        Ok(Self {
            groups: Groups::load(base.database(), Arc::clone(&users)).await?,
            networks,
            links: Links::new(base.database(), base.clock(), base.random()),
            tokens: Tokens::load(base.database(), Arc::clone(&users), base.clock(), base.random()).await?,
            places: KnownPlaces::new(base.database(), base.clock()),
            settings: Arc::new(Settings::load(base.database(), base.clock()).await?),
            regulation: Regulation::new(base.shared(), file.regulation.clone(), base.clock()),
            outbox,
            users,
        })
    }

    /// Takes over a config that compiled.
    pub(super) fn configure(&self, file: &File, relay: Option<Relay>) {
        self.outbox.adopt(relay);
        self.networks.configure(NetworkNames::of(file));
        self.regulation.configure(file.regulation.clone());
    }

    /// Reads again what another process may have written.
    pub(super) async fn refresh(&self) -> Result<(), DatabaseError> {
        self.settings.refresh().await?;
        self.groups.refresh().await?;
        self.networks.refresh().await?;
        self.users.refresh().await?;
        self.tokens.refresh().await
    }

    /// Every hour: removes the rows that have ended.
    pub(super) async fn tidy(&self) {
        report("links", self.links.sweep().await);
        report("tokens", self.tokens.sweep().await);
        report("outbox", self.outbox.sweep().await);
    }

    /// At the end of the process: writes down what only memory knows.
    pub(super) async fn flush(&self) -> Result<(), DatabaseError> {
        self.tokens.sweep().await
    }
}
