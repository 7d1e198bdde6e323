//! When to read the config again: a SIGHUP, or a change of the file, of a certificate, a key, a bundle or a revocation
//! list. The files are looked at every second: that sees renaming, switched links and network file systems alike, and
//! costs a few microseconds, while a watched folder in which a log is written, too, wakes the watcher for every line.
//! Invariant: this only asks; the caller reads, checks, and keeps the last good config if the new one is bad.

use std::collections::BTreeMap;
use std::fmt;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind};
use tokio::time::sleep;

use super::Config;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(1);
/// A file is written in several steps; this long nothing may happen before it counts as written.
const QUIET: Duration = Duration::from_millis(300);
/// Somebody who writes all the time shall not keep a reload waiting for ever.
const QUIET_PERIODS: u32 = 10;

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
    seen: BTreeMap<PathBuf, Option<FileMark>>,
}

/// What distinguishes one state of a file from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileMark {
    inode: u64,
    length: u64,
    changed: (i64, i64),
}

impl Reloads {
    /// Follows the files of `config`. Needs a Tokio runtime.
    ///
    /// # Errors
    /// [`ReloadError`] if SIGHUP cannot be listened for.
    pub fn follow(config: &Config) -> Result<Self, ReloadError> {
        let mut reloads = Self { hangup: tokio::signal::unix::signal(SignalKind::hangup())?, seen: BTreeMap::new() };
        reloads.follow_also(config);
        Ok(reloads)
    }

    /// Follows the files of another config from now on: call it after a reload took place. A change before the
    /// call that was not reported yet is still reported.
    pub fn follow_also(&mut self, config: &Config) {
        let before = std::mem::take(&mut self.seen);
        self.seen =
            config.files().map(|file| (file.to_owned(), before.get(file).copied().unwrap_or_else(|| mark(file)))).collect();
    }

    /// Waits for the next reason. It may be dropped and called again.
    pub async fn next(&mut self) -> Reload {
        loop {
            tokio::select! {
                // It never ends: the process keeps its handlers to its own end.
                _asked = self.hangup.recv() => {
                    // What changed before the signal is read with it.
                    let _read_now = self.changed();
                    return Reload::Asked;
                }
                () = sleep(LOOK) => {}
            }
            if self.seen.iter().all(|(file, seen)| *seen == mark(file)) {
                continue;
            }
            let mut before = self.marks();
            for _ in 0..QUIET_PERIODS {
                sleep(QUIET).await;
                let now = self.marks();
                if std::mem::replace(&mut before, now) == before {
                    break;
                }
            }
            let changed = self.changed();
            if !changed.is_empty() {
                return Reload::Changed(changed);
            }
        }
    }

    fn marks(&self) -> Vec<Option<FileMark>> {
        self.seen.keys().map(|file| mark(file)).collect()
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
    /// The files whose change is a reason to read everything again: the config itself, certificates, keys, bundles,
    /// revocation lists and the keytab.
    pub fn files(&self) -> impl Iterator<Item = &Path> {
        let file = &self.file;
        let certificates = file.tls.certificate.iter().flat_map(|certificate| [&certificate.chain, &certificate.key]);
        let acme = file.acme.values().flat_map(|section| [&section.eab_key_file, &section.authority]);
        let certificates = certificates.chain(acme).flatten();
        let trust = file.trust.values().flat_map(|trust| std::iter::once(&trust.bundle).chain(&trust.revocation_lists));
        let upstreams = file.app.iter().flat_map(|app| {
            let (tls, ping) = (&app.upstream_tls, app.approvals.as_ref().and_then(|approvals| approvals.ping.as_ref()));
            let ping = ping.and_then(|ping| ping.authority.as_ref());
            [&tls.authority, &tls.certificate, &tls.key].into_iter().flatten().chain(ping)
        });
        let push = &file.approval.push_authority;
        let directories =
            file.directory.values().flat_map(|directory| directory.authority.iter().chain(&directory.bind_password_file));
        let idps = file.idp.iter().flat_map(|idp| {
            let saml = idp
                .saml
                .iter()
                .flat_map(|saml| std::iter::once(&saml.metadata).chain(saml.key_file.iter()).chain(saml.certificate_file.iter()));
            [&idp.client_secret_file, &idp.client_key_file, &idp.authority].into_iter().flatten().chain(saml)
        });
        let keytab = file.kerberos.iter().map(|kerberos| &kerberos.keytab);
        let mail = file.mail.iter().flat_map(|mail| mail.password_file.iter().chain(&mail.authority));
        let authorities = mail.chain(upstreams).chain(push).chain(directories).chain(idps).chain(keytab);
        std::iter::once(&self.path).chain(certificates).chain(trust).chain(authorities).map(PathBuf::as_path)
    }
}

fn mark(file: &Path) -> Option<FileMark> {
    let metadata: Metadata = std::fs::metadata(file).ok()?;
    Some(FileMark { inode: metadata.ino(), length: metadata.len(), changed: (metadata.ctime(), metadata.ctime_nsec()) })
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
