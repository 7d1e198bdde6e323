//! Which config file a command reads: the one that is named, else that of the host, else that of the folder at hand.

use std::path::{Path, PathBuf};

use clap::Args;

use super::CommandFailure;
use crate::config::Config;

/// Where the config of a host lies.
const OF_HOST: &str = "/etc/sekisho/sekisho.toml";
/// Where it lies beside the sources.
const AT_HAND: &str = "config/sekisho.toml";

/// The option that names the config.
#[derive(Args, Clone, Debug)]
pub(super) struct ConfigFile {
    /// The config file. Where none is named: `/etc/sekisho/sekisho.toml` if that file is there, else `config/sekisho.toml`.
    #[arg(long, value_name = "FILE", env = "SEKISHO_CONFIG")]
    config: Option<PathBuf>,
}

impl ConfigFile {
    /// This file.
    #[cfg(test)]
    pub(super) fn at(path: &Path) -> Self {
        Self { config: Some(path.to_owned()) }
    }

    /// The file to read.
    pub(super) fn path(&self) -> &Path {
        self.among(Path::new(OF_HOST), Path::new(AT_HAND))
    }

    fn among<'a>(&'a self, of_host: &'a Path, at_hand: &'a Path) -> &'a Path {
        // A file of the host that may not be read is still meant: another config in its place would be a surprise.
        let is_there = |path: &Path| path.symlink_metadata().is_ok();
        self.config.as_deref().unwrap_or(if is_there(of_host) { of_host } else { at_hand })
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`CommandFailure::Config`] with what is wrong.
    pub(super) fn needed(&self) -> Result<Config, CommandFailure> {
        Config::read(self.path()).map_err(CommandFailure::Config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_is_named_comes_first_then_that_of_the_host() {
        let folder = tempfile::tempdir().unwrap();
        let (of_host, at_hand) = (folder.path().join("host.toml"), folder.path().join("here.toml"));
        let unnamed = ConfigFile { config: None };
        assert_eq!(unnamed.among(&of_host, &at_hand), at_hand, "there is none of the host");
        std::fs::write(&of_host, "").unwrap();
        assert_eq!(unnamed.among(&of_host, &at_hand), of_host);
        let named = ConfigFile::at(Path::new("mine.toml"));
        assert_eq!(named.among(&of_host, &at_hand), Path::new("mine.toml"));
    }

    #[test]
    fn a_host_s_file_that_leads_nowhere_is_meant_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let (of_host, at_hand) = (folder.path().join("host.toml"), folder.path().join("here.toml"));
        std::os::unix::fs::symlink(folder.path().join("gone.toml"), &of_host).unwrap();
        std::fs::write(&at_hand, "").unwrap();
        let unnamed = ConfigFile { config: None };
        assert_eq!(unnamed.among(&of_host, &at_hand), of_host, "a broken link is an error to see, not another config");
    }
}
