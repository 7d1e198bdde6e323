//! The servers of a directory: those that the config lists, or those that DNS names. They are asked in their order; one that
//! cannot be reached rests for a while.

use std::sync::Arc;

use super::Directory;
use super::connection::DirectoryConnection;
use super::discovery::Discovery;
use super::dns::SrvRecord;
use super::error::DirectoryError;
use super::server::DirectoryServer;
use crate::clock::SharedClock;
use crate::config::schema::DirectorySection;
use crate::random::SharedRandom;

/// All of them.
pub(super) enum Servers {
    /// By the config, in its order.
    Listed(Box<[Arc<DirectoryServer>]>),
    /// By DNS, in the order of their priorities and weights.
    Discovered(Discovery),
}

impl Servers {
    pub(super) fn new(config: &DirectorySection, random: &SharedRandom) -> Self {
        match SrvRecord::of(config) {
            Some(record) => Self::Discovered(Discovery::new(record, config.connect_within.0, Arc::clone(random))),
            None => Self::Listed(config.urls.iter().filter_map(|text| DirectoryServer::parse(text, &[])).map(Arc::new).collect()),
        }
    }

    /// The record that DNS is asked for, where it is.
    pub(super) fn record(&self) -> Option<&str> {
        match self {
            Self::Listed(_) => None,
            Self::Discovered(discovery) => Some(discovery.record()),
        }
    }

    /// What was known before a reload of the config is known still.
    pub(super) fn follow(&mut self, before: &Self) {
        if let (Self::Discovered(own), Self::Discovered(before)) = (self, before) {
            own.follow(before);
        }
    }

    /// The servers in the order in which they are asked now.
    ///
    /// # Errors
    /// [`DirectoryError::Unreachable`] where DNS never named one.
    pub(super) async fn in_order(
        &self,
        directory: &Directory,
        clock: &SharedClock,
    ) -> Result<Vec<Arc<DirectoryServer>>, DirectoryError> {
        match self {
            Self::Listed(all) => Ok(all.to_vec()),
            Self::Discovered(discovery) => discovery.servers(&directory.name, clock).await,
        }
    }

    /// A connection to the first server that can be reached.
    pub(super) async fn connect(
        &self,
        directory: &Directory,
        clock: &SharedClock,
    ) -> Result<(Arc<DirectoryServer>, DirectoryConnection), DirectoryError> {
        let mut why = "none of its servers could be reached a moment ago".to_owned();
        for server in self.in_order(directory, clock).await?.into_iter().filter(|server| !server.rests(clock)) {
            match server.connect(directory).await {
                Ok(connection) => return Ok((server, connection)),
                Err(error) => {
                    server.lost(directory, &error, clock);
                    why = format!("{}: {error}", server.url);
                }
            }
        }
        Err(DirectoryError::Unreachable(why))
    }
    /// Tries each of them, whether it rests or not; one that can be reached rests no more.
    pub(super) async fn try_each(&self, directory: &Directory, clock: &SharedClock) {
        // Where DNS names none, the conversation that follows says so.
        for server in self.in_order(directory, clock).await.unwrap_or_default() {
            match server.connect(directory).await {
                Ok(_connection) => server.rests_no_more(),
                Err(error) => server.lost(directory, &error, clock),
            }
        }
    }

    /// The address of each that is known, and why it could not be reached the last time.
    pub(super) fn standing(&self) -> Vec<(String, Option<String>)> {
        let known = match self {
            Self::Listed(all) => all.to_vec(),
            Self::Discovered(discovery) => discovery.known(),
        };
        known.iter().map(|server| (server.url.to_string(), server.trouble())).collect()
    }
}
