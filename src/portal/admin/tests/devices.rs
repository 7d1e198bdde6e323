//! `/admin/devices`: applications are approved, rejected and revoked there, singly and several at once.

use super::{act, administrator, targets, user};
use crate::browser::ShownBrowser;
use crate::browser::application::{ApplicationState, AppliedFor};
use crate::facts::client_address::ClientAddress;
use crate::portal::kit::paths;
use crate::portal::testing::Gate;

async fn apply(gate: &Gate, name: &str) -> String {
    let said =
        AppliedFor { name, note: "<b>please</b>", agent: "Firefox, Linux", address: ClientAddress::new([192, 0, 2, 7].into()) };
    let (application, _) = gate.at.core.browsers().apply(gate.alice.id(), ShownBrowser::default(), said).await.unwrap();
    application.id.text()
}

async fn states(gate: &Gate) -> Vec<ApplicationState> {
    gate.at.core.browsers().applications().await.unwrap().into_iter().map(|one| one.state).collect()
}

#[tokio::test]
async fn applications_are_listed_approved_rejected_and_revoked_on_the_page_r_208_r_214() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    for name in ["one", "two"] {
        apply(&gate, name).await;
        gate.at.clock.advance(std::time::Duration::from_secs(1));
    }
    let page = browser.get(&format!("{}?state=pending", paths::ADMIN_DEVICES)).await;
    assert!(page.body.contains("&#60;b&#62;please") && !page.body.contains("<b>please"), "{}", page.body);
    let both = targets(&page);
    assert_eq!(both.len(), 2, "{both:?}");
    let ids: Vec<&str> = both.iter().map(String::as_str).collect();
    // Rejecting asks for confirmation, and for a few words.
    let asked = act(&mut browser, "reject-device", &ids[..1], &[]).await;
    assert!(asked.body.contains("name=\"reason\"") && states(&gate).await == [ApplicationState::Pending; 2], "{}", asked.body);
    act(&mut browser, "reject-device", &ids[..1], &[("confirmed", "yes"), ("reason", "not yours")]).await;
    // Somebody who has the old page in front of them decides again: one is done, and what was decided is said of the other.
    let outcome = act(&mut browser, "approve-device", &ids, &[]).await;
    assert!(outcome.body.contains("Another administrator has decided it already") && outcome.body.contains("rejected it at"));
    assert_eq!(states(&gate).await, [ApplicationState::Rejected, ApplicationState::Approved]);
    let listed = browser.get(paths::ADMIN_DEVICES).await;
    assert!(listed.body.contains("not yours"), "{}", listed.body);
    let approved = targets(&listed);
    assert_eq!(approved.len(), 1, "what is over takes no action");
    act(&mut browser, "revoke-device", &[&approved[0]], &[("confirmed", "yes")]).await;
    assert_eq!(states(&gate).await, [ApplicationState::Rejected, ApplicationState::Revoked]);
    assert!(gate.at.core.browsers().of_user(&user("alice")).iter().all(|one| one.agent != "two"));
}

#[tokio::test]
async fn device_designation_is_switched_for_those_picked_and_for_all_that_a_search_finds_r_207() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    gate.at.user("bob").await;
    let on = |name: &str| gate.at.core.users().find(&user(name)).unwrap().standing().device_designation;
    assert!(!on("alice") && !on("bob"), "off at first (R-206)");
    let asked = act(&mut browser, "designate-devices", &["bob"], &[]).await;
    assert!(asked.body.contains("only with browsers that an administrator approves") && !on("bob"), "{}", asked.body);
    act(&mut browser, "designate-devices", &["bob"], &[("confirmed", "yes")]).await;
    assert!(on("bob") && !on("alice"));
    act(&mut browser, "release-devices", &[], &[("scope", "all"), ("search", "bob"), ("confirmed", "yes")]).await;
    assert!(!on("bob"));
}
