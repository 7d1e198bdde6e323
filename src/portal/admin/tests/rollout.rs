//! The page that leads through the introduction of certificates, and selecting from it.

use super::{act, administrator};
use crate::certificate::result::CertificateOutcome;
use crate::facts::client_address::ClientAddress;
use crate::facts::presented_certificate::PresentedCertificate;
use crate::portal::kit::paths;
use crate::portal::testing::Gate;
use crate::principal::certificate::{CertificateStanding, TrustSet};
use crate::principal::user::{GroupName, UserId};

/// The vault of these tests, and what it demands of selected users.
async fn gate() -> (Gate, tempfile::TempDir) {
    let files = tempfile::tempdir().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::<String>::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let bundle = files.path().join("a.pem");
    std::fs::write(&bundle, params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().pem()).unwrap();
    let app = "[[app]]\nname = \"ledger\"\nurl = \"https://ledger.example.com\"\nupstream = [\"http://127.0.0.1:8080\"]\n\
               demands.primary_factor = {}\n\
               demands.client_certificate = { trust = [\"a\"], applies_to = \"selected_users\" }\n";
    (Gate::with(&format!("{app}[trust.a]\nbundle = {bundle:?}\n")).await, files)
}

#[tokio::test]
async fn the_page_leads_through_both_orders_and_asks_again_before_it_shuts_anybody_out_r_230_r_244_r_245_r_248() {
    let (gate, _files) = gate().await;
    let mut browser = administrator(&gate).await;
    let (bob, carol) = (gate.at.user("bob").await, gate.at.user("carol").await);
    let core = &gate.at.core;
    let der = rcgen::generate_simple_self_signed(Vec::<String>::new()).unwrap().cert.der().clone();
    let card = PresentedCertificate::new(&[der]).unwrap();
    let address = ClientAddress::new("192.0.2.7".parse().unwrap());
    let standing = core.certificates().standing(&card, core.clock().now());
    let standing = CertificateStanding { trusted_by: TrustSet(1), ..standing };
    let passed = (CertificateOutcome::Passed, "");
    core.certificates().note_result(bob.id(), Some((&card, &standing)), passed, &"ledger".into(), address);
    let page = browser.get(paths::ADMIN_CERTIFICATE_ROLLOUT).await;
    for words in [
        "While people are at work",
        "Before anybody works here",
        "1 user has shown a good one.",
        "0 users are selected.",
        "1 user is not selected and has shown a good one: can be selected",
        "of selected users",
    ] {
        assert!(page.body.contains(words), "{words}: {}", page.body);
    }
    let listed = async |browser: &mut crate::portal::testing::Browser, query: &str| {
        let page = browser.get(&format!("{}?{query}", paths::ADMIN_CERTIFICATE_ROLLOUT)).await;
        super::targets(&page)
    };
    assert_eq!(listed(&mut browser, "only=not_selected&shown=good").await, ["bob"]);
    assert!(!listed(&mut browser, "only=not_selected&shown=missing").await.contains(&"bob".to_owned()));
    for wrong in ["only=some", "shown=maybe", "app=none", "group=!"] {
        let answer = browser.get(&format!("{}?{wrong}", paths::ADMIN_CERTIFICATE_ROLLOUT)).await;
        assert_eq!(answer.status, http::StatusCode::BAD_REQUEST, "{wrong}");
    }
    let users = core.users();
    let selected = |user: &UserId| users.find(user).unwrap().standing().is_selected_for_certificates();
    // Of all that the page finds, those alone who have shown one.
    let all = [("scope", "all"), ("back", paths::ADMIN_CERTIFICATE_ROLLOUT)];
    let asked = act(&mut browser, "require-shown-certificates", &[], &all).await;
    assert!(asked.body.contains("This user has shown a good certificate") && !selected(bob.id()), "{}", asked.body);
    let confirmed = [("scope", "all"), ("confirmed", "yes"), ("back", paths::ADMIN_CERTIFICATE_ROLLOUT)];
    act(&mut browser, "require-shown-certificates", &[], &confirmed).await;
    assert!(selected(bob.id()) && !selected(carol.id()));
    // Who has shown none is named, and a plain yes does not do.
    let asked = act(&mut browser, "require-certificates", &["bob", "carol"], &[]).await;
    assert!(asked.body.contains("1 of them has not shown a good certificate yet"), "{}", asked.body);
    for word in ["sure", &asked.field("confirmed")] {
        let again = act(&mut browser, "require-certificates", &["carol"], &[("confirmed", word)]).await;
        assert!(again.body.contains("not shown a good certificate yet") && !selected(carol.id()), "{}", again.body);
    }
    act(&mut browser, "require-certificates", &["carol"], &[("confirmed", "yes")]).await;
    assert!(selected(carol.id()));
    let page = browser.get("/admin/users?search=carol").await;
    assert!(page.body.contains("><div>Required</div>"), "{}", page.body);
    assert_eq!(listed(&mut browser, "only=selected&shown=missing").await, ["carol"]);
    // The same of a group.
    let staff = GroupName::parse("staff").unwrap();
    core.groups().add(staff.clone(), None).await.unwrap();
    act(&mut browser, "allow-certificates", &["carol"], &[("confirmed", "yes")]).await;
    users.set_groups(carol.id(), vec![staff]).await.unwrap();
    let asked = act(&mut browser, "require-group-certificates", &["staff"], &[("confirmed", "sure")]).await;
    assert!(asked.body.contains("not shown a good certificate yet") && !selected(carol.id()), "{}", asked.body);
    act(&mut browser, "require-group-certificates", &["staff"], &[("confirmed", "yes")]).await;
    assert!(selected(carol.id()));
    let page = browser.get(paths::ADMIN_GROUPS).await;
    assert!(page.body.contains("Required of all members"), "{}", page.body);
    act(&mut browser, "release-group-certificates", &["staff"], &[]).await;
    assert!(!selected(carol.id()));
}
