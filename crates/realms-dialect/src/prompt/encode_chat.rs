//! A prompt to Chat Completions.

mod message;

use realms_types::DialectId;
use serde_json::json;

use super::{
    Family, Format, Given, Prompt, Summary, Target, ToolForm, Untranslatable,
    out::{Body, Put},
    rules::{cache, choice, effort, format, limits, sampling, tier, tools},
};
use crate::Losses;

/// Writes one body.
struct Writer<'a> {
    prompt: &'a Prompt,
    target: &'a Target<'a>,
    losses: &'a mut Losses,
}

pub(super) fn encode(
    prompt: &Prompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Result<Body, Untranslatable> {
    let mut writer = Writer { prompt, target, losses };
    let mut body = Body::new();
    body.put("model", target.model);
    body.put("messages", writer.messages()?);
    writer.tools(&mut body)?;
    writer.settings(&mut body)?;
    if prompt.origin != DialectId::Chat || target.family == Family::Openai {
        cache::drop_marks(prompt, writer.losses);
    }
    Ok(body)
}

// === impl Writer ===

impl Writer<'_> {
    fn settings(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let Self { prompt, target, losses } = self;
        // OpenAI's models that reason refuse the old name; other vendors know no other.
        let key = if target.is_openai_reasoner() { "max_completion_tokens" } else { "max_tokens" };
        body.put_some(key, limits::max_output(prompt, target, losses));
        body.put_some("n", limits::candidates(prompt, target)?);
        sampling::openai(prompt, target, body, losses);
        sampling::stop(prompt, target, body, losses);
        if let Some(at) = &prompt.logprobs {
            body.put("logprobs", at.value.chosen);
            body.put_some("top_logprobs", at.value.top.as_ref().map(|top| top.value));
        }
        self.reasoning(body);
        self.format(body);
        body.put_some("verbosity", self.prompt.verbosity.as_ref().map(|at| at.value.clone()));
        common(self.prompt, self.target, body, self.losses);
        if self.prompt.stream {
            body.put("stream", true);
            body.put("stream_options", json!({ "include_usage": true }));
        }
        Ok(())
    }

    fn reasoning(&mut self, body: &mut Body) {
        let reasoning = &self.prompt.reasoning;
        if let Some(Given { path, value: Summary::Auto | Summary::Concise | Summary::Detailed }) =
            &reasoning.summary
        {
            self.losses.dropped(path.clone(), "thinking cannot be asked to be shown");
        }
        let Some(effort) = effort::openai(reasoning, self.losses) else { return };
        if self.target.family == Family::Openai && !self.target.is_openai_reasoner() {
            let said = reasoning.effort.as_ref().map(|at| &at.path);
            if let Some(path) = said.or(reasoning.budget.as_ref().map(|at| &at.path)) {
                self.losses.dropped(path.clone(), "this model does not reason");
            }
            return;
        }
        body.put("reasoning_effort", effort.as_str());
    }

    fn format(&mut self, body: &mut Body) {
        let native =
            self.prompt.origin == DialectId::Chat || self.prompt.origin == DialectId::Responses;
        let Some(Given { value, .. }) = &self.prompt.format else { return };
        let format = match value {
            Format::Text => json!({ "type": "text" }),
            Format::JsonObject => json!({ "type": "json_object" }),
            Format::JsonSchema(schema) => {
                let inner = format::openai(schema, native, self.losses);
                json!({ "type": "json_schema", "json_schema": inner })
            }
        };
        body.put("response_format", format);
    }

    fn tools(&mut self, body: &mut Body) -> Result<(), Untranslatable> {
        let custom = tools::knows_custom(self.target);
        // Only OpenAI knows a choice among some of the tools.
        let filter = match self.target.family {
            Family::Openai => None,
            Family::Anthropic | Family::Google | Family::Other => {
                choice::filter(self.prompt, self.target, self.losses)?
            }
        };
        let mut list = Vec::new();
        for tool in tools::allowed(self.prompt, filter, self.losses) {
            match &tool.kind {
                ToolForm::Custom(one) if custom && one.namespace.is_none() => {
                    let mut inner = Body::new();
                    inner.put("name", one.name.clone());
                    inner.put_some(
                        "description",
                        one.description.as_ref().map(|at| at.value.clone()),
                    );
                    inner.put_some("format", one.format.as_ref().map(|at| at.value.clone()));
                    list.push(json!({ "type": "custom", "custom": inner }));
                }
                ToolForm::Function(_) | ToolForm::Custom(_) => {
                    let Some(offer) = tools::as_function(tool, self.losses) else { continue };
                    let mut inner = Body::new();
                    inner.put("name", offer.name);
                    inner.put_some("description", offer.description);
                    inner.put_some("parameters", offer.parameters.map(|at| at.value));
                    inner.put_some("strict", offer.strict.map(|at| at.value));
                    list.push(json!({ "type": "function", "function": inner }));
                }
                ToolForm::WebSearch(hosted) => {
                    tools::lose_search(hosted, DialectId::Chat, self.losses);
                    let mut options = Body::new();
                    let size = hosted.context_size.as_ref().map(|at| at.value.clone());
                    options.put_some("search_context_size", size);
                    if let Some(location) = &hosted.location {
                        let near = json!({ "type": "approximate", "approximate": location.value });
                        options.put("user_location", near);
                    }
                    body.put("web_search_options", options);
                }
                ToolForm::CodeExecution(_) => {
                    return Err(self.target.cannot("code that the vendor runs", &tool.path));
                }
                ToolForm::Foreign { raw, .. } if self.prompt.origin == DialectId::Chat => {
                    list.push(raw.clone());
                }
                ToolForm::Foreign { .. } => tools::lose_foreign(tool, self.losses),
            }
        }
        if !list.is_empty() {
            body.put("tools", list);
        }
        if let Some(choice) = &self.prompt.choice {
            let written = match filter {
                Some(_) if choice::forces(self.prompt) => "required".into(),
                Some(_) => "auto".into(),
                None => choice::chat(&choice.value, self.prompt, custom),
            };
            body.put("tool_choice", written);
        }
        body.put_some("parallel_tool_calls", self.prompt.parallel.as_ref().map(|at| at.value));
        Ok(())
    }
}

/// What Chat and Responses have in common.
pub(super) fn common(prompt: &Prompt, target: &Target<'_>, body: &mut Body, losses: &mut Losses) {
    body.put_some("metadata", prompt.metadata.as_ref().map(|at| at.value.clone()));
    if let Some(user) = &prompt.user {
        // Longer ones are refused; Claude Code's is a JSON text of ids of its own.
        if user.value.len() <= 64
            || prompt.origin == DialectId::Chat
            || prompt.origin == DialectId::Responses
        {
            // The old name is the one that everybody knows.
            let new = user.path == "safety_identifier"
                || target.family == Family::Openai && user.path != "user";
            body.put(if new { "safety_identifier" } else { "user" }, user.value.clone());
        } else {
            losses.dropped(user.path.clone(), "names of users have 64 characters at most");
        }
    }
    body.put_some("prompt_cache_key", cache::key(prompt, target));
    body.put_some("service_tier", tier::openai(prompt.tier.as_ref(), losses));
    body.put_some("store", prompt.store.as_ref().map(|at| at.value));
}
