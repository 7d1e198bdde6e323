//! What a provider said of itself, kept over a restart: discovery document and keys, as they came. Nothing of it is secret. It
//! is held against the config again whenever it is read back, and it is of no use when it is a week old: a key may have been
//! taken back since.

use std::time::Duration;

use super::keyset::ProviderKeys;
use super::metadata::ProviderMetadata;
use crate::clock::Timestamp;
use crate::store::database::{Database, DatabaseError, Value};

/// How long what a provider said is used while it does not answer.
pub(super) const KEPT_FOR: Duration = Duration::from_secs(7 * 86_400);

/// What is known of a provider.
#[derive(Debug)]
pub(super) struct Knowledge {
    pub(super) metadata: ProviderMetadata,
    pub(super) keys: ProviderKeys,
    pub(super) read_at: Timestamp,
}

impl Knowledge {
    /// Whether it may be used now.
    pub(super) fn is_usable(&self, now: Timestamp) -> bool {
        now < self.read_at.plus(KEPT_FOR)
    }
}

/// The documents of all providers.
#[derive(Clone, Debug)]
pub(super) struct KeptDocuments(Database);

impl KeptDocuments {
    pub(super) const fn new(database: Database) -> Self {
        Self(database)
    }

    /// What this provider said last; `None` where that is nothing, was said by another issuer, or cannot be used any more.
    pub(super) async fn of(&self, provider: &str, issuer: &str, now: Timestamp) -> Result<Option<Knowledge>, DatabaseError> {
        let sql = "SELECT discovery, keys, read_at FROM idp_documents WHERE provider = $1 AND issuer = $2";
        let Some(row) = self.0.row(sql, &[provider.into(), issuer.into()]).await? else { return Ok(None) };
        let (discovery, keys, read_at) = (row.bytes("discovery")?, row.bytes("keys")?, row.time("read_at")?);
        let (Ok(metadata), Ok(keys)) = (ProviderMetadata::read(&discovery, issuer), ProviderKeys::read(&keys)) else {
            return Ok(None);
        };
        let known = Knowledge { metadata, keys, read_at };
        // A clock that was wrong when they were written must not keep them for ever.
        Ok(Some(known).filter(|known| known.is_usable(now) && known.read_at <= now))
    }

    /// Keeps both documents of a provider in place of what it said before.
    pub(super) async fn keep(
        &self,
        provider: &str,
        issuer: &str,
        documents: (&[u8], &[u8]),
        now: Timestamp,
    ) -> Result<(), DatabaseError> {
        let row: [Value; 5] = [provider.into(), issuer.into(), documents.0.into(), documents.1.into(), now.into()];
        let sql = "INSERT INTO idp_documents (provider, issuer, discovery, keys, read_at) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (provider) DO UPDATE SET issuer = excluded.issuer, discovery = excluded.discovery, \
                   keys = excluded.keys, read_at = excluded.read_at";
        self.0.execute(sql, &row).await.map(drop)
    }

    /// Keeps newer keys beside the discovery document that is there.
    pub(super) async fn keep_keys(&self, provider: &str, issuer: &str, keys: &[u8]) -> Result<(), DatabaseError> {
        let row: [Value; 3] = [provider.into(), issuer.into(), keys.into()];
        self.0.execute("UPDATE idp_documents SET keys = $3 WHERE provider = $1 AND issuer = $2", &row).await.map(drop)
    }
}
