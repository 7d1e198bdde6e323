//! An addition that demands a certificate of selected users is refused where it need not be known who asks.

use super::meaning::reported_once;
use super::{LEAST, WIKI, parse};

/// The addition, behind an app `wiki` with these demands and rules; `more` of its own.
fn config(wiki: &str, more: &str) -> String {
    let wiki = WIKI.replace("demands.primary_factor = {}", wiki);
    let demand = "demands.client_certificate = { trust = [\"a\"], applies_to = \"selected_users\" }";
    format!("{LEAST}{wiki}\n[[addition]]\ngroup = \"staff\"\n{demand}\n{more}\n[trust.a]\nbundle = \"x\"\n")
}

const PUBLIC: &str = "rule = [{ paths = [\"/public/**\"], demands = { primary_factor = { mode = \"off\" } } }]";

#[test]
fn of_selected_users_an_addition_demands_a_certificate_only_where_everybody_has_to_sign_in() {
    let path = "addition[0].demands.client_certificate.applies_to";
    let everyone = "demands.client_certificate = { trust = [\"a\"] }";
    let observed = "demands.primary_factor = { mode = \"observe\" }";
    let off = "demands.primary_factor = { mode = \"off\" }";
    let here = "apps = [\"wiki\"]";
    for (wiki, more) in [
        (observed.to_owned(), ""),
        (observed.to_owned(), here),
        (format!("{observed}\n{everyone}"), here),
        // Its own sign-in is demanded of members, who need not say that they are.
        (observed.to_owned(), "demands.primary_factor = {}"),
        (format!("demands.primary_factor = {{}}\n{}", PUBLIC.replace("off", "observe")), ""),
        (off.to_owned(), here),
    ] {
        reported_once(&config(&wiki, more), path, "everybody would pass");
    }
    for (wiki, more) in [
        ("demands.primary_factor = {}".to_owned(), ""),
        ("demands.primary_factor = {}".to_owned(), here),
        (format!("demands.primary_factor = {{}}\n{PUBLIC}"), here),
        // Nothing is added where nobody is known, and the certificate that everyone must show says who asks.
        (off.to_owned(), ""),
        (format!("{off}\n{everyone}"), here),
    ] {
        let text = config(&wiki, more);
        assert!(parse(&text).is_ok(), "{}\n{text}", parse(&text).unwrap_err());
    }
}
