//! A body on its way into the spool, counted as it arrives.

use aws_lc_rs::digest::{Context, Digest};
use bytes::{Bytes, BytesMut};
use std::fmt;

use super::Spool;
use super::body::{BodyStore, HeldBody};
use super::budget::SpoolShare;
use super::error::SpoolError;
use super::sealed_file::{CHUNK, SealedFile};

/// The most of one body that is kept in memory.
const IN_MEMORY: u64 = 8 << 20;

/// A body on its way into the spool.
pub struct Receiving<'s> {
    pub(super) spool: &'s Spool,
    pub(super) hash: Context,
    pub(super) length: u64,
    pub(super) waiting: BytesMut,
    pub(super) own: SpoolShare,
    pub(super) memory: SpoolShare,
    pub(super) file: Option<SealedFile>,
    /// Nothing is kept any more: its owner has too much here.
    pub(super) is_lost: bool,
}

impl fmt::Debug for Receiving<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Receiving({} bytes)", self.length)
    }
}

impl Receiving<'_> {
    /// Takes some more; that the owner has too much here is returned at the end.
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
                self.file = Some(self.spool.sealed_file()?);
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
            Some(sealed) => BodyStore::Sealed(sealed),
            None => BodyStore::Memory(self.waiting.freeze(), self.memory),
        };
        Ok((HeldBody { kept: body, _own: self.own }, hash))
    }

    async fn write(&mut self) -> Result<(), SpoolError> {
        let Some(sealed) = &mut self.file else { return Ok(()) };
        let chunk = self.waiting.split_to(self.waiting.len().min(CHUNK));
        sealed.append(chunk, self.spool.disk.most).await?;
        // What went to the disk leaves the memory's budget, too.
        self.memory.clear();
        Ok(())
    }
}
