//! A provider that speaks SAML, as its metadata describes it, and this gateway towards it: metadata and requests.

use std::fmt;
use std::path::Path;

use saml_rs::constants::CertUse;
use saml_rs::metadata::{Endpoint, SpMetadataConfig, generate_sp_metadata};
use saml_rs::raw::{Binding, EntitySetting, IdentityProvider as LibraryProvider, LoginRequestOptions};
use saml_rs::template::replace_tags_by_value;
use saml_rs::xml::dom::{self, Node};
use saml_rs::{
    AcsEndpoint, AudienceValidationPolicy, AuthnRequestSigningPolicy, CertificatePem, Credentials, EntityId, IdpDescriptor,
    MetadataTrustPolicy, PrivateKeyPem, Saml, SamlError, Sp, SpConfig, SpValidationPolicy, XmlPolicy, XmlSignatureProfile,
};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::answer::SamlRequest;
use super::shape::LIMITS;
use crate::clock::Timestamp;
use crate::config::diagnose::Complaint;
use crate::config::schema::{IdpSection, NameIdKind, SamlSection};
use crate::idp::failure::{IdpReason, legible};
use crate::idp::files::{private, unreadable};

/// The longest metadata file.
const LONGEST_METADATA: u64 = 1024 * 1024;
/// The shortest RSA key of a provider (NIST SP 800-131A).
const SHORTEST_KEY: usize = 2048;

/// A request (SAML Core 2.0 §3.4.1); what stands in braces is put in escaped.
const REQUEST: &str = "<samlp:AuthnRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
    xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"{ID}\" Version=\"2.0\" IssueInstant=\"{IssueInstant}\" \
    Destination=\"{Destination}\"{FORCE} ProtocolBinding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST\" \
    AssertionConsumerServiceURL=\"{AssertionConsumerServiceURL}\"><saml:Issuer>{Issuer}</saml:Issuer>{POLICY}{CONTEXT}\
    </samlp:AuthnRequest>";

/// A provider that speaks SAML.
pub(in crate::idp) struct SamlPeer {
    pub(super) sp: Saml<Sp>,
    pub(super) idp: IdpDescriptor,
    pub(super) acs: AcsEndpoint,
    pub(super) section: SamlSection,
    /// The entity ID of this gateway.
    pub(super) own: String,
    library: LibraryProvider,
    destination: String,
    acr: Vec<String>,
    metadata: String,
    keys: usize,
    /// Until when its metadata is good.
    ends: Option<Timestamp>,
}

impl fmt::Debug for SamlPeer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "SamlPeer({})", self.idp.entity_id().as_str())
    }
}

impl SamlPeer {
    /// Reads the metadata of a provider and the keys of this gateway for it; `own` is the entity ID of this gateway, `acs` where
    /// responses are posted to.
    pub(in crate::idp) fn read(
        key: &impl Fn(&str) -> String,
        section: &IdpSection,
        saml: &SamlSection,
        own: &str,
        acs: &str,
    ) -> Result<Self, Complaint> {
        let at = key("saml.metadata");
        let wrong = |why: String| unreadable(&at, &saml.metadata, why);
        let text = metadata_of(&at, &saml.metadata)?;
        let (ends, root) = described(&text).map_err(&wrong)?;
        if root != section.issuer && !root.is_empty() {
            let why = format!("it is the metadata of {:?}, and `issuer` is {:?}", legible(&root, 300), section.issuer);
            return Err(wrong(why).help("write `issuer` exactly as `entityID` stands in the metadata"));
        }
        let expected = EntityId::try_new(section.issuer.as_str()).map_err(|error| wrong(error.to_string()))?;
        let idp = IdpDescriptor::from_metadata_xml_for(expected, &text, MetadataTrustPolicy::UnsignedForCompatibility)
            .map_err(|error| wrong(legible(&error.to_string(), 300)))?;
        let keys = signing_keys(&idp).map_err(&wrong)?;
        let destination = idp.metadata().get_single_sign_on_service(Binding::Redirect);
        let destination =
            destination.ok_or_else(|| wrong("it names no SingleSignOnService with the binding HTTP-Redirect".to_owned()))?;
        if Url::parse(&destination).map(|url| url.scheme() != "https").unwrap_or(true) {
            return Err(wrong(format!("its SingleSignOnService is {:?}, not an https address", legible(&destination, 300))));
        }
        let wants_signed = idp.metadata().is_want_authn_requests_signed();
        let credentials = match (&saml.key_file, &saml.certificate_file) {
            (Some(file), Some(certificate)) => credentials(key, file, certificate)?,
            _ if wants_signed => {
                let complaint =
                    Complaint::new(key("saml.key_file"), "the provider wants requests signed (WantAuthnRequestsSigned)");
                return Err(complaint.help("name an RSA key and its certificate in `saml.key_file` and `saml.certificate_file`"));
            }
            _ => Credentials::default(),
        };
        let signing = credentials.signing_certificate.as_ref().map(|certificate| certificate.as_str().to_owned());
        let describe = |error: SamlError| wrong(legible(&error.to_string(), 300));
        let acs_endpoint = AcsEndpoint::post(acs).map_err(describe)?;
        let validation = SpValidationPolicy {
            xml_signatures: XmlSignatureProfile::StrictRsaSha2,
            audience: AudienceValidationPolicy::Validate,
            authn_requests: match wants_signed {
                true => AuthnRequestSigningPolicy::Sign,
                false => AuthnRequestSigningPolicy::DoNotSignForCompatibility,
            },
            ..SpValidationPolicy::recommended()
        };
        let config = SpConfig::builder(EntityId::try_new(own).map_err(describe)?)
            .acs_endpoint(acs_endpoint.clone())
            .credentials(credentials)
            .validation(validation)
            .xml(XmlPolicy { limits: LIMITS, ..XmlPolicy::default() });
        let sp = Saml::sp(config.build().map_err(describe)?).map_err(describe)?;
        let metadata = generate_sp_metadata(&SpMetadataConfig {
            entity_id: own.to_owned(),
            signing_certs: signing.into_iter().collect(),
            authn_requests_signed: wants_signed,
            want_assertions_signed: true,
            name_id_format: vec![format_of(saml.name_id).to_owned()],
            assertion_consumer_service: vec![Endpoint::new(Binding::Post, acs)],
            ..SpMetadataConfig::default()
        });
        let library = LibraryProvider::from_metadata(&text, EntitySetting::default()).map_err(describe)?;
        let peer = Self {
            sp,
            idp,
            acs: acs_endpoint,
            section: saml.clone(),
            own: own.to_owned(),
            library,
            destination,
            acr: section.acr.clone(),
            metadata,
            keys,
            ends,
        };
        // A key that signs nothing is found now, and not by the first person.
        let trial = SamlRequest { id: "_trial", relay: "", now: Timestamp::from_seconds(0), afresh: false };
        match peer.request(&trial) {
            Ok(_) => Ok(peer),
            Err(reason) => Err(Complaint::new(key("saml"), reason.text)),
        }
    }

    /// The metadata of this gateway.
    pub(in crate::idp) fn own_metadata(&self) -> &str {
        &self.metadata
    }

    /// How many keys of the provider are known.
    pub(in crate::idp) const fn keys(&self) -> usize {
        self.keys
    }

    /// Whether the metadata may be used now.
    pub(in crate::idp) fn usable(&self, now: Timestamp) -> Result<(), IdpReason> {
        match self.ends {
            Some(ends) if now >= ends => {
                let file = self.section.metadata.display();
                Err(IdpReason::set_up(format!("its metadata was good until {}; put the present one into {file}", ends.rfc3339())))
            }
            _ => Ok(()),
        }
    }

    /// Where to send a browser with a request.
    pub(in crate::idp) fn request(&self, request: &SamlRequest<'_>) -> Result<Url, IdpReason> {
        let xml = |_: &str| (request.id.to_owned(), self.request_xml(request));
        let options =
            LoginRequestOptions { relay_state: Some(request.relay), custom: Some(&xml), ..LoginRequestOptions::default() };
        let made = self.sp.raw_service_provider().create_login_request_with_options(&self.library, Binding::Redirect, &options);
        let made =
            made.map_err(|error| IdpReason::set_up(format!("no request can be made: {}", legible(&error.to_string(), 300))))?;
        Url::parse(&made.context).map_err(|_| IdpReason::set_up("its SingleSignOnService is no address"))
    }

    fn request_xml(&self, request: &SamlRequest<'_>) -> String {
        let force = if request.afresh { " ForceAuthn=\"true\"" } else { "" };
        let policy = match self.section.name_id {
            NameIdKind::Unspecified => "",
            // SAML Core 2.0 §3.4.1.1: a transient one is always made.
            NameIdKind::Transient => "<samlp:NameIDPolicy Format=\"{Format}\"/>",
            NameIdKind::Persistent | NameIdKind::EmailAddress => "<samlp:NameIDPolicy Format=\"{Format}\" AllowCreate=\"true\"/>",
        };
        let one = |acr: &String| {
            replace_tags_by_value("<saml:AuthnContextClassRef>{C}</saml:AuthnContextClassRef>", &[("C", acr.clone())])
        };
        let classes: String = self.acr.iter().map(one).collect();
        let context = match classes.as_str() {
            "" => String::new(),
            all => format!("<samlp:RequestedAuthnContext Comparison=\"exact\">{all}</samlp:RequestedAuthnContext>"),
        };
        let frame = REQUEST.replace("{FORCE}", force).replace("{POLICY}", policy);
        let values = [
            ("ID", request.id.to_owned()),
            ("IssueInstant", request.now.rfc3339()),
            ("Destination", self.destination.clone()),
            ("AssertionConsumerServiceURL", self.acs.location().as_str().to_owned()),
            ("Issuer", self.own.clone()),
            ("Format", format_of(self.section.name_id).to_owned()),
        ];
        replace_tags_by_value(&frame, &values).replace("{CONTEXT}", &context)
    }
}

/// As the library and the standard write it.
pub(super) const fn format_of(kind: NameIdKind) -> &'static str {
    match kind {
        NameIdKind::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
        NameIdKind::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
        NameIdKind::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
        NameIdKind::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
    }
}

fn metadata_of(key: &str, file: &Path) -> Result<String, Complaint> {
    let found = std::fs::metadata(file).map_err(|error| unreadable(key, file, error))?;
    if found.len() > LONGEST_METADATA {
        return Err(unreadable(key, file, "it is longer than 1 MiB").help("cut the one provider out of the federation's file"));
    }
    std::fs::read_to_string(file).map_err(|error| unreadable(key, file, error))
}

/// Until when metadata are good, and whose they are.
fn described(text: &str) -> Result<(Option<Timestamp>, String), String> {
    let document = dom::parse(text).map_err(|error| format!("it is not XML: {}", legible(&error.to_string(), 200)))?;
    let mut ends = None;
    let mut names = Vec::new();
    let mut left = vec![&document.root];
    while let Some(node) = left.pop() {
        if !["EntitiesDescriptor", "EntityDescriptor", "IDPSSODescriptor"].contains(&node.local_name.as_str()) {
            continue;
        }
        if let Some(until) = node.attr("validUntil") {
            let until = moment(until).ok_or_else(|| format!("its validUntil {:?} is no time", legible(until, 64)))?;
            ends = Some(ends.map_or(until, |ends: Timestamp| ends.min(until)));
        }
        names.extend(node.attr("entityID").filter(|_| node.local_name == "EntityDescriptor"));
        left.extend(node.children.iter().collect::<Vec<&Node>>());
    }
    match names.as_slice() {
        [] => Err("it describes no entity (EntityDescriptor with an entityID)".to_owned()),
        [one] => Ok((ends, (*one).to_owned())),
        several => Err(format!("it describes {} entities; keep that of the one provider", several.len())),
    }
}

/// A moment as XML Schema writes it, in UTC or with an offset.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let moment = OffsetDateTime::parse(text.trim(), &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos() / 1_000_000).ok().map(Timestamp::from_millis)
}

/// How many keys sign responses: each an RSA key that is long enough.
fn signing_keys(idp: &IdpDescriptor) -> Result<usize, String> {
    use base64::Engine as _;
    let all = idp.metadata().x509_certificates(CertUse::Signing);
    if all.is_empty() {
        return Err("it names no key that signs (KeyDescriptor with use=\"signing\")".to_owned());
    }
    for text in &all {
        let bare: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let der =
            base64::engine::general_purpose::STANDARD.decode(bare).map_err(|_| "a certificate in it is not base64".to_owned())?;
        let (_, certificate) =
            x509_parser::parse_x509_certificate(&der).map_err(|_| "a certificate in it cannot be read".to_owned())?;
        match certificate.public_key().parsed() {
            Ok(x509_parser::public_key::PublicKey::RSA(key)) if key.key_size() >= SHORTEST_KEY => {}
            Ok(x509_parser::public_key::PublicKey::RSA(key)) => {
                return Err(format!("a key in it has {} bits; RSA keys must have {SHORTEST_KEY} at least", key.key_size()));
            }
            _ => return Err("a key in it is not an RSA key; responses are verified with RSA and SHA-2 alone".to_owned()),
        }
    }
    Ok(all.len())
}

fn credentials(key: &impl Fn(&str) -> String, file: &Path, certificate: &Path) -> Result<Credentials, Complaint> {
    let (at_key, at_certificate) = (key("saml.key_file"), key("saml.certificate_file"));
    let pem = zeroize::Zeroizing::new(private(&at_key, file)?);
    let pem = std::str::from_utf8(&pem).map_err(|_| unreadable(&at_key, file, "it is not PEM"))?;
    let shown = std::fs::read_to_string(certificate).map_err(|error| unreadable(&at_certificate, certificate, error))?;
    if !shown.contains("-----BEGIN CERTIFICATE-----") {
        return Err(unreadable(&at_certificate, certificate, "it holds no certificate in PEM"));
    }
    Ok(Credentials {
        signing_key: Some(PrivateKeyPem::new(pem)),
        signing_certificate: Some(CertificatePem::new(shown)),
        ..Credentials::default()
    })
}
