//! `[directory.NAME]`: Active Directory and other LDAP servers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::TimeSpan;

/// A directory that judges passwords, and says in which groups its people are. It is asked over TLS alone, as the user who
/// signs in; an account of ours there is needed only where an entry cannot be named otherwise, and for `sync_every`.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Directory", deny_unknown_fields)]
pub struct DirectorySection {
    /// What it is.
    pub kind: DirectoryKind,
    /// Its servers, the next one asked where one cannot be reached: `ldaps://dc1.corp.example`, or
    /// `ldap://dc1.corp.example`, which goes over to TLS (StartTLS) before anything is said. Their certificates must carry
    /// the host as a subject alternative name, or be pinned.
    #[serde(default)]
    pub urls: Vec<String>,
    /// Instead of `urls`: the domain whose servers DNS names by SRV records, as `corp.example`; they are asked by StartTLS, in the
    /// order of their priorities and weights, and looked up again when the answer is over. The record is `_ldap._tcp.DOMAIN`,
    /// in Active Directory `_ldap._tcp.dc._msdcs.DOMAIN`; another one is named whole: `_ldaps._tcp.corp.example`, which is
    /// asked by `ldaps`, or that of a site. Hosts that are not below the domain are left out.
    #[serde(default)]
    pub srv: Option<String>,
    /// DNS servers that are asked for `srv`: `10.0.0.53`, or `10.0.0.53:5353`. Those of the machine by default.
    #[serde(default)]
    pub dns: Vec<String>,
    /// PEM file with the authority of their certificates; the system's authorities by default.
    #[serde(default)]
    pub authority: Option<PathBuf>,
    /// Server certificates that are trusted as they are, by any issuer and for any host name: the SHA-256 of
    /// each, as `openssl x509 -noout -fingerprint -sha256` writes it. With pins and without `authority` no other is believed.
    #[serde(default)]
    pub pins: Vec<String>,
    /// Its name in the chooser of the sign-in page; `upn_suffix` by default, or the name of this table.
    #[serde(default)]
    pub domain: Option<String>,
    /// How its people are called here: `{user}` stands for the name there. At most one directory may have `{user}` alone; the
    /// others put their domain behind it, as in `{user}@partner.example`.
    #[serde(default = "same_name")]
    pub user_name: String,
    /// What stands behind the `@` of the name that is signed in with there (the UPN suffix): `corp.example`. Active Directory
    /// needs it.
    #[serde(default)]
    pub upn_suffix: Option<String>,
    /// Where its users are: `DC=corp,DC=example`, `ou=people,dc=example,dc=org`.
    pub base: String,
    /// How a user of ours is called there (Active Directory: before the `@`): `{user}` stands for the name here, without what
    /// `user_name` puts behind it.
    #[serde(default = "same_name")]
    pub login_name: String,
    /// The distinguished name of a user, where it follows from the name: `uid={user},ou=people,dc=example,dc=org`. Without it
    /// `bind_as` looks for the entry. Not for Active Directory, where people are bound by their name.
    #[serde(default)]
    pub user_dn: Option<String>,
    /// The attribute that holds the name; `uid` by default, `sAMAccountName` in Active Directory.
    #[serde(default)]
    pub login_attribute: Option<String>,
    /// The attribute that names an entry for good; `objectGUID` in Active Directory, `nsUniqueId` in 389 Directory Server,
    /// `entryUUID` elsewhere.
    #[serde(default)]
    pub id_attribute: Option<String>,
    /// Which entries are people, as an LDAP filter: `(objectClass=inetOrgPerson)`.
    #[serde(default)]
    pub people_filter: Option<String>,
    /// An account of ours there that may read people and groups; a distinguished name, in Active Directory also `name@suffix`.
    #[serde(default)]
    pub bind_as: Option<String>,
    /// The file with its password.
    #[serde(default)]
    pub bind_password_file: Option<PathBuf>,
    /// Groups of ours, and the groups there whose members (nested ones too) are in them, by their distinguished names. At
    /// each sign-in, and every `sync_every`, a user is put into these and taken out; other groups of ours stay as they are.
    #[serde(default)]
    pub groups: BTreeMap<String, Vec<String>>,
    /// Where the groups are; `base` by default.
    #[serde(default)]
    pub group_base: Option<String>,
    /// How the groups of a person are found.
    #[serde(default)]
    pub groups_by: GroupsBy,
    /// Whether names and mail addresses of users are taken over from there.
    #[serde(default)]
    pub profile: bool,
    /// How often `bind_as` reads all of its people again: groups and profiles are taken over, and somebody who is gone or
    /// switched off there is switched off here, which ends every session. Not at all by default.
    #[serde(default)]
    pub sync_every: Option<TimeSpan>,
    /// Whether such a reading makes users here of people there whom nobody is linked with.
    #[serde(default)]
    pub create_users: bool,
    /// Whether people may change their passwords there from our pages.
    #[serde(default = "yes")]
    pub change_password: bool,
    /// Connecting to a server, TLS included.
    #[serde(default = "three_seconds")]
    pub connect_within: TimeSpan,
    /// Each answer of a server.
    #[serde(default = "three_seconds")]
    pub answer_within: TimeSpan,
    /// Passwords judged there at once; more wait as long as an answer may take.
    #[serde(default = "sixteen")]
    pub at_once: usize,
}

fn same_name() -> String {
    "{user}".to_owned()
}

const fn yes() -> bool {
    true
}

const fn three_seconds() -> TimeSpan {
    TimeSpan::seconds(3)
}

const fn sixteen() -> usize {
    16
}

/// What a directory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DirectoryKind {
    /// Active Directory, Microsoft's or Samba's.
    ActiveDirectory,
    /// OpenLDAP.
    Openldap,
    /// 389 Directory Server, and FreeIPA, which stands on it.
    #[serde(rename = "389ds")]
    Ds389,
    /// Another server that speaks LDAP version 3.
    Ldap,
}

/// How the groups of a person are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum GroupsBy {
    /// By the members that the groups list (`member`, `uniqueMember`, `memberUid`): true on every server.
    #[default]
    Member,
    /// By what the person's own entry says (`memberOf`), where the server keeps that: it survives a rename and is not
    /// inherited by somebody who gets the name later.
    MemberOf,
}
