//! Who we are to authenticators: the domain that passkeys are made for, the one origin that may use them, and which
//! authenticators are taken. Made from `[passkeys]`; the library that verifies is set up here and nowhere else.

use std::fmt;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::proto::{AttestationCaList, AttestationCaListBuilder};

use crate::config::diagnose::Complaint;
use crate::config::schema::File;

/// Who we are to authenticators.
pub struct RelyingParty {
    pub(super) library: WebauthnCore,
    pub(super) id: String,
    /// Scheme, host and port, exactly as a browser writes them (WebAuthn §5.8.1).
    pub(super) origin: String,
    pub(super) per_user: usize,
    pub(super) synced: bool,
    /// Whose statement about the model of an authenticator is demanded; `None`: none is.
    pub(super) authorities: Option<AttestationCaList>,
    pub(super) lifetime: Duration,
}

impl fmt::Debug for RelyingParty {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "RelyingParty({})", self.id)
    }
}

impl RelyingParty {
    /// As `file` says; `None` if the portal has an IP address, for which browsers make no passkeys.
    ///
    /// # Errors
    /// A complaint about the file of authorities.
    pub fn load(file: &File) -> Result<Option<Self>, Complaint> {
        let section = &file.passkeys;
        let Ok(portal) = file.portal.url.parse::<Url>() else { return Ok(None) };
        let Some(Host::Domain(host)) = portal.host() else { return Ok(None) };
        let id = section.rp_id.clone().unwrap_or_else(|| host.to_owned());
        let name = section.name.as_deref().or(file.portal.title.as_deref()).unwrap_or("Sekisho");
        let origin = portal.origin().ascii_serialization();
        let Ok(allowed) = origin.parse::<Url>() else { return Ok(None) };
        let (subdomains, any_port) = (Some(false), Some(false));
        Ok(Some(Self {
            library: WebauthnCore::new_unsafe_experts_only(name, &id, vec![allowed], section.lifetime.0, subdomains, any_port),
            id,
            origin,
            per_user: section.per_user,
            synced: section.synced,
            authorities: authorities(file)?,
            lifetime: section.lifetime.0,
        }))
    }
}

/// The makers' certificates, each for the models that are listed.
fn authorities(file: &File) -> Result<Option<AttestationCaList>, Complaint> {
    let Some(path) = &file.passkeys.attestation_authorities else { return Ok(None) };
    let wrong = |why: String| {
        Complaint::new("passkeys.attestation_authorities", format!("{}: {why}", path.display()))
            .help("write the path of a PEM file with the root certificates that the makers publish")
    };
    let pem = std::fs::read(path).map_err(|error| wrong(error.to_string()))?;
    let mut list = AttestationCaListBuilder::new();
    let mut count = 0_usize;
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| wrong(format!("it is not PEM ({error})")))?;
        count += 1;
        for model in file.passkeys.models.iter().filter_map(|model| model.parse::<Uuid>().ok()) {
            let inserted = list.insert_device_der(&certificate, model, model.to_string(), std::collections::BTreeMap::new());
            inserted.map_err(|error| wrong(format!("certificate {count} cannot be read ({error})")))?;
        }
    }
    if count == 0 {
        return Err(wrong("it holds no certificate".to_owned()));
    }
    Ok(Some(list.build()))
}
