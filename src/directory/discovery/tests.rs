//! Rules of servers that DNS names, against a DNS server of the tests on loopback.

use std::net::Ipv4Addr;

use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::{A, SRV};
use hickory_resolver::proto::rr::{Name, RData, Record};
use tokio::net::UdpSocket;
use tokio_util::task::TaskTracker;

use super::*;
use crate::clock::{ManualClock, Timestamp};
use crate::config::schema::DirectorySection;
use crate::random::OsRandom;

const RECORD: &str = "_ldap._tcp.corp.test.";

/// What the DNS server knows: targets with priority and weight; `None` is a server that fails.
type Zone = Arc<Mutex<Option<Vec<(u16, u16, &'static str)>>>>;

struct World {
    port: u16,
    zone: Zone,
    asked: Arc<Mutex<usize>>,
    clock: Arc<ManualClock>,
    discovery: Discovery,
    _tasks: TaskTracker,
}

impl World {
    async fn of(zone: &[(u16, u16, &'static str)]) -> Self {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).await.unwrap();
        let port = socket.local_addr().unwrap().port();
        let (zone, asked): (Zone, Arc<Mutex<usize>>) = (Arc::new(Mutex::new(Some(zone.to_vec()))), Arc::default());
        let tasks = TaskTracker::new();
        drop(tasks.spawn(serve(socket, Arc::clone(&zone), Arc::clone(&asked))));
        let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
        Self { port, zone, asked, clock, discovery: discovery(port), _tasks: tasks }
    }

    async fn hosts(&self) -> Result<Vec<String>, String> {
        let clock: SharedClock = self.clock.clone();
        let found = self.discovery.servers("corp", &clock).await.map_err(|error| error.to_string())?;
        Ok(found.iter().map(|server| server.url.host_str().unwrap().to_owned()).collect())
    }
}

fn discovery(port: u16) -> Discovery {
    let text = format!("kind = \"openldap\"\nbase = \"dc=corp\"\nsrv = \"corp.test\"\ndns = [\"127.0.0.1:{port}\"]");
    let section: DirectorySection = toml::from_str(&text).unwrap();
    Discovery::new(SrvRecord::of(&section).unwrap(), Duration::from_secs(3), Arc::new(OsRandom::new()))
}

async fn serve(socket: UdpSocket, zone: Zone, asked: Arc<Mutex<usize>>) {
    let mut buffer = [0; 1500];
    loop {
        let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
        let request = Message::from_vec(&buffer[..length]).unwrap();
        let query = request.queries[0].clone();
        let mut answer = Message::response(request.metadata.id, OpCode::Query);
        answer.add_query(query.clone());
        let name = query.name().to_ascii().to_lowercase();
        match &*zone.lock() {
            None => answer.metadata.response_code = ResponseCode::ServFail,
            Some(targets) if name == RECORD => {
                *asked.lock() += 1;
                for (priority, weight, target) in targets {
                    let srv = SRV::new(*priority, *weight, 389, Name::from_ascii(target).unwrap());
                    answer.add_answer(Record::from_rdata(query.name().clone(), 60, RData::SRV(srv)));
                }
            }
            Some(_) if query.query_type().to_string() == "A" && name.starts_with("dc") => {
                answer.add_answer(Record::from_rdata(query.name().clone(), 300, RData::A(A(Ipv4Addr::LOCALHOST))));
            }
            Some(_) => answer.metadata.response_code = ResponseCode::NXDomain,
        }
        socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
    }
}

#[tokio::test]
async fn servers_come_in_the_order_of_priorities_and_are_looked_up_again_when_the_answer_is_over() {
    let world = World::of(&[(20, 0, "dc2.corp.test."), (10, 5, "DC1.corp.test.")]).await;
    assert_eq!(world.hosts().await.unwrap(), ["dc1.corp.test", "dc2.corp.test"]);
    *world.zone.lock() = Some(vec![(0, 0, "dc3.corp.test.")]);
    world.clock.advance(Duration::from_secs(59));
    assert_eq!(world.hosts().await.unwrap(), ["dc1.corp.test", "dc2.corp.test"], "the answer counts 60 s");
    assert_eq!(*world.asked.lock(), 1);
    world.clock.advance(Duration::from_secs(1));
    assert_eq!(world.hosts().await.unwrap(), ["dc3.corp.test"]);
}

#[tokio::test]
async fn a_dns_that_fails_keeps_the_last_servers_and_is_asked_again() {
    let world = World::of(&[(0, 0, "dc1.corp.test.")]).await;
    assert_eq!(world.hosts().await.unwrap(), ["dc1.corp.test"]);
    world.clock.advance(Duration::from_secs(60));
    for broken in [None, Some(Vec::new())] {
        *world.zone.lock() = broken;
        assert_eq!(world.hosts().await.unwrap(), ["dc1.corp.test"]);
        world.clock.advance(AGAIN);
    }
    *world.zone.lock() = Some(vec![(0, 0, "dc2.corp.test.")]);
    assert_eq!(world.hosts().await.unwrap(), ["dc2.corp.test"]);
}

#[tokio::test]
async fn a_domain_that_offers_no_such_service_has_answered_rfc_2782() {
    let world = World::of(&[(0, 0, "dc1.corp.test.")]).await;
    assert_eq!(world.hosts().await.unwrap(), ["dc1.corp.test"]);
    *world.zone.lock() = Some(vec![(0, 0, ".")]);
    world.clock.advance(Duration::from_secs(60));
    let clock: SharedClock = world.clock.clone();
    let error = world.discovery.servers("corp", &clock).await.err().unwrap();
    assert!(
        matches!(&error, DirectoryError::Misconfigured(why) if why.contains("_ldap._tcp.corp.test") && why.contains("`urls`")),
        "{error}"
    );
    assert!(world.discovery.known().is_empty(), "the servers of before are asked no more");
    // It counts as long as it says: DNS is not asked every few seconds, as it is where it fails.
    *world.zone.lock() = Some(vec![(0, 0, "dc2.corp.test.")]);
    world.clock.advance(AGAIN * 2);
    assert!(world.hosts().await.is_err());
    assert_eq!(*world.asked.lock(), 2);
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(world.hosts().await.unwrap(), ["dc2.corp.test"]);
    // Beside a server it is a mistake, and the server counts.
    *world.zone.lock() = Some(vec![(0, 0, "."), (5, 0, "dc1.corp.test.")]);
    world.clock.advance(Duration::from_secs(60));
    assert_eq!(world.hosts().await.unwrap(), ["dc1.corp.test"]);
}

#[tokio::test]
async fn a_reload_keeps_the_servers_of_the_same_record() {
    let mut world = World::of(&[(0, 0, "dc1.corp.test.")]).await;
    world.hosts().await.unwrap();
    *world.zone.lock() = None;
    let mut after = discovery(world.port);
    after.follow(&world.discovery);
    world.discovery = after;
    assert_eq!(world.hosts().await.unwrap(), ["dc1.corp.test"]);
    world.discovery = discovery(world.port);
    assert!(world.hosts().await.unwrap_err().contains("does not answer"), "nothing is known at a start");
}

#[tokio::test]
async fn a_server_outside_of_the_domain_gets_no_password_and_what_is_wrong_is_said() {
    let world = World::of(&[(0, 0, "dc1.corp.test.attacker.test."), (1, 0, "dc1.evilcorp.test.")]).await;
    let why = world.hosts().await.unwrap_err();
    assert!(why.contains("dc1.evilcorp.test is not below corp.test"), "{why}");
    *world.zone.lock() = Some(vec![(0, 0, "dc1.attacker.test."), (1, 0, "dc1.corp.test."), (2, 0, "gone.corp.test.")]);
    world.clock.advance(AGAIN);
    assert_eq!(world.hosts().await.unwrap(), ["dc1.corp.test"], "and one without an address");
    let nobody = World::of(&[]).await;
    *nobody.zone.lock() = Some(Vec::new());
    let why = nobody.hosts().await.unwrap_err();
    assert!(why.contains("_ldap._tcp.corp.test") && why.contains("`urls`"), "{why}");
}

#[tokio::test]
async fn a_server_that_is_in_two_answers_is_one_with_its_rest() {
    let world = World::of(&[(0, 0, "dc1.corp.test.")]).await;
    let clock: SharedClock = world.clock.clone();
    let before = world.discovery.servers("corp", &clock).await.unwrap();
    *world.zone.lock() = Some(vec![(5, 5, "dc1.corp.test."), (0, 0, "dc2.corp.test.")]);
    world.clock.advance(Duration::from_secs(60));
    let after = world.discovery.servers("corp", &clock).await.unwrap();
    assert_eq!(after.len(), 2);
    assert!(Arc::ptr_eq(&before[0], &after[1]));
}

#[test]
fn among_equals_the_next_one_is_drawn_by_weight_rfc_2782() {
    let ranked = || vec![(1, 30, "b"), (0, 0, "zero"), (0, 75, "heavy"), (0, 25, "light"), (1, 0, "a")];
    let mut firsts = std::collections::BTreeMap::new();
    for number in 0..=100 {
        let mut drawn = 0;
        let order = in_order(ranked(), |most| {
            drawn += 1;
            if drawn == 1 {
                assert_eq!(most, 100);
                number
            } else {
                most
            }
        });
        assert_eq!(order.len(), 5);
        assert_eq!(order[3..], ["b", "a"], "the higher priority number comes last");
        *firsts.entry(order[0]).or_insert(0) += 1;
    }
    assert_eq!(firsts, [("heavy", 75), ("light", 25), ("zero", 1)].into());
}
