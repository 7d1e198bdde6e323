//! One's certificates that were issued here, one's own and those of one's groups and of everybody: which there are,
//! and each as a file. The passphrase is kept nowhere, so that nothing here could hand it out.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use unicode_normalization::UnicodeNormalization as _;

use super::{ActError, SelfServiceContext, note};
use crate::account::user::User;
use crate::audit::Event;
use crate::certificate::container::ContainerKind;
use crate::certificate::entry::RegisterEntry;
use crate::certificate::profile::ConfigurationProfile;
use crate::certificate::register::CertificateRegisterError;
use crate::core::Core;
use crate::principal::certificate::{Fingerprint, Holder};
use crate::session::Fresh;

/// As what a certificate is handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "lowercase")]
pub enum HandedForm {
    /// PKCS#12.
    P12,
    /// A configuration profile of iOS, iPadOS and macOS, with the container in it.
    MobileConfig,
    /// The chain, for a key that stays in the device that made it.
    Pem,
}

impl HandedForm {
    /// The type of the file (RFC 6838).
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::P12 => "application/x-pkcs12",
            Self::MobileConfig => "application/x-apple-aspen-config",
            Self::Pem => "application/x-pem-file",
        }
    }
}

/// A certificate that is one's own, or that one uses with others.
#[derive(Clone, Debug)]
pub struct UserCertificate {
    /// As the register knows it.
    pub entry: RegisterEntry,
    /// How many days are left, where it may still count.
    pub days_left: Option<i32>,
    /// Whether the one that follows it is there and counts in time.
    pub is_followed: bool,
}

/// A certificate as a file.
pub struct HandedFile {
    /// Its name: ASCII letters, digits, `-` and `.` alone.
    pub name: String,
    /// The type of its content.
    pub media_type: &'static str,
    /// Its content.
    pub body: Vec<u8>,
}

debug_by_name!(HandedFile);

/// The certificates that are for the user and were issued here: the user's own first, of these and of the others those that end last.
/// Nothing is read for it.
pub fn of_user(core: &Core, user: &User) -> Vec<UserCertificate> {
    let (now, zone) = (core.clock().now(), core.zone());
    let issued = core.certificates().issued_for(&user.standing());
    let mut all: Vec<UserCertificate> = issued
        .into_iter()
        .map(|entry| UserCertificate {
            days_left: entry.days_left(now, &zone),
            is_followed: core.certificates().is_followed(&entry),
            entry,
        })
        .collect();
    all.sort_by_key(|one| {
        std::cmp::Reverse((one.is_own(), one.entry.is_alive(now), one.entry.counts_until(), one.entry.fingerprint))
    });
    all
}

impl UserCertificate {
    /// Whether nobody else uses it.
    pub const fn is_own(&self) -> bool {
        matches!(self.entry.holder, Holder::User(_))
    }
}

/// As what a certificate can be fetched: as nothing where it has ended, is revoked, or nothing of it was handed out, or where its key
/// stays in a device that is not this user's alone.
///
/// # Errors
/// [`ActError::Database`].
pub async fn forms(core: &Core, one: &UserCertificate) -> Result<&'static [HandedForm], ActError> {
    if !one.entry.is_alive(core.clock().now()) {
        return Ok(&[]);
    }
    let kind = core.certificates().container_kind(one.entry.fingerprint).await?;
    Ok(kind.filter(|kind| one.is_own() || *kind == ContainerKind::Pkcs12).map_or(&[], forms_of))
}

/// One of the certificates that are for the user, as a file. What has ended or is revoked is not handed out.
///
/// # Errors
/// [`ActError::NotFound`] if there is none, it is somebody else's, or there is no such form of it; [`ActError::Database`].
pub async fn fetch(
    core: &Core,
    circumstances: &SelfServiceContext<'_>,
    fresh: &Fresh,
    fingerprint: Fingerprint,
    form: HandedForm,
) -> Result<HandedFile, ActError> {
    let user = fresh.user();
    let one = of_user(core, user).into_iter().find(|one| one.entry.fingerprint == fingerprint).ok_or(ActError::NotFound)?;
    if !forms(core, &one).await?.contains(&form) {
        return Err(ActError::NotFound);
    }
    let (entry, container) = (one.entry, container(core, fingerprint).await?);
    let body = match form {
        HandedForm::P12 | HandedForm::Pem => container,
        HandedForm::MobileConfig => profile(core, &entry, &container)?,
    };
    let word: &'static str = form.into();
    let event = Event::new("certificate.fetch").detail("certificate", fingerprint.text()).detail("form", word);
    note(core, circumstances, user, event).await?;
    Ok(HandedFile { name: file_name(&entry, word), media_type: form.media_type(), body })
}

/// What was handed out when it was issued; nothing where that is not kept.
async fn container(core: &Core, fingerprint: Fingerprint) -> Result<Vec<u8>, ActError> {
    match core.certificates().container(fingerprint).await {
        Ok((_, container)) => Ok(container),
        Err(CertificateRegisterError::Database(error)) => Err(error.into()),
        Err(_) => Ok(Vec::new()),
    }
}

const fn forms_of(kind: ContainerKind) -> &'static [HandedForm] {
    match kind {
        ContainerKind::Pem => &[HandedForm::Pem],
        ContainerKind::Pkcs12 => &[HandedForm::P12, HandedForm::MobileConfig],
    }
}

fn profile(core: &Core, entry: &RegisterEntry, container: &[u8]) -> Result<Vec<u8>, ActError> {
    let key = entry.issued.as_ref().and_then(|issued| core.authority().find(&issued.authority).ok());
    let chain: Vec<CertificateDer<'static>> = key
        .as_ref()
        .map_or_else(Vec::new, |key| CertificateDer::pem_slice_iter(key.chain.as_bytes()).filter_map(Result::ok).collect());
    let config = core.config();
    let url = url::Url::parse(&config.file.portal.url).ok();
    let profile = ConfigurationProfile {
        host: url.as_ref().and_then(url::Url::host_str).unwrap_or("sekisho"),
        organisation: config.file.portal.title.as_deref().or(key.as_deref().map(|key| key.name.as_str())).unwrap_or("Sekisho"),
        name: entry.label.as_deref().unwrap_or("certificate"),
        fingerprint: entry.fingerprint,
        container,
        chain: &chain,
    };
    profile.xml().map_err(|error| ActError::Factor(error.to_string()))
}

/// `iPhone15-0123abcd.p12`: what a label holds beside ASCII letters and digits is left out.
fn file_name(entry: &RegisterEntry, extension: &str) -> String {
    let label = entry.label.as_deref().unwrap_or_default();
    let called: String = label.nfkc().filter(char::is_ascii_alphanumeric).take(20).collect();
    let called = if called.is_empty() { "certificate".to_owned() } else { called };
    let short: String = entry.fingerprint.text().chars().take(8).collect();
    format!("{called}-{short}.{extension}")
}
