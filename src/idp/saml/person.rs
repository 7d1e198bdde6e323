//! What a verified assertion says of a person, as claims. The document holds one assertion, and that is the verified one.

use saml_rs::SsoSession;
use saml_rs::xml::dom::Node;
use serde_json::{Map, Value};

use super::peer::{SamlPeer, format_of, moment};
use super::shape::{of, only};
use crate::config::schema::NameIdKind;
use crate::idp::failure::{IdpReason, legible};

/// Claims that the gateway reads as an ID token's: an attribute of such a name is none of them.
const OURS: [&str; 7] = ["sub", "acr", "amr", "auth_time", "sid", "email", "name"];
/// Values of attributes that are taken, of all attributes together.
const MOST_VALUES: usize = 2000;
/// Their bytes together.
const LONGEST_VALUES: usize = 64 * 1024;

impl SamlPeer {
    /// The claims of an assertion.
    pub(super) fn person(&self, response: &Node, session: &SsoSession) -> Result<Map<String, Value>, IdpReason> {
        let unclear = |what: &str| IdpReason::not_believed(format!("its assertion does not say {what} once"));
        let assertion = only(response, "Assertion").ok_or_else(|| unclear("anything"))?;
        let name = only(assertion, "Subject").and_then(|subject| only(subject, "NameID"));
        let name = name.filter(|name| name.children.is_empty()).ok_or_else(|| unclear("who it is (NameID)"))?;
        // Two readers of one document that differ are a hole: then neither is believed.
        if name.text != session.name_id().value() || assertion.attr("ID") != Some(session.assertion_id().as_str()) {
            return Err(IdpReason::not_believed("its assertion can be read in two ways"));
        }
        self.format(name)?;
        let mut claims = attributes(assertion)?;
        let text = |name: &str, claims: &Map<String, Value>| claims.get(name).and_then(Value::as_str).map(str::to_owned);
        let subject = match &self.section.subject {
            Some(attribute) => text(attribute, &claims).ok_or_else(|| {
                IdpReason::set_up(format!("its assertion has no attribute {attribute:?} with one value, which says who it is"))
            })?,
            None => name.text.trim().to_owned(),
        };
        let (mail, display_name) = (text(&self.section.mail, &claims), text(&self.section.display_name, &claims));
        for name in OURS {
            claims.remove(name);
        }
        claims.insert("sub".to_owned(), subject.into());
        let mut put = |name: &str, value: Option<Value>| value.map(|value| claims.insert(name.to_owned(), value));
        put("email", mail.map(Value::from));
        put("name", display_name.map(Value::from));
        // Of several statements the oldest counts.
        let instants = session.authn_sessions().iter().filter_map(|statement| statement.authn_instant());
        let oldest = instants.filter_map(|instant| moment(instant.as_str())).min();
        put("auth_time", oldest.map(|at| at.seconds().into()));
        let context = only(assertion, "AuthnStatement").and_then(|statement| only(statement, "AuthnContext"));
        let class = context.and_then(|context| only(context, "AuthnContextClassRef"));
        put("acr", class.map(|class| class.text.trim().into()));
        Ok(claims)
    }

    /// Holds the format of a name identifier against the config.
    fn format(&self, name: &Node) -> Result<(), IdpReason> {
        let (expected, found) =
            (format_of(self.section.name_id), name.attr("Format").unwrap_or(format_of(NameIdKind::Unspecified)));
        if found == format_of(NameIdKind::Transient) && self.section.subject.is_none() {
            return Err(IdpReason::set_up("its name identifier is transient: nobody can be recognised by it"));
        }
        if found != expected {
            let text =
                format!("its name identifier has the format {:?}, and the config demands {expected:?}", legible(found, 100));
            return Err(IdpReason::set_up(text));
        }
        // SAML Core 2.0 §8.3.7: it is a name between these two; another pair's may be another person's.
        let is_of = |attribute: &str, who: &str| name.attr(attribute).is_none_or(|said| said == who);
        let is_persistent = self.section.name_id == NameIdKind::Persistent;
        if is_persistent && !(is_of("NameQualifier", self.idp.entity_id().as_str()) && is_of("SPNameQualifier", &self.own)) {
            return Err(IdpReason::not_believed("its name identifier was given by another provider, or for another gateway"));
        }
        Ok(())
    }
}

/// The attributes: one value as a text, several as a list, whether they stand in one element or in several.
fn attributes(assertion: &Node) -> Result<Map<String, Value>, IdpReason> {
    let mut claims: Map<String, Value> = Map::new();
    let (mut count, mut bytes) = (0, 0);
    for attribute in of(assertion, "AttributeStatement").into_iter().flat_map(|statement| of(statement, "Attribute")) {
        let Some(name) = attribute.attr("Name") else { continue };
        for value in of(attribute, "AttributeValue").into_iter().filter(|value| value.children.is_empty()) {
            let text = value.text.trim();
            (count, bytes) = (count + 1, bytes + name.len() + text.len());
            if count > MOST_VALUES || bytes > LONGEST_VALUES {
                return Err(IdpReason::set_up("its assertion has more attributes than are read: 2000 values or 64 KiB"));
            }
            let several = match claims.remove(name) {
                None => text.into(),
                Some(Value::Array(mut several)) => {
                    several.push(text.into());
                    Value::Array(several)
                }
                Some(one) => Value::Array(vec![one, text.into()]),
            };
            claims.insert(name.to_owned(), several);
        }
    }
    Ok(claims)
}
