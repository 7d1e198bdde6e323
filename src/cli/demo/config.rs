//! The config of the demo. It is written at each start, since ports change, until somebody changes it: from then on it stays, and
//! only the port of the demo's own app is put right in it.

use std::net::SocketAddr;

use data_encoding::HEXLOWER;

use crate::seal::TokenHash;

/// How the first line begins. What follows is the address of the demo's app and a hash of all other lines.
const MADE: &str = "# Made by `sekisho demo`, its app at ";
/// What stands between the two.
const UNCHANGED: &str = ", and written again at each start as long as nobody changes it: ";
/// How the first line of older builds began, which wrote the file again whatever it was.
const MADE_BEFORE: &str = "# Made by `sekisho demo`, again each time it starts.";

/// A config as the demo makes it.
pub(super) struct DemoConfig {
    text: String,
    app: SocketAddr,
}

impl DemoConfig {
    /// For these addresses; `trusts_issued`: the authority of client certificates is there.
    pub(super) fn new(listen: SocketAddr, app: SocketAddr, trusts_issued: bool) -> Self {
        let rest = config(listen, app, trusts_issued);
        Self { text: format!("{}\n{rest}", first_line(app, &rest)), app }
    }

    /// The file.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What is written in its place where the file that is there was changed by somebody: that file, its upstreams at the address
    /// where the demo's app is now. `None` where nobody changed it.
    pub(super) fn beside(&self, present: &str) -> Option<String> {
        if present.is_empty() || present.starts_with(MADE_BEFORE) {
            return None;
        }
        let (first, rest) = present.split_once('\n').unwrap_or((present, ""));
        let marked = first.strip_prefix(MADE).and_then(|marked| marked.split_once(UNCHANGED));
        let Some((before, hash)) = marked else { return Some(present.to_owned()) };
        if hash.trim_end() == hash_of(rest) {
            return None;
        }
        let rest = rest.replace(&format!("http://{before}\""), &format!("http://{}\"", self.app));
        Some(format!("{MADE}{}{UNCHANGED}changed\n{rest}", self.app))
    }
}

fn first_line(app: SocketAddr, rest: &str) -> String {
    format!("{MADE}{app}{UNCHANGED}{}", hash_of(rest))
}

fn hash_of(text: &str) -> String {
    HEXLOWER.encode(TokenHash::of(text.as_bytes()).as_bytes())
}

fn config(listen: SocketAddr, app: SocketAddr, trusts_issued: bool) -> String {
    let (issued, ledger) = match trusts_issued {
        true => ("\n[trust.issued]\nbundle = \"state/authority/anchors.pem\"\n", "\"demo\", \"issued\""),
        false => ("", "\"demo\""),
    };
    let port = if listen.port() == 443 { String::new() } else { format!(":{}", listen.port()) };
    format!(
        r#"# Change what you like: it stays then. A config of your own: `sekisho init`.

[server]
listen = ["{listen}"]
operations_listen = "127.0.0.1:0"
hsts_seconds = 0 # this is a machine of yours, not a site

[[tls.certificate]]
chain = "server.pem"
key = "server.key"

[portal]
url = "https://auth.localhost{port}"
title = "Demo"
# A user who signs in at the calendar by a phone signs in here by it, too, and by a code: every user of the demo has an authenticator.
[portal.demands]
primary_factor = {{ methods = ["password", "push"] }}

[state]
directory = "state"

[totp]
issuer = "Sekisho demo"

[trust.demo]
bundle = "authority.pem"
mapping = [{{ from = "common_name" }}]
{issued}
# Open to a network: check 1 alone.
[[app]]
name = "open"
title = "Notice board"
url = "https://open.localhost{port}"
upstream = ["http://{app}"]
[app.demands.ip_restriction]
allow = ["127.0.0.0/8", "::1/128"]

# A password and a one-time password: checks 4 and 6.
[[app]]
name = "app"
title = "Wiki"
url = "https://app.localhost{port}"
upstream = ["http://{app}"]
[app.demands.primary_factor]
[app.demands.otp]

# A client certificate and a password: checks 2 and 4; below /machines the certificate alone.
[[app]]
name = "cert"
title = "Ledger"
url = "https://cert.localhost{port}"
upstream = ["http://{app}"]
[app.demands.client_certificate]
trust = [{ledger}]
[app.demands.primary_factor]
[[app.rule]]
paths = ["/machines/**"]
[app.rule.demands.primary_factor]
mode = "off"
# What a machine posts there is held as well: somebody of the staff approves it.
[[app.transaction]]
name = "posting"
paths = ["/machines/postings"]
title = {{ en = "Post to the ledger", ja = "元帳に記入" }}
approvers = {{ groups = ["staff"], requester = true }}
show = [
  {{ label = {{ en = "Account", ja = "勘定" }}, from = "json:/account" }},
  {{ label = {{ en = "Amount", ja = "金額" }}, from = "json:/amount", format = "currency", currency = "JPY" }},
]

# Approved on the phone, without a password: check 4. A password does it too, since this is a demo.
[[app]]
name = "phone"
title = "Calendar"
url = "https://phone.localhost{port}"
upstream = ["http://{app}"]
[app.demands.primary_factor]
methods = ["push", "password"]

# A login form that is shut until its owner opens it from the phone: login-protect before check 4.
[[app]]
name = "diary"
title = "Diary"
url = "https://diary.localhost{port}"
upstream = ["http://{app}"]
[app.demands.primary_factor]
login_protect = {{ organisation = "demo", service = "demo-service-001" }}

# A bank: a password to look; whatever moves money, or says how much may be moved, is held until it is approved by itself.
[[app]]
name = "bank"
title = "Bank"
url = "https://bank.localhost{port}"
upstream = ["http://{app}"]
[app.demands.primary_factor]
methods = ["password"]

# A posted form, approved on the phone of the requester.
[[app.transaction]]
name = "transfer"
paths = ["/transfer"]
title = {{ en = "Transfer", ja = "振込" }}
sentence = {{ en = "Money leaves your account.", ja = "口座から出金します。" }}
show = [
  {{ label = {{ en = "Payee", ja = "振込先" }}, from = "form:payee" }},
  {{ label = {{ en = "Amount", ja = "金額" }}, from = "form:amount", format = "currency", currency = "JPY" }},
  {{ label = {{ en = "Note", ja = "摘要" }}, from = "form:note", optional = true }},
]

# The same for programs, and for the bank's own page that posts JSON in the background.
[[app.transaction]]
name = "api-transfer"
paths = ["/api/transfers"]
title = {{ en = "Transfer", ja = "振込" }}
sentence = {{ en = "Asked for by a program.", ja = "プログラムからの依頼です。" }}
show = [
  {{ label = {{ en = "Payee", ja = "振込先" }}, from = "json:/payee" }},
  {{ label = {{ en = "Amount", ja = "金額" }}, from = "json:/amount", format = "currency", currency = "JPY" }},
  {{ label = {{ en = "Note", ja = "摘要" }}, from = "json:/note", optional = true }},
]

# Nobody who is asked too late can approve it.
[[app.transaction]]
name = "exchange"
paths = ["/exchange"]
title = {{ en = "Exchange yen into dollars", ja = "円をドルに両替" }}
waits = "15s"
show = [{{ label = {{ en = "Amount", ja = "金額" }}, from = "form:amount", format = "currency", currency = "JPY" }}]

# The transaction password first, then a number that is carried over to the phone.
[[app.transaction]]
name = "limit"
paths = ["/limit"]
title = {{ en = "Change the daily limit", ja = "一日の限度額を変更" }}
password = true
number = true
waits = "5m"
show = [{{ label = {{ en = "New limit", ja = "新しい限度額" }}, from = "form:limit", format = "currency", currency = "JPY" }}]

# A one-time password, typed beside what is shown; the answer is a download.
[[app.transaction]]
name = "statement"
paths = ["/statement"]
title = {{ en = "Download the statement", ja = "明細をダウンロード" }}
by = "otp"
show = [{{ label = {{ en = "Month", ja = "対象月" }}, from = "form:month" }}]

# Four eyes: another member of the staff approves it.
[[app.transaction]]
name = "close-account"
paths = ["/close-account"]
title = {{ en = "Close an account", ja = "口座を解約" }}
sentence = {{ en = "This cannot be undone.", ja = "元に戻せません。" }}
approvers = {{ groups = ["staff"], count = 1 }}
show = [{{ label = {{ en = "Account", ja = "口座" }}, from = "form:account" }}]
"#
    )
}
