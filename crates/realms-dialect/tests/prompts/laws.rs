//! What holds for every request: nothing is lost unnamed, and nothing breaks a translation.

use proptest::prelude::*;
use realms_dialect::{
    Budget, Effort, Family, Format, Given, Losses, Part, Piece, Prompt, Reasoning, Source, Summary,
    Target, Tool, ToolChoice, ToolForm, decode_count, decode_embed, decode_prompt, encode_count,
};
use realms_types::DialectId;
use serde_json::Value;

use super::{
    account::{covered, leaves, unaccounted},
    samples::{Sample, encoded, samples, target},
};

/// Models on either side of the rules that depend on one.
const TARGETS: [Target<'static>; 8] = [
    target(DialectId::Responses),
    target(DialectId::Chat),
    target(DialectId::Messages),
    target(DialectId::Gemini),
    Target {
        dialect: DialectId::Chat,
        model: "gpt-5.5",
        family: Family::Openai,
        max_output: Some(16_384),
        at_home: true,
    },
    Target {
        dialect: DialectId::Messages,
        model: "claude-opus-4-8",
        family: Family::Anthropic,
        max_output: None,
        at_home: true,
    },
    Target {
        dialect: DialectId::Messages,
        model: "glm-5",
        family: Family::Other,
        max_output: Some(4_096),
        at_home: true,
    },
    Target {
        dialect: DialectId::Gemini,
        model: "gemini-2.5-pro",
        family: Family::Google,
        max_output: None,
        at_home: true,
    },
];

#[test]
fn every_leaf_of_a_request_arrives_or_is_named() {
    let mut lost = Vec::new();
    for sample in samples() {
        let prompt = decode_prompt(sample.dialect, sample.body.to_string().as_bytes()).unwrap();
        for target in TARGETS {
            let Ok((body, losses)) = encoded(&prompt, &target) else { continue };
            let missing = unaccounted(&sample.body, &body, &losses);
            lost.extend(missing.iter().map(|leaf| format!("{}: {leaf}", way(sample, &target))));
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

fn way(sample: &Sample, target: &Target<'_>) -> String {
    format!("{} {} to {} {}", sample.dialect, sample.name, target.dialect, target.model)
}

/// What a prompt says, each with the path that says it.
fn facts(prompt: &Prompt) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut say = |path: &str, fact: String| facts.push((path.to_owned(), fact));
    macro_rules! settings {
        ($($name:literal: $at:expr;)+) => {$(
            if let Some(at) = &$at { say(&at.path, format!("{}: {:?}", $name, at.value)); }
        )+};
    }
    let sampling = &prompt.sampling;
    settings! {
        "temperature": sampling.temperature;
        "top_p": sampling.top_p;
        "top_k": sampling.top_k;
        "presence": sampling.presence_penalty;
        "frequency": sampling.frequency_penalty;
        "seed": sampling.seed;
        "stop": prompt.stop;
        "max_output": prompt.max_output;
        "verbosity": prompt.verbosity;
        "metadata": prompt.metadata;
        "user": prompt.user;
        "cache_key": prompt.cache_key;
        "tier": prompt.tier;
    }
    reasoning_facts(&prompt.reasoning, &mut say);
    if let Some(at) = prompt.candidates.as_ref().filter(|at| at.value > 1) {
        say(&at.path, format!("candidates: {}", at.value));
    }
    if let Some(at) = &prompt.choice {
        let at = match &at.value {
            ToolChoice::Allowed { required: true, names } if names.len() == 1 => {
                Given::new(at.path.clone(), ToolChoice::Named(names[0].clone()))
            }
            _ => at.clone(),
        };
        say(&at.path, format!("choice: {:?}", at.value).replace("multi_agent_v1__", ""));
    }
    if let Some(at) = prompt.parallel.as_ref().filter(|at| !at.value) {
        say(&at.path, "one call at a time".to_owned());
    }
    if let Some(at) = prompt.logprobs.as_ref().filter(|at| at.value.chosen) {
        let top = at.value.top.as_ref().map(|top| top.value);
        say(&at.path, format!("logprobs: {top:?}"));
    }
    if let Some(at) = prompt.store.as_ref().filter(|at| at.value) {
        say(&at.path, "store".to_owned());
    }
    if let Some(at) = &prompt.format {
        match &at.value {
            Format::Text => {}
            Format::JsonObject => say(&at.path, "some JSON".to_owned()),
            Format::JsonSchema(schema) => {
                let path = schema.schema.as_ref().map_or(&at.path, |schema| &schema.path);
                say(path, "a schema".to_owned());
            }
        }
    }
    for tool in &prompt.tools {
        tool_facts(tool, &mut say);
    }
    let system = prompt.system.iter().flat_map(|one| &one.pieces);
    let turns = prompt.turns.iter().flat_map(|turn| &turn.pieces);
    for piece in system.chain(turns) {
        piece_facts(piece, &mut say);
    }
    facts
}

fn reasoning_facts(reasoning: &Reasoning, say: &mut impl FnMut(&str, String)) {
    if let Some(at) = reasoning.effort.as_ref() {
        // There is one word for it in one dialect and two in the other.
        let off = at.value == Effort::None;
        say(
            &at.path,
            if off { "thinking: off".to_owned() } else { format!("effort: {:?}", at.value) },
        );
    }
    if let Some(at) = &reasoning.budget {
        match at.value {
            // What everybody does unless told otherwise.
            Budget::Dynamic => {}
            Budget::Tokens(0) => say(&at.path, "thinking: off".to_owned()),
            Budget::Tokens(tokens) => say(&at.path, format!("budget: {tokens}")),
        }
    }
    if let Some(at) = reasoning.summary.as_ref().filter(|at| at.value != Summary::Hidden) {
        say(&at.path, format!("summary: {:?}", at.value));
    }
}

fn tool_facts(tool: &Tool, say: &mut impl FnMut(&str, String)) {
    match &tool.kind {
        ToolForm::Function(function) => {
            say(&tool.path, format!("function: {}", tool.sent_name().unwrap()));
            if let Some(at) = function.strict.as_ref().filter(|at| at.value) {
                say(&at.path, format!("strict: {}", function.name));
            }
        }
        ToolForm::Custom(custom) => say(&tool.path, format!("custom: {}", custom.name)),
        ToolForm::WebSearch(_) => say(&tool.path, "web search".to_owned()),
        ToolForm::CodeExecution(_) => say(&tool.path, "code".to_owned()),
        ToolForm::Foreign { .. } => say(&tool.path, "foreign tool".to_owned()),
    }
}

fn piece_facts(piece: &Piece, say: &mut impl FnMut(&str, String)) {
    let path = &piece.path;
    let bytes = |source: &Source| match source {
        Source::Data(bytes) | Source::Text(bytes) | Source::Url(bytes) | Source::Stored(bytes) => {
            bytes.clone()
        }
    };
    if piece.cache.is_some() {
        say(&format!("{path}.cache_control"), "cache".to_owned());
    }
    match &piece.part {
        Part::Text(text) => say(path, format!("text {}", text.trim())),
        Part::Refusal(text) => say(path, format!("refusal {text}")),
        Part::Image(media) => say(path, format!("image {}", bytes(&media.source))),
        Part::Audio(media) => say(path, format!("audio {}", bytes(&media.source))),
        Part::Video(media) => say(path, format!("video {}", bytes(&media.source))),
        Part::Document(document) => {
            say(path, format!("document {}", bytes(&document.media.source)));
        }
        Part::Call(call) => {
            let arguments = serde_json::from_str::<Value>(&call.input);
            let arguments = arguments.map_or(call.input.clone(), |value| value.to_string());
            let arguments = if arguments.is_empty() { "{}".to_owned() } else { arguments };
            let group =
                call.namespace.as_ref().map(|group| format!("{group}__")).unwrap_or_default();
            say(path, format!("call {group}{} {arguments}", call.name));
        }
        Part::Result(result) => {
            say(path, format!("result of {}", result.call));
            if let Some(at) = &result.is_error {
                say(&at.path, "failed".to_owned());
            }
            for piece in &result.pieces {
                piece_facts(piece, say);
            }
        }
        Part::Thinking(thinking) => {
            if !thinking.text.is_empty() {
                say(path, format!("thinking {}", thinking.text));
            }
            if let Some(at) = &thinking.seal {
                say(&at.path, format!("proof {}", at.value.value));
            }
        }
        Part::Foreign { .. } => say(path, "foreign".to_owned()),
    }
}

#[test]
fn what_a_prompt_says_is_said_again_or_named() {
    let mut lost = Vec::new();
    for sample in samples() {
        let prompt = decode_prompt(sample.dialect, sample.body.to_string().as_bytes()).unwrap();
        for target in TARGETS {
            lost.extend(
                unsaid(&prompt, &target)
                    .into_iter()
                    .map(|fact| format!("{}: {fact}", way(sample, &target))),
            );
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn a_request_written_in_its_own_dialect_says_the_same() {
    let mut lost = Vec::new();
    for sample in samples() {
        let prompt = decode_prompt(sample.dialect, sample.body.to_string().as_bytes()).unwrap();
        let model = prompt.model.clone().unwrap_or_else(|| "gemini-3.8-flash".to_owned());
        let family = target(sample.dialect).family;
        let own = Target {
            dialect: sample.dialect,
            model: &model,
            family,
            max_output: None,
            at_home: true,
        };
        assert!(encoded(&prompt, &own).is_ok(), "{}", sample.name);
        lost.extend(
            unsaid(&prompt, &own).into_iter().map(|fact| format!("{}: {fact}", way(sample, &own))),
        );
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// The facts of a prompt that are neither in what is written nor named.
fn unsaid(prompt: &Prompt, target: &Target<'_>) -> Vec<String> {
    let Ok((body, losses)) = encoded(prompt, target) else { return Vec::new() };
    if losses.unnamed() > 0 {
        return Vec::new();
    }
    let again = facts(&decode_prompt(target.dialect, body.to_string().as_bytes()).unwrap());
    let is_there = |fact: &str| match fact.strip_prefix("text ") {
        Some(text) => again.iter().any(|(_, one)| one.starts_with("text") && one.contains(text)),
        None => again.iter().any(|(_, one)| one == fact),
    };
    // A made id is made anew.
    let said = facts(prompt).into_iter().filter(|(_, fact)| !fact.starts_with("result of call_"));
    said.filter(|(path, fact)| !is_there(fact) && !covered(path, &losses))
        .map(|(path, fact)| format!("{path} {fact}"))
        .collect()
}

/// The objects and leaves of a body, as JSON pointers.
fn places(value: &Value, at: String, objects: &mut Vec<String>, scalars: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            objects.push(at.clone());
            for (key, value) in map {
                let key = key.replace('~', "~0").replace('/', "~1");
                places(value, format!("{at}/{key}"), objects, scalars);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                places(value, format!("{at}/{index}"), objects, scalars);
            }
        }
        _ => scalars.push(at),
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z]{0,8}".prop_map(Value::from),
        prop::sample::select(vec![
            "text",
            "image_url",
            "tool_use",
            "tool_result",
            "input_file",
            "function",
            "data:,",
            "user",
            "system",
            "object",
            "#/$defs/a"
        ])
        .prop_map(Value::from),
    ];
    let key = prop::sample::select(vec![
        "type",
        "text",
        "content",
        "parts",
        "role",
        "input",
        "source",
        "tools",
        "name",
        "messages",
        "contents",
        "function",
        "$ref",
        "properties",
        "items",
        "zz",
    ]);
    leaf.prop_recursive(4, 40, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..5).prop_map(|map| Value::Object(
                map.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
            )),
        ]
    })
}

/// Everything that reads or writes a prompt, to see that nothing breaks.
fn try_all(dialect: DialectId, body: &[u8]) {
    let _ = decode_embed(dialect, body);
    if let Ok(prompt) = decode_count(dialect, body) {
        for target in TARGETS {
            let _ = encode_count(&prompt, &target, &mut Losses::default());
        }
    }
    if let Ok(prompt) = decode_prompt(dialect, body) {
        for target in TARGETS {
            if let Ok((written, _)) = encoded(&prompt, &target) {
                let text = written.to_string();
                let again = decode_prompt(target.dialect, text.as_bytes());
                assert!(again.is_ok(), "{dialect} to {}: {again:?}\n{text}", target.dialect);
            }
        }
    }
}

proptest! {

    #[test]
    fn requests_with_other_values_break_nothing(
        which: prop::sample::Index,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), any_json()), 1..4),
    ) {
        let samples = samples();
        let sample = which.get(samples);
        let mut body = sample.body.clone();
        for (place, whole, value) in changes {
            let (mut objects, mut scalars) = (Vec::new(), Vec::new());
            places(&body, String::new(), &mut objects, &mut scalars);
            let among = if whole || scalars.is_empty() { &objects } else { &scalars };
            if !among.is_empty() {
                let at: &String = place.get(among);
                *body.pointer_mut(at).unwrap() = value;
            }
        }
        try_all(sample.dialect, body.to_string().as_bytes());
    }

    #[test]
    fn any_json_breaks_nothing(value in any_json()) {
        for dialect in DialectId::ALL {
            try_all(dialect, value.to_string().as_bytes());
            for key in ["messages", "contents", "input", "tools"] {
                let body = serde_json::json!({ key: value, "messages": [], "contents": [] });
                try_all(dialect, body.to_string().as_bytes());
            }
        }
    }

    #[test]
    fn any_bytes_break_nothing(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for dialect in DialectId::ALL {
            try_all(dialect, &bytes);
        }
    }
}

/// A request with a mark somewhere, and the path of it.
fn marked(sample: &Sample, change: impl Fn(&mut Value)) -> (Value, String) {
    let mut body = sample.body.clone();
    change(&mut body);
    let path = leaves(&body).into_iter().find(|leaf| leaf.value == MARK).unwrap().path;
    (body, path)
}

const MARK: &str = "mark 7f3a";

#[test]
fn a_field_that_nobody_knows_is_named() {
    let mut lost = Vec::new();
    for sample in samples() {
        let (mut objects, mut scalars) = (Vec::new(), Vec::new());
        places(&sample.body, String::new(), &mut objects, &mut scalars);
        // A definition that nothing refers to says nothing.
        for place in objects.into_iter().filter(|place| !place.ends_with("/$defs")) {
            let (body, path) = marked(sample, |body| {
                if let Some(Value::Object(map)) = body.pointer_mut(&place) {
                    map.insert("zz_unknown".to_owned(), MARK.into());
                }
            });
            lost.extend(unnamed_mark(sample, &body, &path));
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

#[test]
fn a_text_that_nobody_expects_is_named() {
    let mut lost = Vec::new();
    for sample in samples() {
        let (mut objects, mut scalars) = (Vec::new(), Vec::new());
        places(&sample.body, String::new(), &mut objects, &mut scalars);
        for place in scalars {
            let (body, path) =
                marked(sample, |body| *body.pointer_mut(&place).unwrap() = MARK.into());
            // The model is named by who sends it; ids of items name what the vendor stored, and the
            // state of one that is given back is that it is finished.
            let exempt = ["model", "$schema", "$id"].iter().any(|key| path.ends_with(key))
                || (sample.dialect == DialectId::Responses && path.ends_with("].id"))
                || (sample.dialect == DialectId::Responses && path.ends_with("].status"));
            if !exempt {
                lost.extend(unnamed_mark(sample, &body, &path));
            }
        }
    }
    assert!(lost.is_empty(), "{lost:#?}");
}

/// Where the mark is neither written nor named, of the dialects that take the request.
fn unnamed_mark(sample: &Sample, body: &Value, path: &str) -> Vec<String> {
    let Ok(prompt) = decode_prompt(sample.dialect, body.to_string().as_bytes()) else {
        return Vec::new();
    };
    let mut lost = Vec::new();
    for target in TARGETS {
        let Ok((written, losses)) = encoded(&prompt, &target) else { continue };
        let there = written.to_string().contains(MARK);
        if !there && losses.unnamed() == 0 && !covered(path, &losses) {
            lost.push(format!("{}: {path}", way(sample, &target)));
        }
    }
    lost
}
