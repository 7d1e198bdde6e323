//! What a session costs: bytes in memory, how long a restart takes, how fast one is found. 100,000 of them by default;
//! `cargo bench --bench sessions -- 1000000` for more.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark ends with the line it stands on, and prints what it measured"
)]

#[path = "support/allocated.rs"]
mod allocated;

use std::sync::Arc;
use std::sync::atomic::Ordering;

use sekisho::account::users::Users;
use sekisho::clock::{Clock, SystemClock};
use sekisho::config::schema;
use sekisho::device::Devices;
use sekisho::random::{OsRandom, Random, base64url};
use sekisho::seal::{MasterKeys, SecretToken};
use sekisho::session::sessions::Sessions;
use sekisho::store::database::Database;

use self::allocated::HELD;

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(measure());
}

async fn measure() {
    let count: usize = std::env::args().skip(1).find_map(|text| text.parse().ok()).unwrap_or(100_000);
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&folder.path().join("sekisho.db")).await.unwrap();
    let clock = Arc::new(SystemClock::new());
    let random = Arc::new(OsRandom::new());
    let people = (count / 5).max(1);
    let cookies = fill(&database, &*random, clock.now().millis(), count, people).await;
    let users = Users::load(database.clone(), clock.clone()).await.unwrap();

    // The database's own cache is warmed before anything is measured.
    database.rows("SELECT COUNT(*) AS n FROM session_tokens", &[]).await.unwrap();
    let limits = schema::SessionSection::default();
    let (before, start) = (HELD.load(Ordering::Relaxed), clock.monotonic());
    let keys = MasterKeys::new(&[7; 32]).unwrap();
    let devices = Devices::load(database.clone(), &keys, clock.clone(), random.clone()).await.unwrap();
    let sessions = Sessions::load(database, &users, Arc::new(devices), &limits, clock.clone(), random).await.unwrap();
    let (after, loaded) = (HELD.load(Ordering::Relaxed), clock.monotonic());
    assert_eq!(sessions.len(), count);
    println!("{count} sessions, each with a portal and an app cookie and two pieces of evidence");
    println!("loaded in {:.2} s", (loaded - start).as_secs_f64());
    println!("{} bytes a session", (after - before) / count);

    let start = clock.monotonic();
    let found = cookies.iter().filter(|cookie| sessions.find("portal", cookie.text()).is_some()).count();
    let took = clock.monotonic() - start;
    assert_eq!(found, cookies.len());
    println!("found in {} ns each, every one once", took.as_nanos() / cookies.len() as u128);
}

async fn fill(database: &Database, random: &dyn Random, now: i64, count: usize, people: usize) -> Vec<SecretToken> {
    let credential = "[7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7]";
    let evidence = format!(
        r#"[{{"check":"primary_factor","method":"password","credential":{credential},"at":{now}}},
            {{"check":"otp","method":"totp","credential":{credential},"at":{now}}}]"#
    );
    let mut cookies = Vec::with_capacity(count);
    let mut transaction = database.begin().await.unwrap();
    for n in 0..people {
        transaction
            .execute(
                "INSERT INTO users (name, enabled, assigned, certificates, session_epoch, created_at, changed_at) \
                 VALUES ($1, 1, 'any', 'accepted', 0, $2, $2)",
                &[format!("user{n}").into(), now.into()],
            )
            .await
            .unwrap();
    }
    for n in 0..count {
        let id = base64url(&random.id());
        transaction
            .execute(
                "INSERT INTO sessions (id, user_name, epoch, evidence, address, agent, created_at, last_seen) \
                 VALUES ($1, $2, 0, $3, '192.0.2.7', 'Firefox, Linux', $4, $4)",
                &[id.clone().into(), format!("user{}", n % people).into(), evidence.clone().into(), now.into()],
            )
            .await
            .unwrap();
        for scope in ["portal", "wiki"] {
            let token = SecretToken::draw(random);
            transaction
                .execute(
                    "INSERT INTO session_tokens (token_hash, session_id, scope) VALUES ($1, $2, $3)",
                    &[token.hash().as_bytes().as_slice().into(), id.clone().into(), scope.into()],
                )
                .await
                .unwrap();
            if scope == "portal" {
                cookies.push(token);
            }
        }
    }
    transaction.commit().await.unwrap();
    cookies
}
