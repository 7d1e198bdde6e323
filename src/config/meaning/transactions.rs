//! What transactions mean: names that differ, words for people, values that can be read, approvers that can be asked.

use super::policies::known_method;
use super::{Complaints, headers};
use crate::config::field_names;
use crate::config::schema::{AppSection, File, ShownFormat, ShownSection, TransactionMethod, TransactionSection};
use crate::principal::words::Words;

/// How long a request may be held at most: what waits longer is approved by somebody who forgot it.
const LONGEST: std::time::Duration = std::time::Duration::from_secs(30 * 60);

pub(super) fn look(file: &File, place: usize, app: &AppSection, found: &mut Complaints) {
    for (of_app, transaction) in app.transaction.iter().enumerate() {
        let path = format!("app[{place}].transaction[{of_app}]");
        let key = |key: &str| format!("{path}.{key}");
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if !(1..=63).contains(&transaction.name.len()) || !transaction.name.chars().all(plain) {
            let message = format!("`{}` is not a transaction name", transaction.name);
            found.say(key("name"), message, "use 1 to 63 of `a-z`, `0-9` and `-`");
        }
        if app.transaction.iter().take(of_app).any(|earlier| earlier.name == transaction.name) {
            found.say(key("name"), format!("two transactions are called `{}`", transaction.name), "give each its own name");
        }
        found.unless(
            !app.forward_auth,
            &path,
            "with `forward_auth = true` another proxy forwards: no request can be held here",
            "put the gateway itself in front of this app, or remove the transaction",
        );
        found.unless(
            !transaction.paths.is_empty(),
            &key("paths"),
            "a transaction without a path never holds",
            "as in [\"/transfer\"]",
        );
        found.unless(
            !transaction.methods.is_empty(),
            &key("methods"),
            "no method is named",
            "leave the key out for all that write",
        );
        for (method_place, method) in transaction.methods.iter().enumerate() {
            known_method(&key(&format!("methods[{method_place}]")), method, found);
        }
        words(&key("title"), &transaction.title, true, found);
        words(&key("sentence"), &transaction.sentence, false, found);
        found.longer_than_nothing(&key("waits"), transaction.waits);
        found.unless(
            transaction.waits.0 <= LONGEST,
            &key("waits"),
            "what waits longer than half an hour is approved by somebody who forgot it",
            "write at most \"30m\"",
        );
        if let Some(covers) = transaction.covers {
            found.longer_than_nothing(&key("covers"), covers);
        }
        approvers(&path, transaction, found);
        for (shown_place, shown) in transaction.show.iter().enumerate() {
            let path = key(&format!("show[{shown_place}]"));
            value(&path, shown, found);
            if let Some(name) = shown.from.strip_prefix("header:") {
                field(&format!("{path}.from"), file, app, name, found);
            }
        }
    }
}

fn approvers(path: &str, transaction: &TransactionSection, found: &mut Complaints) {
    let Some(approvers) = &transaction.approvers else { return };
    let key = |key: &str| format!("{path}.{key}");
    found.unless(
        !approvers.groups.is_empty(),
        &key("approvers.groups"),
        "nobody could approve",
        "name a group, or remove `approvers`: then the user approves",
    );
    found.unless(
        (1..=16).contains(&approvers.count),
        &key("approvers.count"),
        "it must be from 1 to 16",
        "2 is what is called four eyes",
    );
    found.unless(
        transaction.by == TransactionMethod::Push,
        &key("by"),
        "a group approves on its members' phones; a one-time password is typed by the requester",
        "write `by = \"push\"`, or remove `approvers`",
    );
    found.unless(
        !transaction.number,
        &key("number"),
        "the number stands on the screen of the requester, which the members of a group do not see",
        "remove `number`, or remove `approvers`",
    );
}

fn words(path: &str, words: &Words, needed: bool, found: &mut Complaints) {
    found.unless(
        !words.en.trim().is_empty() || (!needed && words.is_silent()),
        path,
        "it says nothing in English, which is said where a language is missing",
        "as in { en = \"Transfer\", ja = \"振込\" }",
    );
    found.unless(
        words.all().all(|text| text.chars().count() <= 200 && !text.chars().any(char::is_control)),
        path,
        "it is longer than a phone shows, or has control characters",
        "write at most 200 characters on one line",
    );
}

fn value(path: &str, shown: &ShownSection, found: &mut Complaints) {
    words(&format!("{path}.label"), &shown.label, true, found);
    let currency = shown.currency.as_deref();
    found.unless(
        (shown.format == ShownFormat::Currency) == currency.is_some(),
        &format!("{path}.currency"),
        "a currency goes with `format = \"currency\"`, and that with a currency",
        "write both, as in `format = \"currency\", currency = \"JPY\"`",
    );
    found.unless(
        currency.is_none_or(|code| code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())),
        &format!("{path}.currency"),
        "it is not a currency of ISO 4217",
        "three capital letters, as in \"JPY\"",
    );
}

/// What stands in a request's head for somebody else than the app, beside what proxies alone may say.
const NOT_THE_APPS: [&str; 6] = ["connection", "content-length", "expect", "host", "prefer", "upgrade"];
const SECRETS: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// A header field that is shown is one that reaches the app as it came, and no secret.
fn field(path: &str, file: &File, app: &AppSection, name: &str, found: &mut Complaints) {
    let spelling = name.trim().to_ascii_lowercase();
    let name: String = field_names::normal_form(spelling.as_bytes()).map(char::from).collect();
    if SECRETS.contains(&name.as_str()) {
        let message = format!("`{name}` holds a secret, which would stand on the phone and in the record");
        return found.say(path, message, "show what the request does, not who sends it: the phone says that by itself");
    }
    let let_through = app.pass_headers.iter().any(|passed| passed.eq_ignore_ascii_case(&spelling));
    let removed = field_names::known(spelling.as_bytes()).is_some_and(|known| known.is_removed(spelling.as_bytes()));
    found.unless(
        !headers::is_written_here(file, &spelling) && !NOT_THE_APPS.contains(&name.as_str()) && (!removed || let_through),
        path,
        "the gateway removes this field or writes it again: what the phone showed never reached the app",
        "show a field that the app itself reads, as in \"header:X-Amount\"",
    );
}
