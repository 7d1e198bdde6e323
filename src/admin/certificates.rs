//! Client certificates: the register of those that are known (R-218…R-256), and those that clients presented.

use clap::Args;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::tokens::Scope;
use crate::admin::act::{Act, ActTarget, Route, Verb, Warrant};
use crate::admin::error::AdminError;
use crate::admin::values::{Count, Done, Moment, Page, length, rfc3339, rfc3339_if_any};
use crate::admin::written;
use crate::audit::Event;
use crate::certificate::entry::RegisterEntry;
use crate::certificate::register::{CertificateRegisterError, KnownCertificate};
use crate::certificate::search::CertificateSearch;
use crate::clock::Timestamp;
use crate::core::Core;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::user::UserId;

/// What kind of holder a certificate has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HolderKind {
    /// One user.
    User,
    /// Any user: it says nothing about who holds it.
    Shared,
    /// The members of a group.
    Group,
    /// A machine.
    Machine,
    /// Registered without a holder.
    Nobody,
}

/// A certificate of the register as administrators see one.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateView {
    /// SHA-256 of its DER, 64 hexadecimal digits.
    pub certificate: String,
    /// Who holds it.
    pub holder: HolderKind,
    /// The user, the group or the machine.
    pub name: Option<String>,
    /// What it is called here.
    pub label: Option<String>,
    /// The switch.
    pub enabled: bool,
    /// Counts here from, as the clocks of the zone under `[time]` show it.
    pub valid_from: Option<String>,
    /// Counts here until; this moment is within.
    pub valid_until: Option<String>,
    /// When it was added.
    #[serde(serialize_with = "rfc3339")]
    #[schema(value_type = String)]
    pub added_at: Timestamp,
    /// When it was revoked, for good.
    #[serde(serialize_with = "rfc3339_if_any")]
    #[schema(value_type = Option<String>)]
    pub revoked_at: Option<Timestamp>,
    /// The key of the own authority that signed it, where it was issued here.
    pub authority: Option<String>,
    /// Its serial number, hexadecimal without leading zeros, where it was issued here.
    pub serial: Option<String>,
    /// The certificate that it follows.
    pub renews: Option<String>,
}

impl CertificateView {
    /// With its dates as the clocks of `zone` show them.
    pub(super) fn of(entry: &RegisterEntry, zone: &TimeZone) -> Self {
        let (holder, name) = holder_of(&entry.holder);
        Self {
            certificate: entry.fingerprint.text(),
            holder,
            name,
            label: entry.label.clone(),
            enabled: entry.enabled,
            valid_from: entry.counts_from().map(|from| from.rfc3339_in(zone)),
            valid_until: entry.counts_until().map(|until| until.rfc3339_in(zone)),
            added_at: entry.added_at,
            revoked_at: entry.revoked_at,
            authority: entry.issued.as_ref().map(|issued| issued.authority.clone()),
            serial: entry.issued.as_ref().map(|issued| issued.serial.clone()),
            renews: entry.renews.map(|renews| renews.text()),
        }
    }
}

/// The kind of a holder, and its name where it has one.
pub(super) fn holder_of(holder: &Holder) -> (HolderKind, Option<String>) {
    match holder {
        Holder::User(user) => (HolderKind::User, Some(user.to_string())),
        Holder::Shared => (HolderKind::Shared, None),
        Holder::Group(group) => (HolderKind::Group, Some(group.to_string())),
        Holder::Machine(name) => (HolderKind::Machine, Some(name.to_string())),
        Holder::Nobody => (HolderKind::Nobody, None),
    }
}

pub(super) fn fingerprint(text: &str) -> Result<Fingerprint, AdminError> {
    Fingerprint::parse(text).ok_or_else(|| AdminError::Input {
        what: "read the fingerprint",
        why: "write the SHA-256 of the certificate as 64 hexadecimal digits (`openssl x509 -noout -fingerprint -sha256`)"
            .to_owned(),
    })
}

/// The entry of an act on a certificate of the register, with the user whose own it is.
pub(super) fn with_user(event: Event, core: &Core, certificate: &str) -> Event {
    match Fingerprint::parse(certificate).and_then(|fingerprint| core.certificates().find(fingerprint)).map(|entry| entry.holder)
    {
        Some(Holder::User(user)) => event.user(user.as_str()),
        Some(Holder::Shared | Holder::Group(_) | Holder::Machine(_) | Holder::Nobody) | None => event,
    }
}

/// Add a client certificate to the register
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
    /// It is this user's own.
    #[arg(long, value_name = "USER", value_parser = UserId::parse, group = "holder")]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// It is a machine's, of this name.
    #[arg(long, value_name = "NAME", group = "holder")]
    pub machine: Option<String>,
    /// It is shared by several users: each one's own switch decides.
    #[arg(long, group = "holder")]
    #[serde(default)]
    pub shared: bool,
    /// What it is called here.
    #[arg(long, value_name = "TEXT")]
    pub label: Option<String>,
    /// Counts here from this day or moment on, if the certificate itself does not begin later. A day is one of the zone
    /// under `[time]`, from its beginning.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Moment>,
    /// Counts here until this moment or to the end of this day, if the certificate itself does not end sooner.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub valid_until: Option<Moment>,
}

impl Act for RegisterCertificate {
    const NAME: &'static str = "certificate.register";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates");
    type Output = CertificateView;

    fn event(&self) -> Option<Event> {
        let event = written::certificate(Event::new(Self::NAME), "certificate", &self.certificate);
        Some(match &self.user {
            Some(user) => event.user(user.as_str()),
            None => event,
        })
    }

    fn target(&self) -> ActTarget {
        match (&self.user, &self.machine) {
            (Some(user), _) => ActTarget::Account(user.clone()),
            // An app gets a machine's name in the field of a user's: one that is called as a user speaks for that user.
            (None, Some(machine)) => UserId::parse(machine).map_or(ActTarget::Nobody, ActTarget::Account),
            // A shared one says nothing of who shows it: each user's own factor and switch decide.
            (None, None) => ActTarget::Nobody,
        }
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<CertificateView, AdminError> {
        let zone = warrant.core().zone();
        let KnownCertificate { fingerprint, holder, label, dates } = self.known(&zone)?;
        let entry = warrant.core().certificates().add(fingerprint, holder, label, dates).await?;
        Ok(CertificateView::of(&entry, &zone))
    }
}

impl RegisterCertificate {
    /// What it enters, with days as days of `zone`.
    pub(super) fn known(&self, zone: &TimeZone) -> Result<KnownCertificate, AdminError> {
        let holder = match (&self.user, &self.machine, self.shared) {
            (Some(user), None, false) => Holder::User(user.clone()),
            (None, Some(machine), false) => Holder::Machine(machine.as_str().into()),
            (None, None, true) => Holder::Shared,
            _ => {
                let why = "name one holder: a user, a machine, or shared".to_owned();
                return Err(AdminError::Input { what: "register the certificate", why });
            }
        };
        let dates = (self.valid_from.map(|from| from.beginning(zone)), self.valid_until.map(|until| until.last(zone)));
        Ok(KnownCertificate { fingerprint: fingerprint(&self.certificate)?, holder, label: self.label.clone(), dates })
    }
}

/// List the register of client certificates
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCertificates {
    /// Only this one: 64 hexadecimal digits, with or without colons.
    #[arg(long, value_name = "CERTIFICATE")]
    pub certificate: Option<String>,
    /// Only this user's own.
    #[arg(long, value_name = "USER", value_parser = UserId::parse)]
    #[schema(value_type = Option<String>)]
    pub user: Option<UserId>,
    /// Only those with this in their name, in their holder's or in their serial number, or whose fingerprint begins so.
    #[arg(long, value_name = "TEXT")]
    pub search: Option<String>,
    /// Only those that are enabled and end within so many days.
    #[arg(long, value_name = "DAYS")]
    #[schema(value_type = Option<u32>)]
    pub ends_within: Option<Count>,
    /// Begin behind this one: `next` of the page before.
    #[arg(long, value_name = "CERTIFICATE")]
    pub after: Option<String>,
    /// How many at most (100; up to 1000).
    #[arg(long, value_name = "COUNT")]
    #[schema(value_type = Option<u32>)]
    pub limit: Option<Count>,
}

impl Act for ListCertificates {
    const NAME: &'static str = "certificate.list";
    const SCOPE: Scope = Scope::Read;
    const ROUTE: Route = Route::new(Verb::Get, "/certificates");
    type Output = Page<CertificateView>;

    fn event(&self) -> Option<Event> {
        None
    }

    fn target(&self) -> ActTarget {
        self.user.clone().map_or(ActTarget::Nobody, ActTarget::Seen)
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Page<CertificateView>, AdminError> {
        let only = self.certificate.as_deref().map(fingerprint).transpose()?;
        let after = self.after.as_deref().map(fingerprint).transpose()?;
        let search = self.search.as_deref().and_then(CertificateSearch::parse);
        let (now, zone) = (warrant.core().clock().now(), warrant.core().zone());
        let ends_soon = |entry: &RegisterEntry| {
            self.ends_within.is_none_or(|Count(days)| {
                let left = entry.days_left(now, &zone).and_then(|left| u32::try_from(left).ok());
                entry.enabled && left.is_some_and(|left| left <= days)
            })
        };
        let wanted = |entry: &RegisterEntry| {
            let is_of = |user: &UserId| matches!(&entry.holder, Holder::User(holder) if holder == user);
            self.user.as_ref().is_none_or(is_of) && search.as_ref().is_none_or(|search| search.finds(entry)) && ends_soon(entry)
        };
        let (certificates, limit) = (warrant.core().certificates(), length(self.limit));
        let found = match only {
            Some(only) => certificates.find(only).into_iter().filter(&wanted).collect(),
            None => certificates.page(wanted, after, limit + 1),
        };
        let next = found.get(limit.saturating_sub(1)).filter(|_| found.len() > limit).map(|last| last.fingerprint.text());
        Ok(Page { items: found.iter().take(limit).map(|entry| CertificateView::of(entry, &zone)).collect(), next })
    }
}

/// Switch a certificate on again
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EnableCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
}

impl Act for EnableCertificate {
    const NAME: &'static str = "certificate.enable";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/{certificate}/enable");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::certificate(Event::new(Self::NAME), "certificate", &self.certificate))
    }

    fn completed(&self, event: Event, core: &Core) -> Event {
        with_user(event, core, &self.certificate)
    }

    fn target(&self) -> ActTarget {
        ActTarget::Certificate(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().switch_certificate(fingerprint(&self.certificate)?, true).await?;
        Ok(Done::saying("certificate-on", &[]))
    }
}

/// Switch a certificate off: its sessions end at once
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DisableCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
}

impl Act for DisableCertificate {
    const NAME: &'static str = "certificate.disable";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Post, "/certificates/{certificate}/disable");
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
        warrant.core().switch_certificate(fingerprint(&self.certificate)?, false).await?;
        Ok(Done::saying("certificate-off", &[]))
    }
}

/// Set from when to when a certificate counts; what is not given is as long as it is valid itself
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
    /// Counts here from this day or moment on, if the certificate itself does not begin later. A day is one of the zone
    /// under `[time]`, from its beginning.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub valid_from: Option<Moment>,
    /// Counts here until this moment or to the end of this day, if the certificate itself does not end sooner.
    #[arg(long, value_name = "MOMENT")]
    #[schema(value_type = Option<String>)]
    pub valid_until: Option<Moment>,
}

impl Act for EditCertificate {
    const NAME: &'static str = "certificate.edit";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Put, "/certificates/{certificate}");
    type Output = CertificateView;

    fn event(&self) -> Option<Event> {
        Some(written::certificate(Event::new(Self::NAME), "certificate", &self.certificate))
    }

    fn completed(&self, event: Event, core: &Core) -> Event {
        with_user(event, core, &self.certificate)
    }

    fn target(&self) -> ActTarget {
        ActTarget::Certificate(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<CertificateView, AdminError> {
        let certificates = &warrant.core().certificates();
        let fingerprint = fingerprint(&self.certificate)?;
        let zone = warrant.core().zone();
        let dates = (self.valid_from.map(|from| from.beginning(&zone)), self.valid_until.map(|until| until.last(&zone)));
        certificates.set_dates(fingerprint, dates).await?;
        let entry = certificates.find(fingerprint).ok_or(CertificateRegisterError::Unknown(fingerprint))?;
        Ok(CertificateView::of(&entry, &zone))
    }
}

/// Take a certificate out of the register
#[derive(Args, Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveCertificate {
    /// SHA-256 of the certificate: 64 hexadecimal digits, with or without colons.
    pub certificate: String,
}

impl Act for RemoveCertificate {
    const NAME: &'static str = "certificate.remove";
    const SCOPE: Scope = Scope::Certificates;
    const ROUTE: Route = Route::new(Verb::Delete, "/certificates/{certificate}");
    type Output = Done;

    fn event(&self) -> Option<Event> {
        Some(written::certificate(Event::new(Self::NAME), "certificate", &self.certificate))
    }

    fn completed(&self, event: Event, core: &Core) -> Event {
        with_user(event, core, &self.certificate)
    }

    fn target(&self) -> ActTarget {
        ActTarget::Certificate(self.certificate.clone())
    }

    async fn perform(self, warrant: &Warrant<'_>) -> Result<Done, AdminError> {
        warrant.core().remove_certificate(fingerprint(&self.certificate)?).await?;
        Ok(Done::saying("certificate-removed", &[]))
    }
}

#[cfg(test)]
mod tests {
    use crate::admin::certificates::{
        DisableCertificate, EditCertificate, EnableCertificate, ListCertificates, RegisterCertificate, RemoveCertificate,
    };
    use crate::admin::testing::does;
    use crate::core::testing::TestCore;
    use serde_json::json;

    #[tokio::test]
    async fn a_certificate_is_registered_edited_switched_and_removed() {
        let test = TestCore::open().await;
        test.user("alice").await;
        let certificate = "ab".repeat(32);
        let input = json!({ "certificate": certificate, "user": "alice", "valid_until": "2030-01-01" });
        let entry = does::<RegisterCertificate>(&test, input.clone()).await.unwrap();
        assert_eq!((&entry["holder"], &entry["enabled"]), (&json!("user"), &json!(true)));
        let again = does::<RegisterCertificate>(&test, input).await.unwrap_err();
        assert_eq!(again.status(), 409);
        let which = json!({ "certificate": certificate });
        does::<DisableCertificate>(&test, which.clone()).await.unwrap();
        let listed = does::<ListCertificates>(&test, json!({ "user": "alice" })).await.unwrap();
        assert_eq!(listed["items"][0]["enabled"], false);
        for (search, count) in [("ALI", 1), ("ab:ab", 1), ("", 1), ("carol", 0), ("cd", 0)] {
            let found = does::<ListCertificates>(&test, json!({ "search": search })).await.unwrap();
            assert_eq!(found["items"].as_array().unwrap().len(), count, "{search}");
        }
        let backwards = json!({ "certificate": certificate, "valid_from": "2030-01-01", "valid_until": "2029-01-01" });
        assert_eq!(does::<EditCertificate>(&test, backwards).await.unwrap_err().code(), "invalid_input");
        does::<RemoveCertificate>(&test, which.clone()).await.unwrap();
        assert_eq!(does::<EnableCertificate>(&test, which).await.unwrap_err().code(), "unknown_certificate");
        let nobody = json!({ "certificate": certificate });
        assert_eq!(does::<RegisterCertificate>(&test, nobody).await.unwrap_err().code(), "invalid_input");
    }
}
