//! Chance as a parameter: every secret, nonce and id is drawn from a [`Random`] that was handed in.
//! Invariant: nothing here hands out fewer than the bits its name promises.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Where randomness comes from.
pub trait Random: Send + Sync + fmt::Debug {
    /// Fills `bytes` with uniformly random bytes.
    fn fill(&self, bytes: &mut [u8]);

    /// 256 random bits: session cookies, one-time codes, link tokens.
    fn token(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        self.fill(&mut bytes);
        bytes
    }

    /// 128 random bits: ids that are not secrets.
    fn id(&self) -> [u8; 16] {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        bytes
    }
}

/// The source handed around.
pub type SharedRandom = Arc<dyn Random>;

/// The operating system's generator, by aws-lc-rs.
#[derive(Debug, Default)]
pub struct OsRandom(SystemRandom);

impl OsRandom {
    /// The one source of the running program.
    pub fn new() -> Self {
        Self::default()
    }
}

impl Random for OsRandom {
    #[expect(
        clippy::expect_used,
        reason = "without randomness nothing here may go on: a gateway that cannot draw a secret must stop"
    )]
    fn fill(&self, bytes: &mut [u8]) {
        self.0.fill(bytes).expect("the operating system's random generator failed");
    }

    fn id(&self) -> [u8; 16] {
        SPARE.with_borrow_mut(|spare| {
            if spare.is_empty() {
                let mut drawn = [[0; 16]; SPARE_IDS];
                self.fill(drawn.as_flattened_mut());
                spare.extend_from_slice(&drawn);
            }
            spare.pop().unwrap_or_default()
        })
    }
}

/// Ids drawn at once: every request takes one, and a draw costs as much as a check of its session.
const SPARE_IDS: usize = 64;

thread_local! {
    static SPARE: std::cell::RefCell<Vec<[u8; 16]>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Base64url without padding: how tokens and ids are written in cookies, links and logs.
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads exactly `N` bytes written by [`base64url`]; anything else is `None`.
pub fn from_base64url<const N: usize>(text: &str) -> Option<[u8; N]> {
    // Length first: a client's number bounds nothing here (T23).
    if text.len() != (N * 4).div_ceil(3) {
        return None;
    }
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}
