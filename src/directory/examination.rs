//! A look at one directory for its operators: each server with its certificate, what the account of ours may see there, and
//! what a sign-in would meet. Each finding says what is to be done. Nothing is changed, and nobody is bound but that account
//! and the name that nobody bears.

use std::net::IpAddr;

use ldap3::Scope;
use secrecy::SecretString;
use time::OffsetDateTime;
use time::macros::format_description;
use x509_parser::prelude::{FromDer as _, GeneralName, X509Certificate};

use super::dn::DistinguishedName;
use super::entry::FoundEntry;
use super::error::{DirectoryError, printable};
use super::groups::{self, KnownParents};
use super::person::{self, changed_attribute, id_of};
use super::reader::{One, Reader};
use super::server::DirectoryServer;
use super::{Directory, NOBODY};
use crate::clock::{SharedClock, Timestamp};
use crate::config::schema::DirectoryKind;
use crate::principal::user::UserId;

/// More people than this are not counted.
const MOST: usize = 200_000;
/// A certificate that ends within this many days is warned of.
const SOON: i64 = 21;
/// So many seconds of difference between the clocks are nothing.
const CLOSE: i64 = 60;

// What servers announce at their root (RFC 4512 §5.1).
const PAGED_RESULTS: &str = "1.2.840.113556.1.4.319";
const PASSWORD_POLICY: &str = "1.3.6.1.4.1.42.2.27.8.5.1";
const WHO_AM_I: &str = "1.3.6.1.4.1.4203.1.11.3";
const PASSWORD_MODIFY: &str = "1.3.6.1.4.1.4203.1.11.1";
const ACTIVE_DIRECTORY: &str = "1.2.840.113556.1.4.800";

/// One thing that was found, in a sentence that says what is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectoryFinding {
    /// As it should be.
    Good(String),
    /// Could not be looked at, or is worth knowing.
    Note(String),
    /// Works, and will surprise somebody.
    Warning(String),
    /// Nobody, or not everybody, can sign in like this.
    Wrong(String),
}

impl Directory {
    /// Looks at everything that can be looked at without anybody's password. `sample` is the user whose entry and groups are
    /// looked at; the first person of the list by default. `drawn` is a random password for the name that nobody bears.
    pub async fn examine(&self, sample: Option<&UserId>, drawn: &SecretString, clock: &SharedClock) -> Vec<DirectoryFinding> {
        let mut look = DirectoryExamination { directory: self, clock, found: Vec::new() };
        look.servers().await;
        look.wrong_password(drawn).await;
        look.account(sample).await;
        look.found
    }
}

struct DirectoryExamination<'a> {
    directory: &'a Directory,
    clock: &'a SharedClock,
    found: Vec<DirectoryFinding>,
}

impl DirectoryExamination<'_> {
    fn good(&mut self, text: impl Into<String>) {
        self.found.push(DirectoryFinding::Good(text.into()));
    }

    fn note(&mut self, text: impl Into<String>) {
        self.found.push(DirectoryFinding::Note(text.into()));
    }

    fn warn(&mut self, text: impl Into<String>) {
        self.found.push(DirectoryFinding::Warning(text.into()));
    }

    fn wrong(&mut self, text: impl Into<String>) {
        self.found.push(DirectoryFinding::Wrong(text.into()));
    }

    async fn servers(&mut self) {
        match self.directory.servers.in_order(self.directory, self.clock).await {
            Err(error) => self.wrong(format!("servers: {}", why(&error))),
            Ok(servers) => {
                if let Some(record) = self.directory.servers.record() {
                    let all = servers.iter().map(|server| server.url.as_str()).collect::<Vec<_>>().join(", ");
                    self.good(format!("DNS: `{record}` names {all}"));
                }
                for server in servers {
                    self.server(&server).await;
                }
            }
        }
    }

    async fn server(&mut self, server: &DirectoryServer) {
        let url = &server.url;
        let within = self.directory.answer_within;
        let said = match server.connect(self.directory).await {
            Err(why) => {
                self.wrong(format!("{url}: no connection over TLS: {why}"));
                return;
            }
            Ok(connection) => {
                connection
                    .hold(|mut ldap| async move {
                        let certificate = ldap.get_peer_certificate().await.ok().flatten();
                        let mut reader = Reader { ldap, within };
                        let asked = ["namingContexts", "supportedControl", "supportedExtension", "supportedCapabilities"];
                        let attributes = [&asked[..], &["currentTime", "vendorName"]].concat();
                        let root =
                            reader.one("the look at its root", "", Scope::Base, "(objectClass=*)", &attributes, false).await;
                        Ok((certificate, root))
                    })
                    .await
            }
        };
        match said {
            Err(error) => self.wrong(format!("{url}: {}", why(&error))),
            Ok((certificate, root)) => {
                self.certificate(server, certificate.as_deref());
                match root {
                    Ok(One::Only(root)) => self.root(server, &root),
                    Ok(_) => {
                        self.note(format!("{url}: it shows its root to nobody who is not signed in: what it can is not known"))
                    }
                    Err(error) => self.note(format!("{url}: it does not say what it can: {}", why(&error))),
                }
            }
        }
    }

    fn certificate(&mut self, server: &DirectoryServer, der: Option<&[u8]>) {
        let url = &server.url;
        let Some(Ok((_, certificate))) = der.map(X509Certificate::from_der) else {
            self.note(format!("{url}: its certificate is believed and cannot be shown"));
            return;
        };
        let end = certificate.validity().not_after.timestamp();
        let days = (end - self.clock.now().seconds()).div_euclid(86_400);
        let names = certificate.subject_alternative_name().ok().flatten();
        let names = names.iter().flat_map(|names| &names.value.general_names).filter_map(shown_name);
        let names = printable(&names.collect::<Vec<_>>().join(", "), 200);
        let until = Timestamp::from_seconds(end).rfc3339();
        let text = format!("{url}: its certificate is believed, for {names}, until {until} ({days} days)");
        match days < SOON {
            true => self.warn(format!("{text}: have it renewed before that, or nobody signs in then")),
            false => self.good(text),
        }
    }

    /// What the server announces.
    fn root(&mut self, server: &DirectoryServer, root: &FoundEntry) {
        let (url, kind) = (&server.url, self.directory.kind);
        let has = |attribute: &str, what: &str| root.texts(attribute).any(|one| one == what);
        let is_ad = has("supportedCapabilities", ACTIVE_DIRECTORY);
        let is_389 = root.text("vendorName").is_some_and(|name| name.contains("389"));
        match (kind, is_ad, is_389) {
            (DirectoryKind::ActiveDirectory, false, _) => {
                self.wrong(format!("{url}: it is no Active Directory; write kind = \"openldap\", \"389ds\" or \"ldap\""));
            }
            (_, true, _) if kind != DirectoryKind::ActiveDirectory => {
                self.wrong(format!("{url}: it is an Active Directory; write kind = \"active_directory\""));
            }
            (DirectoryKind::Openldap | DirectoryKind::Ldap, _, true) => {
                self.wrong(format!("{url}: it is a 389 Directory Server; write kind = \"389ds\""));
            }
            _ => self.good(format!("{url}: it is of the kind that the config says")),
        }
        match has("supportedControl", PAGED_RESULTS) {
            true => self.good(format!("{url}: it gives out long lists in pages")),
            false => {
                self.wrong(format!("{url}: it has no paged results ({PAGED_RESULTS}), by which groups and `sync_every` are read"))
            }
        }
        if kind != DirectoryKind::ActiveDirectory {
            match has("supportedControl", PASSWORD_POLICY) {
                true => self.good(format!("{url}: it says by a control whether a password is expired, locked or to be changed")),
                false => self.warn(format!(
                    "{url}: it has no password policy control: who is locked or expired gets the words for a wrong password; OpenLDAP \
                     has it with the overlay `ppolicy` (and `ppolicy_use_lockout`)"
                )),
            }
            if self.directory.changes_passwords && !has("supportedExtension", PASSWORD_MODIFY) {
                self.warn(format!("{url}: passwords cannot be changed there (RFC 3062); write change_password = false"));
            }
        }
        if !has("supportedExtension", WHO_AM_I) {
            self.note(format!("{url}: it does not say who is bound (RFC 4532); the own entry is what counts then"));
        }
        self.clocks(server, root.text("currentTime"));
        let base = DistinguishedName::parse(&self.directory.base);
        let mut contexts = root.texts("namingContexts").peekable();
        let listed = printable(&root.texts("namingContexts").collect::<Vec<_>>().join("; "), 400);
        if contexts.peek().is_some() {
            let is_there = |context: &str| {
                let context = DistinguishedName::parse(context);
                base.as_ref().zip(context.as_ref()).is_some_and(|(base, context)| base.is_below(context))
            };
            match contexts.any(is_there) {
                true => self.good(format!("{url}: `base` is in what it holds")),
                false => self.wrong(format!("{url}: it holds {listed}, and `base` is in none of them: mend `base`")),
            }
        }
    }

    fn clocks(&mut self, server: &DirectoryServer, said: Option<&str>) {
        let url = &server.url;
        let Some(there) = said.and_then(seconds_of) else {
            self.note(format!(
                "{url}: it does not say its time; compare the clocks by hand where tickets or short locks are used"
            ));
            return;
        };
        let apart = there - self.clock.now().seconds();
        match apart.abs() <= CLOSE {
            true => self.good(format!("{url}: its clock and ours are {} s apart", apart.abs())),
            false => self.warn(format!(
                "{url}: its clock is {} s {} ours: let NTP keep both; beyond 300 s no Kerberos ticket counts",
                apart.abs(),
                if apart > 0 { "ahead of" } else { "behind" },
            )),
        }
    }

    /// What a sign-in with a wrong password meets, under the name that nobody bears.
    async fn wrong_password(&mut self, drawn: &SecretString) {
        let directory = self.directory;
        let said = async {
            let target = person::find(directory, NOBODY, self.clock).await?;
            let (_, connection) = directory.servers.connect(directory, self.clock).await?;
            connection.hold(|mut ldap| async move { person::bind(directory, &mut ldap, &target.name, drawn).await }).await
        };
        match said.await {
            Err(DirectoryError::Refused(reason)) => self.good(format!("sign-in: a wrong password is refused as one ({reason})")),
            Ok(()) => {
                self.wrong("sign-in: a random password for a name that nobody has was accepted: anybody gets in there".to_owned())
            }
            Err(error) => self.wrong(format!("sign-in: nobody can sign in: {}", why(&error))),
        }
    }

    /// What the account of ours may see.
    async fn account(&mut self, sample: Option<&UserId>) {
        let Some(service) = &self.directory.service else {
            self.note(
                "bind_as: not set, so that people and groups cannot be looked at here; a sign-in of one of them shows more",
            );
            return;
        };
        let mut reader = match service.reader(self.directory, self.clock, true).await {
            Ok(reader) => reader,
            Err(error) => return self.wrong(format!("bind_as: {}", why(&error))),
        };
        self.good("bind_as: the account signs in");
        self.exists(&mut reader, "base", &self.directory.base).await;
        for (group, names) in &self.directory.groups {
            for name in names {
                self.exists(&mut reader, &format!("groups.{}", group.as_str()), &name.to_string()).await;
            }
        }
        let first = self.people(&mut reader).await;
        let login = match sample {
            Some(user) => match self.directory.login_of(user) {
                Some(login) => Some(login),
                None => return self.wrong(format!("sample: {} is not a name of this directory", user.as_str())),
            },
            None => first,
        };
        if let Some(login) = login {
            self.sample(&mut reader, &login).await;
        }
    }

    async fn exists(&mut self, reader: &mut Reader, what: &str, name: &str) {
        match reader.one("the look at it", name, Scope::Base, "(objectClass=*)", &["1.1"], false).await {
            Ok(One::Only(_)) => self.good(format!("{what}: {name} is there")),
            Ok(_) => self.wrong(format!("{what}: {name} is not there, or `bind_as` may not see it: mend the name or its rights")),
            Err(error) => {
                let why = why(&error);
                self.wrong(format!(
                    "{what}: {name} is not there, or `bind_as` may not see it: mend the name or its rights ({why})"
                ));
            }
        }
    }

    /// Everybody, page by page: whether the list is whole, and the name of the first.
    async fn people(&mut self, reader: &mut Reader) -> Option<String> {
        let directory = self.directory;
        let (filter, attribute) = (&directory.people_filter, &directory.login_attribute);
        match reader.all("the list of people", &directory.base, filter, &[attribute], MOST).await {
            Err(error) => {
                self.wrong(format!(
                    "people: {}; let the server give `bind_as` the whole list (OpenLDAP: limits … size=unlimited)",
                    why(&error)
                ));
                None
            }
            Ok(all) => {
                let nameless = all.iter().filter(|entry| entry.text(attribute).is_none()).count();
                match all.len() {
                    0 => self.wrong(format!("people: nobody below `base` answers to {filter}: mend `base` or `people_filter`")),
                    count => self.good(format!("people: {count} below `base` answer to {filter}, and the list is whole")),
                }
                if nameless > 0 {
                    self.warn(format!(
                        "people: {nameless} have no `{attribute}` that `bind_as` may read, and cannot sign in: mend `login_attribute` or \
                         its rights"
                    ));
                }
                all.iter().find_map(|entry| entry.text(attribute)).map(str::to_owned)
            }
        }
    }

    async fn sample(&mut self, reader: &mut Reader, login: &str) {
        let directory = self.directory;
        let (filter, attributes) = (directory.filter_of(login), directory.attributes());
        let what = "the search for a person";
        let found = reader.one(what, &directory.base, Scope::Subtree, &filter, &attributes, false);
        let shown = printable(login, 64);
        let entry = match found.await {
            Ok(One::Only(entry)) => entry,
            Ok(One::None) => {
                return self.wrong(format!("{shown}: no entry below `base` has this name and answers to `people_filter`"));
            }
            Ok(One::Several) => return self.wrong(format!("{shown}: two entries have this name: neither can sign in")),
            Err(error) => return self.wrong(format!("{shown}: {}", why(&error))),
        };
        self.good(format!("{shown}: the entry is {}", printable(&entry.dn, 200)));
        match id_of(directory, &entry) {
            Some(id) => self.good(format!("{shown}: {} names the entry for good: {id}", directory.id_attribute)),
            None => self.wrong(format!(
                "{shown}: `bind_as` may read no {}, without which nobody is let in: grant it, or name another in `id_attribute`",
                directory.id_attribute
            )),
        }
        for (attribute, without) in needed(directory.kind) {
            if entry.values(attribute).is_empty() {
                self.warn(format!("{shown}: `bind_as` reads no {attribute}: {without}"));
            }
        }
        let changed = changed_attribute(directory.kind);
        if entry.values(changed).is_empty() {
            self.note(format!("{shown}: no {changed} is read: that the password was changed there is not noticed here"));
        }
        match groups::of_person(directory, reader, &entry, &mut KnownParents::default()).await {
            Err(error) => self.wrong(format!("{shown}: groups: {}", why(&error))),
            Ok(all) => {
                let ours = directory.groups.iter().filter(|(_, names)| names.iter().any(|name| all.contains(name)));
                let ours = ours.map(|(group, _)| group.as_str()).collect::<Vec<_>>().join(", ");
                let ours = if ours.is_empty() { "none of ours".to_owned() } else { format!("of ours: {ours}") };
                self.good(format!("{shown}: in {} groups there, nested ones too; {ours}", all.len()));
            }
        }
    }
}

/// A name of a certificate that a host could have.
fn shown_name(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::DNSName(name) => Some((*name).to_owned()),
        GeneralName::IPAddress(bytes) => match (<[u8; 4]>::try_from(*bytes), <[u8; 16]>::try_from(*bytes)) {
            (Ok(short), _) => Some(IpAddr::from(short).to_string()),
            (_, Ok(long)) => Some(IpAddr::from(long).to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// What is wrong, without the words of a sign-in.
fn why(error: &DirectoryError) -> String {
    match error {
        DirectoryError::Unreachable(why) | DirectoryError::Misconfigured(why) => why.clone(),
        error => error.to_string(),
    }
}

/// What `bind_as` should be able to read of a person, and what is not known without it.
const fn needed(kind: DirectoryKind) -> &'static [(&'static str, &'static str)] {
    match kind {
        DirectoryKind::ActiveDirectory => &[
            (
                "userAccountControl",
                "`sync_every` does not notice who is disabled; let it read the property set “Account Restrictions”",
            ),
            ("objectSid", "the primary group is not found; let it read “General Information”"),
            ("primaryGroupID", "the primary group is not found; let it read “Group Membership”"),
        ],
        _ => &[],
    }
}

/// The seconds since 1970 of a GeneralizedTime as servers write it: `20261129225000.0Z`, `20261129225000Z`.
fn seconds_of(text: &str) -> Option<i64> {
    let digits = text.get(..14).filter(|_| text.ends_with('Z'))?;
    let format = format_description!("[year][month][day][hour][minute][second]");
    time::PrimitiveDateTime::parse(digits, &format).ok().map(|moment| OffsetDateTime::unix_timestamp(moment.assume_utc()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_a_server_is_read_as_servers_write_it() {
        assert_eq!(seconds_of("20270115080000.0Z"), Some(1_800_000_000));
        assert_eq!(seconds_of("20270115080000Z"), Some(1_800_000_000));
        assert_eq!((seconds_of("20270115"), seconds_of("2027011508000é"), seconds_of("20271315080000Z")), (None, None, None));
    }
}
