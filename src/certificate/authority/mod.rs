//! The authority of one's own: keys that sign client certificates (P-256), their revocation lists, and the files that check 2
//! and others read them from. A root signs the issuing keys, or an organisation brings an issuing key of its own. A new
//! issuing key signs from its first day on; the one before it stays trusted until its own end, or until it is withdrawn.
//! Every key has a subject of its own: two keys under one name would make revocation a matter of luck.
//! Invariant: a private key leaves this folder only as a signature, and lies in the database sealed.

mod key;
mod list;
pub(in crate::certificate) mod making;
mod records;
#[cfg(test)]
mod tests;

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arc_swap::ArcSwap;
use rcgen::{Issuer, KeyPair};

pub use self::key::{AuthorityKey, AuthorityKind};
pub use self::list::RevokedSerial;
use crate::clock::{SharedClock, Timestamp};
use crate::random::SharedRandom;
use crate::seal::{MasterKeys, SealError};
use crate::store::database::{Database, DatabaseError};

/// The certificates of the keys whose signatures count, PEM: what `[trust.NAME] bundle` names.
pub const ANCHORS: &str = "anchors.pem";
/// The revocation lists of all keys, PEM: what `[trust.NAME] revocation_lists` may name.
pub const LISTS: &str = "revoked.pem";

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

    /// Takes the trust from a key, for good: nothing is signed with it any more, and it leaves the anchors. What it signed is
    /// the caller's to revoke.
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

    /// Makes a revocation list for each key whose list is missing or grows old, or for all if something was revoked; then
    /// writes the files. `revoked` gives what a key's list has to name.
    ///
    /// # Errors
    /// [`AuthorityError`]: what was made before stays.
    pub async fn renew_lists(&self, all: bool, revoked: impl Fn(&str) -> Vec<RevokedSerial>) -> Result<bool, AuthorityError> {
        let _one_at_a_time = self.writing.lock().await;
        let now = self.clock.now();
        let keys = self.keys.load_full();
        for key in keys.iter().filter(|key| key.not_after > now && (all || key.wants_list(now))) {
            let mut names = revoked(&key.id);
            let below = keys.iter().filter(|below| below.parent.as_deref() == Some(key.id.as_str()));
            names.extend(below.filter_map(|below| Some(RevokedSerial { serial: below.serial()?, at: below.withdrawn_at? })));
            let (list, until) = list::sign(&self.open(key)?, &names, key.list_number + 1, now)?;
            records::set_list(&self.database, &key.id, &list, key.list_number + 1, until).await?;
        }
        self.keys.store(Arc::new(records::all(&self.database).await?));
        self.publish()
    }

    /// Certificates of the keys that count, PEM, for programs that trust them elsewhere: issuing keys first.
    pub fn anchors(&self) -> String {
        let now = self.clock.now();
        let keys = self.keys.load();
        let counts = |key: &&Arc<AuthorityKey>| key.kind != AuthorityKind::Root && key.counts(now);
        keys.iter().filter(counts).map(|key| key.certificate_pem()).collect()
    }

    /// The revocation list of a key, DER.
    pub fn revocation_list(&self, id: &str) -> Option<Vec<u8>> {
        self.keys.load().iter().find(|key| key.id == id)?.list.clone()
    }

    /// Writes the files that others read, where they differ; whether any did.
    fn publish(&self) -> Result<bool, AuthorityError> {
        let keys = self.keys.load();
        if keys.is_empty() {
            return Ok(false);
        }
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |error| AuthorityError::File(path, error)
        };
        fs::DirBuilder::new().mode(0o755).recursive(true).create(&self.folder).map_err(failed(&self.folder))?;
        let anchors = self.anchors();
        let lists: String = keys.iter().filter_map(|key| key.list.as_deref()).map(list::pem).collect();
        let mut changed = false;
        // A bundle without a certificate is refused as a whole, and the last good one would stay in force: what a withdrawn
        // key signed is revoked in the register, whatever the bundle says.
        for (name, text) in [(ANCHORS, anchors), (LISTS, lists)].into_iter().filter(|(_, text)| !text.is_empty()) {
            let path = self.folder.join(name);
            if fs::read_to_string(&path).is_ok_and(|there| there == text) {
                continue;
            }
            replace(&path, &text).map_err(failed(&path))?;
            changed = true;
        }
        Ok(changed)
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

/// Writes a file whole or not at all.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o644).open(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

/// Seconds of a moment as rcgen takes them.
fn at(moment: Timestamp) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(moment.seconds()).unwrap_or(time::OffsetDateTime::UNIX_EPOCH)
}
