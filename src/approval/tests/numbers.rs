//! Numbers that are carried to the phone.

use super::{answer, ask_by, ask_from, user, world};
use crate::approval::Rejected;
use crate::approval::question::{Denial, State};
use crate::approval::testing::PORTAL;
use crate::principal::number_style::NumberStyle;

#[tokio::test]
async fn the_right_number_is_carried_over_r_020_r_021() {
    let (at, phone) = world().await;
    let question = ask_from(&at, "browser", 7, true).await;
    let right = question.number.clone().unwrap();
    answer(&at, &phone, &question, "approve", Some(right.shown())).await.unwrap();
    assert!(at.core.approvals().take(&question.id, "browser").await.unwrap().unwrap().number_carried());
}

/// As R-025, where the number is typed or scanned.
#[tokio::test]
async fn a_typed_number_is_right_however_it_was_typed_and_a_wrong_one_denies_t42() {
    let (at, phone) = world().await;
    let full_width = |digits: &str| digits.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap()).collect::<String>();
    for style in [NumberStyle::Type, NumberStyle::Scan] {
        for typed in ["plain", "grouped", "full-width", "scanned", "wrong", "short", "empty"] {
            if typed == "scanned" && style == NumberStyle::Type {
                continue;
            }
            let question = ask_by(&at, "browser", 7, Some(style)).await;
            let test = question.number.clone().unwrap();
            let digits = test.shown();
            let carried = test.carried(&question.id, PORTAL);
            let number = match typed {
                "grouped" => format!(" {} {}", &digits[..3], &digits[3..]),
                "full-width" => full_width(digits),
                "scanned" => carried.address.unwrap().rsplit('.').next().unwrap().to_owned(),
                "wrong" => digits.chars().map(|c| if c == '9' { '0' } else { char::from(c as u8 + 1) }).collect(),
                "short" => digits[1..].to_owned(),
                "empty" => String::new(),
                _ => digits.to_owned(),
            };
            let state = answer(&at, &phone, &question, "approve", Some(&number)).await.unwrap();
            if ["wrong", "short", "empty"].contains(&typed) {
                assert!(matches!(state, State::Denied { why: Denial::WrongNumber, .. }), "{style:?} {typed}");
                assert!(at.core.approvals().take(&question.id, "browser").await.unwrap().is_none());
                at.core.approvals().approvers.answered_right(&user("alice")).await.unwrap();
            } else {
                assert!(matches!(state, State::Approved { number: true, .. }), "{style:?} {typed}");
                assert!(at.core.approvals().take(&question.id, "browser").await.unwrap().unwrap().number_carried());
            }
        }
    }
}

#[tokio::test]
async fn an_approver_that_knows_only_how_to_choose_approves_nothing_typed_or_scanned() {
    let (at, old) = world().await;
    let alice = user("alice");
    for style in [NumberStyle::Type, NumberStyle::Scan] {
        let question = ask_by(&at, "browser", 7, Some(style)).await;
        // Six times: as often as would lock the approvals of somebody who carries wrong numbers.
        for _ in 0..6 {
            let refused = answer(&at, &old, &question, "approve", None).await;
            let Err(refused @ Rejected::NumberMissing) = refused else { panic!("{refused:?}") };
            assert_eq!(refused.code(), "number_missing");
            assert!(refused.to_string().contains("update it, or answer with another"), "{refused}");
        }
        assert!(at.core.approvals().take(&question.id, "browser").await.unwrap().is_none(), "nothing is approved");
        assert!(at.core.approvals().approvers.standing(&alice).await.unwrap().is_good(), "and nobody locked");
        // It can deny, and another that knows the way can approve.
        let number = question.number.clone().unwrap();
        answer(&at, &old, &question, "approve", Some(number.shown())).await.unwrap();
        let denied = ask_by(&at, "browser", 7, Some(style)).await;
        answer(&at, &old, &denied, "deny", None).await.unwrap();
    }
}
