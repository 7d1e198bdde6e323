//! One conversation with a server: TLS, one bind as the user, and a look at who that is. Each step has its time, and when
//! the conversation is dropped its socket is shut, whatever else still held it.
//! Invariant: before TLS nothing is sent but the request for it (StartTLS); a connection serves one password.

use std::collections::HashMap;
use std::net::{Shutdown, TcpStream as StdTcpStream};
use std::time::Duration;

use aws_lc_rs::digest;
use ldap3::exop::WhoAmI;
use ldap3::{
    DerefAliases, Ldap, LdapConnAsync, LdapConnSettings, LdapResult, Scope, SearchEntry, SearchOptions, StdStream, ldap_escape,
};
use secrecy::{ExposeSecret as _, SecretString};
use tokio::net::TcpStream;

use super::{AdPasswordError, CredentialId, Directory, DirectoryServer, Login, Reason};

/// Attributes that say who an entry is, and how old the password is.
const ATTRIBUTES: [&str; 4] = ["sAMAccountName", "userPrincipalName", "objectGUID", "pwdLastSet"];

// Result codes of RFC 4511 §4.1.9.
const SUCCESS: u32 = 0;
const PROTOCOL_ERROR: u32 = 2;
const SIZE_LIMIT_EXCEEDED: u32 = 4;
/// Those that speak of who binds; every other one speaks of the server.
const OF_WHO_BINDS: [u32; 7] = [19, 32, 34, 48, 49, 50, 53];

/// A connection over TLS that nothing was said on.
pub(super) struct Connection {
    driver: LdapConnAsync,
    ldap: Ldap,
    _socket: LdapSocket,
}

/// Shuts the socket when it is dropped: a task of the library may hold it still.
struct LdapSocket(StdTcpStream);

impl Drop for LdapSocket {
    fn drop(&mut self) {
        // It may be shut already.
        let _shut = self.0.shutdown(Shutdown::Both);
    }
}

/// Connects, and verifies certificate and host name.
pub(super) async fn connect(directory: &Directory, server: &DirectoryServer) -> Result<Connection, String> {
    let within = directory.connect_within;
    let connected = tokio::time::timeout(within, async {
        let stream = tcp(server).await.and_then(TcpStream::into_std).map_err(|error| error.to_string())?;
        let socket = LdapSocket(stream.try_clone().map_err(|error| error.to_string())?);
        // `ldap://` never stays plain: with this set the library asks for StartTLS first and goes no further without.
        let settings = LdapConnSettings::new()
            .set_config(directory.tls.clone())
            .set_starttls(server.url.scheme() == "ldap")
            .set_std_stream(StdStream::Tcp(stream));
        let (driver, ldap) =
            LdapConnAsync::from_url_with_settings(settings, &server.url).await.map_err(|error| error.to_string())?;
        Ok(Connection { driver, ldap, _socket: socket })
    });
    connected.await.unwrap_or_else(|_elapsed| Err(format!("no connection within {within:?}")))
}

#[expect(clippy::disallowed_methods, reason = "not a connection to an app: the config names where a directory is")]
async fn tcp(server: &DirectoryServer) -> std::io::Result<TcpStream> {
    TcpStream::connect((&*server.host, server.port)).await
}

/// Binds as `login` and looks whose entry that is.
pub(super) async fn judge(
    directory: &Directory,
    connection: Connection,
    login: &Login,
    password: &SecretString,
) -> Result<CredentialId, AdPasswordError> {
    let Connection { driver, ldap, _socket } = connection;
    let said = Conversation { directory, ldap }.hold(login, password);
    let driven = driver.drive();
    tokio::pin!(said, driven);
    tokio::select! {
        biased;
        said = &mut said => said,
        // Whatever was still to come is answered with an error now.
        _ended = &mut driven => said.await,
    }
}

struct Conversation<'a> {
    directory: &'a Directory,
    ldap: Ldap,
}

impl Conversation<'_> {
    async fn hold(mut self, login: &Login, password: &SecretString) -> Result<CredentialId, AdPasswordError> {
        self.bind(login, password).await?;
        let bound = self.who().await?;
        let entry = self.own_entry(login).await?;
        let credential = self.recognise(login, bound.as_deref(), &entry);
        // The answer stands; a goodbye that fails changes nothing.
        let _said = tokio::time::timeout(self.directory.answer_within, self.ldap.unbind()).await;
        credential
    }

    async fn bind(&mut self, login: &Login, password: &SecretString) -> Result<(), AdPasswordError> {
        let bound = self.ldap.simple_bind(&login.principal, password.expose_secret());
        let LdapResult { rc, text, .. } = answered(self.directory.answer_within, bound).await?;
        match rc {
            SUCCESS => Ok(()),
            rc if OF_WHO_BINDS.contains(&rc) => Err(AdPasswordError::Refused(Reason::of_bind(rc, &text))),
            rc => Err(AdPasswordError::Unreachable(format!("it answers the bind with result {rc}: {text}"))),
        }
    }

    /// Who the server says is bound (RFC 4532): `u:CORP\bob`; `None` if it does not know how to say.
    async fn who(&mut self) -> Result<Option<String>, AdPasswordError> {
        let asked = self.ldap.extended(WhoAmI);
        let ldap3::result::ExopResult(said, LdapResult { rc, text, .. }) = answered(self.directory.answer_within, asked).await?;
        match rc {
            SUCCESS => Ok(Some(String::from_utf8_lossy(&said.val.unwrap_or_default()).into_owned())),
            PROTOCOL_ERROR => Ok(None),
            rc => Err(AdPasswordError::Unreachable(format!("it answers \"who am I\" with result {rc}: {text}"))),
        }
    }

    /// The one entry with this name, found with the rights of the bound user: an unbound client may not search (T33, T34).
    async fn own_entry(&mut self, login: &Login) -> Result<DirectoryEntry, AdPasswordError> {
        let within = self.directory.answer_within;
        let seconds = i32::try_from(within.as_secs()).unwrap_or(i32::MAX).max(1);
        let options = SearchOptions::new().deref(DerefAliases::Never).sizelimit(2).timelimit(seconds);
        let filter = filter(login);
        let found = self.ldap.with_search_options(options).search(&self.directory.base, Scope::Subtree, &filter, ATTRIBUTES);
        let ldap3::result::SearchResult(entries, LdapResult { rc, .. }) = answered(within, found).await?;
        let mut entries = entries.into_iter().filter(|entry| !entry.is_ref()).map(SearchEntry::construct);
        match (rc, entries.next(), entries.next()) {
            (SUCCESS, Some(only), None) => Ok(DirectoryEntry::of(only)),
            (SUCCESS | SIZE_LIMIT_EXCEEDED, Some(_), Some(_)) => Err(self.stranger(login, "two entries have this name")),
            (SUCCESS, ..) => Err(self.stranger(login, "no entry below `base` has this name")),
            (rc, ..) => Err(self.stranger(login, &format!("the search for the own entry ended with result {rc}"))),
        }
    }

    fn recognise(&self, login: &Login, bound: Option<&str>, entry: &DirectoryEntry) -> Result<CredentialId, AdPasswordError> {
        // The directory finds `bob` where `bób` was asked for: only the very name counts.
        if !same(&entry.name, &login.name) && !same(&entry.principal, &login.principal) {
            return Err(self.stranger(login, "the entry found has another name"));
        }
        // `u:CORP\bob`, or the name alone.
        let bound_as = bound.map(|said| said.strip_prefix("u:").unwrap_or_default());
        if bound_as.is_some_and(|said| !same(said.rsplit('\\').next().unwrap_or_default(), &entry.name)) {
            return Err(self.stranger(login, "the server says that somebody else is bound"));
        }
        if entry.guid.is_empty() {
            return Err(self.stranger(login, "the entry found has no objectGUID"));
        }
        Ok(self.credential(entry))
    }

    /// A changed password is another credential.
    fn credential(&self, entry: &DirectoryEntry) -> CredentialId {
        let mut text = format!("ad_password/{}/{}/", self.directory.name, entry.set).into_bytes();
        text.extend(&entry.guid);
        let hash = digest::digest(&digest::SHA256, &text);
        CredentialId(hash.as_ref().first_chunk().copied().unwrap_or_default())
    }

    /// The bind went well, and who is bound is not known: refused, and logged for operators, since a wrong `base` has this effect.
    fn stranger(&self, login: &Login, why: &str) -> AdPasswordError {
        tracing::error!(directory = %self.directory.name, principal = %login.principal, reason = why, "directory_another_identity");
        AdPasswordError::Refused(Reason::AnotherIdentity)
    }
}

/// RFC 4515 §3: what could mean something in a filter is escaped (T34).
fn filter(login: &Login) -> String {
    let [name, principal] = [&login.name, &login.principal].map(|text| ldap_escape(text.as_str()));
    format!("(&(objectCategory=person)(objectClass=user)(|(sAMAccountName={name})(userPrincipalName={principal})))")
}

/// Names are the same in any case.
fn same(one: &str, other: &str) -> bool {
    !one.is_empty() && one.chars().flat_map(char::to_lowercase).eq(other.chars().flat_map(char::to_lowercase))
}

/// What an entry says of itself.
#[derive(Default)]
struct DirectoryEntry {
    name: String,
    principal: String,
    guid: Vec<u8>,
    set: String,
}

impl DirectoryEntry {
    fn of(found: SearchEntry) -> Self {
        let mut own = Self::default();
        let mut texts: HashMap<String, String> = found
            .attrs
            .into_iter()
            .filter_map(|(name, values)| Some((name.to_ascii_lowercase(), values.into_iter().next()?)))
            .collect();
        let mut text = |name: &str| texts.remove(name).unwrap_or_default();
        own.name = text("samaccountname");
        own.principal = text("userprincipalname");
        own.set = text("pwdlastset");
        // Sixteen bytes that may happen to be a text.
        own.guid = text("objectguid").into_bytes();
        for (name, values) in found.bin_attrs {
            if name.eq_ignore_ascii_case("objectGUID") {
                own.guid = values.into_iter().next().unwrap_or_default();
            }
        }
        own
    }
}

async fn answered<T>(within: Duration, asked: impl Future<Output = ldap3::result::Result<T>>) -> Result<T, AdPasswordError> {
    match tokio::time::timeout(within, asked).await {
        Ok(answer) => answer.map_err(|error| AdPasswordError::Unreachable(error.to_string())),
        Err(_elapsed) => Err(AdPasswordError::Unreachable(format!("no answer within {within:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_name_means_anything_in_a_filter_t34() {
        let login = Login { name: "*)(uid=*))(|(uid=*".to_owned(), principal: "a\0\\@x".to_owned() };
        let written = filter(&login);
        let (before, after) = written.split_once("sAMAccountName=").unwrap();
        assert_eq!(before, "(&(objectCategory=person)(objectClass=user)(|(");
        assert_eq!(after, "\\2a\\29\\28uid=\\2a\\29\\29\\28|\\28uid=\\2a)(userPrincipalName=a\\00\\5c@x)))");
    }

    #[test]
    fn only_the_very_name_counts_whatever_its_capitals_t32() {
        assert!(same("Bob", "bob") && same("ÉVA", "éva"));
        assert!(!same("bób", "bob") && !same("", "") && !same("bob ", "bob"));
    }
}
