//! All directories of the config, and which of them a name belongs to. That is decided by the name alone, before anything is
//! known of a user: a directory can never speak for somebody whose name belongs to another one.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Directory;
use crate::config::diagnose::Complaint;
use crate::config::schema::DirectorySection;
use crate::principal::user::UserId;
use crate::random::SharedRandom;

/// All directories.
#[derive(Debug, Default)]
pub struct Directories(Box<[Arc<Directory>]>);

/// A directory as the sign-in page offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub title: String,
}

impl Directories {
    /// Those of a config.
    ///
    /// # Errors
    /// What is wrong with the files that it names.
    pub fn load(config: &BTreeMap<String, DirectorySection>, random: &SharedRandom) -> Result<Self, Complaint> {
        let all = config.iter().map(|(name, section)| Directory::load(name, section, random).map(Arc::new));
        all.collect::<Result<_, _>>().map(Self)
    }

    /// These in place of `before`: what is going on there goes on.
    #[must_use]
    pub fn following(mut self, before: &Self) -> Self {
        for own in self.0.iter_mut().filter_map(Arc::get_mut) {
            if let Some(before) = before.named(&own.name) {
                own.follow(before);
            }
        }
        self
    }

    /// Each of them, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Directory>> {
        self.0.iter()
    }

    /// The one whose table has this name.
    pub fn named(&self, name: &str) -> Option<&Arc<Directory>> {
        self.0.iter().find(|directory| *directory.name == *name)
    }

    /// The one that a name of ours belongs to; for a text that is no name, and for a name that none takes, the one in which
    /// nobody is looked for instead.
    pub fn of(&self, name: &str) -> Option<&Arc<Directory>> {
        let user = UserId::parse(name).ok();
        let name = user.as_ref().map_or(name, UserId::as_str);
        let behind = |directory: &Directory| directory.user_name.strip_prefix("{user}").unwrap_or_default().to_owned();
        let by_suffix = self.0.iter().filter(|directory| {
            let behind = behind(directory);
            !behind.is_empty() && name.ends_with(&behind)
        });
        by_suffix
            .max_by_key(|directory| directory.user_name.len())
            .or_else(|| self.0.iter().find(|directory| behind(directory).is_empty()))
            .or_else(|| self.0.first())
    }

    /// What the chooser of the sign-in page offers.
    pub fn domains(&self) -> Vec<Domain> {
        self.0.iter().map(|one| Domain { value: one.name.to_string(), title: one.domain.to_string() }).collect()
    }

    /// How somebody is called here who typed `name` beside the domain of this directory: `carol`, `CORP\carol` and the name
    /// with its suffix are one.
    pub fn name_here(&self, directory: &str, name: &str) -> Option<String> {
        let directory = self.named(directory)?;
        let name = name.trim();
        let name = name.rsplit_once('\\').map_or(name, |(_, own)| own);
        let behind = directory.user_name.strip_prefix("{user}").unwrap_or_default();
        let is_whole = name.len() > behind.len() && name.to_lowercase().ends_with(behind);
        Some(if is_whole { name.to_owned() } else { format!("{name}{behind}") })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    fn two() -> Directories {
        let table = |name: &str, user_name: &str| {
            format!(
                "[directory.{name}]\nkind = \"openldap\"\nurls = [\"ldaps://localhost\"]\nbase = \"dc=a\"\nuser_dn = \"uid={{user}},dc=a\"\n{user_name}\n"
            )
        };
        let folder = tempfile::tempdir().unwrap();
        let text = table("home", "") + &table("partner", "user_name = \"{user}@partner.example\"");
        let config = crate::core::testing::config(folder.path(), &text);
        Directories::load(&config.file.directory, &crate::core::testing::random()).unwrap()
    }

    #[test]
    fn a_name_belongs_to_one_directory_whoever_is_known() {
        let two = two();
        let of = |name| two.of(name).unwrap().name().to_owned();
        assert_eq!(
            (of("carol"), of("carol@partner.example"), of(" CAROL@Partner.Example ")),
            ("home".into(), "partner".into(), "partner".into())
        );
        assert_eq!((of("carol@partner.example.org"), of("no name"), of("")), ("home".into(), "home".into(), "home".into()));
    }

    #[tokio::test]
    async fn a_directory_is_read_by_one_at_a_time_across_a_reload() {
        let before = two();
        let turn = before.named("home").unwrap().turn_to_read().await;
        let after = two().following(&before);
        assert!(poll!(Box::pin(after.named("home").unwrap().turn_to_read())).is_pending());
        drop(after.named("partner").unwrap().turn_to_read().await);
        drop(turn);
        drop(after.named("home").unwrap().turn_to_read().await);
    }

    #[test]
    fn a_name_beside_a_domain_is_one_name_however_it_is_typed() {
        let two = two();
        for typed in ["carol", "PARTNER\\carol", "carol@partner.example", "carol@PARTNER.example"] {
            let here = two.name_here("partner", typed).unwrap();
            assert_eq!(UserId::parse(&here).unwrap().as_str(), "carol@partner.example", "{typed}");
        }
        assert_eq!(two.name_here("home", "carol").as_deref(), Some("carol"));
        assert_eq!(two.name_here("nowhere", "carol"), None);
        // A name of the other directory is not carried over into this one.
        assert_eq!(two.name_here("partner", "carol@home.example").as_deref(), Some("carol@home.example@partner.example"));
    }
}
