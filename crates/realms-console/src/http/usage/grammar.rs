//! The text of a filter: terms joined by spaces.

use crate::ConsoleError;

/// More than anyone types.
const LONGEST: usize = 4_096;
const MOST_TERMS: usize = 32;
const MOST_VALUES: usize = 100;

/// One term, such as `model!:a,b*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Term {
    /// What stands before the operator.
    pub(in crate::http) field: String,
    /// What is asked of it.
    pub(in crate::http) test: Test,
}

/// What is asked of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) enum Test {
    /// `:` or `!:` with values.
    AnyOf {
        /// Whether it is none of them.
        not: bool,
        /// The values.
        values: Vec<Text>,
    },
    /// `>` with a number.
    Above(String),
    /// `<` with a number.
    Below(String),
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::http) struct Text {
    /// Without quotes and without the star.
    pub(in crate::http) text: String,
    /// Whether it only begins like this: an unquoted `*` stood at its end.
    pub(in crate::http) begins: bool,
}

/// Reads the text of a filter.
pub(in crate::http) fn parse(text: &str) -> Result<Vec<Term>, ConsoleError> {
    if text.len() > LONGEST {
        return Err(refused(format!("has more than {LONGEST} bytes")));
    }
    let mut rest = text.trim_start();
    let mut terms = Vec::new();
    while !rest.is_empty() {
        let (term, after) = term(rest)?;
        terms.push(term);
        if terms.len() > MOST_TERMS {
            return Err(refused(format!("has more than {MOST_TERMS} terms")));
        }
        rest = after.trim_start();
    }
    Ok(terms)
}

fn term(text: &str) -> Result<(Term, &str), ConsoleError> {
    let end = text.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    let (field, rest) = text.split_at(end.unwrap_or(text.len()));
    let unclear = || {
        refused(format!("cannot be read at `{}`: write terms such as `status:429`", start(text)))
    };
    if field.is_empty() {
        return Err(unclear());
    }
    let field = field.to_owned();
    let (not, rest) = rest.strip_prefix('!').map_or((false, rest), |rest| (true, rest));
    if let Some(rest) = rest.strip_prefix(':') {
        let (values, rest) = values(&field, rest)?;
        return Ok((Term { field, test: Test::AnyOf { not, values } }, rest));
    }
    let above = rest.strip_prefix('>');
    let Some(number) = above.or_else(|| rest.strip_prefix('<')).filter(|_| !not) else {
        return Err(unclear());
    };
    let (value, rest) = value(&field, number)?;
    let test = if above.is_some() { Test::Above(value.text) } else { Test::Below(value.text) };
    Ok((Term { field, test }, rest))
}

fn values<'a>(field: &str, text: &'a str) -> Result<(Vec<Text>, &'a str), ConsoleError> {
    let (mut values, mut rest) = (Vec::new(), text);
    loop {
        let (one, after) = value(field, rest)?;
        values.push(one);
        if values.len() > MOST_VALUES {
            return Err(refused(format!("has more than {MOST_VALUES} values of `{field}`")));
        }
        match after.strip_prefix(',') {
            Some(next) => rest = next,
            None => return Ok((values, after)),
        }
    }
}

fn value<'a>(field: &str, text: &'a str) -> Result<(Text, &'a str), ConsoleError> {
    if let Some(quoted) = text.strip_prefix('"') {
        let Some(end) = quoted.find('"') else {
            return Err(refused(format!("has a quote of `{field}` that does not end")));
        };
        let rest = &quoted[end + 1..];
        if !rest.is_empty() && !rest.starts_with([' ', ',']) {
            return Err(refused(format!("goes on after a quote of `{field}`")));
        }
        return Ok((Text { text: quoted[..end].to_owned(), begins: false }, rest));
    }
    let end = text.find([' ', ',']).unwrap_or(text.len());
    let (own, rest) = text.split_at(end);
    let (own, begins) = own.strip_suffix('*').map_or((own, false), |own| (own, true));
    if own.is_empty() && !begins {
        return Err(refused(format!("says nothing of `{field}`: write a value after it")));
    }
    Ok((Text { text: own.to_owned(), begins }, rest))
}

fn start(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

fn refused(what: String) -> ConsoleError {
    ConsoleError::Malformed(format!("query: the filter {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn any(field: &str, not: bool, values: &[(&str, bool)]) -> Term {
        let text =
            |(text, begins): &(&str, bool)| Text { text: (*text).to_owned(), begins: *begins };
        let values = values.iter().map(text).collect();
        Term { field: field.to_owned(), test: Test::AnyOf { not, values } }
    }

    #[test]
    fn terms_are_read() {
        assert_eq!(parse("").unwrap(), []);
        assert_eq!(
            parse("  status:429 model:claude*,\"two words\"  outcome!:ok ").unwrap(),
            [
                any("status", false, &[("429", false)]),
                any("model", false, &[("claude", true), ("two words", false)]),
                any("outcome", true, &[("ok", false)]),
            ]
        );
        let tests: Vec<Test> =
            parse("cost>0.1 duration_ms<5").unwrap().into_iter().map(|term| term.test).collect();
        assert_eq!(tests, [Test::Above("0.1".to_owned()), Test::Below("5".to_owned())]);
        assert_eq!(parse("model:a:b/c=d").unwrap(), [any("model", false, &[("a:b/c=d", false)])]);
        assert_eq!(parse("model:\"a*\"").unwrap(), [any("model", false, &[("a*", false)])]);
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for bad in [
            "status",
            "status=1",
            ":x",
            "model:",
            "model:a,",
            "model:\"x",
            "model:\"x\"y",
            "cost!>1",
            "'",
            "模型:x",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        assert!(parse(&"a:b ".repeat(33)).is_err());
        assert!(parse(&"a".repeat(5_000)).is_err());
        assert!(parse(&format!("a:{}", vec!["b"; 101].join(","))).is_err());
    }
}
