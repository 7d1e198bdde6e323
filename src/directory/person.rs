//! One sign-in at a directory: the entry that the name belongs to, one bind as that entry, and who is bound then.
//! Invariant: a connection that a password was sent on serves nobody else.

use aws_lc_rs::digest;
use ldap3::exop::WhoAmI;
use ldap3::result::ExopResult;
use ldap3::{Ldap, Scope, dn_escape, ldap_escape};
use secrecy::{ExposeSecret as _, SecretString};
use unicode_normalization::UnicodeNormalization as _;

use super::connection::answered;
use super::dn::DistinguishedName;
use super::entry::FoundEntry;
use super::error::{DirectoryError, printable};
use super::groups::{self, KnownParents};
use super::outcome::{self, PROTOCOL_ERROR, SUCCESS};
use super::policy_control;
use super::reader::{One, Reader};
use super::reason::Reason;
use super::{Directory, NOBODY};
use crate::clock::SharedClock;
use crate::config::schema::DirectoryKind;
use crate::principal::method::CredentialId;
use crate::principal::user::GroupName;

/// Somebody in a directory, as it stands there now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirectoryPerson {
    /// The table of the directory.
    pub directory: Box<str>,
    /// What names the entry for good: objectGUID, entryUUID, nsUniqueId.
    pub id: String,
    /// Its name at present.
    pub dn: String,
    /// The groups of ours that the config maps to groups there: those that the person is in.
    pub groups: Vec<GroupName>,
    /// The groups of ours that the config maps at all.
    pub mapped: Vec<GroupName>,
    /// Names and mail, where the config takes them over.
    pub profile: Option<(Option<String>, Option<String>)>,
    /// A changed password is another credential, where the directory tells when it was changed.
    pub credential: CredentialId,
}

pub(super) const fn login_attribute(kind: DirectoryKind) -> &'static str {
    match kind {
        DirectoryKind::ActiveDirectory => "sAMAccountName",
        DirectoryKind::Openldap | DirectoryKind::Ds389 | DirectoryKind::Ldap => "uid",
    }
}

pub(super) const fn id_attribute(kind: DirectoryKind) -> &'static str {
    match kind {
        DirectoryKind::ActiveDirectory => "objectGUID",
        // Entries from before its plug-in have no entryUUID.
        DirectoryKind::Ds389 => "nsUniqueId",
        DirectoryKind::Openldap | DirectoryKind::Ldap => "entryUUID",
    }
}

pub(super) const fn filter_of_people(kind: DirectoryKind) -> &'static str {
    match kind {
        DirectoryKind::ActiveDirectory => "(&(objectCategory=person)(objectClass=user))",
        DirectoryKind::Openldap | DirectoryKind::Ds389 | DirectoryKind::Ldap => "(objectClass=person)",
    }
}

/// Which attribute says when the password was changed, where one does.
pub(super) const fn changed_attribute(kind: DirectoryKind) -> &'static str {
    match kind {
        DirectoryKind::ActiveDirectory => "pwdLastSet",
        DirectoryKind::Ds389 => "pwdUpdateTime",
        DirectoryKind::Openldap | DirectoryKind::Ldap => "pwdChangedTime",
    }
}

impl Directory {
    /// What an entry is asked for.
    pub(super) fn attributes(&self) -> Vec<&str> {
        let mut all = vec![&*self.login_attribute, &self.id_attribute, changed_attribute(self.kind)];
        all.extend(["memberOf", "displayName", "cn", "mail"]);
        if self.kind == DirectoryKind::ActiveDirectory {
            all.extend(["userPrincipalName", "objectSid", "primaryGroupID", "userAccountControl", "accountExpires"]);
        } else {
            all.extend(["nsAccountLock", "pwdAccountLockedTime"]);
        }
        all
    }

    /// RFC 4515 §3: what could mean something in a filter is escaped (T34).
    pub(super) fn filter_of(&self, login: &str) -> String {
        let name = ldap_escape(login);
        let is_called = match self.kind {
            DirectoryKind::ActiveDirectory => {
                let principal = self.principal(login);
                let attribute = &self.login_attribute;
                format!("(|({attribute}={name})(userPrincipalName={}))", ldap_escape(principal.as_str()))
            }
            _ => format!("({}={name})", self.login_attribute),
        };
        format!("(&{}{is_called})", self.people_filter)
    }

    fn principal(&self, login: &str) -> String {
        format!("{login}@{}", self.suffix)
    }

    /// The bind went well, and who is bound is not known: refused, and logged for operators, since a wrong `base` has this effect.
    fn stranger(&self, login: &str, why: &str) -> DirectoryError {
        let login = printable(login, 128);
        tracing::error!(directory = %self.name, login, reason = why, "directory_another_identity");
        DirectoryError::Refused(Reason::AnotherIdentity)
    }
}

/// Where the bind goes.
pub(super) struct BindTarget {
    /// The name of the bind.
    pub(super) name: String,
    /// The entry as our own account sees it, where it was looked for.
    entry: Option<FoundEntry>,
    /// Whether nobody is bound as this on purpose.
    is_nobody: bool,
}

/// The name that a bind as `login` is sent under.
pub(super) async fn find(directory: &Directory, login: &str, clock: &SharedClock) -> Result<BindTarget, DirectoryError> {
    let is_nobody = login == NOBODY;
    let target = |name| Ok(BindTarget { name, entry: None, is_nobody });
    if directory.kind == DirectoryKind::ActiveDirectory {
        return target(directory.principal(login));
    }
    if let Some(pattern) = &directory.user_dn {
        return target(pattern.replace("{user}", &dn_escape(login)));
    }
    let nobody = || format!("{}={NOBODY},{}", directory.login_attribute, directory.base);
    Ok(match look_up(directory, &directory.filter_of(login), clock).await? {
        One::Only(entry) if !is_nobody => BindTarget { name: entry.dn.clone(), entry: Some(entry), is_nobody },
        One::Several => {
            let _said = directory.stranger(login, "two entries have this name");
            BindTarget { name: nobody(), entry: None, is_nobody: true }
        }
        One::Only(_) | One::None => BindTarget { name: nobody(), entry: None, is_nobody: true },
    })
}

/// What our own account finds. A connection that was cut while it was kept is made again, once.
pub(super) async fn look_up(directory: &Directory, filter: &str, clock: &SharedClock) -> Result<One, DirectoryError> {
    let Some(service) = &directory.service else {
        return Err(DirectoryError::Misconfigured("neither `user_dn` nor `bind_as` says where an entry is".to_owned()));
    };
    let attributes = directory.attributes();
    let mut reconnect = false;
    loop {
        let mut reader = service.reader(directory, clock, reconnect).await?;
        let found = reader.one("the search for a person", &directory.base, Scope::Subtree, filter, &attributes, false).await;
        match found {
            Err(DirectoryError::Unreachable(_)) if !reconnect && reader.ldap.is_closed() => reconnect = true,
            found => return found,
        }
    }
}

/// Binds, and looks whose entry that is.
pub(super) async fn judge(
    directory: &Directory,
    ldap: Ldap,
    login: &str,
    target: &BindTarget,
    password: &SecretString,
    clock: &SharedClock,
) -> Result<DirectoryPerson, DirectoryError> {
    let mut reader = Reader { ldap, within: directory.answer_within };
    bind(directory, &mut reader.ldap, &target.name, password).await?;
    if target.is_nobody {
        return Err(directory.stranger(login, "a bind for nobody succeeded"));
    }
    let bound = who(directory, &mut reader.ldap).await?;
    let entry = own_entry(directory, &mut reader, login, target).await?;
    recognise(directory, login, bound.as_deref(), &entry)?;
    let person = match &directory.service {
        Some(service) => {
            of_entry(directory, &mut service.reader(directory, clock, false).await?, &entry, &mut KnownParents::default()).await?
        }
        None => of_entry(directory, &mut reader, &entry, &mut KnownParents::default()).await?,
    };
    // The answer stands; a goodbye that fails changes nothing.
    let _said = tokio::time::timeout(directory.answer_within, reader.ldap.unbind()).await;
    Ok(person)
}

/// One bind. The password goes in one composed form (RFC 4013): a second try in another one would count as a failure.
pub(super) async fn bind(
    directory: &Directory,
    ldap: &mut Ldap,
    name: &str,
    password: &SecretString,
) -> Result<(), DirectoryError> {
    let composed = composed(password);
    let bound = ldap.with_controls(policy_control::request()).simple_bind(name, composed.expose_secret());
    let answer = answered(directory.answer_within, bound).await?;
    outcome::of_bind(directory.kind, &answer)
}

pub(super) fn composed(password: &SecretString) -> SecretString {
    SecretString::from(password.expose_secret().nfc().collect::<String>())
}

/// Who the server says is bound (RFC 4532): `u:CORP\bob`, `dn:uid=bob,…`; `None` if it does not know how to say.
async fn who(directory: &Directory, ldap: &mut Ldap) -> Result<Option<String>, DirectoryError> {
    let ExopResult(said, answer) = answered(directory.answer_within, ldap.extended(WhoAmI)).await?;
    match answer.rc {
        SUCCESS => Ok(Some(String::from_utf8_lossy(&said.val.unwrap_or_default()).into_owned())),
        PROTOCOL_ERROR => Ok(None),
        _ => Err(outcome::of_own_operation("\"who am I\"", &answer)),
    }
}

/// The one entry with this name, found with the rights of the bound user (T33, T34), or read by our own account where the
/// user may not read it.
async fn own_entry(
    directory: &Directory,
    reader: &mut Reader,
    login: &str,
    target: &BindTarget,
) -> Result<FoundEntry, DirectoryError> {
    let what = "the search for the own entry";
    let attributes = directory.attributes();
    let found = match directory.kind {
        DirectoryKind::ActiveDirectory => {
            reader.one(what, &directory.base, Scope::Subtree, &directory.filter_of(login), &attributes, true).await
        }
        _ => reader.one(what, &target.name, Scope::Base, &directory.people_filter, &attributes, true).await,
    };
    match (found, &target.entry) {
        (Ok(One::Only(entry)), _) => Ok(entry),
        (Ok(One::None) | Err(DirectoryError::Misconfigured(_)), Some(entry)) => Ok(entry.clone()),
        (Ok(One::Several), _) => Err(directory.stranger(login, "two entries have this name")),
        (Ok(One::None), None) => Err(directory.stranger(login, match directory.kind {
            DirectoryKind::ActiveDirectory => "no entry below `base` has this name",
            _ => "the own entry cannot be read: the directory grants people no right to read it, or `people_filter` does not match it",
        })),
        (Err(error), _) => Err(error),
    }
}

pub(super) fn recognise(
    directory: &Directory,
    login: &str,
    bound: Option<&str>,
    entry: &FoundEntry,
) -> Result<(), DirectoryError> {
    // The directory finds `bob` where `bób` was asked for: only the very name counts, among all that the entry has.
    let is_called = entry.texts(&directory.login_attribute).any(|name| same(name, login))
        || (directory.kind == DirectoryKind::ActiveDirectory
            && entry.texts("userPrincipalName").any(|name| same(name, &directory.principal(login))));
    if !is_called {
        return Err(directory.stranger(login, "the entry found has another name"));
    }
    let is_bound = match bound {
        None => true,
        Some(said) => match (said.strip_prefix("dn:"), said.strip_prefix("u:")) {
            (Some(dn), _) => DistinguishedName::parse(dn).is_some_and(|dn| !dn.is_root() && entry.name() == Some(dn)),
            (None, Some(name)) => {
                let name = name.rsplit('\\').next().unwrap_or_default();
                entry.texts(&directory.login_attribute).any(|own| same(own, name))
            }
            (None, None) => false,
        },
    };
    if !is_bound {
        return Err(directory.stranger(login, "the server says that somebody else is bound"));
    }
    Ok(())
}

/// What the directory says of the person of an entry.
pub(super) async fn of_entry(
    directory: &Directory,
    reader: &mut Reader,
    entry: &FoundEntry,
    known: &mut KnownParents,
) -> Result<DirectoryPerson, DirectoryError> {
    let Some(id) = id_of(directory, entry) else {
        return Err(DirectoryError::Misconfigured(format!(
            "the entry has no `{}` that people may read; `id_attribute` names another attribute that never changes",
            directory.id_attribute
        )));
    };
    let groups = match directory.groups.is_empty() {
        true => Vec::new(),
        false => {
            let all = groups::of_person(directory, reader, entry, known).await?;
            let is_in = |names: &[DistinguishedName]| names.iter().any(|name| all.contains(name));
            directory.groups.iter().filter(|(_, names)| is_in(names)).map(|(group, _)| group.clone()).collect()
        }
    };
    let text = |name: &str| entry.text(name).map(|text| printable(text.trim(), 128)).filter(|text| !text.is_empty());
    let mail = || text("mail").filter(|mail| mail.contains('@'));
    let changed = entry.text(changed_attribute(directory.kind)).unwrap_or_default();
    let credential = digest::digest(&digest::SHA256, format!("ad_password/{}/{changed}/{id}", directory.name).as_bytes());
    Ok(DirectoryPerson {
        directory: directory.name.clone(),
        dn: entry.dn.clone(),
        groups,
        mapped: directory.groups.iter().map(|(group, _)| group.clone()).collect(),
        profile: directory.takes_profile.then(|| (text("displayName").or_else(|| text("cn")), mail())),
        credential: CredentialId(credential.as_ref().first_chunk().copied().unwrap_or_default()),
        id,
    })
}

/// What names an entry for good, as a text: bytes in hexadecimal.
pub(super) fn id_of(directory: &Directory, entry: &FoundEntry) -> Option<String> {
    let value = entry.values(&directory.id_attribute).first().filter(|value| !value.is_empty())?;
    Some(match directory.kind {
        DirectoryKind::ActiveDirectory => data_encoding::HEXLOWER.encode(value),
        _ => match std::str::from_utf8(value) {
            Ok(text) => text.to_ascii_lowercase(),
            Err(_bytes) => data_encoding::HEXLOWER.encode(value),
        },
    })
}

/// Names are the same in any case.
fn same(one: &str, other: &str) -> bool {
    !one.is_empty() && one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directory(kind: &str, more: &str) -> Directory {
        let folder = tempfile::tempdir().unwrap();
        let text =
            format!("[directory.corp]\nkind = \"{kind}\"\nurls = [\"ldaps://localhost\"]\nbase = \"DC=corp,DC=test\"\n{more}\n");
        let config = crate::core::testing::config(folder.path(), &text);
        Directory::load("corp", &config.file.directory["corp"], &crate::core::testing::random()).unwrap()
    }

    #[test]
    fn nothing_in_a_name_means_anything_in_a_filter_or_a_distinguished_name_t34() {
        let ad = directory("active_directory", "upn_suffix = \"corp.test\"");
        let written = ad.filter_of("*)(uid=*))(|(uid=*");
        let (_, after) = written.split_once("sAMAccountName=").unwrap();
        assert_eq!(
            after,
            "\\2a\\29\\28uid=\\2a\\29\\29\\28|\\28uid=\\2a)(userPrincipalName=\\2a\\29\\28uid=\\2a\\29\\29\\28|\\28uid=\\2a@corp.test)))"
        );
        let openldap = directory("openldap", "user_dn = \"uid={user},ou=people,dc=corp,dc=test\"");
        assert!(openldap.filter_of("a\0\\").ends_with("(uid=a\\00\\5c))"));
        assert_eq!(dn_escape("a,uid=admin+x"), "a\\2cuid\\3dadmin\\2bx");
    }

    #[test]
    fn only_the_very_name_counts_whatever_its_capitals_t32() {
        assert!(same("Bob", "bob") && same("ÉVA", "éva"));
        assert!(!same("bób", "bob") && !same("", "") && !same("bob ", "bob"));
    }

    #[test]
    fn who_is_bound_is_compared_as_a_name_and_not_as_a_text() {
        let ds = directory("389ds", "user_dn = \"uid={user},dc=corp,dc=test\"");
        let mut entry = FoundEntry::made_of(r"uid=bob,cn=Smith\2C John,dc=corp,dc=test", &[("uid", b"bob")]);
        for said in [r"dn: uid=bob,cn=smith\2c john,dc=corp,dc=test", r"dn:userid=BOB,cn=Smith\, John,DC=corp,dc=test"] {
            assert!(recognise(&ds, "BOB", Some(said), &entry).is_ok(), "{said}");
        }
        for said in ["", "dn:", "dn:uid=carol,dc=corp,dc=test", "u:carol"] {
            assert!(recognise(&ds, "bob", Some(said), &entry).is_err(), "{said}");
        }
        assert!(recognise(&ds, "bob", None, &entry).is_ok(), "a server that cannot say");
        entry = FoundEntry::made_of("uid=bob,dc=corp,dc=test", &[("uid", "bób".as_bytes())]);
        assert!(recognise(&ds, "bob", None, &entry).is_err(), "another name");
    }

    #[test]
    fn a_password_is_sent_in_one_composed_form() {
        assert_eq!(composed(&SecretString::from("e\u{301}")).expose_secret(), "\u{e9}");
    }
}
