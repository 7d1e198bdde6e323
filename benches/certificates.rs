//! What client certificates cost: issuing one, on the worker and beside it; a page of a register of 100,000 and of 1,000,000
//! sightings; registering 10,000, one by one and as a file, in time and memory; the page of the introduction with 100,000 users. `cargo bench --bench certificates`, with `--profile dev` for a debug build;
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
use sekisho::admin::act::{Act, Circumstances, perform};
use sekisho::admin::import::ImportCertificates;
use sekisho::admin::rollout::CertificateRollout;
use sekisho::certificate::bundles::Bundles;
use sekisho::certificate::container::ContainerEncryption;
use sekisho::certificate::order::{CertificateName, CertificateOrder};
use sekisho::certificate::register::ClientCertificates;
use sekisho::certificate::search::CertificateSearch;
use sekisho::certificate::sighting::SightingQuery;
use sekisho::certificate::withdrawn::WithdrawnKeys;
use sekisho::clock::{Clock, SharedClock, SystemClock, Timestamp};
use sekisho::config::Config;
use sekisho::config::environment::Environment;
use sekisho::core::Core;
use sekisho::principal::certificate::{Fingerprint, Holder};
use sekisho::principal::user::UserId;
use sekisho::random::OsRandom;
use sekisho::session::Administrator;
use sekisho::store::database::{Database, Value};

use self::allocated::HELD;

/// Lines of a page.
const PAGE: usize = 51;

fn main() {
    let divided: usize = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(1).max(1);
    issue();
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {
        lists(100_000 / divided, 1_000_000 / divided).await;
        register(10_000 / divided).await;
        import(10_000 / divided).await;
        rollout(100_000 / divided).await;
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

/// A core whose state is in this folder, with an app that demands certificates of selected users.
async fn core(folder: &Path) -> Arc<Core> {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "Example issuing 2026");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    std::fs::write(folder.join("example.pem"), authority.pem()).unwrap();
    let text = r#"
        tls.certificate = [{ chain = "chain.pem", key = "key.pem" }]
        portal.url = "https://auth.example.com"
        state.directory = "state"
        [trust.example]
        bundle = "example.pem"
        mapping = [{ from = "common_name" }]
        [[app]]
        name = "wiki"
        url = "https://wiki.example.com"
        upstream = ["http://127.0.0.1:8080"]
        demands.primary_factor = {}
        demands.client_certificate = { trust = ["example"], applies_to = "selected_users" }
    "#;
    let config = Arc::new(Config::parse(&folder.join("sekisho.toml"), text, &Environment::empty()).unwrap());
    Core::open(config, Arc::new(SystemClock::new()), Arc::new(OsRandom::new())).await.unwrap()
}

async fn performed<A: Act>(core: &Core, input: serde_json::Value) -> A::Output {
    let act: A = serde_json::from_value(input).unwrap();
    perform(core, &Administrator::at_the_machine(), &Circumstances::default(), act).await.unwrap()
}

async fn import(count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let core = core(folder.path()).await;
    let key = KeyPair::generate().unwrap();
    let make = |number: usize| {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, format!("phone {number}"));
        params.self_signed(&key).unwrap().pem()
    };
    let file: String = (0..count).map(make).collect();
    let (clock, before) = (SystemClock::new(), HELD.load(Ordering::Relaxed));
    for dry_run in [true, false] {
        let input = serde_json::json!({ "file": file, "shared": true, "dry_run": dry_run });
        let began = clock.monotonic();
        let done = performed::<ImportCertificates>(&core, input).await;
        assert_eq!((done.read, done.wrong, done.registered), (count, 0, if dry_run { 0 } else { count }));
        let what = if dry_run { "checked" } else { "registered" };
        println!("a file of {count} certificates is {what} in {:.2} s", (clock.monotonic() - began).as_secs_f64());
    }
    println!("  they hold {} bytes each", HELD.load(Ordering::Relaxed).saturating_sub(before) / count);
    core.close().await.unwrap();
}

async fn rollout(users: usize) {
    let folder = tempfile::tempdir().unwrap();
    core(folder.path()).await.close().await.unwrap();
    let (database, now) =
        (Database::open(&folder.path().join("state/sekisho.db")).await.unwrap(), SystemClock::new().now().millis());
    let mut transaction = database.begin().await.unwrap();
    for n in 0..users {
        let (name, setting) = (format!("user{n:06}"), if n % 2 == 0 { "required" } else { "accepted" });
        let sql = "INSERT INTO users (name, enabled, assigned, certificates, session_epoch, created_at, changed_at) \
                   VALUES ($1, 1, 'any', $2, 0, $3, $3)";
        transaction.execute(sql, &[name.clone().into(), setting.into(), now.into()]).await.unwrap();
        let certificate = fingerprint(n).text();
        let sql = "INSERT INTO certificates (fingerprint, holder_kind, holder_user, label, enabled, added_at) \
                   VALUES ($1, 'user', $2, 'phone', 1, $3)";
        transaction.execute(sql, &[certificate.clone().into(), name.clone().into(), now.into()]).await.unwrap();
        let sql = "INSERT INTO certificate_sightings (fingerprint, user_name, subject, issuer, serial, not_after, address, first_seen, \
                   last_seen) VALUES ($1, $2, 'CN=phone', 'CN=Example issuing 2026', '4f8c120a', $3, '192.0.2.7', $4, $4)";
        let row = [certificate.clone().into(), name.clone().into(), (now + 1_000_000_000).into(), now.into()];
        transaction.execute(sql, &row).await.unwrap();
        // Two of three have shown a good one; each tried some times without.
        for (outcome, reason, shown) in
            [("passed", "", n % 3 != 0), ("refused", "certificate_missing", true), ("refused", "certificate_expired", true)]
        {
            let certificate = if reason == "certificate_missing" { String::new() } else { certificate.clone() };
            let sql = "INSERT INTO certificate_results (id, user_name, fingerprint, subject, outcome, reason, app, address, search, first_at, \
                       last_at) VALUES ($1, $2, $3, 'CN=phone', $4, $5, 'wiki', '192.0.2.7', $6, $7, $7)";
            let at = now - i64::try_from(n).unwrap() * 1000;
            let id = format!("{certificate}/{outcome}/{reason}/{name}");
            let row: [Value; 7] = [
                id.into(),
                name.clone().into(),
                certificate.into(),
                outcome.into(),
                reason.into(),
                format!("{name} cn=phone").into(),
                at.into(),
            ];
            if shown {
                transaction.execute(sql, &row).await.unwrap();
            }
        }
    }
    transaction.commit().await.unwrap();
    database.close().await;
    let core = core(folder.path()).await;
    println!("{users} users, as many certificates, and {} results", users * 8 / 3);
    let ask = async |input: serde_json::Value| {
        let view = performed::<CertificateRollout>(&core, input).await;
        assert_eq!((view.counts.users, view.items.is_empty()), (users, false));
    };
    timed("the first page of the introduction", async |_| ask(serde_json::json!({ "limit": PAGE })).await).await;
    timed("a page at its end", async |turn| {
        let after = format!("user{:06}", users - PAGE - 1 - turn);
        ask(serde_json::json!({ "limit": PAGE, "after": after })).await;
    })
    .await;
    timed("who would be shut out", async |_| {
        ask(serde_json::json!({ "limit": PAGE, "only": "selected", "shown": "missing" })).await;
    })
    .await;
    core.close().await.unwrap();
}
