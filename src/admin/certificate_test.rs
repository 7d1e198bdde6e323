//! The tester of mappings: who a certificate would be here, and why or why not, before anybody shows it. Judged by the register,
//! the bundles and the chain themselves; a dry run of the chain ([`Explain`]) says what an app would make of it.
//! Invariant: nothing is noted, and what was handed over is kept nowhere.

use std::net::{IpAddr, Ipv4Addr};

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::certificates::{CertificateView, HolderKind, holder_of};
use crate::admin::error::AdminError;
use crate::admin::explain::{Explain, Explained};
use crate::admin::presented::{certificate_file, presented};
use crate::audit::Event;
use crate::certificate::trial::{BundleTrial, RuleTrial};
use crate::clock::Timestamp;
use crate::principal::certificate::TrustSet;
use crate::principal::user::UserId;

/// Say who a client certificate would be here, and why or why not; nothing is kept of it
#[derive(Args, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TestCertificate {
    /// The certificate, and those above it that a client would show: a PEM or DER file (in the API PEM, or DER in base64).
    #[arg(value_name = "FILE", value_parser = certificate_file)]
    pub pem: String,
    /// The app that it would be shown to, or `portal` or `admin`: adds what the chain would say.
    #[arg(long, value_name = "APP")]
    #[serde(default)]
    pub app: Option<String>,
    /// The path asked for there.
    #[arg(long, value_name = "PATH", requires = "app")]
    #[serde(default)]
    pub path: Option<String>,
    /// The address that the request would come from (127.0.0.1).
    #[arg(long, value_name = "ADDRESS", requires = "app")]
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub from: Option<IpAddr>,
    /// Who would have signed in; without it nobody has.
    #[arg(long, value_name = "USER", value_parser = UserId::parse, requires = "app")]
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
}

debug_by_name!(TestCertificate);

/// Who a certificate would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestedCertificate {
    /// SHA-256 of its DER.
    pub certificate: String,
    /// Its subject.
    pub subject: String,
    /// Its issuer.
    pub issuer: String,
    /// Its serial number, hexadecimal.
    pub serial: String,
    /// From when it counts, by itself and by the register.
    pub valid_from: String,
    /// Until when it counts.
    pub valid_until: String,
    /// How many certificates were given with it.
    pub above: usize,
    /// Whose it would be.
    pub holder: HolderKind,
    /// The user, the group or the machine.
    pub name: Option<String>,
    /// What says so: `register`, `mapping` or `nothing`.
    pub by: String,
    /// Why it counts for nothing; none where it counts.
    pub trouble: Option<String>,
    /// Its place in the register.
    pub register: Option<CertificateView>,
    /// What each bundle says of it.
    pub bundles: Vec<TestedBundle>,
    /// How its user's account stands.
    pub account: Option<TestedAccount>,
    /// What the chain would say at the app.
    pub explained: Option<Explained>,
}

/// What one bundle says.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestedBundle {
    /// Its name below `[trust]`.
    pub trust: String,
    /// Whether it stands behind the certificate.
    pub trusts: bool,
    /// Why it does not.
    pub because: Option<String>,
    /// The authorities between the certificate and the bundle.
    pub path: Vec<String>,
    /// Its mapping rules in their order.
    pub mapping: Vec<TestedRule>,
}

/// What one mapping rule finds.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestedRule {
    /// The rule.
    pub rule: String,
    /// The names that it reads in the certificate.
    pub names: Vec<String>,
    /// Whom they mean here.
    pub finds: Vec<String>,
    /// Whether it decides: the first that finds anybody, and who finds two means nobody.
    pub decides: bool,
}

/// The account of the user whose it would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct TestedAccount {
    /// Whether the user is enabled.
    pub enabled: bool,
    /// The user's switch for certificates.
    pub certificates: bool,
}

impl Act for TestCertificate {
    const NAME: &'static str = "certificate.test";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/test");
    type Output = TestedCertificate;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<TestedCertificate, AdminError> {
        let core = warrant.core();
        let (now, zone) = (core.clock().now(), core.zone());
        let shown = presented(&self.pem)?;
        let explained = match self.app {
            Some(app) => {
                let act = Explain {
                    app,
                    from: self.from.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST)),
                    user: self.user,
                    path: self.path.unwrap_or_else(|| "/".to_owned()),
                    method: "GET".to_owned(),
                    certificate: Some(self.pem),
                    browser: None,
                    with: Vec::new(),
                };
                Some(warrant.perform(act).await?)
            }
            None => None,
        };
        let certificates = core.certificates();
        let trial = certificates.try_out(&shown, now);
        let entry = certificates.find(shown.fingerprint());
        let unreadable = |()| AdminError::Input { what: "read the certificate", why: "it cannot be read".to_owned() };
        let leaf = shown.chain().first().and_then(|der| X509Certificate::from_der(der).ok()).ok_or(()).map_err(unreadable)?.1;
        let (holder, name) = holder_of(&trial.standing.holder);
        let by = match (&entry, holder) {
            (Some(_), _) => "register",
            (None, HolderKind::Nobody) => "nothing",
            (None, _) => "mapping",
        };
        let any = TrustSet(u64::MAX);
        let account = trial.standing.user().and_then(|user| core.users().find(user)).map(|user| {
            let standing = user.standing();
            TestedAccount { enabled: standing.enabled, certificates: standing.certificates.counts() }
        });
        let date = |moment: Timestamp| moment.rfc3339_in(&zone);
        Ok(TestedCertificate {
            certificate: shown.fingerprint().text(),
            subject: leaf.subject().to_string(),
            issuer: leaf.issuer().to_string(),
            serial: leaf.raw_serial_as_string().replace(':', ""),
            valid_from: date(trial.standing.not_before),
            valid_until: date(trial.standing.not_after),
            above: shown.chain().len() - 1,
            holder,
            name,
            by: by.to_owned(),
            trouble: trial.standing.holder(any, now).err().map(|unfit| unfit.words().to_owned()),
            register: entry.map(|entry| CertificateView::of(&entry, &zone)),
            bundles: trial.bundles.into_iter().map(bundle).collect(),
            account,
            explained,
        })
    }
}

fn bundle(trial: BundleTrial) -> TestedBundle {
    let (path, because) = match trial.path {
        Ok(path) => (path, None),
        Err(why) => (Vec::new(), Some(why)),
    };
    let mapping = trial.rules.into_iter().map(|RuleTrial { rule, names, holders, decides }| {
        let finds = holders.iter().map(|holder| match holder_of(holder) {
            (HolderKind::User, Some(name)) => format!("user {name}"),
            (HolderKind::Machine, Some(name)) => format!("machine {name}"),
            _ => "any user".to_owned(),
        });
        TestedRule { rule, names, finds: finds.collect(), decides }
    });
    TestedBundle { trust: trial.name, trusts: because.is_none(), because, path, mapping: mapping.collect() }
}

#[cfg(test)]
mod tests;
