//! An app that asks: known by a token that is bound to it, and by nothing else. What the administration demands of a
//! connection is not asked of it, since it opens nothing there.
//! Invariant: a [`Client`] is made from a good token of an app that the config lets ask, from a network that it may ask from.

use super::Backchannel;
use crate::config::schema::AppApprovals;
use crate::facts::client_address::ClientAddress;

/// An app that proved who it is.
#[derive(Clone, Debug)]
pub struct Client {
    app: String,
    title: String,
    actor: String,
    settings: AppApprovals,
}

/// Why somebody is no client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoClient {
    /// The token is not good, or none of an app.
    #[error("admit the app: the token is not good: unknown, ended, revoked, or none of this app")]
    Token,
    /// The config lets this app ask for nothing.
    #[error("admit the app: it may ask for no approvals; `approvals` of its `[[app]]` in the config says so")]
    NotOffered,
    /// It may not ask from there.
    #[error("admit the app: it may not ask from this network")]
    Network,
}

impl Client {
    /// Its name.
    pub fn app(&self) -> &str {
        &self.app
    }

    /// What people call it.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Who acts, for the audit log.
    pub fn actor(&self) -> &str {
        &self.actor
    }

    /// What the config says of its approvals.
    pub const fn settings(&self) -> &AppApprovals {
        &self.settings
    }
}

impl Backchannel {
    /// The app that a token speaks for, whether it may ask or not; `None`: it is none of an app, or not good.
    pub fn app_of(&self, token: &str) -> Option<String> {
        self.house().tokens.find(token)?.app().map(str::to_owned)
    }

    /// The app that brings this token.
    ///
    /// # Errors
    /// [`NoClient`].
    pub fn client(&self, token: &str, address: ClientAddress) -> Result<Client, NoClient> {
        let bearer = self.house().tokens.find(token).ok_or(NoClient::Token)?;
        let name = bearer.app().ok_or(NoClient::Token)?;
        let config = self.house().config.load();
        let app = config.file.app.iter().find(|app| app.name == name).ok_or(NoClient::NotOffered)?;
        let settings = app.approvals.clone().ok_or(NoClient::NotOffered)?;
        if !settings.networks.is_empty() && !settings.networks.iter().any(|network| address.is_in(&network.0)) {
            return Err(NoClient::Network);
        }
        Ok(Client {
            app: name.to_owned(),
            title: app.title.clone().unwrap_or_else(|| name.to_owned()),
            actor: format!("token:{}", bearer.label()),
            settings,
        })
    }
}
