//! `sekisho audit verify`: whether receipts are good, by public keys alone: no config, no state directory, no gateway.

use std::fmt::Display;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::render::plain;
use super::unless_enough;
use crate::approval::question::Decision;
use crate::cli::CommandFailure;
use crate::cli::words::{padded, say};
use crate::transaction::receipt::{Way, lines};
use crate::transaction::verify::{LONGEST, ReceiptFault, ReceiptKeys, Verified, documents, verify};

/// Verify receipts of transactions, by public keys alone: without config, state or gateway
#[derive(Args, Clone, Debug)]
#[command(after_help = "Exit codes: 0 all are good · 1 one is not, or a file cannot be read")]
pub(super) struct Verify {
    /// Receipts as `transaction show` and `transaction export` answer them, or receipts alone, one a line.
    #[arg(value_name = "RECEIPT_FILE", required = true)]
    receipts: Vec<PathBuf>,
    /// The gateway's public keys: what `sekisho audit keys --json` answered, or its JWKS.
    #[arg(long, value_name = "FILE")]
    keys: PathBuf,
    /// Answer in JSON.
    #[arg(long)]
    json: bool,
}

impl Verify {
    /// Verifies every receipt and prints what it found.
    ///
    /// # Errors
    /// [`CommandFailure`] unless all are good.
    pub(super) fn run(self) -> Result<(), CommandFailure> {
        let wrong = |path: &Path, fault: ReceiptFault| unreadable(path, &fault);
        let keys = ReceiptKeys::parse(&text(&self.keys)?).map_err(|fault| wrong(&self.keys, fault))?;
        let (mut out, mut items, mut bad) = (io::stdout().lock(), Vec::new(), 0);
        for path in &self.receipts {
            let found = documents(&text(path)?).map_err(|fault| wrong(path, fault))?;
            let several = found.len() > 1;
            for (number, document) in found.iter().enumerate() {
                let file = path.display().to_string();
                let file = if several { format!("{file}:{}", number + 1) } else { file };
                let judged = verify(document, &keys);
                bad += usize::from(judged.is_err());
                if self.json {
                    items.push(item(&file, &judged));
                } else if let Err(error) = print(&mut out, &file, &judged) {
                    unless_enough(Err(error))?;
                }
            }
        }
        if self.json {
            unless_enough(writeln!(out, "{:#}", json!({ "items": items })))?;
        }
        match bad {
            0 => Ok(()),
            1 => Err(CommandFailure::Failed(say("failure-receipt", &[]), None)),
            bad => Err(CommandFailure::Failed(say("failure-receipts", &[("count", &bad)]), None)),
        }
    }
}

fn unreadable(path: &Path, why: &dyn Display) -> CommandFailure {
    CommandFailure::Failed(say("failure-read", &[("file", &path.display()), ("why", why)]), None)
}

fn text(path: &Path) -> Result<String, CommandFailure> {
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    let (mut bytes, most) = (Vec::new(), LONGEST as u64);
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    if bytes.len() as u64 > most {
        let what = say("failure-too-long", &[("file", &path.display()), ("most", &most)]);
        return Err(CommandFailure::Failed(what, None));
    }
    let no_text = |_| CommandFailure::Failed(say("failure-no-text", &[("file", &path.display())]), None);
    String::from_utf8(bytes).map_err(no_text)
}

fn item(file: &str, judged: &Result<Verified, ReceiptFault>) -> Value {
    match judged {
        Ok(verified) => {
            let mut item = json!({ "file": file, "good": true });
            if let (Some(item), Ok(Value::Object(found))) = (item.as_object_mut(), serde_json::to_value(verified)) {
                item.extend(found);
            }
            item
        }
        Err(fault) => json!({ "file": file, "good": false, "place": fault.place, "why": fault.why }),
    }
}

/// A line for each thing that was found; nothing of it steers a terminal (T46).
fn print(out: &mut impl Write, file: &str, judged: &Result<Verified, ReceiptFault>) -> io::Result<()> {
    let file = plain(file);
    let verified = match judged {
        Ok(verified) => verified,
        Err(fault) => return writeln!(out, "{file}: {}: {}", say("receipt-not-good", &[]), plain(&fault.to_string())),
    };
    let claims = &verified.receipt;
    let mut rows = vec![
        ("receipt-signed-by", say("receipt-signed", &[("issuer", &claims.iss), ("key", &verified.key)])),
        ("receipt-transaction", say("receipt-of", &[("id", &claims.jti), ("name", &claims.name), ("app", &claims.aud)])),
        ("receipt-asked-by", {
            let who = claims.requester.clone().unwrap_or_else(|| say("receipt-machine", &[]));
            format!("{who}, {}, {}, {}", claims.address, claims.agent, claims.asked_at)
        }),
        ("receipt-request", format!("{} {}{}", claims.method, claims.authority, claims.target)),
        ("receipt-digest", claims.request.clone()),
        ("receipt-shown", claims.details.title.en.clone()),
    ];
    rows.extend(lines(&claims.details).into_iter().map(|shown| ("receipt-shown", shown)));
    for said in &verified.said {
        let what = match (said.counted, said.decision) {
            (true, _) => "receipt-approved",
            (false, Decision::Approve) => "receipt-wrong-number",
            (false, _) => "receipt-denied",
        };
        let at = said.at.as_ref().map(|at| format!("{at}, ")).unwrap_or_default();
        let (user, approver) = (&said.user, &said.approver);
        rows.push((
            what,
            if said.by_passkey {
                say("receipt-passkey", &[("user", user), ("at", &at), ("approver", approver)])
            } else {
                say("receipt-approver", &[("user", user), ("at", &at), ("approver", approver)])
            },
        ));
    }
    if claims.rule.by == Way::Code && claims.outcome == "forwarded" {
        rows.push(("receipt-approved-by", say("receipt-code", &[])));
    }
    let outcome = match claims.status {
        Some(status) => say("receipt-status", &[("outcome", &claims.outcome), ("status", &status)]),
        None => claims.outcome.to_string(),
    };
    rows.push(("receipt-outcome", format!("{outcome}, {}", claims.ended_at)));
    writeln!(out, "{file}: {}", say("receipt-good", &[]))?;
    rows.into_iter().try_for_each(|(key, text)| writeln!(out, "  {}  {}", padded(&say(key, &[]), 12), plain(&text)))
}
