//! Which fields of a body pass.

use realms_types::{BodyFilter, JsonPath, OptionMistake, Step};

use super::text::{Child, Fate, Text};

/// Lists of paths, read.
#[derive(Debug)]
pub(super) struct Filter {
    allow: Vec<JsonPath>,
    deny: Vec<JsonPath>,
}

// === impl Filter ===

impl Filter {
    pub(super) fn compile(filter: &BodyFilter) -> Result<Self, OptionMistake> {
        Ok(Self {
            allow: read("body.allow", &filter.allow)?,
            deny: read("body.deny", &filter.deny)?,
        })
    }

    /// Takes out what is not allowed, then what is denied.
    pub(super) fn apply(&self, text: &mut Text<'_>) {
        if !self.allow.is_empty() {
            text.prune(&starts(&self.allow), &|paths: &Vec<&[Step]>, text, child| {
                match below(paths, child) {
                    Below::Ends => Fate::Keep,
                    // A path that leads on below a plain value leads nowhere.
                    Below::Goes(paths) if is_container(text, child) => Fate::Into(paths),
                    Below::Goes(_) | Below::Nowhere => Fate::Drop,
                }
            });
        }
        if !self.deny.is_empty() {
            text.prune(&starts(&self.deny), &|paths: &Vec<&[Step]>, _, child| match below(
                paths, child,
            ) {
                Below::Ends => Fate::Drop,
                Below::Goes(paths) => Fate::Into(paths),
                Below::Nowhere => Fate::Keep,
            });
        }
    }
}

/// Where paths lead from a child.
enum Below<'p> {
    /// One ends here.
    Ends,
    /// These go on.
    Goes(Vec<&'p [Step]>),
    /// None leads here.
    Nowhere,
}

fn below<'p>(paths: &[&'p [Step]], child: &Child<'_>) -> Below<'p> {
    let mut on = Vec::new();
    for path in paths {
        match path {
            [step] if child.fits(step) => return Below::Ends,
            [step, rest @ ..] if child.fits(step) => on.push(rest),
            _ => {}
        }
    }
    if on.is_empty() { Below::Nowhere } else { Below::Goes(on) }
}

fn starts(paths: &[JsonPath]) -> Vec<&[Step]> {
    paths.iter().map(JsonPath::steps).collect()
}

fn is_container(text: &str, child: &Child<'_>) -> bool {
    matches!(text.as_bytes().get(child.value.start), Some(b'{' | b'['))
}

fn read(field: &str, texts: &[String]) -> Result<Vec<JsonPath>, OptionMistake> {
    let read =
        |text: &String| JsonPath::parse(text).map_err(|message| OptionMistake::new(field, message));
    texts.iter().map(read).collect()
}
