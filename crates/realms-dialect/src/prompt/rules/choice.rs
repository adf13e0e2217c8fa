//! Whether a tool must be called: each dialect has a form of its own.

use serde_json::{Value, json};

use crate::{
    Losses,
    prompt::{
        Given, Prompt, PromptError, Target, ToolChoice, ToolForm, Unknown, Untranslatable,
        fields::{Fields, element},
    },
};

/// How many tools a choice may name: each is looked for among all tools.
pub(in crate::prompt) const MOST_NAMES: usize = 1_000;

/// As Chat and Responses write it; Chat has names one level deeper.
pub(in crate::prompt) fn read_openai(
    asked: Given<Value>,
    unknown: &mut Vec<Unknown>,
) -> Result<Option<Given<ToolChoice>>, PromptError> {
    const WANTED: &str = "auto, none, required or an object that names a tool";
    let path = asked.path;
    let value = match asked.value {
        Value::String(word) => match word.as_str() {
            "auto" => ToolChoice::Auto,
            "none" => ToolChoice::None,
            "required" => ToolChoice::Required,
            _ => return Err(PromptError::wrong(path, WANTED)),
        },
        Value::Object(map) => {
            let mut fields = Fields::of(Value::Object(map), path.clone())?;
            let raw = fields.whole();
            let kind = fields.text("type")?.map(|kind| kind.value);
            let choice = match kind.as_deref().unwrap_or("function") {
                "function" | "custom" => named(&mut fields, unknown)?,
                "allowed_tools" => allowed(&mut fields, unknown)?,
                _ => {
                    let feature = Some("a forced call of a tool that the vendor runs");
                    unknown.push(Unknown { path, raw, feature });
                    return Ok(None);
                }
            };
            fields.rest(unknown);
            choice
        }
        _ => return Err(PromptError::wrong(path, WANTED)),
    };
    Ok(Some(Given { path, value }))
}

fn named(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<ToolChoice, PromptError> {
    for key in ["function", "custom"] {
        if let Some(mut inner) = fields.object(key)? {
            let name = inner.need_text("name")?;
            inner.rest(unknown);
            return Ok(ToolChoice::Named(name));
        }
    }
    Ok(ToolChoice::Named(fields.need_text("name")?))
}

fn allowed(fields: &mut Fields, unknown: &mut Vec<Unknown>) -> Result<ToolChoice, PromptError> {
    if let Some(mut inner) = fields.object("allowed_tools")? {
        let choice = allowed(&mut inner, unknown)?;
        inner.rest(unknown);
        return Ok(choice);
    }
    let required = match fields.text("mode")? {
        Some(Given { value, .. }) if value == "required" => true,
        Some(Given { path, value }) if value != "auto" => {
            return Err(PromptError::wrong(path, "auto or required"));
        }
        Some(_) | None => false,
    };
    let mut names = Vec::new();
    if let Some(tools) = fields.list("tools")? {
        if tools.value.len() > MOST_NAMES {
            return Err(PromptError::wrong(tools.path, "a list of 1,000 tools at most"));
        }
        for (index, tool) in tools.value.into_iter().enumerate() {
            let mut tool = Fields::of(tool, element(&tools.path, index))?;
            let at = tool.at("type");
            match tool.text("type")?.map(|kind| kind.value).as_deref() {
                Some("function" | "custom") | None => {}
                Some(_) => {
                    return Err(PromptError::wrong(
                        at,
                        "function or custom: others cannot be translated",
                    ));
                }
            }
            let choice = named(&mut tool, unknown)?;
            tool.rest(unknown);
            match choice {
                ToolChoice::Named(name) => names.push(name),
                ToolChoice::Auto
                | ToolChoice::None
                | ToolChoice::Required
                | ToolChoice::Allowed { .. } => {}
            }
        }
    }
    Ok(ToolChoice::Allowed { required, names })
}

/// As Responses writes it.
pub(in crate::prompt) fn responses(choice: &ToolChoice, prompt: &Prompt) -> Value {
    let tool = |name: &String| json!({ "type": word(prompt, name, true), "name": name });
    match choice {
        ToolChoice::Auto => "auto".into(),
        ToolChoice::None => "none".into(),
        ToolChoice::Required => "required".into(),
        ToolChoice::Named(name) => tool(name),
        ToolChoice::Allowed { required, names } => {
            let tools: Vec<Value> = names.iter().map(tool).collect();
            json!({ "type": "allowed_tools", "mode": mode(*required), "tools": tools })
        }
    }
}

/// As Chat writes it. Only OpenAI knows `allowed_tools`; for others the tools are filtered.
pub(in crate::prompt) fn chat(choice: &ToolChoice, prompt: &Prompt, knows_custom: bool) -> Value {
    let tool = |name: &String| {
        let word = word(prompt, name, knows_custom);
        let sent = sent(prompt, name);
        json!({ "type": word, word: { "name": sent } })
    };
    match choice {
        ToolChoice::Auto => "auto".into(),
        ToolChoice::None => "none".into(),
        ToolChoice::Required => "required".into(),
        ToolChoice::Named(name) => tool(name),
        ToolChoice::Allowed { required, names } => {
            let tools: Vec<Value> = names.iter().map(tool).collect();
            let inner = json!({ "mode": mode(*required), "tools": tools });
            json!({ "type": "allowed_tools", "allowed_tools": inner })
        }
    }
}

/// As Messages writes it; whether tools may be called side by side belongs to it there.
pub(in crate::prompt) fn messages(prompt: &Prompt) -> Option<Value> {
    let one_by_one = prompt.parallel.as_ref().is_some_and(|parallel| !parallel.value);
    let said = prompt.choice.as_ref().map(|choice| &choice.value);
    if said.is_none() && (!one_by_one || prompt.tools.is_empty()) {
        return None;
    }
    let mut choice = match said.unwrap_or(&ToolChoice::Auto) {
        ToolChoice::None => return Some(json!({ "type": "none" })),
        ToolChoice::Auto | ToolChoice::Allowed { required: false, .. } => json!({ "type": "auto" }),
        ToolChoice::Required | ToolChoice::Allowed { required: true, .. } => {
            json!({ "type": "any" })
        }
        ToolChoice::Named(name) => json!({ "type": "tool", "name": sent(prompt, name) }),
    };
    if one_by_one && let Value::Object(map) = &mut choice {
        map.insert("disable_parallel_tool_use".to_owned(), Value::Bool(true));
    }
    Some(choice)
}

/// As Gemini writes it.
pub(in crate::prompt) fn gemini(choice: &ToolChoice, prompt: &Prompt) -> Value {
    let any = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| sent(prompt, name)).collect();
        json!({ "mode": "ANY", "allowedFunctionNames": names })
    };
    match choice {
        ToolChoice::Auto | ToolChoice::Allowed { required: false, .. } => json!({ "mode": "AUTO" }),
        ToolChoice::None => json!({ "mode": "NONE" }),
        ToolChoice::Required => json!({ "mode": "ANY" }),
        ToolChoice::Named(name) => any(std::slice::from_ref(name)),
        ToolChoice::Allowed { required: true, names } => any(names),
    }
}

/// Whether a tool must be called, which Anthropic does not let a thinking model be told.
pub(in crate::prompt) fn forces(prompt: &Prompt) -> bool {
    prompt.choice.as_ref().is_some_and(|choice| match &choice.value {
        ToolChoice::Required
        | ToolChoice::Named(_)
        | ToolChoice::Allowed { required: true, .. } => true,
        ToolChoice::Auto | ToolChoice::None | ToolChoice::Allowed { required: false, .. } => false,
    })
}

/// The names of the tools to send, where only some are allowed and the target has no word for that.
pub(in crate::prompt) fn filter<'a>(
    prompt: &'a Prompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Option<&'a [String]>, Untranslatable> {
    if prompt.origin == target.dialect {
        return Ok(None);
    }
    let Some(Given { path, value: ToolChoice::Allowed { names, .. } }) = &prompt.choice else {
        return Ok(None);
    };
    if names.is_empty() {
        return Err(target.cannot("a choice among no tools at all", path));
    }
    losses.emulated(path.clone(), "only the tools that are allowed are sent");
    Ok(Some(names))
}

fn sent(prompt: &Prompt, name: &str) -> String {
    let is_it = |tool: &&crate::prompt::Tool| match &tool.kind {
        ToolForm::Function(function) => function.name == name,
        ToolForm::Custom(custom) => custom.name == name,
        ToolForm::WebSearch(_) | ToolForm::CodeExecution(_) | ToolForm::Foreign { .. } => false,
    };
    let tool = prompt.tools.iter().find(is_it);
    tool.and_then(crate::prompt::Tool::sent_name).unwrap_or_else(|| name.to_owned())
}

fn word(prompt: &Prompt, name: &str, knows_custom: bool) -> &'static str {
    let is_custom = prompt
        .tools
        .iter()
        .any(|tool| matches!(&tool.kind, ToolForm::Custom(custom) if custom.name == name));
    if is_custom && knows_custom { "custom" } else { "function" }
}

const fn mode(required: bool) -> &'static str {
    if required { "required" } else { "auto" }
}
