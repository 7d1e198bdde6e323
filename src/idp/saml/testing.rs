//! A small provider that speaks SAML, for tests: metadata with a key of its own, and responses that say what a test wants,
//! signed by the library. Those of real providers and of xmlsec1 are in `tests/idp`.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use saml_rs::binding::deflate_raw_decode;
use saml_rs::crypto::construct_saml_signature;
use saml_rs::crypto::keys::load_private_key;

use crate::clock::Timestamp;

const SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
pub(crate) const ISSUER: &str = "https://login.example.net/saml/metadata";

/// It.
pub(crate) struct TestIssuer {
    key: String,
    certificate: String,
}

impl TestIssuer {
    pub(crate) fn new() -> Self {
        let pair = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let certificate = CertificateParams::new(vec!["login.example.net".to_owned()]).unwrap().self_signed(&pair).unwrap();
        Self { key: pair.serialize_pem(), certificate: STANDARD.encode(certificate.der()) }
    }

    pub(crate) fn metadata(&self) -> String {
        format!(
            "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" \
             entityID=\"{ISSUER}\"><md:IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\">\
             <md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data>\
             </ds:KeyInfo></md:KeyDescriptor><md:SingleSignOnService \
             Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"https://login.example.net/sso?a=1&amp;b=2\"/>\
             </md:IDPSSODescriptor></md:EntityDescriptor>",
            self.certificate
        )
    }

    /// The table of the config; `saml` are more keys of its own table, `more` further keys of the section.
    pub(crate) fn table(&self, folder: &Path, saml: &str, more: &str) -> String {
        let file = folder.join("metadata.xml");
        std::fs::write(&file, self.metadata()).unwrap();
        format!(
            "[[idp]]\nname = \"corp\"\ntitle = \"Contoso\"\nissuer = \"{ISSUER}\"\nsaml = {{ metadata = {file:?}{saml} }}\n{more}\n"
        )
    }

    /// A response to a request, not signed yet.
    pub(crate) fn says(request: &str, now: Timestamp) -> String {
        let acs = "https://auth.example.com/sign-in/idp/corp/assertion";
        let own = "https://auth.example.com/sign-in/idp/corp/metadata";
        let (now, then) = (now.rfc3339(), Timestamp::from_seconds(now.seconds() + 86_400).rfc3339());
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" \
             xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_r\" Version=\"2.0\" IssueInstant=\"{now}\" \
             Destination=\"{acs}\" InResponseTo=\"{request}\"><saml:Issuer>{ISSUER}</saml:Issuer><samlp:Status><samlp:StatusCode \
             Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><saml:Assertion ID=\"_{request}\" Version=\"2.0\" \
             IssueInstant=\"{now}\"><saml:Issuer>{ISSUER}</saml:Issuer><saml:Subject><saml:NameID \
             Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:persistent\">alice-there</saml:NameID><saml:SubjectConfirmation \
             Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><saml:SubjectConfirmationData NotOnOrAfter=\"{then}\" \
             Recipient=\"{acs}\" InResponseTo=\"{request}\"/></saml:SubjectConfirmation></saml:Subject><saml:Conditions \
             NotBefore=\"{now}\" NotOnOrAfter=\"{then}\"><saml:AudienceRestriction><saml:Audience>{own}</saml:Audience>\
             </saml:AudienceRestriction></saml:Conditions><saml:AuthnStatement AuthnInstant=\"{now}\" SessionIndex=\"s1\">\
             <saml:AuthnContext><saml:AuthnContextClassRef>urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
             </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement><saml:AttributeStatement><saml:Attribute \
             Name=\"mail\"><saml:AttributeValue>a@example.com</saml:AttributeValue></saml:Attribute><saml:Attribute \
             Name=\"groups\"><saml:AttributeValue>sales</saml:AttributeValue></saml:Attribute><saml:Attribute \
             Name=\"groups\"><saml:AttributeValue>staff</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>\
             </saml:Assertion></samlp:Response>"
        )
    }

    /// Signs the assertion, or the whole response.
    pub(crate) fn sign(&self, xml: &str, whole: bool) -> String {
        let key = load_private_key(&self.key, None).unwrap();
        construct_saml_signature(xml, whole, &key, &self.certificate, SHA256, &[], None).unwrap()
    }
}

/// As a form carries it.
pub(crate) fn encoded(xml: &str) -> String {
    STANDARD.encode(xml)
}

/// The request in the query of a redirect.
pub(crate) fn request_of(parameter: &str) -> String {
    String::from_utf8(deflate_raw_decode(&STANDARD.decode(parameter).unwrap()).unwrap()).unwrap()
}
