//! What a password of a directory costs: 100 sign-ins a second against a real server, how many are under way at once, how long
//! each takes, and how many a second are possible with `at_once` of them.
//!
//! `benches/directory/run` starts OpenLDAP and calls this; alone it has no server, and does nothing.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark ends with the line it stands on, and prints what it measured"
)]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use secrecy::SecretString;
use sekisho::clock::{SharedClock, SystemClock};
use sekisho::config::schema::DirectorySection;
use sekisho::directory::{Directories, Directory};
use sekisho::principal::user::UserId;
use sekisho::random::{OsRandom, SharedRandom};
use tokio::task::JoinSet;
use tokio::time::{MissedTickBehavior, interval};

/// People of the directory: `user0`, `user1`, …
const PEOPLE: usize = 200;
/// Sign-ins of each part.
const SIGN_INS: usize = 2000;
/// How many begin within a second, in the first part.
const A_SECOND: u32 = 100;
/// How many are under way at any time, in the second part: `at_once` by default.
const AT_ONCE: usize = 16;

fn main() {
    let Some(path) = std::env::args().skip(1).find(|word| !word.starts_with('-')) else {
        println!("directory: not measured; benches/directory/run starts a server for it");
        return;
    };
    let tables: BTreeMap<String, DirectorySection> = toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let random: SharedRandom = Arc::new(OsRandom::new());
    let directories = Directories::load(&tables, &random).unwrap();
    let clock: SharedClock = Arc::new(SystemClock::new());
    for directory in directories.iter() {
        // A runtime of its own, so that the connection of one is not part of the other.
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(measure(directory, &clock));
    }
}

async fn measure(directory: &Arc<Directory>, clock: &SharedClock) {
    let _first = sign_in(directory, 0, clock).await;
    let (began, used) = (clock.monotonic(), processor_time());
    let (under_way, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let mut tasks = JoinSet::new();
    let mut beat = interval(Duration::from_secs(1) / A_SECOND);
    beat.set_missed_tick_behavior(MissedTickBehavior::Burst);
    for number in 0..SIGN_INS {
        beat.tick().await;
        let (directory, clock) = (Arc::clone(directory), Arc::clone(clock));
        let (under_way, most) = (Arc::clone(&under_way), Arc::clone(&most));
        tasks.spawn(async move {
            most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let took = sign_in(&directory, number, &clock).await;
            under_way.fetch_sub(1, Ordering::SeqCst);
            took
        });
    }
    let times = tasks.join_all().await;
    let each = (processor_time() - used) / f64::from(u32::try_from(SIGN_INS).unwrap());
    report(directory.name(), &format!("{A_SECOND} a second"), times, clock.monotonic() - began);
    println!("  at most {} under way at once; {each:.2} ms of processor time each", most.load(Ordering::SeqCst));

    let began = clock.monotonic();
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..AT_ONCE {
        let (directory, clock, next) = (Arc::clone(directory), Arc::clone(clock), Arc::clone(&next));
        tasks.spawn(async move {
            let mut times = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::SeqCst);
                if number >= SIGN_INS {
                    return times;
                }
                times.push(sign_in(&directory, number, &clock).await);
            }
        });
    }
    let times = tasks.join_all().await.concat();
    report(directory.name(), &format!("{AT_ONCE} at once"), times, clock.monotonic() - began);
}

/// How long one took, in milliseconds; nothing if it was refused.
async fn sign_in(directory: &Directory, number: usize, clock: &SharedClock) -> Option<f64> {
    let user = UserId::parse(&format!("user{}", number % PEOPLE)).unwrap();
    let began = clock.monotonic();
    let judged = directory.judge(&user, &SecretString::from("B0b!Passw0rd"), clock).await;
    judged.ok().map(|_person| (clock.monotonic() - began).as_secs_f64() * 1000.0)
}

fn report(directory: &str, what: &str, times: Vec<Option<f64>>, within: Duration) {
    let all = times.len();
    let mut good: Vec<f64> = times.into_iter().flatten().collect();
    good.sort_by(f64::total_cmp);
    let at = |part: usize| good.get(good.len() * part / 100).copied().unwrap_or(f64::NAN);
    let a_second = f64::from(u32::try_from(good.len()).unwrap()) / within.as_secs_f64();
    println!(
        "{directory}, {what}: {a_second:.0} sign-ins a second, {} of {all} failed; {:.1} ms in the middle, 99 of 100 within {:.1} ms, all within {:.1} ms",
        all - good.len(),
        at(50),
        at(99),
        good.last().copied().unwrap_or(f64::NAN),
    );
}

/// Of this process until now, in milliseconds: ticks of 10 ms (proc_pid_stat(5)).
fn processor_time() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let ticks: u32 =
        stat.rsplit(')').next().unwrap().split_whitespace().skip(11).take(2).map(|field| field.parse::<u32>().unwrap()).sum();
    f64::from(ticks) * 10.0
}
