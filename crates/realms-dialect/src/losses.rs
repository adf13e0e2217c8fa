//! What a translation could not carry over as it was, named by the path of its field.

use std::borrow::Cow;

/// How many losses one translation names. What comes after them is only counted: a prompt of ten
/// thousand turns may lose the same field in each.
const MOST_NAMED: usize = 64;

/// What became of a field the other dialect has no equal for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum LossKind {
    /// It is gone: the upstream, or the client, never sees it.
    Dropped,
    /// It is there with a value near to the one asked for, as a budget of 10,000 tokens is an effort
    /// of `medium`.
    Approximated,
    /// It is there by other means, as a JSON schema is an instruction in the system prompt.
    Emulated,
}

/// One field that arrived otherwise than it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Loss {
    /// Where the field is in the body as it was sent: `tools[2].strict`. Never a value of it.
    pub path: Cow<'static, str>,
    /// What became of it.
    pub kind: LossKind,
    /// Why, in a few words for a reader of the trace. Never a value of the field.
    pub why: &'static str,
}

/// What one translation lost, in the order it was found. Each pair of path and kind is named once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Losses {
    named: Vec<Loss>,
    unnamed: usize,
}

// === impl LossKind ===

impl LossKind {
    /// As it stands in the response header and in a trace: `dropped`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dropped => "dropped",
            Self::Approximated => "approximated",
            Self::Emulated => "emulated",
        }
    }
}

// === impl Losses ===

impl Losses {
    /// Names a field that is not there on the other side.
    pub fn dropped(&mut self, path: impl Into<Cow<'static, str>>, why: &'static str) {
        self.lose(path.into(), LossKind::Dropped, why);
    }

    /// Names a field whose value is only near to the one asked for.
    pub fn approximated(&mut self, path: impl Into<Cow<'static, str>>, why: &'static str) {
        self.lose(path.into(), LossKind::Approximated, why);
    }

    /// Names a field that is done by other means.
    pub fn emulated(&mut self, path: impl Into<Cow<'static, str>>, why: &'static str) {
        self.lose(path.into(), LossKind::Emulated, why);
    }

    /// The losses that have a name, at most 64.
    #[must_use]
    pub fn named(&self) -> &[Loss] {
        &self.named
    }

    /// How many more there were.
    #[must_use]
    pub fn unnamed(&self) -> usize {
        self.unnamed
    }

    /// Whether everything arrived as it was sent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    fn lose(&mut self, path: Cow<'static, str>, kind: LossKind, why: &'static str) {
        if self.named.iter().any(|loss| loss.kind == kind && loss.path == path) {
            return;
        }
        if self.named.len() == MOST_NAMED {
            self.unnamed += 1;
            return;
        }
        self.named.push(Loss { path, kind, why });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_named_once_for_each_thing_that_became_of_it() {
        let mut losses = Losses::default();
        losses.dropped("logit_bias", "no such field");
        losses.dropped("logit_bias", "no such field");
        losses.emulated("logit_bias", "by other means");
        assert_eq!(losses.named().len(), 2);
        assert_eq!(losses.unnamed(), 0);
    }

    #[test]
    fn after_the_bound_losses_are_only_counted() {
        let mut losses = Losses::default();
        for turn in 0..MOST_NAMED + 10 {
            losses.dropped(format!("messages[{turn}].name"), "no names of speakers");
        }
        assert_eq!(losses.named().len(), MOST_NAMED);
        assert_eq!(losses.unnamed(), 10);
        assert!(!losses.is_empty());
    }
}
