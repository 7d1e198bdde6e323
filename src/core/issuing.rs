//! Certificates that are issued here, and what follows of it: a key signs, the register knows, sessions end with what is revoked,
//! and the revocation list says so to others.

use std::sync::Arc;

use jiff::tz::TimeZone;
use rcgen::{Issuer, KeyPair};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;

use super::renewal::RenewalError;
use super::{Core, Foundation};
use crate::account::users::Users;
use crate::certificate::authority::{AuthorityError, AuthorityKey, IssuingAuthority};
use crate::certificate::bundles::Bundles;
use crate::certificate::container::ContainerEncryption;
use crate::certificate::entry::{IssuedHere, RegisterEntry};
use crate::certificate::order::{CertificateName, CertificateOrder, MadeCertificate, Passphrase};
use crate::certificate::register::{CertificateRegisterError, ClientCertificates, NewCertificate};
use crate::certificate::request::{self, CertificateRequestError};
use crate::certificate::withdrawn::WithdrawnKeys;
use crate::clock::Timestamp;
use crate::config::schema;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::principal::user::GroupName;
use crate::store::database::DatabaseError;

/// The folder in the state directory that anchors and lists are written to.
pub const FOLDER: &str = "authority";
/// Where revocation lists are published at the portal's host.
pub const PUBLISHED: &str = "/.well-known/sekisho";

/// Why nothing was issued; the text fits "failed to …".
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// The authority.
    #[error(transparent)]
    Authority(#[from] AuthorityError),
    /// The register.
    #[error(transparent)]
    Register(#[from] CertificateRegisterError),
    /// The device's request.
    #[error("read the request: {0}")]
    Request(#[from] CertificateRequestError),
    /// No group has the name.
    #[error("find group {0}: no group has that name")]
    UnknownGroup(GroupName),
    /// It cannot follow the one that it names.
    #[error("renew the certificate: {0}")]
    Renewal(RenewalError),
    /// It would be over before it begins, or is over already.
    #[error("set the dates of a certificate: it would end before it begins, or has ended already")]
    Dates,
}

impl From<RenewalError> for IssueError {
    fn from(error: RenewalError) -> Self {
        match error {
            RenewalError::Unknown(certificate) => CertificateRegisterError::Unknown(certificate).into(),
            error => Self::Renewal(error),
        }
    }
}

/// What is ordered.
#[derive(Clone, Debug)]
pub struct IssueOrder {
    /// What people call it.
    pub name: CertificateName,
    /// Whose it is.
    pub holder: Holder,
    /// Its first moment.
    pub from: Timestamp,
    /// Its last moment.
    pub until: Timestamp,
    /// Whether it counts at once.
    pub enabled: bool,
    /// What the request calls itself: there is one certificate for each.
    pub request: Option<String>,
    /// Where the key comes from.
    pub key: KeySource,
    /// The certificate that it follows.
    pub renews: Option<Fingerprint>,
}

/// Where the key of a certificate comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// It is made here, and handed out in a container.
    Made(ContainerEncryption),
    /// A device made it, and keeps it: its request, PEM.
    Device(String),
}

/// What was issued.
#[derive(Debug)]
pub struct Issuance {
    /// Its place in the register.
    pub entry: RegisterEntry,
    /// PKCS#12, or the chain in PEM where the key is a device's own.
    pub container: Vec<u8>,
    /// What opens the container: shown now and never again.
    pub passphrase: Option<Passphrase>,
}

impl Core {
    /// Issues a certificate. Of several orders with one request one is done.
    ///
    /// # Errors
    /// [`IssueError`].
    pub async fn issue_certificate(&self, order: IssueOrder) -> Result<Issuance, IssueError> {
        if let Holder::Group(group) = &order.holder
            && self.groups().find(group).is_none()
        {
            return Err(IssueError::UnknownGroup(group.clone()));
        }
        // Known before a key is made: what is wrong with the holder is said at once.
        if let Holder::User(user) = &order.holder
            && self.users().find(user).is_none()
        {
            return Err(CertificateRegisterError::UnknownUser(user.clone()).into());
        }
        if let Some(before) = self.certificates.of_request(order.request.as_deref()).await.map_err(AuthorityError::from)? {
            return Err(CertificateRegisterError::Repeated(before).into());
        }
        if let Some(before) = order.renews {
            self.may_renew(before, (&order.holder, order.name.as_str()), (order.from, order.until))?;
        }
        if order.from >= order.until || order.until <= self.clock().now() {
            return Err(IssueError::Dates);
        }
        let key = self.authority.signing()?;
        if order.until > key.not_after {
            let ends = key.not_after.written_in(&self.zone());
            return Err(AuthorityError::Outlives { id: key.id.clone(), ends }.into());
        }
        let from = begins(order.from, &key, &self.zone())?;
        let issuer = self.authority.open(&key)?;
        let chain: Vec<CertificateDer<'static>> =
            CertificateDer::pem_slice_iter(key.chain.as_bytes()).filter_map(Result::ok).collect();
        let portal = self.config().file.portal.url.trim_end_matches('/').to_owned();
        let certificate = CertificateOrder {
            name: order.name.clone(),
            organisation: key.name.clone(),
            from,
            until: order.until,
            list_url: format!("{portal}{PUBLISHED}/{}.crl", key.id),
        };
        let made = self.make(certificate, issuer, chain, order.key).await?;
        let shown = PresentedCertificate::new(std::slice::from_ref(&made.der)).ok_or(rcgen::Error::CouldNotParseCertificate);
        let seconds = |moment: Timestamp, within: i64| Timestamp::from_millis(moment.seconds() * 1000 + within);
        let new = NewCertificate {
            fingerprint: shown.map_err(AuthorityError::from)?.fingerprint(),
            holder: order.holder,
            label: order.name.as_str().to_owned(),
            enabled: order.enabled,
            dates: (from, order.until),
            issued: IssuedHere {
                authority: key.id.clone(),
                serial: made.serial,
                not_before: seconds(from, 0),
                not_after: seconds(order.until, 999),
            },
            request: order.request.as_deref(),
            container: &made.container,
            renews: order.renews,
        };
        let entry = self.certificates.add_issued(new).await?;
        Ok(Issuance { entry, container: made.container, passphrase: made.passphrase })
    }

    /// Makes the certificate on a thread of its own: deriving the keys of a container takes some milliseconds.
    async fn make(
        &self,
        certificate: CertificateOrder,
        issuer: Issuer<'static, KeyPair>,
        chain: Vec<CertificateDer<'static>>,
        key: KeySource,
    ) -> Result<MadeCertificate, IssueError> {
        let random = Arc::clone(self.random());
        let made = tokio::task::spawn_blocking(move || -> Result<MadeCertificate, IssueError> {
            Ok(match key {
                KeySource::Made(encryption) => certificate.with_key(&issuer, &chain, encryption, &*random)?,
                KeySource::Device(request) => certificate.for_key(&request::key(&request)?, &issuer, &chain, &*random)?,
            })
        });
        made.await.unwrap_or_else(|ended| Err(AuthorityError::Container(ended.to_string()).into()))
    }

    /// Revokes certificates that were issued here, for good: all of them or none. Their sessions end, and the list of each key
    /// that signed any of them is signed once more and names them.
    ///
    /// # Errors
    /// [`CertificateRegisterError`].
    pub async fn revoke_certificates(&self, fingerprints: &[Fingerprint]) -> Result<(), CertificateRegisterError> {
        self.certificates.revoke(fingerprints).await?;
        self.sessions().revoke_certificates(&fingerprints.iter().copied().collect()).await?;
        self.publish_authority().await;
        Ok(())
    }

    /// Takes the trust from a key of the authority and from those below it, and revokes what they signed; how many certificates.
    /// Asked again, it ends what is left to end.
    ///
    /// # Errors
    /// [`AuthorityError`].
    pub async fn withdraw_authority(&self, id: &str) -> Result<usize, AuthorityError> {
        self.authority.withdraw(id).await?;
        let revoked = self.settle_withdrawn().await?;
        self.publish_authority().await;
        Ok(revoked)
    }

    /// Revokes what was signed by keys that are withdrawn, and ends its sessions: now, and at a start in case that the process
    /// ended between the two; how many certificates were not revoked before.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub(super) async fn settle_withdrawn(&self) -> Result<usize, DatabaseError> {
        let found = self.certificates.withdraw(WithdrawnKeys::of(&self.authority.list())).await?;
        if !found.all.is_empty() {
            self.sessions().revoke_certificates(&found.all).await?;
        }
        Ok(found.revoked)
    }

    /// Writes what a change of the authority's keys, or of what is revoked, means for others: anchors and lists.
    pub async fn publish_authority(&self) {
        renew_lists(&self.authority, &self.certificates).await;
    }

    /// Removes a group; certificates that its members shared are nobody's.
    ///
    /// # Errors
    /// [`crate::account::AccountError`].
    pub async fn remove_group(&self, group: &GroupName) -> Result<(), crate::account::AccountError> {
        self.groups().remove(group).await?;
        // Its list went with it; a group of the same name has none.
        self.networks().refresh().await?;
        self.certificates.forget_group(group).await;
        Ok(())
    }
}

/// When a certificate that is to begin at `from` begins: not before its key, which may have begun in the middle of that day.
fn begins(from: Timestamp, key: &AuthorityKey, zone: &TimeZone) -> Result<Timestamp, AuthorityError> {
    if from >= key.not_before {
        return Ok(from);
    }
    match (from.day_in(zone), key.not_before.day_in(zone)) {
        (Some(first), Some(of_key)) if first == of_key => Ok(key.not_before),
        _ => Err(AuthorityError::Precedes { id: key.id.clone(), begins: key.not_before.written_in(zone) }),
    }
}

/// Reads the authority and the register. The process that owns the state brings the authority's files up to date, and takes
/// over what changed of them.
pub(super) async fn load(
    base: &Foundation,
    file: &schema::File,
    users: &Arc<Users>,
    bundles: Bundles,
    owns_state: bool,
) -> Result<(IssuingAuthority, ClientCertificates), DatabaseError> {
    let published = file.state.directory.join(FOLDER);
    let authority = IssuingAuthority::load(base.database(), base.keys(), base.random(), base.clock(), published).await?;
    let withdrawn = WithdrawnKeys::of(&authority.list());
    let register = ClientCertificates::load(base.database(), Arc::clone(users), bundles, withdrawn, base.clock()).await?;
    if owns_state && renew_lists(&authority, &register).await {
        // What the bundles of the config were compiled from a moment ago is another by now.
        let _the_last_good_ones_stay = register.configure(&file.trust);
    }
    Ok((authority, register))
}

/// Makes the lists that are due; whether any file changed. What is revoked is refused by the register at once, so a list that
/// could not be written is only late for others: that is logged, counted, and tried again.
pub(super) async fn renew_lists(authority: &IssuingAuthority, register: &ClientCertificates) -> bool {
    let renewed = authority.renew_lists(|| register.revoked_by_key()).await;
    for error in renewed.failures {
        super::upkeep::report::<AuthorityError>("revocation_lists", Err(error));
    }
    renewed.changed
}
