//! The lists of networks on pages: set line by line, found by an address, asked about before they shut out their author, never
//! saved over one that was not shown, removed.

use http::StatusCode;

use super::{act, administrator, targets, user};
use crate::portal::kit::paths;
use crate::portal::testing::{Answer, Browser, Gate};

/// The form of one list.
async fn open(browser: &mut Browser, kind: &str, name: &str) -> Answer {
    browser.get(&paths::with_query(paths::ADMIN_NETWORK_LIST, &[("kind", kind), ("name", name)])).await
}

/// What a form says of the list that it shows.
fn version(form: &Answer) -> String {
    if form.body.contains("name=\"version\"") { form.field("version").replace("&#x2F;", "/") } else { String::new() }
}

/// As somebody does who opened the form of that list now.
async fn save(browser: &mut Browser, kind: &str, name: &str, more: &[(&str, &str)]) -> Answer {
    let version = version(&open(browser, kind, name).await);
    let mut fields = vec![("kind", kind), ("name", name), ("version", &*version)];
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
    let first = targets(&page).remove(0);
    assert!(first.starts_with("user/bob@") && first.ends_with("|bob"), "{first}");
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
    let found = targets(&browser.get("/admin/networks?search=203.0.113.200").await).remove(0);
    assert!(found.starts_with("user/bob@") && found != first, "{found}");
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
    let asked = act(&mut browser, "remove-network-list", &[&found], &[]).await;
    assert!(asked.body.contains("It restricts nobody any more"), "{}", asked.body);
    // A list that was changed since it was shown stays.
    for changed in [&*first, "user/bob@none|bob", "user/bob|bob"] {
        act(&mut browser, "remove-network-list", &[changed], &[("confirmed", "yes")]).await;
        assert_eq!(targets(&browser.get(paths::ADMIN_NETWORKS).await), [&*found], "{changed}");
    }
    act(&mut browser, "remove-network-list", &[&found], &[("confirmed", "yes")]).await;
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
        let line = targets(&browser.get(paths::ADMIN_NETWORKS).await).remove(0);
        act(&mut browser, "remove-network-list", &[&line], &[("confirmed", "yes")]).await;
    }
    let word = save(&mut browser, "app", "portal/admin", &elsewhere).await.field("confirmed");
    let confirmed = [elsewhere[0], ("confirmed", &*word)];
    assert_eq!(save(&mut browser, "app", "portal/admin", &confirmed).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(paths::ADMIN).await.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_was_said_of_one_list_is_not_said_of_another_a_20() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let asked = save(&mut browser, "app", "wiki", &[("allow", "203.0.113.0/24"), ("deny", "203.0.113.66")]).await;
    let word = asked.field("confirmed");
    for (name, allow, deny) in [
        ("vault", "203.0.113.0/24", "203.0.113.66"),
        ("portal/admin", "203.0.113.0/24", "203.0.113.66"),
        ("wiki", "203.0.113.0/25", "203.0.113.66"),
        ("wiki", "203.0.113.0/24 # a note", "203.0.113.66"),
        ("wiki", "203.0.113.0/24", ""),
    ] {
        let again = save(&mut browser, "app", name, &[("allow", allow), ("deny", deny), ("confirmed", &word)]).await;
        assert!(again.body.contains("you would be refused there at once"), "{name} {allow} {deny}: {}", again.body);
        assert_ne!(again.field("confirmed"), word, "{name} {allow} {deny}");
    }
    let meant = [("allow", "203.0.113.0/24"), ("deny", "203.0.113.66")];
    for wrong in ["", "yes", "YES"] {
        let again = save(&mut browser, "app", "wiki", &[meant[0], meant[1], ("confirmed", wrong)]).await;
        assert!(again.body.contains("you would be refused there at once"), "{wrong}: {}", again.body);
    }
    // Nor of the same list from somewhere else.
    browser.address = [192, 0, 2, 8].into();
    let again = save(&mut browser, "app", "wiki", &[meant[0], meant[1], ("confirmed", &word)]).await;
    assert!(again.body.contains("you would be refused there at once"), "{}", again.body);
    assert!(gate.at.core.networks().all().await.unwrap().is_empty(), "nothing is saved");
    browser.address = [192, 0, 2, 7].into();
    // Blanks, line ends and the order of lines are nothing that was asked about.
    let same = [("allow", "\r\n  203.0.113.0/24  \r\n"), ("deny", "203.0.113.66/32"), ("confirmed", &*word)];
    assert_eq!(save(&mut browser, "app", "wiki", &same).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_list_that_was_not_shown_is_not_saved_over_a_20() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    gate.at.user("bob").await;
    let allowed = || gate.at.core.users().find(&user("bob")).unwrap().standing().allowed_networks.len();
    // Two open the form of a list that is not there; a third begins with none at all.
    let form = open(&mut browser, "user", "bob").await;
    let none = version(&form);
    save(&mut browser, "user", "bob", &[("allow", "203.0.113.0/24 # the first\n2001:db8::/32")]).await;
    let empty = version(&browser.get(paths::ADMIN_NETWORK_LIST).await);
    let other = version(&open(&mut browser, "user", "alice").await);
    for shown in [&*none, &empty, &other, "", "user/bob@none", "user/bob@0123456789abcdef"] {
        let fields = [("kind", "user"), ("name", "bob"), ("version", shown), ("allow", "198.51.100.7 # the second")];
        let late = browser.post(paths::ADMIN_NETWORK_LIST, &fields).await;
        assert_eq!((late.status, allowed()), (StatusCode::CONFLICT, 2), "{shown:?}: {}", late.body);
        // What is there is shown beside what was entered.
        assert!(late.body.contains("203.0.113.0/24 # the first") && late.body.contains("198.51.100.7 # the second"));
        assert!(late.body.contains("is not the one that was shown"), "{}", late.body);
    }
    // Saved again beside it, it takes its place: that list, and no later one.
    let fields = [("kind", "user"), ("name", "bob"), ("version", &*none), ("allow", "198.51.100.7")];
    let shown = version(&browser.post(paths::ADMIN_NETWORK_LIST, &fields).await);
    save(&mut browser, "user", "bob", &[("allow", "203.0.113.0/24\n203.0.113.9\n2001:db8::/32")]).await;
    let again = browser.post(paths::ADMIN_NETWORK_LIST, &[fields[0], fields[1], ("version", &shown), fields[3]]).await;
    assert_eq!((again.status, allowed()), (StatusCode::CONFLICT, 3));
    let shown = version(&again);
    let saved = browser.post(paths::ADMIN_NETWORK_LIST, &[fields[0], fields[1], ("version", &shown), fields[3]]).await;
    assert_eq!((saved.status, allowed()), (StatusCode::SEE_OTHER, 1));
    // A form without a line would end it: that is asked about.
    let asked = save(&mut browser, "user", "bob", &[]).await;
    assert!(asked.body.contains("it restricts nobody any more") && allowed() == 1, "{}", asked.body);
    let word = asked.field("confirmed");
    assert_eq!(save(&mut browser, "user", "bob", &[("confirmed", &word)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(allowed(), 0);
}

#[tokio::test]
async fn a_list_of_a_thousand_lines_fits_into_the_form_and_more_into_no_other_a_20() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    gate.at.user("bob").await;
    let lines = |count: usize| {
        let line = |number| format!("2001:db8:{number:x}::/48 # 大阪本社 第{number}会議室、来客用の無線LAN\r\n");
        (0..count).map(line).collect::<String>()
    };
    let thousand = lines(1000);
    assert_eq!(save(&mut browser, "user", "bob", &[("allow", &thousand)]).await.status, StatusCode::SEE_OTHER);
    let allowed = || gate.at.core.users().find(&user("bob")).unwrap().standing().allowed_networks.len();
    assert_eq!(allowed(), 1000);
    let form = browser.get("/admin/forms/set-networks?user=bob").await.field("version");
    let fields = [("user", "bob"), ("allow", &*thousand), ("deny", "192.0.2.66"), ("version", &*form)];
    let more = browser.post("/admin/forms/set-networks", &fields).await;
    assert!(more.status == StatusCode::BAD_REQUEST && more.body.contains("1000 at most"), "{}", more.status);
    let fields = [fields[0], ("allow", &lines(999)), fields[2], fields[3]];
    assert_eq!(browser.post("/admin/forms/set-networks", &fields).await.status, StatusCode::SEE_OTHER);
    assert_eq!(allowed(), 999);
    // Neither another form of an administrator nor a form of anybody else is that large.
    let large = [("action", "assign"), ("users", &*thousand)];
    assert_eq!(browser.post(paths::ADMIN_MANY, &large).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let fields = [("kind", "user"), ("name", "bob"), ("allow", &*thousand)];
    let stranger = gate.browser().post(paths::ADMIN_NETWORK_LIST, &fields).await;
    assert_eq!(stranger.status, StatusCode::PAYLOAD_TOO_LARGE);
}
