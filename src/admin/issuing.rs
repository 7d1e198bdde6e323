//! Certificates that are issued here (R-218…R-228): with a key of ours in a container, or for a device's own key; handed out
//! again; revoked.

use std::collections::BTreeSet;

use clap::Args;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::authority::pem_file;
use crate::admin::certificates::{CertificateView, fingerprint, with_user};
use crate::admin::error::AdminError;
use crate::admin::values::{Done, Moment, flag, request_id};
use crate::admin::written;
use crate::audit::Event;
use crate::certificate::container::{ContainerEncryption, ContainerKind};
use crate::certificate::order::CertificateName;
use crate::core::Core;
use crate::core::issuing::{IssueError, IssueOrder, KeySource};
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::user::{GroupName, UserId};

/// An order of a certificate: what it is made of, and what every order says.
macro_rules! certificate_order {
    ($(#[$about:meta])* $name:ident { $($own:tt)* }) => {
        $(#[$about])*
        #[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($own)*
            /// What people call it: 1 to 20 letters and digits, in half or full width. With `renews` as the one before.
            #[arg(long, value_name = "NAME", required_unless_present = "renews")]
            pub name: Option<String>,
            /// It follows this certificate, for the same holder and under the same name: both count while they overlap. It
            /// begins before that one ends.
            #[arg(long, value_name = "CERTIFICATE", conflicts_with_all = ["user", "group"])]
            pub renews: Option<String>,
            /// It is this user's own; without user and group any user may use it whose certificates are switched on.
            #[arg(long, value_name = "USER", value_parser = UserId::parse, conflicts_with = "group")]
            #[schema(value_type = Option<String>)]
            pub user: Option<UserId>,
            /// It is for the members of this group.
            #[arg(long, value_name = "GROUP", value_parser = GroupName::parse)]
            #[schema(value_type = Option<String>)]
            pub group: Option<GroupName>,
            /// Its first day, in the zone under `[time]`; today unless another is given.
            #[arg(long, value_name = "DAY")]
            #[schema(value_type = Option<String>)]
            pub first_day: Option<Moment>,
            /// Its last day, in the zone under `[time]`: it is valid to the end of that day.
            #[arg(long, value_name = "DAY")]
            #[schema(value_type = String)]
            pub last_day: Moment,
            /// Enter it switched off; `certificate enable` switches it on.
            #[arg(long)]
            #[serde(default, deserialize_with = "flag")]
            pub disabled: bool,
            /// What the request calls itself, in at most 64 letters, digits, hyphens and underscores: asked for twice, it is done once.
            #[arg(long, value_name = "ID")]
            pub request: Option<String>,
        }

        impl $name {
            /// What both ways of issuing need of it.
            fn wanted(self) -> Wanted {
                let Self { name, renews, user, group, first_day, last_day, disabled, request, .. } = self;
                Wanted { name, renews, user, group, first_day, last_day, disabled, request }
            }
        }
    };
}

certificate_order! {
    /// Issue a certificate with a key of its own, as PKCS#12; its passphrase is shown once
    IssueCertificate {
        /// Encrypt the container so that systems from before 2022 or so open it: Triple DES and SHA-1.
        #[arg(long)]
        #[serde(default, deserialize_with = "flag")]
        pub older_devices: bool,
    }
}

certificate_order! {
    /// Issue a certificate for a key that a device made and keeps: sign its request (PKCS#10)
    SignRequest {
        /// The device's request, without extensions: a PEM file (in the API its text).
        #[arg(long = "file", value_name = "FILE", value_parser = pem_file)]
        pub pem: String,
    }
}

/// What was issued.
#[derive(Serialize, ToSchema)]
pub struct IssuedView {
    /// Its place in the register.
    #[serde(flatten)]
    pub certificate: CertificateView,
    /// What opens the container; it is shown now and never again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub passphrase: Option<String>,
    /// PKCS#12 (or the chain in PEM, for a device's own key) in base64.
    pub container: String,
    /// A name for the file.
    pub file: String,
}

impl std::fmt::Debug for IssuedView {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "IssuedView({})", self.certificate.certificate)
    }
}

impl IssuedView {
    fn of(certificate: CertificateView, container: &[u8], passphrase: Option<String>) -> Self {
        let extension = if ContainerKind::of(container) == Some(ContainerKind::Pem) { "pem" } else { "p12" };
        let short: String = certificate.certificate.chars().take(8).collect();
        let file = format!("certificate-{short}.{extension}");
        Self { certificate, passphrase, container: data_encoding::BASE64.encode(container), file }
    }
}

/// Name, holder, days, state and request, as both ways of issuing have them.
struct Wanted {
    name: Option<String>,
    renews: Option<String>,
    user: Option<UserId>,
    group: Option<GroupName>,
    first_day: Option<Moment>,
    last_day: Moment,
    disabled: bool,
    request: Option<String>,
}

impl Wanted {
    fn target(user: Option<&UserId>, renews: Option<&String>) -> ActTarget {
        // What follows a certificate is for the same holder, or is refused.
        if let Some(before) = renews {
            return ActTarget::Certificate(before.clone());
        }
        // A shared one says nothing of who shows it: each user's own factor and switch decide.
        user.cloned().map_or(ActTarget::Nobody, ActTarget::Account)
    }

    fn event(
        what: &'static str,
        (name, renews): (Option<&String>, Option<&String>),
        user: Option<&UserId>,
        group: Option<&GroupName>,
    ) -> Event {
        let event = match name {
            Some(name) => Event::new(what).as_given("label", name.clone()),
            None => Event::new(what),
        };
        let event = match renews {
            Some(before) => written::certificate(event, "renews", before),
            None => event,
        };
        let event = match group {
            Some(group) => event.detail("group", group.as_str()),
            None => event,
        };
        match user {
            Some(user) => event.user(user.as_str()),
            None => event,
        }
    }

    /// The entry of an order that follows a certificate: holder and name, where the order leaves them out, are of that one.
    fn following(event: Event, core: &Core, before: Option<&str>, (takes_name, takes_holder): (bool, bool)) -> Event {
        let found = before.and_then(Fingerprint::parse).and_then(|fingerprint| core.certificates().find(fingerprint));
        let Some(entry) = found else { return event };
        let event = if takes_name { event.detail("label", plain(entry.label.as_deref().unwrap_or_default(), 95)) } else { event };
        match entry.holder {
            Holder::User(user) if takes_holder => event.user(user.as_str()),
            Holder::Group(group) if takes_holder => event.detail("group", group.as_str()),
            _ => event,
        }
    }

    async fn issue(self, warrant: &Warrant<'_>, key: KeySource) -> Result<IssuedView, AdminError> {
        let wrong = |why: String| AdminError::Input { what: "issue a certificate", why };
        let core = warrant.core();
        let zone = core.zone();
        let renews = self.renews.as_deref().map(fingerprint).transpose()?;
        let before = renews.map(|before| core.renewed(before)).transpose().map_err(IssueError::from)?;
        let (of_before, called) = before.unzip();
        let name = match (self.name, called) {
            (None, Some(called)) => called,
            (given, _) => CertificateName::parse(&given.unwrap_or_default())
                .map_err(|why| wrong(format!("the name cannot be used: {why}")))?,
        };
        let day = |moment: Moment| match moment {
            Moment::Day(_) => Ok(moment),
            Moment::At(_) => Err(wrong("a certificate is valid for whole days; write a day as 2027-01-31".to_owned())),
        };
        let holder = match (self.user, self.group) {
            (Some(_), Some(_)) => return Err(wrong("name a user or a group, not both".to_owned())),
            (Some(user), None) => Holder::User(user),
            (None, Some(group)) => Holder::Group(group),
            (None, None) => of_before.unwrap_or(Holder::Shared),
        };
        request_id("issue a certificate", self.request.as_deref())?;
        let today = Moment::Day(core.clock().now().day_in(&zone).unwrap_or_default());
        let order = IssueOrder {
            name,
            holder,
            from: day(self.first_day.unwrap_or(today))?.beginning(&zone),
            until: day(self.last_day)?.last(&zone),
            enabled: !self.disabled,
            request: self.request,
            key,
            renews,
        };
        let issued = core.issue_certificate(order).await?;
        let view = CertificateView::of(&issued.entry, &zone);
        Ok(IssuedView::of(view, &issued.container, issued.passphrase.map(|passphrase| passphrase.text().to_owned())))
    }
}

/// A text of the order as an entry has it.
fn plain(text: &str, most: usize) -> String {
    text.chars().filter(|c| !c.is_control()).take(most).collect()
}

impl Act for IssueCertificate {
    const NAME: &'static str = "certificate.issue";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/issue");
    type Output = IssuedView;

    fn event(&self) -> Option<Event> {
        Some(Wanted::event(Self::NAME, (self.name.as_ref(), self.renews.as_ref()), self.user.as_ref(), self.group.as_ref()))
    }

    fn completed(&self, event: Event, core: &Core) -> Event {
        Wanted::following(event, core, self.renews.as_deref(), (self.name.is_none(), self.user.is_none() && self.group.is_none()))
    }

    fn target(&self) -> ActTarget {
        Wanted::target(self.user.as_ref(), self.renews.as_ref())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<IssuedView, AdminError> {
        let encryption = if self.older_devices { ContainerEncryption::OlderDevices } else { ContainerEncryption::Modern };
        self.wanted().issue(warrant, KeySource::Made(encryption)).await
    }
}

impl Act for SignRequest {
    const NAME: &'static str = "certificate.sign";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/sign");
    type Output = IssuedView;

    fn event(&self) -> Option<Event> {
        Some(Wanted::event(Self::NAME, (self.name.as_ref(), self.renews.as_ref()), self.user.as_ref(), self.group.as_ref()))
    }

    fn completed(&self, event: Event, core: &Core) -> Event {
        Wanted::following(event, core, self.renews.as_deref(), (self.name.is_none(), self.user.is_none() && self.group.is_none()))
    }

    fn target(&self) -> ActTarget {
        Wanted::target(self.user.as_ref(), self.renews.as_ref())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<IssuedView, AdminError> {
        let pem = self.pem.clone();
        self.wanted().issue(warrant, KeySource::Device(pem)).await
    }
}

/// Hand out again what was issued; the passphrase of a container is not known here
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DownloadCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
}

impl Act for DownloadCertificate {
    const NAME: &'static str = "certificate.download";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::revealing("/certificates/{certificate}/container");
    type Output = IssuedView;

    fn event(&self) -> Option<Event> {
        Some(written::certificate(Event::new(Self::NAME), "certificate", &self.certificate))
    }

    fn completed(&self, event: Event, core: &Core) -> Event {
        with_user(event, core, &self.certificate)
    }

    fn target(&self) -> ActTarget {
        ActTarget::Certificate(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<IssuedView, AdminError> {
        let core = warrant.core();
        let (entry, container) = core.certificates().container(fingerprint(&self.certificate)?).await?;
        Ok(IssuedView::of(CertificateView::of(&entry, &core.zone()), &container, None))
    }
}

/// Revoke a certificate that was issued here, for good: its sessions end, and the revocation list names it
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
}

impl Act for RevokeCertificate {
    const NAME: &'static str = "certificate.revoke";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/{certificate}/revoke");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::certificate(Event::new(Self::NAME), "certificate", &self.certificate))
    }

    fn completed(&self, event: Event, core: &Core) -> Event {
        with_user(event, core, &self.certificate)
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().revoke_certificates(&[fingerprint(&self.certificate)?]).await?;
        Ok(Done::saying("certificate-revoked", &[]))
    }
}

/// Certificates that one act revokes at most.
const MOST_REVOKED: usize = 1000;

/// Revoke several certificates that were issued here, for good: all of them or, if one cannot be revoked, none
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevokeCertificates {
    /// SHA-256 of each: 64 hexadecimal digits, with or without colons; 1000 at most.
    #[arg(required = true, value_name = "CERTIFICATE")]
    pub certificates: Vec<String>,
}

impl Act for RevokeCertificates {
    const NAME: &'static str = "certificate.revoke_many";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/revoke");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(Event::new(Self::NAME).detail("count", self.certificates.len().to_string()))
    }

    fn target(&self) -> ActTarget {
        ActTarget::Ends(String::new())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        let count = self.certificates.len();
        if !(1..=MOST_REVOKED).contains(&count) {
            let why = format!("name 1 to {MOST_REVOKED} certificates; these are {count}");
            return Err(AdminError::Input { what: "revoke the certificates", why });
        }
        let named: BTreeSet<Fingerprint> =
            self.certificates.iter().map(|certificate| fingerprint(certificate)).collect::<Result<_, _>>()?;
        let named: Vec<Fingerprint> = named.into_iter().collect();
        warrant.core().revoke_certificates(&named).await?;
        for one in &named {
            let event = Event::new(RevokeCertificate::NAME).detail("certificate", one.text());
            warrant.record(with_user(event, warrant.core(), &one.text())).await?;
        }
        Ok(Done::saying("certificates-revoked", &[("count", &named.len())]))
    }
}

#[cfg(test)]
mod renewal_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod withdrawn_tests;
