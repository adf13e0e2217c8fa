//! A path into a JSON text.

/// The longest path, in steps.
const LONGEST: usize = 32;

/// Names with dots between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonPath(Vec<Step>);

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Every member or item.
    Any,
    /// A member of this name; in a list the item of this number, from its end where it is below zero.
    Name(String),
}

// === impl JsonPath ===

impl JsonPath {
    /// Reads a path, or says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        let (mut name, mut escaped, mut plain) = (String::new(), false, true);
        for letter in text.chars().chain(['.']) {
            match letter {
                _ if escaped => {
                    name.push(letter);
                    (escaped, plain) = (false, false);
                }
                '\\' => escaped = true,
                '.' => {
                    steps.push(match std::mem::take(&mut name) {
                        empty if empty.is_empty() => {
                            return Err(format!(
                                "`{text}` is no path: names with one dot between them, such as \
                                 messages.0.content"
                            ));
                        }
                        any if any == "*" && plain => Step::Any,
                        name => Step::Name(name),
                    });
                    plain = true;
                }
                '[' | ']' | '$' => {
                    return Err(format!(
                        "`{text}` is no path: write items.0.name instead of $.items[0].name"
                    ));
                }
                letter => name.push(letter),
            }
        }
        if escaped || !name.is_empty() {
            return Err(format!("`{text}` is no path: it ends in a backslash"));
        }
        if steps.len() > LONGEST {
            return Err(format!("a path of more than {LONGEST} steps is too long"));
        }
        Ok(Self(steps))
    }

    /// A single name, taken as it is.
    pub fn of_name(name: &str) -> Self {
        Self(vec![Step::Name(name.to_owned())])
    }

    /// Names one below the other, taken as they are.
    pub fn of_names(names: &[&str]) -> Self {
        Self(names.iter().map(|name| Step::Name((*name).to_owned())).collect())
    }

    /// The steps, the outermost first; never empty.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    /// Whether taking it away takes a whole top-level field of this name away.
    pub fn takes(&self, name: &str) -> bool {
        match self.0.as_slice() {
            [Step::Any] => true,
            [Step::Name(only)] => only == name,
            _ => false,
        }
    }
}
