//! How far the introduction of certificates is, as tests.

use std::sync::Arc;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};
use rustls_pki_types::CertificateDer;
use serde_json::{Value, json};

use super::*;
use crate::admin::certificates::RegisterCertificate;
use crate::admin::groups::AddGroup;
use crate::admin::issuing::IssueCertificate;
use crate::admin::testing::does;
use crate::admin::users::certificates::{SetCertificates, SetGroupCertificates};
use crate::clock::Clock as _;
use crate::core::testing::TestCore;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::principal::certificate::TrustSet;

fn id(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

/// A core with an authority, whose app `wiki` demands a certificate of selected users; with `more` of its config.
async fn core(more: &str) -> (TestCore, tempfile::TempDir) {
    let files = tempfile::tempdir().unwrap();
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let bundle = files.path().join("a.pem");
    std::fs::write(&bundle, params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()).unwrap();
    let demands = "demands.client_certificate = { trust = [\"a\"], applies_to = \"selected_users\" }";
    let test =
        TestCore::with(&format!("{demands}\n{more}\n[trust.a]\nbundle = {bundle:?}\n[trust.b]\nbundle = {bundle:?}\n")).await;
    test.core.authority().create("Example").await.unwrap();
    for name in ["alice", "bob", "carol", "dave"] {
        test.user(name).await;
    }
    test.core.users().set_enabled(&id("dave"), false).await.unwrap();
    does::<AddGroup>(&test, json!({ "group": "staff" })).await.unwrap();
    test.core.users().set_groups(&id("carol"), vec![GroupName::parse("staff").unwrap()]).await.unwrap();
    (test, files)
}

/// Issues one to a user; as it is shown, and its fingerprint.
async fn issued(test: &TestCore, user: &str) -> (PresentedCertificate, String) {
    let order = json!({ "name": "phone", "user": user, "last_day": "2028-01-31" });
    let view = does::<IssueCertificate>(test, order).await.unwrap();
    let container = data_encoding::BASE64.decode(view["container"].as_str().unwrap().as_bytes()).unwrap();
    let policy = p12_keystore::Pkcs12ImportPolicy::Strict;
    let store = p12_keystore::KeyStore::from_pkcs12(&container, view["passphrase"].as_str().unwrap(), policy).unwrap();
    let (_, chain) = store.private_key_chain().unwrap();
    let shown = PresentedCertificate::new(&[CertificateDer::from(chain.certs()[0].as_der().to_vec())]).unwrap();
    let fingerprint = shown.fingerprint().text();
    (shown, fingerprint)
}

fn note(test: &TestCore, user: &str, shown: Option<&PresentedCertificate>, refused: &'static str, app: &'static str) {
    note_trusted_by(test, user, shown.map(|shown| (shown, TrustSet(1))), refused, app);
}

/// The same of a certificate behind which these bundles stand: 1 is `a`, 2 is `b`.
fn note_trusted_by(
    test: &TestCore,
    user: &str,
    shown: Option<(&PresentedCertificate, TrustSet)>,
    refused: &'static str,
    app: &'static str,
) {
    let outcome = if refused.is_empty() { CertificateOutcome::Passed } else { CertificateOutcome::Refused };
    let (app, address): (Arc<str>, _) = (app.into(), ClientAddress::new("192.0.2.7".parse().unwrap()));
    let certificates = test.core.certificates();
    let standing = |(shown, trusted_by): (&PresentedCertificate, _)| crate::principal::certificate::CertificateStanding {
        trusted_by,
        ..certificates.standing(shown, test.clock.now())
    };
    let standing = shown.map(standing);
    let shown = shown.map(|(shown, _)| shown).zip(standing.as_ref());
    certificates.note_result(&id(user), shown, (outcome, refused), &app, address);
}

/// A card of another authority, valid for so many days.
fn card(test: &TestCore, days: i64) -> PresentedCertificate {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    let day = |days: i64| time::OffsetDateTime::from_unix_timestamp(test.clock.now().seconds() + days * 86_400).unwrap();
    (params.not_before, params.not_after) = (day(-1), day(days));
    let der = params.self_signed(&KeyPair::generate().unwrap()).unwrap().der().clone();
    PresentedCertificate::new(&[der]).unwrap()
}

async fn rollout(test: &TestCore, query: Value) -> Value {
    does::<CertificateRollout>(test, query).await.unwrap()
}

async fn names(test: &TestCore, query: Value) -> Vec<String> {
    let page = rollout(test, query).await;
    page["items"].as_array().unwrap().iter().map(|one| one["user"].as_str().unwrap().to_owned()).collect()
}

/// Enabled users, who hold one, who have shown one, selected ones, of them who passed and who is shut out, and who can be selected.
async fn counts(test: &TestCore) -> [u64; 7] {
    // Looked at one by one, users have shown what they have among all.
    let apps = apps(&test.core, None).unwrap();
    let all = Goods::of(&test.core, &apps).await.unwrap();
    for user in test.core.users().list() {
        let one = Goods::of_users(&test.core, &apps, &[user.id()]).await.unwrap();
        assert_eq!(one.shown_at(&user.standing()), all.shown_at(&user.standing()), "{}", user.id());
    }
    let counts = rollout(test, json!({})).await["counts"].clone();
    ["users", "holding", "shown", "selected", "passed", "shut_out", "ready"].map(|name| counts[name].as_u64().unwrap())
}

#[tokio::test]
async fn who_would_be_shut_out_is_listed_before_anybody_is_selected_r_244_r_245_r_248() {
    let (test, _files) = core("").await;
    assert_eq!(counts(&test).await, [3, 0, 0, 0, 0, 0, 0]);
    let (phone, which) = issued(&test, "alice").await;
    issued(&test, "bob").await;
    note(&test, "alice", Some(&phone), "", "wiki");
    note(&test, "carol", None, "certificate_missing", "wiki");
    assert_eq!(counts(&test).await, [3, 2, 1, 0, 0, 0, 1]);
    assert_eq!(names(&test, json!({ "shown": "missing" })).await, ["bob", "carol"]);
    assert_eq!(names(&test, json!({ "shown": "good", "only": "not_selected" })).await, ["alice"]);
    assert_eq!(names(&test, json!({ "search": "LIC" })).await, ["alice"]);
    assert_eq!(names(&test, json!({ "group": "staff" })).await, ["carol"]);
    let first = rollout(&test, json!({ "limit": 2 })).await;
    assert_eq!(first["next"], json!("bob"));
    assert_eq!(names(&test, json!({ "limit": 2, "after": "bob" })).await, ["carol"]);
    // Selected are only those who have shown one, unless it is insisted on.
    let select =
        |user: &str, if_shown: bool| json!({ "user": user, "to": "required", "if_shown": if_shown, "confirm": !if_shown });
    let refused = does::<SetCertificates>(&test, select("bob", true)).await.unwrap_err();
    assert!(refused.to_string().contains("bob has shown no good certificate yet"), "{refused}");
    assert!(!test.core.users().find(&id("bob")).unwrap().standing().is_selected_for_certificates());
    let done = does::<SetCertificates>(&test, select("alice", true)).await.unwrap();
    assert!(!done.to_string().contains("shut out"), "{done}");
    let done = does::<SetCertificates>(&test, select("bob", false)).await.unwrap();
    assert!(done.to_string().contains("no good one was seen yet"), "{done}");
    does::<SetGroupCertificates>(&test, json!({ "group": "staff", "setting": "required", "confirm": true })).await.unwrap();
    assert_eq!(counts(&test).await, [3, 2, 1, 3, 1, 2, 0]);
    let shut_out = rollout(&test, json!({ "only": "selected", "shown": "missing" })).await["items"].clone();
    assert_eq!((&shut_out[0]["user"], &shut_out[0]["reason"]), (&json!("bob"), &json!(null)));
    assert_eq!((&shut_out[1]["user"], &shut_out[1]["reason"]), (&json!("carol"), &json!("certificate_missing")));
    assert_eq!(shut_out[1]["certificates_required_by_group"], json!(true));
    // What counts no more was not shown: switched off, ended, or of a user whose certificates are refused.
    let fingerprint = crate::principal::certificate::Fingerprint::parse(&which).unwrap();
    test.core.switch_certificate(fingerprint, false).await.unwrap();
    assert_eq!(counts(&test).await[1..3], [1, 0]);
    test.core.switch_certificate(fingerprint, true).await.unwrap();
    assert_eq!(counts(&test).await[1..3], [2, 1]);
    does::<SetCertificates>(&test, json!({ "user": "alice", "to": "refused" })).await.unwrap();
    assert_eq!(counts(&test).await[1..3], [1, 0]);
    does::<SetCertificates>(&test, json!({ "user": "alice", "to": "on" })).await.unwrap();
    test.clock.advance(Duration::from_secs(2 * 365 * 86_400));
    assert_eq!(counts(&test).await[1..3], [0, 0]);
}

#[tokio::test]
async fn a_certificate_was_shown_where_it_passes_at_every_app_that_is_looked_at_r_245() {
    let mail = "[[app]]\nname = \"mail\"\nurl = \"https://mail.example.com\"\nupstream = [\"http://127.0.0.1:8080\"]\n\
                demands.primary_factor = {}\n";
    let demand = "demands.client_certificate = { trust = [\"b\"], mode = \"observe\", applies_to = \"selected_users\" }";
    let (test, _files) = core(&format!("{mail}{demand}")).await;
    let (phone, _) = issued(&test, "alice").await;
    note(&test, "alice", Some(&phone), "", "wiki");
    let all = rollout(&test, json!({})).await;
    let apps: Vec<_> = all["apps"].as_array().unwrap().iter().map(|app| (app["app"].clone(), app["mode"].clone())).collect();
    assert_eq!(apps, [(json!("mail"), json!("observe")), (json!("wiki"), json!("require"))]);
    assert_eq!(all["counts"]["shown"], json!(0), "of another authority it says nothing");
    assert_eq!(names(&test, json!({ "app": "wiki", "shown": "good" })).await, ["alice"]);
    assert!(names(&test, json!({ "app": "mail", "shown": "good" })).await.is_empty());
    let unknown = does::<CertificateRollout>(&test, json!({ "app": "other" })).await.unwrap_err();
    assert!(unknown.to_string().contains("these do: mail, wiki"), "{unknown}");
}

#[tokio::test]
async fn of_another_authority_a_certificate_was_shown_until_it_ends() {
    let (test, _files) = core("").await;
    let card = card(&test, 1);
    note(&test, "bob", Some(&card), "", "wiki");
    assert_eq!(names(&test, json!({ "shown": "good" })).await, ["bob"]);
    test.clock.advance(Duration::from_secs(2 * 86_400));
    assert!(names(&test, json!({ "shown": "good" })).await.is_empty());
}

#[tokio::test]
async fn what_the_register_says_nothing_of_the_end_of_counts_to_its_own_end_and_what_was_taken_out_of_it_not_at_all() {
    let (test, _files) = core("").await;
    let (short, removed) = (card(&test, 1), card(&test, 900));
    let address = ClientAddress::new("192.0.2.7".parse().unwrap());
    for (user, card) in [("bob", &short), ("carol", &removed)] {
        let entered = json!({ "certificate": card.fingerprint().text(), "user": user });
        does::<RegisterCertificate>(&test, entered).await.unwrap();
        test.core.certificates().sightings().note(card, Some(&id(user)), address, true);
        note(&test, user, Some(card), "", "wiki");
    }
    test.core.certificates().sightings().flush().await.unwrap();
    assert_eq!(names(&test, json!({ "shown": "good" })).await, ["bob", "carol"]);
    assert_eq!(counts(&test).await[1], 2);
    test.core.remove_certificate(removed.fingerprint()).await.unwrap();
    assert_eq!(names(&test, json!({ "shown": "good" })).await, ["bob"], "a mapping has not spoken for it yet");
    note(&test, "carol", Some(&removed), "", "wiki");
    assert_eq!(names(&test, json!({ "shown": "good" })).await, ["bob", "carol"]);
    test.clock.advance(Duration::from_secs(2 * 86_400));
    assert_eq!(names(&test, json!({ "shown": "good" })).await, ["carol"]);
    assert_eq!(counts(&test).await[1], 0, "what has ended by itself is held by nobody");
}

#[tokio::test]
async fn a_good_certificate_is_one_that_every_demand_of_an_app_accepts_wherever_it_was_shown() {
    let rule = "rule = [{ paths = [\"/vault/**\"], demands = { client_certificate = { trust = [\"b\"], applies_to = \"selected_users\" } } }]";
    let (test, _files) = core(rule).await;
    let card = card(&test, 900);
    let (a, b, both) = (TrustSet(1), TrustSet(2), TrustSet(3));
    for (trusted_by, is_good) in [(a, false), (b, false), (both, true), (TrustSet(0), false)] {
        note_trusted_by(&test, "bob", Some((&card, trusted_by)), "", "wiki");
        assert_eq!(counts(&test).await[2], u64::from(is_good), "{trusted_by:?}");
    }
}

#[tokio::test]
async fn of_an_app_those_are_looked_at_whom_it_admits_where_it_demands_a_certificate() {
    let app = |name: &str, more: &str| {
        let demand = "demands.client_certificate = { trust = [\"a\"], applies_to = \"selected_users\" }";
        let url = format!("url = \"https://{name}.example.com\"\nupstream = [\"http://127.0.0.1:8080\"]");
        format!("[[app]]\nname = \"{name}\"\n{url}\n{demand}\n{more}\n")
    };
    let open = "demands.primary_factor = {}\n\
                rule = [{ paths = [\"/staff/**\"], demands = { primary_factor = { groups = [\"staff\"] }, \
                client_certificate = { trust = [\"b\"], applies_to = \"selected_users\" } } }]";
    let apps = [
        app("ledger", "demands.primary_factor = { groups = [\"staff\"] }"),
        app("board", "demands.primary_factor = { users = [\"bob\"] }"),
        app("open", open),
    ];
    let (test, _files) = core(&apps.concat()).await;
    let of = async |app: &str| names(&test, json!({ "app": app })).await;
    assert_eq!(of("wiki").await, ["alice", "bob", "carol"]);
    assert_eq!((of("ledger").await, of("board").await), (vec!["carol".to_owned()], vec!["bob".to_owned()]));
    let counted = rollout(&test, json!({ "app": "ledger" })).await["counts"].clone();
    assert_eq!((&counted["users"], &counted["shut_out"]), (&json!(1), &json!(0)));
    for user in ["bob", "carol"] {
        does::<SetCertificates>(&test, json!({ "user": user, "to": "required", "confirm": true })).await.unwrap();
    }
    let shut_out = async |app: &str| names(&test, json!({ "app": app, "only": "selected", "shown": "missing" })).await;
    assert_eq!((shut_out("ledger").await, shut_out("board").await), (vec!["carol".to_owned()], vec!["bob".to_owned()]));
    // A part that does not admit bob demands nothing of him.
    let card = card(&test, 900);
    for user in ["bob", "carol"] {
        note(&test, user, Some(&card), "", "open");
    }
    assert_eq!(shut_out("open").await, ["carol"]);
    assert!(shut_out("ledger").await.is_empty() && shut_out("board").await.is_empty());
}

#[tokio::test]
async fn who_would_be_shut_out_is_named_and_asked_of_once_more_the_author_first_of_all_r_248() {
    let app = "[[app]]\nname = \"ledger\"\nurl = \"https://ledger.example.com\"\nupstream = [\"http://127.0.0.1:8080\"]\n\
               demands.primary_factor = { groups = [\"staff\"] }\ndemands.client_certificate = { trust = [\"a\"] }\n";
    let (test, _files) = core(app).await;
    let selected = |user: &str| test.core.users().find(&id(user)).unwrap().standing().is_selected_for_certificates();
    let set = |user: &str, to: &str| json!({ "user": user, "to": to });
    let asked = does::<SetCertificates>(&test, set("bob", "required")).await.unwrap_err();
    assert_eq!((asked.code(), asked.status()), ("confirmation_needed", 409));
    assert!(asked.to_string().ends_with("those who have shown no good certificate: bob"), "{asked}");
    assert!(asked.hint().unwrap().contains("--confirm") && !selected("bob"));
    let group = json!({ "group": "staff", "setting": "required" });
    let asked = does::<SetGroupCertificates>(&test, group.clone()).await.unwrap_err();
    assert!(asked.to_string().ends_with(": carol") && !selected("carol"), "{asked}");
    // Who has shown one is not asked of; to refuse it shuts out where one is demanded of everyone.
    let card = card(&test, 900);
    for (user, app) in [("bob", "wiki"), ("carol", "wiki")] {
        note(&test, user, Some(&card), "", app);
    }
    does::<SetCertificates>(&test, set("bob", "required")).await.unwrap();
    does::<SetGroupCertificates>(&test, group.clone()).await.unwrap();
    assert!(selected("bob") && selected("carol"));
    let asked = does::<SetCertificates>(&test, set("carol", "refused")).await.unwrap_err();
    assert!(asked.to_string().ends_with(": carol"), "{asked}");
    does::<SetCertificates>(&test, set("bob", "refused")).await.unwrap();
    does::<SetCertificates>(&test, json!({ "user": "carol", "to": "refused", "confirm": true })).await.unwrap();
    // Who is shut out already is asked of no more, and what is given back is never asked of.
    does::<SetCertificates>(&test, set("carol", "accepted")).await.unwrap();
    // The text says that the author is one of them.
    let alice = WithoutCertificate { author: true, users: (0..22).map(|n| id(&format!("u{n}"))).collect() };
    let said = alice.to_string();
    assert!(said.contains("yourself among them: u0, u1") && said.ends_with("u19 and 2 more"), "{said}");
}
