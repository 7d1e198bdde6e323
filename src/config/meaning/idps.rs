//! What identity providers mean: names that can stand in an address, issuers that are reached by TLS, a way to authenticate
//! there, and accounts that are linked by what a provider can know.

use url::Url;

use super::{Complaints, is_name};
use crate::config::schema::{ClientAuth, File, IdpSection, LinkRule, NameIdKind, SamlSection, UnknownPerson};
use crate::principal::user::GroupName;

pub(super) fn look(file: &File, found: &mut Complaints) {
    for (place, idp) in file.idp.iter().enumerate() {
        let key = |key: &str| format!("idp[{place}].{key}");
        found.unless(
            !idp.name.is_empty() && idp.name.len() <= 64 && idp.name.chars().all(is_name),
            &key("name"),
            "it is not a name",
            "use letters, digits, `-` and `_`",
        );
        if file.idp.iter().take(place).any(|earlier| earlier.name == idp.name) {
            found.say(key("name"), "another provider has this name", "each needs an address of its own to come back to");
        }
        match &idp.saml {
            None => {
                issuer(&key("issuer"), &idp.issuer, found);
                let help = "write the id that the provider gave out";
                found.unless(!idp.client_id.is_empty(), &key("client_id"), "it is empty", help);
                credential(idp, &key, found);
                request(idp, &key, found);
            }
            Some(section) => saml(idp, section, &key, found),
        }
        people(idp, &key, found);
        found.longer_than_nothing(&key("answer_within"), idp.answer_within);
    }
}

fn issuer(path: &str, issuer: &str, found: &mut Complaints) {
    let help = "as in \"https://login.example.com\", exactly as the discovery document writes it";
    match issuer.parse::<Url>() {
        Ok(url) if url.scheme() == "https" && url.query().is_none() && url.fragment().is_none() => {
            let has_user = !url.username().is_empty() || url.password().is_some();
            found.unless(!has_user && !issuer.contains(['{', '}']), path, "it is not an issuer", help);
        }
        Ok(url) if url.scheme() == "http" => {
            let message = "an issuer must use https: without TLS, an attacker on the network could sign in as any user";
            found.say(path, message, help);
        }
        _ => found.say(path, format!("`{issuer}` is not an issuer"), help),
    }
}

fn credential(idp: &IdpSection, key: &impl Fn(&str) -> String, found: &mut Complaints) {
    let by_key = idp.client_auth == ClientAuth::PrivateKeyJwt;
    if by_key {
        found.unless(
            idp.client_key_file.is_some(),
            &key("client_auth"),
            "`private_key_jwt` needs a key",
            "name its PEM file in `client_key_file`",
        );
    } else {
        found.unless(
            idp.client_secret_file.is_some(),
            &key("client_auth"),
            "there is no secret to authenticate with",
            "name its file in `client_secret_file`, or write `client_auth = \"private_key_jwt\"` and name a key",
        );
        found.unless(
            idp.client_key_file.is_none(),
            &key("client_key_file"),
            "a key is used by `private_key_jwt` alone",
            "write `client_auth = \"private_key_jwt\"`, or leave the key out",
        );
    }
}

fn saml(idp: &IdpSection, saml: &SamlSection, key: &impl Fn(&str) -> String, found: &mut Complaints) {
    let is_id =
        |text: &str| text.len() <= 1024 && !text.contains(|c: char| c.is_whitespace() || c.is_control() || "<>{}".contains(c));
    found.unless(
        !idp.issuer.is_empty() && is_id(&idp.issuer),
        &key("issuer"),
        "it is not an entity ID",
        "write `entityID` of the provider's metadata",
    );
    found.unless(
        is_id(&idp.client_id),
        &key("client_id"),
        "it is not an entity ID",
        "leave it out, or write an address of your own",
    );
    found.unless(
        saml.name_id != NameIdKind::Transient || saml.subject.is_some(),
        &key("saml.name_id"),
        "a transient name identifier is another one for each sign-in: nobody could be recognised by it",
        "name the attribute that says who it is in `saml.subject`, or demand `persistent`",
    );
    for (name, attribute) in [("mail", &saml.mail), ("display_name", &saml.display_name)]
        .into_iter()
        .chain(saml.subject.as_ref().map(|subject| ("subject", subject)))
    {
        found.unless(
            !attribute.is_empty(),
            &key(&format!("saml.{name}")),
            "it names no attribute",
            "leave the key out, or name one",
        );
    }
    found.unless(
        saml.key_file.is_some() == saml.certificate_file.is_some(),
        &key("saml.key_file"),
        "a key and its certificate belong together",
        "name both, or neither",
    );
    let of_tokens = [
        ("client_secret_file", idp.client_secret_file.is_some()),
        ("client_key_file", idp.client_key_file.is_some()),
        ("client_key_id", idp.client_key_id.is_some()),
        ("authority", idp.authority.is_some()),
        ("networks", !idp.networks.is_empty()),
        ("parameters", !idp.parameters.is_empty()),
        ("amr", !idp.amr.is_empty()),
    ];
    for (name, is_set) in of_tokens {
        found.unless(!is_set, &key(name), "it is of OpenID Connect, and this provider speaks SAML", "leave it out");
    }
}

/// Parameters of the authorization request that are ours to set.
const OURS: [&str; 11] = [
    "response_type",
    "response_mode",
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "acr_values",
    "max_age",
];

fn request(idp: &IdpSection, key: &impl Fn(&str) -> String, found: &mut Complaints) {
    found.unless(
        idp.scopes.iter().any(|scope| scope == "openid"),
        &key("scopes"),
        "without `openid` no provider gives an ID token",
        "as in [\"openid\", \"email\", \"profile\"]",
    );
    for (place, scope) in idp.scopes.iter().enumerate() {
        let fits = !scope.is_empty() && scope.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\');
        found.unless(fits, &format!("{}[{place}]", key("scopes")), "it is not a scope", "one word each");
    }
    found.unless(!idp.algorithms.is_empty(), &key("algorithms"), "no ID token could be verified", "leave the key out for all");
    for name in idp.parameters.keys().filter(|name| OURS.contains(&name.as_str())) {
        found.say(format!("{}.{name}", key("parameters")), format!("`{name}` is set by the gateway itself"), "leave it out");
    }
}

fn people(idp: &IdpSection, key: &impl Fn(&str) -> String, found: &mut Complaints) {
    for (place, domain) in idp.mail_domains.iter().enumerate() {
        let fits = url::Host::parse(domain).is_ok_and(|host| matches!(host, url::Host::Domain(_))) && !domain.starts_with('@');
        found.unless(
            fits && domain.contains('.'),
            &format!("{}[{place}]", key("mail_domains")),
            "it is not a mail domain",
            "write what stands behind the `@`, as in \"example.com\"",
        );
    }
    found.unless(
        idp.link == LinkRule::Subject || !idp.mail_domains.is_empty(),
        &key("link"),
        "without `mail_domains` this provider could take over every account by its mail address",
        "list the domains whose addresses it knows in `mail_domains`",
    );
    found.unless(
        idp.button || !idp.mail_domains.is_empty(),
        &key("button"),
        "without a button and without mail domains nobody finds this provider",
        "list `mail_domains`, or leave the button on",
    );
    found.unless(
        idp.users == UnknownPerson::Refuse || !idp.user_name.is_empty(),
        &key("user_name"),
        "a new account would have no name",
        "name a claim, as in \"preferred_username\" or \"email\"",
    );
    let Some(groups) = &idp.groups else { return };
    found.unless(!groups.claim.is_empty(), &key("groups.claim"), "it names no claim", "as in \"groups\"");
    for (theirs, ours) in &groups.map {
        if let Err(error) = GroupName::parse(ours) {
            found.say(format!("{}.{theirs}", key("groups.map")), format!("`{ours}` is no group here: {error}"), "name a group");
        }
    }
}
