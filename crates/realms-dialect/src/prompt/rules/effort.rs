//! How much to think: words with OpenAI, words or LLM tokens with Anthropic and Google.

use crate::{
    Losses,
    prompt::{Budget, Given, Prompt, PromptError, Reasoning, Target},
};

/// How hard a model thinks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
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
    /// Very much.
    Xhigh,
    /// As much as there is.
    Max,
}

/// The one table between words and LLM tokens: an effort, the budget that stands for it, and the largest budget
/// that still counts as it. Anthropic takes 1,024 at least, Gemini 2.5 24,576 at most.
const TABLE: [(Effort, u64, u64); 6] = [
    (Effort::None, 0, 0),
    (Effort::Low, 1_024, 4_096),
    (Effort::Medium, 8_192, 12_288),
    (Effort::High, 16_384, 20_480),
    (Effort::Xhigh, 24_576, 28_672),
    (Effort::Max, 32_000, u64::MAX),
];

const WORDS: [(Effort, &str); 7] = [
    (Effort::None, "none"),
    (Effort::Minimal, "minimal"),
    (Effort::Low, "low"),
    (Effort::Medium, "medium"),
    (Effort::High, "high"),
    (Effort::Xhigh, "xhigh"),
    (Effort::Max, "max"),
];

/// Reads an effort.
pub(in crate::prompt) fn read(word: Given<String>) -> Result<Given<Effort>, PromptError> {
    match Effort::find(&word.value) {
        Some(value) => Ok(Given { path: word.path, value }),
        None => {
            Err(PromptError::wrong(word.path, "none, minimal, low, medium, high, xhigh or max"))
        }
    }
}

/// In OpenAI's words.
pub(in crate::prompt) fn openai(reasoning: &Reasoning, losses: &mut Losses) -> Option<Effort> {
    let effort = word(reasoning, losses)?;
    if effort.value == Effort::Max {
        losses.approximated(effort.path, "the highest effort there is xhigh");
        return Some(Effort::Xhigh);
    }
    Some(effort.value)
}

/// The effort said, or the one that a budget stands for.
pub(in crate::prompt) fn word(reasoning: &Reasoning, losses: &mut Losses) -> Option<Given<Effort>> {
    let tokens = match &reasoning.budget {
        Some(Given { path, value: Budget::Tokens(tokens) }) => Some((path, *tokens)),
        Some(Given { value: Budget::Dynamic, .. }) | None => None,
    };
    if let Some((path, _)) = tokens {
        losses.approximated(path.clone(), "a budget of thinking is an effort there");
    }
    match (&reasoning.effort, tokens) {
        (Some(effort), _) => Some(effort.clone()),
        (None, Some((path, tokens))) => Some(Given::new(path.clone(), Effort::of_budget(tokens))),
        (None, None) => None,
    }
}

/// What Anthropic is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::prompt) enum Thinking {
    /// Nothing.
    Unsaid,
    /// It is off.
    Off,
    /// The model decides, within an effort.
    Adaptive,
    /// It has a budget.
    Budget(u64),
}

/// The least budget that Anthropic takes.
const LEAST: u64 = 1_024;

/// What a Claude model is told of thinking and of effort.
///
/// From version 4.6 on models decide by themselves and take an effort; before, and at those who only speak the dialect, there is a
/// budget, smaller than the answer's limit. A thinking model cannot be forced to call a tool, and before 4.6 an
/// open round of tool calls must have been begun with thinking that its maker can read.
pub(in crate::prompt) fn anthropic(
    prompt: &Prompt,
    target: &Target<'_>,
    max_tokens: u64,
    obstacle: Option<&'static str>,
    losses: &mut Losses,
) -> (Thinking, Option<Effort>) {
    let reasoning = &prompt.reasoning;
    if let Some(effort) = &reasoning.effort
        && effort.value == Effort::None
    {
        return (Thinking::Off, None);
    }
    let said = reasoning.effort.as_ref().map(|at| &at.path);
    let Some(path) = said.or(reasoning.budget.as_ref().map(|at| &at.path)) else {
        return (Thinking::Unsaid, None);
    };
    let adaptive = target.claude().is_some_and(|version| version >= (4, 6));
    let (thinking, effort) = if adaptive {
        adaptive_thinking(prompt, losses)
    } else {
        (budget_thinking(reasoning, max_tokens, losses), None)
    };
    match obstacle {
        Some(why) if !matches!(thinking, Thinking::Off | Thinking::Unsaid) => {
            losses.dropped(path.clone(), why);
            (Thinking::Unsaid, effort)
        }
        _ => (thinking, effort),
    }
}

fn adaptive_thinking(prompt: &Prompt, losses: &mut Losses) -> (Thinking, Option<Effort>) {
    let reasoning = &prompt.reasoning;
    let effort = word(reasoning, losses).map(|effort| match effort.value {
        Effort::Minimal => {
            losses.approximated(effort.path, "the lowest effort there is low");
            Effort::Low
        }
        other => other,
    });
    if effort == Some(Effort::None) {
        return (Thinking::Off, None);
    }
    // There an effort says nothing of thinking; elsewhere it says nothing else.
    let native = prompt.origin == realms_types::DialectId::Messages;
    if native && reasoning.budget.is_none() {
        return (Thinking::Unsaid, effort);
    }
    (Thinking::Adaptive, effort)
}

fn budget_thinking(reasoning: &Reasoning, max_tokens: u64, losses: &mut Losses) -> Thinking {
    const WHY: &str = "an effort is a budget of thinking there";
    let (path, wanted, exact) = match (&reasoning.budget, &reasoning.effort) {
        (Some(Given { path, value: Budget::Tokens(0) }), _) => {
            let _ = path;
            return Thinking::Off;
        }
        (Some(Given { path, value: Budget::Tokens(tokens) }), _) => (path, *tokens, true),
        (_, Some(Given { path, value })) => (path, value.budget(), false),
        (Some(Given { path, value: Budget::Dynamic }), None) => {
            (path, Effort::Medium.budget(), false)
        }
        (None, None) => return Thinking::Unsaid,
    };
    let budget = wanted.max(LEAST).min(max_tokens.saturating_sub(1));
    if budget < LEAST {
        losses.dropped(path.clone(), "the limit of the answer leaves no room to think");
        return Thinking::Unsaid;
    }
    if !exact {
        losses.approximated(path.clone(), WHY);
    } else if budget != wanted {
        losses
            .approximated(path.clone(), "a budget is 1,024 at least, and below the answer's limit");
    }
    Thinking::Budget(budget)
}

/// What a Gemini model is told: a level in its words, or a budget in LLM tokens (−1: it decides).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::prompt) enum Level {
    /// In words.
    Word(&'static str),
    /// In LLM tokens.
    Budget(i64),
}

/// Gemini 2.5 takes budgets, later ones levels, and budgets for old clients' sake.
pub(in crate::prompt) fn google(
    reasoning: &Reasoning,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Option<Level> {
    let effort = match (&reasoning.effort, &reasoning.budget) {
        (None, None) => return None,
        (None, Some(Given { value: Budget::Dynamic, .. })) => return Some(Level::Budget(-1)),
        (None, Some(Given { path, value: Budget::Tokens(tokens) })) => {
            return Some(Level::Budget(i64::try_from(*tokens).unwrap_or_else(|_| {
                losses.approximated(path.clone(), "a budget that no model has");
                i64::MAX
            })));
        }
        (Some(effort), budget) => {
            if let Some(Given { path, value: Budget::Tokens(_) }) = budget {
                losses.approximated(path.clone(), "only the effort is sent");
            }
            effort
        }
    };
    if effort.value == Effort::None {
        return Some(Level::Budget(0));
    }
    if target.gemini() == Some(2) {
        losses.approximated(effort.path.clone(), "an effort is a budget of thinking there");
        return Some(Level::Budget(i64::try_from(effort.value.budget().min(24_576)).unwrap_or(-1)));
    }
    Some(Level::Word(match effort.value {
        Effort::None | Effort::Minimal => "minimal",
        Effort::Low => "low",
        Effort::Medium => "medium",
        Effort::High => "high",
        Effort::Xhigh | Effort::Max => {
            losses.approximated(effort.path.clone(), "the highest effort there is high");
            "high"
        }
    }))
}

// === impl Effort ===

impl Effort {
    /// The word that OpenAI has for it, or Anthropic.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Xhigh => "xhigh",
            Self::Max => "max",
        }
    }

    /// The effort of a word.
    pub fn find(word: &str) -> Option<Self> {
        WORDS.into_iter().find(|(_, known)| *known == word).map(|(effort, _)| effort)
    }

    /// The budget that stands for it, in LLM tokens.
    pub fn budget(self) -> u64 {
        let this = if self == Self::Minimal { Self::Low } else { self };
        TABLE.into_iter().find(|(effort, ..)| *effort == this).map_or(0, |(_, budget, _)| budget)
    }

    /// The effort that a budget stands for.
    pub fn of_budget(tokens: u64) -> Self {
        let found = TABLE.into_iter().find(|(_, _, most)| tokens <= *most);
        found.map_or(Self::Max, |(effort, ..)| effort)
    }
}

#[cfg(test)]
mod tests {
    use realms_types::DialectId;

    use super::*;
    use crate::prompt::Family;

    fn asked(effort: Option<Effort>, budget: Option<Budget>) -> Prompt {
        let mut prompt = Prompt::empty(DialectId::Responses);
        prompt.reasoning.effort = effort.map(|effort| Given::new("reasoning.effort", effort));
        prompt.reasoning.budget = budget.map(|budget| Given::new("budget", budget));
        prompt
    }

    fn target(model: &str) -> Target<'_> {
        Target {
            dialect: DialectId::Messages,
            model,
            family: Family::Anthropic,
            max_output: None,
            at_home: true,
        }
    }

    #[test]
    fn the_table_reads_the_same_both_ways() {
        for (effort, budget, most) in TABLE {
            assert_eq!(effort.budget(), budget);
            assert_eq!(Effort::of_budget(budget), effort);
            assert_eq!(Effort::of_budget(most), effort);
        }
        for (effort, word) in WORDS {
            assert_eq!((effort.as_str(), Effort::find(word)), (word, Some(effort)));
        }
        assert_eq!(Effort::Minimal.budget(), Effort::Low.budget());
    }

    #[test]
    fn claude_is_told_what_its_version_takes() {
        use Effort::{High, Low, Max, Medium, Minimal, None as Off};
        for (model, effort, budget, max_tokens, expected, losses) in [
            ("claude-opus-4-7", Some(High), None, 32_000, (Thinking::Adaptive, Some(High)), 0),
            ("claude-opus-4-7", Some(Minimal), None, 32_000, (Thinking::Adaptive, Some(Low)), 1),
            ("claude-opus-4-7", Some(Off), None, 32_000, (Thinking::Off, None), 0),
            (
                "claude-opus-4-7",
                None,
                Some(Budget::Tokens(9_000)),
                32_000,
                (Thinking::Adaptive, Some(Medium)),
                1,
            ),
            ("claude-opus-4-7", None, Some(Budget::Dynamic), 32_000, (Thinking::Adaptive, None), 0),
            ("claude-haiku-4-5", Some(High), None, 32_000, (Thinking::Budget(16_384), None), 1),
            ("claude-haiku-4-5", Some(Max), None, 8_000, (Thinking::Budget(7_999), None), 1),
            ("claude-haiku-4-5", Some(High), None, 1_000, (Thinking::Unsaid, None), 1),
            (
                "claude-haiku-4-5",
                None,
                Some(Budget::Tokens(5_000)),
                8_000,
                (Thinking::Budget(5_000), None),
                0,
            ),
            (
                "claude-haiku-4-5",
                None,
                Some(Budget::Tokens(500)),
                8_000,
                (Thinking::Budget(1_024), None),
                1,
            ),
            ("claude-haiku-4-5", None, Some(Budget::Tokens(0)), 8_000, (Thinking::Off, None), 0),
            ("glm-5", None, Some(Budget::Dynamic), 32_000, (Thinking::Budget(8_192), None), 1),
            ("glm-5", None, None, 32_000, (Thinking::Unsaid, None), 0),
        ] {
            let mut lost = Losses::default();
            let prompt = asked(effort, budget);
            let found = anthropic(&prompt, &target(model), max_tokens, None, &mut lost);
            assert_eq!(found, expected, "{model} {effort:?} {budget:?}");
            assert_eq!(lost.named().len(), losses, "{model} {effort:?} {budget:?}");
        }
    }

    #[test]
    fn what_stands_in_the_way_of_thinking_is_named() {
        let mut lost = Losses::default();
        let prompt = asked(Some(Effort::High), None);
        let found = anthropic(&prompt, &target("claude-opus-4-7"), 32_000, Some("why"), &mut lost);
        assert_eq!(found, (Thinking::Unsaid, Some(Effort::High)));
        assert_eq!(lost.named()[0].path, "reasoning.effort");
    }

    #[test]
    fn gemini_is_told_levels_or_budgets() {
        for (model, effort, budget, expected, losses) in [
            ("gemini-3.8-flash", Some(Effort::Medium), None, Some(Level::Word("medium")), 0),
            ("gemini-3.8-flash", Some(Effort::Max), None, Some(Level::Word("high")), 1),
            ("gemini-3.8-flash", Some(Effort::None), None, Some(Level::Budget(0)), 0),
            ("gemini-2.5-pro", Some(Effort::Medium), None, Some(Level::Budget(8_192)), 1),
            ("gemini-2.5-pro", Some(Effort::Max), None, Some(Level::Budget(24_576)), 1),
            ("gemini-2.5-pro", None, Some(Budget::Tokens(777)), Some(Level::Budget(777)), 0),
            ("gemini-2.5-pro", None, Some(Budget::Dynamic), Some(Level::Budget(-1)), 0),
            (
                "gemini-2.5-pro",
                Some(Effort::Low),
                Some(Budget::Tokens(777)),
                Some(Level::Budget(1_024)),
                2,
            ),
            ("gemini-2.5-pro", None, None, None, 0),
        ] {
            let mut lost = Losses::default();
            let found = google(&asked(effort, budget).reasoning, &target(model), &mut lost);
            assert_eq!(found, expected, "{model} {effort:?} {budget:?}");
            assert_eq!(lost.named().len(), losses, "{model} {effort:?} {budget:?}");
        }
    }

    #[test]
    fn openai_is_told_a_word() {
        for (effort, budget, expected, losses) in [
            (Some(Effort::Low), None, Some(Effort::Low), 0),
            (Some(Effort::Max), None, Some(Effort::Xhigh), 1),
            (None, Some(Budget::Tokens(31_999)), Some(Effort::Xhigh), 2),
            (Some(Effort::Low), Some(Budget::Dynamic), Some(Effort::Low), 0),
            (None, Some(Budget::Dynamic), None, 0),
        ] {
            let mut lost = Losses::default();
            assert_eq!(openai(&asked(effort, budget).reasoning, &mut lost), expected);
            // The same field is named once for each thing that became of it.
            assert_eq!(lost.named().len(), losses.min(1), "{effort:?} {budget:?}");
        }
    }
}
