//! The rules of the shared state, for every home it has: what one caller wins, what ends, who is notified. A home that is
//! added later joins `homes()` and nothing else.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sekisho::clock::{ManualClock, SharedClock, Timestamp};
use sekisho::store::memory::Memory;
use sekisho::store::shared::{Keyspace, SharedState, SharedStateError, count_below, uncount};
use tokio_util::task::TaskTracker;

const MINUTE: Duration = Duration::from_secs(60);
const ROUNDS: usize = 200;

/// A store and the clock that it ends entries by.
struct Home {
    name: &'static str,
    state: Arc<dyn SharedState>,
    clock: Arc<ManualClock>,
}

fn homes() -> Vec<Home> {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(1_800_000_000)));
    let state = Arc::new(Memory::new(Arc::clone(&clock) as SharedClock, 100_000));
    vec![Home { name: "memory", state, clock }]
}

/// Runs `act` 64 times side by side; how many answered `true`.
async fn winners<F, A>(act: A) -> usize
where
    A: Fn(usize) -> F,
    F: Future<Output = bool> + Send + 'static,
{
    let (tracker, won) = (TaskTracker::new(), Arc::new(AtomicUsize::new(0)));
    for n in 0..64 {
        let (one, won) = (act(n), Arc::clone(&won));
        tracker.spawn(async move {
            if one.await {
                won.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    tracker.close();
    tracker.wait().await;
    won.load(Ordering::SeqCst)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_who_take_one_wins_t37() {
    for home in homes() {
        for round in 0..ROUNDS {
            let key = format!("take/{round}");
            home.state.put(&key, b"value".to_vec(), MINUTE).await.unwrap();
            let won = winners(|_| {
                let (state, key) = (Arc::clone(&home.state), key.clone());
                async move { state.take(&key).await.unwrap().is_some() }
            });
            assert_eq!(won.await, 1, "{}", home.name);
            assert_eq!(home.state.get(&key).await.unwrap(), None);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_who_put_what_is_new_one_wins() {
    for home in homes() {
        for round in 0..ROUNDS {
            let key = format!("new/{round}");
            let won = winners(|n| {
                let (state, key) = (Arc::clone(&home.state), key.clone());
                async move { state.put_new(&key, vec![u8::try_from(n).unwrap()], MINUTE).await.unwrap() }
            });
            assert_eq!(won.await, 1, "{}", home.name);
            assert!(home.state.get(&key).await.unwrap().is_some());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_who_swap_the_same_value_one_wins() {
    for home in homes() {
        for round in 0..ROUNDS {
            let key = format!("swap/{round}");
            home.state.put(&key, b"pending".to_vec(), MINUTE).await.unwrap();
            let won = winners(|n| {
                let (state, key) = (Arc::clone(&home.state), key.clone());
                async move { state.swap(&key, b"pending", format!("taken by {n}").into_bytes()).await.unwrap() }
            });
            assert_eq!(won.await, 1, "{}", home.name);
            assert!(home.state.get(&key).await.unwrap().unwrap().starts_with(b"taken by "));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_64_counters_each_gets_a_number_of_its_own_t39() {
    for home in homes() {
        for round in 0..ROUNDS {
            let key = format!("count/{round}");
            let within = winners(|_| {
                let (state, key) = (Arc::clone(&home.state), key.clone());
                async move { state.count(&key, 1, MINUTE).await.unwrap() <= 10 }
            });
            assert_eq!(within.await, 10, "{}", home.name);
            assert_eq!(home.state.count(&key, 0, MINUTE).await.unwrap(), 64);
        }
    }
}

#[tokio::test]
async fn what_has_ended_is_not_there_for_anybody() {
    for Home { name, state, clock } in homes() {
        for key in ["get", "take", "swap", "new", "kept"] {
            state.put(key, b"old".to_vec(), MINUTE).await.unwrap();
        }
        state.put("kept", b"longer".to_vec(), 2 * MINUTE).await.unwrap();
        clock.advance(MINUTE - Duration::from_millis(1));
        assert_eq!(state.get("get").await.unwrap().as_deref(), Some(&b"old"[..]), "{name}");
        assert!(!state.put_new("new", b"new".to_vec(), MINUTE).await.unwrap());
        clock.advance(Duration::from_millis(1));
        assert_eq!(state.get("get").await.unwrap(), None, "{name}");
        assert_eq!(state.take("take").await.unwrap(), None);
        assert!(!state.swap("swap", b"old", b"new".to_vec()).await.unwrap());
        assert!(state.put_new("new", b"new".to_vec(), MINUTE).await.unwrap());
        assert_eq!(state.get("kept").await.unwrap().as_deref(), Some(&b"longer"[..]));
    }
}

#[tokio::test]
async fn a_count_restarts_when_its_window_ends_and_swaps_lengthen_nothing() {
    for Home { name, state, clock } in homes() {
        assert_eq!(state.count("c", 3, MINUTE).await.unwrap(), 3, "{name}");
        state.put("s", b"a".to_vec(), MINUTE).await.unwrap();
        clock.advance(MINUTE / 2);
        assert_eq!(state.count("c", -1, MINUTE).await.unwrap(), 2);
        assert!(state.swap("s", b"a", b"b".to_vec()).await.unwrap());
        clock.advance(MINUTE / 2);
        assert_eq!(state.count("c", 1, MINUTE).await.unwrap(), 1, "{name}: the window began with the first count");
        assert_eq!(state.get("s").await.unwrap(), None, "{name}: swapping lengthens nothing");
    }
}

#[tokio::test]
async fn a_swap_needs_the_very_value() {
    for Home { name, state, .. } in homes() {
        assert!(!state.swap("none", b"", b"x".to_vec()).await.unwrap(), "{name}");
        state.put("k", b"a".to_vec(), MINUTE).await.unwrap();
        assert!(!state.swap("k", b"b", b"c".to_vec()).await.unwrap());
        assert!(!state.swap("k", b"", b"c".to_vec()).await.unwrap());
        assert!(state.swap("k", b"a", b"c".to_vec()).await.unwrap());
        assert_eq!(state.take("k").await.unwrap().as_deref(), Some(&b"c"[..]));
    }
}

#[tokio::test]
async fn every_listener_is_notified_and_nobody_else() {
    for Home { name, state, .. } in homes() {
        let (mut one, mut other) = (state.subscribe("news").await.unwrap(), state.subscribe("news").await.unwrap());
        let mut elsewhere = state.subscribe("else").await.unwrap();
        state.publish("news", b"hello".to_vec()).await.unwrap();
        assert_eq!(one.recv().await.as_deref(), Some(&b"hello"[..]), "{name}");
        assert_eq!(other.recv().await.as_deref(), Some(&b"hello"[..]));
        assert!(elsewhere.try_recv().is_err());
        drop(one);
        state.publish("news", b"again".to_vec()).await.unwrap();
        assert_eq!(other.recv().await.as_deref(), Some(&b"again"[..]));
    }
}

#[tokio::test]
async fn keyspaces_are_separate_and_a_missing_entry_is_reported() {
    for Home { name, state, clock } in homes() {
        let numbers: Keyspace<u32> = Keyspace::new(Arc::clone(&state), "numbers", MINUTE);
        let words: Keyspace<String> = Keyspace::new(Arc::clone(&state), "words", MINUTE);
        numbers.put("k", &7).await.unwrap();
        assert_eq!(words.get("k").await.unwrap(), None, "{name}");
        assert!(numbers.swap("k", &7, &8).await.unwrap() && !numbers.swap("k", &7, &9).await.unwrap());
        assert_eq!((numbers.take("k").await.unwrap(), numbers.take("k").await.unwrap()), (Some(8), None));
        state.put("words/bent", b"{".to_vec(), MINUTE).await.unwrap();
        assert!(matches!(words.get("bent").await, Err(SharedStateError::Undecodable("words"))));
        numbers.put("k", &1).await.unwrap();
        clock.advance(MINUTE);
        assert_eq!(numbers.get("k").await.unwrap(), None);
    }
}

#[tokio::test]
async fn memory_refuses_beyond_its_limit_and_frees_what_has_ended() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let memory = Memory::new(Arc::clone(&clock) as SharedClock, 3);
    for key in ["a", "b", "c"] {
        memory.put(key, Vec::new(), MINUTE).await.unwrap();
    }
    assert!(matches!(memory.put("d", Vec::new(), MINUTE).await, Err(SharedStateError::Full(3))));
    assert!(matches!(memory.count("e", 1, MINUTE).await, Err(SharedStateError::Full(3))));
    clock.advance(MINUTE);
    memory.put("d", Vec::new(), MINUTE).await.unwrap();
    assert_eq!(memory.len(), 1);
}

#[tokio::test]
async fn memory_that_is_full_still_answers_for_what_it_holds() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let memory = Memory::new(Arc::clone(&clock) as SharedClock, 2);
    memory.count("guesses", 1, MINUTE).await.unwrap();
    memory.put("code", b"x".to_vec(), MINUTE).await.unwrap();
    assert_eq!(memory.count("guesses", 1, MINUTE).await.unwrap(), 2);
    memory.put("code", b"y".to_vec(), MINUTE).await.unwrap();
    assert_eq!(memory.take("code").await.unwrap().as_deref(), Some(&b"y"[..]));
}

#[tokio::test]
async fn a_counter_that_comes_to_nothing_leaves_nothing() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let memory = Memory::new(Arc::clone(&clock) as SharedClock, 100);
    for n in 0..50 {
        let key = format!("tried/{n}");
        assert_eq!(memory.count(&key, 0, MINUTE).await.unwrap(), 0);
        assert_eq!(memory.count(&key, 1, MINUTE).await.unwrap(), 1);
        assert_eq!(memory.count(&key, -1, MINUTE).await.unwrap(), 0);
    }
    assert!(memory.is_empty(), "{} are left", memory.len());
    memory.count("tried", 2, MINUTE).await.unwrap();
    clock.advance(MINUTE);
    assert_eq!((memory.count("tried", 0, MINUTE).await.unwrap(), memory.count("tried", 1, MINUTE).await.unwrap()), (0, 1));
}

#[tokio::test]
async fn what_strangers_fill_has_its_part_and_keeps_out_nothing_else() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let memory = Memory::new(Arc::clone(&clock) as SharedClock, 80).with_parts(&[("theirs", 4), ("asked", 8)]);
    let mut kept = 0;
    while memory.count(&format!("theirs/{kept}"), 1, MINUTE).await.is_ok() && kept < 100 {
        kept += 1;
    }
    assert_eq!(kept, 20);
    assert!(matches!(memory.put_new("theirs/x", Vec::new(), MINUTE).await, Err(SharedStateError::Full(20))));
    memory.put("theirs/0", b"as before".to_vec(), MINUTE).await.unwrap();
    for n in 0..10 {
        memory.put(&format!("asked/{n}"), Vec::new(), MINUTE).await.unwrap();
    }
    assert!(memory.put("asked/x", Vec::new(), MINUTE).await.is_err());
    memory.put("session", Vec::new(), MINUTE).await.unwrap();
    // Taken, ended or swept, an entry makes room for another.
    memory.take("theirs/1").await.unwrap().unwrap();
    memory.put("theirs/y", Vec::new(), MINUTE).await.unwrap();
    assert!(memory.put("theirs/z", Vec::new(), MINUTE).await.is_err());
    clock.advance(MINUTE * 2);
    memory.sweep();
    memory.put("theirs/z", Vec::new(), MINUTE).await.unwrap();
    assert_eq!(memory.len(), 1);
}

/// Who is refused for their own network fills nothing, and uses up nothing of what all have together.
#[tokio::test]
async fn what_is_counted_for_several_at_once_is_counted_for_all_or_none() {
    for Home { name, state, clock } in homes() {
        let counters = |network: u8| [(format!("asked/{network}"), 3), ("asked/all".to_owned(), 5)];
        let ask = async |network: u8| count_below(&*state, &counters(network), MINUTE).await.unwrap();
        let count = async |key: &str| state.count(key, 0, MINUTE).await.unwrap();
        let mut answers = Vec::new();
        for network in [1, 1, 1, 1, 1, 2, 2, 2, 3] {
            answers.push(ask(network).await);
        }
        assert_eq!(answers, [true, true, true, false, false, true, true, false, false], "{name}");
        assert_eq!((count("asked/1").await, count("asked/2").await, count("asked/3").await), (3, 2, 0), "{name}");
        assert_eq!(count("asked/all").await, 5, "{name}");
        uncount(&*state, &counters(1), MINUTE).await.unwrap();
        assert!(ask(3).await, "{name}: what is taken back is free again");
        // A window that ended in between is not left below nothing.
        clock.advance(MINUTE);
        uncount(&*state, &counters(1), MINUTE).await.unwrap();
        assert_eq!((count("asked/1").await, count("asked/all").await), (0, 0), "{name}");
    }
}

#[tokio::test]
async fn a_waiter_that_goes_leaves_nothing_and_waiters_are_few() {
    let clock = Arc::new(ManualClock::at(Timestamp::from_seconds(0)));
    let memory = Memory::new(clock as SharedClock, 100);
    for _ in 0..1000 {
        drop(memory.subscribe("matter").await.unwrap());
    }
    let mut waiting = Vec::new();
    while let Ok(one) = memory.subscribe("matter").await {
        waiting.push(one);
        assert!(waiting.len() < 1000, "nothing bounds those who wait");
    }
    assert_eq!(waiting.len(), 256);
    assert!(memory.subscribe("another").await.is_ok());
}
