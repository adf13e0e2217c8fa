//! Which upstream model is called instead of the bound one.

use realms_types::{ModelRule, OptionMistake, RuleKind, pattern};
use regex::Regex;

use super::effort::Effort;

/// A model as it is called, and the effort its name asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The effort.
    pub(super) effort: Option<Effort>,
}

/// Rules, the first that fits counts.
#[derive(Debug)]
pub(super) struct Rules(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    test: Test,
    to: String,
}

#[derive(Debug)]
enum Test {
    Exact(String),
    Prefix(String),
    Suffix(String),
    Regex(Regex),
}

// === impl Named ===

impl Named {
    /// A model whose name asks for nothing.
    pub fn plain(name: impl Into<String>) -> Self {
        Self { name: name.into(), effort: None }
    }
}

// === impl Rules ===

impl Rules {
    pub(super) fn compile(rules: &[ModelRule]) -> Result<Self, OptionMistake> {
        let compile = |(index, rule): (usize, &ModelRule)| {
            let wanted = rule.pattern.clone();
            let test = match rule.kind {
                RuleKind::Exact => Test::Exact(wanted),
                RuleKind::Prefix => Test::Prefix(wanted),
                RuleKind::Suffix => Test::Suffix(wanted),
                // All of the name must match, so that one rule does not redirect half a catalogue.
                RuleKind::Regex => {
                    Test::Regex(pattern(&format!("^(?:{wanted})$")).map_err(|why| {
                        OptionMistake::new(format!("model_rules.{index}.pattern"), why)
                    })?)
                }
            };
            Ok(Rule { test, to: rule.to.clone() })
        };
        Ok(Self(rules.iter().enumerate().map(compile).collect::<Result<_, _>>()?))
    }

    /// The name to call, where a rule fits and leads to another.
    pub(super) fn apply(&self, name: &str) -> Option<String> {
        let found = self.0.iter().find_map(|rule| rule.apply(name))?;
        (found != name && !found.is_empty()).then_some(found)
    }
}

// === impl Rule ===

impl Rule {
    fn apply(&self, name: &str) -> Option<String> {
        let fits = match &self.test {
            Test::Exact(text) => name == text,
            Test::Prefix(text) => name.starts_with(text.as_str()),
            Test::Suffix(text) => name.ends_with(text.as_str()),
            Test::Regex(regex) => {
                let captures = regex.captures(name)?;
                let mut to = String::new();
                captures.expand(&self.to, &mut to);
                return Some(to);
            }
        };
        fits.then(|| self.to.clone())
    }
}
