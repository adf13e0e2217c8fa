//! The filter of a list, held against objects in memory: `owner:openai dialect!:gemini name:gpt* words`.

use crate::ConsoleError;

/// More terms than any list needs.
const MOST: usize = 20;

/// A filter of terms, all of which must hold.
#[derive(Debug, Default)]
pub(super) struct Terms(Vec<Term>);

/// One condition.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    /// The field; `None`: a word that may stand anywhere.
    field: Option<String>,
    not: bool,
    any_of: Vec<String>,
}

// === impl Terms ===

impl Terms {
    /// Reads a filter, and the words of a search, over these fields.
    pub(super) fn parse(
        filter: Option<&str>,
        words: Option<&str>,
        known: &[&str],
    ) -> Result<Self, ConsoleError> {
        let mut terms = Vec::new();
        for piece in pieces(filter.unwrap_or_default()) {
            terms.push(Term::parse(&piece, known)?);
        }
        let words = words.unwrap_or_default().split_whitespace();
        terms.extend(words.map(Term::word));
        if terms.len() > MOST {
            return Err(ConsoleError::Malformed(format!("query: at most {MOST} terms")));
        }
        Ok(Self(terms))
    }

    /// Whether an object is meant: `values` gives what it has in a field, `text` is what words are
    /// looked for in.
    pub(super) fn hold(&self, values: impl Fn(&str) -> Vec<String>, text: &str) -> bool {
        let text = text.to_lowercase();
        self.0.iter().all(|term| match &term.field {
            None => term.any_of.iter().all(|word| text.contains(word)),
            Some(field) => {
                let values = values(field);
                let found = term.any_of.iter().any(|wanted| values.iter().any(|v| fits(v, wanted)));
                found != term.not
            }
        })
    }
}

fn fits(value: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(start) => value.starts_with(start),
        None => value == wanted,
    }
}

/// The terms of a filter: split at spaces outside quotes.
fn pieces(filter: &str) -> Vec<String> {
    let (mut pieces, mut piece, mut quoted) = (Vec::new(), String::new(), false);
    for c in filter.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                piece.push(c);
            }
            c if c.is_whitespace() && !quoted => pieces.push(std::mem::take(&mut piece)),
            c => piece.push(c),
        }
    }
    pieces.push(piece);
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

// === impl Term ===

impl Term {
    fn word(word: &str) -> Self {
        let word = word.trim_matches('"').to_lowercase();
        Self { field: None, not: false, any_of: vec![word] }
    }

    fn parse(piece: &str, known: &[&str]) -> Result<Self, ConsoleError> {
        let Some((field, values)) = piece.split_once(':').filter(|_| !piece.starts_with('"'))
        else {
            return Ok(Self::word(piece));
        };
        let (field, not) = match field.strip_suffix('!') {
            Some(field) => (field, true),
            None => (field, false),
        };
        if !known.contains(&field) {
            let known = known.join(", ");
            return Err(ConsoleError::Malformed(format!(
                "query: `filter` has no field `{field}`; there are {known}"
            )));
        }
        let values = match values.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(quoted) => vec![quoted.to_owned()],
            None => values.split(',').map(str::to_owned).collect(),
        };
        Ok(Self { field: Some(field.to_owned()), not, any_of: values })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(filter: &str) -> bool {
        let terms = Terms::parse(Some(filter), None, &["owner", "dialect"]).unwrap();
        let values = |field: &str| match field {
            "owner" => vec!["openai".to_owned()],
            _ => vec!["chat".to_owned(), "responses".to_owned()],
        };
        terms.hold(values, "GPT-5.2 by OpenAI")
    }

    #[test]
    fn every_form_of_term_is_understood() {
        for filter in [
            "",
            "owner:openai",
            "owner:google,openai",
            "owner:open*",
            "owner:\"openai\"",
            "owner!:google",
            "dialect:chat dialect:responses",
            "gpt",
            "\"5.2 by\"",
            "  owner:openai   gpt ",
        ] {
            assert!(holds(filter), "{filter}");
        }
        for filter in
            ["owner:google", "owner!:openai", "dialect!:chat", "claude", "owner:openai nope"]
        {
            assert!(!holds(filter), "{filter}");
        }
    }

    #[test]
    fn an_unknown_field_names_those_there_are() {
        let error = Terms::parse(Some("onwer:x"), None, &["owner"]).unwrap_err();
        assert!(error.to_string().contains("there are owner"), "{error}");
        assert!(Terms::parse(Some(&"a ".repeat(30)), None, &[]).is_err());
    }
}
