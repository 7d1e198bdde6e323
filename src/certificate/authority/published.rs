//! The files that others read: the anchors, and the lists that speak for them.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;

use super::key::{AuthorityKey, AuthorityKind};
use super::{AuthorityError, list};
use crate::clock::Timestamp;

/// The certificates of the keys whose signatures count, PEM: what `[trust.NAME] bundle` names.
pub const ANCHORS: &str = "anchors.pem";
/// The revocation lists of the keys in [`ANCHORS`], PEM: what `[trust.NAME] revocation_lists` may name.
pub const LISTS: &str = "revoked.pem";

/// Certificates of the issuing keys that count, PEM.
pub(super) fn anchors(keys: &[Arc<AuthorityKey>], now: Timestamp) -> String {
    let counts = |key: &&Arc<AuthorityKey>| key.kind != AuthorityKind::Root && key.counts(now);
    keys.iter().filter(counts).map(|key| key.certificate_pem()).collect()
}

/// Writes the files where they differ; whether any did, and what could not be written.
pub(super) fn write(folder: &Path, keys: &[Arc<AuthorityKey>], now: Timestamp) -> (bool, Vec<AuthorityError>) {
    let (mut changed, mut failures) = (false, Vec::new());
    if keys.is_empty() {
        return (changed, failures);
    }
    if let Err(error) = fs::DirBuilder::new().mode(0o755).recursive(true).create(folder) {
        failures.push(AuthorityError::File(folder.to_owned(), error));
        return (changed, failures);
    }
    let mut write = |name: &str, text: &str| {
        let path = folder.join(name);
        if text.is_empty() || fs::read_to_string(&path).is_ok_and(|there| there == text) {
            return;
        }
        match replace(&path, text) {
            Ok(()) => changed = true,
            Err(error) => failures.push(AuthorityError::File(path, error)),
        }
    };
    // A bundle without a certificate is refused as a whole, by other programs too, and the last good one would stay in force:
    // where no key counts, the last anchors stay, with their lists. Here what they signed is refused all the same.
    write(ANCHORS, &anchors(keys, now));
    // A list that speaks for no anchor would be a fault of the bundle to those who read both.
    let named = fs::read_to_string(folder.join(ANCHORS)).unwrap_or_default();
    let of_anchors = keys.iter().filter(|key| named.contains(key.certificate_pem()));
    let lists: String = of_anchors.filter_map(|key| key.list.as_deref()).map(list::pem).collect();
    write(LISTS, &lists);
    (changed, failures)
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
