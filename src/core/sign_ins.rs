//! The group of what a sign-in leaves behind: sessions, the way from the portal to apps, registered browsers, keys of browsers.

use std::sync::Arc;

use super::Foundation;
use super::upkeep::report;
use crate::account::users::Users;
use crate::browser::Browsers;
use crate::config::schema::File;
use crate::device::Devices;
use crate::session::handover::Handover;
use crate::session::sessions::Sessions;
use crate::store::database::DatabaseError;

/// Sessions, browsers and their keys.
pub(super) struct SignIns {
    pub(super) devices: Arc<Devices>,
    pub(super) sessions: Arc<Sessions>,
    pub(super) handover: Handover,
    pub(super) browsers: Browsers,
}

impl SignIns {
    /// Loads what the hot path reads from memory.
    pub(super) async fn load(base: &Foundation, file: &File, users: &Users) -> Result<Self, DatabaseError> {
        let devices = Arc::new(Devices::load(base.database(), &base.keys, base.clock(), base.random()).await?);
        let sessions =
            Sessions::load(base.database(), users, Arc::clone(&devices), &file.session, base.clock(), base.random()).await?;
        let sessions = Arc::new(sessions);
        Ok(Self {
            handover: Handover::new(&base.shared(), base.keys(), Arc::clone(&sessions), base.clock(), base.random()),
            browsers: Browsers::load(base.database(), Arc::clone(&devices), file, base.clock(), base.random()).await?,
            sessions,
            devices,
        })
    }

    /// Takes over a config that compiled.
    pub(super) fn configure(&self, file: &File) {
        self.sessions.configure(&file.session);
        self.browsers.configure(file);
    }

    /// Reads again what another process may have written.
    pub(super) async fn refresh(&self) -> Result<(), DatabaseError> {
        self.devices.reread().await?;
        self.browsers.refresh().await?;
        self.sessions.refresh().await
    }

    /// Every half minute: frees sessions that have ended.
    pub(super) async fn sweep(&self) {
        report("sessions", self.sessions.sweep().await);
        report("devices", self.devices.flush().await);
    }

    /// Every hour: removes registrations of browsers that have ended and those of users who are gone, and devices that
    /// nothing is bound to.
    pub(super) async fn tidy(&self, users: &Users) {
        report("browsers", self.browsers.sweep(|user| users.find(user).is_some()).await);
        report("devices", self.devices.sweep().await);
    }

    /// At the end of the process: writes down what only memory knows.
    pub(super) async fn flush(&self) -> Result<(), DatabaseError> {
        self.devices.flush().await?;
        self.sessions.flush().await
    }
}
