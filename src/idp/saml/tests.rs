//! What a config may name, and what a response must look like.

use super::testing::{ISSUER, TestIssuer};
use super::{SamlPeer, shape};
use crate::clock::Timestamp;
use crate::config::schema::IdpSection;

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// What is said of a provider with this metadata.
fn read(metadata: &str, saml: &str) -> Result<SamlPeer, String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("metadata.xml");
    std::fs::write(&file, metadata).unwrap();
    let text = format!("name = \"corp\"\nissuer = \"{ISSUER}\"\nsaml = {{ metadata = {file:?}{saml} }}\n");
    let section: IdpSection = toml::from_str(&text).unwrap();
    let key = |key: &str| format!("idp[0].{key}");
    let read =
        SamlPeer::read(&key, &section, section.saml.as_ref().unwrap(), "https://own.example", "https://auth.example.com/acs");
    read.map_err(|complaint| format!("{complaint:?}"))
}

#[test]
fn metadata_that_lead_nowhere_or_to_a_weak_place_are_refused_with_the_reason() {
    let issuer = TestIssuer::new();
    let good = issuer.metadata();
    assert!(read(&good, "").is_ok(), "{:?}", read(&good, ""));
    let without_key = {
        let (start, end) = (good.find("<md:KeyDescriptor").unwrap(), good.find("</md:KeyDescriptor>").unwrap());
        format!("{}{}", &good[..start], &good[end + "</md:KeyDescriptor>".len()..])
    };
    for (metadata, said) in [
        ("no XML".to_owned(), "it is not XML"),
        ("<a/>".to_owned(), "describes no entity"),
        (good.replace(ISSUER, "https://other.example"), "https://other.example"),
        (without_key, "no key that signs"),
        (good.replace("https://login.example.net/sso", "http://login.example.net/sso"), "not an https address"),
        (good.replace("HTTP-Redirect", "HTTP-Artifact"), "HTTP-Redirect"),
        (good.replace("entityID=", "validUntil=\"soon\" entityID="), "is no time"),
        (good.replace("protocolSupport", "WantAuthnRequestsSigned=\"true\" protocolSupport"), "wants requests signed"),
        (format!("<!DOCTYPE x [<!ENTITY y \"z\">]>{good}"), "DOCTYPE"),
        (
            format!(
                "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\">{good}{good}</md:EntitiesDescriptor>"
            ),
            "2 entities",
        ),
        (good.replace("<ds:X509Certificate>", "<ds:X509Certificate>AAAA"), "cannot be read"),
    ] {
        let complaint = read(&metadata, "").map(|_| ()).unwrap_err();
        assert!(complaint.contains(said), "{said}: {complaint}");
    }
}

#[test]
fn metadata_that_ended_are_used_no_more() {
    let good = TestIssuer::new().metadata();
    let until = |seconds: i64| {
        good.replace("entityID=", &format!("validUntil=\"{}\" entityID=", Timestamp::from_seconds(seconds).rfc3339()))
    };
    assert!(read(&until(1_800_000_001), "").unwrap().usable(NOW).is_ok());
    let over = read(&until(1_800_000_000), "").unwrap().usable(NOW).unwrap_err();
    assert!(over.text.contains("was good until 2027-01-15T08:00:00"), "{}", over.text);
}

#[test]
fn what_no_provider_sends_is_refused_before_anything_is_verified() {
    let issuer = TestIssuer::new();
    let good = issuer.sign(&TestIssuer::says("_q", NOW), false);
    assert!(shape::look(&good).is_ok());
    let assertion = &good[good.find("<saml:Assertion").unwrap()..good.find("</samlp:Response>").unwrap()];
    let deep = format!("{}{}", "<x>".repeat(40), "</x>".repeat(40));
    let end = "</samlp:Response>";
    for (bad, said) in [
        (good.replace("alice-there", "alice-<!---->there"), "comment"),
        (good.replace("alice-there", "<![CDATA[alice]]>-there"), "comment"),
        (format!("<!DOCTYPE r [<!ENTITY e \"x\">]>{good}"), "document type"),
        (good.replace("alice-there", "alice<?x y?>-there"), "processing instruction"),
        (good.replace("alice-there", "&e;"), "cannot be read"),
        (good.replace("ID=\"_r\"", "ID=\"_r\" ID=\"_s\""), "cannot be read"),
        (good.replace(end, &format!("{deep}{end}")), "depth"),
        (good.replace(end, &format!("{}{end}", "<x/>".repeat(9000))), "nodes"),
        (format!("{}{}", good, " ".repeat(300_000)), "bytes"),
        (good.replace("alice-there", &"a".repeat(40_000)), "text bytes"),
        (good.replace(end, &format!("{assertion}{end}")), "wrapping"),
        (good.replace(end, &format!("<samlp:Extensions>{assertion}</samlp:Extensions>{end}")), "wrapping"),
        (good.replace("</ds:Signature>", &format!("<ds:Object>{assertion}</ds:Object></ds:Signature>")), "wrapping"),
        (format!("<w>{good}</w>"), "not a Response"),
        (good.replace("</samlp:Status>", "</samlp:Status><saml:EncryptedAssertion/>"), "encrypted"),
        (good.replace("xmldsig-more#rsa-sha256", "xmldsig-more#rsa-sha1"), "broken"),
        (good.replace(end, ""), "cannot be read"),
    ] {
        let reason = shape::look(&bad).map(|_| ()).unwrap_err();
        assert!(reason.text.contains(said), "{said}: {}", reason.text);
    }
}
