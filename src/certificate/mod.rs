//! Client certificates: which authorities are trusted, who holds which certificate, what is revoked.
//! The TLS layer proves possession and records what was shown; this folder says how it stands; check 2 judges.
//! Invariant: nothing here refuses a connection.

pub mod bundles;
pub mod entry;
mod names;
mod records;
pub mod register;
pub mod sighting;
pub mod sightings;
#[cfg(test)]
mod tests;
