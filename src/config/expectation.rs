//! A file of expectations: who, from where, asking for what, with which evidence, and what the chain is to say. People
//! keep one beside their config and let `sekisho check --expect FILE` show them what a change would break.
//! Invariant: syntax only; `cli::check` asks the chain.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::diagnose::{Complaint, Diagnosis, LocatedFault, Text};
use super::units::TimeSpan;

/// A file of expectations, read.
#[derive(Debug)]
pub struct Expectations {
    /// One by one, in the order of the file.
    pub list: Vec<Expectation>,
    text: Arc<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    expect: Vec<Expectation>,
}

/// One expectation: a request, and what the chain is to say of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// The app's name; `portal` or `admin` for the gateway's own pages.
    pub app: Spanned<String>,
    /// The path, as it would be received.
    #[serde(default = "root")]
    pub path: Spanned<String>,
    /// The method.
    #[serde(default = "get")]
    pub method: Spanned<String>,
    /// The client's address.
    pub from: IpAddr,
    /// The user signed in, or named on the sign-in page.
    #[serde(default)]
    pub user: Option<Spanned<String>>,
    /// The groups of the user.
    #[serde(default)]
    pub groups: Vec<Spanned<String>>,
    /// The certificate of the connection.
    #[serde(default)]
    pub certificate: Option<ExpectedCertificate>,
    /// What was proved before.
    #[serde(default)]
    pub evidence: ExpectedEvidence,
    /// How long ago.
    #[serde(default)]
    pub age: Option<TimeSpan>,
    /// What the chain is to say: `pass`, the check that is to stop it, or a refusal's code.
    pub then: Spanned<String>,
}

/// A certificate that is shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename = "Certificate", deny_unknown_fields)]
pub struct ExpectedCertificate {
    /// The authority that stands behind it, by its name under `[trust]`; none if it is left out.
    #[serde(default)]
    pub trust: Option<Spanned<String>>,
    /// Whose it is; the user's of the request by default.
    #[serde(default)]
    pub holder: ExpectedHolder,
    /// The holder's name, where it is another user or a machine.
    #[serde(default)]
    pub name: Option<Spanned<String>>,
    /// How it stands.
    #[serde(default)]
    pub state: ExpectedState,
}

/// Whose a certificate is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "Holder", rename_all = "snake_case")]
pub enum ExpectedHolder {
    /// The user named, or the request's.
    #[default]
    User,
    /// Several users'.
    Shared,
    /// A machine's.
    Machine,
    /// Nobody's.
    Nobody,
}

/// How a certificate stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "State", rename_all = "snake_case")]
pub enum ExpectedState {
    /// In its validity, enabled, not revoked.
    #[default]
    Good,
    /// No longer valid.
    Expired,
    /// Not valid yet.
    NotYetValid,
    /// Revoked.
    Revoked,
    /// Switched off in the register.
    Disabled,
}

/// What was proved before: for each check the method.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename = "Evidence", deny_unknown_fields, default)]
pub struct ExpectedEvidence {
    /// Check 3: `kerberos`.
    pub desktop_sso: Option<Spanned<String>>,
    /// Check 4: `password`, …
    pub primary_factor: Option<Spanned<String>>,
    /// Check 5: the way the browser was registered: `otp`, …
    pub cookie: Option<Spanned<String>>,
    /// Check 6: `totp`, `recovery_code`, …
    pub otp: Option<Spanned<String>>,
}

fn root() -> Spanned<String> {
    Spanned::new(0..0, "/".to_owned())
}

fn get() -> Spanned<String> {
    Spanned::new(0..0, "GET".to_owned())
}

impl Expectations {
    /// Reads a file.
    ///
    /// # Errors
    /// A [`Diagnosis`] that names the file, and the line where there is one.
    pub fn read(path: &Path) -> Result<Self, Diagnosis> {
        let text = std::fs::read_to_string(path).map_err(|error| {
            let complaint = Complaint::new("", format!("failed to read the expectations {}: {error}", path.display()));
            Diagnosis::new(vec![LocatedFault::nowhere(complaint)])
        })?;
        Self::parse(path, &text)
    }

    /// Reads a text; errors name `path`.
    ///
    /// # Errors
    /// A [`Diagnosis`] with the line.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Diagnosis> {
        let text = Arc::new(Text { name: path.display().to_string(), text: text.to_owned() });
        let written: Written = toml::from_str(&text.text).map_err(|error| {
            let span = error.span().unwrap_or(0..0);
            let complaint = Complaint::new("", error.message().replace('\n', ", "));
            let help = "an expectation is `[[expect]]` with `app`, `from`, `then`, and as it needs `path`, `method`, `user`, \
                `groups`, `certificate`, `evidence`, `age`";
            Diagnosis::new(vec![LocatedFault::at(&text, span, complaint.help(help))])
        })?;
        Ok(Self { list: written.expect, text })
    }

    /// A diagnosis that points at these words of the file.
    pub fn complain<'a, T: 'a>(&self, complaints: impl IntoIterator<Item = (&'a Spanned<T>, Complaint)>) -> Diagnosis {
        let faults = complaints.into_iter().map(|(word, complaint)| LocatedFault::at(&self.text, word.span(), complaint));
        Diagnosis::new(faults.collect())
    }
}
