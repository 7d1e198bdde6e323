//! What a response must look like before anything of it is verified: small, without anything that two parsers could read
//! differently, with one assertion in one place. The known ways to wrap a signed assertion (XSW1 to XSW8) all need a second
//! assertion or response in the document, a signature in another place, or an `Object` that holds what was signed.

use saml_rs::xml::XmlLimits;
use saml_rs::xml::dom::{self, Document, Node};

use crate::idp::failure::{IdpReason, legible};

/// How much of a document is read.
pub(super) const LIMITS: XmlLimits = XmlLimits {
    max_bytes: 256 * 1024,
    max_depth: 32,
    max_nodes: 8192,
    max_attributes_per_element: 32,
    max_attribute_value_bytes: 4096,
    max_text_bytes: 32 * 1024,
};

/// Reads a response, and refuses what no provider has a reason to send.
pub(super) fn look(xml: &str) -> Result<Document, IdpReason> {
    // Comments are left out of what is signed, and may end a text early for another parser; a document type brings entities.
    // In text and attributes `<` stands escaped, so that these characters are always markup.
    if xml.contains("<!") {
        return Err(wrong("it holds a comment, CDATA or a document type, which no response needs"));
    }
    let body = xml.trim_start_matches('\u{feff}').trim_start();
    let after_declaration = body.strip_prefix("<?xml").map_or(body, |rest| rest.split_once("?>").map_or(rest, |(_, rest)| rest));
    if after_declaration.contains("<?") {
        return Err(wrong("it holds a processing instruction, which no response needs"));
    }
    let document = dom::parse_with_limits(xml, LIMITS)
        .map_err(|error| wrong(&format!("it cannot be read as XML: {}", legible(&error.to_string(), 200))))?;
    if document.root.local_name != "Response" {
        return Err(wrong(&format!("it is a {:?}, not a Response", legible(&document.root.local_name, 64))));
    }
    let mut seen = Seen::default();
    walk(&document.root, None, &mut seen)?;
    if seen.assertions > 1 || seen.assertions != of(&document.root, "Assertion").len() {
        return Err(wrong("it must hold one assertion, directly in the response: it was built to deceive (signature wrapping)"));
    }
    Ok(document)
}

#[derive(Default)]
struct Seen {
    assertions: usize,
}

fn walk(node: &Node, parent: Option<&Node>, seen: &mut Seen) -> Result<(), IdpReason> {
    match node.local_name.as_str() {
        "EncryptedAssertion" | "EncryptedID" | "EncryptedAttribute" => {
            let text = "the assertion is encrypted, which this gateway does not read; switch its encryption off at the provider";
            return Err(IdpReason::set_up(text));
        }
        "Response" if parent.is_some() => {
            return Err(wrong("it holds another response: it was built to deceive (signature wrapping)"));
        }
        "Assertion" => seen.assertions += 1,
        "Signature" => signature(node, parent)?,
        _ => {}
    }
    node.children.iter().try_for_each(|child| walk(child, Some(node), seen))
}

/// A signature stands in the response or in its assertion, once in each, and signs one thing.
fn signature(node: &Node, parent: Option<&Node>) -> Result<(), IdpReason> {
    let is_at_home = parent.is_some_and(|parent| {
        ["Response", "Assertion"].contains(&parent.local_name.as_str()) && of(parent, "Signature").len() == 1
    });
    let info = of(node, "SignedInfo");
    let one_reference = info.len() == 1 && info.iter().all(|info| of(info, "Reference").len() == 1);
    if !is_at_home || !one_reference || !of(node, "Object").is_empty() {
        return Err(wrong("a signature stands where none belongs, or signs several things (signature wrapping)"));
    }
    let mut left: Vec<&Node> = info;
    while let Some(inner) = left.pop() {
        let algorithm = inner.attr("Algorithm").unwrap_or_default();
        if algorithm.ends_with("sha1") || algorithm.ends_with("md5") {
            let text = format!(
                "it is signed with {:?}, which is broken; have the provider sign with RSA-SHA256",
                legible(algorithm, 100)
            );
            return Err(IdpReason::set_up(text));
        }
        left.extend(&inner.children);
    }
    Ok(())
}

/// The children of this name.
pub(super) fn of<'n>(node: &'n Node, name: &str) -> Vec<&'n Node> {
    node.children.iter().filter(|child| child.local_name == name).collect()
}

/// The one child of this name.
pub(super) fn only<'n>(node: &'n Node, name: &str) -> Option<&'n Node> {
    match of(node, name).as_slice() {
        [one] => Some(one),
        _ => None,
    }
}

fn wrong(why: &str) -> IdpReason {
    IdpReason::not_believed(format!("its response is not accepted: {why}"))
}
