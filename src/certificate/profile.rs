//! A certificate as a configuration profile (`.mobileconfig`), which iOS, iPadOS and macOS install: its container, for whose
//! passphrase the device asks, and the certificates above it.
//! Invariant: no passphrase is in it, and the same certificate has the same identifiers each time, so that a profile that is
//! installed again replaces the one before.

use plist::{Dictionary, Value};
use rustls_pki_types::CertificateDer;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::principal::certificate::Fingerprint;

/// What a profile is made of.
#[derive(Clone, Copy, Debug)]
pub struct ConfigurationProfile<'a> {
    /// The portal's host, whose reversed name begins every identifier.
    pub host: &'a str,
    /// The organisation.
    pub organisation: &'a str,
    /// What the certificate is called.
    pub name: &'a str,
    /// The certificate.
    pub fingerprint: Fingerprint,
    /// PKCS#12.
    pub container: &'a [u8],
    /// The certificates above it: the one that signed it first.
    pub chain: &'a [CertificateDer<'a>],
}

/// A profile could not be written.
#[derive(Debug, thiserror::Error)]
#[error("write a configuration profile: {0}")]
pub struct ProfileError(#[from] plist::Error);

impl ConfigurationProfile<'_> {
    /// The profile, as an XML property list.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn xml(&self) -> Result<Vec<u8>, ProfileError> {
        let mut parts = vec![Value::Dictionary(self.own())];
        parts.extend(self.chain.iter().enumerate().map(|(place, der)| Value::Dictionary(self.above(place, der))));
        let mut whole = self.payload("Configuration", "", &format!("{} ({})", self.name, self.organisation));
        whole.insert("PayloadOrganization".to_owned(), self.organisation.into());
        whole.insert("PayloadContent".to_owned(), Value::Array(parts));
        let mut xml = Vec::new();
        Value::Dictionary(whole).to_writer_xml(&mut xml)?;
        Ok(xml)
    }

    /// The container. Without `Password` the device asks for it.
    fn own(&self) -> Dictionary {
        let mut own = self.payload("com.apple.security.pkcs12", ".identity", self.name);
        own.insert("PayloadCertificateFileName".to_owned(), "certificate.p12".into());
        own.insert("PayloadContent".to_owned(), Value::Data(self.container.to_vec()));
        own
    }

    /// A certificate above it: a root where it names itself as its issuer.
    fn above(&self, place: usize, der: &CertificateDer<'_>) -> Dictionary {
        let parsed = X509Certificate::from_der(der).ok().map(|(_, parsed)| parsed);
        let is_root = parsed.as_ref().is_some_and(|parsed| parsed.subject() == parsed.issuer());
        let name = parsed.and_then(|parsed| parsed.subject().iter_common_name().next()?.as_str().ok().map(str::to_owned));
        let (kind, file) =
            if is_root { ("com.apple.security.root", "root.cer") } else { ("com.apple.security.pkcs1", "authority.cer") };
        let mut above = self.payload(kind, &format!(".above.{place}"), name.as_deref().unwrap_or(self.organisation));
        above.insert("PayloadCertificateFileName".to_owned(), file.into());
        above.insert("PayloadContent".to_owned(), Value::Data(der.to_vec()));
        above
    }

    /// What every payload says of itself.
    fn payload(&self, kind: &str, below: &str, title: &str) -> Dictionary {
        let identifier = format!("{}{below}", self.identifier());
        let mut payload = Dictionary::new();
        payload.insert("PayloadType".to_owned(), kind.into());
        payload.insert("PayloadVersion".to_owned(), 1.into());
        payload.insert("PayloadUUID".to_owned(), uuid_of(&identifier).into());
        payload.insert("PayloadIdentifier".to_owned(), identifier.into());
        payload.insert("PayloadDisplayName".to_owned(), title.into());
        payload
    }

    /// `com.example.auth.sekisho.certificate.0123…`
    fn identifier(&self) -> String {
        let reversed: Vec<&str> = self.host.rsplit('.').collect();
        let short: String = self.fingerprint.text().chars().take(32).collect();
        format!("{}.sekisho.certificate.{short}", reversed.join("."))
    }
}

/// A UUID of version 8 (RFC 9562 §5.8), which is the same for the same identifier.
fn uuid_of(identifier: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, identifier.as_bytes());
    let bytes: [u8; 16] = std::array::from_fn(|place| digest.as_ref().get(place).copied().unwrap_or_default());
    uuid::Builder::from_custom_bytes(bytes).into_uuid().hyphenated().to_string().to_uppercase()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    fn chain() -> Vec<CertificateDer<'static>> {
        let root = rcgen::generate_simple_self_signed(vec!["root".to_owned()]).unwrap();
        vec![root.cert.der().clone()]
    }

    fn xml(fingerprint: u8, chain: &[CertificateDer<'_>], host: &str) -> Vec<u8> {
        let profile = ConfigurationProfile {
            host,
            organisation: "A & B <Example> 株式会社",
            name: "ｉＰｈｏｎｅ１５",
            fingerprint: Fingerprint([fingerprint; 32]),
            container: &[0x30, 0, 0xff],
            chain,
        };
        profile.xml().unwrap()
    }

    /// Reads a property list as another program does: Python's `plistlib`.
    fn read(xml: &[u8]) -> serde_json::Value {
        let script = "import json, plistlib, sys\n\
                      print(json.dumps(plistlib.loads(sys.stdin.buffer.read()), default=lambda data: data.hex()))";
        let mut python = Command::new("python3");
        let mut child = python.args(["-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(xml).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success());
        serde_json::from_slice(&output.stdout).unwrap()
    }

    #[test]
    fn a_profile_is_read_by_another_program_and_holds_no_password_r_233_r_234() {
        let chain = chain();
        let xml = xml(7, &chain, "auth.example.com");
        let read = read(&xml);
        assert_eq!((&read["PayloadType"], &read["PayloadVersion"]), (&"Configuration".into(), &1.into()));
        assert_eq!(read["PayloadIdentifier"], format!("com.example.auth.sekisho.certificate.{}", "07".repeat(16)));
        assert_eq!(read["PayloadDisplayName"], "ｉＰｈｏｎｅ１５ (A & B <Example> 株式会社)");
        let parts = read["PayloadContent"].as_array().unwrap();
        let kinds: Vec<_> = parts.iter().map(|part| part["PayloadType"].as_str().unwrap()).collect();
        assert_eq!(kinds, ["com.apple.security.pkcs12", "com.apple.security.root"]);
        assert_eq!(parts[0]["PayloadContent"], "3000ff");
        let root: String = chain[0].iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(parts[1]["PayloadContent"], root);
        assert!(!String::from_utf8(xml).unwrap().contains("Password"));
    }

    #[test]
    fn a_certificate_has_the_same_identifiers_each_time_and_another_has_others_r_233() {
        let chain = chain();
        let ids = |read: serde_json::Value| -> Vec<String> {
            let parts = read["PayloadContent"].as_array().unwrap().clone();
            let all = std::iter::once(read).chain(parts);
            all.flat_map(|one| ["PayloadUUID", "PayloadIdentifier"].map(|key| one[key].as_str().unwrap().to_owned())).collect()
        };
        let first = xml(1, &chain, "auth.example.com");
        assert_eq!(first, xml(1, &chain, "auth.example.com"));
        let first = ids(read(&first));
        for other in [xml(2, &chain, "auth.example.com"), xml(1, &chain, "auth.example.org")] {
            assert!(ids(read(&other)).iter().all(|id| !first.contains(id)));
        }
        let distinct: std::collections::BTreeSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), first.len(), "each part has its own: {first:?}");
    }
}
