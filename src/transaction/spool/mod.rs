//! Bodies that are held: in memory up to a bound for each and for all, beyond that in a file sealed under a key that only
//! memory knows. The file has no name from the moment it is made, so that it is gone with the process, whatever ends it.
//! Nobody fills it alone: what one owner's bodies take up is bounded, too.
//! Invariant: not a byte is kept beyond the bounds, and none in clear on a disk.

use std::collections::HashMap;
use std::fmt;
use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::digest::{self, Context, Digest};
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream};

use crate::random::{SharedRandom, base64url};

/// The most of one body that is kept in memory.
const IN_MEMORY: u64 = 8 << 20;
/// How much is sealed at once.
const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
/// One owner's bodies may take up one part in so many of all there is room for, and one body at least.
const PARTS: u64 = 4;

/// Why a body is not held.
#[derive(Debug, thiserror::Error)]
pub enum SpoolError {
    /// Longer than one may be.
    #[error("hold a body: it is longer than {0} bytes")]
    TooLong(u64),
    /// Too much is held already.
    #[error("hold a body: as much is held as `limits.transaction_memory` and `limits.transaction_disk` allow")]
    Full,
    /// Whoever asks has too much here already. Nothing of it is kept but its length and its hash: it may be one that is held.
    #[error("hold a body: those of this owner take up as much as one may")]
    OwnFull(u64, Digest),
    /// The disk, above all when it is full.
    #[error("hold a body in a file: {0}")]
    Disk(#[from] io::Error),
    /// The cipher, or what was written came back otherwise.
    #[error("hold a body in a file: what was written is not what came back")]
    Damaged,
}

/// Where bodies are held.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    random: SharedRandom,
    longest: u64,
    memory: Budget,
    disk: Budget,
    /// What the bodies of each owner take up, wherever they are.
    owners: Mutex<HashMap<Box<str>, Weak<AtomicU64>>>,
    most_of_one: u64,
}

/// A bound that many share.
#[derive(Clone, Debug)]
struct Budget {
    used: Arc<AtomicU64>,
    most: u64,
}

/// A share of a budget; given back when it is dropped.
#[derive(Debug)]
struct Share {
    of: Arc<AtomicU64>,
    size: u64,
}

impl Budget {
    fn new(most: u64) -> Self {
        Self { used: Arc::default(), most }
    }

    fn share(&self) -> Share {
        Share { of: Arc::clone(&self.used), size: 0 }
    }
}

impl Share {
    /// Makes it larger, where all together are `most` at most; whether there was room.
    fn grow(&mut self, by: u64, most: u64) -> bool {
        let more = |used: u64| used.checked_add(by).filter(|total| *total <= most);
        let room = self.of.fetch_update(Ordering::SeqCst, Ordering::SeqCst, more);
        if room.is_ok() {
            self.size += by;
        }
        room.is_ok()
    }

    /// Gives all of it back.
    fn clear(&mut self) {
        self.of.fetch_sub(self.size, Ordering::SeqCst);
        self.size = 0;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Spool {
    /// In a folder of its own, made when it is needed: bodies of at most `longest` bytes, of all `memory` bytes in memory
    /// and `disk` bytes in files.
    pub fn new(folder: PathBuf, longest: u64, memory: u64, disk: u64, random: SharedRandom) -> Self {
        let most_of_one = (memory.saturating_add(disk) / PARTS).max(longest);
        let owners = Mutex::default();
        Self { folder, random, longest, memory: Budget::new(memory), disk: Budget::new(disk), owners, most_of_one }
    }

    /// Bytes that are held in memory and in files.
    pub fn held(&self) -> (u64, u64) {
        (self.memory.used.load(Ordering::SeqCst), self.disk.used.load(Ordering::SeqCst))
    }

    /// Begins to receive a body of this owner: a user, whatever the session, or a machine.
    pub fn receive(&self, owner: &str) -> Receiving<'_> {
        Receiving {
            spool: self,
            own: self.own(owner),
            hash: Context::new(&digest::SHA256),
            length: 0,
            waiting: BytesMut::new(),
            memory: self.memory.share(),
            file: None,
            is_lost: false,
        }
    }

    /// The room of one owner, which is forgotten with the last of their bodies.
    fn own(&self, owner: &str) -> Share {
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.retain(|_, used| used.strong_count() > 0);
        let there = owners.get(owner).and_then(Weak::upgrade);
        let used = there.unwrap_or_else(|| {
            let used = Arc::default();
            owners.insert(owner.into(), Arc::downgrade(&used));
            used
        });
        Share { of: used, size: 0 }
    }

    fn file(&self) -> Result<Sealed, SpoolError> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        let path = self.folder.join(base64url(&self.random.id()));
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        std::fs::remove_file(&path)?;
        let mut key = zeroize::Zeroizing::new([0; 32]);
        self.random.fill(key.as_mut_slice());
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| SpoolError::Damaged)?;
        Ok(Sealed { file: Arc::new(file), key: Arc::new(LessSafeKey::new(key)), chunks: 0, length: 0, disk: self.disk.share() })
    }
}

/// A body on its way into the spool.
pub struct Receiving<'s> {
    spool: &'s Spool,
    hash: Context,
    length: u64,
    waiting: BytesMut,
    own: Share,
    memory: Share,
    file: Option<Sealed>,
    /// Nothing is kept any more: its owner has too much here.
    is_lost: bool,
}

impl fmt::Debug for Receiving<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Receiving({} bytes)", self.length)
    }
}

impl Receiving<'_> {
    /// Takes some more; whether its owner has too much here is told at the end.
    ///
    /// # Errors
    /// [`SpoolError`]: nothing of it is kept then.
    pub async fn push(&mut self, data: &Bytes) -> Result<(), SpoolError> {
        self.length += data.len() as u64;
        if self.length > self.spool.longest {
            return Err(SpoolError::TooLong(self.spool.longest));
        }
        self.hash.update(data);
        if self.is_lost || !self.own.grow(data.len() as u64, self.spool.most_of_one) {
            self.is_lost = true;
            self.waiting = BytesMut::new();
            self.file = None;
            self.memory.clear();
            self.own.clear();
            return Ok(());
        }
        if self.file.is_none() {
            let fits = self.length <= IN_MEMORY && self.memory.grow(data.len() as u64, self.spool.memory.most);
            if !fits {
                self.file = Some(self.spool.file()?);
            }
        }
        self.waiting.extend_from_slice(data);
        while self.file.is_some() && self.waiting.len() >= CHUNK {
            self.write().await?;
        }
        Ok(())
    }

    /// That was all of it.
    ///
    /// # Errors
    /// [`SpoolError`].
    pub async fn finish(mut self) -> Result<(HeldBody, Digest), SpoolError> {
        if self.is_lost {
            return Err(SpoolError::OwnFull(self.length, self.hash.finish()));
        }
        while self.file.is_some() && !self.waiting.is_empty() {
            self.write().await?;
        }
        let hash = self.hash.finish();
        let body = match self.file {
            Some(sealed) => Kept::Sealed(sealed),
            None => Kept::Memory(self.waiting.freeze(), self.memory),
        };
        Ok((HeldBody { kept: body, _own: self.own }, hash))
    }

    async fn write(&mut self) -> Result<(), SpoolError> {
        let Some(sealed) = &mut self.file else { return Ok(()) };
        let chunk = self.waiting.split_to(self.waiting.len().min(CHUNK));
        let size = chunk.len() as u64;
        if !sealed.disk.grow(size, self.spool.disk.most) {
            return Err(SpoolError::Full);
        }
        let (key, file, place) = (Arc::clone(&sealed.key), Arc::clone(&sealed.file), sealed.chunks);
        blocking(move || {
            let mut bytes = chunk.to_vec();
            let done = key.seal_in_place_append_tag(nonce(place), Aad::from(place.to_be_bytes()), &mut bytes);
            done.map_err(|_| SpoolError::Damaged)?;
            (&*file).write_all(&bytes).map_err(SpoolError::Disk)
        })
        .await?;
        sealed.chunks += 1;
        sealed.length += size;
        // What went to the disk leaves the memory's budget, too.
        self.memory.clear();
        Ok(())
    }
}

/// A body that is held. Dropped, it is gone.
#[derive(Debug)]
pub struct HeldBody {
    kept: Kept,
    _own: Share,
}

enum Kept {
    Memory(Bytes, Share),
    Sealed(Sealed),
}

impl fmt::Debug for Kept {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(bytes, share) => write!(out, "{} bytes in memory, {} counted", bytes.len(), share.size),
            Self::Sealed(sealed) => write!(out, "{} bytes in a file", sealed.length),
        }
    }
}

struct Sealed {
    file: Arc<File>,
    key: Arc<LessSafeKey>,
    /// Chunks written; all but the last are full.
    chunks: u64,
    length: u64,
    disk: Share,
}

impl HeldBody {
    /// Bytes.
    pub const fn len(&self) -> u64 {
        match &self.kept {
            Kept::Memory(bytes, _) => bytes.len() as u64,
            Kept::Sealed(sealed) => sealed.length,
        }
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A part, from the first on; `None` behind the last.
    ///
    /// # Errors
    /// [`SpoolError::Disk`], [`SpoolError::Damaged`].
    pub async fn part(&self, place: u64) -> Result<Option<Bytes>, SpoolError> {
        match &self.kept {
            Kept::Memory(bytes, _) => Ok((place == 0 && !bytes.is_empty()).then(|| bytes.clone())),
            Kept::Sealed(sealed) if place >= sealed.chunks => Ok(None),
            Kept::Sealed(sealed) => {
                let (key, file) = (Arc::clone(&sealed.key), Arc::clone(&sealed.file));
                let size = (sealed.length - place * CHUNK as u64).min(CHUNK as u64);
                blocking(move || {
                    let mut bytes = vec![0; usize::try_from(size).unwrap_or(CHUNK) + TAG];
                    file.read_exact_at(&mut bytes, place * (CHUNK + TAG) as u64)?;
                    let opened = key.open_in_place(nonce(place), Aad::from(place.to_be_bytes()), &mut bytes);
                    let length = opened.map_err(|_| SpoolError::Damaged)?.len();
                    bytes.truncate(length);
                    Ok(Some(bytes.into()))
                })
                .await
            }
        }
    }

    /// All of it, where it is no longer than `limit`.
    ///
    /// # Errors
    /// [`SpoolError`].
    pub async fn whole(&self, limit: u64) -> Result<Bytes, SpoolError> {
        if self.len() > limit {
            return Err(SpoolError::TooLong(limit));
        }
        let mut all = BytesMut::new();
        let mut place = 0;
        while let Some(part) = self.part(place).await? {
            // The only part of most bodies.
            if place == 0 && part.len() as u64 == self.len() {
                return Ok(part);
            }
            all.extend_from_slice(&part);
            place += 1;
        }
        Ok(all.freeze())
    }
}

/// A held body, part by part.
pub fn parts(body: Arc<HeldBody>) -> impl Stream<Item = Result<Bytes, SpoolError>> + Send + 'static {
    stream::try_unfold((body, 0), |(body, place)| async move {
        let part = body.part(place).await?;
        Ok(part.map(|part| (part, (body, place + 1))))
    })
}

/// A key seals one file, and each chunk has its own number.
fn nonce(place: u64) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[NONCE_LEN - 8..].copy_from_slice(&place.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, SpoolError> + Send + 'static) -> Result<T, SpoolError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(SpoolError::Damaged))
}

#[cfg(test)]
mod tests {
    use futures_util::TryStreamExt as _;

    use super::*;
    use crate::random::OsRandom;

    fn spool(memory: u64, disk: u64) -> (tempfile::TempDir, Spool) {
        let folder = tempfile::tempdir().unwrap();
        let spool = Spool::new(folder.path().join("held"), 20 << 20, memory, disk, Arc::new(OsRandom::new()));
        (folder, spool)
    }

    async fn hold(spool: &Spool, size: usize) -> Result<(HeldBody, Digest), SpoolError> {
        hold_of(spool, "alice", size).await
    }

    async fn hold_of(spool: &Spool, owner: &str, size: usize) -> Result<(HeldBody, Digest), SpoolError> {
        let mut receiving = spool.receive(owner);
        for part in vec![7; size].chunks(10_000) {
            receiving.push(&Bytes::copy_from_slice(part)).await?;
        }
        receiving.finish().await
    }

    #[tokio::test]
    async fn a_body_comes_back_byte_for_byte_from_memory_and_from_a_sealed_file() {
        let (folder, spool) = spool(100_000, 1 << 20);
        for (size, in_memory) in [(0, true), (1, true), (99_999, true), (100_001, false), (3 * CHUNK, false), (300_000, false)] {
            let (body, hash) = hold(&spool, size).await.unwrap();
            assert_eq!(body.len(), size as u64);
            assert_eq!(hash.as_ref(), digest::digest(&digest::SHA256, &vec![7; size]).as_ref());
            assert_eq!(matches!(body.kept, Kept::Memory(..)), in_memory, "{size}");
            assert_eq!(body.whole(1 << 20).await.unwrap(), vec![7; size]);
            let streamed: Vec<Bytes> = parts(Arc::new(body)).try_collect().await.unwrap();
            assert_eq!(streamed.concat(), vec![7; size]);
        }
        assert_eq!(spool.held(), (0, 0), "what is dropped makes room");
        assert_eq!(std::fs::read_dir(folder.path().join("held")).unwrap().count(), 0, "no file has a name");
    }

    #[tokio::test]
    async fn what_lies_on_the_disk_is_sealed_and_altered_it_is_refused() {
        let (_folder, spool) = spool(0, 1 << 20);
        let (body, _) = hold(&spool, 2 * CHUNK).await.unwrap();
        let Kept::Sealed(sealed) = &body.kept else { panic!("in memory") };
        let mut raw = vec![0; 1000];
        sealed.file.read_exact_at(&mut raw, 0).unwrap();
        assert!(!raw.windows(8).any(|part| part == [7; 8]), "nothing lies there in clear");
        sealed.file.write_all_at(&[raw[0] ^ 1], 0).unwrap();
        assert!(matches!(body.part(0).await, Err(SpoolError::Damaged)));
        assert!(body.part(1).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn bounds_hold_for_one_and_for_all() {
        let (_folder, spool) = spool(1 << 20, 4 << 20);
        // One alone may have 20 MiB here, which is more than there is.
        assert!(matches!(hold(&spool, 21 << 20).await, Err(SpoolError::TooLong(_) | SpoolError::Full)));
        assert_eq!(spool.held(), (0, 0), "of what was refused nothing is kept");
        let mut all = Vec::new();
        let full = loop {
            match hold(&spool, 1 << 20).await {
                Ok(body) => all.push(body),
                Err(error) => break error,
            }
            let (memory, disk) = spool.held();
            assert!(memory <= 1 << 20 && disk <= 4 << 20, "{memory} {disk}");
        };
        assert!(matches!(full, SpoolError::Full));
        assert_eq!(all.len(), 5, "one in memory, four in files");
        all.clear();
        assert_eq!(spool.held(), (0, 0));
    }

    #[tokio::test]
    async fn one_owner_fills_a_quarter_and_no_more() {
        let (_folder, spool) = spool(40 << 20, 40 << 20);
        let mut all = Vec::new();
        while let Ok(body) = hold_of(&spool, "alice", 5 << 20).await {
            all.push(body);
        }
        assert_eq!(all.len(), 4, "20 MiB of 80");
        assert!(matches!(hold_of(&spool, "alice", 1).await, Err(SpoolError::OwnFull(1, _))));
        let others = hold_of(&spool, "bob", 20 << 20).await.unwrap();
        assert_eq!(spool.owners.lock().unwrap().len(), 2);
        // What ends makes room for its owner, and nobody is remembered who has nothing here.
        all.pop();
        all.push(hold_of(&spool, "alice", 5 << 20).await.unwrap());
        drop((all, others));
        let _three = hold_of(&spool, "carol", 1).await.unwrap();
        assert_eq!(spool.owners.lock().unwrap().len(), 1);
    }

    #[tokio::test]
    async fn where_nothing_can_be_written_it_is_told() {
        let (folder, spool) = spool(0, 1 << 20);
        std::fs::write(folder.path().join("held"), "no folder").unwrap();
        assert!(matches!(hold(&spool, 10).await, Err(SpoolError::Disk(_))));
    }
}
