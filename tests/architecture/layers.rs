//! Which folder of `src` may import from which: downwards only. ARCHITECTURE.md says the same in prose; where the two differ,
//! this table is right.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::Imports;
use super::sources::sources;

/// The plain types that a request is judged by.
const PLAIN: &str = "principal config facts";
/// The folders that most others stand on.
const BASE: &str = "clock random seal principal config store facts";

/// Each folder of `src`, lowest first, with those that it imports from: only from above it in this list, and no more than
/// it uses. `cli`, `server`, `lib` and `main` may import everything.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("clock", &[]),
    ("random", &[]),
    ("principal", &["clock random"]),
    ("config", &["principal"]),
    ("seal", &["random"]),
    ("telemetry", &["clock config"]),
    ("store", &["clock"]),
    ("facts", &["random principal config"]),
    ("directory", &["clock random principal config store"]),
    ("audit", &["clock store facts"]),
    ("account", &[BASE]),
    ("device", &["clock random seal store facts"]),
    ("browser", &[BASE, "device"]),
    ("outbound", &["config"]),
    ("acme", &["clock random seal config store outbound audit"]),
    ("certificate", &[PLAIN, "clock random seal store account outbound"]),
    ("idp", &["clock random seal principal config store outbound"]),
    ("kerberos", &["config"]),
    ("approval", &[BASE, "audit outbound"]),
    ("login_protect", &["clock random principal telemetry config store account"]),
    ("factor", &[BASE, "directory browser idp kerberos approval login_protect"]),
    ("chain", &["clock principal facts"]),
    ("policy", &["principal config chain"]),
    ("session", &[BASE, "account device chain"]),
    ("identity", &["clock random seal principal config store account chain session"]),
    ("transaction", &[PLAIN, "clock random store audit account approval factor chain session identity"]),
    (
        "core",
        &[
            BASE,
            "directory telemetry audit account device browser certificate acme idp kerberos approval login_protect factor chain policy session",
            "transaction identity",
        ],
    ),
    (
        "sign_in",
        &[
            PLAIN,
            "clock random seal store directory telemetry audit account device browser idp kerberos approval login_protect factor chain session transaction",
            "core",
        ],
    ),
    ("backchannel", &[BASE, "outbound audit account approval core"]),
    (
        "admin",
        &[PLAIN, "clock store audit account browser certificate acme idp approval login_protect chain session transaction core"],
    ),
    (
        "self_service",
        &[
            "clock seal principal store facts directory audit account browser certificate idp approval login_protect factor chain session core",
        ],
    ),
    (
        "portal",
        &[
            "clock random principal directory telemetry store facts audit account device browser certificate idp kerberos approval login_protect factor",
            "chain session",
            "transaction core sign_in backchannel admin self_service",
        ],
    ),
    (
        "gateway",
        &[PLAIN, "clock random seal telemetry store audit account device acme approval chain session transaction identity core"],
    ),
];

/// Capabilities that the chain takes although it may not call anything where they are made.
const EXCEPTIONS: [(&str, &str); 4] = [
    ("chain", "factor::Proof"),
    ("chain", "factor::Successor"),
    ("chain", "approval::Consent"),
    ("session", "factor::Successor"),
];

#[test]
fn folders_import_downwards_only() {
    let rank = |folder: &str| MAY_IMPORT.iter().position(|(name, _)| *name == folder);
    let table: BTreeMap<&str, BTreeSet<&str>> =
        MAY_IMPORT.iter().map(|(folder, others)| (*folder, others.iter().flat_map(|group| group.split(' ')).collect())).collect();
    let mut used: BTreeMap<String, BTreeSet<String>> =
        table.keys().map(|folder| ((*folder).to_owned(), BTreeSet::new())).collect();
    let mut wrong = Vec::new();
    let sources = sources();
    let imports = Imports::of(sources);
    for source in sources {
        let folder = source.folder();
        if matches!(folder, "lib" | "main" | "cli" | "server") {
            continue;
        }
        let Some(allowed) = table.get(folder) else {
            wrong.push(format!("{}: the folder `{folder}` is not in the table", source.name));
            continue;
        };
        for path in imports.paths_of(&source.name) {
            let Some(target) = path.first().map(String::as_str) else { continue };
            let known = table.contains_key(target) || matches!(target, "cli" | "server");
            let path = path.join("::");
            let excepted = EXCEPTIONS.iter().any(|(who, what)| *who == folder && path == *what);
            if target == folder || !known || excepted {
                continue;
            }
            used.get_mut(folder).unwrap().insert(target.to_owned());
            if !allowed.contains(target) {
                wrong.push(format!("{}: {folder} may not import {path}", source.name));
            }
        }
    }
    for (folder, allowed) in &table {
        // What is allowed and not used keeps nothing out.
        let idle: Vec<_> = allowed.iter().filter(|other| !used[*folder].contains(**other)).collect();
        if !idle.is_empty() {
            wrong.push(format!("{folder} imports nothing of {idle:?}: strike it from the table"));
        }
        for other in allowed {
            if rank(other) >= rank(folder) {
                wrong.push(format!("{folder} may import {other}, which does not stand above it in the table"));
            }
        }
    }
    assert!(wrong.is_empty(), "imports that go upwards or sideways:\n{}", wrong.join("\n"));
}
