//! Client certificates: which authorities are trusted, who holds which certificate, what is revoked, and an authority of our own.
//! The TLS layer proves possession and records what was shown; this folder says how it stands; check 2 judges.
//! Invariant: nothing here refuses a connection.

pub mod authority;
pub mod bundles;
pub mod container;
mod der;
pub mod entry;
mod kept_files;
pub mod list_report;
mod names;
pub mod order;
pub mod passed;
mod records;
pub mod register;
pub mod reminders;
pub mod request;
pub mod result;
mod result_records;
pub mod results;
pub mod search;
pub mod profile;
mod published_lists;
mod revocation;
mod revocation_list;
pub mod sighting;
pub mod sightings;
#[cfg(test)]
mod tests;
pub mod trial;
pub mod withdrawn;

pub use self::names::names as names_in;
