//! What a client is told about an error of an upstream.

use realms_types::{DialectId, ErrorAct, ErrorRule, OptionMistake, pattern};
use regex::Regex;

/// So much of a body is looked at.
const LOOKED_AT: usize = 8 << 10;

/// Rules, ready to be asked; the first that matches counts.
#[derive(Debug, Default)]
pub struct ErrorRules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    said: ErrorRule,
    contains: Option<String>,
    regex: Option<Regex>,
}

/// What a rule says.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    /// The name of the rule.
    pub rule: &'a str,
    /// What is done.
    pub act: &'a ErrorAct,
}

// === impl ErrorRules ===

impl ErrorRules {
    /// Compiles those that are switched on.
    pub fn compile<'r>(
        rules: impl IntoIterator<Item = &'r ErrorRule>,
    ) -> Result<Self, OptionMistake> {
        let compile = |rule: &ErrorRule| {
            let mistake = |why| OptionMistake::new(format!("{}.match.regex", rule.name), why);
            Ok(Rule {
                contains: rule.when.contains.as_ref().map(|text| text.to_lowercase()),
                regex: rule.when.regex.as_deref().map(pattern).transpose().map_err(mistake)?,
                said: rule.clone(),
            })
        };
        let on = rules.into_iter().filter(|rule| rule.enabled);
        Ok(Self(on.map(compile).collect::<Result<_, _>>()?))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first rule about such an error.
    pub fn find(
        &self,
        status: u16,
        body: &[u8],
        channel: &str,
        dialect: DialectId,
    ) -> Option<Told<'_>> {
        if self.0.is_empty() {
            return None;
        }
        let text = String::from_utf8_lossy(&body[..body.len().min(LOOKED_AT)]);
        let lower = text.to_lowercase();
        let found = self.0.iter().find(|one| {
            let when = &one.said.when;
            (when.status.is_empty() || when.status.contains(&status))
                && (when.channels.is_empty() || when.channels.iter().any(|name| name == channel))
                && (when.dialects.is_empty() || when.dialects.contains(&dialect))
                && one.contains.as_ref().is_none_or(|part| lower.contains(part.as_str()))
                && one.regex.as_ref().is_none_or(|regex| regex.is_match(&text))
        });
        found.map(|one| Told { rule: &one.said.name, act: &one.said.act })
    }
}
