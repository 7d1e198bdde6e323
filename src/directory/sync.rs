//! What a directory says of all of its people, read by our own account: who is still there, who is switched off, who is in
//! which groups. A list that is not whole is no list.

use std::collections::BTreeMap;

use ldap3::Scope;

use super::Directory;
use super::entry::FoundEntry;
use super::error::DirectoryError;
use super::groups::{KnownParents, bytes_in_filter};
use super::link::DirectoryLink;
use super::person::{DirectoryPerson, id_of, of_entry};
use super::reader::{One, Reader};
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema::DirectoryKind;
use crate::principal::user::UserId;

/// More people than this are taken for a mistake in `base` or `people_filter`.
const MOST: usize = 200_000;
/// Milliseconds from 1601, where Active Directory counts from, to 1970.
const EPOCH_OF_AD: i64 = 11_644_473_600_000;

/// How somebody who is linked stands in the directory.
#[derive(Clone, Debug)]
pub enum DirectoryStanding {
    /// There, and may sign in.
    There(DirectoryPerson),
    /// There, and switched off or over.
    Off,
    /// Not there any more.
    Gone,
}

/// What a directory says of everybody.
#[derive(Debug)]
pub struct DirectoryList {
    /// Those who are linked.
    pub linked: Vec<(UserId, DirectoryStanding)>,
    /// Those who are not, with the names that they have here, where the config says that users are made of them.
    pub others: Vec<(UserId, DirectoryPerson)>,
}

impl Directory {
    /// Reads how everybody stands.
    ///
    /// # Errors
    /// [`DirectoryError`]: then nothing of it may be believed.
    pub async fn list(&self, links: &[DirectoryLink], clock: &SharedClock) -> Result<DirectoryList, DirectoryError> {
        let list = self.read_whole(links, clock).await;
        self.health.note(&list, clock);
        list
    }

    async fn read_whole(&self, links: &[DirectoryLink], clock: &SharedClock) -> Result<DirectoryList, DirectoryError> {
        let Some(service) = &self.service else {
            return Err(DirectoryError::Misconfigured("`sync_every` needs `bind_as`".to_owned()));
        };
        let mut reader = service.reader(self, clock, false).await?;
        let attributes = self.attributes();
        let found = reader.all("the list of people", &self.base, &self.people_filter, &attributes, MOST).await?;
        let mut by_id: BTreeMap<String, FoundEntry> =
            found.into_iter().filter_map(|entry| Some((id_of(self, &entry)?, entry))).collect();
        let (mut known, now) = (KnownParents::default(), clock.now());
        let mut linked = Vec::new();
        for link in links {
            let entry = match by_id.remove(&link.entry_id) {
                Some(entry) => Some(entry),
                // A person who is not in the list is looked up once more: `people_filter` may have become another one.
                None => self.by_id(&mut reader, &link.entry_id).await?,
            };
            let standing = match entry {
                None => DirectoryStanding::Gone,
                Some(entry) if is_switched_off(self.kind, &entry, now) => DirectoryStanding::Off,
                Some(entry) => DirectoryStanding::There(of_entry(self, &mut reader, &entry, &mut known).await?),
            };
            linked.push((link.user.clone(), standing));
        }
        let mut others = Vec::new();
        if self.makes_users {
            for entry in by_id.values().filter(|entry| !is_switched_off(self.kind, entry, now)) {
                if let Some(user) = self.user_of(entry) {
                    others.push((user, of_entry(self, &mut reader, entry, &mut known).await?));
                }
            }
        }
        Ok(DirectoryList { linked, others })
    }

    async fn by_id(&self, reader: &mut Reader, id: &str) -> Result<Option<FoundEntry>, DirectoryError> {
        let value = match self.kind {
            DirectoryKind::ActiveDirectory => bytes_in_filter(&data_encoding::HEXLOWER.decode(id.as_bytes()).unwrap_or_default()),
            _ => ldap3::ldap_escape(id).into_owned(),
        };
        let filter = format!("({}={value})", self.id_attribute);
        let attributes = self.attributes();
        let what = "the search for a linked person";
        match reader.one(what, &self.base, Scope::Subtree, &filter, &attributes, false).await? {
            One::Only(entry) => Ok(Some(entry)),
            One::None => Ok(None),
            One::Several => Err(DirectoryError::Misconfigured(format!("two entries have the same `{}`", self.id_attribute))),
        }
    }

    /// What somebody is called here.
    fn user_of(&self, entry: &FoundEntry) -> Option<UserId> {
        let (before, behind) = self.login_name.split_once("{user}")?;
        let name = entry.text(&self.login_attribute)?.to_lowercase();
        let own = name.strip_prefix(&before.to_lowercase())?.strip_suffix(&behind.to_lowercase())?;
        UserId::parse(&self.user_name.replace("{user}", own)).ok()
    }
}

/// Whether an entry may not sign in, by what its server writes into it.
fn is_switched_off(kind: DirectoryKind, entry: &FoundEntry, now: Timestamp) -> bool {
    let number = |name: &str| entry.text(name).and_then(|text| text.parse::<i64>().ok()).unwrap_or_default();
    match kind {
        DirectoryKind::ActiveDirectory => {
            let end = number("accountExpires");
            // In steps of 100 ns; 0 and the greatest number are no end.
            let is_over = end > 0 && end != i64::MAX && end / 10_000 - EPOCH_OF_AD <= now.millis();
            number("userAccountControl") & 2 != 0 || is_over
        }
        DirectoryKind::Openldap | DirectoryKind::Ds389 | DirectoryKind::Ldap => {
            entry.text("nsAccountLock").is_some_and(|value| value.eq_ignore_ascii_case("true"))
                // Locked by an administrator, for good (draft-behera-ldap-password-policy §5.3.3).
                || entry.text("pwdAccountLockedTime") == Some("000001010000Z")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_switched_off_is_read_as_each_server_writes_it() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let off =
            |kind, name: &str, value: &str| is_switched_off(kind, &FoundEntry::made_of("cn=x", &[(name, value.as_bytes())]), now);
        let ad = DirectoryKind::ActiveDirectory;
        assert!(off(ad, "userAccountControl", "514") && !off(ad, "userAccountControl", "512"));
        for endless in ["0", "9223372036854775807"] {
            assert!(!off(ad, "accountExpires", endless));
        }
        // 1 January 2020 and 1 January 2100.
        assert!(off(ad, "accountExpires", "132223104000000000") && !off(ad, "accountExpires", "157469184000000000"));
        assert!(off(DirectoryKind::Ds389, "nsaccountlock", "TRUE") && !off(DirectoryKind::Ds389, "nsaccountlock", "false"));
        assert!(off(DirectoryKind::Openldap, "pwdAccountLockedTime", "000001010000Z"));
        assert!(!off(DirectoryKind::Openldap, "pwdAccountLockedTime", "20270101000000Z"), "locked for a while by failures");
    }
}
