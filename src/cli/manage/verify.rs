//! `sekisho audit verify`: whether receipts are good, by public keys alone: no config, no state directory, no gateway.

use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value, json};

use super::render::plain;
use super::unless_enough;
use crate::approval::question::Decision;
use crate::cli::CommandFailure;
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
        let wrong = |path: &Path, fault: ReceiptFault| CommandFailure::Failed(format!("read {}: {fault}", path.display()), None);
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
            1 => Err(CommandFailure::Failed("verify the receipts: one is not good".to_owned(), None)),
            bad => Err(CommandFailure::Failed(format!("verify the receipts: {bad} are not good"), None)),
        }
    }
}

fn text(path: &Path) -> Result<String, CommandFailure> {
    let failed = |why: String| CommandFailure::Failed(format!("read {}: {why}", path.display()), None);
    let file = std::fs::File::open(path).map_err(|error| failed(error.to_string()))?;
    let (mut bytes, most) = (Vec::new(), LONGEST as u64);
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| failed(error.to_string()))?;
    if bytes.len() as u64 > most {
        return Err(failed(format!("it is longer than {most} bytes")));
    }
    String::from_utf8(bytes).map_err(|_| failed("it is not text".to_owned()))
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
        Err(fault) => return writeln!(out, "{file}: NOT GOOD: {}", plain(&fault.to_string())),
    };
    let claims = &verified.receipt;
    let mut rows = vec![
        ("signed by", format!("{} with the key {}", claims.iss, verified.key)),
        ("transaction", format!("{}: {} of {}", claims.jti, claims.name, claims.aud)),
        ("asked by", {
            let who = claims.requester.as_deref().unwrap_or("a machine");
            format!("{who}, {}, {}, {}", claims.address, claims.agent, claims.asked_at)
        }),
        ("request", format!("{} {}{}", claims.method, claims.authority, claims.target)),
        ("digest", claims.request.clone()),
        ("shown", claims.details.title.en.clone()),
    ];
    rows.extend(lines(&claims.details).into_iter().map(|shown| ("shown", shown)));
    for said in &verified.said {
        let what = match (said.counted, said.decision) {
            (true, _) => "approved",
            (false, Decision::Approve) => "wrong number",
            (false, _) => "denied",
        };
        let by = if said.by_passkey { "a passkey" } else { "the approver" };
        let at = said.at.as_ref().map(|at| format!("{at}, ")).unwrap_or_default();
        rows.push((what, format!("{}, {at}signed by {by} {}", said.user, said.approver)));
    }
    if claims.rule.by == Way::Code && claims.outcome == "forwarded" {
        rows.push(("approved by", "a code: the gateway's word, there is no signature of an approver".to_owned()));
    }
    let status = claims.status.map(|status| format!(", the app answered {status}")).unwrap_or_default();
    rows.push(("outcome", format!("{}{status}, {}", claims.outcome, claims.ended_at)));
    writeln!(out, "{file}: good")?;
    rows.into_iter().try_for_each(|(name, text)| writeln!(out, "  {name:12}  {}", plain(&text)))
}
