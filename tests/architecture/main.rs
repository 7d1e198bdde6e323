//! Rules of the sources, kept by reading them: which folder may import from which, circles of imports, long files, type names
//! with two meanings, who may build a capability.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test ends with the line it stands on, and prints what could be struck"
)]
#![expect(unreachable_pub, reason = "one binary of modules")]

mod features;
mod imports;
mod layers;
mod map;
mod order;
mod pages;
mod rules;
mod secrets;
#[path = "../support/sources.rs"]
mod sources;
mod styles;
mod tokens;
mod unfinished;
