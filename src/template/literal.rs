//! JSON values as Typst expressions.

use serde_json::Value as Json;

use crate::markup::escape::typst_string;

/// A value as a Typst expression: absent is `none`, tables become dictionaries.
pub fn typst(value: &Json) -> String {
    match value {
        Json::Null => "none".into(),
        Json::Bool(answer) => answer.to_string(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => typst_string(text),
        // A trailing comma keeps one item an array.
        Json::Array(items) => sequence(items.iter().map(typst)),
        Json::Object(fields) if fields.is_empty() => "(:)".into(),
        Json::Object(fields) => {
            sequence(fields.iter().map(|(key, value)| format!("{}: {}", typst_string(key), typst(value))))
        }
    }
}

fn sequence(items: impl Iterator<Item = String>) -> String {
    let mut text = String::from("(");
    for item in items {
        text.push_str(&item);
        text.push_str(", ");
    }
    text.truncate(text.trim_end().len());
    text + ")"
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    #[test]
    fn every_kind_of_value_has_its_expression() {
        let value = json!({ "a": null, "b": ["x\"#sys", 1], "c": [], "d": {}, "e": true });
        let typst = super::typst(&value);
        assert_eq!(typst, r##"("a": none, "b": ("x\"#sys", 1,), "c": (), "d": (:), "e": true,)"##);
    }
}
