//! An organisation's own PKI at the TLS port: intermediate authorities with and without what is above them, name constraints, and
//! what a certificate may be used for.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hyper::Method;
use rcgen::{ExtendedKeyUsagePurpose, GeneralSubtree, NameConstraints, SanType};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use sekisho::account::tokens::{Scope, Scopes};
use sekisho::clock::Clock;
use sekisho::principal::user::GroupName;

use crate::support::{Browser, PASSWORD_AND_TOTP, World};

const BY_CERTIFICATE: &str = "[app.demands.client_certificate]\ntrust = [\"world\"]\n";

/// How an app answers who shows a certificate with these others behind it: `200`, or the code of the refusal.
async fn answered(
    world: &World,
    (mut chain, key): (Vec<CertificateDer<'static>>, PrivateKeyDer<'static>),
    above: &[CertificateDer<'static>],
) -> String {
    chain.extend(above.iter().cloned());
    let mut machine = Browser::new(world.authority.der(), Some((chain, key))).with_header("accept", "application/json");
    let answer = machine.send(Method::GET, &world.url("vault", "/"), None).await;
    if answer.status == 200 { "200".to_owned() } else { answer.code() }
}

#[tokio::test]
async fn an_intermediate_authority_counts_where_it_is_shown_or_is_the_bundle_itself() {
    let world = World::with(&[("vault", BY_CERTIFICATE)], "").await;
    let middle = world.authority.below("the middle", |_| {});
    let lower = middle.below("the lower", |_| {});
    let client = || lower.client("machine-7");
    let whole = [lower.der(), middle.der()];
    assert_eq!(answered(&world, client(), &whole).await, "200");
    assert_eq!(answered(&world, client(), &[middle.der(), lower.der()]).await, "200", "in any order");
    assert_eq!(answered(&world, client(), &[lower.der(), middle.der(), world.authority.der()]).await, "200");
    assert_eq!(answered(&world, client(), &whole[..1]).await, "certificate_untrusted", "one between is missing");
    assert_eq!(answered(&world, client(), &[]).await, "certificate_untrusted");
    // The bundle names an authority in the middle, and nothing above it.
    let folder = world.folder.path();
    std::fs::write(folder.join("authority.pem"), lower.pem()).unwrap();
    world.server.reload(&folder.join("sekisho.toml")).unwrap();
    assert_eq!(answered(&world, client(), &[]).await, "200");
    assert_eq!(answered(&world, client(), &whole).await, "200");
    assert_eq!(answered(&world, middle.client("machine-7"), &[middle.der()]).await, "certificate_untrusted");
    assert_eq!(answered(&world, world.authority.client("machine-7"), &[]).await, "certificate_untrusted");
}

#[tokio::test]
async fn name_constraints_and_uses_of_an_own_pki_hold_at_the_tls_port() {
    let world = World::with(&[("vault", BY_CERTIFICATE)], "").await;
    let permitted = vec![GeneralSubtree::DnsName("corp.test".to_owned())];
    let only_corp = NameConstraints { permitted_subtrees: permitted, excluded_subtrees: Vec::new() };
    let bound = world.authority.below("of corp.test alone", |params| params.name_constraints = Some(only_corp));
    let named = |name: &str| {
        bound.client_with("machine-7", |params| params.subject_alt_names.push(SanType::DnsName(name.try_into().unwrap())))
    };
    let above = [bound.der()];
    assert_eq!(answered(&world, named("turbine.corp.test"), &above).await, "200");
    assert_eq!(answered(&world, named("turbine.evil.test"), &above).await, "certificate_untrusted");
    let of_servers = |params: &mut rcgen::CertificateParams| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    };
    assert_eq!(answered(&world, world.authority.client_with("machine-7", of_servers), &[]).await, "certificate_untrusted");
    let any = |params: &mut rcgen::CertificateParams| params.extended_key_usages = Vec::new();
    assert_eq!(answered(&world, world.authority.client_with("machine-7", any), &[]).await, "200", "no use is named: every use");
    // Its authority is for servers alone, whatever it says itself.
    let for_servers = world.authority.below("for servers", of_servers);
    assert_eq!(answered(&world, for_servers.client("machine-7"), &[for_servers.der()]).await, "certificate_untrusted");
}

#[tokio::test]
async fn a_file_that_an_administrator_hands_over_is_tested_and_a_key_in_it_is_in_no_answer() {
    let world = World::with(&[("vault", BY_CERTIFICATE), ("wiki", PASSWORD_AND_TOTP)], "").await;
    let boss = world.person("boss").await;
    let core = world.server.core();
    let group = GroupName::parse("administrators").unwrap();
    core.groups().add(group.clone(), None).await.unwrap();
    core.users().set_groups(&boss.user, vec![group]).await.unwrap();
    let mut browser = world.browser();
    browser.sign_in(&world.url("auth", "/admin"), &boss).await;
    let page = world.url("auth", "/admin/test-certificate");
    let (chain, key) = world.authority.client("machine-7");
    let pem = |kind: &str, der: &[u8]| format!("-----BEGIN {kind}-----\n{}\n-----END {kind}-----\n", STANDARD.encode(der));
    let (certificate, secret) = (pem("CERTIFICATE", &chain[0]), pem("PRIVATE KEY", key.secret_der()));
    let form = |file: &str| {
        let field = |head: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n");
        let file = field("name=\"file\"; filename=\"c.pem\"", file);
        format!("{file}{}--b--\r\n", field("name=\"app\"", "vault"))
    };
    let sending = browser.clone().with_header("content-type", "multipart/form-data; boundary=b");
    let said = sending.clone().send(Method::POST, &page, Some(&form(&certificate))).await;
    assert!(said.status == 200 && said.body.contains("id=\"said\"") && !said.body.contains("Does not count"), "{said:?}");
    let refused = sending.clone().send(Method::POST, &page, Some(&form(&format!("{certificate}{secret}")))).await;
    assert!(refused.status == 422 && refused.body.contains("it holds a private key"), "{refused:?}");
    assert!(!refused.body.contains(secret.lines().nth(1).unwrap()), "{refused:?}");
    let huge = sending.clone().send(Method::POST, &page, Some(&form(&"A".repeat(100_000)))).await;
    assert_eq!(huge.status, 413);
    for cut in ["", "--b", &form(&certificate)[..200]] {
        assert_eq!(sending.clone().send(Method::POST, &page, Some(cut)).await.status, 400, "{cut:?}");
    }
    let foreign =
        sending.clone().with_header("origin", "https://evil.example").send(Method::POST, &page, Some(&form(&certificate))).await;
    assert_eq!(foreign.status, 403);
}

#[tokio::test]
async fn thousands_of_certificates_are_imported_by_the_api_and_the_page_and_nobody_else_sends_as_much() {
    let world = World::with(&[("wiki", PASSWORD_AND_TOTP)], "").await;
    let boss = world.person("boss").await;
    let core = world.server.core();
    let until = Clock::now(&*world.clock).plus(std::time::Duration::from_secs(3600));
    let mut programs = Vec::new();
    for (label, scope) in [("desk", Scope::Certificates), ("reader", Scope::Read)] {
        let (_, token) = core.tokens().issue(label, Scopes::of(&[scope]), None, until).await.unwrap();
        let api = world.browser().with_header("authorization", &format!("Bearer {token}"));
        programs.push(api.with_header("accept", "application/json").with_header("content-type", "application/json"));
    }
    let table = |from: usize| {
        let rows: String = (from..from + 3000).map(|number| format!("{number:064x},yes,Laptop{number}\n")).collect();
        format!("certificate,shared,label\n{rows}")
    };
    let import = world.url("auth", "/api/v1/certificates/import");
    let body = |file: String, dry_run: bool| serde_json::json!({ "file": file, "dry_run": dry_run }).to_string();
    let reader = programs.pop().unwrap();
    let desk = programs.pop().unwrap();
    assert_eq!(reader.clone().send(Method::POST, &import, Some(&body(table(0), false))).await.status, 413);
    let small = body("certificate,shared\n".to_owned(), false);
    assert_eq!(reader.clone().send(Method::POST, &import, Some(&small)).await.code(), "scope_missing");
    let other = world.url("auth", "/api/v1/certificates/test");
    let long = serde_json::json!({ "pem": "x".repeat(100_000) }).to_string();
    assert_eq!(desk.clone().send(Method::POST, &other, Some(&long)).await.status, 413, "no other act takes as much");

    let checked = desk.clone().send(Method::POST, &import, Some(&body(table(0), true))).await.json();
    assert_eq!((&checked["read"], &checked["registered"]), (&3000.into(), &0.into()));
    let done = desk.clone().send(Method::POST, &import, Some(&body(table(0), false))).await.json();
    assert_eq!(done["registered"], 3000, "{done}");
    let again = desk.clone().send(Method::POST, &import, Some(&body(table(2999), false))).await;
    assert_eq!((again.status, again.code().as_str()), (400, "invalid_input"));
    assert!(again.body.contains("line 2: it is in the register already as Laptop2999"), "{}", again.body);
    assert_eq!(core.certificates().list().len(), 3000);

    // The page, with a file of the same length.
    let group = GroupName::parse("administrators").unwrap();
    core.groups().add(group.clone(), None).await.unwrap();
    let page = world.url("auth", "/admin/import-certificates");
    let form = |file: &str, step: &str| {
        let field = |head: &str, value: &str| format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n");
        let file = field("name=\"file\"; filename=\"c.csv\"", file);
        format!("{file}{}--b--\r\n", field("name=\"step\"", step))
    };
    let mut browser = world.browser();
    browser.sign_in(&world.url("auth", "/account"), &boss).await;
    let sending = |browser: &Browser| browser.clone().with_header("content-type", "multipart/form-data; boundary=b");
    let member = sending(&browser).send(Method::POST, &page, Some(&form(&table(3000), "register"))).await;
    assert_eq!(member.status, 403, "{member:?}");
    core.users().set_groups(&boss.user, vec![group]).await.unwrap();
    let foreign = sending(&browser).with_header("origin", "https://evil.example");
    assert_eq!(foreign.clone().send(Method::POST, &page, Some(&form(&table(3000), "register"))).await.status, 403);
    let checked = sending(&browser).send(Method::POST, &page, Some(&form(&table(3000), "check"))).await;
    assert!(checked.status == 200 && checked.body.contains("certificates can be registered"), "{checked:?}");
    assert_eq!(core.certificates().list().len(), 3000);
    let wrong = sending(&browser).send(Method::POST, &page, Some(&form(&table(2999), "register"))).await;
    assert!(wrong.status == 422 && wrong.body.contains("Line 2") && wrong.body.contains("as Laptop2999"), "{wrong:?}");
    let done = sending(&browser).send(Method::POST, &page, Some(&form(&table(3000), "register"))).await;
    assert!(done.status == 200 && done.body.contains("are in the register"), "{done:?}");
    assert_eq!(core.certificates().list().len(), 6000);
}
