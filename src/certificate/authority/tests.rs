//! Keys of the authority, as tests.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, SignatureAlgorithm,
};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject as _;
use x509_parser::prelude::{FromDer as _, X509Certificate};

use super::{AuthorityError, AuthorityKind};
use crate::clock::{Clock as _, Timestamp};
use crate::core::testing::TestCore;

fn at(seconds: i64) -> time::OffsetDateTime {
    time::OffsetDateTime::from_unix_timestamp(seconds).unwrap()
}

#[tokio::test]
async fn an_issuing_key_signs_clients_alone_and_every_key_has_a_subject_of_its_own() {
    let test = TestCore::open().await;
    let authority = test.core.authority();
    let one = authority.create("Example").await.unwrap();
    let two = authority.renew().await.unwrap();
    assert_eq!(authority.signing().unwrap().id, two.id);
    let keys = authority.list();
    let kinds: Vec<_> = keys.iter().map(|key| key.kind).collect();
    assert_eq!(kinds, [AuthorityKind::Root, AuthorityKind::Issuing, AuthorityKind::Issuing]);
    let subjects: std::collections::BTreeSet<_> = keys.iter().map(|key| key.subject()).collect();
    assert_eq!(subjects.len(), 3, "{subjects:?}");
    let der = one.certificate().unwrap();
    let (_, parsed) = X509Certificate::from_der(&der).unwrap();
    let constraints = parsed.basic_constraints().unwrap().unwrap();
    assert_eq!((constraints.critical, constraints.value.ca, constraints.value.path_len_constraint), (true, true, Some(0)));
    let usage = parsed.extended_key_usage().unwrap().unwrap().value;
    assert!(usage.client_auth && !usage.server_auth && !usage.any && !usage.code_signing && !usage.email_protection);
    let usage = parsed.key_usage().unwrap().unwrap().value;
    assert!(usage.key_cert_sign() && usage.crl_sign() && !usage.digital_signature());
    assert!(parsed.raw_serial().len() <= 20 && parsed.raw_serial()[0] & 0x80 == 0);
    // Both count until their own ends, the root among neither's anchors.
    let anchors: Vec<CertificateDer<'static>> =
        CertificateDer::pem_slice_iter(authority.anchors().as_bytes()).collect::<Result<_, _>>().unwrap();
    assert_eq!(anchors, [one.certificate().unwrap(), two.certificate().unwrap()]);
    assert!(matches!(authority.create("Example").await, Err(AuthorityError::Exists(id)) if id == two.id));
}

#[tokio::test]
async fn private_keys_lie_in_the_database_sealed_for_their_own_place() {
    let test = TestCore::open().await;
    let key = test.core.authority().create("Example").await.unwrap();
    let opened = test.core.authority().open(&key).unwrap();
    let pkcs8 = opened.key().serialize_der();
    assert!(!key.sealed.windows(32).any(|window| pkcs8.windows(32).any(|part| part == window)));
    let stolen = super::AuthorityKey { id: "issuing-elsewhere".to_owned(), ..(*key).clone() };
    assert!(matches!(test.core.authority().open(&stolen), Err(AuthorityError::Seal(_))));
    assert!(!format!("{key:?}").contains("sealed"));
    let before = test.core.authority().list().len();
    let test = test.crash_and_restart().await;
    assert_eq!(test.core.authority().list().len(), before);
    test.core.authority().open(&test.core.authority().signing().unwrap()).unwrap();
}

#[tokio::test]
async fn a_root_that_ends_soon_is_followed_too() {
    let test = TestCore::open().await;
    let authority = test.core.authority();
    let first = authority.create("Example").await.unwrap();
    test.clock.advance(std::time::Duration::from_secs(9 * 365 * 86_400));
    let second = authority.renew().await.unwrap();
    assert_eq!(second.parent, first.parent);
    assert!(second.not_after.seconds() - test.clock.now().seconds() > 9 * 365 * 86_400);
    test.clock.advance(std::time::Duration::from_secs(10 * 365 * 86_400));
    let third = authority.renew().await.unwrap();
    assert_ne!(third.parent, first.parent);
    assert!(!first.counts(test.clock.now()));
}

/// An authority that an organisation brings: chain and key, PEM.
fn brought(algorithm: &'static SignatureAlgorithm, change: impl FnOnce(&mut CertificateParams)) -> (String, String) {
    let now = 1_800_000_000;
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "Corporate CA 2027");
    params.distinguished_name.push(DnType::OrganizationName, DnValue::PrintableString("Corp".try_into().unwrap()));
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    (params.not_before, params.not_after) = (at(now - 86_400), at(now + 365 * 86_400));
    change(&mut params);
    let pair = KeyPair::generate_for(algorithm).unwrap();
    (params.self_signed(&pair).unwrap().pem(), pair.serialize_pem())
}

#[tokio::test]
async fn an_authority_that_the_organisation_brings_is_taken_if_what_it_signs_counts() {
    let test = TestCore::open().await;
    let authority = test.core.authority();
    let (chain, key) = brought(&PKCS_ECDSA_P256_SHA256, |_| {});
    let imported = authority.import(&chain, &key).await.unwrap();
    assert_eq!(
        (imported.kind, imported.name.as_str(), imported.parent.as_deref()),
        (AuthorityKind::Imported, "Corporate CA 2027", None)
    );
    assert_eq!(authority.signing().unwrap().id, imported.id);
    assert!(imported.not_after > Timestamp::from_seconds(1_800_000_000));
    assert!(matches!(authority.renew().await, Err(AuthorityError::Imported(_))));
    let refused = async |chain: &str, key: &str| authority.import(chain, key).await.unwrap_err().to_string();
    let said = refused(&chain, &key).await;
    assert!(said.contains("same subject"), "{said}");
    let (another, other_key) = brought(&PKCS_ECDSA_P256_SHA256, |params| params.distinguished_name.push(DnType::CommonName, "B"));
    for (chain, key, words) in [
        ("", key.as_str(), "there is no certificate"),
        (&another, "-----BEGIN X-----", "not an unencrypted private key in PEM"),
        (&another, &key, "not that of the first certificate"),
    ] {
        let said = refused(chain, key).await;
        assert!(said.contains(words), "{words}: {said}");
    }
    type Change = fn(&mut CertificateParams);
    let changes: [(&'static SignatureAlgorithm, Change, &str); 6] = [
        (&PKCS_ECDSA_P384_SHA384, |_| {}, "not an ECDSA key on P-256"),
        (&PKCS_ECDSA_P256_SHA256, |params| params.is_ca = IsCa::NoCa, "is not an authority's"),
        (&PKCS_ECDSA_P256_SHA256, |params| params.key_usages = vec![KeyUsagePurpose::KeyCertSign], "keyCertSign and cRLSign"),
        (
            &PKCS_ECDSA_P256_SHA256,
            |params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth],
            "does not permit client certificates",
        ),
        (&PKCS_ECDSA_P256_SHA256, |params| params.not_after = at(1_799_999_999), "not valid now"),
        (&PKCS_ECDSA_P256_SHA256, |params| params.not_before = at(1_800_000_001), "not valid now"),
    ];
    for (algorithm, change, words) in changes {
        let (chain, key) = brought(algorithm, |params| {
            params.distinguished_name.push(DnType::CommonName, "C");
            change(params);
        });
        let said = refused(&chain, &key).await;
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(authority.list().len(), 1);
    // Its key signs; with another certificate of ours nothing was mixed up.
    authority.import(&another, &other_key).await.unwrap();
    assert_eq!(authority.list().len(), 2);
}
