//! Linking an account with a person at a provider from the account page, and taking that away.

use std::collections::HashMap;
use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::World;
use crate::portal::testing::{Answer, Browser, PASSWORD};
use crate::principal::method::{Method, Methods};
use crate::principal::user::UserId;

impl World {
    /// To the provider, to link: the parameters of the request there.
    async fn links(&self, browser: &mut Browser) -> HashMap<String, String> {
        let page = browser.post("/sign-in/idp/link", &[("provider", "corp")]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let url = url::Url::parse(&page.location().replace("&#38;", "&")).unwrap();
        assert!(url.as_str().starts_with(&self.provider.issuer()), "{url}");
        url.query_pairs().into_owned().collect()
    }

    /// Back as this person.
    async fn back_as(&self, browser: &mut Browser, request: &HashMap<String, String>, subject: &str) -> Answer {
        let mut claims = self.claims(request);
        claims["sub"] = json!(subject);
        self.back(browser, request, &claims).await
    }

    async fn subjects(&self, user: &str) -> Vec<String> {
        let links = self.gate.at.core.idp().links().of_user(&UserId::parse(user).unwrap()).await.unwrap();
        links.into_iter().map(|link| link.subject).collect()
    }

    async fn mails(&self) -> Vec<String> {
        self.gate.at.core.outbox().list().await.unwrap().into_iter().map(|message| message.subject).collect()
    }
}

#[tokio::test]
async fn a_person_links_an_account_there_in_the_session_that_began_it_t36() {
    let world = World::with("").await;
    world.gate.at.core.users().change(world.gate.alice.id(), mail("alice@example.com")).await.unwrap();
    let mut browser = world.gate.signed_in().await;
    let request = world.links(&mut browser).await;
    assert_eq!(request["prompt"], "login", "another person who is signed in there must not be linked by mistake");
    let done = world.back_as(&mut browser, &request, "second").await;
    assert_eq!(done.location(), "/account/identities?done=identity-linked", "{}", done.body);
    assert_eq!(world.subjects("alice").await, ["alice-there", "second"]);
    assert!(world.mails().await.iter().any(|subject| subject.contains("linked")), "{:?}", world.mails().await);
    let page = browser.get("/account/identities?done=identity-linked").await;
    assert!(page.body.contains("The account is linked.") && page.body.matches("/account/identities/remove").count() == 2);
    // The same once more, and the same state once more.
    let request = world.links(&mut browser).await;
    let again = world.back_as(&mut browser, &request, "second").await;
    assert_eq!(again.location(), "/account/identities?done=identity-linked-already", "{}", again.body);
    let replayed = world.back_as(&mut browser, &request, "third").await;
    assert_eq!(replayed.location(), "/sign-in?for=%2Faccount%2Fidentities", "{}", replayed.body);
    assert_eq!(world.subjects("alice").await.len(), 2);
}

#[tokio::test]
async fn what_comes_back_links_nobody_elsewhere_later_or_as_somebody_elses_person() {
    let world = World::with("").await;
    let bob = world.gate.at.user("bob").await;
    world.gate.at.core.idp().links().add(bob.id(), "corp", &world.provider.issuer(), "bob-there", None).await.unwrap().unwrap();
    let (mut browser, mut nobody) = (world.gate.signed_in().await, world.gate.browser());
    // Another user's person.
    let request = world.links(&mut browser).await;
    let taken = world.back_as(&mut browser, &request, "bob-there").await;
    assert!(taken.status == StatusCode::FORBIDDEN && taken.body.contains("idp_linked_elsewhere"), "{}", taken.body);
    // Another browser, with or without a session of the same user.
    let request = world.links(&mut browser).await;
    nobody.get("/sign-in").await;
    let mut other = world.gate.signed_in().await;
    for stranger in [&mut nobody, &mut other] {
        let answer = world.back_as(stranger, &request, "second").await;
        assert!(answer.body.contains("idp_another_browser"), "{}", answer.body);
    }
    // The same browser in a later session.
    world.gate.at.core.sessions().revoke_user(world.gate.alice.id(), None).await.unwrap();
    let signed_out = world.back_as(&mut browser, &request, "second").await;
    assert!(signed_out.location().starts_with("/sign-in?for="), "{}", signed_out.body);
    browser.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    browser.post("/sign-in/otp", &[("method", "totp"), ("code", &world.gate.code())]).await;
    assert_eq!(browser.get("/sign-in").await.location(), "/");
    let later = world.back_as(&mut browser, &request, "second").await;
    assert!(later.body.contains("idp_over"), "{}", later.body);
    // A sign-in that is not fresh any more.
    let request = world.links(&mut browser).await;
    world.gate.at.clock.advance(Duration::from_secs(11 * 60));
    let old = world.back_as(&mut browser, &request, "second").await;
    assert!(old.status == StatusCode::FORBIDDEN && old.body.contains("/sign-in?for=%2Faccount%2Fidentities"), "{}", old.body);
    assert_eq!(world.subjects("alice").await, ["alice-there"]);
    assert_eq!(world.provider.asked("/token"), 1, "only the code of the other user's person was redeemed");
}

#[tokio::test]
async fn a_link_is_begun_by_our_own_form_after_a_second_factor_and_only_where_it_opens_something() {
    let world = World::with("").await;
    let mut browser = world.gate.signed_in().await;
    assert_eq!(browser.get("/sign-in/idp/link?provider=corp").await.status, StatusCode::METHOD_NOT_ALLOWED);
    let foreign = browser.post_with("/sign-in/idp/link", &[("provider", "corp")], &[("origin", "https://evil.example")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert_eq!(browser.post("/sign-in/idp/link", &[("provider", "other")]).await.status, StatusCode::NOT_FOUND);
    world.gate.at.core.assign(world.gate.alice.id(), Methods::of(&[Method::Password])).await.unwrap();
    let mut browser = world.gate.signed_in().await;
    assert!(browser.get("/account/identities").await.body.contains("does not use a company sign-in"));
    assert_eq!(browser.post("/sign-in/idp/link", &[("provider", "corp")]).await.status, StatusCode::NOT_FOUND);
    // A password alone changes no factor.
    let world = World::with("[portal.demands]\notp = { mode = \"off\" }").await;
    world.gate.at.core.totps().remove(world.gate.alice.id()).await.unwrap();
    let mut weak = world.gate.browser();
    weak.post("/sign-in/password", &[("user", "alice"), ("password", PASSWORD)]).await;
    assert_eq!(weak.get("/sign-in").await.location(), "/");
    let id = world.gate.at.core.idp().links().of_user(world.gate.alice.id()).await.unwrap()[0].id.text();
    for (path, field) in [("/sign-in/idp/link", ("provider", "corp")), ("/account/identities/remove", ("id", &*id))] {
        assert_eq!(weak.post(path, &[field]).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(world.subjects("alice").await, ["alice-there"]);
}

#[tokio::test]
async fn a_removed_link_ends_what_it_opened_and_the_last_way_to_sign_in_stays() {
    let world = World::with("groups = { same_names = true }").await;
    let core = &world.gate.at.core;
    let sales = crate::principal::user::GroupName::parse("sales").unwrap();
    core.groups().add(sales.clone(), None).await.unwrap();
    core.users().change(world.gate.alice.id(), mail("alice@example.com")).await.unwrap();
    let mut there = world.gate.browser();
    let (departure, _) = world.gate.departure("crm", "/").await;
    let request = world.there(&mut there, &departure).await;
    let mut claims = world.claims(&request);
    claims["groups"] = json!(["sales"]);
    let back = world.back(&mut there, &request, &claims).await;
    there.get(back.location()).await;
    assert!(core.users().find(world.gate.alice.id()).unwrap().standing().is_in(&sales));
    let mut here = world.gate.signed_in().await;
    assert_eq!(world.sessions(), 2);
    let id = core.idp().links().of_user(world.gate.alice.id()).await.unwrap()[0].id.text();
    // Without a password there is no other way: the page says so, and everything stays.
    core.passwords().remove(world.gate.alice.id()).await.unwrap();
    let refused = here.post("/account/identities/remove", &[("id", &id)]).await;
    assert!(refused.status == StatusCode::FORBIDDEN && refused.body.contains("last way to sign in"), "{}", refused.body);
    assert_eq!((world.subjects("alice").await.len(), world.sessions()), (1, 2));
    core.passwords().set(world.gate.alice.id(), PASSWORD.into()).await.unwrap();
    let done = here.post("/account/identities/remove", &[("id", &id)]).await;
    assert_eq!(done.location(), "/account/identities?done=identity-unlinked", "{}", done.body);
    assert_eq!((world.subjects("alice").await.len(), world.sessions()), (0, 1), "the session that it opened has ended");
    assert_eq!(here.get("/account").await.status, StatusCode::OK);
    assert!(!core.users().find(world.gate.alice.id()).unwrap().standing().is_in(&sales), "what it gave is taken back");
    assert!(world.mails().await.iter().any(|subject| subject.contains("removed")));
    assert_eq!(here.post("/account/identities/remove", &[("id", &id)]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn of_two_links_that_are_removed_at_once_one_stays_and_a_group_of_both_goes_with_the_last() {
    let world = World::with("groups = { same_names = true }").await;
    let core = &world.gate.at.core;
    let alice = world.gate.alice.id();
    let sales = crate::principal::user::GroupName::parse("sales").unwrap();
    core.groups().add(sales.clone(), None).await.unwrap();
    core.users().set_groups(alice, vec![sales.clone()]).await.unwrap();
    let links = core.idp().links();
    links.add(alice, "corp", &world.provider.issuer(), "second", None).await.unwrap().unwrap();
    let both = links.of_user(alice).await.unwrap();
    for link in &both {
        links.gave(link.id, std::slice::from_ref(&sales)).await.unwrap();
    }
    let [one, other] = [both[0].id.text(), both[1].id.text()];
    let (mut here, mut there) = (world.gate.signed_in().await, world.gate.signed_in().await);
    core.passwords().remove(alice).await.unwrap();
    let fields = ([("id", &*one)], [("id", &*other)]);
    let (first, second) =
        tokio::join!(here.post("/account/identities/remove", &fields.0), there.post("/account/identities/remove", &fields.1));
    let mut said = [first.status, second.status];
    said.sort();
    assert_eq!(said, [StatusCode::SEE_OTHER, StatusCode::FORBIDDEN], "{} {}", first.body, second.body);
    assert_eq!(world.subjects("alice").await.len(), 1, "the last way to sign in stays");
    // An administrator may take both, at once as well.
    links.add(alice, "corp", &world.provider.issuer(), "third", None).await.unwrap().unwrap();
    let both = links.of_user(alice).await.unwrap();
    for link in &both {
        links.gave(link.id, std::slice::from_ref(&sales)).await.unwrap();
    }
    let remove = async |id| core.unlink(&links.turn().await, alice, id, None).await;
    let removed = tokio::join!(remove(both[0].id), remove(both[1].id));
    assert!(removed.0.unwrap() && removed.1.unwrap());
    assert!(!core.users().find(alice).unwrap().standing().is_in(&sales), "nobody gives the group any more");
}

#[tokio::test]
async fn a_link_that_was_removed_is_not_made_again_by_a_mail_address_t30() {
    let world = World::with("mail_domains = [\"example.com\"]\ntrust_email = true\nlink = \"verified_mail\"").await;
    let core = &world.gate.at.core;
    let (alice, links) = (world.gate.alice.id(), core.idp().links());
    core.users().change(alice, mail("a@example.com")).await.unwrap();
    let comes = async || {
        let mut browser = world.gate.browser();
        let (departure, _) = world.gate.departure("crm", "/deals").await;
        let request = world.there(&mut browser, &departure).await;
        world.back_as(&mut browser, &request, "by-mail").await
    };
    let answer = comes().await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(world.subjects("alice").await.len(), 2);
    let by_mail = links.find(&world.provider.issuer(), "by-mail").await.unwrap().unwrap();
    assert!(core.unlink(&links.turn().await, alice, by_mail.id, None).await.unwrap());
    for _ in 0..2 {
        let answer = comes().await;
        assert!(answer.status == StatusCode::FORBIDDEN && answer.body.contains("idp_link_removed"), "{}", answer.body);
    }
    assert_eq!(world.subjects("alice").await, ["alice-there"]);
    // Made by hand it is a link as any other, and can be removed again.
    links.add(alice, "corp", &world.provider.issuer(), "by-mail", None).await.unwrap().unwrap();
    assert_eq!(comes().await.status, StatusCode::SEE_OTHER);
    assert!(!links.was_removed(alice, &world.provider.issuer(), "by-mail").await.unwrap());
}

fn mail(address: &str) -> crate::account::users::ProfileChange {
    let email = Some(Some(address.to_owned()));
    crate::account::users::ProfileChange { display_name: None, email, language: None }
}
