//! What client certificates cost: issuing one, on the worker and beside it; a page of a register of 100,000 and of 1,000,000
//! sightings; registering 10,000, in time and memory. `cargo bench --bench certificates`, with `--profile dev` for a debug build;
//! a number behind it divides all of these: `-- 100`.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark ends with the line it stands on, and prints what it measured"
)]

#[path = "support/allocated.rs"]
mod allocated;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use sekisho::account::users::Users;
use sekisho::certificate::bundles::Bundles;
use sekisho::certificate::container::ContainerEncryption;
use sekisho::certificate::order::{CertificateName, CertificateOrder};
use sekisho::certificate::register::ClientCertificates;
use sekisho::certificate::search::CertificateSearch;
use sekisho::certificate::sighting::SightingQuery;
use sekisho::certificate::withdrawn::WithdrawnKeys;
use sekisho::clock::{Clock, SharedClock, SystemClock, Timestamp};
use sekisho::principal::certificate::{Fingerprint, Holder};
use sekisho::principal::user::UserId;
use sekisho::random::OsRandom;
use sekisho::store::database::Database;

use self::allocated::HELD;

/// Lines of a page.
const PAGE: usize = 51;

fn main() {
    let divided: usize = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(1).max(1);
    issue();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        lists(100_000 / divided, 1_000_000 / divided).await;
        register(10_000 / divided).await;
    });
}

/// Processor time of this thread, nanoseconds.
fn of_thread() -> u64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split_whitespace().next().unwrap().parse().unwrap()
}

fn issue() {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Example issuing 2026");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    let key = KeyPair::generate().unwrap();
    let certificate = params.self_signed(&key).unwrap();
    let chain = [certificate.der().clone()];
    let issuer = Issuer::new(params, key);
    for encryption in [ContainerEncryption::Modern, ContainerEncryption::OlderDevices] {
        let began = of_thread();
        for _ in 0..20 {
            let order = CertificateOrder {
                name: CertificateName::parse("phone").unwrap(),
                organisation: "Example".to_owned(),
                from: Timestamp::from_seconds(1_800_000_000),
                until: Timestamp::from_seconds(1_830_000_000),
                list_url: "https://auth.example.com/.well-known/sekisho/issuing.crl".to_owned(),
            };
            order.with_key(&issuer, &chain, encryption, &OsRandom::new()).unwrap();
        }
        let millis = Duration::from_nanos((of_thread() - began) / 20).as_secs_f64() * 1000.0;
        println!("issuing a certificate ({encryption:?}): {millis:.1} ms of processor time, on a thread beside the workers");
    }
}

async fn open(folder: &Path) -> (Database, SharedClock) {
    (Database::open(&folder.join("sekisho.db")).await.unwrap(), Arc::new(SystemClock::new()))
}

async fn loaded(database: &Database, clock: &SharedClock) -> ClientCertificates {
    let users = Arc::new(Users::load(database.clone(), clock.clone()).await.unwrap());
    ClientCertificates::load(database.clone(), users, Bundles::default(), WithdrawnKeys::default(), clock.clone()).await.unwrap()
}

/// The fingerprint of a number: spread over all, as a hash is.
fn fingerprint(number: usize) -> Fingerprint {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &number.to_le_bytes());
    Fingerprint(digest.as_ref().try_into().unwrap())
}

/// The longest of ten times, and the middle one, in milliseconds.
async fn timed<T>(what: &str, mut ask: impl AsyncFnMut(usize) -> T) {
    let (clock, mut times) = (SystemClock::new(), Vec::new());
    for turn in 0..10 {
        let began = clock.monotonic();
        ask(turn).await;
        times.push((clock.monotonic() - began).as_secs_f64() * 1000.0);
    }
    times.sort_by(f64::total_cmp);
    println!("{what}: {:.1} ms, at most {:.1} ms", times[5], times[9]);
}

async fn lists(certificates: usize, sightings: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (database, clock) = open(folder.path()).await;
    let (people, now) = ((certificates / 10).max(1), clock.now().millis());
    let mut transaction = database.begin().await.unwrap();
    for n in 0..people {
        let sql = "INSERT INTO users (name, enabled, assigned, certificates, session_epoch, created_at, changed_at) \
                   VALUES ($1, 1, 'any', 'accepted', 0, $2, $2)";
        transaction.execute(sql, &[format!("user{n}").into(), now.into()]).await.unwrap();
    }
    for n in 0..certificates {
        let sql = "INSERT INTO certificates (fingerprint, holder_kind, holder_user, label, enabled, added_at) \
                   VALUES ($1, 'user', $2, 'phone', 1, $3)";
        let row = [fingerprint(n).text().into(), format!("user{}", n % people).into(), now.into()];
        transaction.execute(sql, &row).await.unwrap();
    }
    for n in 0..sightings {
        let sql = "INSERT INTO certificate_sightings (fingerprint, user_name, subject, issuer, serial, not_after, address, first_seen, \
                   last_seen) VALUES ($1, $2, 'CN=phone', 'CN=Example issuing 2026', '4f8c120a', $3, '192.0.2.7', $3, $3)";
        let at = now - i64::try_from(n / 20).unwrap() * 1000;
        let row =
            [fingerprint(n % certificates).text().into(), format!("user{}", n / certificates * 7 + n % people).into(), at.into()];
        transaction.execute(sql, &row).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let began = clock.monotonic();
    let register = loaded(&database, &clock).await;
    println!("{certificates} certificates are read at a start in {:.2} s", (clock.monotonic() - began).as_secs_f64());
    timed("a page of the register, further on each time", async |turn| {
        assert!(!register.page(|_| true, Some(fingerprint(turn)), PAGE).is_empty());
    })
    .await;
    timed("a user's certificates", async |turn| {
        let user = Holder::User(UserId::parse(&format!("user{turn}")).unwrap());
        assert!(!register.page(|entry| entry.holder == user, None, PAGE).is_empty());
    })
    .await;
    for text in ["user7 is nobody", "4f8c120a", "phone", "ab:cd:ef"] {
        timed(&format!("a search of the register for {text:?}"), async |_| {
            let search = CertificateSearch::parse(text).unwrap();
            register.page(|entry| search.finds(entry), None, PAGE)
        })
        .await;
    }
    println!("{sightings} sightings");
    let page = async |query: SightingQuery| {
        let found = register.sightings().list(&SightingQuery { limit: PAGE, ..query }).await.unwrap();
        assert!(!found.is_empty());
    };
    timed("the first page", async |_| page(SightingQuery::default()).await).await;
    timed("a page in the middle", async |turn| {
        let moment = Timestamp::from_millis(now - i64::try_from(sightings / 40 + turn).unwrap() * 1000);
        page(SightingQuery { after: Some((moment, fingerprint(turn), String::new())), ..SightingQuery::default() }).await;
    })
    .await;
    timed("of one user", async |turn| {
        page(SightingQuery { user: UserId::parse(&format!("user{turn}")).ok(), ..SightingQuery::default() }).await;
    })
    .await;
    timed("of one certificate", async |turn| {
        page(SightingQuery { fingerprint: Some(fingerprint(turn)), ..SightingQuery::default() }).await;
    })
    .await;
    let sql = "EXPLAIN QUERY PLAN SELECT * FROM certificate_sightings WHERE last_seen <= $1 AND (last_seen < $1 OR fingerprint > $2 OR \
               (fingerprint = $2 AND user_name > $3)) ORDER BY last_seen DESC, fingerprint, user_name LIMIT $4";
    let values = [now.into(), "".into(), "".into(), 51_i64.into()];
    for row in database.rows(sql, &values).await.unwrap() {
        println!("  {}", row.text("detail").unwrap());
    }
}

async fn register(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let (database, clock) = open(folder.path()).await;
    let register = loaded(&database, &clock).await;
    let (began, before) = (clock.monotonic(), HELD.load(Ordering::Relaxed));
    for n in 0..count {
        register.add(fingerprint(n), Holder::Shared, Some("phone".to_owned()), (None, None)).await.unwrap();
    }
    let (took, held) = (clock.monotonic() - began, HELD.load(Ordering::Relaxed) - before);
    println!(
        "{count} certificates are registered one by one in {:.1} s, and hold {} bytes each",
        took.as_secs_f64(),
        held / count
    );
}
