//! The table of a phone at a step of time, as its seed gives it. docs/approver-protocol.md has the same in words, with the vectors
//! that are asserted below; the approver's page, the command-line approver and any other approver compute it for themselves.

use aws_lc_rs::hmac;

use crate::factor::matrix::shape::TableShape;
use crate::factor::matrix::table::Table;

/// Seconds of a step.
pub const STEP: i64 = 30;
/// Bytes of a seed.
pub const SEED: usize = 32;
/// What stands before step and counter: no other use of the seed gives the same digits.
const LABEL: &[u8] = b"sekisho token matrix 1\0";

/// The step that a moment lies in, in seconds since 1970.
pub const fn step_at(seconds: i64) -> i64 {
    seconds.div_euclid(STEP)
}

/// The table of a step, which is counted from 1970: HMAC-SHA-256 of the seed over label, step and a counter gives eight words of
/// 32 bits; each gives one digit, `word × 10 / 2^32` rounded down. Nothing is drawn again, so that each table costs the same; a digit
/// is likelier than another by less than 2^-28.
pub fn table(seed: &[u8; SEED], step: i64, shape: TableShape) -> Table {
    let key = hmac::Key::new(hmac::HMAC_SHA256, seed);
    let block = |counter: u8| {
        let mut context = hmac::Context::with_key(&key);
        context.update(LABEL);
        context.update(&step.to_be_bytes());
        context.update(&u32::from(counter).to_be_bytes());
        context.sign()
    };
    let mut digits = Vec::with_capacity(usize::from(shape.cells()));
    for tag in (0..shape.cells().div_ceil(8)).map(block) {
        digits.extend(tag.as_ref().chunks_exact(4).map(digit));
    }
    digits.truncate(usize::from(shape.cells()));
    Table::of(shape, digits)
}

fn digit(word: &[u8]) -> u8 {
    let word = word.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    // Below 10: the product is below 10 × 2^32.
    u8::try_from((u64::from(word) * 10) >> 32).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(seed: &[u8; SEED], step: i64, shape: TableShape) -> String {
        table(seed, step, shape).rows().flatten().map(|digit| char::from(b'0' + digit)).collect()
    }

    /// The vectors of docs/approver-protocol.md, which Python's `hmac` computed.
    #[test]
    fn a_seed_and_a_step_give_the_tables_of_the_protocol_document() {
        let counting: [u8; SEED] = std::array::from_fn(|place| u8::try_from(place).unwrap());
        let usual = TableShape::default();
        let document = include_str!("../../../docs/approver-protocol.md");
        for (seed, step, shape, expected) in [
            (counting, 0, usual, "073727332779105440979631753376109836767516143404"),
            (counting, 60000000, usual, "760383360760821851621990884172231196374991801992"),
            (counting, 60000001, usual, "164164061753353796286398942262151936889436845619"),
            ([0xff; SEED], 60000000, usual, "416039702873839732489250687402956707319468398714"),
            (
                counting,
                60000000,
                TableShape::new(3, 8, 8).unwrap(),
                "760383360760821851621990884172231196374991801992653389930706632545513222208165756215918485188710920537855019221965600583109642442026335248047949130725826296579011366831116335956684534409803594",
            ),
            (counting, 60000000, TableShape::new(1, 2, 2).unwrap(), "7603"),
        ] {
            let found = digits(&seed, step, shape);
            assert_eq!(found, expected, "step {step}");
            let (head, tail) = (&expected[..expected.len().min(48)], &expected[expected.len().saturating_sub(15)..]);
            assert!(document.contains(head) && document.contains(tail), "step {step} is not in the document");
        }
        assert_eq!((step_at(1_800_000_029), step_at(1_800_000_030), step_at(-1)), (60_000_000, 60_000_001, -1));
    }

    #[test]
    fn every_digit_is_as_likely_as_every_other_and_no_table_follows_from_its_neighbour() {
        let mut counts = [0u32; 10];
        for step in 0..2_000 {
            let (one, next) =
                (table(&[9; SEED], step, TableShape::default()), table(&[9; SEED], step + 1, TableShape::default()));
            one.rows().flatten().for_each(|digit| counts[usize::from(*digit)] += 1);
            let same = one.rows().flatten().zip(next.rows().flatten()).filter(|(a, b)| a == b).count();
            assert!(same < 24, "two tables of neighbouring steps agree in {same} cells of 48");
        }
        // 9600 of each are expected; six standard deviations are about 560.
        assert!(counts.iter().all(|count| (9_000..10_200).contains(count)), "{counts:?}");
    }
}
