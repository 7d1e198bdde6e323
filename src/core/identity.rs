//! The group of what signs: the keys, and the assertions about users that apps are sent.

use std::sync::Arc;

use super::Foundation;
use super::upkeep::report;
use crate::config::schema::File;
use crate::identity::assertion::Assertions;
use crate::identity::keys::{KeyError, SigningKeys};

/// Signing keys and assertions.
pub(super) struct IdentityGroup {
    pub(super) signing_keys: Arc<SigningKeys>,
    pub(super) assertions: Assertions,
}

impl IdentityGroup {
    /// Loads the keys, or makes the first one.
    pub(super) async fn load(base: &Foundation, file: &File) -> Result<Self, KeyError> {
        let keys = SigningKeys::load(base.database(), base.keys(), base.random(), base.clock()).await?;
        let signing_keys = Arc::new(keys);
        let issuer = file.portal.url.trim_end_matches('/');
        Ok(Self { assertions: Assertions::new(issuer, Arc::clone(&signing_keys), base.clock()), signing_keys })
    }

    /// Every half minute: forgets assertions that have expired.
    pub(super) fn sweep(&self) {
        self.assertions.sweep();
    }

    /// Every hour: makes a new key where the present one is old.
    pub(super) async fn tidy(&self) {
        report("signing keys", self.signing_keys.rotate().await);
    }
}
