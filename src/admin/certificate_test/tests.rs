//! Who a certificate would be, and why not.

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyPair,
    NameConstraints, SanType,
};
use serde_json::{Value, json};

use super::TestCertificate;
use crate::admin::certificates::{DisableCertificate, RegisterCertificate};
use crate::admin::testing::does;
use crate::certificate::sighting::SightingQuery;
use crate::core::testing::TestCore;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str, change: impl FnOnce(&mut CertificateParams)) -> (CertificateParams, KeyPair) {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    change(&mut params);
    (params, KeyPair::generate().unwrap())
}

fn below(root: &Authority, name: &str, change: impl FnOnce(&mut CertificateParams)) -> Authority {
    let (params, key) = authority(name, change);
    CertifiedIssuer::signed_by(params, key, root).unwrap()
}

fn client(issuer: &Authority, name: &str, change: impl FnOnce(&mut CertificateParams)) -> String {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    change(&mut params);
    params.signed_by(&KeyPair::generate().unwrap(), issuer).unwrap().pem()
}

async fn core() -> (TestCore, Authority, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let (params, key) = authority("Corp", |_| {});
    let root = CertifiedIssuer::self_signed(params, key).unwrap();
    let path = folder.path().join("corp.pem");
    std::fs::write(&path, root.pem()).unwrap();
    let mapping = "mapping = [{ from = 'san_email', suffix = '@example.com' }, { from = 'common_name', to = 'machine', prefix = 'machine-' }]";
    let app = "[[app]]\nname = \"ledger\"\nurl = \"https://ledger.example.com\"\nupstream = [\"http://127.0.0.1:1\"]\n\
               demands.client_certificate = { trust = [\"corp\"] }\n";
    let test = TestCore::with(&format!("[trust.corp]\nbundle = {path:?}\n{mapping}\n{app}")).await;
    test.user("alice").await;
    (test, root, folder)
}

fn mail(name: &str) -> impl FnOnce(&mut CertificateParams) + '_ {
    move |params| params.subject_alt_names.push(SanType::Rfc822Name(name.try_into().unwrap()))
}

async fn tested(test: &TestCore, pem: &str) -> Value {
    does::<TestCertificate>(test, json!({ "pem": pem, "app": "ledger" })).await.unwrap()
}

#[tokio::test]
async fn a_certificate_is_said_to_be_whose_it_would_be_by_which_rule_and_by_the_register() {
    let (test, root, _folder) = core().await;
    let alices = client(&root, "machine-alices", mail("alice@example.com"));
    let said = tested(&test, &alices).await;
    assert_eq!((&said["holder"], &said["name"], &said["by"]), (&json!("user"), &json!("alice"), &json!("mapping")));
    assert_eq!((&said["trouble"], &said["explained"]["verdict"]), (&Value::Null, &json!("pass")));
    assert_eq!(said["explained"]["identity"], "alice");
    let rules = &said["bundles"][0]["mapping"];
    assert_eq!(
        (&rules[0]["names"], &rules[0]["finds"], &rules[0]["decides"]),
        (&json!(["alice"]), &json!(["user alice"]), &json!(true))
    );
    assert_eq!((&rules[1]["finds"], &rules[1]["decides"]), (&json!(["machine alices"]), &json!(false)));
    // A user who is not there: the next rule decides.
    let ghost = tested(&test, &client(&root, "machine-7", mail("ghost@example.com"))).await;
    assert_eq!((&ghost["holder"], &ghost["name"]), (&json!("machine"), &json!("7")));
    let nobody = tested(&test, &client(&root, "phone", mail("eve@evil.example"))).await;
    assert_eq!((&nobody["holder"], &nobody["by"]), (&json!("nobody"), &json!("nothing")));
    assert_eq!(nobody["explained"]["because"], "certificate_without_holder");
    // The register decides over every rule, and what is switched off there says so.
    let which = said["certificate"].clone();
    does::<RegisterCertificate>(&test, json!({ "certificate": which, "machine": "press" })).await.unwrap();
    does::<DisableCertificate>(&test, json!({ "certificate": which })).await.unwrap();
    let said = tested(&test, &alices).await;
    assert_eq!((&said["name"], &said["by"], &said["register"]["enabled"]), (&json!("press"), &json!("register"), &json!(false)));
    assert_eq!(
        (&said["trouble"], &said["explained"]["because"]),
        (&json!("switched off in the register"), &json!("certificate_disabled"))
    );
    let query = SightingQuery { limit: 5, ..SightingQuery::default() };
    assert!(test.core.certificates().sightings().list(&query).await.unwrap().is_empty(), "nothing is noted");
}

#[tokio::test]
async fn why_no_bundle_stands_behind_it_is_said_in_words() {
    let (test, root, _folder) = core().await;
    let because = async |pem: &str| {
        let said = tested(&test, pem).await;
        assert_eq!(said["explained"]["verdict"], "refuse");
        said["bundles"][0]["because"].as_str().unwrap_or_default().to_owned()
    };
    let middle = below(&root, "Middle", |_| {});
    let leaf = client(&middle, "machine-1", |_| {});
    let partial = because(&leaf).await;
    assert!(partial.contains("missing from what is shown"), "{partial}");
    let whole = tested(&test, &format!("{leaf}{}", middle.pem())).await;
    assert_eq!(
        (&whole["trouble"], &whole["bundles"][0]["path"], &whole["above"]),
        (&Value::Null, &json!(["CN=Middle"]), &json!(1))
    );
    let servers = |params: &mut CertificateParams| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let server = because(&client(&root, "machine-1", servers)).await;
    assert!(server.contains("extended key usage"), "{server}");
    let only = |subtree| NameConstraints { permitted_subtrees: vec![subtree], excluded_subtrees: Vec::new() };
    let of_corp = only(GeneralSubtree::DnsName("corp.test".to_owned()));
    let bound = below(&root, "Bound", |params| params.name_constraints = Some(of_corp));
    let named = |issuer: &Authority, host: &str| {
        let change = |params: &mut CertificateParams| {
            params.subject_alt_names.push(SanType::DnsName(host.try_into().unwrap()));
            mail("alice@example.com")(params);
        };
        format!("{}{}", client(issuer, "machine-1", change), issuer.pem())
    };
    assert!(because(&named(&bound, "pc.evil.test")).await.contains("name constraint"));
    assert_eq!(tested(&test, &named(&bound, "pc.corp.test")).await["name"], "alice");
    // Constraints on mail addresses are not compared: what has one is refused.
    let of_mail = only(GeneralSubtree::Rfc822Name("example.com".to_owned()));
    let bound = below(&root, "Bound by mail", |params| params.name_constraints = Some(of_mail));
    assert!(because(&named(&bound, "pc.corp.test")).await.contains("mail addresses"));
    assert!(because(&root.pem()).await.contains("authority's own"), "{}", because(&root.pem()).await);
    // Its own dates are the trouble, and not its path.
    let over = tested(&test, &client(&root, "machine-1", |params| params.not_after = rcgen::date_time_ymd(2020, 1, 1))).await;
    assert_eq!((&over["trouble"], &over["bundles"][0]["trusts"]), (&json!("expired"), &json!(true)));
    let key = KeyPair::generate().unwrap().serialize_pem();
    let refused = does::<TestCertificate>(&test, json!({ "pem": format!("{leaf}{key}") })).await.unwrap_err();
    assert!(refused.code() == "invalid_input" && refused.to_string().contains("private key"), "{refused}");
    assert!(!format!("{:?}", serde_json::from_value::<TestCertificate>(json!({ "pem": key })).unwrap()).contains("BEGIN"));
}
