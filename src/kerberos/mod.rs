//! Kerberos tickets that browsers and programs show by HTTP Negotiate (RFC 4559): the library, the keytab, the names. Here is
//! said whether a ticket is good and whose it is; who that is with us, the factor says.
//! Invariant: nothing but Kerberos is accepted, and no ticket without a replay cache and a keytab of strong keys.

mod account;
mod acceptor;
pub mod fault;
mod gss;
pub mod keytab;
mod principal;
pub mod token;

pub use self::acceptor::{AcceptedTicket, Acceptor, AcceptorError};
pub use self::account::DomainAccount;
pub use self::gss::{GssError, forbid_plugins, library};
use self::keytab::KeytabError;
pub use self::principal::ClientPrincipal;
use crate::config::Config;
use crate::config::diagnose::Complaint;
use crate::config::schema::KerberosSection;

/// An acceptor as the config says, if it says so.
///
/// # Errors
/// A complaint on the key that should change.
pub fn load(config: &Config) -> Result<Option<Acceptor>, Complaint> {
    let Some(section) = &config.file.kerberos else { return Ok(None) };
    Acceptor::start(section, &config.file.state.directory).map(Some).map_err(|error| complaint(section, &error))
}

fn complaint(section: &KerberosSection, error: &AcceptorError) -> Complaint {
    let path = section.keytab.display();
    let on_keytab = |message: String, help: &str| Complaint::new("kerberos.keytab", message).help(help);
    match error {
        AcceptorError::Keytab(error @ KeytabError::Weak { .. }) => on_keytab(
            format!("{path} {error}"),
            "write a keytab of AES keys alone: in Active Directory allow AES on the account \
             (msDS-SupportedEncryptionTypes = 24), set its password again, and export with `ktpass … /crypto AES256-SHA1`",
        ),
        AcceptorError::Keytab(error) => on_keytab(
            format!("{path} {error}"),
            "export the keys of the gateway's own account to it, readable by the gateway's user; docs/desktop-sso.md has the commands",
        ),
        AcceptorError::Library(GssError::Library(why)) => Complaint::new(
            if section.library.is_some() { "kerberos.library" } else { "kerberos" },
            format!("the Kerberos library cannot be used: {why}"),
        )
        .help("install MIT's: `libgssapi-krb5-2` in Debian and Ubuntu, `krb5-libs` in Fedora and RHEL; or take `[kerberos]` out"),
        AcceptorError::Library(error) => on_keytab(
            format!("{path} is not taken by the Kerberos library: {error}"),
            "see whether `klist -ke` reads it as the gateway's user",
        ),
        AcceptorError::ReplayCache { .. } | AcceptorError::Thread(_) => Complaint::new("kerberos", error.to_string()),
    }
}

/// What a good `[kerberos]` says that its writer may not have meant, as far as this machine shows it.
pub fn warnings(config: &Config) -> Vec<Complaint> {
    let Some(section) = &config.file.kerberos else { return Vec::new() };
    let Ok(entries) = keytab::read(&section.keytab) else { return Vec::new() };
    let mut found = Vec::new();
    let mut warn = |message: String, help: &str| found.push(Complaint::new("kerberos.keytab", message).help(help));
    let foreign: Vec<_> = entries.iter().filter(|entry| !entry.is_of_a_web_server()).cloned().collect();
    for principal in keytab::principals(&foreign) {
        warn(
            format!("its key of `{principal}` opens the gateway too: a ticket for any key of the file is taken"),
            "give the gateway an account and a keytab of its own, with `HTTP/` alone; never the machine's /etc/krb5.keytab",
        );
    }
    if keytab::is_open_to_all(&section.keytab) {
        warn(
            "everybody on this machine can read it, and make tickets for anybody".to_owned(),
            "`chmod 600`, owned by the gateway's user",
        );
    }
    let host = url::Url::parse(&config.file.portal.url).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase));
    if let Some(host) = host {
        let wanted = format!("http/{host}@");
        if !entries.iter().any(|entry| entry.principal.to_ascii_lowercase().starts_with(&wanted)) {
            warn(
                format!("it has no key of `HTTP/{host}`, the name that browsers ask tickets for"),
                "register that name on the account and export again; where the host is an alias, `sekisho doctor kerberos` says which \
                 name browsers ask for",
            );
        }
    }
    found
}
