//! Sets and edits fields of a body.

use realms_types::{
    Compare, Condition, Joint, JsonPath, OptionMistake, ParamMode, ParamOperation, Params, pattern,
};
use regex::Regex;
use serde_json::Value;

use super::{
    Named, Scene,
    text::{Text, quoted, written},
};

/// Edits, ready to be made.
#[derive(Debug)]
pub(super) struct Edits {
    overrides: Vec<(JsonPath, String)>,
    operations: Vec<Edit>,
}

#[derive(Debug)]
struct Edit {
    act: Act,
    tests: Vec<Test>,
    joint: Joint,
}

/// What an edit does.
#[derive(Debug)]
enum Act {
    Delete(JsonPath),
    Set(JsonPath, String),
    Move(JsonPath, JsonPath),
    Copy(JsonPath, JsonPath),
    Write(JsonPath, Writing),
}

/// What becomes of a text.
#[derive(Debug)]
enum Writing {
    Prepend(Value),
    Append(Value),
    TrimPrefix(String),
    TrimSuffix(String),
    EnsurePrefix(String),
    EnsureSuffix(String),
    TrimSpace,
    ToLower,
    ToUpper,
    Replace(String, String),
    Regex(Regex, String),
}

#[derive(Debug)]
struct Test {
    path: JsonPath,
    name: String,
    condition: Condition,
}

// === impl Edits ===

impl Edits {
    pub(super) fn compile(params: &Params) -> Result<Self, OptionMistake> {
        let overrides = params.overrides.iter();
        let overrides = overrides.map(|(key, value)| (JsonPath::of_name(key), written(value)));
        let operations = params.operations.iter().enumerate().map(|(index, operation)| {
            Edit::compile(operation).map_err(|message| {
                OptionMistake::new(format!("params.operations.{index}"), message)
            })
        });
        Ok(Self {
            overrides: overrides.collect(),
            operations: operations.collect::<Result<_, _>>()?,
        })
    }

    pub(super) fn apply(&self, text: &mut Text<'_>, named: &Named, scene: Scene<'_>) {
        for (path, raw) in &self.overrides {
            text.set(path.steps(), raw);
        }
        for edit in &self.operations {
            if edit.is_due(text, named, scene) {
                edit.act.apply(text);
            }
        }
    }
}

// === impl Edit ===

impl Edit {
    fn compile(operation: &ParamOperation) -> Result<Self, String> {
        let test = |condition: &Condition| {
            Ok::<_, String>(Test {
                path: JsonPath::parse(&condition.path)?,
                name: condition.path.clone(),
                condition: condition.clone(),
            })
        };
        Ok(Self {
            act: Act::compile(operation)?,
            tests: operation.conditions.iter().map(test).collect::<Result<_, _>>()?,
            joint: operation.logic,
        })
    }

    fn is_due(&self, text: &Text<'_>, named: &Named, scene: Scene<'_>) -> bool {
        let mut tests = self.tests.iter();
        match self.joint {
            _ if self.tests.is_empty() => true,
            Joint::Or => tests.any(|test| test.holds(text, named, scene)),
            Joint::And => tests.all(|test| test.holds(text, named, scene)),
        }
    }
}

// === impl Act ===

impl Act {
    fn compile(operation: &ParamOperation) -> Result<Self, String> {
        let ParamOperation { mode, path, value, from, to, .. } = operation;
        let path = || JsonPath::parse(path);
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let given = || value.clone().unwrap_or_default();
        let word = || value.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        let writing = match mode {
            ParamMode::Delete => return Ok(Self::Delete(path()?)),
            ParamMode::Set => return Ok(Self::Set(path()?, written(&given()))),
            ParamMode::Move | ParamMode::Copy => {
                let (from, to) = (JsonPath::parse(&text(from))?, JsonPath::parse(&text(to))?);
                let is_move = *mode == ParamMode::Move;
                return Ok(if is_move { Self::Move(from, to) } else { Self::Copy(from, to) });
            }
            ParamMode::Prepend => Writing::Prepend(given()),
            ParamMode::Append => Writing::Append(given()),
            ParamMode::TrimPrefix => Writing::TrimPrefix(word()),
            ParamMode::TrimSuffix => Writing::TrimSuffix(word()),
            ParamMode::EnsurePrefix => Writing::EnsurePrefix(word()),
            ParamMode::EnsureSuffix => Writing::EnsureSuffix(word()),
            ParamMode::TrimSpace => Writing::TrimSpace,
            ParamMode::ToLower => Writing::ToLower,
            ParamMode::ToUpper => Writing::ToUpper,
            ParamMode::Replace => Writing::Replace(text(from), text(to)),
            ParamMode::RegexReplace => Writing::Regex(pattern(&text(from))?, text(to)),
        };
        Ok(Self::Write(path()?, writing))
    }

    fn apply(&self, text: &mut Text<'_>) {
        match self {
            Self::Delete(path) => text.delete(path.steps()),
            Self::Set(path, raw) => text.set(path.steps(), raw),
            Self::Copy(from, to) | Self::Move(from, to) => {
                let Some(raw) = text.raw(from.steps()).map(str::to_owned) else { return };
                if matches!(self, Self::Move(..)) {
                    text.delete(from.steps());
                }
                text.set(to.steps(), &raw);
            }
            Self::Write(path, writing) => {
                // From the last to the first, so that the places before stay where they are.
                for span in text.find(path.steps()).into_iter().rev() {
                    let raw = text.as_str().get(span.clone()).unwrap_or_default();
                    if raw.starts_with('[') {
                        match writing {
                            Writing::Prepend(item) => text.insert_item(&span, &written(item), true),
                            Writing::Append(item) => text.insert_item(&span, &written(item), false),
                            _ => {}
                        }
                    } else if raw.starts_with('"')
                        && let Ok(old) = serde_json::from_str::<String>(raw)
                    {
                        let new = writing.apply(&old);
                        if new != old {
                            text.make(vec![(span, quoted(&new))]);
                        }
                    }
                }
            }
        }
    }
}

// === impl Writing ===

impl Writing {
    fn apply(&self, old: &str) -> String {
        let word = |value: &Value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match self {
            Self::Prepend(value) => format!("{}{old}", word(value)),
            Self::Append(value) => format!("{old}{}", word(value)),
            Self::TrimPrefix(text) => old.strip_prefix(text.as_str()).unwrap_or(old).to_owned(),
            Self::TrimSuffix(text) => old.strip_suffix(text.as_str()).unwrap_or(old).to_owned(),
            Self::EnsurePrefix(text) if !old.starts_with(text.as_str()) => format!("{text}{old}"),
            Self::EnsureSuffix(text) if !old.ends_with(text.as_str()) => format!("{old}{text}"),
            Self::EnsurePrefix(_) | Self::EnsureSuffix(_) => old.to_owned(),
            Self::TrimSpace => old.trim().to_owned(),
            Self::ToLower => old.to_lowercase(),
            Self::ToUpper => old.to_uppercase(),
            Self::Replace(from, to) => old.replace(from.as_str(), to),
            Self::Regex(regex, to) => regex.replace_all(old, to.as_str()).into_owned(),
        }
    }
}

// === impl Test ===

impl Test {
    fn holds(&self, text: &Text<'_>, named: &Named, scene: Scene<'_>) -> bool {
        let found = of_call(&self.name, named, scene).or_else(|| text.read(self.path.steps()));
        match found {
            None => self.condition.pass_missing_key,
            Some(found) => self.compares(&found) != self.condition.invert,
        }
    }

    fn compares(&self, found: &Value) -> bool {
        let wanted = &self.condition.value;
        let texts = |test: fn(&str, &str) -> bool| match (found.as_str(), wanted.as_str()) {
            (Some(found), Some(wanted)) => test(found, wanted),
            _ => false,
        };
        let numbers = |test: fn(&f64, &f64) -> bool| match (found.as_f64(), wanted.as_f64()) {
            (Some(found), Some(wanted)) => test(&found, &wanted),
            _ => false,
        };
        match self.condition.mode {
            Compare::Full => found == wanted || numbers(|a, b| (a - b).abs() < f64::EPSILON),
            Compare::Prefix => texts(|found, wanted| found.starts_with(wanted)),
            Compare::Suffix => texts(|found, wanted| found.ends_with(wanted)),
            Compare::Contains => match found {
                Value::Array(items) => items.contains(wanted),
                _ => texts(|found, wanted| found.contains(wanted)),
            },
            Compare::Gt => numbers(f64::gt),
            Compare::Gte => numbers(f64::ge),
            Compare::Lt => numbers(f64::lt),
            Compare::Lte => numbers(f64::le),
        }
    }
}

/// What the call itself says under a name.
fn of_call(name: &str, named: &Named, scene: Scene<'_>) -> Option<Value> {
    Some(match name {
        "model" | "upstream_model" => named.name.as_str().into(),
        "original_model" => scene.original_model.into(),
        "request_path" => scene.path.into(),
        "channel_kind" => scene.kind.as_str().into(),
        "channel_id" => scene.channel.to_string().into(),
        "is_channel_test" => scene.test.into(),
        _ => return None,
    })
}
