//! The program: everything it does is in the library.

use std::process::ExitCode;

/// Many small, short-lived allocations on many threads: measured in benches/compare.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // First of all, while there is one thread.
    sekisho::kerberos::forbid_plugins();
    sekisho::cli::run()
}
