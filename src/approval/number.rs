//! The number that is shown in the browser and chosen on the phone, so that nobody approves somebody else's sign-in
//! (R-020… ).

use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::random::Random;

/// A number to be carried from one screen to the other: two digits, `10` to `99`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NumberTest {
    right: String,
    /// What the phone offers, in the order it is shown; empty where the number is typed.
    offered: Vec<String>,
}

impl NumberTest {
    /// Draws one. `choose`: the phone offers three, the right one among them at a drawn place.
    pub fn draw(random: &dyn Random, choose: bool) -> Self {
        let mut drawn: Vec<String> = Vec::with_capacity(3);
        while drawn.len() < 3 {
            let number = (10 + below(random, 90)).to_string();
            if !drawn.contains(&number) {
                drawn.push(number);
            }
        }
        // All three are drawn alike, and which of them is right is drawn after: nothing about it can be guessed.
        let right = drawn.get(usize::from(below(random, 3))).cloned().unwrap_or_default();
        Self { right, offered: if choose { drawn } else { Vec::new() } }
    }

    /// What the browser shows.
    pub fn shown(&self) -> &str {
        &self.right
    }

    /// What the phone offers; empty: it is to be typed.
    pub fn offered(&self) -> &[String] {
        &self.offered
    }

    /// Whether this is it.
    pub fn is(&self, chosen: &str) -> bool {
        self.right.as_bytes().ct_eq(chosen.as_bytes()).into()
    }
}

/// A uniformly drawn number below `end`, at most 256.
fn below(random: &dyn Random, end: u8) -> u8 {
    // Bytes above the largest multiple would prefer the small numbers.
    let most = u8::MAX - (u8::MAX % end + 1) % end;
    loop {
        let mut byte = [0];
        random.fill(&mut byte);
        if byte[0] <= most {
            return byte[0] % end;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    #[test]
    fn three_different_numbers_are_offered_and_one_is_right_a_07() {
        let random = OsRandom::new();
        let mut places = [0; 3];
        for _ in 0..600 {
            let test = NumberTest::draw(&random, true);
            let offered = test.offered();
            assert_eq!(offered.len(), 3);
            assert!(offered.iter().all(|number| number.len() == 2 && number.parse::<u8>().unwrap() >= 10));
            assert!(offered[0] != offered[1] && offered[1] != offered[2] && offered[0] != offered[2]);
            let place = offered.iter().position(|number| test.is(number)).unwrap();
            assert_eq!(offered.iter().filter(|number| test.is(number)).count(), 1);
            places[place] += 1;
        }
        assert!(places.iter().all(|count| *count > 120), "the right one stands anywhere: {places:?}");
    }

    #[test]
    fn a_typed_number_is_offered_nowhere() {
        let test = NumberTest::draw(&OsRandom::new(), false);
        assert!(test.offered().is_empty() && test.is(test.shown()) && !test.is("") && !test.is("100"));
    }
}
