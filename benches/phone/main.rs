//! What the phone costs: bytes of a pending approval and of an open login form; from the tap to the signed-in browser at 100
//! sign-ins a second; opening a form; memory and disk of held requests; whether a name with a phone
//! is answered after another time than any name, and a shut form than an unknown name or a wrong password.
//! A gateway of its own on loopback, by TLS as browsers and phones come to it, on this machine's other half.
//!
//! `cargo bench --bench phone`, or one part: `cargo bench --bench phone -- memory | held | sign-in | form | asked | shut`.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a benchmark ends with the line it stands on, and prints what it measured"
)]

#[path = "../support/allocated.rs"]
mod allocated;
mod asked;
mod clients;
mod figures;
mod gateway;
mod held;
mod memory;
mod shut;
mod sign_in;

fn main() {
    let only: Option<String> = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let is_asked = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    if is_asked("memory") {
        runtime.block_on(memory::measure());
    }
    if is_asked("held") {
        runtime.block_on(held::measure());
    }
    if is_asked("sign-in") {
        runtime.block_on(sign_in::measure());
    }
    if is_asked("form") {
        runtime.block_on(sign_in::measure_opening());
    }
    if is_asked("asked") {
        runtime.block_on(asked::measure());
    }
    if is_asked("shut") {
        runtime.block_on(shut::measure());
    }
}
