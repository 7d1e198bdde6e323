//! The key of an account is replaced in place (RFC 8555 §7.3.5): the account stays, and the former key is worth nothing any more.

use std::sync::Arc;

use super::account;
use super::own::OwnCertificates;
use super::settings::AcmeAuthority;
use super::tools::OrderTools;
use super::trouble::AcmeTrouble;

/// Why the key of an account was not replaced.
#[derive(Debug, thiserror::Error)]
pub enum RotationError {
    /// The config has no such authority, or no certificate asks it.
    #[error("no certificate is issued by an authority of that name")]
    Unknown,
    /// There is no account yet.
    #[error("there is no account at that authority yet")]
    NoAccount,
    /// An order is open: its challenges are answered with the present key.
    #[error("an order is open at that authority; try again when it is over")]
    Busy,
    /// The authority, or our own state.
    #[error("{0}")]
    Failed(String),
}

impl From<AcmeTrouble> for RotationError {
    fn from(trouble: AcmeTrouble) -> Self {
        Self::Failed(trouble.words)
    }
}

impl OwnCertificates {
    /// Replaces the key of the account at the authority of this name in the config. Where the answer is lost, the authority may have
    /// the new key, which is lost too: then the account is replaced at the next order, as one that is not accepted any more.
    ///
    /// # Errors
    /// [`RotationError`].
    pub async fn rotate_account(&self, name: &str) -> Result<(), RotationError> {
        let settings = self.settings.load_full();
        let mut all = settings.issued.iter().flat_map(|wanted| &wanted.authorities);
        let authority: &Arc<AcmeAuthority> = all.find(|authority| authority.name == name).ok_or(RotationError::Unknown)?;
        let lock = self.account_lock(&authority.directory);
        let _nobody_uses_it = lock.in_use.try_write().map_err(|_| RotationError::Busy)?;
        if self.rows.has_order(&authority.directory).await? {
            return Err(RotationError::Busy);
        }
        let tools = OrderTools::new(&self.rows, (&self.listeners, &self.answers), &self.clock, authority);
        let mut account = account::restored(&tools, authority).await?.ok_or(RotationError::NoAccount)?;
        let replaced = account.update_key().await;
        let credentials = replaced.map_err(|error| AcmeTrouble::of(&error, &tools.notes, "replace the key of the account"))?;
        self.rows.keep_account_key(&authority.directory, &credentials).await?;
        tracing::info!(authority = authority.name, account = account.id(), "acme_account_key_replaced");
        Ok(())
    }
}
