//! A reasoning effort, in the field each dialect has for it.

use realms_types::{DialectId, JsonPath, MessagesEffort, Step};
use serde_json::Value;

use super::text::{Text, quoted};

/// How hard a model thinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Not at all.
    None,
    /// As little as there is.
    Minimal,
    /// A little.
    Low,
    /// As usual.
    Medium,
    /// Much.
    High,
    /// As much as there is.
    Xhigh,
}

/// The least budget that Messages takes.
const LEAST_BUDGET: u64 = 1024;

// === impl Effort ===

impl Effort {
    /// The name without its suffix, and what the suffix stands for.
    pub(super) fn split(name: &str) -> Option<(&str, Self)> {
        let (base, suffix) = name.rsplit_once('-')?;
        let effort = match suffix {
            "none" => Self::None,
            "minimal" => Self::Minimal,
            "low" => Self::Low,
            "medium" => Self::Medium,
            "high" => Self::High,
            "xhigh" => Self::Xhigh,
            _ => return None,
        };
        (!base.is_empty()).then_some((base, effort))
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Xhigh => "xhigh",
        }
    }

    /// In LLM tokens, between the least that vendors take and the most that all their models take.
    const fn budget(self) -> u64 {
        match self {
            Self::None => 0,
            Self::Minimal | Self::Low => LEAST_BUDGET,
            Self::Medium => 8192,
            Self::High => 16384,
            Self::Xhigh => 24576,
        }
    }

    /// Puts it into a body, unless the client said something of it itself.
    pub(super) fn put(
        self,
        text: &mut Text<'_>,
        dialect: DialectId,
        model: &str,
        messages: MessagesEffort,
    ) {
        match dialect {
            DialectId::Responses => self.put_word(text, &["reasoning", "effort"]),
            DialectId::Chat => self.put_word(text, &["reasoning_effort"]),
            DialectId::Messages => self.put_messages(text, messages),
            DialectId::Gemini => self.put_gemini(text, model),
        }
    }

    fn put_word(self, text: &mut Text<'_>, names: &[&str]) {
        if !is_said(text, names) {
            text.set(&path(names), &quoted(self.as_str()));
        }
    }

    fn put_messages(self, text: &mut Text<'_>, field: MessagesEffort) {
        if is_said(text, &["thinking"])
            && (self == Self::None || field == MessagesEffort::ThinkingBudget)
        {
            return;
        }
        if self == Self::None {
            return text.set(&path(&["thinking"]), r#"{"type":"disabled"}"#);
        }
        match field {
            // Messages knows no `minimal`.
            MessagesEffort::OutputConfig => {
                let word = if self == Self::Minimal { Self::Low } else { self };
                word.put_word(text, &["output_config", "effort"]);
            }
            MessagesEffort::ThinkingBudget => {
                let most = text.read(&path(&["max_tokens"])).as_ref().and_then(Value::as_u64);
                let budget =
                    most.map_or(self.budget(), |most| self.budget().min(most.saturating_sub(1)));
                if budget >= LEAST_BUDGET {
                    let thinking = format!(r#"{{"type":"enabled","budget_tokens":{budget}}}"#);
                    text.set(&path(&["thinking"]), &thinking);
                }
            }
        }
    }

    /// Gemini 2.5 thinks by budget, what came after it by level; either spelling of a key counts.
    fn put_gemini(self, text: &mut Text<'_>, model: &str) {
        let either = |text: &Text<'_>, above: &[&str], camel, snake| {
            let names: Vec<&str> = above.iter().copied().chain([snake]).collect();
            if text.raw(&path(&names)).is_some() { snake } else { camel }
        };
        let outer = either(text, &[], "generationConfig", "generation_config");
        let inner = either(text, &[outer], "thinkingConfig", "thinking_config");
        let keys = ["thinkingLevel", "thinking_level", "thinkingBudget", "thinking_budget"];
        if keys.iter().any(|key| is_said(text, &[outer, inner, key])) {
            return;
        }
        if model.contains("gemini-2") || self == Self::None {
            let budget = self.budget().to_string();
            return text.set(&path(&[outer, inner, "thinkingBudget"]), &budget);
        }
        let level = if self == Self::Xhigh { Self::High } else { self };
        text.set(&path(&[outer, inner, "thinkingLevel"]), &quoted(level.as_str()));
    }
}

fn path(names: &[&str]) -> Vec<Step> {
    JsonPath::of_names(names).steps().to_vec()
}

fn is_said(text: &Text<'_>, names: &[&str]) -> bool {
    text.raw(&path(names)).is_some_and(|raw| raw != "null")
}
