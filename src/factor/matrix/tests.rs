//! What patterns are, by rule: acceptance seeds 17 and 18.

use proptest::prelude::*;
use zeroize::Zeroizing;

use super::MatrixPolicy;
use super::pattern::{CellPattern, NoPattern, Token, is_of_phrase};
use super::reading::{UnreadableEntry, judge_entry, plain, read};
use super::rules::{PatternRules, UnfitPattern};
use super::shape::TableShape;
use super::table::Table;
use crate::config::schema::{MatrixGroup, MatrixSection};
use crate::random::OsRandom;

fn free() -> PatternRules {
    PatternRules {
        shape: TableShape::default(),
        shortest: 6,
        longest: 12,
        distinct: 0,
        no_one_stroke: false,
        every_block: false,
        phrase_shortest: 0,
        phrase_longest: 6,
        forbidden: Vec::new(),
    }
}

fn pattern(text: &str) -> CellPattern {
    CellPattern::parse(TableShape::default(), text).unwrap()
}

fn codes(rules: &PatternRules, text: &str) -> Vec<&'static str> {
    rules.judge(&pattern(text)).iter().map(UnfitPattern::word).collect()
}

/// What a person types who reads this pattern off this table.
fn typed(pattern: &CellPattern, table: &Table) -> String {
    let mut text = String::new();
    let written = pattern.text();
    let mut rest = written.as_str();
    while !rest.is_empty() {
        rest = rest.trim_start();
        if let Some(behind) = rest.strip_prefix('"') {
            let mut characters = behind.char_indices().peekable();
            while let Some((at, character)) = characters.next() {
                if character == '"' && characters.next_if(|(_, next)| *next == '"').is_none() {
                    rest = &behind[at + 1..];
                    break;
                }
                text.push(character);
            }
        } else {
            let (name, behind) = rest.split_once(' ').unwrap_or((rest, ""));
            let cell = table.shape().cell(name).unwrap();
            text.push(char::from(b'0' + table.digit(cell).unwrap()));
            rest = behind;
        }
    }
    text
}

#[test]
fn six_to_twelve_cells_each_counted_as_often_as_it_is_read_r_325_r_344() {
    let rules = free();
    let of = |count: usize| vec!["A1"; count].join(" ");
    assert_eq!(codes(&rules, &of(5)), ["too_short"]);
    assert_eq!(codes(&rules, &of(6)), [""; 0]);
    assert_eq!(codes(&rules, &of(12)), [""; 0]);
    assert_eq!(codes(&rules, &of(13)), ["too_long"]);
    assert_eq!(rules.judge(&pattern(&of(5)))[0].to_string(), "it reads 5 cells; at least 6 are needed");
}

#[test]
fn any_direction_any_distance_and_a_cell_twice_are_fine_r_322_r_323_r_324() {
    for text in ["A1 A2 A3 A4 B4 B3", "A1 B1 C1 D1 E1 F1", "A1 B2 C3 D4 E3 F2", "A1 L4 A4 L1 F2 G3", "A1 A1 C3 C3 A1 L4"] {
        assert_eq!(codes(&free(), text), [""; 0], "{text}");
    }
}

#[test]
fn what_can_be_drawn_in_one_stroke_is_refused_across_blocks_too_r_327_r_328() {
    let rules = PatternRules { no_one_stroke: true, ..free() };
    assert_eq!(codes(&rules, "A1 B1 C1 D1 D2 D3"), ["one_stroke"]);
    assert_eq!(codes(&rules, "C2 D3 E4 F3 G2 H1"), ["one_stroke"], "over the border of two blocks (A-33)");
    assert_eq!(codes(&rules, "A1 A1 B2 B2 A1 A1"), ["one_stroke"], "a cell that is read twice is no jump");
    assert_eq!(codes(&rules, "A1 B1 C1 D1 F1 G1"), [""; 0], "one jump");
    assert_eq!(codes(&rules, "A1 B1 C1 \"x\" D1 E1 F1"), ["one_stroke"], "a phrase is no jump either");
    // Reading on from the end of one row at the beginning of the next is a jump.
    assert_eq!(codes(&rules, "K1 L1 A2 B2 C2 D2"), [""; 0]);
}

#[test]
fn every_block_must_be_used_where_that_is_demanded_r_329() {
    let rules = PatternRules { every_block: true, ..free() };
    assert_eq!(codes(&rules, "A1 C2 B4 F1 H2 G4"), ["blocks_unused"]);
    assert_eq!(rules.judge(&pattern("A1 C2 B4 A1 A2 B1")), [UnfitPattern::BlocksUnused(vec![2, 3])]);
    assert_eq!(codes(&rules, "A1 C2 B4 F1 H2 L4"), [""; 0]);
}

#[test]
fn restrictions_hold_together_and_each_is_named_r_326_r_330() {
    let mut rules = PatternRules { no_one_stroke: true, every_block: true, distinct: 4, ..free() };
    rules.forbidden.push(pattern("A1 E1 I1 A2 E2 I2").cells().collect());
    assert_eq!(codes(&rules, "A1 E1 I1 A2 E2 I2"), ["forbidden"]);
    assert_eq!(codes(&rules, "A1 E1 I1 \"x\" A2 E2 I2"), ["forbidden"], "whatever the phrase");
    assert_eq!(codes(&rules, "A1 E1 I1 A2 E2 I3"), [""; 0]);
    assert_eq!(codes(&rules, "A1 A1 B1"), ["too_short", "few_cells", "one_stroke", "blocks_unused"]);
}

#[test]
fn a_phrase_of_none_to_six_of_letters_digits_and_thirty_symbols_r_334_to_r_339() {
    let cells = "A1 C3 E2 G4 I1 L4";
    assert_eq!(codes(&free(), cells), [""; 0]);
    assert_eq!(codes(&free(), &format!("{cells} \"abcXY9\"")), [""; 0]);
    assert_eq!(codes(&free(), &format!("{cells} \"abcXY91\"")), ["phrase_too_long"]);
    assert_eq!(codes(&free(), "\"abcd\" A1 C3 E2 \"efg\" G4 I1 L4"), ["phrase_too_long"], "both parts count");
    assert_eq!(codes(&PatternRules { phrase_shortest: 2, ..free() }, &format!("{cells} \"a\"")), ["phrase_too_short"]);
    let symbols: String = (' '..='~').filter(|c| c.is_ascii_punctuation() && is_of_phrase(*c)).collect();
    assert_eq!(symbols, r##"!"#$%&'()*+-./;<=>?@[\]^_`{|}~"##);
    assert_eq!(symbols.len(), 30);
    for refused in [',', ':', ' ', '\u{2013}', '\u{2018}', '\u{201d}', 'é', '\u{3000}', '\u{7f}', 'Ａ'] {
        assert!(!is_of_phrase(refused), "{refused:?}");
        let text = format!("{cells} \"a{refused}\"");
        assert_eq!(CellPattern::parse(TableShape::default(), &text), Err(NoPattern::Character(refused)));
    }
    assert_eq!(judge_entry("1234,56"), Err(UnreadableEntry::Character(',')));
}

#[test]
fn an_answer_is_good_for_its_own_table_alone_and_case_matters_r_335_r_340() {
    let random = OsRandom::new();
    let own = pattern("A1 C3 \"aB\" E2 G4 I1 L4");
    let (table, another) = (Table::draw(&random, own.shape()), Table::draw(&random, own.shape()));
    let answer = typed(&own, &table);
    assert!(own.matches(&table, answer.as_bytes()));
    assert!(!own.matches(&table, answer.replace("aB", "ab").as_bytes()));
    assert!(!own.matches(&table, format!("{answer}0").as_bytes()));
    assert!(!own.matches(&table, &answer.as_bytes()[1..]));
    assert!(!own.matches(&table, b""));
    assert!(!own.matches(&table, "x".repeat(500).as_bytes()));
    // Of 10 million pairs of tables, ten give one answer: the test is then repeated with others.
    if typed(&own, &another) != answer {
        assert!(!own.matches(&another, answer.as_bytes()));
    }
    let wider = TableShape::new(4, 4, 4).unwrap();
    assert!(!own.matches(&Table::draw(&random, wider), answer.as_bytes()), "a table of another size answers no");
}

#[test]
fn full_width_digits_and_blanks_are_accepted_and_nothing_else_is_changed_r_339() {
    assert_eq!(*plain(" １２３ 456\u{3000}7\t"), "1234567");
    assert_eq!(*plain("Ａb-ｃ"), "Ａb-ｃ");
    // So a phrase that is set has no blank (R-339), whatever was typed between its characters.
    let tables = Table::draw_three(&OsRandom::new(), TableShape::default());
    let own = pattern("A1 C3 E2 G4 I1 L4 \"ab\"");
    let [one, two, three] = [0, 1, 2].map(|at: usize| plain(&typed(&own, &tables[at]).replace("ab", " a\u{3000}b ")));
    assert_eq!(read(&tables, [&one, &two, &three]), Ok(own));
    let blanks = CellPattern::parse(TableShape::default(), "A1 C3 E2 G4 I1 L4 \"a b\"");
    assert_eq!(blanks, Err(NoPattern::Character(' ')));
}

#[test]
fn three_entries_that_do_not_agree_say_where() {
    let random = OsRandom::new();
    let own = pattern("A1 C3 \"5\" E2 G4 I1 L4");
    let tables = Table::draw_three(&random, own.shape());
    let [one, two, three] = [0, 1, 2].map(|at: usize| typed(&own, &tables[at]));
    assert_eq!(read(&tables, [&one, &two, &three]), Ok(own));
    assert_eq!(read(&tables, [&one, &two, &three[1..]]), Err(UnreadableEntry::Lengths));
    assert_eq!(read(&tables, [&one, &two, ""]), Err(UnreadableEntry::Empty));
    let bent = format!("{}6{}", &three[..2], &three[3..]);
    assert_eq!(read(&tables, [&one, &two, &bent]), Err(UnreadableEntry::Disagree(3)), "a digit of the phrase");
    let bent = format!("x{}", &three[1..]);
    assert_eq!(read(&tables, [&one, &two, &bent]), Err(UnreadableEntry::Disagree(1)));
}

fn compiled(section: &MatrixSection) -> Result<MatrixPolicy, String> {
    MatrixPolicy::compile(section).map_err(|complaints| format!("{complaints:?}"))
}

/// Who would draw with them in vain: the administrator who issues, and the gateway at every name that nobody has.
#[test]
fn rules_that_hardly_any_pattern_meets_are_refused_with_the_config() {
    // One in two hundred, one in nearly ten thousand, none.
    for (blocks, columns, cells) in [(8, 3, 8), (13, 2, 13), (13, 2, 12)] {
        let section = MatrixSection {
            blocks,
            rows: 2,
            columns,
            shortest: cells,
            longest: cells,
            every_block: true,
            ..MatrixSection::default()
        };
        for _ in 0..3 {
            let error = compiled(&section).unwrap_err();
            assert!(error.contains("one in a hundred") && error.contains("allow longer patterns"), "{error}");
        }
        let group = MatrixGroup { every_block: Some(true), ..serde_json::from_str(r#"{ "group": "vault" }"#).unwrap() };
        let error = compiled(&MatrixSection { every_block: false, group: vec![group], ..section }).unwrap_err();
        assert!(error.contains("matrix.group[0]"), "{error}");
    }
    // Longer ones meet the same rule, also the initial ones.
    let section = MatrixSection { blocks: 8, rows: 2, columns: 3, every_block: true, ..MatrixSection::default() };
    let policy = compiled(&section).unwrap();
    for _ in 0..200 {
        assert_eq!(policy.base().draw(&OsRandom::new()).unwrap().cells().count(), 12);
    }
}

#[test]
fn initial_patterns_meet_the_rules_and_none_is_drawn_where_none_can_be_r_342() {
    let random = OsRandom::new();
    let rules = PatternRules { no_one_stroke: true, every_block: true, distinct: 4, phrase_shortest: 2, ..free() };
    for _ in 0..500 {
        let drawn = rules.draw(&random).unwrap();
        assert!(rules.judge(&drawn).is_empty());
        assert_eq!((drawn.cells().count(), drawn.phrase().len()), (8, 2));
        assert!(drawn.text().ends_with('"'), "the phrase comes after the cells (R-308)");
    }
    let narrow = TableShape::new(1, 2, 2).unwrap();
    assert_eq!(PatternRules { shape: narrow, no_one_stroke: true, ..free() }.draw(&random), None);
}

#[test]
fn a_drawing_has_the_order_at_each_cell_r_306() {
    let drawing = pattern("A1 F2 L4 A1").drawing();
    assert_eq!(drawing.iter().map(Vec::len).collect::<Vec<_>>(), [4, 4, 4]);
    assert_eq!((&drawing[0][0][0], &drawing[1][1][1], &drawing[2][3][3]), (&vec![1, 4], &vec![2], &vec![3]));
    assert_eq!(drawing.iter().flatten().flatten().filter(|cell| !cell.is_empty()).count(), 3);
}

#[test]
fn no_debug_output_shows_a_pattern() {
    assert_eq!(format!("{:?}", pattern("A1 B2 \"x\"")), "Pattern(…)");
}

fn tokens() -> impl Strategy<Value = Vec<Token>> {
    let character = (33u8..127).prop_filter("allowed", |c| is_of_phrase((*c).into()));
    prop::collection::vec(prop_oneof![3 => (0u8..48).prop_map(Token::Cell), 1 => character.prop_map(Token::Character)], 1..20)
}

proptest! {
    /// Whatever the pattern, digits in its phrase and cells that are read twice included, three entries tell it exactly.
    #[test]
    fn three_entries_tell_a_pattern_exactly(tokens in tokens()) {
        let own = CellPattern::new(TableShape::default(), Zeroizing::new(tokens)).unwrap();
        let tables = Table::draw_three(&OsRandom::new(), own.shape());
        let entries = [0, 1, 2].map(|at: usize| typed(&own, &tables[at]));
        prop_assert!(read(&tables, [&entries[0], &entries[1], &entries[2]]) == Ok(own.clone()));
        prop_assert!(own.matches(&tables[1], entries[1].as_bytes()));
    }

    #[test]
    fn a_pattern_is_read_back_from_its_text_and_its_bytes(tokens in tokens()) {
        let own = CellPattern::new(TableShape::default(), Zeroizing::new(tokens)).unwrap();
        prop_assert!(CellPattern::parse(own.shape(), &own.text()) == Ok(own.clone()));
        prop_assert!(CellPattern::from_bytes(&own.bytes()) == Some(own.clone()));
        prop_assert_eq!(own.bytes().len(), 132);
    }

    #[test]
    fn no_bytes_make_reading_fail_badly(bytes in prop::collection::vec(any::<u8>(), 0..200), text in ".{0,40}") {
        let _read = (CellPattern::from_bytes(&bytes), Table::from_bytes(&bytes), CellPattern::parse(TableShape::default(), &text));
        let _judged = judge_entry(&plain(&text));
    }
}
