//! Bytes that 10,000 pending approvals and 100,000 open login forms hold.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::Ordering;

use sekisho::approval::question::Purpose;
use sekisho::approval::{Ask, RequesterClass};
use sekisho::facts::client_address::ClientAddress;
use sekisho::principal::number_style::NumberStyle;
use sekisho::principal::user::UserId;

use crate::allocated::HELD;
use crate::gateway::Gateway;

const APPROVALS: usize = 10_000;
const FORMS: usize = 100_000;

pub(crate) async fn measure() {
    let gateway = Gateway::start().await;
    let mut users = Vec::with_capacity(APPROVALS);
    for number in 0..APPROVALS {
        users.push(UserId::parse(&gateway.person(&format!("user{number}")).await.user).unwrap());
    }
    let core = gateway.core();
    let portal = gateway.portal();
    let address = ClientAddress::new(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 7)));
    let ask = async |user: &UserId| {
        let asker = format!("asker of {user}");
        let ask = Ask {
            purpose: Purpose::SignIn,
            user,
            asker: &asker,
            browser: "Firefox, Linux",
            address,
            app: Some("Calendar"),
            portal: &portal,
            requester: RequesterClass::Anonymous,
            number: Some(NumberStyle::Choose),
            by_passkey: false,
            anybody: true,
            request_id: "request",
            matter: None,
        };
        core.approvals().ask(ask).await.unwrap();
    };
    // What is made once, at the first of them, is not counted.
    ask(&users[0]).await;
    core.audit().flush().await.unwrap();
    let before = HELD.load(Ordering::Relaxed);
    for user in &users[1..] {
        ask(user).await;
    }
    core.audit().flush().await.unwrap();
    let held = HELD.load(Ordering::Relaxed) - before;
    assert_eq!(core.approvals().open().await.unwrap().len(), APPROVALS);
    println!("{APPROVALS} pending approvals: {:.1} MiB, {} bytes each", held as f64 / 1_048_576.0, held / (APPROVALS - 1));

    let policies = core.policies();
    let shut = policies.app("shut").unwrap();
    let service = shut.own().protecting(None).next().unwrap().clone();
    let names: Vec<UserId> = (0..FORMS).map(|number| UserId::parse(&format!("user{number}")).unwrap()).collect();
    core.login_protect().open(&names[0], &service).await.unwrap();
    let before = HELD.load(Ordering::Relaxed);
    for name in &names[1..] {
        core.login_protect().open(name, &service).await.unwrap();
    }
    let held = HELD.load(Ordering::Relaxed) - before;
    println!("{FORMS} open login forms: {:.1} MiB, {} bytes each", held as f64 / 1_048_576.0, held / (FORMS - 1));
    gateway.server.stop().await.unwrap();
}
