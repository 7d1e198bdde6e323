//! A config that demands a profile of a standard of itself: `check` proves it line by line or refuses, `run` and a reload
//! take nothing that does not meet it, and `config profile` says every line of any.

use serde_json::Value;

use crate::support::World;
use crate::support::failing::fails;

const STRICT: &str = r#"
profile = "nist-aal2"
[app.demands]
client_certificate = { trust = ["world"] }
primary_factor = {}
otp = { methods = ["totp", "push"] }
"#;
const TYPED: &str = "[approval]\nnumber_style = \"type\"\nnumber_matching = \"always\"\n";

#[tokio::test]
async fn a_profile_is_proved_line_by_line_or_nothing_runs() {
    let world = World::with(&[("bank", STRICT)], "").await;
    for command in ["check", "run"] {
        let said =
            fails(&world, &[command], &["NIST SP 800-63B-4 §3.1.3.2", "two digits is chosen", "number_style = \"type\""], &[])
                .await;
        said.mentions(&["§3.1.3.1", "write number_matching = \"always\""]);
        assert_ne!(said.code, 1, "the config is what is wrong: {said:?}");
    }
    let said = world.command(&["config", "profile"]).await;
    assert_eq!(said.code, 4);
    for words in
        ["profile nist-aal2 of bank", "2 not met", "FAILS     §3.1.3.2", "proven    §3.1.4.2", "operator  §4.2", "mend: "]
    {
        assert!(said.out.contains(words), "{words}: {said:?}");
    }

    world.configure(&[("bank", STRICT)], TYPED);
    let said = world.command(&["check"]).await;
    assert_eq!(said.code, 0, "{said:?}");
    for words in ["met, as far as a config can", "ok        §3.1.3.2", "six digits are typed", "approval.number_style"] {
        assert!(said.out.contains(words), "{words}: {said:?}");
    }
    let got: Value = serde_json::from_str(&world.command(&["check", "--json"]).await.out).unwrap();
    assert_eq!((&got["profiles"][0]["profile"], &got["profiles"][0]["met"]), (&"nist-aal2".into(), &true.into()));
    // Another one is asked about without being demanded.
    let said = world.command(&["config", "profile", "asvs-l2"]).await;
    assert!(said.code == 4 && said.out.contains("totp.skew") && said.out.contains("6.5.5"), "{said:?}");
    assert_eq!(world.command(&["config", "profile", "aal2"]).await.code, 2);

    // What runs keeps running by the config that meets it.
    let gateway = world.start().await;
    world.configure(&[("bank", STRICT)], "");
    assert_ne!(world.command(&["check"]).await.code, 0);
    for _ in 0..100 {
        if gateway.words().contains("two digits is chosen") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(gateway.words().contains("two digits is chosen"), "the reload is refused: {}", gateway.words());
    assert_eq!(gateway.stop().await, 0);
}
