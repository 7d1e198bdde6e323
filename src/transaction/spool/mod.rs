//! Bodies of held requests: in memory up to a limit for each and for all, beyond that in a file sealed under a key that only
//! memory knows. The file has no name from the moment it is made, so that it is gone when the process ends. What one owner's
//! bodies take up is limited, too, so that no owner fills the spool alone.
//! Invariant: not a byte is kept beyond the bounds, and none in clear on a disk.

mod body;
mod budget;
mod error;
mod receive;
mod sealed_file;

pub use self::body::{HeldBody, parts};
pub use self::error::SpoolError;
pub use self::receive::Receiving;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use aws_lc_rs::digest::{self, Context};
use bytes::BytesMut;
use parking_lot::Mutex;

use self::budget::{SpoolBudget, SpoolShare};
use self::sealed_file::SealedFile;
use crate::random::SharedRandom;

/// The share of one owner is the whole capacity divided by this, and one body at least.
const PARTS: u64 = 4;

/// Keeps the bodies.
#[derive(Debug)]
pub struct Spool {
    folder: PathBuf,
    random: SharedRandom,
    longest: u64,
    memory: SpoolBudget,
    disk: SpoolBudget,
    /// What the bodies of each owner take up, wherever they are.
    owners: Mutex<HashMap<Box<str>, Weak<AtomicU64>>>,
    most_of_one: u64,
}

impl Spool {
    /// In a folder of its own, made when it is needed: bodies of at most `longest` bytes, of all `memory` bytes in memory
    /// and `disk` bytes in files.
    pub fn new(folder: PathBuf, longest: u64, memory: u64, disk: u64, random: SharedRandom) -> Self {
        let most_of_one = (memory.saturating_add(disk) / PARTS).max(longest);
        let owners = Mutex::default();
        Self { folder, random, longest, memory: SpoolBudget::new(memory), disk: SpoolBudget::new(disk), owners, most_of_one }
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

    /// The share of one owner, which is forgotten with the last of its bodies.
    fn own(&self, owner: &str) -> SpoolShare {
        let mut owners = self.owners.lock();
        owners.retain(|_, used| used.strong_count() > 0);
        let there = owners.get(owner).and_then(Weak::upgrade);
        let used = there.unwrap_or_else(|| {
            let used = Arc::default();
            owners.insert(owner.into(), Arc::downgrade(&used));
            used
        });
        SpoolShare { of: used, size: 0 }
    }

    fn sealed_file(&self) -> Result<SealedFile, SpoolError> {
        SealedFile::make(&self.folder, &*self.random, self.disk.share())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileExt as _;

    use aws_lc_rs::digest::Digest;
    use bytes::Bytes;
    use futures_util::TryStreamExt as _;

    use super::body::BodyStore;
    use super::sealed_file::CHUNK;
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
            assert_eq!(matches!(body.kept, BodyStore::Memory(..)), in_memory, "{size}");
            assert_eq!(body.whole(1 << 20).await.unwrap(), vec![7; size]);
            let streamed: Vec<Bytes> = parts(Arc::new(body)).try_collect().await.unwrap();
            assert_eq!(streamed.concat(), vec![7; size]);
        }
        assert_eq!(spool.held(), (0, 0), "what is dropped frees its space");
        assert_eq!(std::fs::read_dir(folder.path().join("held")).unwrap().count(), 0, "no file has a name");
    }

    #[tokio::test]
    async fn what_lies_on_the_disk_is_sealed_and_altered_it_is_refused() {
        let (_folder, spool) = spool(0, 1 << 20);
        let (body, _) = hold(&spool, 2 * CHUNK).await.unwrap();
        let BodyStore::Sealed(sealed) = &body.kept else { panic!("in memory") };
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
        assert_eq!(spool.owners.lock().len(), 2);
        // A body that ends frees space for its owner, and an owner without bodies is forgotten.
        all.pop();
        all.push(hold_of(&spool, "alice", 5 << 20).await.unwrap());
        drop((all, others));
        let _three = hold_of(&spool, "carol", 1).await.unwrap();
        assert_eq!(spool.owners.lock().len(), 1);
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_an_error() {
        let (folder, spool) = spool(0, 1 << 20);
        std::fs::write(folder.path().join("held"), "no folder").unwrap();
        assert!(matches!(hold(&spool, 10).await, Err(SpoolError::Disk(_))));
    }
}
