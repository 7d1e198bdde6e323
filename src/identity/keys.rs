//! The keys that sign assertions: P-256, sealed in the directory, published as a JWKS (RFC 7517) before they sign and
//! for a while after, so that no upstream meets an assertion whose key it cannot know.
//! Invariant: a private key leaves this file only as a signature.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use arc_swap::ArcSwap;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};

use crate::clock::{SharedClock, Timestamp};
use crate::random::{SharedRandom, base64url};
use crate::seal::{MasterKeys, SealError};
use crate::store::database::{Database, DatabaseError};

/// How long a key signs.
const SIGNS: Duration = Duration::from_secs(30 * 24 * 3600);
/// How long it is published before it signs and after it last signed.
const OVERLAP: Duration = Duration::from_secs(24 * 3600);
/// How far the clock may go back before nothing is signed any more.
pub(super) const BACKWARDS: Duration = Duration::from_secs(60);
/// The longest text of ours that is looked at when it comes back.
const LONGEST: usize = 8 * 1024;

/// What can go wrong with the keys.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// The seal.
    #[error("open a signing key: {0}")]
    Seal(#[from] SealError),
    /// The key itself.
    #[error("read the signing key {0}: it cannot be used")]
    Unusable(String),
}

struct SigningKey {
    id: String,
    signer: EncodingKey,
    public: Vec<u8>,
    active_from: Timestamp,
    retired_at: Timestamp,
}

/// The public half of a key that signs or signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicHalf {
    /// Its id.
    pub id: String,
    /// The first coordinate, base64url.
    pub x: String,
    /// The second.
    pub y: String,
    /// It signed nothing before.
    pub from: Timestamp,
    /// It signs nothing after.
    pub until: Timestamp,
}

/// The keys, newest last.
pub struct SigningKeys {
    database: Database,
    master: Arc<MasterKeys>,
    random: SharedRandom,
    clock: SharedClock,
    keys: ArcSwap<Vec<Arc<SigningKey>>>,
    /// The latest time at which this process signed, in milliseconds since the epoch.
    latest: AtomicI64,
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.keys.load().iter().map(|key| key.id.clone()).collect();
        write!(out, "SigningKeys({ids:?})")
    }
}

impl SigningKeys {
    /// Reads the keys; makes the first one if there is none.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn load(
        database: Database,
        master: Arc<MasterKeys>,
        random: SharedRandom,
        clock: SharedClock,
    ) -> Result<Self, KeyError> {
        let keys = Self { database, master, random, clock, keys: ArcSwap::default(), latest: AtomicI64::new(i64::MIN) };
        keys.rotate().await?;
        Ok(keys)
    }

    /// Makes the next key a day before it is needed and forgets what nobody can meet any more. Called now and then.
    ///
    /// # Errors
    /// [`KeyError`].
    pub async fn rotate(&self) -> Result<(), KeyError> {
        let now = self.clock.now();
        // Receipts are for years: the public half stays for everybody who verifies one.
        let keep = "INSERT INTO retired_signing_keys (id, public_key, active_from, retired_at) \
                    SELECT id, public_key, active_from, retired_at FROM signing_keys WHERE retired_at < $1 \
                    ON CONFLICT (id) DO NOTHING";
        self.database.execute(keep, &[now.into()]).await?;
        self.database.execute("DELETE FROM signing_keys WHERE retired_at < $1", &[now.into()]).await?;
        let mut found = self.read().await?;
        let covered = found.iter().map(|key| key.active_from.plus(SIGNS)).max();
        if covered.is_none_or(|until| until <= now.plus(OVERLAP)) {
            // The very first key signs at once; there is nobody yet who could know an older one.
            let from = covered.map_or(now, |until| until.max(now));
            self.make(from).await?;
            found = self.read().await?;
        }
        self.keys.store(Arc::new(found));
        Ok(())
    }

    async fn make(&self, from: Timestamp) -> Result<(), KeyError> {
        let id = base64url(&self.random.id());
        let unusable = || KeyError::Unusable(id.clone());
        let document =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new()).map_err(|_| unusable())?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref()).map_err(|_| unusable())?;
        let sealed = self.master.seal(&*self.random, &place(&id), document.as_ref())?;
        self.database
            .execute(
                "INSERT INTO signing_keys (id, private_key, public_key, created_at, active_from, retired_at) VALUES ($1, $2, $3, $4, $5, $6)",
                &[id.as_str().into(), sealed.into(), pair.public_key().as_ref().into(), self.clock.now().into(), from.into(), from.plus(SIGNS).plus(OVERLAP).into()],
            )
            .await?;
        Ok(())
    }

    async fn read(&self) -> Result<Vec<Arc<SigningKey>>, KeyError> {
        let rows = self
            .database
            .rows("SELECT id, private_key, public_key, active_from, retired_at FROM signing_keys ORDER BY active_from, id", &[])
            .await?;
        rows.iter()
            .map(|row| {
                let id = row.text("id")?;
                let document = self.master.open(&place(&id), &row.bytes("private_key")?)?;
                let public = row.bytes("public_key")?;
                if public.len() != 65 {
                    return Err(KeyError::Unusable(id));
                }
                Ok(Arc::new(SigningKey {
                    signer: EncodingKey::from_ec_der(&document),
                    public,
                    active_from: row.time("active_from")?,
                    retired_at: row.time("retired_at")?,
                    id,
                }))
            })
            .collect()
    }

    /// The id and the key that sign now; none while the clock stands more than a minute behind the latest signature: what
    /// was signed then is still good somewhere, and what would be signed now could not be distinguished from it (T49).
    fn signer(&self) -> Option<(String, EncodingKey)> {
        let now = self.clock.now();
        let latest = Timestamp::from_millis(self.latest.fetch_max(now.millis(), Ordering::AcqRel));
        if now.plus(BACKWARDS) < latest {
            let seconds = latest.since(now).as_secs();
            tracing::error!(
                seconds,
                "clock_went_back: nothing is signed before the clock is right again or the gateway restarts"
            );
            metrics::counter!("sekisho_signatures_refused_total").increment(1);
            return None;
        }
        let keys = self.keys.load();
        let key = keys.iter().rev().find(|key| key.active_from <= now && now < key.retired_at)?;
        Some((key.id.clone(), key.signer.clone()))
    }

    /// Signs claims as a JWS of this type (RFC 7515, ES256) with the key that signs now; `None` where it cannot, which is logged.
    pub fn sign(&self, kind: &str, claims: &impl Serialize) -> Option<String> {
        let (id, signer) = self.signer()?;
        let header = Header { kid: Some(id), typ: Some(kind.to_owned()), ..Header::new(Algorithm::ES256) };
        jsonwebtoken::encode(&header, claims, &signer).inspect_err(|error| tracing::error!(%error, kind, "not_signed")).ok()
    }

    /// Every key that ever signed or will next, oldest first: for what outlives the keys, as receipts do. Read from the
    /// directory; nobody asks it on the hot path.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn every(&self) -> Result<Vec<PublicHalf>, DatabaseError> {
        let sql = "SELECT id, public_key, active_from, retired_at FROM signing_keys \
                   UNION SELECT id, public_key, active_from, retired_at FROM retired_signing_keys ORDER BY active_from, id";
        let rows = self.database.rows(sql, &[]).await?;
        rows.iter()
            .map(|row| {
                let point = row.bytes("public_key")?;
                let (x, y) = coordinates(&point);
                let (from, until) = (row.time("active_from")?, row.time("retired_at")?);
                Ok(PublicHalf { id: row.text("id")?, x, y, from, until })
            })
            .collect()
    }

    /// The claims of a JWS of this type that one of the published keys signed. Time and audience are the caller's to judge.
    pub fn open<T: DeserializeOwned>(&self, kind: &str, text: &str) -> Option<T> {
        let header = jsonwebtoken::decode_header(text).ok().filter(|_| text.len() <= LONGEST)?;
        // RFC 8725 §3.1 and §3.11: the algorithm and the type are ours to say, never the sender's.
        let fits = header.alg == Algorithm::ES256 && header.typ.as_deref() == Some(kind) && header.crit.is_none();
        let keys = self.keys.load();
        let key = keys.iter().find(|key| fits && header.kid.as_ref() == Some(&key.id))?;
        let (x, y) = coordinates(&key.public);
        let decoding = DecodingKey::from_ec_components(&x, &y).ok()?;
        let mut validation = Validation::new(Algorithm::ES256);
        validation.required_spec_claims.clear();
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        jsonwebtoken::decode::<T>(text, &decoding, &validation).ok().map(|token| token.claims)
    }

    /// The JWKS document: every key that somebody may meet.
    pub fn jwks(&self) -> Json {
        let keys: Vec<Json> = self
            .keys
            .load()
            .iter()
            .map(|key| {
                let (x, y) = coordinates(&key.public);
                json!({ "kty": "EC", "crv": "P-256", "use": "sig", "alg": "ES256", "kid": key.id, "x": x, "y": y })
            })
            .collect();
        json!({ "keys": keys })
    }
}

/// The coordinates of a point, base64url (SEC 1 §2.3.3: 0x04, then x and y, 32 bytes each).
fn coordinates(point: &[u8]) -> (String, String) {
    let (x, y) = point.get(1..).unwrap_or_default().split_at_checked(32).unwrap_or_default();
    (base64url(x), base64url(y))
}

fn place(id: &str) -> String {
    format!("signing_keys/{id}")
}
