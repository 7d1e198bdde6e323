//! What a thousand held requests of a mebibyte cost: memory stays within `limits.transaction_memory`, the rest lies sealed on
//! the disk.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::{HeaderMap, Method, Uri};
use sekisho::approval::question::Details;
use sekisho::facts::client_address::ClientAddress;
use sekisho::facts::request_digest::{DigestedHead, RequestDigest};
use sekisho::principal::user::UserId;
use sekisho::random::base64url;
use sekisho::session::SessionId;
use sekisho::transaction::{HeldRequest, HoldOutcome, NewTransaction, Owner};

use crate::allocated::HELD;
use crate::figures;
use crate::gateway::Gateway;

const REQUESTS: usize = 1000;
const SIZE: usize = 1 << 20;

pub(crate) async fn measure() {
    let gateway = Gateway::start().await;
    let user = UserId::parse(&gateway.person("alice").await.user).unwrap();
    let core = gateway.core();
    let policies = core.policies();
    let rule = Arc::clone(policies.app("bank").unwrap().transaction("upload").unwrap());
    let before = HELD.load(Ordering::Relaxed);
    let mut took: Vec<Duration> = Vec::with_capacity(REQUESTS);
    for number in 0..REQUESTS {
        let body = bytes::Bytes::from(vec![u8::try_from(number % 251).unwrap(); SIZE]);
        let started = core.clock().monotonic();
        let mut session = [0; 16];
        session[..8].copy_from_slice(&(number as u64 / 50).to_be_bytes());
        let owner = Owner::Session(SessionId::parse(&base64url(&session)).unwrap());
        let mut receiving = core.transactions().spool.receive(&format!("user {}", number / 50));
        for start in (0..SIZE).step_by(16 * 1024) {
            receiving.push(&body.slice(start..start + 16 * 1024)).await.unwrap();
        }
        let (body, hash) = receiving.finish().await.unwrap();
        let target = format!("/upload?n={number}");
        let headers = HeaderMap::new();
        let head = DigestedHead {
            app: "bank",
            transaction: "upload",
            method: "POST",
            authority: "bank.test",
            target: &target,
            headers: &headers,
            shown: &[],
        };
        let digest = RequestDigest::of(&head, body.len(), &hash);
        let new = NewTransaction {
            rule: Arc::clone(&rule),
            owner,
            user: Some(user.clone()),
            digest,
            details: Details {
                name: "upload".to_owned(),
                title: rule.title.clone(),
                sentence: rule.sentence.clone(),
                requester: None,
                fields: Vec::new(),
                request: Some(digest),
            },
            address: ClientAddress::new(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            agent: "bench".to_owned(),
            authority: "bank.test".to_owned(),
            request: HeldRequest { method: Method::POST, uri: target.parse::<Uri>().unwrap(), headers, body: Arc::new(body) },
        };
        assert!(matches!(core.transaction_engine().hold(new, "request").await.unwrap(), HoldOutcome::New(_)));
        took.push(core.clock().monotonic() - started);
    }
    core.audit().flush().await.unwrap();
    let held = HELD.load(Ordering::Relaxed) - before;
    let (memory, disk) = core.transactions().spool.held();
    let mib = |bytes: u64| bytes as f64 / 1_048_576.0;
    println!(
        "{REQUESTS} held requests of 1 MiB: {:.1} MiB of memory in all, bodies {:.1} MiB in memory and {:.1} MiB sealed on the disk",
        mib(held as u64),
        mib(memory),
        mib(disk),
    );
    assert!(memory <= core.config().file.limits.transaction_memory.0);
    figures::print("taking in and holding one of them", &mut took);
    gateway.server.stop().await.unwrap();
}
