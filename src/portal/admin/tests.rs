//! The administration's pages: who may see them, what lists show, and what is done from them.

mod audit;
mod authorities;
mod certificates;
mod devices;
mod for_many;
mod forms;
mod networks;
mod rollout;
mod sources;
mod transactions;

use std::net::Ipv4Addr;
use std::time::Duration;

use http::StatusCode;
use strum::VariantArray as _;

use crate::portal::admin::area::AdminArea;
use crate::portal::kit::paths;
use crate::portal::push::tests::{SERVICE, answer, asks, call, gate as phone_gate, number, phone};
use crate::portal::testing::{Answer, Browser, Gate, PASSWORD};
use crate::principal::method::Method;
use crate::principal::user::{GroupName, UserId};

pub(super) async fn make_administrator(gate: &Gate) {
    let group = GroupName::parse("administrators").unwrap();
    gate.at.core.groups().add(group.clone(), None).await.unwrap();
    gate.at.core.users().set_groups(gate.alice.id(), vec![group]).await.unwrap();
}

/// An administrator's browser at a gate with phones.
pub(in crate::portal) async fn administrator(gate: &Gate) -> Browser {
    make_administrator(gate).await;
    gate.signed_in().await
}

fn user(name: &str) -> UserId {
    UserId::parse(name).unwrap()
}

/// The targets that the lines of a list carry.
pub(super) fn targets(page: &Answer) -> Vec<String> {
    page.body
        .split("name=\"selected\" value=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().replace("&#38;", "&").replace("&#x2F;", "/"))
        .collect()
}

/// With [`MEANT`] among `more` as somebody does who says yes to what is asked.
pub(super) async fn act(browser: &mut Browser, action: &str, selected: &[&str], more: &[(&str, &str)]) -> Answer {
    let mut fields = vec![("action", action)];
    fields.extend(selected.iter().map(|id| ("selected", *id)));
    fields.extend(more.iter().filter(|field| **field != MEANT));
    if more.contains(&MEANT) {
        return browser.post_meant(paths::ADMIN_ACTION, &fields).await;
    }
    browser.post(paths::ADMIN_ACTION, &fields).await
}

const MEANT: (&str, &str) = ("confirmed", "yes");

const POSTS: [&str; 17] = [
    paths::ADMIN_CERTIFICATE_TEST,
    paths::ADMIN_NETWORK_LIST,
    paths::ADMIN_EXPLAIN,
    paths::ADMIN_MANY,
    paths::ADMIN_CERTIFICATE_ISSUE,
    paths::ADMIN_CERTIFICATE_SIGN,
    paths::ADMIN_CERTIFICATE_IMPORT,
    paths::ADMIN_CERTIFICATE_DATES,
    paths::ADMIN_CERTIFICATE_CONTAINER,
    "/admin/forms/add-user",
    "/admin/outbox/8mL2xQ",
    paths::ADMIN_LINK_IDENTITY,
    paths::ADMIN_ACTION,
    paths::ADMIN_LOGIN_PROTECT_DISABLE,
    paths::ADMIN_LOGIN_PROTECT_RESTORE,
    paths::ADMIN_LOGIN_PROTECT_SERVICE,
    paths::ADMIN_SETTINGS,
];

#[tokio::test]
async fn no_page_is_open_to_a_stranger_or_a_user_and_all_are_to_an_administrator() {
    let gate = Gate::open().await;
    let pages = || {
        AdminArea::VARIANTS.iter().map(|area| area.path()).chain([
            paths::ADMIN_MIGRATION,
            "/admin/users/alice",
            paths::ADMIN_NETWORK_LIST,
            paths::ADMIN_MANY,
            paths::ADMIN_AUDIT_KEYS,
            "/admin/issue-certificate",
        ])
    };
    let files = ["/admin/transactions/export?format=csv", "/admin/transactions/AAAAAAAAAAAAAAAAAAAAAA/receipt"];
    let mut stranger = gate.browser();
    let mut member = gate.signed_in().await;
    for path in pages().chain(files) {
        let sent = stranger.get(path).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{path}");
        assert!(sent.location().starts_with("/sign-in?for=%2Fadmin"), "{path}: {}", sent.location());
        assert_eq!(member.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    for path in POSTS {
        assert_eq!(
            stranger.post(path, &[("action", "sign-out"), ("selected", "alice")]).await.status,
            StatusCode::SEE_OTHER,
            "{path}"
        );
        let refused = member.post(path, &[("action", "sign-out"), ("selected", "alice"), ("confirmed", "yes")]).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert!(!member.get("/account").await.body.contains("href=\"/admin\""));
    make_administrator(&gate).await;
    for path in pages() {
        let page = member.get(path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}: {}", page.body);
        assert!(page.body.contains("aria-current=\"page\""), "{path}");
    }
    assert!(member.get("/account").await.body.contains("href=\"/admin\""));
}

#[tokio::test]
async fn a_change_comes_from_our_own_pages_after_a_fresh_sign_in_t36() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let fields = [("action", "disable-user"), ("selected", "bob"), ("confirmed", "yes")];
    gate.at.user("bob").await;
    for headers in [&[][..], &[("origin", "https://evil.example.com")], &[("origin", "null")]] {
        let refused = browser.post_with(paths::ADMIN_ACTION, &fields, headers).await;
        assert_eq!((refused.status, refused.body.contains("foreign_origin")), (StatusCode::FORBIDDEN, true), "{headers:?}");
    }
    gate.at.clock.advance(Duration::from_secs(11 * 60));
    assert_eq!(browser.get("/admin/users?group=staff&after=a").await.status, StatusCode::OK, "reading goes on");
    let old = act(&mut browser, "disable-user", &["bob"], &[("confirmed", "yes"), ("back", "/admin/users?search=b")]).await;
    assert_eq!(old.status, StatusCode::FORBIDDEN);
    let again = "/sign-in?for=%2Fadmin%2Fusers%3Fsearch%3Db";
    assert!(old.body.contains(again), "it leads back: {}", old.body);
    assert!(gate.at.core.users().find(&user("bob")).unwrap().standing().enabled);
    // The fresh sign-in comes back to the very list.
    let page = browser.get(again).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.location());
    let departure = "/admin/users?search=b";
    browser.post("/sign-in/password", &[("password", PASSWORD), ("user", "alice"), ("for", departure)]).await;
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &gate.code()), ("for", departure)]).await;
    assert_eq!(browser.get(again).await.location(), departure);
    let done = act(&mut browser, "disable-user", &["bob"], &[("confirmed", "yes"), ("back", departure)]).await;
    assert_eq!(done.location(), "/admin/users?search=b&done=disable-user&count=1");
    assert!(!gate.at.core.users().find(&user("bob")).unwrap().standing().enabled);
}

#[tokio::test]
async fn what_the_administration_demands_more_is_asked_for_on_the_way_there() {
    let gate = Gate::with("[portal.admin_demands]\nip_restriction = { allow = [\"198.51.100.0/24\"] }\n").await;
    let mut browser = administrator(&gate).await;
    let refused = browser.get(paths::ADMIN).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    assert_eq!(browser.get("/account").await.status, StatusCode::OK);
    browser.address = Ipv4Addr::new(198, 51, 100, 7).into();
    let gate = Gate::with("[portal.admin_demands]\ncookie = {}\n").await;
    let mut browser = administrator(&gate).await;
    let sent = browser.get(paths::ADMIN).await;
    assert_eq!(sent.location(), "/sign-in?for=%2Fadmin");
    let step = browser.get("/sign-in?for=%2Fadmin").await;
    assert!(step.body.contains("action=\"/sign-in/browser\""), "a browser is registered first: {}", step.body);
}

#[tokio::test]
async fn a_list_is_searched_and_paged_and_holds_everybody_once_r_037() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    for number in 0..120 {
        gate.at.user(&format!("user{number:03}")).await;
    }
    let (mut seen, mut path) = (Vec::new(), paths::ADMIN_USERS.to_owned());
    loop {
        let page = browser.get(&path).await;
        seen.extend(targets(&page));
        let Some(next) = page.body.split("class=\"pages\"").nth(1).and_then(|nav| {
            let links: Vec<&str> = nav.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
            links.into_iter().find(|link| link.contains("after=")).map(str::to_owned)
        }) else {
            break;
        };
        path = next;
    }
    let mut expected: Vec<String> = (0..120).map(|number| format!("user{number:03}")).collect();
    expected.insert(0, "alice".to_owned());
    assert_eq!(seen, expected);
    assert_eq!(targets(&browser.get("/admin/users?search=USER00").await).len(), 10);
    assert_eq!(targets(&browser.get("/admin/users?group=administrators").await), ["alice"]);
    assert!(browser.get("/admin/users?search=%22%3E%3Cscript%3E").await.body.contains("&#60;script&#62;"));
    assert_eq!(browser.get("/admin/users?group=no%00group").await.status, StatusCode::BAD_REQUEST);
    assert_eq!(browser.get("/admin/users/nobody").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn push_is_assigned_and_taken_back_singly_and_by_group_r_003_r_009_r_018_r_019() {
    let gate = phone_gate().await;
    let mut browser = administrator(&gate).await;
    let staff = GroupName::parse("staff").unwrap();
    gate.at.core.groups().add(staff.clone(), None).await.unwrap();
    for name in ["bob", "carol", "dave"] {
        let made = gate.at.user(name).await;
        gate.at.core.assign(made.id(), crate::principal::method::Methods::of(&[Method::Password])).await.unwrap();
        if name != "dave" {
            gate.at.core.users().set_groups(made.id(), vec![staff.clone()]).await.unwrap();
        }
    }
    let has_push = |name: &str| gate.at.core.users().find(&user(name)).unwrap().standing().assigned.contains(Method::Push);
    let done = act(&mut browser, "assign-push", &["dave"], &[]).await;
    assert_eq!(done.location(), "/admin/users?done=assign-push&count=1");
    assert!(browser.get(done.location()).await.body.contains("1 user can now sign in by phone."));
    assert!(has_push("dave") && !has_push("bob"));
    // Everybody that a search finds: the page asks for a confirmation first, with the count.
    let asked = act(&mut browser, "assign-push", &[], &[("scope", "all"), ("group", "staff")]).await;
    assert!(asked.body.contains("These 2 users will be able to sign in"), "{}", asked.body);
    assert!(!has_push("bob"), "nothing is done yet");
    act(&mut browser, "assign-push", &["bob", "carol"], &[("confirmed", "yes")]).await;
    assert!(has_push("bob") && has_push("carol"));
    // Taken back: the phones are gone.
    phone(&gate).await;
    assert_eq!(targets(&browser.get("/admin/phones?user=alice").await).len(), 1);
    let asked = act(&mut browser, "unassign-push", &["alice", "bob"], &[]).await;
    assert!(asked.status == StatusCode::OK && has_push("alice"), "the page asks for a confirmation");
    let done = act(&mut browser, "unassign-push", &["alice", "bob"], &[("confirmed", "yes")]).await;
    assert_eq!(done.location(), "/admin/users?done=unassign-push&count=2");
    assert!(!has_push("alice") && !has_push("bob"));
    assert!(targets(&browser.get("/admin/phones").await).is_empty());
    // Some of several fail: the others are done, and each failure is shown.
    let answer = act(&mut browser, "assign-push", &["bob", "nobody", "Not A Name"], &[]).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.body.contains("The action failed for 2 entries.") && answer.body.contains("nobody") && has_push("bob"));
    assert_eq!(act(&mut browser, "assign-push", &["nobody"], &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_link_is_sent_from_the_page_and_a_phone_is_removed_there_r_006_r_038() {
    let gate = phone_gate().await;
    let mut browser = administrator(&gate).await;
    let made = act(&mut browser, "invite-phone", &["alice"], &[]).await;
    assert_eq!(made.status, StatusCode::OK);
    let secret = made.body.split("/approver/#add=").nth(1).unwrap()[..43].to_owned();
    assert!(made.body.contains("<svg") && made.body.contains("waits in the outbox"), "{}", made.body);
    let one = crate::approval::testing::Phone::new();
    let body = serde_json::json!({ "link": secret, "name": "Alice's phone" });
    assert_eq!(call(&gate, &one, "POST", "/approver/api/register", &body).await.0, StatusCode::CREATED);
    let page = browser.get("/admin/users/alice").await;
    assert!(page.body.contains("Alice’s phone") || page.body.contains("Alice&#39;s phone"), "{}", page.body);
    let target = targets(&browser.get(paths::ADMIN_PHONES).await).remove(0);
    let target = target.split('|').next().unwrap();
    assert_eq!(
        act(&mut browser, "remove-phone", &[target], &[]).await.status,
        StatusCode::OK,
        "the page asks for a confirmation"
    );
    let done = act(&mut browser, "remove-phone", &[target], &[("confirmed", "yes"), ("back", "/admin/users/alice")]).await;
    assert_eq!(done.location(), "/admin/users/alice?done=remove-phone&count=1");
    assert!(gate.at.core.approvals().approvers.of_user(gate.alice.id()).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_life_cycle_is_led_from_the_page_r_431_r_432_r_433() {
    let gate = phone_gate().await;
    let mut browser = administrator(&gate).await;
    phone(&gate).await;
    let standing = async || gate.at.core.approvals().approvers.standing(gate.alice.id()).await.unwrap();
    assert!(browser.get("/admin/users/alice").await.body.contains("value=\"suspend-approvals\""));
    act(&mut browser, "suspend-approvals", &["alice"], &[("confirmed", "yes")]).await;
    assert!(standing().await.suspended);
    assert!(browser.get("/admin/phones").await.body.contains("Suspended"));
    assert!(browser.get("/admin/users/alice").await.body.contains("value=\"resume-approvals\""));
    act(&mut browser, "resume-approvals", &["alice"], &[]).await;
    assert!(!standing().await.suspended);
    act(&mut browser, "unregister-phones", &["alice"], &[("confirmed", "yes")]).await;
    assert!(gate.at.core.approvals().approvers.of_user(gate.alice.id()).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_phones_are_asked_is_seen_live_and_withdrawn_without_the_number() {
    let gate = phone_gate().await;
    let mut browser = administrator(&gate).await;
    let owner = phone(&gate).await;
    let (departure, _) = gate.departure("mail", "/").await;
    let mut other = gate.browser();
    let waiting = asks(&mut other, &departure, "alice").await;
    let shown = number(&waiting).unwrap();
    let list = browser.get(paths::ADMIN_APPROVALS).await;
    let target = targets(&list).remove(0);
    let cells: String = list.body.split("<tbody").nth(1).unwrap().split("</tbody>").next().unwrap().replace(&target, "");
    assert!(cells.contains("mail") && !cells.contains(&format!(">{shown}<")), "{cells}");
    assert!(list.headers["content-security-policy"].to_str().unwrap().contains("script-src 'self'"));
    assert!(browser.get("/admin").await.body.contains("<span>1</span>"));
    let id = target.split('|').next().unwrap();
    let done = act(&mut browser, "cancel-approval", &[id], &[]).await;
    assert_eq!(done.location(), "/admin/approvals?done=cancel-approval&count=1");
    assert!(targets(&browser.get(paths::ADMIN_APPROVALS).await).is_empty());
    assert_eq!(act(&mut browser, "cancel-approval", &[id], &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY, "gone");
    let (_, seen) = call(&gate, &owner, "GET", "/approver/api/slots", &serde_json::Value::Null).await;
    assert_eq!(seen["slots"][0]["approvals"], serde_json::json!([]));
    let over = other.get(&format!("/sign-in?for={departure}")).await;
    assert!(number(&over).is_none(), "the person waiting sees it: {}", over.body);
    // An approval that is answered is no longer on the list.
    asks(&mut other, &departure, "alice").await;
    answer(&gate, &owner, "deny", |_| None).await;
    assert!(targets(&browser.get(paths::ADMIN_APPROVALS).await).is_empty());
}

#[tokio::test]
async fn login_protect_is_disabled_and_restored_in_two_steps_with_a_banner_meanwhile_r_149_r_150_r_153() {
    let gate = phone_gate().await;
    let mut browser = administrator(&gate).await;
    let page = browser.get(paths::ADMIN_LOGIN_PROTECT).await;
    assert!(SERVICE.split('/').all(|id| page.body.contains(id)), "{}", page.body);
    assert!(page.body.contains("1 user has no phone"), "R-134: {}", page.body);
    let banner = "every login form is open";
    let disabled = || gate.at.core.settings().value(crate::login_protect::DISABLED).is_some();
    for (path, then) in [(paths::ADMIN_LOGIN_PROTECT_DISABLE, true), (paths::ADMIN_LOGIN_PROTECT_RESTORE, false)] {
        let first = browser.post(path, &[]).await;
        assert_eq!((first.status, disabled()), (StatusCode::OK, !then), "the first step only asks");
        let word = first.field("confirm");
        assert_eq!(browser.post(path, &[("confirm", "000000")]).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(disabled(), !then);
        let second = browser.post(path, &[("confirm", &word)]).await;
        assert_eq!((second.status, disabled()), (StatusCode::SEE_OTHER, then), "{}", second.body);
        for area in AdminArea::VARIANTS {
            assert_eq!(browser.get(area.path()).await.body.contains(banner), then, "{area:?}");
        }
    }
    let drawn = browser.post(paths::ADMIN_LOGIN_PROTECT_SERVICE, &[]).await;
    assert_eq!(drawn.body.split("<p class=\"lead\"><code>").nth(1).unwrap().find('<'), Some(16));
}

#[tokio::test]
async fn users_add_and_remove_phones_themselves_as_the_settings_say_r_016_r_017_r_039() {
    let gate = phone_gate().await;
    let mut browser = administrator(&gate).await;
    phone(&gate).await;
    let offers = async |browser: &mut Browser| {
        let page = browser.get("/account/approvers").await.body;
        (page.contains("/account/approvers/add"), page.contains("/account/approvers/remove"))
    };
    assert_eq!(offers(&mut browser).await, (true, true));
    let mut expected = (true, true);
    for (name, after) in [("approval.members_may_add", (false, true)), ("approval.members_may_delete", (false, false))] {
        assert_eq!(
            browser.post(paths::ADMIN_SETTINGS, &[("name", name), ("value", "perhaps")]).await.status,
            StatusCode::BAD_REQUEST
        );
        assert_eq!(offers(&mut browser).await, expected);
        let kept = browser.post(paths::ADMIN_SETTINGS, &[("name", name), ("value", "false")]).await;
        assert_eq!(kept.location(), "/admin/settings?done=setting-saved");
        expected = after;
        assert_eq!(offers(&mut browser).await, expected);
    }
    assert_eq!(browser.post("/account/approvers/add", &[]).await.status, StatusCode::FORBIDDEN);
    browser.post(paths::ADMIN_SETTINGS, &[("name", "approval.members_may_add"), ("value", "")]).await;
    assert_eq!(offers(&mut browser).await, (true, false), "cleared: as the config says");
    browser.post(paths::ADMIN_SETTINGS, &[("name", "portal.notice"), ("value", "Closed on <Sunday>")]).await;
    assert!(browser.get("/account").await.body.contains("Closed on &#60;Sunday&#62;"));
    assert_eq!(browser.post(paths::ADMIN_SETTINGS, &[("name", "state.x"), ("value", "y")]).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn sessions_browsers_and_locks_are_ended_from_their_lists() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    let mut other = gate.signed_in().await;
    let mine = targets(&browser.get("/admin/sessions?user=alice").await);
    assert_eq!(mine.len(), 2);
    let wrong = async || gate.browser().post("/sign-in/password", &[("user", "alice"), ("password", "wrong")]).await;
    for _ in 0..12 {
        wrong().await;
        gate.at.clock.advance(Duration::from_secs(35));
    }
    let locks = targets(&browser.get(paths::ADMIN_LOCKS).await);
    assert!(!locks.is_empty());
    let done = act(&mut browser, "lift-lock", &[&locks[0]], &[]).await;
    assert!(done.location().starts_with("/admin/locks?done=lift-lock"), "{}", done.body);
    assert!(targets(&browser.get(paths::ADMIN_LOCKS).await).len() < locks.len());
    act(&mut browser, "sign-out", &["alice"], &[("confirmed", "yes")]).await;
    assert_eq!(other.get("/account").await.status, StatusCode::SEE_OTHER, "signed out");
    assert_eq!(browser.get(paths::ADMIN).await.status, StatusCode::SEE_OTHER, "everywhere means here too");
}

#[tokio::test]
async fn forged_actions_change_nothing_and_lead_nowhere_else_t17() {
    let gate = Gate::open().await;
    let mut browser = administrator(&gate).await;
    assert_eq!(act(&mut browser, "format-disk", &["alice"], &[]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(act(&mut browser, "sign-out", &[], &[]).await.location(), "/admin/users?done=nothing-selected");
    for back in
        ["https://evil.example.com", "//evil.example.com", "/admin\\evil", "/administrator", "/admin/../account", "/admin\t"]
    {
        let done = act(&mut browser, "assign-push", &["alice"], &[("back", back)]).await;
        assert_eq!(done.location(), "/admin/users?done=assign-push&count=1", "{back}");
        let sign_in = format!("/sign-in?for={}", url::form_urlencoded::byte_serialize(back.as_bytes()).collect::<String>());
        assert_ne!(browser.get(&sign_in).await.location(), back);
    }
    let flood: Vec<String> = (0..600).map(|number| format!("user{number}")).collect();
    let flood: Vec<&str> = flood.iter().map(String::as_str).collect();
    let answer = act(&mut browser, "enable-user", &flood, &[]).await;
    assert!(answer.status.is_client_error(), "{}", answer.status);
}

#[tokio::test]
async fn a_lock_after_wrong_answers_is_seen_and_lifted_from_the_page_r_433() {
    let gate =
        Gate::with(&format!("{}[approval]\nwrong_answers = 1\nnumber_matching = \"always\"\n", crate::portal::push::tests::PUSH))
            .await;
    gate.at.core.assign(gate.alice.id(), crate::principal::method::Methods::of(&[Method::Push, Method::Password])).await.unwrap();
    let mut browser = administrator(&gate).await;
    let owner = phone(&gate).await;
    let (departure, _) = gate.departure("mail", "/").await;
    let waiting = asks(&mut gate.browser(), &departure, "alice").await;
    let shown = number(&waiting);
    let wrong = if shown.as_deref() == Some("000000") { "000001" } else { "000000" };
    answer(&gate, &owner, "approve", |_| Some(wrong.to_owned())).await;
    assert!(browser.get("/admin/phones").await.body.contains("Locked"));
    let done = act(&mut browser, "unlock-approvals", &["alice"], &[]).await;
    assert_eq!(done.location(), "/admin/users?done=unlock-approvals&count=1");
    assert!(gate.at.core.approvals().approvers.standing(gate.alice.id()).await.unwrap().is_good());
}
