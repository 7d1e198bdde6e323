//! A body that is held, in memory or in a sealed file. Dropped, it is gone.

use std::fmt;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, Stream};

use super::budget::SpoolShare;
use super::error::SpoolError;
use super::sealed_file::SealedFile;

/// A body that is held. Dropped, it is gone.
#[derive(Debug)]
pub struct HeldBody {
    pub(super) kept: BodyStore,
    pub(super) _own: SpoolShare,
}

pub(super) enum BodyStore {
    Memory(Bytes, SpoolShare),
    Sealed(SealedFile),
}

impl fmt::Debug for BodyStore {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory(bytes, share) => write!(out, "{} bytes in memory, {} counted", bytes.len(), share.size),
            Self::Sealed(sealed) => write!(out, "{} bytes in a file", sealed.length),
        }
    }
}

impl HeldBody {
    /// Bytes.
    pub const fn len(&self) -> u64 {
        match &self.kept {
            BodyStore::Memory(bytes, _) => bytes.len() as u64,
            BodyStore::Sealed(sealed) => sealed.length,
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
            BodyStore::Memory(bytes, _) => Ok((place == 0 && !bytes.is_empty()).then(|| bytes.clone())),
            BodyStore::Sealed(sealed) => sealed.chunk(place).await,
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
