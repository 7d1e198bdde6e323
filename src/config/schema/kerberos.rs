//! `[kerberos]`: tickets of a Kerberos realm or of Active Directory, for check 3.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::config::units::CidrBlock;

/// Tickets that browsers show by themselves on computers of a Kerberos realm or of Active Directory (docs/desktop-sso.md). It
/// needs MIT's GSSAPI library on this machine.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "Kerberos", deny_unknown_fields)]
pub struct KerberosSection {
    /// The keytab of the gateway's own account. A ticket for any key of the file is taken, so it holds `HTTP/` and the host of
    /// the portal, and nothing else; AES keys alone. A new file is in use as soon as it is there.
    pub keytab: PathBuf,
    /// The realms whose tickets are taken: one `[[kerberos.realm]]` each.
    pub realm: Vec<KerberosRealm>,
    /// The networks whose browsers are asked for a ticket: those of computers that have one. Tickets from elsewhere are not
    /// looked at.
    pub networks: Vec<CidrBlock>,
    /// Whether a ticket is bound to the TLS connection that it comes over (tls-server-end-point, RFC 5929).
    #[serde(default)]
    pub channel_binding: ChannelBindingMode,
    /// Tickets verified at once, each on a thread of its own.
    #[serde(default = "four")]
    pub at_once: usize,
    /// The file of MIT's library; `libgssapi_krb5.so.2` by default.
    #[serde(default)]
    pub library: Option<PathBuf>,
}

const fn four() -> usize {
    4
}

/// A realm whose tickets are taken.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KerberosRealm {
    /// Its name, to the letter: `CORP.EXAMPLE`.
    pub name: String,
    /// Which user of ours an account of it is: `{name}` stands for the account's name in lower case, `{realm}` for the realm in
    /// lower case, as in `{name}@{realm}`.
    #[serde(default = "same_name")]
    pub user: String,
}

fn same_name() -> String {
    "{name}".to_owned()
}

/// Whether a ticket is bound to the TLS connection that it comes over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename = "ChannelBinding", rename_all = "snake_case")]
pub enum ChannelBindingMode {
    /// It is not looked at.
    Off,
    /// Where a browser binds it, it must be to this connection: Windows does.
    #[default]
    IfSent,
    /// It must be bound. Browsers on Linux bind none and are shut out.
    Require,
}
