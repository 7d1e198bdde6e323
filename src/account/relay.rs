//! The mail relay that messages are handed over to: by TLS that is verified, or in the clear towards this machine and networks
//! that the config lists.
//! Invariant: a password never travels in the clear, and nothing does to an address that is not listed, whatever a name
//! leads to at that moment.

use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use ipnet::IpNet;
use lettre::message::{Mailbox, Message as Mail};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use crate::config::diagnose::Complaint;
use crate::config::schema;

/// How long a relay may take for a step.
const STEP_WITHIN: Duration = Duration::from_secs(30);

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// Where mail is handed over.
pub struct Relay {
    way: Way,
    from: Mailbox,
}

/// How the relay is reached.
enum Way {
    /// By its name, over TLS or on this machine.
    Named(Transport),
    /// In the clear: at those of its addresses that are in these networks, looked up for each message.
    Listed { host: String, port: u16, networks: Box<[IpNet]> },
}

impl std::fmt::Debug for Relay {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Relay(from {})", self.from)
    }
}

impl Relay {
    /// The one of `[mail]`; none without it.
    ///
    /// # Errors
    /// A [`Complaint`] on the key that is wrong.
    pub fn of(mail: Option<&schema::Mail>) -> Result<Option<Self>, Complaint> {
        mail.map(Self::compile).transpose()
    }

    fn compile(mail: &schema::Mail) -> Result<Self, Complaint> {
        let from = mail.from.parse().map_err(|_| {
            Complaint::new("mail.from", format!("{:?} is not a sender", mail.from))
                .help("write it as `Sekisho <sekisho@example.com>`")
        })?;
        let credentials = credentials(mail)?;
        let tls = match mail.security {
            schema::MailSecurity::Starttls => Tls::Required(verified(mail)?),
            schema::MailSecurity::Tls => Tls::Wrapper(verified(mail)?),
            schema::MailSecurity::Plain if schema::is_this_machine(&mail.host) => Tls::None,
            schema::MailSecurity::Plain if mail.plain_networks.is_empty() => {
                let message = format!("mail to {:?} would go over the network in the clear", mail.host);
                let help = "use `starttls` or `tls`; for a relay that has neither, list its network in `mail.plain_networks`";
                return Err(Complaint::new("mail.security", message).help(help));
            }
            schema::MailSecurity::Plain if credentials.is_some() => {
                return Err(Complaint::new("mail.user", "the password would go over the network in the clear")
                    .help("use `starttls` or `tls`, or a relay that takes mail from this address without a password"));
            }
            schema::MailSecurity::Plain => {
                let networks = schema::networks(&mail.plain_networks);
                let host = mail.host.trim_matches(['[', ']']).to_owned();
                return Ok(Self { way: Way::Listed { host, port: mail.port, networks }, from });
            }
        };
        let mut builder = Transport::builder_dangerous(mail.host.clone()).port(mail.port).tls(tls).timeout(Some(STEP_WITHIN));
        if let Some(credentials) = credentials {
            builder = builder.credentials(credentials);
        }
        Ok(Self { way: Way::Named(builder.build()), from })
    }

    /// Hands one message over.
    ///
    /// # Errors
    /// What went wrong, for people to read.
    pub(super) async fn send(&self, recipient: &str, subject: &str, body: String) -> Result<(), String> {
        let address: lettre::Address = recipient.parse().map_err(|_| "the address cannot be read".to_owned())?;
        let mail = Mail::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(subject)
            .header(lettre::message::header::ContentType::TEXT_PLAIN)
            .body(body)
            .map_err(|error| error.to_string())?;
        match &self.way {
            Way::Named(transport) => transport.send(mail).await,
            Way::Listed { host, port, networks } => {
                let found = tokio::time::timeout(STEP_WITHIN, tokio::net::lookup_host((host.as_str(), *port)));
                let found = found.await.map_err(|_| format!("looking {host} up took too long"))?;
                let found: Vec<SocketAddr> = found.map_err(|error| format!("{host}: {error}"))?.collect();
                let address = listed(&found, networks).ok_or_else(|| {
                    let all: Vec<String> = found.iter().map(|address| address.ip().to_string()).collect();
                    format!("{host} is at {}, which no network of mail.plain_networks has", all.join(", "))
                })?;
                // By its address, so that it is the one that was looked at.
                let transport: Transport = Transport::builder_dangerous(address.to_string())
                    .port(*port)
                    .tls(Tls::None)
                    .timeout(Some(STEP_WITHIN))
                    .build();
                transport.send(mail).await
            }
        }
        .map(drop)
        .map_err(|error| error.to_string())
    }
}

/// The first of these addresses that is in a network.
fn listed(found: &[SocketAddr], networks: &[IpNet]) -> Option<IpAddr> {
    let addresses = found.iter().map(|address| address.ip().to_canonical());
    addresses.into_iter().find(|address| networks.iter().any(|network| network.contains(address)))
}

/// TLS that verifies the relay by its name.
fn verified(mail: &schema::Mail) -> Result<TlsParameters, Complaint> {
    let mut parameters = TlsParameters::builder(mail.host.clone());
    if let Some(path) = &mail.authority {
        parameters = parameters.certificate_store(CertificateStore::None);
        for authority in authorities(path)? {
            parameters = parameters.add_root_certificate(authority);
        }
    }
    let key = if mail.authority.is_some() { "mail.authority" } else { "mail.host" };
    parameters.build().map_err(|error| Complaint::new(key, format!("TLS towards {:?} cannot be set up: {error}", mail.host)))
}

/// The authorities of a file, each of which a chain can end at.
fn authorities(path: &Path) -> Result<Vec<Certificate>, Complaint> {
    let complaint = |why: String| {
        Complaint::new("mail.authority", format!("cannot use {}: {why}", path.display()))
            .help("name a PEM file with the certificate of the authority that signed the relay's")
    };
    let found = CertificateDer::pem_file_iter(path).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let found = found.map_err(|error| complaint(error.to_string()))?;
    if found.is_empty() {
        return Err(complaint("there is no certificate in it".to_owned()));
    }
    found
        .into_iter()
        .map(|der| {
            RootCertStore::empty().add(der.clone()).map_err(|error| complaint(error.to_string()))?;
            Certificate::from_der(der.to_vec()).map_err(|error| complaint(error.to_string()))
        })
        .collect()
}

fn credentials(mail: &schema::Mail) -> Result<Option<Credentials>, Complaint> {
    match (&mail.user, &mail.password_file) {
        (Some(user), Some(file)) => {
            let password = std::fs::read_to_string(file)
                .map_err(|error| Complaint::new("mail.password_file", format!("{} cannot be read: {error}", file.display())))?;
            Ok(Some(Credentials::new(user.clone(), password.trim_end_matches(['\r', '\n']).to_owned())))
        }
        (None, None) => Ok(None),
        (Some(_), None) => {
            Err(Complaint::new("mail.user", "a user without a password")
                .help("name the file that holds it: `mail.password_file`"))
        }
        (None, Some(_)) => Err(Complaint::new("mail.password_file", "a password without a user").help("set `mail.user`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_address_in_a_listed_network_is_used() {
        let networks: Vec<IpNet> = ["10.1.0.0/16", "2001:db8::/32"].iter().map(|network| network.parse().unwrap()).collect();
        for (found, used) in [
            (&["10.1.2.3:25"][..], Some("10.1.2.3")),
            (&["203.0.113.9:25", "10.1.2.3:25"], Some("10.1.2.3")),
            (&["[::ffff:10.1.2.3]:25"], Some("10.1.2.3")),
            (&["[2001:db8::9]:25"], Some("2001:db8::9")),
            (&["203.0.113.9:25", "[2001:db9::1]:25"], None),
            (&[], None),
        ] {
            let found: Vec<SocketAddr> = found.iter().map(|address| address.parse().unwrap()).collect();
            assert_eq!(listed(&found, &networks).map(|address| address.to_string()).as_deref(), used, "{found:?}");
        }
    }
}
