//! The account of ours in a directory, where the config names one: it finds the entry that a name belongs to, and reads
//! groups and people. Its connection is kept and shared; one that the server cut is made again.

use std::sync::Arc;

use ldap3::Ldap;
use secrecy::{ExposeSecret as _, SecretString};
use tokio::sync::Mutex;
use tokio_util::task::TaskTracker;

use super::Directory;
use super::connection::{LdapSocket, answered};
use super::error::DirectoryError;
use super::outcome;
use super::reader::Reader;
use crate::clock::SharedClock;

/// The account.
pub(super) struct ServiceAccount {
    name: String,
    password: SecretString,
    kept: Mutex<Option<KeptConnection>>,
    tasks: TaskTracker,
}

struct KeptConnection {
    ldap: Ldap,
    _socket: Arc<LdapSocket>,
}

impl ServiceAccount {
    pub(super) fn new(name: String, password: SecretString) -> Self {
        Self { name, password, kept: Mutex::new(None), tasks: TaskTracker::new() }
    }

    /// Somebody bound as this account: on the kept connection, or on a new one if `reconnect` or if the kept one was cut.
    pub(super) async fn reader(
        &self,
        directory: &Directory,
        clock: &SharedClock,
        reconnect: bool,
    ) -> Result<Reader, DirectoryError> {
        let mut kept = self.kept.lock().await;
        if let Some(connection) = kept.as_mut().filter(|_| !reconnect)
            && !connection.ldap.is_closed()
        {
            return Ok(Reader { ldap: connection.ldap.clone(), within: directory.answer_within });
        }
        *kept = None;
        let (driver, mut ldap, socket) = directory.servers.connect(directory, clock).await?.1.into_parts();
        let name = directory.name.clone();
        drop(self.tasks.spawn(async move {
            if let Err(error) = driver.drive().await {
                tracing::debug!(directory = %name, %error, "directory_connection_ended");
            }
        }));
        let socket = Arc::new(socket);
        let bound = answered(directory.answer_within, ldap.simple_bind(&self.name, self.password.expose_secret())).await?;
        outcome::of_bind(directory.kind, &bound).map_err(|error| match error {
            DirectoryError::Refused(reason) => {
                DirectoryError::Misconfigured(format!("`bind_as` cannot sign in there: {reason}; look at `bind_password_file`"))
            }
            other => other,
        })?;
        *kept = Some(KeptConnection { ldap: ldap.clone(), _socket: socket });
        Ok(Reader { ldap, within: directory.answer_within })
    }
}
