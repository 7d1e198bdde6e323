//! What was measured, in a line: percentiles, and how far two samples are apart.

use std::time::Duration;

use sekisho::random::Random;

/// Each of `kinds` kinds `times` times, in an order that chance makes (Fisher and Yates).
pub(crate) fn shuffled(times: usize, kinds: usize, random: &dyn Random) -> Vec<usize> {
    let mut order: Vec<usize> = (0..times * kinds).map(|place| place % kinds).collect();
    for place in (1..order.len()).rev() {
        let drawn = u32::from_le_bytes(random.id()[..4].try_into().unwrap());
        order.swap(place, drawn as usize % (place + 1));
    }
    order
}

/// Prints mean and spread of each kind, and how far each two are apart.
pub(crate) fn compare(kinds: &[&str], samples: &[Vec<Duration>]) {
    for (what, sample) in kinds.iter().zip(samples) {
        spread(what, sample);
    }
    for (place, one) in kinds.iter().enumerate() {
        for (other_place, other) in kinds.iter().enumerate().skip(place + 1) {
            let t = welch(&samples[place], &samples[other_place]);
            println!("{one} – {other}: Welch's t = {t:.2} (beyond ±3.29 lies one of a thousand)");
        }
    }
}

/// Prints the percentiles of a sample.
pub(crate) fn print(what: &str, sample: &mut [Duration]) {
    sample.sort_unstable();
    let at = |per_mille: usize| sample[(sample.len() * per_mille / 1000).min(sample.len() - 1)].as_secs_f64() * 1e3;
    println!(
        "{what}: {} times, p50 {:.2} ms, p90 {:.2} ms, p99 {:.2} ms, longest {:.2} ms",
        sample.len(),
        at(500),
        at(900),
        at(990),
        at(1000)
    );
}

/// Mean and variance, in milliseconds.
fn moments(sample: &[Duration]) -> (f64, f64, f64) {
    let count = sample.len() as f64;
    let mean = sample.iter().map(|one| one.as_secs_f64() * 1e3).sum::<f64>() / count;
    let squares = sample.iter().map(|one| (one.as_secs_f64() * 1e3 - mean).powi(2)).sum::<f64>();
    (count, mean, squares / (count - 1.0))
}

/// Prints mean and spread.
fn spread(what: &str, sample: &[Duration]) {
    let (count, mean, variance) = moments(sample);
    println!("{what}: {count} times, {mean:.3} ms ± {:.3} ms", variance.sqrt());
}

/// Welch's t of two samples. At these sizes it is distributed as the normal: beyond 3.29 lies one of a thousand.
fn welch(one: &[Duration], other: &[Duration]) -> f64 {
    let ((n, mean, variance), (m, other_mean, other_variance)) = (moments(one), moments(other));
    (mean - other_mean) / (variance / n + other_variance / m).sqrt()
}
