//! The groups of a person, nested ones too. Sekisho walks from group to group itself, level by level and within bounds:
//! the matching rule of Active Directory finds nothing on other servers without an error, and what `memberOf` holds differs
//! from server to server. Active Directory keeps the primary group apart, which is read by its SID.

use std::collections::{BTreeMap, BTreeSet};

use ldap3::{Scope, ldap_escape};

use super::Directory;
use super::dn::DistinguishedName;
use super::entry::FoundEntry;
use super::error::DirectoryError;
use super::reader::{One, Reader};
use crate::config::schema::{DirectoryKind, GroupsBy};

/// How deep groups may be nested, and how many one person may be in.
const DEEPEST: usize = 16;
const MOST: usize = 2000;
/// How many names one filter asks for.
const AT_ONCE: usize = 30;

/// The groups that groups were found in: kept while many people are looked at.
#[derive(Default)]
pub(super) struct KnownParents(BTreeMap<DistinguishedName, Vec<(DistinguishedName, String)>>);

/// All groups that `person` is in.
pub(super) async fn of_person(
    directory: &Directory,
    reader: &mut Reader,
    person: &FoundEntry,
    known: &mut KnownParents,
) -> Result<BTreeSet<DistinguishedName>, DirectoryError> {
    let mut level = direct(directory, reader, person).await?;
    let mut all = BTreeSet::new();
    for _depth in 0..DEEPEST {
        level.retain(|(name, _)| !all.contains(name));
        if level.is_empty() {
            return Ok(all);
        }
        all.extend(level.iter().map(|(name, _)| name.clone()));
        if all.len() > MOST {
            return Err(DirectoryError::Misconfigured(format!("a person is in more than {MOST} groups")));
        }
        level = parents(directory, reader, &level, known).await?;
    }
    Err(DirectoryError::Misconfigured(format!("groups are nested more than {DEEPEST} deep")))
}

type Level = Vec<(DistinguishedName, String)>;

async fn direct(directory: &Directory, reader: &mut Reader, person: &FoundEntry) -> Result<Level, DirectoryError> {
    let mut found: Level = match directory.groups_by {
        GroupsBy::MemberOf => {
            person.texts("memberOf").filter_map(|text| Some((DistinguishedName::parse(text)?, text.to_owned()))).collect()
        }
        GroupsBy::Member => {
            // The name as the entry has it: `memberUid` is compared with its capitals.
            let names = match directory.kind {
                DirectoryKind::ActiveDirectory => Vec::new(),
                _ => person.texts(&directory.login_attribute).map(str::to_owned).collect(),
            };
            holding(directory, reader, &[person.dn.as_str()], &names).await?
        }
    };
    if directory.kind == DirectoryKind::ActiveDirectory {
        found.extend(primary(directory, reader, person).await?);
    }
    Ok(found)
}

async fn parents(
    directory: &Directory,
    reader: &mut Reader,
    level: &Level,
    known: &mut KnownParents,
) -> Result<Level, DirectoryError> {
    let mut above = Vec::new();
    for (name, text) in level {
        if let Some(parents) = known.0.get(name) {
            above.extend(parents.iter().cloned());
            continue;
        }
        let parents = holding(directory, reader, &[text.as_str()], &[]).await?;
        above.extend(parents.iter().cloned());
        known.0.insert(name.clone(), parents);
    }
    Ok(above)
}

/// The groups that hold one of these members. A name goes into a filter escaped, even where a server wrote it: its own
/// backslashes would be undone first, and another name be looked for (RFC 4515 §3).
async fn holding(
    directory: &Directory,
    reader: &mut Reader,
    members: &[&str],
    names: &[String],
) -> Result<Level, DirectoryError> {
    let mut found = Vec::new();
    let terms: Vec<String> = members
        .iter()
        .flat_map(|dn| {
            let dn = ldap_escape(*dn);
            match directory.kind {
                DirectoryKind::ActiveDirectory => vec![format!("(member={dn})")],
                _ => vec![format!("(member={dn})"), format!("(uniqueMember={dn})")],
            }
        })
        .chain(names.iter().map(|name| format!("(memberUid={})", ldap_escape(name.as_str()))))
        .collect();
    for some in terms.chunks(AT_ONCE) {
        let filter = format!("(|{})", some.concat());
        for entry in reader.all("the search for groups", &directory.group_base, &filter, &["1.1"], MOST).await? {
            found.extend(entry.name().map(|name| (name, entry.dn)));
        }
    }
    Ok(found)
}

/// The primary group: the domain of the person's SID with the number of the group behind it.
async fn primary(
    directory: &Directory,
    reader: &mut Reader,
    person: &FoundEntry,
) -> Result<Option<(DistinguishedName, String)>, DirectoryError> {
    let number = person.text("primaryGroupID").and_then(|text| text.parse::<u32>().ok());
    let (Some(number), Some(sid)) = (number, person.values("objectSid").first()) else { return Ok(None) };
    let Some(domain) = sid.len().checked_sub(4).and_then(|length| sid.get(..length)) else { return Ok(None) };
    let group = [domain, &number.to_le_bytes()].concat();
    let filter = format!("(objectSid={})", bytes_in_filter(&group));
    let found = reader.one("the search for the primary group", &directory.group_base, Scope::Subtree, &filter, &["1.1"], false);
    Ok(match found.await? {
        One::Only(entry) => entry.name().map(|name| (name, entry.dn)),
        One::None | One::Several => None,
    })
}

/// Bytes in a filter: each one escaped.
pub(super) fn bytes_in_filter(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("\\{byte:02x}")).collect()
}
