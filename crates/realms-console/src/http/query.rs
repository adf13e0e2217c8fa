//! What a list is asked for: words, a filter, an order, a page. One grammar for every list.
//!
//! A filter is terms joined by blanks: `field:value`, `field:a,b` (any of them), `field!:value`
//! (not), `field>n`, `field<n`, `field:claude*` (begins so), `field:"two words"`.

use std::iter::Peekable;
use std::str::Chars;

use serde::Deserialize;
use utoipa::IntoParams;

use crate::{ConsoleError, nearest::hint};

/// What a list is asked for, as it stands in the query of the address.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParams {
    /// Words to look for.
    #[param(max_length = 64)]
    pub q: Option<String>,
    /// Terms joined by blanks: `field:value`, `field:a,b`, `field!:value`, `field>n`, `field<n`,
    /// `field:claude*`, `field:"two words"`.
    #[param(max_length = 2048)]
    pub filter: Option<String>,
    /// A field, with `-` before it from the largest on.
    pub sort: Option<String>,
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// At most so many, up to 200. Default 50.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<u64>,
}

/// The fields that a list knows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    /// In its filter.
    pub filter: &'a [&'a str],
    /// In its order.
    pub sort: &'a [&'a str],
}

/// What a list is asked for, understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Query {
    /// Words to look for; never empty.
    pub q: Option<String>,
    /// All of these must hold.
    pub filter: Vec<Term>,
    /// The order; `None`: the list's own.
    pub sort: Option<Sort>,
    /// Where the page begins.
    pub cursor: Option<String>,
    /// At most so many, 1 to 200.
    pub limit: u64,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    /// The field.
    pub field: String,
    /// How it is compared.
    pub op: Op,
    /// With what; never empty, and exactly one for [`Op::Above`] and [`Op::Below`].
    pub values: Vec<Word>,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Op {
    /// It is any of the values.
    Is,
    /// It is none of the values.
    IsNot,
    /// It is more than the value.
    Above,
    /// It is less than the value.
    Below,
}

/// A value of a condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// The value, without quotes and without the star.
    pub text: String,
    /// Whether only the beginning counts.
    pub is_prefix: bool,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sort {
    /// By this field.
    pub field: String,
    /// From the largest on.
    pub is_descending: bool,
}

/// Characters of words to look for.
const LONGEST_Q: usize = 64;
/// Bytes of a filter.
const LONGEST_FILTER: usize = 2_048;
/// Bytes of a cursor.
const LONGEST_CURSOR: usize = 256;
/// Terms of a filter.
const MOST_TERMS: usize = 20;
/// Values of a term.
const MOST_VALUES: usize = 50;

// === impl ListParams ===

impl ListParams {
    /// Understands what is asked for, or says what cannot be understood.
    pub fn read(self, fields: &Fields<'_>) -> Result<Query, ConsoleError> {
        let Self { q, filter, sort, cursor, limit } = self;
        let limit = limit.unwrap_or(50);
        if !(1..=200).contains(&limit) {
            return Err(malformed("`limit` is 1 to 200"));
        }
        let q = q.map(|q| q.trim().to_owned()).filter(|q| !q.is_empty());
        if q.as_ref().is_some_and(|q| q.chars().count() > LONGEST_Q) {
            return Err(malformed(format!("`q` has more than {LONGEST_Q} characters")));
        }
        if cursor.as_ref().is_some_and(|cursor| cursor.len() > LONGEST_CURSOR) {
            return Err(malformed("`cursor` is not `next` of a page"));
        }
        let filter = parse(filter.as_deref().unwrap_or_default())?;
        for term in &filter {
            known("filter", &term.field, fields.filter)?;
        }
        let sort = sort.as_deref().filter(|sort| !sort.is_empty()).map(Sort::from);
        if let Some(sort) = &sort {
            known("sort", &sort.field, fields.sort)?;
        }
        Ok(Query { q, filter, sort, cursor, limit })
    }
}

fn known(parameter: &str, field: &str, known: &[&str]) -> Result<(), ConsoleError> {
    if known.contains(&field) {
        return Ok(());
    }
    let hint = hint(field, known.iter().copied());
    let known = known.join("`, `");
    Err(malformed(format!("`{parameter}` knows no field `{field}`, only `{known}`{hint}")))
}

fn malformed(message: impl std::fmt::Display) -> ConsoleError {
    ConsoleError::Malformed(format!("query: {message}"))
}

// === impl Query ===

impl Query {
    /// The values that a field may have, where the only thing asked of it is to be one of them.
    /// Anything else about the field is refused.
    pub fn any_of(&self, field: &str) -> Result<Vec<String>, ConsoleError> {
        let mut values = Vec::new();
        for term in self.filter.iter().filter(|term| term.field == field) {
            let plain = term.values.iter().all(|word| !word.is_prefix);
            if term.op != Op::Is || !plain || !values.is_empty() {
                return Err(malformed(format!(
                    "`{field}` takes `{field}:a` or `{field}:a,b`, once"
                )));
            }
            values.extend(term.values.iter().map(|word| word.text.clone()));
        }
        Ok(values)
    }
}

// === impl Word ===

impl Word {
    /// Whether a text is this value; case does not matter.
    pub fn fits(&self, text: &str) -> bool {
        if self.is_prefix {
            let wanted = self.text.to_lowercase();
            text.to_lowercase().starts_with(&wanted)
        } else {
            text.to_lowercase() == self.text.to_lowercase()
        }
    }
}

// === impl Sort ===

impl From<&str> for Sort {
    fn from(text: &str) -> Self {
        let (field, is_descending) = match text.strip_prefix('-') {
            Some(field) => (field, true),
            None => (text, false),
        };
        Self { field: field.to_owned(), is_descending }
    }
}

/// Reads the terms of a filter.
pub(crate) fn parse(filter: &str) -> Result<Vec<Term>, ConsoleError> {
    if filter.len() > LONGEST_FILTER {
        return Err(malformed(format!("`filter` has more than {LONGEST_FILTER} bytes")));
    }
    let mut rest = filter.chars().peekable();
    let mut terms = Vec::new();
    loop {
        while rest.next_if(|c| c.is_whitespace()).is_some() {}
        if rest.peek().is_none() {
            return Ok(terms);
        }
        if terms.len() == MOST_TERMS {
            return Err(malformed(format!("`filter` has more than {MOST_TERMS} terms")));
        }
        terms.push(term(&mut rest)?);
    }
}

fn term(rest: &mut Peekable<Chars<'_>>) -> Result<Term, ConsoleError> {
    let mut field = String::new();
    while let Some(c) = rest.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-')) {
        field.push(c);
    }
    let op = match (rest.next(), rest.peek()) {
        (Some(':'), _) => Op::Is,
        (Some('!'), Some(':')) => {
            rest.next();
            Op::IsNot
        }
        (Some('>'), _) => Op::Above,
        (Some('<'), _) => Op::Below,
        _ => {
            return Err(malformed(format!(
                "`filter`: after `{field}` comes `:`, `!:`, `>` or `<`; words to look for go into `q`"
            )));
        }
    };
    if field.is_empty() {
        return Err(malformed("`filter`: a term begins with the name of a field"));
    }
    let mut values = vec![word(&field, rest)?];
    while rest.next_if_eq(&',').is_some() {
        if values.len() == MOST_VALUES {
            return Err(malformed(format!(
                "`filter`: `{field}` has more than {MOST_VALUES} values"
            )));
        }
        values.push(word(&field, rest)?);
    }
    let one = values.len() == 1 && values.iter().all(|word| !word.is_prefix);
    if matches!(op, Op::Above | Op::Below) && !one {
        return Err(malformed(format!("`filter`: `{field}` is compared with one value")));
    }
    match rest.peek() {
        None => Ok(Term { field, op, values }),
        Some(c) if c.is_whitespace() => Ok(Term { field, op, values }),
        Some(c) => Err(malformed(format!("`filter`: `{c}` does not belong after `{field}`"))),
    }
}

fn word(field: &str, rest: &mut Peekable<Chars<'_>>) -> Result<Word, ConsoleError> {
    let mut text = String::new();
    let quoted = rest.next_if_eq(&'"').is_some();
    if quoted {
        loop {
            match rest.next() {
                Some('"') => break,
                Some('\\') => text.extend(rest.next()),
                Some(c) => text.push(c),
                None => {
                    return Err(malformed(format!("`filter`: a quote of `{field}` is not closed")));
                }
            }
        }
    } else {
        while let Some(c) = rest.next_if(|c| !c.is_whitespace() && !matches!(c, ',' | '"' | '*')) {
            text.push(c);
        }
    }
    let is_prefix = rest.next_if_eq(&'*').is_some();
    if text.is_empty() && !quoted {
        return Err(malformed(format!("`filter`: `{field}` has a value that is empty")));
    }
    Ok(Word { text, is_prefix })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A term as the table of the test writes it: field, sign, values with a star for a prefix.
    fn shown(filter: &str) -> String {
        let show = |term: &Term| {
            let sign = match term.op {
                Op::Is => "=",
                Op::IsNot => "!=",
                Op::Above => ">",
                Op::Below => "<",
            };
            let values = term
                .values
                .iter()
                .map(|word| format!("[{}]{}", word.text, if word.is_prefix { "*" } else { "" }));
            format!("{}{sign}{}", term.field, values.collect::<String>())
        };
        match parse(filter) {
            Ok(terms) => terms.iter().map(show).collect::<Vec<_>>().join(" "),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn every_form_of_a_term_is_read() {
        for (filter, expected) in [
            ("", ""),
            ("  ", ""),
            ("model:gpt-5.2", "model=[gpt-5.2]"),
            ("  model:a   status:500 ", "model=[a] status=[500]"),
            ("model:a,b,c", "model=[a][b][c]"),
            ("model!:a,b", "model!=[a][b]"),
            ("cost>0.5 cost<10", "cost>[0.5] cost<[10]"),
            ("model:claude*", "model=[claude]*"),
            ("model:claude*,gpt*,o3", "model=[claude]*[gpt]*[o3]"),
            ("client:\"Codex CLI 0.1\"", "client=[Codex CLI 0.1]"),
            ("client:\"Codex CLI\"*", "client=[Codex CLI]*"),
            (r#"name:"a \"b\" \\ c,d""#, r#"name=[a "b" \ c,d]"#),
            ("email:\"\"", "email=[]"),
            ("model:*", "query: `filter`: `model` has a value that is empty"),
            ("model:org/名:1", "model=[org/名:1]"),
            ("a.b-c_d:1", "a.b-c_d=[1]"),
        ] {
            assert_eq!(shown(filter), expected, "{filter:?}");
        }
    }

    #[test]
    fn what_is_no_term_is_explained() {
        for (filter, part) in [
            ("gpt", "words to look for go into `q`"),
            ("model gpt", "after `model` comes"),
            (":x", "begins with the name of a field"),
            ("model:", "a value that is empty"),
            ("model:a,", "a value that is empty"),
            ("model!a", "after `model` comes"),
            ("cost>1,2", "one value"),
            ("cost>1*", "one value"),
            ("name:\"open", "is not closed"),
            ("name:\"a\"b", "`b` does not belong"),
            ("name:a*b", "`b` does not belong"),
        ] {
            assert!(shown(filter).contains(part), "{filter:?}: {}", shown(filter));
        }
    }

    #[test]
    fn everything_has_a_bound() {
        let many = |n: usize, one: &str, by: &str| vec![one; n].join(by);
        assert!(parse(&many(20, "a:1", " ")).is_ok() && parse(&many(21, "a:1", " ")).is_err());
        let values = |n| format!("a:{}", many(n, "1", ","));
        assert!(parse(&values(50)).is_ok() && parse(&values(51)).is_err());
        assert!(parse(&format!("a:{}", "x".repeat(2_047))).is_err());
        let read = |params: ListParams| params.read(&Fields { filter: &[], sort: &[] });
        let q = |n| ListParams { q: Some("密".repeat(n)), ..ListParams::default() };
        assert!(read(q(64)).is_ok() && read(q(65)).is_err());
        for limit in [0, 201] {
            assert!(read(ListParams { limit: Some(limit), ..ListParams::default() }).is_err());
        }
        assert_eq!(read(ListParams::default()).unwrap().limit, 50);
    }

    #[test]
    fn an_unknown_field_names_those_there_are() {
        let fields = Fields { filter: &["model", "status"], sort: &["name"] };
        let read = |filter: &str, sort: &str| {
            let (filter, sort) = (Some(filter.to_owned()), Some(sort.to_owned()));
            ListParams { filter, sort, ..ListParams::default() }.read(&fields)
        };
        let error = read("modle:x", "").unwrap_err().to_string();
        assert_eq!(
            error,
            "query: `filter` knows no field `modle`, only `model`, `status`; did you mean `model`?"
        );
        assert!(read("", "-status").is_err());
        let query = read("status:1", "-name").unwrap();
        assert_eq!(query.sort, Some(Sort { field: "name".to_owned(), is_descending: true }));
        assert_eq!(query.any_of("status").unwrap(), ["1"]);
        assert!(read("status!:1", "").unwrap().any_of("status").is_err());
    }
}
