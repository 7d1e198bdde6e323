//! Transactions: a request is held until it is approved, shown on the phone, and forwarded once, byte for byte; and every
//! reason for which it is not forwarded (R-402…R-411, R-447…R-453, A-43).

mod approvals;
mod forwarding;
mod lifecycle;
mod programs;
mod shown;

use crate::support::{Browser, Person, Phone, World};

const BANK: &str = r#"
[app.demands.primary_factor]
[app.demands.otp]
[[app.transaction]]
name = "transfer"
paths = ["/transfer"]
title = { en = "Transfer", ja = "振込" }
show = [
  { label = { en = "Payee", ja = "振込先" }, from = "form:payee" },
  { label = { en = "Amount" }, from = "form:amount", format = "currency", currency = "JPY" },
]
[[app.transaction]]
name = "order"
paths = ["/api/orders"]
title = { en = "Order" }
show = [{ label = { en = "Amount" }, from = "json:/amount", format = "number" }]
[[app.transaction]]
name = "close"
paths = ["/close/*"]
methods = ["DELETE"]
title = { en = "Close an account" }
show = [{ label = { en = "Account" }, from = "path:2" }]
approvers = { groups = ["managers"], count = 2 }
[[app.transaction]]
name = "limit"
paths = ["/limit"]
title = { en = "Raise the limit" }
password = true
number = true
[[app.transaction]]
name = "note"
paths = ["/note"]
title = { en = "Note" }
by = "otp"
[[app.transaction]]
name = "batch"
paths = ["/batch"]
title = { en = "Batch" }
covers = "10m"
"#;

const TRANSFER: &str = "payee=Taro+Yamada&amount=1250000&note=a%20b";

struct Scene {
    world: World,
    alice: Person,
    phone: Phone,
    browser: Browser,
}

async fn scene() -> Scene {
    let world = World::with(&[("bank", BANK)], "").await;
    let alice = world.person("alice").await;
    let phone = Phone::of(&world, &["alice"]).await;
    let mut browser = world.browser();
    let page = browser.sign_in(&world.url("bank", "/"), &alice).await;
    assert_eq!(page.body, "GET /\n");
    Scene { world, alice, phone, browser }
}

impl Scene {
    fn url(&self, path: &str) -> String {
        self.world.url("bank", path)
    }

    /// The same browser's background requests.
    fn program(&self) -> Browser {
        self.browser.clone().with_header("accept", "application/json").with_header("content-type", "application/json")
    }

    fn posted(&self) -> usize {
        self.world.upstream.seen().iter().filter(|seen| seen.method != "GET").count()
    }
}
