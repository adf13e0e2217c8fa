//! Schemas that a model can be held to: what OpenAI and Anthropic want of one.

use serde_json::{Map, Value};

use crate::Losses;

/// What Anthropic does not hold a model to, and refuses.
const REFUSED: [&str; 18] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "maxItems",
    "uniqueItems",
    "contains",
    "minProperties",
    "maxProperties",
    "patternProperties",
    "propertyNames",
    "if",
    "then",
    "else",
    "not",
];

/// Keywords under which schemas stand by name.
const NAMED: [&str; 3] = ["properties", "$defs", "definitions"];
/// Keywords under which schemas stand in a list.
const LISTED: [&str; 4] = ["anyOf", "allOf", "oneOf", "prefixItems"];

/// Whether OpenAI takes a schema as strict: every object closed, every property required.
pub(in crate::prompt) fn holds_openai(schema: &Value) -> bool {
    let Value::Object(map) = schema else { return false };
    map.get("type").and_then(Value::as_str) == Some("object") && holds(schema)
}

fn holds(schema: &Value) -> bool {
    let Value::Object(map) = schema else { return false };
    if map.contains_key("allOf")
        || map.contains_key("oneOf")
        || map.contains_key("propertyOrdering")
    {
        return false;
    }
    if let Some(Value::Object(properties)) = map.get("properties") {
        let required = map.get("required").and_then(Value::as_array);
        let is_required = |name: &String| {
            required.is_some_and(|names| names.iter().any(|one| one.as_str() == Some(name)))
        };
        let closed = map.get("additionalProperties") == Some(&Value::Bool(false));
        if !closed || !properties.keys().all(is_required) {
            return false;
        }
    } else if map.get("type").and_then(Value::as_str) == Some("object") {
        return false;
    }
    children(map).into_iter().all(holds)
}

/// The schema as Anthropic takes it in `output_config.format`; `None` when it refers to itself.
pub(in crate::prompt) fn for_anthropic(
    schema: &Value,
    path: &str,
    losses: &mut Losses,
) -> Option<Value> {
    if is_recursive(schema) {
        return None;
    }
    let mut schema = schema.clone();
    clean(&mut schema, path, losses);
    Some(schema)
}

/// Whether Anthropic takes it as it is.
pub(in crate::prompt) fn holds_anthropic(schema: &Value) -> bool {
    let mut losses = Losses::default();
    for_anthropic(schema, "", &mut losses).is_some_and(|cleaned| cleaned == *schema)
}

fn clean(schema: &mut Value, path: &str, losses: &mut Losses) {
    let Value::Object(map) = schema else { return };
    for word in REFUSED {
        if map.shift_remove(word).is_some() {
            losses.dropped(format!("{path}..{word}"), "the model cannot be held to this");
        }
    }
    if map.get("minItems").and_then(Value::as_u64).is_some_and(|least| least > 1) {
        map.shift_remove("minItems");
        losses.dropped(format!("{path}..minItems"), "the model cannot be held to this");
    }
    if let Some(either) = map.shift_remove("oneOf") {
        losses.approximated(format!("{path}..oneOf"), "any of them, not just one");
        map.insert("anyOf".to_owned(), either);
    }
    if map.shift_remove("propertyOrdering").is_some() {
        losses.dropped(format!("{path}..propertyOrdering"), "no such word in a schema there");
    }
    let is_object =
        map.contains_key("properties") || map.get("type").and_then(Value::as_str) == Some("object");
    if is_object && map.get("additionalProperties") != Some(&Value::Bool(false)) {
        if map.contains_key("additionalProperties") {
            losses.approximated(
                format!("{path}..additionalProperties"),
                "no other properties are allowed",
            );
        }
        map.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    for child in children_mut(map) {
        clean(child, path, losses);
    }
}

/// Whether any definition leads back to itself. A reference to the whole schema always does.
fn is_recursive(schema: &Value) -> bool {
    let mut open = Vec::new();
    returns(schema, schema, &mut open, &mut 0)
}

/// How many schemas are looked at; one that needs more is as good as endless.
const MOST_SCHEMAS: usize = 10_000;

fn returns<'a>(
    root: &'a Value,
    schema: &'a Value,
    open: &mut Vec<&'a str>,
    seen: &mut usize,
) -> bool {
    *seen += 1;
    let Value::Object(map) = schema else { return false };
    if *seen > MOST_SCHEMAS {
        return true;
    }
    if let Some(name) = map.get("$ref").and_then(Value::as_str) {
        let place = name.strip_prefix('#').filter(|place| !place.is_empty());
        let Some(target) = place.and_then(|place| root.pointer(place)) else {
            return name == "#";
        };
        if open.contains(&name) || open.len() > 64 {
            return true;
        }
        open.push(name);
        let found = returns(root, target, open, seen);
        open.pop();
        if found {
            return true;
        }
    }
    let definitions = |key: &str| key == "$defs" || key == "definitions";
    children_of(map, definitions).into_iter().any(|child| returns(root, child, open, seen))
}

fn children(map: &Map<String, Value>) -> Vec<&Value> {
    children_of(map, |_| false)
}

fn children_of(map: &Map<String, Value>, skip: impl Fn(&str) -> bool) -> Vec<&Value> {
    let mut found = Vec::new();
    for (key, value) in map {
        match value {
            _ if skip(key) => {}
            Value::Object(named) if NAMED.contains(&key.as_str()) => found.extend(named.values()),
            Value::Array(list) if LISTED.contains(&key.as_str()) => found.extend(list),
            Value::Object(_) if key == "items" => found.push(value),
            _ => {}
        }
    }
    found
}

fn children_mut(map: &mut Map<String, Value>) -> Vec<&mut Value> {
    let mut found = Vec::new();
    for (key, value) in map.iter_mut() {
        let key = key.as_str();
        if NAMED.contains(&key) {
            if let Value::Object(named) = value {
                found.extend(named.values_mut());
            }
        } else if LISTED.contains(&key) {
            if let Value::Array(list) = value {
                found.extend(list.iter_mut());
            }
        } else if key == "items" {
            found.push(value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_anthropic_refuses_is_taken_out_and_named() {
        let schema = json!({"type":"object","properties":{
            "age":{"type":"integer","minimum":0},
            "tags":{"type":"array","minItems":2,"items":{"type":"string","maxLength":9}},
            "minimum":{"type":"string"}},
            "oneOf":[{"type":"object"}]});
        let mut losses = Losses::default();
        let cleaned = for_anthropic(&schema, "s", &mut losses).unwrap();
        assert_eq!(
            cleaned,
            json!({"type":"object","properties":{
                "age":{"type":"integer"},
                "tags":{"type":"array","items":{"type":"string"}},
                "minimum":{"type":"string"}},
                "anyOf":[{"type":"object","additionalProperties":false}],
                "additionalProperties":false})
        );
        let lost: Vec<&str> = losses.named().iter().map(|loss| &*loss.path).collect();
        assert_eq!(lost, ["s..oneOf", "s..minimum", "s..minItems", "s..maxLength"]);
        assert!(!holds_anthropic(&schema) && holds_anthropic(&cleaned));
    }

    #[test]
    fn a_schema_that_refers_to_itself_is_known() {
        for (schema, recursive) in [
            (json!({"$ref":"#"}), true),
            (
                json!({"$defs":{"a":{"properties":{"b":{"$ref":"#/$defs/a"}}}},"$ref":"#/$defs/a"}),
                true,
            ),
            (
                json!({"$defs":{"a":{"$ref":"#/$defs/b"},"b":{"$ref":"#/$defs/a"}},"items":{"$ref":"#/$defs/a"}}),
                true,
            ),
            (
                json!({"$defs":{"a":{"type":"string"}},"properties":{"x":{"$ref":"#/$defs/a"},"y":{"$ref":"#/$defs/a"}}}),
                false,
            ),
            (json!({"$ref":"https://elsewhere.example/"}), false),
            (json!({"properties":{"$ref":{"type":"string"}}}), false),
        ] {
            assert_eq!(is_recursive(&schema), recursive, "{schema}");
        }
    }

    #[test]
    fn wide_definitions_end() {
        let mut defs = Map::new();
        for level in 0..40 {
            let next = json!({ "$ref": format!("#/$defs/{}", level + 1) });
            defs.insert(level.to_string(), json!({ "anyOf": [next, next] }));
        }
        assert!(is_recursive(&json!({ "$defs": defs, "$ref": "#/$defs/0" })));
    }
}
