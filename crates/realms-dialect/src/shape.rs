//! What the options of a channel make of a call: body, headers and the model's name. Pure.
//!
//! A [`Shape`] is compiled once for the options of a channel. It edits the text of a body where it lies:
//! what no option touches keeps every byte.

mod account;
mod cache;
mod effort;
mod error_rules;
mod filter;
mod header;
mod models;
mod params;
mod prompt;
mod text;
mod think;

use bytes::Bytes;
use realms_types::{
    Asks, ChannelId, ChannelKind, ChannelOptions, DialectId, EffortSuffix, Exclusion, OpenHours,
    OptionMistake, SystemPrompt, Timestamp,
};

use crate::Intent;

pub use error_rules::{ErrorRules, Told};
pub use header::{HeaderChange, HeaderFacts};
pub use models::Named;
pub use think::Think;

/// The options of a channel, ready to be used on calls.
#[derive(Debug)]
pub struct Shape {
    options: ChannelOptions,
    filter: filter::Filter,
    params: params::Edits,
    headers: header::Headers,
    rules: models::Rules,
}

/// What of a call decides how its body is shaped.
#[derive(Debug, Clone, Copy)]
pub struct Scene<'a> {
    /// The dialect of the body.
    pub dialect: DialectId,
    /// Whether an answer is generated from it, or its tokens are counted: only then it has a prompt.
    pub prompted: bool,
    /// The path the client called.
    pub path: &'a str,
    /// The model as the client named it.
    pub original_model: &'a str,
    /// The channel.
    pub channel: ChannelId,
    /// What kind of vendor it leads to.
    pub kind: ChannelKind,
    /// Whether it is a test of the channel.
    pub test: bool,
}

/// A body as it is sent, and what was done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shaped {
    /// The body.
    pub body: Bytes,
    /// The options that changed it, in their order.
    pub edits: Vec<&'static str>,
}

/// Whether a channel with these options may serve a call that asks for this. `hours` are those of the
/// options, compiled.
pub fn fits(
    intent: &Intent,
    options: &ChannelOptions,
    hours: Option<&OpenHours>,
    now: Timestamp,
) -> Result<(), Exclusion> {
    options.fits(intent.asks(), hours, now)
}

// === impl Intent ===

impl Intent {
    /// What the call asks for, as far as options decide who may serve it.
    pub fn asks(&self) -> Asks {
        let tier = self.service_tier.as_deref().unwrap_or("auto").to_ascii_lowercase();
        let fast = matches!(tier.as_str(), "priority" | "fast") || self.fast;
        let usual = matches!(tier.as_str(), "auto" | "default" | "standard" | "standard_only");
        Asks { fast, tier: !usual }
    }
}

// === impl Shape ===

impl Shape {
    /// Compiles options, or says what is wrong with them.
    pub fn compile(options: &ChannelOptions) -> Result<Self, Vec<OptionMistake>> {
        let mistakes = options.check();
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let one = |mistake| vec![mistake];
        Ok(Self {
            filter: filter::Filter::compile(&options.body).map_err(one)?,
            params: params::Edits::compile(&options.params).map_err(one)?,
            headers: header::Headers::compile(options).map_err(one)?,
            rules: models::Rules::compile(&options.model_rules).map_err(one)?,
            options: options.clone(),
        })
    }

    /// The options it was compiled from.
    pub const fn options(&self) -> &ChannelOptions {
        &self.options
    }

    /// The model that is called when this one is bound.
    pub fn model(&self, bound: &str, edits: &mut Vec<&'static str>) -> Named {
        let redirected = self.rules.apply(bound);
        if redirected.is_some() {
            edits.push("model_rules");
        }
        let name = redirected.unwrap_or_else(|| bound.to_owned());
        match self.options.effort_suffix.as_ref().and_then(|suffix| split(suffix, &name)) {
            Some((base, effort)) => {
                edits.push("effort_suffix");
                Named { name: base.to_owned(), effort: Some(effort) }
            }
            None => Named { name, effort: None },
        }
    }

    /// Whether the body is sent as the client wrote it.
    pub const fn passes_through(&self) -> bool {
        self.options.pass_through_body
    }

    /// Edits a body in which the model has its name already. A body that is no JSON object, such as a
    /// form, stays as it is.
    pub fn body(&self, body: &Bytes, named: &Named, scene: Scene<'_>) -> Shaped {
        let mut edits = Vec::new();
        let is_object = |text: &&str| text.trim_start().starts_with('{');
        let Some(text) = str::from_utf8(body).ok().filter(is_object) else {
            return Shaped { body: body.clone(), edits };
        };
        if self.options.pass_through_body {
            return Shaped { body: body.clone(), edits };
        }
        let mut text = text::Text::new(text);
        if scene.prompted {
            if let Some(SystemPrompt { text: prompt, mode }) = &self.options.system_prompt {
                prompt::put(&mut text, scene.dialect, prompt, *mode);
                text.note("system_prompt", &mut edits);
            }
            if let (Some(effort), Some(suffix)) = (named.effort, &self.options.effort_suffix) {
                effort.put(&mut text, scene.dialect, &named.name, suffix.messages);
                // Named with the model already: the suffix was taken off whatever the body says.
                text.note("", &mut edits);
            }
        }
        account::put(&mut text, &self.options, scene, &mut edits);
        if scene.dialect == DialectId::Messages {
            cache::put(&mut text, self.options.cache_ttl);
            text.note("cache_ttl", &mut edits);
        }
        self.filter.apply(&mut text);
        text.note("body", &mut edits);
        self.params.apply(&mut text, named, scene);
        text.note("params", &mut edits);
        match text.changed() {
            Some(changed) => Shaped { body: changed.into(), edits },
            None => Shaped { body: body.clone(), edits },
        }
    }

    /// What is done to the headers of a request.
    pub fn headers(
        &self,
        facts: HeaderFacts<'_>,
        edits: &mut Vec<&'static str>,
    ) -> Vec<HeaderChange> {
        self.headers.render(facts, edits)
    }

    /// The status a client sees for an error that is returned as it is.
    pub fn status(&self, status: u16) -> u16 {
        self.options.status_codes.get(status.to_string().as_str()).copied().unwrap_or(status)
    }

    /// Moves reasoning into the content of an answer in this dialect, if these options say so.
    pub fn think(&self, dialect: DialectId) -> Option<Think> {
        (self.options.thinking_to_content && dialect == DialectId::Chat).then(Think::default)
    }
}

/// The name without its suffix, and the effort it stands for.
fn split<'a>(suffix: &EffortSuffix, name: &'a str) -> Option<(&'a str, effort::Effort)> {
    if suffix.keep.iter().any(|kept| kept == name) {
        return None;
    }
    effort::Effort::split(name)
}

#[cfg(test)]
mod tests;
