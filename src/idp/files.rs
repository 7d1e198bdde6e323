//! Files that the config names for a provider.

use std::fmt;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use crate::config::diagnose::Complaint;

/// What is said of a file that cannot be used.
pub(super) fn unreadable(key: &str, file: &Path, why: impl fmt::Display) -> Complaint {
    Complaint::new(key, format!("cannot use {}: {why}", file.display()))
}

/// A file that only its owner, and at most its group, reads.
pub(super) fn private(key: &str, file: &Path) -> Result<Vec<u8>, Complaint> {
    let found = std::fs::metadata(file).map_err(|error| unreadable(key, file, error))?;
    if found.mode() & 0o037 != 0 {
        let why = format!("others may read or change it (mode {:03o})", found.mode() & 0o777);
        return Err(unreadable(key, file, why).help(format!("`chmod 600 {}`", file.display())));
    }
    if found.len() > 64 * 1024 {
        return Err(unreadable(key, file, "it is longer than 64 KiB"));
    }
    std::fs::read(file).map_err(|error| unreadable(key, file, error))
}
