//! An app that asks: known by a token that is bound to it, or by a client certificate of a machine that the config gives it
//! (RFC 8705 §2.1). What the administration demands of a connection is not asked of it, since it opens nothing there.
//! Invariant: a [`Client`] is made from a good token or certificate of an app that the config lets ask, from a network that
//! it may ask from.

use std::sync::Arc;

use super::Backchannel;
use crate::config::schema::{AppApprovals, AppCertificate, AppSection};
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{Holder, Unfit};

/// An app that proved who it is.
#[derive(Clone, Debug)]
pub struct Client {
    app: String,
    title: String,
    actor: String,
    settings: AppApprovals,
}

/// Why a client is not admitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClientRejected {
    /// The token is not good, or none of an app.
    #[error("admit the app: the token is not good: unknown, ended, revoked, or none of this app")]
    Token,
    /// It shows neither.
    #[error("admit the app: show a client certificate, or bring a token; without a server name no certificate is asked for")]
    Nothing,
    /// Its certificate counts for nothing.
    #[error("admit the app: its certificate is not good: {}", .0.words())]
    Unfit(Unfit),
    /// Its certificate is a good one, and no app's.
    #[error("admit the app: its certificate is of no machine that `approvals.certificate` of an `[[app]]` names")]
    Certificate,
    /// Its certificate is another app's than it says that it is, or it does not say.
    #[error("admit the app: `client_id` is missing, or is not the app of this certificate")]
    AnotherName,
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
        self.core().tokens().find(token)?.app().map(str::to_owned)
    }

    /// The app that brings this token.
    ///
    /// # Errors
    /// [`ClientRejected`].
    pub fn client(&self, token: &str, address: ClientAddress) -> Result<Client, ClientRejected> {
        let bearer = self.core().tokens().find(token).ok_or(ClientRejected::Token)?;
        let name = bearer.app().ok_or(ClientRejected::Token)?;
        let config = self.core().config();
        let app = config.file.app.iter().find(|app| app.name == name).ok_or(ClientRejected::NotOffered)?;
        admitted(app, format!("token:{}", bearer.label()), address)
    }

    /// The app whose machine shows this certificate, as it stands at this moment: between a request's head and its body it
    /// may have been switched off, or its authority exchanged. An error of the certificate itself is reported first.
    ///
    /// # Errors
    /// [`ClientRejected`].
    pub fn client_by_certificate(
        &self,
        shown: &Arc<PresentedCertificate>,
        address: ClientAddress,
    ) -> Result<Client, ClientRejected> {
        let config = self.core().config();
        let certificates = &self.core().certificates();
        let now = self.core().clock().now();
        let (standing, bundles) = certificates.standing_by(shown, now);
        let machine = match &standing.holder {
            Holder::Machine(name) => &**name,
            Holder::User(_) | Holder::Shared | Holder::Nobody => "",
        };
        certificates.note(shown, &standing, address);
        let is_own = |app: &&AppSection| certificate_of(app).is_some_and(|own| own.machines.iter().any(|own| own == machine));
        let app = config.file.app.iter().find(is_own);
        // Of no app: by all who stand behind any.
        let apps = app.map_or(config.file.app.as_slice(), std::slice::from_ref);
        let names: Vec<String> = apps.iter().filter_map(certificate_of).flat_map(|own| own.trust.iter().cloned()).collect();
        standing.holder(bundles.named(&names), now).map_err(ClientRejected::Unfit)?;
        admitted(app.ok_or(ClientRejected::Certificate)?, format!("machine:{machine}"), address)
    }
}

fn certificate_of(app: &AppSection) -> Option<&AppCertificate> {
    app.approvals.as_ref()?.certificate.as_ref()
}

fn admitted(app: &AppSection, actor: String, address: ClientAddress) -> Result<Client, ClientRejected> {
    let settings = app.approvals.clone().ok_or(ClientRejected::NotOffered)?;
    if !settings.networks.is_empty() && !settings.networks.iter().any(|network| address.is_in(&network.0)) {
        return Err(ClientRejected::Network);
    }
    let title = app.title.clone().unwrap_or_else(|| app.name.clone());
    Ok(Client { app: app.name.clone(), title, actor, settings })
}
