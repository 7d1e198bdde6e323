//! Claims as providers write them: numbers with a fraction, an audience as a text or a list, groups within another claim.

use serde_json::{Map, Value};

use crate::clock::Timestamp;

/// The claims of a token or of a userinfo answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Claims(pub(super) Map<String, Value>);

impl Claims {
    /// A text that is not empty.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.find(name).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    /// A moment. Some providers write it with a fraction, and some write 0 for "not known".
    pub(super) fn moment(&self, name: &str) -> Option<Timestamp> {
        let seconds = self.0.get(name).and_then(Value::as_f64).filter(|seconds| *seconds > 0.0 && *seconds < 1e11)?;
        #[expect(clippy::cast_possible_truncation, reason = "below 1e14 by the line above")]
        Some(Timestamp::from_millis((seconds * 1000.0) as i64))
    }

    /// A text or a list of texts; `None` where the claim is absent or something else.
    pub(super) fn texts(&self, name: &str) -> Option<Vec<&str>> {
        match self.find(name)? {
            Value::String(one) => Some(vec![one]),
            Value::Array(several) => several.iter().map(Value::as_str).collect(),
            _ => None,
        }
    }

    /// Whether something is true: some providers write a text or 1.
    pub(super) fn truth(&self, name: &str) -> Option<bool> {
        match self.find(name)? {
            Value::Bool(truth) => Some(*truth),
            Value::String(text) => Some(text.eq_ignore_ascii_case("true") || text == "1"),
            Value::Number(number) => Some(number.as_i64() == Some(1)),
            _ => None,
        }
    }

    /// What a demand compares: a text as it is, and a number or truth as JSON writes it.
    pub(super) fn written(&self, name: &str) -> Option<String> {
        match self.find(name)? {
            Value::String(text) => Some(text.clone()),
            scalar @ (Value::Number(_) | Value::Bool(_)) => Some(scalar.to_string()),
            _ => None,
        }
    }

    /// A claim by its name; else by names with dots between them, for a claim within a claim.
    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        let found = match self.0.get(name) {
            Some(found) => Some(found),
            None => {
                let mut steps = name.split('.');
                let first = self.0.get(steps.next()?)?;
                steps.try_fold(first, |value, step| value.get(step))
            }
        };
        found.filter(|value| !value.is_null())
    }

    /// These and, where one is missing, those of another answer.
    pub(super) fn or(mut self, other: &Self) -> Self {
        for (name, value) in &other.0 {
            self.0.entry(name).or_insert_with(|| value.clone());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claims(text: &str) -> Claims {
        Claims(serde_json::from_str(text).unwrap())
    }

    #[test]
    fn a_time_with_a_fraction_is_read_and_0_is_not_known() {
        let read = claims(r#"{"a":1795895982.700302,"b":0,"c":1795895982,"d":"soon","e":1e300}"#);
        assert_eq!(read.moment("a"), Some(Timestamp::from_millis(1_795_895_982_700)));
        assert_eq!(read.moment("c"), Some(Timestamp::from_seconds(1_795_895_982)));
        assert_eq!([read.moment("b"), read.moment("d"), read.moment("e"), read.moment("none")], [None; 4]);
    }

    #[test]
    fn groups_are_a_text_a_list_or_absent_and_may_lie_within_another_claim() {
        let read = claims(
            r#"{"one":"staff","all":["eng","Ärzte, Süd"],"realm_access":{"roles":["a"]},"https://x.example/g":"b","odd":[1]}"#,
        );
        assert_eq!(read.texts("one"), Some(vec!["staff"]));
        assert_eq!(read.texts("all"), Some(vec!["eng", "Ärzte, Süd"]), "never split at commas or blanks");
        assert_eq!(read.texts("realm_access.roles"), Some(vec!["a"]));
        assert_eq!(read.texts("https://x.example/g"), Some(vec!["b"]), "a name with dots is a name first");
        assert_eq!([read.texts("none"), read.texts("odd")], [None, None]);
    }

    #[test]
    fn a_mail_address_is_verified_by_true_as_a_truth_a_text_or_1() {
        for (text, verified) in
            [("true", true), ("\"true\"", true), ("1", true), ("false", false), ("\"no\"", false), ("0", false)]
        {
            assert_eq!(claims(&format!("{{\"v\":{text}}}")).truth("v"), Some(verified), "{text}");
        }
        assert_eq!(claims("{}").truth("v"), None);
    }
}
