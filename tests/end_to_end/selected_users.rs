//! A certificate that is demanded of selected users, shown to the TLS port: nobody else is asked, and nobody is signed out who
//! should not be.

use hyper::Method;
use sekisho::certificate::result::{CertificateOutcome, CertificateResultQuery};
use sekisho::clock::{Clock as _, Timestamp};
use sekisho::principal::certificate::Holder;
use sekisho::principal::certificate_setting::CertificateSetting::{self, Accepted, Refused, Required};
use sekisho::principal::user::{GroupName, UserId};

use crate::issued::{DAY, issue, trust};
use crate::sessions::{closes, socket};
use crate::support::{Answer, Browser, World};

const SELECTED: &str = "[app.demands.client_certificate]\ntrust = [\"world\"]\napplies_to = \"selected_users\"\n\
                        [app.demands.primary_factor]\n";

/// A world with an app that demands a certificate of selected users; its gateway trusts what it issues.
async fn world() -> World {
    let world = World::with(&[("wiki", SELECTED)], "").await;
    let core = world.server.core();
    core.authority().create("World").await.unwrap();
    core.publish_authority().await;
    trust(&world);
    world
}

async fn set(world: &World, user: &UserId, setting: CertificateSetting) {
    world.server.core().set_certificates_of(user, setting).await.unwrap();
}

async fn look(world: &World, browser: &mut Browser) -> Answer {
    browser.send(Method::GET, &world.url("wiki", "/"), None).await
}

/// That an answer is the page that says why a certificate did not do.
fn refused(page: &Answer, code: &str) {
    let says = page.body.contains(&format!("<code>{code}</code>")) && page.body.contains("What to do");
    assert!(page.status == 403 && says, "{code}: {page:?}");
}

/// Which results of check 2 a user has, in words.
async fn results(world: &World, user: &UserId) -> Vec<(CertificateOutcome, String)> {
    let query = CertificateResultQuery { user: Some(user.clone()), limit: 100, ..CertificateResultQuery::default() };
    let found = world.server.core().certificates().results().list(&query).await.unwrap();
    found.into_iter().map(|(one, _)| (one.outcome, one.reason)).collect()
}

#[tokio::test]
async fn selected_users_need_a_certificate_that_counts_and_the_others_none_as_a_table_r_229_r_231_r_247() {
    let world = world().await;
    let alice = world.person("alice").await;
    let core = world.server.core();
    let staff = GroupName::parse("staff").unwrap();
    core.groups().add(staff.clone(), None).await.unwrap();
    core.users().set_groups(&alice.user, vec![staff.clone()]).await.unwrap();
    let (which, device) = issue(&world, Holder::User(alice.user.clone())).await;
    let now = world.clock.now().millis();
    for setting in [Required, Accepted, Refused] {
        for by_group in [false, true] {
            for (enabled, in_period) in [(true, true), (true, false), (false, true), (false, false)] {
                let until = Timestamp::from_millis(if in_period { now + DAY / 2 } else { now - 1 });
                core.certificates().set_dates(which, (None, Some(until))).await.unwrap();
                core.switch_certificate(which, enabled).await.unwrap();
                set(&world, &alice.user, setting).await;
                core.groups().require_certificates(&staff, by_group).await.unwrap();
                let mut browser = world.browser().with_certificate_of(&device);
                let page = browser.sign_in(&world.url("wiki", "/"), &alice).await;
                let row = format!("{setting:?} {by_group} {enabled} {in_period}");
                let is_selected = by_group || setting == Required;
                let expected = match (is_selected, setting != Refused, enabled, in_period) {
                    (false, ..) | (true, true, true, true) => "",
                    (true, _, _, false) => "certificate_expired",
                    (true, _, false, true) => "certificate_disabled",
                    (true, false, true, true) => "certificate_switch_off",
                };
                if expected.is_empty() {
                    assert_eq!((page.status, page.body.as_str()), (200, "GET /\n"), "{row}: {page:?}");
                } else {
                    assert!(page.body.contains(&format!("<code>{expected}</code>")), "{row}: {page:?}");
                    assert!(browser.cookie("wiki.test", "__Host-sekisho").is_none(), "{row}");
                }
            }
        }
    }
    // Without any it is the same for every user who is not selected, and for the selected the page says what is missing.
    for (setting, expected) in [(Required, "<code>certificate_missing</code>"), (Accepted, "GET /\n"), (Refused, "GET /\n")] {
        core.groups().require_certificates(&staff, false).await.unwrap();
        set(&world, &alice.user, setting).await;
        let page = world.browser().sign_in(&world.url("wiki", "/"), &alice).await;
        assert!(page.body.contains(expected), "{setting:?}: {page:?}");
    }
}

#[tokio::test]
async fn in_a_running_deployment_nobody_is_signed_out_who_should_not_be_r_238_r_244_r_245_r_246_r_248() {
    let world = world().await;
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    let (mut hers, mut his) = (world.browser(), world.browser());
    for (browser, person) in [(&mut hers, &alice), (&mut his, &bob)] {
        assert_eq!(browser.sign_in(&world.url("wiki", "/"), person).await.status, 200);
    }
    // 1: issued, while nobody is selected. Nothing changes for anybody.
    let (_, device) = issue(&world, Holder::User(alice.user.clone())).await;
    assert_eq!((look(&world, &mut hers).await.status, look(&world, &mut his).await.status), (200, 200));
    assert!(results(&world, &alice.user).await.is_empty());
    // 3: installed. Her session goes on, and it is seen that she has shown a good one.
    let mut hers = hers.with_certificate_of(&device);
    let before = hers.cookie("wiki.test", "__Host-sekisho").unwrap().to_owned();
    assert_eq!(look(&world, &mut hers).await.status, 200);
    assert_eq!(results(&world, &alice.user).await, [(CertificateOutcome::Passed, String::new())]);
    assert!(results(&world, &bob.user).await.is_empty(), "nothing is demanded of him, so nothing is held against him");
    // 2: she is selected. 4: she goes on in the very session that she had.
    set(&world, &alice.user, Required).await;
    assert_eq!(look(&world, &mut hers).await.status, 200);
    assert_eq!(hers.cookie("wiki.test", "__Host-sekisho"), Some(before.as_str()));
    // He has shown none: selected too early he is shut out at the next request, and what he has open is closed.
    let open = socket(&his, &world).await;
    set(&world, &bob.user, Required).await;
    closes(open).await;
    refused(&look(&world, &mut his).await, "certificate_missing");
    assert_eq!(results(&world, &bob.user).await, [(CertificateOutcome::Refused, "certificate_missing".to_owned())]);
    // Taken back he goes on, without signing in again.
    set(&world, &bob.user, Accepted).await;
    assert_eq!(look(&world, &mut his).await.status, 200);
    set(&world, &bob.user, Required).await;
    let mut swapped = his.clone().with_certificate_of(&hers);
    refused(&look(&world, &mut swapped).await, "certificate_of_another_user");
    let (_, device) = issue(&world, Holder::User(bob.user.clone())).await;
    let mut his = his.with_certificate_of(&device);
    assert_eq!(look(&world, &mut his).await.status, 200, "and with one of his own as well");
}

#[tokio::test]
async fn a_session_from_before_is_bound_to_the_first_certificate_that_passes_and_stays_so_a_28() {
    let world = world().await;
    let alice = world.person("alice").await;
    let mut browser = world.browser();
    assert_eq!(browser.sign_in(&world.url("wiki", "/"), &alice).await.status, 200);
    let (_, first) = issue(&world, Holder::User(alice.user.clone())).await;
    let (_, second) = issue(&world, Holder::User(alice.user.clone())).await;
    let (mut first, mut second) = (browser.clone().with_certificate_of(&first), browser.clone().with_certificate_of(&second));
    // As long as none is demanded of her either will do, and neither binds.
    for browser in [&mut second, &mut first] {
        assert_eq!(look(&world, browser).await.status, 200);
    }
    assert_eq!(look(&world, &mut second).await.status, 200);
    set(&world, &alice.user, Required).await;
    assert_eq!(look(&world, &mut first).await.status, 200);
    refused(&look(&world, &mut second).await, "certificate_changed");
    refused(&look(&world, &mut browser).await, "certificate_missing");
    let world = world.restart().await;
    assert_eq!(look(&world, &mut first).await.status, 200);
    refused(&look(&world, &mut second).await, "certificate_changed");
    // Where it is not demanded of her any more the session goes on by its cookie alone, and the app knows who she is.
    set(&world, &alice.user, Accepted).await;
    for browser in [&mut first, &mut second, &mut browser] {
        assert_eq!(look(&world, browser).await.status, 200);
        assert_eq!(world.upstream.last().all("remote-user"), ["alice"]);
    }
}

#[tokio::test]
async fn a_group_selects_its_members_also_those_who_join_and_a_refused_one_is_shut_out_r_230() {
    let world = world().await;
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    let core = world.server.core();
    let staff = GroupName::parse("staff").unwrap();
    core.groups().add(staff.clone(), None).await.unwrap();
    core.users().set_groups(&alice.user, vec![staff.clone()]).await.unwrap();
    let (mut hers, mut his) = (world.browser(), world.browser());
    for (browser, person) in [(&mut hers, &alice), (&mut his, &bob)] {
        assert_eq!(browser.sign_in(&world.url("wiki", "/"), person).await.status, 200);
    }
    core.groups().require_certificates(&staff, true).await.unwrap();
    refused(&look(&world, &mut hers).await, "certificate_missing");
    assert_eq!(look(&world, &mut his).await.status, 200);
    core.users().set_groups(&bob.user, vec![staff.clone()]).await.unwrap();
    refused(&look(&world, &mut his).await, "certificate_missing");
    let (_, device) = issue(&world, Holder::User(alice.user.clone())).await;
    let mut hers = hers.with_certificate_of(&device);
    assert_eq!(look(&world, &mut hers).await.status, 200);
    set(&world, &bob.user, Refused).await;
    let (_, device) = issue(&world, Holder::User(bob.user.clone())).await;
    let mut his = his.with_certificate_of(&device);
    refused(&look(&world, &mut his).await, "certificate_switch_off");
    // By what another process wrote it is the same.
    core.groups().refresh().await.unwrap();
    core.users().refresh().await.unwrap();
    refused(&look(&world, &mut his).await, "certificate_switch_off");
    core.remove_group(&staff).await.unwrap();
    assert_eq!(look(&world, &mut his).await.status, 200, "nothing is demanded of him any more");
}

#[tokio::test]
async fn who_is_not_selected_signs_in_on_the_device_of_somebody_who_is_and_with_one_that_ended_r_245() {
    let world = world().await;
    let (alice, bob) = (world.person("alice").await, world.person("bob").await);
    set(&world, &alice.user, Required).await;
    let (which, device) = issue(&world, Holder::User(alice.user.clone())).await;
    let mut browser = world.browser().with_certificate_of(&device);
    assert_eq!(browser.sign_in(&world.url("wiki", "/"), &bob).await.status, 200);
    let until = Timestamp::from_millis(world.clock.now().millis() - 1);
    world.server.core().certificates().set_dates(which, (None, Some(until))).await.unwrap();
    assert_eq!(look(&world, &mut browser).await.status, 200);
    let mut browser = world.browser().with_certificate_of(&device);
    assert_eq!(browser.sign_in(&world.url("wiki", "/"), &bob).await.status, 200);
}

#[tokio::test]
async fn a_session_is_bound_to_its_certificate_where_an_addition_asks_for_the_sign_in() {
    let demands = "[app.demands.client_certificate]\ntrust = [\"world\"]\n[app.demands.primary_factor]\nmode = \"off\"\n";
    let more = "[[addition]]\ngroup = \"staff\"\napps = [\"wiki\"]\ndemands.primary_factor = {}\n";
    let world = World::with(&[("wiki", demands)], more).await;
    let core = world.server.core();
    core.authority().create("World").await.unwrap();
    core.publish_authority().await;
    trust(&world);
    let alice = world.person("alice").await;
    let staff = GroupName::parse("staff").unwrap();
    core.groups().add(staff.clone(), None).await.unwrap();
    core.users().set_groups(&alice.user, vec![staff]).await.unwrap();
    let (_, first) = issue(&world, Holder::User(alice.user.clone())).await;
    let (_, second) = issue(&world, Holder::User(alice.user.clone())).await;
    let mut browser = world.browser().with_certificate_of(&first);
    assert_eq!(browser.sign_in(&world.url("wiki", "/"), &alice).await.status, 200);
    assert_eq!(look(&world, &mut browser).await.status, 200);
    let mut other = browser.clone().with_certificate_of(&second);
    refused(&look(&world, &mut other).await, "certificate_changed");
    assert_eq!(look(&world, &mut browser).await.status, 200);
}
