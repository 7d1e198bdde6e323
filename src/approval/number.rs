//! The number that the browser's screen shows and a person carries to the phone, so that nobody approves somebody else's
//! sign-in (R-020…, T42): one of three that is chosen, six digits that are typed, or a code that is scanned.
//! Invariant: what the phone is sent never says which number is the right one; none is shown twice to a user within ten
//! minutes, and none that a screen showed is among those offered after it.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::approval::id::ApprovalId;
use crate::principal::number_style::NumberStyle;
use crate::principal::user::UserId;
use crate::random::{Random, base64url};
use crate::store::shared::{Keyspace, Shared};

/// How long a number that was shown to a user is not shown again.
pub const NOT_AGAIN: Duration = Duration::from_secs(600);
/// Six decimal digits are what NIST SP 800-63B-4 §3.1.3.2 and ASVS 5.0 6.5.4 ask for.
const TYPED: usize = 6;
/// Typed where the code cannot be scanned: two more, so that scanning is nowhere weaker than typing.
const INSTEAD: usize = 8;
/// The numbers that are chosen from: two digits, without a leading zero.
const CHOSEN: std::ops::Range<u8> = 10..100;
/// How many are offered.
const OFFERED: usize = 3;

/// A number to be carried from one screen to the other.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "style")]
pub enum NumberTest {
    /// Two digits, one of three.
    Choose {
        /// The right one.
        right: String,
        /// What the phone offers, in the order it is shown.
        offered: Vec<String>,
    },
    /// Six digits.
    Type {
        /// The right ones.
        right: String,
    },
    /// A code.
    Scan {
        /// The eight digits that are typed where it cannot be scanned.
        right: String,
        /// 128 bits, base64url: what the code holds.
        secret: String,
    },
}

impl fmt::Debug for NumberTest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "NumberTest({})", self.style().word())
    }
}

/// A number as the screen shows it: the digits, and what a QR code says besides where it is scanned.
#[derive(Clone, PartialEq, Eq)]
pub struct Carried {
    /// How it is carried.
    pub style: NumberStyle,
    /// What is chosen or typed.
    pub digits: String,
    /// What is scanned: the approver's page, with the number behind its `#`.
    pub address: Option<String>,
    /// Whether the phone that reads it answers with a passkey. Then no digits stand for it: nothing is asked of an approver
    /// that they could be typed on.
    pub by_passkey: bool,
}

impl Carried {
    /// As the screen shows it where a passkey answers.
    #[must_use]
    pub fn for_passkey(self) -> Self {
        Self { digits: String::new(), by_passkey: true, ..self }
    }
}

impl fmt::Debug for Carried {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Carried({})", self.style.word())
    }
}

impl NumberTest {
    /// How it is carried.
    pub const fn style(&self) -> NumberStyle {
        match self {
            Self::Choose { .. } => NumberStyle::Choose,
            Self::Type { .. } => NumberStyle::Type,
            Self::Scan { .. } => NumberStyle::Scan,
        }
    }

    /// The digits that the screen shows.
    pub fn shown(&self) -> &str {
        match self {
            Self::Choose { right, .. } | Self::Type { right } | Self::Scan { right, .. } => right,
        }
    }

    /// What the phone offers; nothing where it is typed or scanned.
    pub fn offered(&self) -> &[String] {
        if let Self::Choose { offered, .. } = self { offered } else { &[] }
    }

    /// What the screen shows.
    pub fn carried(&self, approval: &ApprovalId, portal: &str) -> Carried {
        let address = match self {
            Self::Scan { secret, .. } => Some(format!("{portal}/approver/#scan={approval}.{secret}")),
            Self::Choose { .. } | Self::Type { .. } => None,
        };
        Carried { style: self.style(), digits: self.shown().to_owned(), address, by_passkey: false }
    }

    /// Whether this is it. Digits may be typed in groups and full-width, as a Japanese keyboard writes them.
    pub fn is(&self, given: &str) -> bool {
        let digits = self.shown().as_bytes().ct_eq(digits(given).as_bytes());
        match self {
            Self::Choose { .. } | Self::Type { .. } => digits.into(),
            Self::Scan { secret, .. } => (digits | secret.as_bytes().ct_eq(given.as_bytes())).into(),
        }
    }
}

/// Digits as they are compared: without the blanks and hyphens between groups, full-width ones in the plain form.
pub fn digits(given: &str) -> String {
    let plain = |c: char| match c {
        '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
        other => other,
    };
    given.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '‐' | '－')).map(plain).collect()
}

/// The numbers that were shown lately.
#[derive(Clone, Debug)]
pub(super) struct NumberTests(Keyspace<()>);

impl NumberTests {
    pub(super) const fn new(shown: Keyspace<()>) -> Self {
        Self(shown)
    }

    /// Draws one for a user. A number for a name that no user has is drawn the same way.
    pub(super) async fn draw(&self, random: &dyn Random, user: &UserId, style: NumberStyle) -> Shared<NumberTest> {
        match style {
            NumberStyle::Choose => match self.one_of_three(random, user).await? {
                Some(test) => Ok(test),
                // All were shown within these ten minutes: rather one that is typed than one that was seen before.
                None => Ok(NumberTest::Type { right: self.decimal(random, user, TYPED).await? }),
            },
            NumberStyle::Type => Ok(NumberTest::Type { right: self.decimal(random, user, TYPED).await? }),
            NumberStyle::Scan => {
                let mut secret = [0; 16];
                random.fill(&mut secret);
                Ok(NumberTest::Scan { right: self.decimal(random, user, INSTEAD).await?, secret: base64url(&secret) })
            }
        }
    }

    /// Three that no screen showed lately; `None` where there are not as many.
    async fn one_of_three(&self, random: &dyn Random, user: &UserId) -> Shared<Option<NumberTest>> {
        loop {
            let mut left: Vec<u8> = CHOSEN.collect();
            let mut offered: Vec<String> = Vec::with_capacity(OFFERED);
            while offered.len() < OFFERED {
                let Some(last) = left.len().checked_sub(1) else { return Ok(None) };
                let drawn = left.swap_remove(below(random, last)).to_string();
                if self.0.get(&key(user, &drawn)).await?.is_none() {
                    offered.push(drawn);
                }
            }
            // All three are drawn alike, and which of them is right is drawn after: nothing about it can be guessed.
            let right = offered.get(below(random, OFFERED - 1)).cloned().unwrap_or_default();
            if self.0.put_new(&key(user, &right), &()).await? {
                return Ok(Some(NumberTest::Choose { right, offered }));
            }
            // Another question of the same user drew it at the same moment.
        }
    }

    /// So many decimal digits, leading zeros among them.
    async fn decimal(&self, random: &dyn Random, user: &UserId, length: usize) -> Shared<String> {
        loop {
            let mut drawn = String::with_capacity(length);
            for _ in 0..length {
                drawn.push(char::from(b'0' + u8::try_from(below(random, 9)).unwrap_or_default()));
            }
            if self.0.put_new(&key(user, &drawn), &()).await? {
                return Ok(drawn);
            }
        }
    }
}

fn key(user: &UserId, number: &str) -> String {
    format!("{user}/{number}")
}

/// A uniformly drawn number from 0 to `last`, which is below 256.
fn below(random: &dyn Random, last: usize) -> usize {
    let count = last.min(255) + 1;
    // Bytes above the largest multiple would prefer the small numbers.
    let most = 256 - 256 % count;
    loop {
        let mut byte = [0];
        random.fill(&mut byte);
        let drawn = usize::from(byte[0]);
        if drawn < most {
            return drawn % count;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::sync::Arc;

    use super::*;
    use crate::core::testing::TestCore;

    fn numbers(at: &TestCore) -> NumberTests {
        NumberTests::new(Keyspace::new(Arc::clone(at.core.shared()), "approval_number", NOT_AGAIN))
    }

    async fn draw(at: &TestCore, user: &str, style: NumberStyle) -> NumberTest {
        numbers(at).draw(&**at.core.random(), &UserId::parse(user).unwrap(), style).await.unwrap()
    }

    /// Pearson's statistic of counts that should be equal.
    fn chi_square(counts: &[u32]) -> f64 {
        let expected = f64::from(counts.iter().sum::<u32>()) / counts.len() as f64;
        counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum()
    }

    /// Each of these bounds is passed by chance once in a million runs.
    #[tokio::test]
    async fn every_number_is_drawn_alike_t42() {
        let at = TestCore::open().await;
        let (mut right, mut places, mut all) = ([0_u32; 90], [0_u32; 3], [0_u32; 90]);
        let mut digits = [[0_u32; 10]; TYPED];
        for count in 0..12_000 {
            let user = format!("user{count}");
            let test = draw(&at, &user, NumberStyle::Choose).await;
            let offered: Vec<usize> = test.offered().iter().map(|number| number.parse().unwrap()).collect();
            assert_eq!(offered.len(), 3);
            assert_eq!(offered.iter().collect::<BTreeSet<_>>().len(), 3, "all three are different (A-07)");
            offered.iter().for_each(|number| all[number - 10] += 1);
            right[test.shown().parse::<usize>().unwrap() - 10] += 1;
            places[test.offered().iter().position(|number| test.is(number)).unwrap()] += 1;
            let typed = draw(&at, &user, NumberStyle::Type).await;
            assert_eq!((typed.shown().len(), typed.offered().len()), (TYPED, 0));
            for (place, digit) in typed.shown().bytes().enumerate() {
                digits[place][usize::from(digit - b'0')] += 1;
            }
        }
        assert!(chi_square(&right) < 165.0, "of ninety: {}", chi_square(&right));
        assert!(chi_square(&all) < 165.0, "of ninety: {}", chi_square(&all));
        assert!(chi_square(&places) < 28.0, "the right one stands anywhere: {places:?}");
        for counts in digits {
            assert!(chi_square(&counts) < 46.0, "ten digits in every place: {counts:?}");
        }
    }

    #[tokio::test]
    async fn no_screen_shows_a_user_the_same_number_twice_within_ten_minutes_t42() {
        let at = TestCore::open().await;
        let mut shown: BTreeSet<String> = BTreeSet::new();
        for _ in 0..88 {
            let test = draw(&at, "alice", NumberStyle::Choose).await;
            assert_eq!(test.style(), NumberStyle::Choose);
            assert!(test.offered().iter().all(|number| !shown.contains(number)), "none was on a screen lately");
            assert!(shown.insert(test.shown().to_owned()));
        }
        // No three are left that were not shown: rather typed than seen before.
        assert_eq!(draw(&at, "alice", NumberStyle::Choose).await.style(), NumberStyle::Type);
        assert_eq!(draw(&at, "bob", NumberStyle::Choose).await.style(), NumberStyle::Choose, "each user has all of them");
        at.clock.advance(NOT_AGAIN);
        assert_eq!(draw(&at, "alice", NumberStyle::Choose).await.style(), NumberStyle::Choose);
        let mut typed = BTreeSet::new();
        for _ in 0..5000 {
            assert!(typed.insert(draw(&at, "alice", NumberStyle::Type).await.shown().to_owned()));
        }
    }

    #[tokio::test]
    async fn of_many_questions_at_once_no_two_show_the_same_number() {
        let at = TestCore::open().await;
        let drawn = futures_util::future::join_all((0..80).map(|_| draw(&at, "alice", NumberStyle::Choose))).await;
        let shown: BTreeSet<&str> = drawn.iter().map(NumberTest::shown).collect();
        assert_eq!(shown.len(), 80);
    }

    #[tokio::test]
    async fn a_code_holds_128_bits_and_eight_digits_stand_for_it() {
        let at = TestCore::open().await;
        let NumberTest::Scan { right, secret } = draw(&at, "alice", NumberStyle::Scan).await else { panic!("no code") };
        assert_eq!((right.len(), secret.len()), (INSTEAD, 22));
        let NumberTest::Scan { secret: other, .. } = draw(&at, "alice", NumberStyle::Scan).await else { panic!("no code") };
        assert_ne!(secret, other);
    }

    #[test]
    fn digits_are_compared_however_they_were_typed() {
        let test = NumberTest::Type { right: "012345".to_owned() };
        for right in ["012345", " 012 345 ", "012-345", "０１２３４５", "０１２　３４５", "01 23 45"] {
            assert!(test.is(right), "{right}");
        }
        for wrong in ["", "12345", "0123456", "012346", "O12345", "0x12345", "012345.", "٠١٢٣٤٥"] {
            assert!(!test.is(wrong), "{wrong}");
        }
    }

    #[test]
    fn a_code_is_right_scanned_or_typed_and_nothing_else() {
        let secret = "AAAAAAAAAAAAAAAAAAAAA-_".to_owned();
        let test = NumberTest::Scan { right: "01234567".to_owned(), secret: secret.clone() };
        assert!(test.is(&secret) && test.is("0123 4567"));
        for wrong in ["", "AAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAAAAAAA_", &secret[1..], "012345", "0123456A"] {
            assert!(!test.is(wrong), "{wrong}");
        }
        let id = ApprovalId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
        let carried = test.carried(&id, "https://auth.example.com");
        assert_eq!(
            carried.address.as_deref(),
            Some("https://auth.example.com/approver/#scan=AAAAAAAAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAA-_")
        );
        assert_eq!(carried.digits, "01234567");
    }

    #[test]
    fn no_number_stands_in_what_is_written_for_programmers() {
        for test in [
            NumberTest::Choose { right: "42".to_owned(), offered: vec!["42".to_owned(), "17".to_owned()] },
            NumberTest::Type { right: "424242".to_owned() },
            NumberTest::Scan { right: "42424242".to_owned(), secret: "fortytwo42".to_owned() },
        ] {
            let id = ApprovalId::parse("AAAAAAAAAAAAAAAAAAAAAA").unwrap();
            let written = format!("{test:?} {:?}", test.carried(&id, "https://auth.example.com"));
            assert!(!written.contains("42") && !written.contains("fortytwo"), "{written}");
        }
    }
}
