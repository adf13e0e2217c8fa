//! JSON schema and Google's subset of OpenAPI's schema.
//!
//! `parameters` and `responseSchema` take the subset in every version of Google's API; what refers to
//! a definition is written out in place, and what the subset has no keyword for is left out by name.
//! Nested keywords are named once for each schema: `tools[0].parameters..additionalProperties`.

use serde_json::{Map, Value, json};

use crate::Losses;

/// How deep definitions are written out, and how many schemas one may become.
const MOST_DEPTH: usize = 24;
const MOST_SCHEMAS: usize = 4_000;
/// What definitions may grow to where they are written out: so many times the schema, and a little.
const MOST_TIMES: usize = 8;
const LEAST_BUDGET: usize = 16 * 1024;

/// Keywords that mean the same on both sides.
const KEPT: [&str; 16] = [
    "title",
    "description",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "minLength",
    "maxLength",
    "pattern",
    "minimum",
    "maximum",
    "example",
    "default",
    "propertyOrdering",
    "required",
    "nullable",
];
/// Keywords that say nothing of a value, and are left out unnamed.
const ANNOTATIONS: [&str; 5] = ["$schema", "$id", "$comment", "$defs", "definitions"];
/// Keywords that are read by a rule below.
const READ: [&str; 10] =
    ["type", "enum", "const", "format", "properties", "items", "anyOf", "oneOf", "allOf", "$ref"];
/// The formats that Google knows, by type.
const FORMATS: [&str; 7] = ["enum", "date-time", "int32", "int64", "float", "double", "byte"];

/// A schema on its way to Google.
struct Writer<'a> {
    root: &'a Value,
    path: &'a str,
    losses: &'a mut Losses,
    /// References that are being written out.
    open: Vec<String>,
    schemas: usize,
    /// How many bytes may still be written a second time.
    budget: usize,
}

/// A JSON schema as Google's; `None` for one that takes no properties at all, which Google refuses to be told.
pub(in crate::prompt) fn to_google(
    schema: &Value,
    path: &str,
    losses: &mut Losses,
) -> Option<Value> {
    let budget = LEAST_BUDGET + MOST_TIMES * weight(schema, usize::MAX / MOST_TIMES / 2);
    let mut writer = Writer { root: schema, path, losses, open: Vec::new(), schemas: 0, budget };
    let written = writer.schema(schema, 0);
    let map = written.as_object()?;
    let is_object = map.get("type").is_none_or(|kind| kind == "OBJECT");
    let says_nothing = is_object
        && !map.contains_key("properties")
        && !map.contains_key("anyOf")
        && !map.contains_key("description");
    (!says_nothing).then_some(written)
}

/// Google's schema as JSON schema.
pub(in crate::prompt) fn from_google(schema: Value) -> Value {
    let Value::Object(map) = schema else { return schema };
    let mut out = Map::new();
    let mut nullable = false;
    for (key, value) in map {
        let key = camel(key);
        match (key.as_str(), value) {
            ("nullable", Value::Bool(said)) => nullable = said,
            ("type", Value::String(word)) => {
                out.insert(key, Value::String(word.to_ascii_lowercase()));
            }
            ("properties", Value::Object(named)) => {
                let read = named.into_iter().map(|(name, one)| (name, from_google(one))).collect();
                out.insert(key, Value::Object(read));
            }
            ("items", one) => {
                out.insert(key, from_google(one));
            }
            ("anyOf" | "prefixItems", Value::Array(list)) => {
                out.insert(key, list.into_iter().map(from_google).collect());
            }
            // 64-bit numbers are text in proto3 JSON.
            (
                "minItems" | "maxItems" | "minLength" | "maxLength" | "minProperties"
                | "maxProperties",
                Value::String(text),
            ) => {
                let count = text.parse::<u64>().map_or(Value::String(text), Value::from);
                out.insert(key, count);
            }
            (_, value) => {
                out.insert(key, value);
            }
        }
    }
    if nullable {
        make_nullable(&mut out);
    }
    Value::Object(out)
}

/// `null` is a type of its own in JSON schema.
fn make_nullable(map: &mut Map<String, Value>) {
    if let Some(kind) = map.get("type").cloned() {
        map.insert("type".to_owned(), json!([kind, "null"]));
        if let Some(Value::Array(values)) = map.get_mut("enum") {
            values.push(Value::Null);
        }
    } else if let Some(Value::Array(either)) = map.get_mut("anyOf") {
        either.push(json!({ "type": "null" }));
    }
}

fn camel(key: String) -> String {
    match key.as_str() {
        "any_of" => "anyOf".to_owned(),
        "min_items" => "minItems".to_owned(),
        "max_items" => "maxItems".to_owned(),
        "min_length" => "minLength".to_owned(),
        "max_length" => "maxLength".to_owned(),
        "min_properties" => "minProperties".to_owned(),
        "max_properties" => "maxProperties".to_owned(),
        "property_ordering" => "propertyOrdering".to_owned(),
        _ => key,
    }
}

// === impl Writer ===

impl Writer<'_> {
    fn schema(&mut self, schema: &Value, depth: usize) -> Value {
        self.schemas += 1;
        let map = match schema {
            Value::Object(map) => map,
            Value::Bool(true) => return json!({}),
            _ => {
                self.lose("", "a schema that is no object");
                return json!({});
            }
        };
        if depth > MOST_DEPTH || self.schemas > MOST_SCHEMAS {
            self.approximate("", "what lies deeper is left out");
            return json!({ "type": "OBJECT" });
        }
        if let Some(name) = map.get("$ref").and_then(Value::as_str) {
            return self.reference(name, map, depth);
        }
        if let Some(Value::Array(all)) = map.get("allOf") {
            let merged = self.merged(map, all);
            return self.schema(&Value::Object(merged), depth + 1);
        }
        let mut out = Map::new();
        self.kind(map, &mut out, depth);
        self.values(map, &mut out);
        for key in KEPT {
            if let Some(value) = map.get(key) {
                out.insert(key.to_owned(), value.clone());
            }
        }
        self.children(map, &mut out, depth);
        for key in map.keys() {
            let key = key.as_str();
            if !KEPT.contains(&key) && !READ.contains(&key) && !ANNOTATIONS.contains(&key) {
                self.lose(key, "no such keyword there");
            }
        }
        Value::Object(out)
    }

    /// The definition in place of a reference, with what stands beside it.
    fn reference(&mut self, name: &str, beside: &Map<String, Value>, depth: usize) -> Value {
        let place = name.strip_prefix('#');
        let found = place.and_then(|place| self.root.pointer(place)).and_then(Value::as_object);
        let Some(found) = found.filter(|_| !self.open.iter().any(|open| open == name)) else {
            self.approximate("$ref", "a definition that refers to itself, or is not there");
            let mut out = Map::new();
            out.insert("type".to_owned(), "OBJECT".into());
            if let Some(said) = beside.get("description") {
                out.insert("description".to_owned(), said.clone());
            }
            return Value::Object(out);
        };
        let size = found.values().map(|value| weight(value, self.budget)).sum();
        if !self.affords(size) {
            return json!({ "type": "OBJECT" });
        }
        let mut whole = found.clone();
        for (key, value) in beside.iter().filter(|(key, _)| *key != "$ref") {
            whole.insert(key.clone(), value.clone());
        }
        self.open.push(name.to_owned());
        let written = self.schema(&Value::Object(whole), depth + 1);
        self.open.pop();
        written
    }

    /// One schema that says what all of them say.
    fn merged(&mut self, map: &Map<String, Value>, all: &[Value]) -> Map<String, Value> {
        self.approximate("allOf", "all of them in one");
        let mut whole = map.clone();
        whole.shift_remove("allOf");
        for one in all {
            let resolved = one
                .get("$ref")
                .and_then(Value::as_str)
                .and_then(|name| self.root.pointer(name.strip_prefix('#')?));
            let one = resolved.unwrap_or(one);
            if !self.affords(weight(one, self.budget)) {
                break;
            }
            let Some(one) = one.as_object() else { continue };
            for (key, value) in one {
                match (whole.get_mut(key), value) {
                    (Some(Value::Object(there)), Value::Object(more)) => {
                        there.extend(more.iter().map(|(key, value)| (key.clone(), value.clone())));
                    }
                    (Some(Value::Array(there)), Value::Array(more)) if key == "required" => {
                        there.extend(more.iter().cloned());
                    }
                    (Some(_), _) => {}
                    (None, value) => {
                        whole.insert(key.clone(), value.clone());
                    }
                }
            }
        }
        whole
    }

    /// One type in capitals; `null` is a flag, and several types are a choice.
    fn kind(&mut self, map: &Map<String, Value>, out: &mut Map<String, Value>, depth: usize) {
        match map.get("type") {
            Some(Value::String(word)) => match type_word(word) {
                Some(kind) => {
                    out.insert("type".to_owned(), kind);
                }
                None => self.lose("type", "no such type"),
            },
            Some(Value::Array(words)) => {
                let words: Vec<&str> = words.iter().filter_map(Value::as_str).collect();
                if words.iter().any(|word| type_word(word).is_none()) {
                    self.lose("type", "no such type");
                }
                let words: Vec<&str> =
                    words.into_iter().filter(|word| type_word(word).is_some()).collect();
                if words.contains(&"null") {
                    out.insert("nullable".to_owned(), Value::Bool(true));
                }
                let rest: Vec<&str> = words.into_iter().filter(|word| *word != "null").collect();
                match rest.as_slice() {
                    [] => {}
                    [one] => {
                        out.insert("type".to_owned(), Value::String(one.to_ascii_uppercase()));
                    }
                    several => {
                        let size = map.values().map(|value| weight(value, self.budget)).sum();
                        let one = |word: &&str| {
                            if !self.affords(size) {
                                return json!({ "type": word.to_ascii_uppercase() });
                            }
                            let mut branch = map.clone();
                            branch.insert("type".to_owned(), Value::String((*word).to_owned()));
                            branch.retain(|key, _| !belongs_elsewhere(word, key));
                            self.schema(&Value::Object(branch), depth + 1)
                        };
                        let branches: Vec<Value> = several.iter().map(one).collect();
                        out.insert("anyOf".to_owned(), Value::Array(branches));
                    }
                }
            }
            _ if map.contains_key("properties") => {
                out.insert("type".to_owned(), "OBJECT".into());
            }
            _ if map.contains_key("items") => {
                out.insert("type".to_owned(), "ARRAY".into());
            }
            _ => {}
        }
    }

    /// Values that are listed: Google lists only texts.
    fn values(&mut self, map: &Map<String, Value>, out: &mut Map<String, Value>) {
        let listed = match (map.get("enum"), map.get("const")) {
            (Some(Value::Array(values)), _) => Some(("enum", values.clone())),
            (_, Some(one)) => Some(("const", vec![one.clone()])),
            _ => None,
        };
        if let Some((key, values)) = listed {
            if values.contains(&Value::Null) {
                out.insert("nullable".to_owned(), Value::Bool(true));
            }
            let values: Vec<Value> = values.into_iter().filter(|value| !value.is_null()).collect();
            if values.iter().all(Value::is_string) {
                out.insert("type".to_owned(), "STRING".into());
                out.insert("enum".to_owned(), Value::Array(values));
            } else {
                self.lose(key, "only texts can be listed");
            }
        }
        if let Some(format) = map.get("format") {
            let known = format.as_str().is_some_and(|word| FORMATS.contains(&word));
            if known {
                out.insert("format".to_owned(), format.clone());
            } else {
                self.lose("format", "no such format there");
            }
        }
    }

    fn children(&mut self, map: &Map<String, Value>, out: &mut Map<String, Value>, depth: usize) {
        if out.contains_key("anyOf") {
            return;
        }
        if let Some(Value::Object(named)) = map.get("properties")
            && !named.is_empty()
        {
            let write =
                |(name, one): (&String, &Value)| (name.clone(), self.schema(one, depth + 1));
            let written: Map<String, Value> = named.iter().map(write).collect();
            out.insert("properties".to_owned(), Value::Object(written));
        }
        match map.get("items") {
            Some(items) => {
                out.insert("items".to_owned(), self.schema(items, depth + 1));
            }
            // A list must say of what.
            None if out.get("type").is_some_and(|kind| kind == "ARRAY") => {
                self.approximate("items", "a list must say of what: of texts");
                out.insert("items".to_owned(), json!({ "type": "STRING" }));
            }
            None => {}
        }
        for key in ["anyOf", "oneOf"] {
            if let Some(Value::Array(either)) = map.get(key) {
                if key == "oneOf" {
                    self.approximate(key, "any of them, not just one");
                }
                self.either(either, out, depth);
            }
        }
        if let Some(Value::Array(required)) = out.get_mut("required")
            && required.is_empty()
        {
            out.shift_remove("required");
        }
    }

    /// A choice in which `null` is a flag, and which is none when only one is left.
    fn either(&mut self, either: &[Value], out: &mut Map<String, Value>, depth: usize) {
        let is_null = |one: &Value| one.get("type").and_then(Value::as_str) == Some("null");
        for null in either.iter().filter(|one| is_null(one)).filter_map(Value::as_object) {
            for keyword in null.keys().filter(|key| *key != "type") {
                self.lose(keyword, "nothing is said of no value");
            }
        }
        if either.iter().any(is_null) {
            out.insert("nullable".to_owned(), Value::Bool(true));
        }
        let rest: Vec<&Value> = either.iter().filter(|one| !is_null(one)).collect();
        if let [one] = rest.as_slice() {
            if let Value::Object(written) = self.schema(one, depth + 1) {
                for (key, value) in written {
                    out.entry(key).or_insert(value);
                }
            }
            return;
        }
        let written: Vec<Value> = rest.into_iter().map(|one| self.schema(one, depth + 1)).collect();
        out.insert("anyOf".to_owned(), Value::Array(written));
    }

    /// Whether so much may be written once more; after the first no nothing may.
    fn affords(&mut self, size: usize) -> bool {
        if let Some(rest) = self.budget.checked_sub(size) {
            self.budget = rest;
            return true;
        }
        self.budget = 0;
        self.approximate("", "what would grow too large is left out");
        false
    }

    fn place(&self, keyword: &str) -> String {
        if keyword.is_empty() { self.path.to_owned() } else { format!("{}..{keyword}", self.path) }
    }

    fn lose(&mut self, keyword: &str, why: &'static str) {
        self.losses.dropped(self.place(keyword), why);
    }

    fn approximate(&mut self, keyword: &str, why: &'static str) {
        self.losses.approximated(self.place(keyword), why);
    }
}

/// About how many bytes a value is, counted until it is too much.
fn weight(value: &Value, most: usize) -> usize {
    const EACH: usize = 8;
    let mut size = EACH;
    let mut add = |more: usize| {
        size = size.saturating_add(more);
        size <= most
    };
    match value {
        Value::String(text) => {
            add(text.len());
        }
        Value::Array(list) => {
            let _ = list.iter().all(|one| add(weight(one, most)));
        }
        Value::Object(map) => {
            let _ = map.iter().all(|(key, one)| add(key.len() + weight(one, most)));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
    size
}

/// A type in Google's spelling.
fn type_word(word: &str) -> Option<Value> {
    const KNOWN: [&str; 7] = ["STRING", "NUMBER", "INTEGER", "BOOLEAN", "ARRAY", "OBJECT", "NULL"];
    let upper = word.to_ascii_uppercase();
    KNOWN.contains(&upper.as_str()).then_some(Value::String(upper))
}

/// Whether a keyword is about values of another type.
fn belongs_elsewhere(kind: &str, keyword: &str) -> bool {
    match keyword {
        "properties" | "required" | "additionalProperties" | "minProperties" | "maxProperties" => {
            kind != "object"
        }
        "items" | "minItems" | "maxItems" | "uniqueItems" => kind != "array",
        "enum" | "const" | "format" | "pattern" | "minLength" | "maxLength" => kind != "string",
        "minimum" | "maximum" => !matches!(kind, "number" | "integer"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn google(schema: &Value) -> (Value, Vec<String>) {
        let mut losses = Losses::default();
        let written = to_google(schema, "s", &mut losses).unwrap_or(Value::Null);
        let lost = losses.named().iter().map(|loss| format!("{} {}", loss.kind.name(), loss.path));
        (written, lost.collect())
    }

    #[test]
    fn each_keyword_has_its_rule() {
        for (schema, expected, lost) in [
            (json!({"type":"string","title":"t"}), json!({"type":"STRING","title":"t"}), vec![]),
            (json!({"type":["string","null"]}), json!({"nullable":true,"type":"STRING"}), vec![]),
            (
                json!({"type":["string","integer"],"description":"d"}),
                json!({"anyOf":[{"type":"STRING","description":"d"},{"type":"INTEGER","description":"d"}],"description":"d"}),
                vec![],
            ),
            (json!({"const":"a"}), json!({"type":"STRING","enum":["a"]}), vec![]),
            (
                json!({"type":"integer","enum":[1,2]}),
                json!({"type":"INTEGER"}),
                vec!["dropped s..enum"],
            ),
            (
                json!({"enum":["a",null]}),
                json!({"nullable":true,"type":"STRING","enum":["a"]}),
                vec![],
            ),
            (
                json!({"type":"string","format":"uri"}),
                json!({"type":"STRING"}),
                vec!["dropped s..format"],
            ),
            (
                json!({"anyOf":[{"type":"string"},{"type":"null"}]}),
                json!({"nullable":true,"type":"STRING"}),
                vec![],
            ),
            (
                json!({"oneOf":[{"type":"string"},{"type":"integer"}]}),
                json!({"anyOf":[{"type":"STRING"},{"type":"INTEGER"}]}),
                vec!["approximated s..oneOf"],
            ),
            (
                json!({"allOf":[{"properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"string"}},"required":["b"]}]}),
                json!({"type":"OBJECT","required":["a","b"],"properties":{"a":{"type":"STRING"},"b":{"type":"STRING"}}}),
                vec!["approximated s..allOf"],
            ),
            (
                json!({"type":"array"}),
                json!({"type":"ARRAY","items":{"type":"STRING"}}),
                vec!["approximated s..items"],
            ),
            (
                json!({"$schema":"x","type":"object","properties":{"a":{"type":"object","additionalProperties":false}},"additionalProperties":false}),
                json!({"type":"OBJECT","properties":{"a":{"type":"OBJECT"}}}),
                vec!["dropped s..additionalProperties"],
            ),
            (
                json!({"$defs":{"n":{"type":"string"}},"type":"object","properties":{"a":{"$ref":"#/$defs/n","description":"d"}}}),
                json!({"type":"OBJECT","properties":{"a":{"type":"STRING","description":"d"}}}),
                vec![],
            ),
            (
                json!({"$defs":{"n":{"type":"object","properties":{"next":{"$ref":"#/$defs/n"}}}},"type":"object","properties":{"a":{"$ref":"#/$defs/n"}}}),
                json!({"type":"OBJECT","properties":{"a":{"type":"OBJECT","properties":{"next":{"type":"OBJECT"}}}}}),
                vec!["approximated s..$ref"],
            ),
            (json!({"type":"object","properties":{}}), Value::Null, vec![]),
        ] {
            assert_eq!(
                google(&schema),
                (expected, lost.into_iter().map(str::to_owned).collect()),
                "{schema}"
            );
        }
    }

    #[test]
    fn wide_definitions_are_cut() {
        let mut defs = Map::new();
        for level in 0..30 {
            let next = json!({ "$ref": format!("#/$defs/{}", level + 1) });
            let properties = json!({"a": next, "b": next, "c": next});
            defs.insert(level.to_string(), json!({"type":"object","properties":properties}));
        }
        let (written, lost) = google(&json!({"$defs": defs, "$ref": "#/$defs/0"}));
        assert!(written.to_string().len() < 2_000_000);
        assert!(lost.contains(&"approximated s".to_owned()), "{lost:?}");
    }

    #[test]
    fn a_large_definition_is_not_written_out_many_times() {
        let named = json!({"type":"string","description":"x".repeat(100_000)});
        let uses: Map<String, Value> =
            (0..1_000).map(|use_| (format!("p{use_}"), json!({"$ref":"#/$defs/n"}))).collect();
        let schema = json!({"$defs":{"n":named},"type":"object","properties":uses});
        let (written, lost) = google(&schema);
        assert!(written.to_string().len() < 12 * schema.to_string().len());
        assert_eq!(lost, ["approximated s"]);
    }

    #[test]
    fn googles_schema_is_read_as_json_schema() {
        for (schema, expected) in [
            (json!({"type":"STRING","nullable":true}), json!({"type":["string","null"]})),
            (
                json!({"type":"STRING","enum":["a"],"nullable":true}),
                json!({"type":["string","null"],"enum":["a",null]}),
            ),
            (
                json!({"type":"ARRAY","min_items":"2","items":{"type":"NUMBER"}}),
                json!({"type":"array","minItems":2,"items":{"type":"number"}}),
            ),
            (
                json!({"type":"OBJECT","properties":{"type":{"type":"STRING"}}}),
                json!({"type":"object","properties":{"type":{"type":"string"}}}),
            ),
            (
                json!({"anyOf":[{"type":"STRING"}],"nullable":true}),
                json!({"anyOf":[{"type":"string"},{"type":"null"}]}),
            ),
        ] {
            assert_eq!(from_google(schema), expected);
        }
    }

    #[test]
    fn what_google_can_hold_comes_back_the_same() {
        let schema = json!({"type":"object","description":"d","required":["a"],"properties":{
            "a":{"type":["string","null"],"enum":["x","y",null]},
            "b":{"type":"array","minItems":1,"items":{"type":"integer","minimum":0}},
            "c":{"anyOf":[{"type":"string"},{"type":"boolean"},{"type":"null"}]}}});
        let (written, lost) = google(&schema);
        assert!(lost.is_empty(), "{lost:?}");
        assert_eq!(from_google(written), schema);
    }
}
