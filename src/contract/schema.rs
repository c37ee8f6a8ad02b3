//! A contract as JSON Schema (draft 2020-12), so that an editor can check and complete a front matter.

use serde_json::{Value as Json, json};

use super::{Contract, Kind};

/// The JSON Schema of a contract under a title.
pub fn json_schema(contract: &Contract, title: &str) -> Json {
    let mut schema = table(contract);
    let head = json!({ "$schema": "https://json-schema.org/draft/2020-12/schema", "title": title });
    if let (Some(schema), Json::Object(mut head)) = (schema.as_object_mut(), head) {
        head.append(schema);
        return Json::Object(head);
    }
    schema
}

fn table(contract: &Contract) -> Json {
    let properties = contract.fields.iter().map(|field| {
        let mut schema = kind(&field.kind);
        if field.required && field.kind == Kind::Text {
            schema["pattern"] = Json::from("\\S");
        }
        if !field.help.is_empty() {
            schema["description"] = Json::from(field.help.as_str());
        }
        (field.name.clone(), schema)
    });
    let required: Vec<_> =
        contract.fields.iter().filter(|field| field.required).map(|field| field.name.as_str()).collect();
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": null });
    schema["properties"] = Json::Object(properties.collect());
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn kind(of: &Kind) -> Json {
    match of {
        Kind::Text => json!({ "type": "string" }),
        Kind::Date => json!({ "type": "string", "format": "date" }),
        Kind::Count => json!({ "type": "integer", "minimum": 0 }),
        Kind::Boolean => json!({ "type": "boolean" }),
        Kind::Choice(words) => json!({ "enum": words }),
        Kind::List(item) => json!({ "type": "array", "items": kind(item) }),
        Kind::Table(contract) => table(contract),
        Kind::Map(value) => json!({ "type": "object", "additionalProperties": kind(value) }),
        Kind::Either(kinds) => json!({ "anyOf": kinds.iter().map(kind).collect::<Vec<_>>() }),
    }
}
