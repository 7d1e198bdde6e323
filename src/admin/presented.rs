//! A certificate that an administrator hands over to be looked at: PEM, DER, or DER in base64. What holds a private key is
//! refused before anything else is done with it.
//! Invariant: what was handed over is kept nowhere and is in no message.

use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use crate::admin::error::AdminError;
use crate::admin::import::fault::PRIVATE;
use crate::facts::presented_certificate::PresentedCertificate;

/// Bytes of a file at most.
const LONGEST: usize = 64 << 10;

/// Reads the file at the command line, so that the gateway need not be able to, and a private key in it stays there.
pub(super) fn certificate_file(path: &str) -> Result<String, String> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| format!("{path}: {error}"))?;
    let most = u64::try_from(LONGEST).unwrap_or(u64::MAX);
    file.take(most.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| format!("{path}: {error}"))?;
    let text = String::from_utf8(bytes).unwrap_or_else(|binary| data_encoding::BASE64.encode(binary.as_bytes()));
    checked(&text).map(|_| text).map_err(|why| format!("{path}: {why}"))
}

/// The chain in a text, the client's own certificate first.
///
/// # Errors
/// [`AdminError::Input`] says what is wrong with it.
pub(super) fn presented(text: &str) -> Result<PresentedCertificate, AdminError> {
    checked(text).map_err(|why| AdminError::Input { what: "read the certificate", why })
}

fn checked(text: &str) -> Result<PresentedCertificate, String> {
    // Base64 of a file is a third longer than it.
    if text.len() > LONGEST / 3 * 4 + 4 {
        return Err(format!("it is longer than {} KiB; give the client's certificate and those above it alone", LONGEST >> 10));
    }
    if text.contains("PRIVATE KEY-----") {
        return Err(PRIVATE.to_owned());
    }
    let text = text.trim();
    let chain = if text.contains("-----BEGIN ") { of_pem(text)? } else { vec![of_base64(text)?] };
    for (place, der) in chain.iter().enumerate() {
        if !X509Certificate::from_der(der).is_ok_and(|(rest, _)| rest.is_empty()) {
            return Err(format!("certificate {} in it cannot be read", place + 1));
        }
    }
    let count = chain.len();
    PresentedCertificate::new(&chain)
        .ok_or_else(|| format!("it holds {count} certificates; give 1 to 10, 32 KiB in all, the client's own first"))
}

fn of_pem(text: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(text.as_bytes()).collect();
    let found = found.map_err(|_| {
        "it is not PEM; write the text between and with `-----BEGIN CERTIFICATE-----` and `-----END CERTIFICATE-----`".to_owned()
    })?;
    if found.is_empty() {
        let kind = text.split("-----BEGIN ").nth(1).and_then(|rest| rest.split("-----").next()).unwrap_or_default();
        let kind: String = kind.chars().filter(|c| c.is_ascii_uppercase() || *c == ' ' || c.is_ascii_digit()).take(40).collect();
        return Err(format!("it holds {kind}, and no CERTIFICATE"));
    }
    Ok(found)
}

pub(super) fn of_base64(text: &str) -> Result<CertificateDer<'static>, String> {
    let packed: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let der = data_encoding::BASE64.decode(packed.as_bytes()).ok().filter(|der| der.first() == Some(&0x30));
    let der = der.ok_or("it is neither PEM nor DER: give a certificate as a .pem, .crt or .cer file")?;
    // A certificate begins with a sequence in a sequence; keys (PKCS#1, PKCS#8, SEC 1) and containers (PKCS#12) with a number.
    let length = der.get(1).map_or(0, |byte| if byte & 0x80 == 0 { 0 } else { usize::from(byte & 0x7f) });
    match der.get(2 + length) {
        Some(0x02) => Err(PRIVATE.to_owned()),
        _ => Ok(CertificateDer::from(der)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{CertificateParams, KeyPair};

    #[test]
    fn a_certificate_is_read_in_each_form_and_a_private_key_in_none() {
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::default().self_signed(&key).unwrap();
        let (pem, base64) = (certificate.pem(), data_encoding::BASE64.encode(certificate.der()));
        let crlf = pem.replace('\n', "\r\n");
        for good in [pem.clone(), format!("Bag Attributes\n  name: x\n{pem}"), crlf, base64.clone(), format!("{pem}{pem}")] {
            assert_eq!(checked(&good).unwrap().chain()[0], *certificate.der(), "{good}");
        }
        let (key_pem, key_der) = (key.serialize_pem(), data_encoding::BASE64.encode(&key.serialize_der()));
        let sec1 = "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n";
        for secret in [&*key_pem, &format!("{pem}{key_pem}"), &format!("{key_pem}{pem}"), &key_der, sec1] {
            let refused = checked(secret).unwrap_err();
            assert!(refused.contains("private key") && !refused.contains(key_pem.lines().nth(1).unwrap()), "{refused}");
        }
        let csr = CertificateParams::default().serialize_request(&key).unwrap().pem().unwrap();
        let cut = pem.replace("-----END CERTIFICATE-----", "");
        let broken = pem.replacen(pem.lines().nth(2).unwrap(), "AAAA", 1);
        for (wrong, why) in [
            (String::new(), "neither PEM nor DER"),
            ("hello".to_owned(), "neither PEM nor DER"),
            (csr, "it holds CERTIFICATE REQUEST, and no CERTIFICATE"),
            (cut, "not PEM"),
            (broken, "certificate 1 in it cannot be read"),
            (
                format!("{pem}-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"),
                "certificate 2 in it cannot be read",
            ),
            (pem.repeat(11), "it holds 11 certificates"),
            ("A".repeat(100_000), "longer than 64 KiB"),
            (format!("{base64}{base64}"), "cannot be read"),
        ] {
            let refused = checked(&wrong).unwrap_err();
            assert!(refused.contains(why), "{why}: {refused}");
        }
    }
}
