//! A Kerberos ticket: good by the library, and by a rule of the config some user's. An account of Active Directory is known by
//! its SID once it has signed in, so that a renamed account stays the same user and a new account of an old name is another.

mod records;

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use aws_lc_rs::digest;

use super::Proof;
use crate::clock::SharedClock;
use crate::config::schema::KerberosSection;
use crate::kerberos::fault::TicketFault;
use crate::kerberos::token::NegotiateToken;
use crate::kerberos::{AcceptedTicket, Acceptor, AcceptorError, ClientPrincipal};
use crate::principal::method::{CredentialId, Method};
use crate::principal::user::UserId;
use crate::store::database::{Database, DatabaseError};

/// Why a ticket proved nothing.
#[derive(Debug, thiserror::Error)]
pub enum TicketError {
    /// It does not count; with a text for the log.
    #[error("{0}: {1}")]
    Refused(TicketFault, String),
    /// The directory.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// Tickets, as the config takes them.
pub struct KerberosTickets {
    configured: ArcSwapOption<ConfiguredTickets>,
    database: Database,
    clock: SharedClock,
}

struct ConfiguredTickets {
    acceptor: Acceptor,
    section: KerberosSection,
}

/// A ticket that was accepted, and the user whose it is by name or SID.
#[derive(Debug)]
pub struct NamedTicket {
    /// The ticket.
    pub ticket: AcceptedTicket,
    /// The user; whether there is one of this name is not known yet.
    pub user: UserId,
}

impl fmt::Debug for KerberosTickets {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "KerberosTickets(configured: {})", self.is_configured())
    }
}

impl KerberosTickets {
    /// Taken by this acceptor, under this section of the config.
    pub fn new(acceptor: Option<Acceptor>, section: Option<&KerberosSection>, database: Database, clock: SharedClock) -> Self {
        let tickets = Self { configured: ArcSwapOption::empty(), database, clock };
        tickets.configure(acceptor, section);
        tickets
    }

    /// From now on by this one.
    pub fn configure(&self, acceptor: Option<Acceptor>, section: Option<&KerberosSection>) {
        let configured = acceptor.zip(section.cloned()).map(|(acceptor, section)| ConfiguredTickets { acceptor, section });
        self.configured.store(configured.map(Arc::new));
    }

    /// Whether tickets are taken at all.
    pub fn is_configured(&self) -> bool {
        self.configured.load().is_some()
    }

    /// Whether a client at this address is asked for a ticket, and one of its is looked at.
    pub fn asks(&self, address: std::net::IpAddr) -> bool {
        let configured = self.configured.load();
        let networks = configured.as_ref().map(|configured| &configured.section.networks);
        networks.is_some_and(|networks| networks.iter().any(|network| network.0.contains(&address)))
    }

    /// Whether what is configured works: keytab and replay cache. Where nothing is, nothing is wrong.
    ///
    /// # Errors
    /// [`AcceptorError`].
    pub fn ready(&self) -> Result<(), AcceptorError> {
        self.configured.load().as_ref().map_or(Ok(()), |configured| configured.acceptor.ready())
    }

    /// Accepts a ticket, and says whose it is.
    ///
    /// # Errors
    /// [`TicketError`].
    pub async fn accept(&self, token: NegotiateToken, binding: Option<Arc<[u8]>>) -> Result<NamedTicket, TicketError> {
        let Some(configured) = self.configured.load_full() else {
            return Err(TicketError::Refused(TicketFault::KeytabUnusable, "no keytab is configured".to_owned()));
        };
        let ticket = configured.acceptor.accept(token, binding).await;
        let ticket = ticket.map_err(|(fault, text)| TicketError::Refused(fault, text))?;
        let known = match &ticket.account {
            Some(account) => records::user_of(&self.database, &account.sid).await?,
            None => None,
        };
        let user = match known {
            Some(user) => user,
            None => {
                let named = user_of(&configured.section, &ticket);
                named.ok_or_else(|| TicketError::Refused(TicketFault::NotMapped, ticket.client.to_string()))?
            }
        };
        Ok(NamedTicket { ticket, user })
    }

    /// The proof of a ticket, for a user who is there. The first ticket of an account of Active Directory ties that account to
    /// the user.
    ///
    /// # Errors
    /// [`TicketError`], where another account is tied to the user.
    pub async fn prove(&self, named: &NamedTicket) -> Result<Proof, TicketError> {
        let NamedTicket { ticket, user } = named;
        let now = self.clock.now();
        if let Some(account) = &ticket.account {
            let tied = records::tie(&self.database, user, &account.sid, &account.name, now).await?;
            if tied != account.sid {
                let text = format!("{} is {}, and {user} is {tied}", ticket.client, account.sid);
                return Err(TicketError::Refused(TicketFault::AccountChanged, text));
            }
        }
        Ok(Proof::new(Method::Kerberos, user.clone(), credential(ticket), now))
    }

    /// The account that is tied to a user: its SID, and its name at that time.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn account_of(&self, user: &UserId) -> Result<Option<(String, String)>, DatabaseError> {
        records::account_of(&self.database, user).await
    }

    /// Unties the account of a user, so that the next ticket ties another; whether there was one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn untie(&self, user: &UserId) -> Result<bool, DatabaseError> {
        records::untie(&self.database, user).await
    }
}

/// The user that the rule of the realm makes of an account. Nothing but the case of its letters may change on the way: what
/// is another account there is never the same user here.
fn user_of(section: &KerberosSection, ticket: &AcceptedTicket) -> Option<UserId> {
    let AcceptedTicket { client, account, .. } = ticket;
    let name = account.as_ref().map_or_else(|| client.account(), |account| &account.name);
    by_rule(section, client, name)
}

fn by_rule(section: &KerberosSection, client: &ClientPrincipal, name: &str) -> Option<UserId> {
    let realm = section.realm.iter().find(|realm| realm.name == client.realm)?;
    let lower = realm.user.replace("{realm}", &client.realm.to_lowercase()).replace("{name}", &name.to_lowercase());
    UserId::parse(&lower).ok().filter(|user| user.as_str() == lower.to_lowercase())
}

/// What evidence names: the account, no secret.
fn credential(ticket: &AcceptedTicket) -> CredentialId {
    let name = ticket.account.as_ref().map_or_else(|| ticket.client.to_string(), |account| account.sid.clone());
    let hash = digest::digest(&digest::SHA256, name.as_bytes());
    CredentialId(hash.as_ref().first_chunk().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::config::schema::{ChannelBindingMode, KerberosRealm};

    fn section(rules: &[(&str, &str)]) -> KerberosSection {
        KerberosSection {
            keytab: PathBuf::from("k"),
            realm: rules
                .iter()
                .map(|(name, user)| KerberosRealm { name: (*name).to_owned(), user: (*user).to_owned() })
                .collect(),
            networks: Vec::new(),
            channel_binding: ChannelBindingMode::IfSent,
            at_once: 1,
            library: None,
        }
    }

    fn named(rules: &[(&str, &str)], name: &str, realm: &str) -> Option<String> {
        let client = ClientPrincipal { name: name.to_owned(), realm: realm.to_owned() };
        by_rule(&section(rules), &client, client.account()).map(|user| user.to_string())
    }

    #[test]
    fn a_rule_makes_one_user_of_each_account() {
        let rules = [("CORP.TEST", "{name}"), ("OTHER.TEST", "{name}@{realm}"), ("LAB.TEST", "x-{name}")];
        let user = |name, realm| named(&rules, name, realm);
        assert_eq!(user("alice", "CORP.TEST").as_deref(), Some("alice"));
        assert_eq!(user("ALICE", "CORP.TEST").as_deref(), Some("alice"), "case is folded");
        assert_eq!(user("alice@corp.test", "CORP.TEST").as_deref(), Some("alice"), "an enterprise name of the realm");
        assert_eq!(user("alice@other.test", "CORP.TEST").as_deref(), Some("alice@other.test"));
        assert_eq!(user("alice", "OTHER.TEST").as_deref(), Some("alice@other.test"));
        assert_eq!(user("alice", "LAB.TEST").as_deref(), Some("x-alice"));
    }

    #[test]
    fn what_would_become_another_name_is_nobodys_t32() {
        let rules = [("CORP.TEST", "{name}")];
        for name in ["ａlice", "al ice", " alice", "ﬁona", "al/ice", "alice\u{200b}"] {
            assert_eq!(named(&rules, name, "CORP.TEST"), None, "{name:?}");
        }
        assert_eq!(named(&rules, "alice", "corp.test"), None, "a realm is compared to the letter");
        assert_eq!(named(&rules, "alice", "CORP.TEST.EVIL"), None);
    }
}
