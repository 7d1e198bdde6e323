//! `sekisho approver table`: the table of digits that a phone would show, from a seed in the key file (docs/approver-protocol.md).
//! Without a connection it goes by this machine's clock.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::client::ApproverClient;
use super::own_key::{KeptSeed, OwnKey};
use super::{list, now};
use crate::cli::CommandFailure;
use crate::clock::Timestamp;
use crate::factor::matrix::shape::TableShape;
use crate::factor::token_matrix::derivation::{self, SEED, STEP};
use crate::random::from_base64url;

/// The seed of a user's tables, asked for where the key file has not got it, and the gateway's time in seconds.
///
/// # Errors
/// [`CommandFailure`].
pub(super) async fn look(client: &ApproverClient, path: &Path, user: Option<&str>) -> Result<(KeptSeed, i64), CommandFailure> {
    let seen = client.ask("GET", "/slots", None).await?;
    let time = seen
        .get("now")
        .and_then(Value::as_str)
        .and_then(|now| now.parse::<jiff::Timestamp>().ok())
        .map_or_else(now, |now| now.as_second());
    let slots = list(&seen, "slots").iter().filter(|slot| user.is_none_or(|user| slot["user"] == user));
    let found: Vec<&Value> = slots.filter(|slot| slot["table"].is_object()).collect();
    let slot = one(&found)?;
    let name = slot["user"].as_str().unwrap_or_default();
    let (table, kept) = (&slot["table"], OwnKey::seed(path, name)?);
    let seed = match kept.filter(|kept| table["seed"] == kept.seed) {
        Some(kept) => {
            KeptSeed { blocks: side(table, "blocks"), rows: side(table, "rows"), columns: side(table, "columns"), ..kept }
        }
        None => {
            let user: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
            let drawn = client.ask("POST", &format!("/slots/{}/table", user.replace('+', "%20")), None).await?;
            let text = |field: &str| drawn.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
            KeptSeed {
                user: name.to_owned(),
                seed: text("seed"),
                secret: Zeroizing::new(text("secret")),
                blocks: side(&drawn, "blocks"),
                rows: side(&drawn, "rows"),
                columns: side(&drawn, "columns"),
            }
        }
    };
    OwnKey::keep_seed(path, &seed)?;
    Ok((seed, time))
}

/// The seed that the key file has.
///
/// # Errors
/// [`CommandFailure`].
pub(super) fn recall(path: &Path, user: Option<&str>) -> Result<KeptSeed, CommandFailure> {
    let mut seeds = OwnKey::seeds(path)?;
    seeds.retain(|seed| user.is_none_or(|user| seed.user == user));
    one(&seeds).cloned()
}

fn one<T>(found: &[T]) -> Result<&T, CommandFailure> {
    let failed = |what: &str, hint: &'static str| CommandFailure::Failed(format!("show the table: {what}"), Some(hint.into()));
    match found {
        [one] => Ok(one),
        [] => Err(failed("there is none", "an administrator assigns `token_matrix`, and a policy must accept it")),
        _ => Err(failed("several could be meant", "name the user: --user USER")),
    }
}

fn side(table: &Value, name: &str) -> u8 {
    table[name].as_u64().and_then(|side| u8::try_from(side).ok()).unwrap_or_default()
}

/// The table at a moment, in seconds since 1970.
///
/// # Errors
/// [`CommandFailure`].
pub(super) fn shown(kept: &KeptSeed, time: i64) -> Result<Value, CommandFailure> {
    let failed = |what: &str| CommandFailure::Failed(format!("show the table: {what}"), None);
    let seed: [u8; SEED] = from_base64url(&kept.secret).ok_or_else(|| failed("its seed is not 32 bytes in base64url"))?;
    let shape = TableShape::new(kept.blocks, kept.rows, kept.columns).map_err(|error| failed(&error.to_string()))?;
    let step = derivation::step_at(time);
    let row = |digits: &[u8]| digits.iter().map(|digit| char::from(b'0' + digit)).collect::<String>();
    let rows: Vec<String> = derivation::table(&Zeroizing::new(seed), step, shape).rows().map(row).collect();
    let end = Timestamp::from_seconds(step.saturating_add(1).saturating_mul(STEP)).rfc3339();
    Ok(
        json!({ "user": kept.user, "table": rows, "columns": kept.columns, "step": step, "now": Timestamp::from_seconds(time).rfc3339(), "next": end }),
    )
}

/// For people: letters over the columns, numbers beside the rows.
pub(super) fn write(out: &mut String, answer: &Value) {
    let columns = usize::from(side(answer, "columns")).max(1);
    let spread = |characters: &[char]| {
        let blocks = characters.chunks(columns).map(|block| block.iter().map(char::to_string).collect::<Vec<_>>().join(" "));
        blocks.collect::<Vec<_>>().join("   ")
    };
    let rows: Vec<Vec<char>> =
        list(answer, "table").iter().map(|row| row.as_str().unwrap_or_default().chars().collect()).collect();
    let width = u8::try_from(rows.first().map_or(0, Vec::len)).unwrap_or_default();
    let letters: Vec<char> = (0..width).map(TableShape::letter).collect();
    let text = |name: &str| answer[name].as_str().unwrap_or_default();
    let _infallible = writeln!(out, "    {}", spread(&letters));
    for (number, row) in (1..).zip(&rows) {
        let _infallible = writeln!(out, "  {number} {}", spread(row));
    }
    let _infallible = writeln!(out, "for {}, at {}, until {}", text("user"), text("now"), text("next"));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_of_a_kept_seed_is_that_of_the_protocol_document() {
        let seed: Vec<u8> = (0..32).collect();
        let kept = KeptSeed {
            user: "alice".to_owned(),
            seed: "id".to_owned(),
            secret: Zeroizing::new(crate::random::base64url(&seed)),
            blocks: 3,
            rows: 4,
            columns: 4,
        };
        let answer = shown(&kept, 1_800_000_029).unwrap();
        assert_eq!(answer["table"], json!(["760383360760", "821851621990", "884172231196", "374991801992"]));
        assert_eq!((&answer["step"], &answer["next"]), (&json!(60_000_000), &json!("2027-01-15T08:00:30Z")));
        let mut out = String::new();
        write(&mut out, &answer);
        assert!(out.starts_with("    A B C D   E F G H   I J K L\n  1 7 6 0 3   8 3 3 6   0 7 6 0\n"), "{out}");
        assert!(!format!("{kept:?}").contains(kept.secret.as_str()));
        assert!(shown(&KeptSeed { rows: 0, ..kept }, 0).is_err());
    }
}
