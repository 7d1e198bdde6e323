//! A file without a name, sealed chunk by chunk under a key that only memory knows.
//! Invariant: not a byte lies there in clear, and what was altered is refused.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use bytes::{Bytes, BytesMut};

use super::budget::SpoolShare;
use super::error::SpoolError;
use crate::random::{Random, base64url};

/// How much is sealed at once.
pub(super) const CHUNK: usize = 64 * 1024;

const TAG: usize = 16;

pub(super) struct SealedFile {
    pub(super) file: Arc<File>,
    pub(super) key: Arc<LessSafeKey>,
    /// Chunks written; all but the last are full.
    pub(super) chunks: u64,
    pub(super) length: u64,
    pub(super) disk: SpoolShare,
}

impl SealedFile {
    /// Makes one in `folder`; it has no name from the moment it is made.
    pub(super) fn make(folder: &Path, random: &dyn Random, disk: SpoolShare) -> Result<Self, SpoolError> {
        std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let path = folder.join(base64url(&random.id()));
        let file = OpenOptions::new().read(true).write(true).create_new(true).mode(0o600).open(&path)?;
        std::fs::remove_file(&path)?;
        let mut key = zeroize::Zeroizing::new([0; 32]);
        random.fill(key.as_mut_slice());
        let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| SpoolError::Damaged)?;
        Ok(Self { file: Arc::new(file), key: Arc::new(LessSafeKey::new(key)), chunks: 0, length: 0, disk })
    }

    /// Seals one chunk behind the others; all but the last are [`CHUNK`] bytes.
    pub(super) async fn append(&mut self, chunk: BytesMut, most: u64) -> Result<(), SpoolError> {
        let size = chunk.len() as u64;
        if !self.disk.grow(size, most) {
            return Err(SpoolError::Full);
        }
        let (key, file, place) = (Arc::clone(&self.key), Arc::clone(&self.file), self.chunks);
        blocking(move || {
            let mut bytes = chunk.to_vec();
            let done = key.seal_in_place_append_tag(nonce(place), Aad::from(place.to_be_bytes()), &mut bytes);
            done.map_err(|_| SpoolError::Damaged)?;
            (&*file).write_all(&bytes).map_err(SpoolError::Disk)
        })
        .await?;
        self.chunks += 1;
        self.length += size;
        Ok(())
    }

    /// The chunk at this place; `None` behind the last.
    pub(super) async fn chunk(&self, place: u64) -> Result<Option<Bytes>, SpoolError> {
        if place >= self.chunks {
            return Ok(None);
        }
        let (key, file) = (Arc::clone(&self.key), Arc::clone(&self.file));
        let size = (self.length - place * CHUNK as u64).min(CHUNK as u64);
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

/// A key seals one file, and each chunk has its own number.
fn nonce(place: u64) -> Nonce {
    let mut bytes = [0; NONCE_LEN];
    bytes[NONCE_LEN - 8..].copy_from_slice(&place.to_be_bytes());
    Nonce::assume_unique_for_key(bytes)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, SpoolError> + Send + 'static) -> Result<T, SpoolError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(SpoolError::Damaged))
}
