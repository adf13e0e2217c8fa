//! Holds every answer against the OpenAPI document: the web app takes its types from there.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use http::{Method, StatusCode};
use serde_json::Value;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::to_value(realms_console::openapi()).unwrap());

/// Panics where an answer in JSON has another form than the document says. Paths that the document
/// does not know, and answers that are no JSON, are for other tests.
pub(crate) fn hold(method: &Method, path: &str, status: StatusCode, text: &str) {
    let Some(operation) = operation(method, path) else { return };
    let Ok(answer) = serde_json::from_str::<Value>(text) else { return };
    let schema = if status.is_success() {
        let response = &operation["responses"][status.as_str()];
        assert!(!response.is_null(), "{method} {path}: the document has no {status}");
        &response["content"]["application/json"]["schema"]
    } else {
        &DOCUMENT["components"]["schemas"]["Problem"]
    };
    let mut mistakes = Vec::new();
    compare(schema, &answer, "", &mut mistakes);
    assert!(mistakes.is_empty(), "{method} {path} {status}: {mistakes:#?}\n{text}");
}

/// The operation of a path; one with fewer variable parts goes first.
fn operation(method: &Method, path: &str) -> Option<&'static Value> {
    let path = path.split('?').next()?;
    let parts: Vec<&str> = path.split('/').collect();
    let variables = |known: &str| known.matches('{').count();
    let fits = |known: &str| {
        let known: Vec<&str> = known.split('/').collect();
        known.len() == parts.len()
            && known.iter().zip(&parts).all(|(known, part)| known.starts_with('{') || known == part)
    };
    let known = DOCUMENT["paths"].as_object()?.iter().filter(|(known, _)| fits(known));
    let (_, item) = known.min_by_key(|(known, _)| variables(known))?;
    item.get(method.as_str().to_lowercase())
}

fn compare(schema: &Value, value: &Value, at: &str, mistakes: &mut Vec<String>) {
    let schema = resolved(schema);
    if ["type", "allOf", "oneOf", "anyOf", "enum"].iter().all(|key| schema[key].is_null()) {
        return; // anything
    }
    if let Some(choices) = schema["oneOf"].as_array().or(schema["anyOf"].as_array()) {
        let fits = |choice| {
            let mut found = Vec::new();
            compare(choice, value, at, &mut found);
            found.is_empty()
        };
        if !choices.iter().any(fits) {
            mistakes.push(format!("{at}: {value} is none of the choices"));
        }
        return;
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        mistakes.push(format!("{at}: {value} is none of {words:?}"));
    }
    if !is_of(&schema["type"], value) {
        mistakes.push(format!("{at}: {value} is no {}", schema["type"]));
    }
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                compare(&schema["items"], item, &format!("{at}/{index}"), mistakes);
            }
        }
        Value::Object(_) => compare_fields(schema, value, at, mistakes),
        _ => {}
    }
}

fn compare_fields(schema: &Value, value: &Value, at: &str, mistakes: &mut Vec<String>) {
    let (mut fields, mut required) = (BTreeMap::new(), BTreeSet::new());
    collect(schema, &mut fields, &mut required);
    let rest = &schema["additionalProperties"];
    for name in required {
        if value.get(name).is_none() {
            mistakes.push(format!("{at}: there is no {name}"));
        }
    }
    for (name, one) in value.as_object().into_iter().flatten() {
        let at = format!("{at}/{name}");
        match fields.get(name.as_str()) {
            Some(field) => compare(field, one, &at, mistakes),
            None if rest.is_object() => compare(rest, one, &at, mistakes),
            None => mistakes.push(format!("{at}: the document does not know it")),
        }
    }
}

/// The fields of a schema and of all it is made of.
fn collect<'a>(
    schema: &'a Value,
    fields: &mut BTreeMap<&'a str, &'a Value>,
    required: &mut BTreeSet<&'a str>,
) {
    let schema = resolved(schema);
    fields.extend(
        schema["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, field)| (&**name, field)),
    );
    required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
    for part in schema["allOf"].as_array().into_iter().flatten() {
        collect(part, fields, required);
    }
}

fn resolved(schema: &Value) -> &Value {
    let name = schema["$ref"].as_str().and_then(|to| to.strip_prefix("#/components/schemas/"));
    name.map_or(schema, |name| &DOCUMENT["components"]["schemas"][name])
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind {
        Value::Array(kinds) => kinds.iter().any(|kind| is_of(kind, value)),
        Value::String(kind) => match kind.as_str() {
            "string" => value.is_string(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_i64() || value.is_u64(),
            "number" => value.is_number(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            _ => value.is_null(),
        },
        _ => true,
    }
}
