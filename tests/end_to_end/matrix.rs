//! Patterns through the TLS port: the first sign-in with the pattern of the notice, an own one set in three entries, and the app.

use sekisho::principal::method::Method;
use sekisho::principal::user::UserId;

use crate::support::{Answer, Browser, World};

const BY_PATTERN: &str = "[app.demands.primary_factor]\nmethods = [\"matrix\"]\n";
const OWN: &str = "A1 L4 C2 \"kX\" G3 J1 E4";

/// What somebody types who reads a pattern off the table of this page: three blocks of 4 by 4.
fn read(page: &Answer, pattern: &str) -> String {
    let cells = page.body.split("<td class=\"digit").skip(1);
    let digits: Vec<&str> = cells.map(|cell| &cell.split_once("\">").unwrap().1[..1]).collect();
    assert_eq!(digits.len(), 48, "{page:?}");
    let cell = |name: &str| {
        let column = usize::from(name.as_bytes()[0] - b'A');
        digits[(name[1..].parse::<usize>().unwrap() - 1) * 12 + column]
    };
    pattern
        .split(' ')
        .map(|part| part.strip_prefix('"').map_or_else(|| cell(part), |phrase| phrase.trim_end_matches('"')))
        .collect()
}

async fn answer(browser: &mut Browser, page: &Answer, pattern: &str) -> Answer {
    let typed = read(page, pattern);
    browser.fill(page, "one-time-code", &[("user", "alice"), ("answer", &typed)]).await
}

/// The form of an entry has no field that browsers fill in.
async fn enter(browser: &mut Browser, page: &Answer, typed: &str) -> Answer {
    let form = page.body.split("action=\"/sign-in/pattern\"").nth(1).unwrap().split("</form>").next().unwrap();
    let hidden =
        |name: &str| form.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap().to_owned();
    let fields = ["for", "setting", "entry"].map(|name| (name, hidden(name)));
    let mut pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
    pairs.push(("answer", typed));
    let url = page.url.parse::<url::Url>().unwrap().join("/sign-in/pattern").unwrap();
    browser.post(url.as_str(), &pairs).await
}

#[tokio::test]
async fn the_pattern_of_a_notice_leads_to_an_own_one_and_that_to_the_app_r_302_to_r_312() {
    let world = World::with(&[("wiki", BY_PATTERN)], "").await;
    world.person("alice").await;
    let core = world.server.core();
    let alice = core.users().find(&UserId::parse("alice").unwrap()).unwrap();
    let initial = core.issue_pattern(&alice).await.unwrap().pattern.text().to_string();

    let mut browser = world.browser();
    let page = browser.get(&world.url("wiki", "/page")).await;
    let page = answer(&mut browser, &page, &initial).await;
    assert!(page.url.contains("/sign-in/pattern"), "{page:?}");
    // Until an own one is set the app gets nothing.
    let asked = browser.get(&world.url("wiki", "/page")).await;
    assert!(asked.url.contains("/sign-in?for="), "{asked:?}");
    // Refused for what it is, and taken in three entries.
    let mut page = page;
    for _ in 0..3 {
        let typed = read(&page, "A1 B1 C1 D1 E1 F1");
        page = enter(&mut browser, &page, &typed).await;
    }
    assert!(page.status == 422 && page.body.contains("drawn in one stroke"), "{page:?}");
    for _ in 0..3 {
        let typed = read(&page, OWN);
        page = enter(&mut browser, &page, &typed).await;
    }
    assert_eq!((page.status, page.url.as_str()), (200, world.url("wiki", "/page").as_str()), "{page:?}");

    // From now on by the own one, each time off another table; the initial one is worth nothing.
    let mut browsers = [world.browser(), world.browser()];
    let page = browsers[0].get(&world.url("wiki", "/again")).await;
    let again = answer(&mut browsers[0], &page, OWN).await;
    assert_eq!(again.url, world.url("wiki", "/again"), "{again:?}");
    let page = browsers[1].get(&world.url("wiki", "/other")).await;
    let wrong = answer(&mut browsers[1], &page, &initial).await;
    assert!(wrong.status == 401 && wrong.body.contains("one-time password is wrong"), "{wrong:?}");
    let sessions = core.sessions().of_user(alice.id());
    assert!(sessions.iter().all(|session| {
        let evidence = core.sessions().by_id(session.id()).unwrap().evidence();
        evidence.of(sekisho::chain::Check::PrimaryFactor).unwrap().method() == Method::Matrix
    }));
    assert_eq!(sessions.len(), 2);
}
