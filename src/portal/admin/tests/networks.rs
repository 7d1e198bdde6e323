//! The lists of networks on pages: set line by line, found by an address, asked about before they shut out their author, removed.

use http::StatusCode;

use super::{act, administrator, targets};
use crate::portal::kit::paths;
use crate::portal::testing::{Answer, Browser, Gate};

async fn save(browser: &mut Browser, kind: &str, name: &str, more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("kind", kind), ("name", name)];
    fields.extend(more);
    browser.post(paths::ADMIN_NETWORK_LIST, &fields).await
}

#[tokio::test]
async fn lists_of_networks_are_set_found_and_removed_on_their_pages_r_201_a_20() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    gate.at.user("bob").await;
    assert!(browser.get(paths::ADMIN_NETWORKS).await.body.contains("There is no list of networks yet"));
    assert!(browser.get(paths::ADMIN_NETWORK_LIST).await.body.contains("192.0.2.7"), "where the administrator is");
    let lines = "203.0.113.0/24 # the office\r\n\r\n 2001:db8::/32\r\n198.51.100.7";
    let saved = save(&mut browser, "user", "bob", &[("allow", lines), ("deny", "203.0.113.66 # a guest")]).await;
    assert_eq!(saved.location(), "/admin/networks?done=networks-saved");
    let page = browser.get(saved.location()).await;
    assert!(page.body.contains("The list is saved.") && page.body.contains("203.0.113.0/24 # the office"), "{}", page.body);
    assert_eq!(targets(&page), ["user/bob|bob"]);
    // As it was written, in its form and in that of the user.
    for path in ["/admin/networks/edit?kind=user&name=bob", "/admin/forms/set-networks?user=bob"] {
        let form = browser.get(path).await.body;
        assert!(form.contains("# the office") && form.contains("203.0.113.66/32 # a guest"), "{path}: {form}");
    }
    // What may not be meant is shown beside the list.
    let hinted = save(&mut browser, "user", "bob", &[("allow", "203.0.113.0/24\n203.0.113.7")]).await;
    assert_eq!(hinted.location(), "/admin/networks/edit?kind=user&name=bob&done=networks-saved");
    let hinted = browser.get(hinted.location()).await.body;
    assert!(hinted.contains("adds nothing") && hinted.contains("Requests by IPv6 are refused"), "{hinted}");
    assert!(browser.get(paths::ADMIN_NETWORKS).await.body.contains("See the list"));
    // Found by an address that a line contains, and by nothing else.
    assert_eq!(targets(&browser.get("/admin/networks?search=203.0.113.200").await), ["user/bob|bob"]);
    assert!(targets(&browser.get("/admin/networks?search=198.51.100.7").await).is_empty());
    // What cannot be read says where and how to mend it, and what was entered stays.
    for (kind, name, allow, why) in [
        ("user", "bob", "203.0.113.0/24\n203.0.113.7/24", "line 2"),
        ("user", "bob", "203.0.113.7/24", "you probably mean &#34;203.0.113.0/24&#34;"),
        ("user", "nobody", "203.0.113.0/24", "no user has that name"),
        ("app", "wikki", "203.0.113.0/24", "there is no app"),
        ("house", "bob", "203.0.113.0/24", "is none of app, group and user"),
    ] {
        let wrong = save(&mut browser, kind, name, &[("allow", allow)]).await;
        assert!(wrong.status.is_client_error() && wrong.body.contains(why), "{kind} {name} {allow}: {}", wrong.body);
        assert!(wrong.body.contains("203.0.113"), "{}", wrong.body);
    }
    let asked = act(&mut browser, "remove-network-list", &["user/bob|bob"], &[]).await;
    assert!(asked.body.contains("It restricts nobody any more"), "{}", asked.body);
    act(&mut browser, "remove-network-list", &["user/bob|bob"], &[("confirmed", "yes")]).await;
    assert!(targets(&browser.get(paths::ADMIN_NETWORKS).await).is_empty());
}

#[tokio::test]
async fn the_page_asks_before_it_shuts_out_who_sits_before_it_a_20() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let elsewhere = [("allow", "203.0.113.0/24")];
    for (kind, name) in [("app", "portal/admin"), ("app", "portal"), ("group", "administrators"), ("user", "alice")] {
        let asked = save(&mut browser, kind, name, &elsewhere).await;
        assert_eq!(asked.status, StatusCode::OK, "{kind} {name}");
        assert!(asked.body.contains("you would be refused there at once") && asked.body.contains("name=\"confirmed\""));
        assert!(gate.at.core.networks().all().await.unwrap().is_empty(), "{kind} {name}: nothing is saved");
        let inside = [("allow", "192.0.2.0/24\n2001:db8::/32")];
        assert_eq!(save(&mut browser, kind, name, &inside).await.status, StatusCode::SEE_OTHER, "{kind} {name}");
        act(&mut browser, "remove-network-list", &[&format!("{kind}/{name}")], &[("confirmed", "yes")]).await;
    }
    let confirmed = [elsewhere[0], ("confirmed", "yes")];
    assert_eq!(save(&mut browser, "app", "portal/admin", &confirmed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(paths::ADMIN).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}
