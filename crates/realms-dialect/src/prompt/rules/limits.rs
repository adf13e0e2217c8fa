//! How long an answer may be: Anthropic must be told, OpenAI's Responses takes no less than 16.

use realms_types::DialectId;

use crate::{
    Losses,
    prompt::{Given, Prompt, Target, Untranslatable},
};

/// The least that Responses takes.
const LEAST_RESPONSES: u64 = 16;

/// The limit to send; `None` where nothing was asked and nothing must be said.
pub(in crate::prompt) fn max_output(
    prompt: &Prompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> Option<u64> {
    let Given { path, value } = prompt.max_output.as_ref()?;
    let least = if target.dialect == DialectId::Responses { LEAST_RESPONSES } else { 1 };
    let fitted = (*value).min(target.max_output.unwrap_or(u64::MAX)).max(least);
    if fitted != *value {
        losses.approximated(path.clone(), "the limit is one that the model takes");
    }
    Some(fitted)
}

/// The limit for a dialect that must be told one.
pub(in crate::prompt) fn required_max(
    prompt: &Prompt,
    target: &Target<'_>,
    losses: &mut Losses,
) -> u64 {
    if let Some(asked) = max_output(prompt, target, losses) {
        return asked;
    }
    losses.emulated(field(prompt.origin), "a limit must be given: the most that the model gives");
    target.max_output.unwrap_or_else(|| most(target))
}

/// The most that every model of a version gives, where the operator has not said.
fn most(target: &Target<'_>) -> u64 {
    match target.claude() {
        Some((4.., _)) => 32_000,
        Some((3, 7..)) => 64_000,
        Some((3, 5..)) | None => 8_192,
        Some(_) => 4_096,
    }
}

/// How many answers to ask for.
pub(in crate::prompt) fn candidates(
    prompt: &Prompt,
    target: &Target<'_>,
) -> Result<Option<u64>, Untranslatable> {
    let Some(Given { path, value }) = &prompt.candidates else { return Ok(None) };
    match target.dialect {
        DialectId::Chat | DialectId::Gemini => Ok(Some(*value)),
        DialectId::Responses | DialectId::Messages if *value <= 1 => Ok(None),
        DialectId::Responses | DialectId::Messages => {
            Err(target.cannot("more than one answer to a call", path))
        }
    }
}

/// The field of the limit, to name it where it was not given.
const fn field(origin: DialectId) -> &'static str {
    match origin {
        DialectId::Responses => "max_output_tokens",
        DialectId::Chat => "max_completion_tokens",
        DialectId::Messages => "max_tokens",
        DialectId::Gemini => "generationConfig.maxOutputTokens",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Family;

    fn target(dialect: DialectId, model: &str, max_output: Option<u64>) -> Target<'_> {
        Target { dialect, model, family: Family::Other, max_output, at_home: true }
    }

    #[test]
    fn anthropic_is_always_told_a_limit() {
        for (model, known, expected) in [
            ("claude-opus-4-7", None, 32_000),
            ("claude-3-7-sonnet", None, 64_000),
            ("claude-3-5-haiku", None, 8_192),
            ("claude-3-haiku", None, 4_096),
            ("glm-5", None, 8_192),
            ("glm-5", Some(50_000), 50_000),
        ] {
            let mut losses = Losses::default();
            let prompt = Prompt::empty(DialectId::Chat);
            let to = target(DialectId::Messages, model, known);
            assert_eq!(required_max(&prompt, &to, &mut losses), expected, "{model}");
            assert_eq!(losses.named()[0].path, "max_completion_tokens");
        }
    }

    #[test]
    fn a_limit_out_of_range_is_moved_and_named() {
        for (dialect, known, asked, expected) in [
            (DialectId::Responses, None, 1, 16),
            (DialectId::Responses, None, 16, 16),
            (DialectId::Chat, None, 1, 1),
            (DialectId::Chat, Some(8_192), 128_000, 8_192),
            (DialectId::Messages, None, 0, 1),
        ] {
            let mut losses = Losses::default();
            let mut prompt = Prompt::empty(DialectId::Messages);
            prompt.max_output = Some(Given::new("max_tokens", asked));
            let found = max_output(&prompt, &target(dialect, "m", known), &mut losses);
            assert_eq!(found, Some(expected));
            assert_eq!(losses.is_empty(), asked == expected);
        }
    }

    #[test]
    fn several_answers_are_refused_where_there_is_one() {
        let mut prompt = Prompt::empty(DialectId::Chat);
        prompt.candidates = Some(Given::new("n", 2));
        for (dialect, good) in [
            (DialectId::Chat, true),
            (DialectId::Gemini, true),
            (DialectId::Messages, false),
            (DialectId::Responses, false),
        ] {
            assert_eq!(candidates(&prompt, &target(dialect, "m", None)).is_ok(), good, "{dialect}");
        }
        prompt.candidates = Some(Given::new("n", 1));
        assert_eq!(candidates(&prompt, &target(DialectId::Messages, "m", None)), Ok(None));
    }
}
