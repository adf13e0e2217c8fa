//! Edits of a JSON text by path: what lies between the edits keeps every byte.

use std::{borrow::Cow, ops::Range};

use memchr::memchr2;
use realms_types::Step;
use serde_json::Value;

use crate::to_json;

/// Where something lies in a text.
pub(super) type Span = Range<usize>;

/// A text on its way through several edits. It is known to be one JSON value.
pub(super) struct Text<'a> {
    text: Cow<'a, str>,
    /// Whether the text changed since the last note.
    fresh: bool,
}

/// A member of an object or an item of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Child<'a> {
    /// The name of a member.
    pub(super) name: Option<Cow<'a, str>>,
    /// Its place among its siblings.
    pub(super) index: usize,
    /// So many siblings there are.
    pub(super) count: usize,
    /// Where it begins: at its name, or at its value.
    start: usize,
    /// Where its value lies.
    pub(super) value: Span,
}

/// What becomes of a child.
pub(super) enum Fate<S> {
    /// It stays as it is.
    Keep,
    /// It goes.
    Drop,
    /// It is looked into.
    Into(S),
}

/// Other text in place of a span.
type Change = (Span, String);

// === impl Text ===

impl<'a> Text<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), fresh: false }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    /// The text, if it was changed.
    pub(super) fn changed(self) -> Option<String> {
        match self.text {
            Cow::Borrowed(_) => None,
            Cow::Owned(text) => Some(text),
        }
    }

    /// Notes what changed it, if something did since the last note.
    pub(super) fn note(&mut self, name: &'static str, edits: &mut Vec<&'static str>) {
        if std::mem::take(&mut self.fresh) && !name.is_empty() && !edits.contains(&name) {
            edits.push(name);
        }
    }

    /// The values at a path, in their order.
    pub(super) fn find(&self, steps: &[Step]) -> Vec<Span> {
        let mut found = Vec::new();
        find(&self.text, whole(&self.text), steps, &mut found);
        found
    }

    /// The first value at a path, read. Of a name that occurs twice the last counts.
    pub(super) fn read(&self, steps: &[Step]) -> Option<Value> {
        self.raw(steps).and_then(|raw| serde_json::from_str(raw).ok())
    }

    /// The first value at a path as it is written.
    pub(super) fn raw(&self, steps: &[Step]) -> Option<&str> {
        let span = self.find(steps).into_iter().next()?;
        self.text.get(span)
    }

    /// Gives the values at a path this text; the last name is made where it is missing.
    pub(super) fn set(&mut self, steps: &[Step], raw: &str) {
        let mut changes = Vec::new();
        set(&self.text, whole(&self.text), steps, raw, &mut changes);
        self.make(changes);
    }

    /// Takes out whatever the judge drops.
    pub(super) fn prune<S>(&mut self, state: &S, judge: &impl Fn(&S, &str, &Child<'_>) -> Fate<S>) {
        let mut cuts = Vec::new();
        prune(&self.text, whole(&self.text), state, judge, &mut cuts);
        self.make(cuts.into_iter().map(|span| (span, String::new())).collect());
    }

    /// Takes out what lies at a path.
    pub(super) fn delete(&mut self, steps: &[Step]) {
        self.prune(&steps.to_vec(), &|steps: &Vec<Step>, _, child| match steps.as_slice() {
            [step] if child.fits(step) => Fate::Drop,
            [step, rest @ ..] if child.fits(step) => Fate::Into(rest.to_vec()),
            _ => Fate::Keep,
        });
    }

    /// Puts an item first or last into the list at a span.
    pub(super) fn insert_item(&mut self, list: &Span, item: &str, first: bool) {
        let changes = children(&self.text, list).map(|children| {
            let (at, text) = match (children.first(), children.last()) {
                (Some(child), _) if first => (child.start, format!("{item},")),
                (_, Some(child)) => (child.value.end, format!(",{item}")),
                _ => (list.start + 1, item.to_owned()),
            };
            vec![(at..at, text)]
        });
        self.make(changes.unwrap_or_default());
    }

    /// Puts other text into spans, which do not overlap.
    pub(super) fn make(&mut self, mut changes: Vec<Change>) {
        changes.retain(|(span, with)| self.text.get(span.clone()) != Some(with.as_str()));
        if changes.is_empty() {
            return;
        }
        changes.sort_by_key(|(span, _)| span.start);
        let mut made = String::with_capacity(self.text.len() + 64);
        let mut done = 0;
        for (span, with) in changes {
            made.push_str(self.text.get(done..span.start).unwrap_or_default());
            made.push_str(&with);
            done = span.end.max(done);
        }
        made.push_str(self.text.get(done..).unwrap_or_default());
        (self.text, self.fresh) = (Cow::Owned(made), true);
    }
}

/// A value as it is written into a body.
pub(super) fn written(value: &Value) -> String {
    String::from_utf8(to_json(value).to_vec()).unwrap_or_default()
}

/// The literal of a text.
pub(super) fn quoted(text: &str) -> String {
    String::from_utf8(to_json(text).to_vec()).unwrap_or_default()
}

/// Where the value of a text lies, without the blanks around it.
fn whole(text: &str) -> Span {
    let start = blank(text.as_bytes(), 0);
    start..value_end(text.as_bytes(), start)
}

/// The members or items of the value at a span; `None` when it has none because it is no container.
pub(super) fn children<'a>(text: &'a str, at: &Span) -> Option<Vec<Child<'a>>> {
    let bytes = text.as_bytes();
    let is_object = match bytes.get(at.start)? {
        b'{' => true,
        b'[' => false,
        _ => return None,
    };
    let mut children = Vec::new();
    let mut place = blank(bytes, at.start + 1);
    while place < at.end && !matches!(bytes.get(place)?, b'}' | b']') {
        let start = place;
        let mut name = None;
        if is_object {
            let end = value_end(bytes, place);
            name = Some(unquoted(text.get(place..end)?)?);
            // Behind the colon.
            place = blank(bytes, blank(bytes, end) + 1);
        }
        let value = place..value_end(bytes, place);
        place = blank(bytes, value.end);
        if bytes.get(place) == Some(&b',') {
            place = blank(bytes, place + 1);
        }
        children.push(Child { name, index: children.len(), count: 0, start, value });
    }
    let count = children.len();
    for child in &mut children {
        child.count = count;
    }
    Some(children)
}

fn find(text: &str, at: Span, steps: &[Step], found: &mut Vec<Span>) {
    let [step, rest @ ..] = steps else {
        found.push(at);
        return;
    };
    let children = children(text, &at).unwrap_or_default();
    for child in meant(&children, step) {
        find(text, child.value.clone(), rest, found);
    }
}

/// The children a step leads to: of a name that occurs twice the last.
fn meant<'c, 'a>(children: &'c [Child<'a>], step: &Step) -> Vec<&'c Child<'a>> {
    let mut meant: Vec<_> = children.iter().filter(|child| child.fits(step)).collect();
    if matches!(step, Step::Name(_)) {
        meant = meant.pop().into_iter().collect();
    }
    meant
}

fn set(text: &str, at: Span, steps: &[Step], raw: &str, changes: &mut Vec<Change>) {
    let [step, rest @ ..] = steps else {
        changes.push((at, raw.to_owned()));
        return;
    };
    let Some(children) = children(text, &at) else {
        // What is null is as good as missing.
        if text.get(at.clone()) == Some("null")
            && let Some(made) = nested(steps, raw)
        {
            changes.push((at, made));
        }
        return;
    };
    let meant = meant(&children, step);
    if meant.is_empty()
        && text.as_bytes().get(at.start) == Some(&b'{')
        && let (Step::Name(name), Some(value)) = (step, nested(rest, raw))
    {
        let member = format!("{}:{value}", quoted(name));
        changes.push(match children.last() {
            Some(last) => (last.value.end..last.value.end, format!(",{member}")),
            None => (at.start + 1..at.start + 1, member),
        });
    }
    for child in meant {
        set(text, child.value.clone(), rest, raw, changes);
    }
}

/// Objects one in the other down to a value. Lists are not made.
fn nested(steps: &[Step], raw: &str) -> Option<String> {
    let mut made = raw.to_owned();
    for step in steps.iter().rev() {
        match step {
            Step::Name(name) if name.parse::<i64>().is_err() => {
                made = format!("{{{}:{made}}}", quoted(name));
            }
            Step::Name(_) | Step::Any => return None,
        }
    }
    Some(made)
}

fn prune<S>(
    text: &str,
    at: Span,
    state: &S,
    judge: &impl Fn(&S, &str, &Child<'_>) -> Fate<S>,
    cuts: &mut Vec<Span>,
) {
    let Some(children) = children(text, &at) else { return };
    let mut kept: Option<usize> = None;
    for (index, child) in children.iter().enumerate() {
        match judge(state, text, child) {
            Fate::Keep => kept = Some(child.value.end),
            Fate::Into(inner) => {
                kept = Some(child.value.end);
                prune(text, child.value.clone(), &inner, judge, cuts);
            }
            Fate::Drop => {
                cuts.push(child.cut(kept, children.get(index + 1)));
                kept = kept.map(|_| child.value.end);
            }
        }
    }
}

fn unquoted(key: &str) -> Option<Cow<'_, str>> {
    match key.strip_prefix('"')?.strip_suffix('"')? {
        plain if !plain.contains('\\') => Some(Cow::Borrowed(plain)),
        _ => serde_json::from_str(key).ok().map(Cow::Owned),
    }
}

/// The first place from here on that is no blank.
fn blank(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// Where the value that begins here ends.
fn value_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    let mut depth = 0_usize;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => string_end(bytes, at + 1),
            b'{' | b'[' => {
                depth += 1;
                at + 1
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at + 1
            }
            _ if depth == 0 => return plain_end(bytes, at),
            _ => at + 1,
        };
        if depth == 0 {
            return at;
        }
    }
    bytes.len()
}

/// Where a string ends whose first byte behind the quote is this.
fn string_end(bytes: &[u8], mut at: usize) -> usize {
    while let Some(hit) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += hit;
        if bytes.get(at) == Some(&b'"') {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// Where a number or a word ends.
fn plain_end(bytes: &[u8], mut at: usize) -> usize {
    while bytes.get(at).is_some_and(|byte| !b",]} \n\r\t".contains(byte)) {
        at += 1;
    }
    at
}

// === impl Child ===

impl Child<'_> {
    /// All of it, with its name.
    pub(super) const fn all(&self) -> Span {
        self.start..self.value.end
    }

    /// What goes when it goes. The comma before it goes with it, or the one behind it where nothing
    /// stays before: `before` is where what stays before it, or was cut behind that, ends.
    pub(super) fn cut(&self, before: Option<usize>, next: Option<&Self>) -> Span {
        match (before, next) {
            (Some(end), _) => end..self.value.end,
            (None, Some(next)) => self.start..next.start,
            (None, None) => self.all(),
        }
    }

    /// Whether a step leads here.
    pub(super) fn fits(&self, step: &Step) -> bool {
        match (step, &self.name) {
            (Step::Any, _) => true,
            (Step::Name(wanted), Some(name)) => wanted == name,
            (Step::Name(number), None) => {
                let index = i64::try_from(self.index).unwrap_or(i64::MAX);
                let count = i64::try_from(self.count).unwrap_or(i64::MAX);
                number.parse::<i64>().is_ok_and(|number| number == index || number == index - count)
            }
        }
    }
}
