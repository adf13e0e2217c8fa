//! Tools: functions everywhere, text tools with OpenAI only, tools of the vendor where both have one.

use realms_types::DialectId;
use serde_json::{Value, json};

use crate::{
    Losses,
    prompt::{Family, Given, Hosted, Prompt, Target, Tool, ToolForm, tool::grouped_name},
};

/// A function as it is offered.
#[derive(Debug)]
pub(in crate::prompt) struct Offer {
    pub name: String,
    pub description: Option<String>,
    pub parameters: Option<Given<Value>>,
    pub strict: Option<Given<bool>>,
}

/// Whether the target knows tools that take text: OpenAI's Responses, and its Chat with models since GPT-5.
pub(in crate::prompt) fn knows_custom(target: &Target<'_>) -> bool {
    match target.dialect {
        DialectId::Responses => true,
        DialectId::Chat => target.family == Family::Openai && target.is_openai_reasoner(),
        DialectId::Messages | DialectId::Gemini => false,
    }
}

/// The tools to send.
pub(in crate::prompt) fn allowed<'a>(
    prompt: &'a Prompt,
    filter: Option<&[String]>,
    losses: &mut Losses,
) -> Vec<&'a Tool> {
    let is_allowed = |tool: &&Tool| match (&tool.kind, filter) {
        (_, None) => true,
        (ToolForm::Function(function), Some(names)) => names.contains(&function.name),
        (ToolForm::Custom(custom), Some(names)) => names.contains(&custom.name),
        (
            ToolForm::WebSearch(_) | ToolForm::CodeExecution(_) | ToolForm::Foreign { .. },
            Some(_),
        ) => false,
    };
    let (allowed, left_out) = prompt.tools.iter().partition::<Vec<_>, _>(is_allowed);
    for tool in left_out {
        losses.dropped(tool.path.clone(), "not among the tools that are allowed");
    }
    allowed
}

/// A tool as a function; one that takes text is a function of one text, `input`. Its grammar is told in words.
pub(in crate::prompt) fn as_function(tool: &Tool, losses: &mut Losses) -> Option<Offer> {
    match &tool.kind {
        ToolForm::Function(function) => {
            group_lost(function.namespace.as_ref(), &tool.path, losses);
            let group = function.namespace.as_ref().map(|group| group.value.as_str());
            Some(Offer {
                name: grouped_name(group, &function.name),
                description: function.description.as_ref().map(|at| at.value.clone()),
                parameters: function.parameters.clone(),
                strict: function.strict.clone(),
            })
        }
        ToolForm::Custom(custom) => {
            group_lost(custom.namespace.as_ref(), &tool.path, losses);
            losses.emulated(tool.path.clone(), "a tool that takes text is a function of one text");
            let mut description =
                custom.description.as_ref().map(|at| at.value.clone()).unwrap_or_default();
            if let Some(format) = &custom.format {
                losses.emulated(format.path.clone(), "a grammar is told in the description");
                let definition = format.value.get("definition").and_then(Value::as_str);
                let told = definition.map_or_else(|| format.value.to_string(), str::to_owned);
                description.push_str("\n\nThe input must be of this grammar:\n");
                description.push_str(&told);
            }
            let schema = json!({
                "type": "object",
                "properties": { "input": { "type": "string" } },
                "required": ["input"],
            });
            let group = custom.namespace.as_ref().map(|group| group.value.as_str());
            Some(Offer {
                name: grouped_name(group, &custom.name),
                description: (!description.is_empty()).then_some(description),
                parameters: Some(Given::new(tool.path.clone(), schema)),
                strict: None,
            })
        }
        ToolForm::WebSearch(_) | ToolForm::CodeExecution(_) | ToolForm::Foreign { .. } => None,
    }
}

fn group_lost(group: Option<&Given<String>>, path: &str, losses: &mut Losses) {
    if group.is_some() {
        losses.emulated(path.to_owned(), "the group of a tool is a part of its name");
    }
}

/// Names what is said of a search and has no place there.
pub(in crate::prompt) fn lose_search(hosted: &Hosted, target: DialectId, losses: &mut Losses) {
    const WHY: &str = "a search there cannot be told this";
    let Hosted { allowed_domains, blocked_domains, location, max_uses, context_size, raw: _ } =
        hosted;
    let openai = matches!(target, DialectId::Chat | DialectId::Responses);
    let mut lose = |known: bool, path: Option<&String>| {
        if !known && let Some(path) = path {
            losses.dropped(path.clone(), WHY);
        }
    };
    let filters = matches!(target, DialectId::Responses | DialectId::Messages);
    lose(filters, allowed_domains.as_ref().map(|at| &at.path));
    lose(filters, blocked_domains.as_ref().map(|at| &at.path));
    lose(target != DialectId::Gemini, location.as_ref().map(|at| &at.path));
    lose(target == DialectId::Messages, max_uses.as_ref().map(|at| &at.path));
    lose(openai, context_size.as_ref().map(|at| &at.path));
}

/// Names a tool that its dialect alone has and that an answer can do without.
pub(in crate::prompt) fn lose_foreign(tool: &Tool, losses: &mut Losses) {
    losses.dropped(tool.path.clone(), "no such tool there");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode_prompt;

    #[test]
    fn a_tool_that_takes_text_is_a_function_of_one_text() {
        let body = br#"{"input":"x","tools":[{"type":"namespace","name":"fs","tools":[
            {"type":"custom","name":"patch","description":"d",
             "format":{"type":"grammar","syntax":"lark","definition":"start: WORD"}}]}]}"#;
        let prompt = decode_prompt(DialectId::Responses, body).unwrap();
        let mut losses = Losses::default();
        let offer = as_function(&prompt.tools[0], &mut losses).unwrap();
        assert_eq!(offer.name, "fs__patch");
        assert!(offer.description.unwrap().ends_with("grammar:\nstart: WORD"));
        let lost: Vec<&str> = losses.named().iter().map(|loss| &*loss.path).collect();
        assert_eq!(lost, ["tools[0].tools[0]", "tools[0].tools[0].format"]);
        let sent = prompt.tool_sent_as("fs__patch").unwrap();
        assert!(matches!(&sent.kind, ToolForm::Custom(custom) if custom.name == "patch"));
        assert!(prompt.tool_sent_as("patch").is_none());
    }
}
