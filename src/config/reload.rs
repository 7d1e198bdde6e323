//! When to read the config again: a SIGHUP, or a change of the file, of a certificate, a key, a bundle or a revocation
//! list. Folders are watched, not files, since files are replaced by renaming and by switching links; and now and then
//! everything is looked at anyway, since not every file system tells.
//! Invariant: this only asks; whoever is asked reads, checks, and keeps the last good config if the new one is bad.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use notify::event::{AccessKind, AccessMode};
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::signal::unix::{Signal, SignalKind};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::Config;

/// A file is written in several steps; this long nothing may happen before it counts as written.
const QUIET: Duration = Duration::from_millis(300);
/// Somebody who writes all the time shall not keep a reload waiting for ever.
const QUIET_PERIODS: u32 = 10;
/// Everything is looked at this often, whatever the file system tells.
const ANYWAY: Duration = Duration::from_secs(30);

/// Why the config should be read again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reload {
    /// Somebody sent SIGHUP.
    Asked,
    /// These files are others than before.
    Changed(Vec<PathBuf>),
}

impl fmt::Display for Reload {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => out.write_str("SIGHUP"),
            Self::Changed(files) => {
                for (place, file) in files.iter().enumerate() {
                    write!(out, "{}{}", if place == 0 { "changed: " } else { ", " }, file.display())?;
                }
                Ok(())
            }
        }
    }
}

/// Why changes cannot be awaited.
#[derive(Debug, thiserror::Error)]
pub enum ReloadError {
    /// No handler for SIGHUP.
    #[error("listen for SIGHUP: {0}")]
    Signal(#[from] std::io::Error),
}

/// Waits for reasons to read the config again.
#[derive(Debug)]
pub struct Reloads {
    hangup: Signal,
    stirred: Arc<Notify>,
    /// `None` where the system has no watches left: then only the regular look remains.
    watcher: Option<RecommendedWatcher>,
    folders: BTreeSet<PathBuf>,
    seen: BTreeMap<PathBuf, Option<Mark>>,
}

/// What tells one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl Reloads {
    /// Follows the files of `config`. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`ReloadError`] if SIGHUP cannot be listened for. Folders that cannot be watched are looked at regularly instead.
    pub fn follow(config: &Config) -> Result<Self, ReloadError> {
        let hangup = tokio::signal::unix::signal(SignalKind::hangup())?;
        let stirred = Arc::new(Notify::new());
        let told = Arc::clone(&stirred);
        let watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
            // What goes wrong with a watch is a reason to look, too.
            if event.is_ok_and(|event| !stirs(&event.kind)) {
                return;
            }
            told.notify_one();
        });
        let watcher = watcher.map_err(|error| tracing::warn!(%error, "config_watch_unavailable")).ok();
        let mut reloads = Self { hangup, stirred, watcher, folders: BTreeSet::new(), seen: BTreeMap::new() };
        reloads.follow_also(config);
        Ok(reloads)
    }

    /// Follows the files of another config from now on: call it after a reload took place. What changed before the
    /// call and was not told yet is told still.
    pub fn follow_also(&mut self, config: &Config) {
        let files: BTreeSet<PathBuf> = config.files().map(Path::to_owned).collect();
        self.seen.retain(|file, _| files.contains(file));
        for file in &files {
            self.seen.entry(file.clone()).or_insert_with(|| mark(file));
        }
        let folders: BTreeSet<PathBuf> = files.iter().flat_map(|file| folders_of(file)).collect();
        let Some(watcher) = &mut self.watcher else { return };
        for gone in self.folders.difference(&folders) {
            // A folder that was removed is not watched any more, which is what we want.
            let _ = watcher.unwatch(gone);
        }
        let watched = folders.into_iter().filter(|folder| {
            self.folders.contains(folder)
                || watcher
                    .watch(folder, RecursiveMode::NonRecursive)
                    .map_err(|error| tracing::warn!(%error, folder = %folder.display(), "config_watch_failed"))
                    .is_ok()
        });
        self.folders = watched.collect();
    }

    /// Waits for the next reason. It may be dropped and called again.
    pub async fn next(&mut self) -> Reload {
        loop {
            tokio::select! {
                asked = self.hangup.recv() => {
                    if asked.is_some() {
                        // What changed before the signal is read with it.
                        self.changed();
                        return Reload::Asked;
                    }
                    // No signal will come any more; the files still tell.
                    sleep(ANYWAY).await;
                }
                () = self.stirred.notified() => {
                    for _ in 0..QUIET_PERIODS {
                        if timeout(QUIET, self.stirred.notified()).await.is_err() {
                            break;
                        }
                    }
                }
                () = sleep(ANYWAY) => {}
            }
            let changed = self.changed();
            if !changed.is_empty() {
                return Reload::Changed(changed);
            }
        }
    }

    /// The files that are others than at the last look.
    fn changed(&mut self) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (file, seen) in &mut self.seen {
            let now = mark(file);
            if *seen != now {
                *seen = now;
                changed.push(file.clone());
            }
        }
        changed
    }
}

impl Config {
    /// The files whose change is a reason to read everything again: the config itself, certificates, keys, bundles and
    /// revocation lists.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let file = &self.file;
        let certificates = file.tls.certificate.iter().flat_map(|certificate| [&certificate.chain, &certificate.key]);
        let trust = file.trust.values().flat_map(|trust| std::iter::once(&trust.bundle).chain(&trust.revocation_lists));
        let upstreams = file.app.iter().map(|app| &app.upstream_tls);
        let upstreams = upstreams.flat_map(|tls| [&tls.authority, &tls.certificate, &tls.key].into_iter().flatten());
        std::iter::once(&self.path).chain(certificates).chain(trust).chain(upstreams).map(PathBuf::as_path)
    }
}

/// Whether an event may mean that a file is another: all but reading it.
const fn stirs(kind: &EventKind) -> bool {
    !matches!(kind, EventKind::Access(access) if !matches!(access, AccessKind::Close(AccessMode::Write)))
}

fn mark(file: &Path) -> Option<Mark> {
    let metadata: Metadata = std::fs::metadata(file).ok()?;
    Some(Mark { inode: metadata.ino(), length: metadata.len(), changed: (metadata.ctime(), metadata.ctime_nsec()) })
}

/// The folder that a file stands in, and the one that its links lead to.
fn folders_of(file: &Path) -> Vec<PathBuf> {
    let parent = |path: &Path| {
        let folder = path.parent()?;
        Some(if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() })
    };
    let target = file.canonicalize().ok();
    parent(file).into_iter().chain(target.as_deref().and_then(parent)).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::config::environment::Environment;

    const TEXT: &str = r#"
tls.certificate = [{ chain = "chain.pem", key = "key.pem" }]
portal.url = "https://auth.example.com"
state.directory = "state"
"#;

    fn written(folder: &Path) -> Config {
        let path = folder.join("sekisho.toml");
        fs::write(&path, TEXT).unwrap();
        fs::write(folder.join("chain.pem"), "one").unwrap();
        fs::write(folder.join("key.pem"), "one").unwrap();
        Config::parse(&path, TEXT, &Environment::empty()).unwrap()
    }

    #[tokio::test]
    async fn a_changed_file_is_told_however_it_was_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        let config = written(folder);
        let mut reloads = Reloads::follow(&config).unwrap();

        fs::write(&config.path, format!("{TEXT}\n# written in place")).unwrap();
        assert_eq!(reloads.next().await, Reload::Changed(vec![config.path.clone()]));

        fs::write(folder.join("unrelated"), "x").unwrap();
        fs::write(folder.join("new"), "two").unwrap();
        fs::rename(folder.join("new"), folder.join("chain.pem")).unwrap();
        assert_eq!(reloads.next().await, Reload::Changed(vec![folder.join("chain.pem")]));

        fs::remove_file(folder.join("key.pem")).unwrap();
        assert_eq!(reloads.next().await, Reload::Changed(vec![folder.join("key.pem")]));
    }

    #[tokio::test]
    async fn a_link_that_is_switched_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for version in ["one", "two"] {
            fs::create_dir(folder.join(version)).unwrap();
            written(&folder.join(version));
        }
        symlink("one", folder.join("current")).unwrap();
        symlink("current/sekisho.toml", folder.join("sekisho.toml")).unwrap();
        let config = Config::parse(&folder.join("sekisho.toml"), TEXT, &Environment::empty()).unwrap();
        let mut reloads = Reloads::follow(&config).unwrap();

        symlink("two", folder.join("next")).unwrap();
        fs::rename(folder.join("next"), folder.join("current")).unwrap();
        assert_eq!(reloads.next().await, Reload::Changed(vec![folder.join("sekisho.toml")]));
    }

    #[tokio::test]
    async fn files_of_the_new_config_are_followed_from_then_on() {
        let folder = tempfile::tempdir().unwrap();
        let other = tempfile::tempdir().unwrap();
        let mut reloads = Reloads::follow(&written(folder.path())).unwrap();
        let bundle = other.path().join("corp.pem");
        fs::write(&bundle, "one").unwrap();
        let text = format!("{TEXT}\ntrust.corp.bundle = \"{}\"\n", bundle.display());
        let config = Config::parse(&folder.path().join("sekisho.toml"), &text, &Environment::empty()).unwrap();
        reloads.follow_also(&config);
        fs::write(&bundle, "two").unwrap();
        assert_eq!(reloads.next().await, Reload::Changed(vec![bundle]));
    }
}
