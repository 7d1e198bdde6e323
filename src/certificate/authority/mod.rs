//! The authority of one's own: keys that sign client certificates (P-256), their revocation lists, and the files that check 2
//! and others read them from. A root signs the issuing keys, or an organisation brings an issuing key of its own. A new
//! issuing key signs from its first day on; the one before it stays trusted until its own end, or until it is withdrawn.
//! Every key has a subject of its own: two keys under one name would make revocation a matter of luck.
//! Invariant: a private key leaves this folder only as a signature, and lies in the database sealed.

mod key;
mod list;
pub(in crate::certificate) mod making;
mod published;
mod records;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::{fmt, io};

use arc_swap::ArcSwap;
use rcgen::{Issuer, KeyPair};

pub use self::key::{AuthorityKey, AuthorityKind};
pub use self::list::RevokedSerial;
pub(in crate::certificate) use self::list::pem as pem_of_list;
pub use self::published::{ANCHORS, LISTS};
use crate::clock::{SharedClock, Timestamp};
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, SealError};
use crate::store::database::{Database, DatabaseError};

/// Why the authority did not do it; the text fits "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// There is none.
    #[error("sign: there is no authority that may; `sekisho authority create` makes one, `sekisho authority import` takes yours")]
    Missing,
    /// There is one already.
    #[error("create an authority: {0} is there already; `sekisho authority renew` adds the key that follows it")]
    Exists(String),
    /// No key has this id.
    #[error("find the key {0} of the authority: it is not there; `sekisho authority list` shows all")]
    Unknown(String),
    /// The name cannot stand in a certificate.
    #[error("name the authority: write 1 to 48 characters without control characters; `{0}` is not a name")]
    Name(String),
    /// An imported authority's next key comes from where the first came from.
    #[error("renew the authority: {0} was imported; import its next key with `sekisho authority import`")]
    Imported(String),
    /// What is to be imported cannot be used.
    #[error("import an authority: {0}")]
    Import(String),
    /// A certificate may not outlive the key that signs it.
    #[error(
        "sign: the certificate would end after the authority {id}, which ends on {ends}; choose an earlier day, or renew \
         the authority first"
    )]
    Outlives {
        /// The key.
        id: String,
        /// Its end.
        ends: String,
    },
    /// A certificate may not be older than the key that signs it.
    #[error("sign: the certificate would begin before the authority {id}, which begins on {begins}; choose a later first day")]
    Precedes {
        /// The key.
        id: String,
        /// Its beginning.
        begins: String,
    },
    /// Certificates cannot hold the date.
    #[error("write a date into a certificate: its year has to be one from 1950 to 9999")]
    Date,
    /// One key's list; those of the others are made all the same.
    #[error("make the revocation list of {0}: {1}")]
    List(String, Box<Self>),
    /// The thread that makes lists and files ended.
    #[error("make what others read of the authority: {0}")]
    Ended(String),
    /// A file for others.
    #[error("write {0}: {1}")]
    File(PathBuf, io::Error),
    /// The library did not make it.
    #[error("make a certificate: {0}")]
    Make(#[from] rcgen::Error),
    /// The container was not written.
    #[error("write a PKCS#12 container: {0}")]
    Container(String),
    /// A sealed key does not open.
    #[error("open a key of the authority: {0}")]
    Seal(#[from] SealError),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// What became of a round of revocation lists.
#[derive(Debug)]
pub struct ListRenewal {
    /// Whether a file for others changed.
    pub changed: bool,
    /// What was not done.
    pub failures: Vec<AuthorityError>,
}

/// The keys, oldest first, and where they are published.
pub struct IssuingAuthority {
    database: Database,
    master: Arc<MasterKeys>,
    random: SharedRandom,
    clock: SharedClock,
    folder: PathBuf,
    keys: ArcSwap<Vec<Arc<AuthorityKey>>>,
    writing: tokio::sync::Mutex<()>,
}

impl fmt::Debug for IssuingAuthority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.keys.load().iter().map(|key| key.id.clone()).collect();
        write!(out, "IssuingAuthority({ids:?})")
    }
}

impl IssuingAuthority {
    /// Reads the keys. `folder` is where their certificates and lists are written for others.
    ///
    /// # Errors
    /// [`AuthorityError::Database`].
    pub async fn load(
        database: Database,
        master: Arc<MasterKeys>,
        random: SharedRandom,
        clock: SharedClock,
        folder: PathBuf,
    ) -> Result<Self, DatabaseError> {
        let keys = records::all(&database).await?;
        let keys = ArcSwap::from_pointee(keys);
        Ok(Self { database, master, random, clock, folder, keys, writing: tokio::sync::Mutex::default() })
    }

    /// Reads the keys again, after another process wrote to the directory.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn refresh(&self) -> Result<(), DatabaseError> {
        let _one_at_a_time = self.writing.lock().await;
        self.keys.store(Arc::new(records::all(&self.database).await?));
        Ok(())
    }

    /// Every key, oldest first.
    pub fn list(&self) -> Arc<Vec<Arc<AuthorityKey>>> {
        self.keys.load_full()
    }

    /// The key of an id.
    ///
    /// # Errors
    /// [`AuthorityError::Unknown`].
    pub fn find(&self, id: &str) -> Result<Arc<AuthorityKey>, AuthorityError> {
        let keys = self.keys.load();
        keys.iter().find(|key| key.id == id).cloned().ok_or_else(|| AuthorityError::Unknown(id.to_owned()))
    }

    /// The key that signs now: the newest that may.
    ///
    /// # Errors
    /// [`AuthorityError::Missing`].
    pub fn signing(&self) -> Result<Arc<AuthorityKey>, AuthorityError> {
        let now = self.clock.now();
        let keys = self.keys.load();
        keys.iter().rev().find(|key| key.signs(now)).cloned().ok_or(AuthorityError::Missing)
    }

    /// The opened key, for a signature.
    ///
    /// # Errors
    /// [`AuthorityError::Seal`], [`AuthorityError::Make`].
    pub fn open(&self, key: &AuthorityKey) -> Result<Issuer<'static, KeyPair>, AuthorityError> {
        key.open(&self.master)
    }

    /// Whether an authority can have this name.
    ///
    /// # Errors
    /// [`AuthorityError::Name`].
    pub fn check_name(name: &str) -> Result<(), AuthorityError> {
        making::named(name).map(drop)
    }

    /// Makes a root and the first issuing key below it.
    ///
    /// # Errors
    /// [`AuthorityError::Exists`] where a key signs already.
    pub async fn create(&self, name: &str) -> Result<Arc<AuthorityKey>, AuthorityError> {
        let _one_at_a_time = self.writing.lock().await;
        if let Ok(there) = self.signing() {
            return Err(AuthorityError::Exists(there.id.clone()));
        }
        let root = making::root(&self.seal(), name, self.clock.now())?;
        let issuing = making::issuing(&self.seal(), &root, self.clock.now())?;
        self.add(vec![root, issuing]).await
    }

    /// Makes the issuing key that follows the present one; both are trusted until the older one's end. Where the root would
    /// end too soon, it is followed by another too.
    ///
    /// # Errors
    /// [`AuthorityError::Missing`], [`AuthorityError::Imported`].
    pub async fn renew(&self) -> Result<Arc<AuthorityKey>, AuthorityError> {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        let newest = self.keys.load().iter().rev().find(|key| key.kind != AuthorityKind::Root).cloned();
        let newest = newest.ok_or(AuthorityError::Missing)?;
        let root = match &newest.parent {
            Some(parent) => self.find(parent)?,
            None => return Err(AuthorityError::Imported(newest.id.clone())),
        };
        if making::has_room(&root, now) {
            let issuing = making::issuing(&self.seal(), &root, now)?;
            return self.add(vec![issuing]).await;
        }
        let root = making::root(&self.seal(), &root.name, now)?;
        let issuing = making::issuing(&self.seal(), &root, now)?;
        self.add(vec![root, issuing]).await
    }

    /// Takes an issuing key of the organisation's own: `chain` is its certificate, and those above it, `key` its private key
    /// (P-256), both PEM.
    ///
    /// # Errors
    /// [`AuthorityError::Import`] says what is wrong with it.
    pub async fn import(&self, chain: &str, key: &str) -> Result<Arc<AuthorityKey>, AuthorityError> {
        let _one_at_a_time = self.writing.lock().await;
        let there = self.keys.load_full();
        let imported = making::import(&self.seal(), chain, key, &there, self.clock.now())?;
        self.add(vec![imported]).await
    }

    /// Takes the trust from a key and from those below it, for good: nothing is signed with it any more, and it leaves the
    /// anchors. What it signed is the caller's to revoke.
    ///
    /// # Errors
    /// [`AuthorityError::Unknown`].
    pub async fn withdraw(&self, id: &str) -> Result<(), AuthorityError> {
        let _one_at_a_time = self.writing.lock().await;
        self.find(id)?;
        records::withdraw(&self.database, id, self.clock.now()).await?;
        self.keys.store(Arc::new(records::all(&self.database).await?));
        Ok(())
    }

    /// Makes a revocation list for each key whose list is missing, a day old, or does not name what `revoked` gives for it; then
    /// writes the files. What fails is said, and keeps nothing else from being done: it is due again at the next call.
    pub async fn renew_lists(&self, revoked: impl Fn() -> BTreeMap<String, Vec<RevokedSerial>>) -> ListRenewal {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        let keys = self.keys.load_full();
        let mut revoked = revoked();
        for (root, below) in keys.iter().filter_map(|key| Some((key.parent.clone()?, key))) {
            if let (Some(serial), Some(at)) = (below.serial(), below.withdrawn_at) {
                revoked.entry(root).or_default().push(RevokedSerial { serial, at });
            }
        }
        let (of_keys, master) = (Arc::clone(&keys), Arc::clone(&self.master));
        let looked = tokio::task::spawn_blocking(move || {
            let living = of_keys.iter().filter(|key| key.not_after > now);
            let next = |key: &Arc<AuthorityKey>| {
                let names = revoked.get(&key.id).map_or(&[][..], Vec::as_slice);
                (key.id.clone(), key.next_list(&master, names, now))
            };
            living.map(next).collect::<Vec<_>>()
        });
        let mut failures = Vec::new();
        let ended = |error: tokio::task::JoinError| vec![AuthorityError::Ended(error.to_string())];
        let looked = looked.await.unwrap_or_else(|error| {
            failures.append(&mut ended(error));
            Vec::new()
        });
        for (id, next) in looked {
            let kept = match next {
                Ok(None) => continue,
                Ok(Some(next)) => records::set_list(&self.database, &id, &next).await.map_err(AuthorityError::from),
                Err(error) => Err(error),
            };
            failures.extend(kept.err().map(|error| AuthorityError::List(id, Box::new(error))));
        }
        match records::all(&self.database).await {
            Ok(keys) => self.keys.store(Arc::new(keys)),
            Err(error) => failures.push(error.into()),
        }
        let (keys, folder) = (self.keys.load_full(), self.folder.clone());
        let written = tokio::task::spawn_blocking(move || published::write(&folder, &keys, now)).await;
        let (changed, mut more) = written.unwrap_or_else(|error| (false, ended(error)));
        failures.append(&mut more);
        ListRenewal { changed, failures }
    }

    /// Certificates of the keys that count, PEM, for programs that trust them elsewhere: issuing keys first.
    pub fn anchors(&self) -> String {
        published::anchors(&self.keys.load(), self.clock.now())
    }

    /// The revocation list of a key, DER.
    pub fn revocation_list(&self, id: &str) -> Option<Vec<u8>> {
        self.keys.load().iter().find(|key| key.id == id)?.list.clone()
    }

    async fn add(&self, made: Vec<AuthorityKey>) -> Result<Arc<AuthorityKey>, AuthorityError> {
        let id = made.last().map(|key| key.id.clone()).unwrap_or_default();
        records::add(&self.database, &made).await?;
        self.keys.store(Arc::new(records::all(&self.database).await?));
        self.find(&id)
    }

    fn seal(&self) -> making::Sealing<'_> {
        making::Sealing { master: &self.master, random: &*self.random }
    }
}

/// A moment as rcgen takes it: the library ends the thread over a year that it cannot write.
pub(super) fn at(moment: Timestamp) -> Result<time::OffsetDateTime, AuthorityError> {
    let moment = time::OffsetDateTime::from_unix_timestamp(moment.seconds()).map_err(|_| AuthorityError::Date)?;
    if (1950..=9999).contains(&moment.year()) { Ok(moment) } else { Err(AuthorityError::Date) }
}
