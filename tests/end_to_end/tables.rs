//! The tables of phones through the TLS port: read by what the example of an approver computes, each good once, by the gateway's clock.

use sekisho::clock::Clock as _;
use sekisho::factor::matrix::pattern::CellPattern;
use sekisho::factor::matrix::shape::TableShape;

use crate::examples::approver::TableSeed;
use crate::support::{Phone, World};

const BY_TABLE: &str = "[app.demands.primary_factor]\nmethods = [\"token_matrix\"]\n";
const OWN: [&str; 6] = ["A1", "L4", "C2", "G3", "J1", "E4"];

/// What somebody types who reads the pattern off this table.
fn read_off(table: &[String]) -> String {
    let cell = |name: &str| {
        let column = usize::from(name.as_bytes()[0] - b'A');
        table[name[1..].parse::<usize>().unwrap() - 1].as_bytes()[column]
    };
    OWN.iter().map(|name| char::from(cell(name))).collect()
}

#[tokio::test]
async fn the_table_of_the_example_signs_in_once_r_108() {
    let world = World::with(&[("desk", BY_TABLE)], "").await;
    let alice = world.person("alice").await;
    let core = world.server.core();
    let user = core.users().list().into_iter().find(|user| *user.id() == alice.user).unwrap();
    core.issue_pattern(&user).await.unwrap();
    let initial = core.matrices().state(user.id()).await.unwrap().unwrap().id;
    let own = CellPattern::parse(TableShape::default(), &OWN.join(" ")).unwrap();
    let _nobody_goes_on = core.matrices().set(user.id(), &own, initial).await.unwrap().unwrap();
    let phone = Phone::of(&world, &["alice"]).await;
    let drawn = phone.seed(&world, "alice").await;
    assert_eq!(drawn.status, 201, "{drawn:?}");
    let seed = TableSeed::of(&drawn.json()).unwrap();
    let answer = |seconds: i64| {
        let time = u64::try_from(world.clock.now().seconds() + seconds).unwrap();
        read_off(&seed.table(time))
    };
    let sign_in = async |answer: &str| {
        let mut browser = world.browser();
        let page = browser.get(&world.url("desk", "/page")).await;
        assert!(page.body.contains("action=\"/sign-in/token\"") && !page.body.contains("<table"), "{page:?}");
        browser.fill(&page, "one-time-code", &[("user", "alice"), ("answer", answer)]).await
    };
    // Ten minutes off, in both directions: a wrong answer.
    for off in [-600, 600] {
        let wrong = sign_in(&answer(off)).await;
        assert!(wrong.status == 401 && wrong.body.contains("one-time password is wrong"), "{wrong:?}");
    }
    let now = answer(0);
    let page = sign_in(&now).await;
    assert_eq!((page.status, page.url.as_str()), (200, world.url("desk", "/page").as_str()), "{page:?}");
    let again = sign_in(&now).await;
    assert!(again.status == 401 && again.body.contains("one-time password is wrong"), "{again:?}");
    // A restart forgets no step; half a minute later there is another table.
    let world = world.restart().await;
    let mut browser = world.browser();
    let page = browser.get(&world.url("desk", "/")).await;
    assert_eq!(browser.fill(&page, "one-time-code", &[("user", "alice"), ("answer", &now)]).await.status, 401);
    world.advance(30);
    let next = read_off(&seed.table(u64::try_from(world.clock.now().seconds()).unwrap()));
    assert_eq!(browser.fill(&page, "one-time-code", &[("user", "alice"), ("answer", &next)]).await.status, 200);
    // The phone takes itself out: its tables are worth nothing, and no seed is drawn for it any more.
    assert_eq!(phone.leave(&world, "alice").await.status, 200);
    world.advance(30);
    let gone = read_off(&seed.table(u64::try_from(world.clock.now().seconds()).unwrap()));
    let mut other = world.browser();
    let page = other.get(&world.url("desk", "/")).await;
    assert_eq!(other.fill(&page, "one-time-code", &[("user", "alice"), ("answer", &gone)]).await.status, 401);
    assert_eq!(phone.seed(&world, "alice").await.status, 403);
}
