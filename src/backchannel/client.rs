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
    #[error("authenticate the app: the token is unknown, expired, revoked or of another app")]
    Token,
    /// It shows neither.
    #[error(
        "authenticate the app: send a client certificate or a token; a TLS client that sends no server name is not asked for a certificate"
    )]
    Nothing,
    /// Its certificate counts for nothing.
    #[error("authenticate the app: its certificate is refused: {}", .0.words())]
    Unfit(Unfit),
    /// Its certificate is a good one, and no app's.
    #[error("authenticate the app: no `approvals.certificate` of an `[[app]]` names the machine of its certificate")]
    Certificate,
    /// Its certificate is another app's than it says that it is, or it does not say.
    #[error("authenticate the app: `client_id` is missing, or is not the app of this certificate")]
    AnotherName,
    /// The config lets this app ask for nothing.
    #[error("authenticate the app: its `[[app]]` in the config has no `approvals`, so it may not request any")]
    NotOffered,
    /// It may not ask from there.
    #[error("authenticate the app: it may not request approvals from this network")]
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
            Holder::User(_) | Holder::Shared | Holder::Group(_) | Holder::Nobody => "",
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
