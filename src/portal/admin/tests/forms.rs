//! Forms of the administration: what is sent, what is asked again, and what is shown once.

use http::StatusCode;

use super::{act, administrator, user};
use crate::portal::kit::paths;
use crate::portal::testing::{Answer, Browser, Gate};

async fn send(browser: &mut Browser, form: &str, fields: &[(&str, &str)]) -> Answer {
    browser.post(&format!("/admin/forms/{form}"), fields).await
}

#[tokio::test]
async fn a_user_is_added_changed_and_removed_on_the_pages() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let core = &gate.at.core;
    send(&mut browser, "add-group", &[("group", "staff"), ("description", "Everybody")]).await;
    let page = browser.get(paths::ADMIN_GROUPS).await.body;
    assert!(page.contains("Everybody") && page.contains("group=staff"), "{page}");
    assert!(browser.get("/admin/forms/add-user").await.body.contains("value=\"staff\""));
    let fields = [("user", "carol"), ("email", "carol@example.com"), ("groups", "staff"), ("invite", "yes")];
    let made = send(&mut browser, "add-user", &fields).await;
    assert!(made.status == StatusCode::OK && made.body.contains("/invitation/"), "{}", made.body);
    let carol = core.users().find(&user("carol")).unwrap();
    assert_eq!(carol.standing().groups.len(), 1);
    // What cannot be done is said, and what was entered stays.
    let again = send(&mut browser, "add-user", &[("user", "carol"), ("display_name", "<b>C</b>")]).await;
    assert!(again.status == StatusCode::CONFLICT && again.body.contains("&#60;b&#62;C"), "{}", again.body);
    let fields =
        [("user", "carol"), ("display_name", "Carol Cho"), ("email", ""), ("here", "/admin/forms/change-user?user=carol")];
    let changed = send(&mut browser, "change-user", &fields).await;
    assert_eq!(changed.location(), "/admin/users/carol?done=change-user");
    assert!(browser.get(changed.location()).await.body.contains("It is changed."));
    assert_eq!((carol.profile().display_name.as_deref(), carol.profile().email.as_deref()), (Some("Carol Cho"), None));
    send(&mut browser, "set-groups", &[("user", "carol")]).await;
    assert!(carol.standing().groups.is_empty());
    send(&mut browser, "set-methods", &[("user", "carol"), ("methods", "password"), ("methods", "push")]).await;
    assert_eq!(carol.standing().assigned.iter().count(), 2);
    let asked = send(&mut browser, "reset-factor", &[("user", "carol"), ("factor", "password")]).await;
    assert!(
        asked.body.contains("name=\"confirmed\"") && asked.body.contains("<option value=\"password\" selected"),
        "{}",
        asked.body
    );
    // What was asked about the password says nothing about everything.
    let word = asked.field("confirmed");
    for (factor, word) in [("all", word.as_str()), ("password", "yes")] {
        let again = send(&mut browser, "reset-factor", &[("user", "carol"), ("factor", factor), ("confirmed", word)]).await;
        assert!(again.body.contains("name=\"confirmed\"") && !again.body.contains("/invitation/"), "{factor}: {}", again.body);
    }
    let fields = [("user", "carol"), ("factor", "password"), ("confirmed", &word)];
    assert!(send(&mut browser, "reset-factor", &fields).await.body.contains("/invitation/"));
    act(&mut browser, "remove-user", &["carol"], &[("confirmed", "yes")]).await;
    act(&mut browser, "remove-group", &["staff"], &[("confirmed", "yes")]).await;
    assert!(core.users().find(&user("carol")).is_none() && core.groups().list().len() == 1);
    assert_eq!(browser.get("/admin/forms/no-form").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn networks_are_set_line_by_line_and_who_would_shut_themselves_out_is_asked_again_a_20() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    gate.at.user("bob").await;
    let allowed = |name: &str| gate.at.core.users().find(&user(name)).unwrap().standing().allowed_networks.len();
    let lines = "203.0.113.0/24 # the office\r\n\r\n2001:db8::/32\n198.51.100.7\n";
    send(&mut browser, "set-networks", &[("user", "bob"), ("allow", lines)]).await;
    assert_eq!(allowed("bob"), 3);
    assert!(browser.get("/admin/forms/set-networks?user=bob").await.body.contains("2001:db8::/32"));
    let wrong = send(&mut browser, "set-networks", &[("user", "bob"), ("allow", "the office")]).await;
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.body.contains("the office") && allowed("bob") == 3);
    let asked = send(&mut browser, "set-networks", &[("user", "alice"), ("allow", "203.0.113.0/24")]).await;
    assert!(asked.body.contains("you would shut yourself out") && allowed("alice") == 0, "{}", asked.body);
    // The answer is about that list: not about another one, and not about the same of somebody else.
    let word = asked.field("confirmed");
    for (allow, word) in [("203.0.113.0/24", "yes"), ("203.0.113.7", &word)] {
        let again = send(&mut browser, "set-networks", &[("user", "alice"), ("allow", allow), ("confirmed", word)]).await;
        assert!(again.body.contains("you would shut yourself out") && allowed("alice") == 0, "{allow}: {}", again.body);
    }
    send(&mut browser, "set-networks", &[("user", "alice"), ("allow", " 203.0.113.0/24\r\n"), ("confirmed", &word)]).await;
    assert_eq!(allowed("alice"), 1);
}

#[tokio::test]
async fn networks_of_a_user_are_not_saved_over_a_list_that_was_not_shown_a_20() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let bob = gate.at.user("bob").await;
    let allowed = || bob.standing().allowed_networks.len();
    let form = browser.get("/admin/forms/set-networks?user=bob").await;
    let networks = ["203.0.113.0/24", "198.51.100.0/24"].map(|network| network.parse().unwrap()).into();
    gate.at.core.users().set_networks(bob.id(), networks, Vec::new()).await.unwrap();
    let version = form.field("version");
    let fields = [("user", "bob"), ("allow", "192.0.2.0/24"), ("version", &*version)];
    let late = send(&mut browser, "set-networks", &fields).await;
    assert_eq!((late.status, allowed()), (StatusCode::CONFLICT, 2), "{}", late.body);
    // What is there stands beside what was entered; saved again, it takes its place.
    assert!(late.body.contains("<bdi>203.0.113.0/24</bdi>") && late.body.contains("192.0.2.0/24</textarea>"), "{}", late.body);
    let version = late.field("version");
    send(&mut browser, "set-networks", &[fields[0], fields[1], ("version", &version)]).await;
    assert_eq!(allowed(), 1);
    // To end it is asked about.
    let version = browser.get("/admin/forms/set-networks?user=bob").await.field("version");
    let ends = [("user", "bob"), ("version", &*version)];
    let asked = send(&mut browser, "set-networks", &ends).await;
    assert!(asked.body.contains("it restricts nobody any more") && allowed() == 1, "{}", asked.body);
    browser.post_meant("/admin/forms/set-networks", &ends).await;
    assert_eq!(allowed(), 0);
}

#[tokio::test]
async fn tokens_and_messages_are_listed_shown_once_and_taken_away() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let made = send(&mut browser, "issue-token", &[("label", "monitor"), ("scopes", "read"), ("lifetime", "1d")]).await;
    let token = made.body.split("<code>").nth(1).unwrap().split('<').next().unwrap().to_owned();
    let found = gate.at.core.tokens().find(&token).unwrap();
    let listed = browser.get(paths::ADMIN_TOKENS).await.body;
    assert!(listed.contains("monitor") && !listed.contains(&token), "{listed}");
    act(&mut browser, "revoke-token", &[found.id()], &[("confirmed", "yes")]).await;
    assert!(gate.at.core.tokens().find(&token).is_none());
    let wrong = send(&mut browser, "issue-token", &[("label", "monitor"), ("lifetime", "soon")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    // A message: its text only when it is asked for.
    act(&mut browser, "invite-user", &["alice"], &[]).await;
    let id = gate.at.core.outbox().list().await.unwrap().remove(0).id;
    let about = browser.get(&paths::admin_message(&id)).await.body;
    assert!(about.contains("audit log") && !about.contains("/invitation/"), "{about}");
    let shown = browser.post(&paths::admin_message(&id), &[]).await.body;
    assert!(shown.contains("/invitation/"), "{shown}");
    act(&mut browser, "remove-message", &[&id], &[("confirmed", "yes")]).await;
    assert_eq!(browser.get(&paths::admin_message(&id)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_form_of_a_token_that_is_sent_twice_makes_one() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let page = browser.get("/admin/forms/issue-token").await;
    let request = page.body.split("name=\"request\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert!(!browser.get("/admin/forms/issue-token").await.body.contains(&request), "each form calls itself otherwise");
    let fields = [("label", "monitor"), ("scopes", "read"), ("request", request.as_str())];
    let wrong = send(&mut browser, "issue-token", &[("label", ""), ("scopes", "read"), ("request", &request)]).await;
    assert!(wrong.body.contains(&request), "what is wrong is mended in the same form");
    assert!(send(&mut browser, "issue-token", &fields).await.body.contains("sekisho_"));
    let again = send(&mut browser, "issue-token", &fields).await;
    assert_eq!(again.location(), "/admin/tokens?done=token-issued-before");
    assert!(browser.get(again.location()).await.body.contains("This form was sent before"));
    assert_eq!(gate.at.core.tokens().list().len(), 1);
}

#[tokio::test]
async fn why_something_was_not_done_is_said_in_the_language_of_the_page_r_301() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    browser.cookies.insert("__Host-sekisho-language".to_owned(), "fr".to_owned());
    // A reason that no language but English has words for stands in the sentence, and says that it is English.
    let wrong = send(&mut browser, "add-user", &[("user", "a|b")]).await;
    let said = "<bdi>Nom d’utilisateur incorrect\u{a0}: <span lang=\"en\">&#39;|&#39; is not allowed: use letters";
    assert!(wrong.status == StatusCode::BAD_REQUEST && wrong.body.contains(said), "{}", wrong.body);
    let exists = send(&mut browser, "add-user", &[("user", "alice")]).await;
    assert!(exists.body.contains("<p class=\"hint\"><bdi>L’utilisateur alice existe déjà.</bdi></p>"), "{}", exists.body);
    // On the selected lines of a list, for many users, and of a list of networks.
    let failed = act(&mut browser, "enable-user", &["nobody"], &[]).await;
    assert!(failed.body.contains("<span class=\"hint\"><bdi>L’utilisateur nobody n’existe pas.</bdi></span>"), "{}", failed.body);
    let many = browser.post(paths::ADMIN_MANY, &[("action", "invite"), ("users", "alice, nobody")]).await;
    assert!(
        many.status == StatusCode::OK && many.body.contains("<bdi>L’utilisateur nobody n’existe pas.</bdi>"),
        "{}",
        many.body
    );
    assert!(many.body.contains("Remettez") || many.body.contains("boîte d’envoi"), "what to do with the link: {}", many.body);
    assert!(!many.body.contains("hand over the link"), "{}", many.body);
    let fields = [("kind", "group"), ("name", "staff"), ("allow", "203.0.113.0/33")];
    let networks = browser.post(paths::ADMIN_NETWORK_LIST, &fields).await;
    assert!(networks.body.contains("<bdi>Réseaux illisibles\u{a0}: <span lang=\"en\">line 1: "), "{}", networks.body);
    browser.cookies.insert("__Host-sekisho-language".to_owned(), "en".to_owned());
    let english = send(&mut browser, "add-user", &[("user", "alice")]).await;
    assert!(english.body.contains("<bdi>add user alice: a user with that name exists</bdi>"), "{}", english.body);
}
