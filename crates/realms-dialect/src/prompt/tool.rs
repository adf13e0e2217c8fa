//! What a model may call.

use serde_json::{Map, Value};

use super::Given;

/// A tool, where it was written, and whether a cache entry ends with it.
#[derive(Debug, Clone)]
pub struct Tool {
    /// Where it was written.
    pub path: String,
    /// `cache_control` of Anthropic.
    pub cache: Option<Value>,
    /// What it is.
    pub kind: ToolForm,
}

/// A kind of tool.
#[derive(Debug, Clone, PartialEq)]
pub enum ToolForm {
    /// The client runs it; it takes a JSON object.
    Function(Function),
    /// The client runs it; it takes free text (OpenAI).
    Custom(Custom),
    /// The vendor searches the web.
    WebSearch(Hosted),
    /// The vendor runs code that the model writes.
    CodeExecution(Hosted),
    /// One that only its own dialect has.
    Foreign {
        /// As it was written.
        raw: Value,
        /// What it is, when the prompt means something else without it.
        feature: Option<&'static str>,
    },
}

/// A function.
#[derive(Debug, Clone, PartialEq)]
pub struct Function {
    /// How the model calls it.
    pub name: String,
    /// The group it is in (Codex).
    pub namespace: Option<Given<String>>,
    /// What it does.
    pub description: Option<Given<String>>,
    /// JSON schema of what it takes; its path is that of the schema itself.
    pub parameters: Option<Given<Value>>,
    /// Whether the model is held to the schema.
    pub strict: Option<Given<bool>>,
}

/// A tool that takes free text.
#[derive(Debug, Clone, PartialEq)]
pub struct Custom {
    /// How the model calls it.
    pub name: String,
    /// The group it is in (Codex).
    pub namespace: Option<Given<String>>,
    /// What it does.
    pub description: Option<Given<String>>,
    /// The grammar of the text, as it was written.
    pub format: Option<Given<Value>>,
}

/// A tool that the vendor runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Hosted {
    /// Only these sites.
    pub allowed_domains: Option<Given<Vec<String>>>,
    /// Not these sites.
    pub blocked_domains: Option<Given<Vec<String>>>,
    /// Roughly where the user is: city, region, country, timezone.
    pub location: Option<Given<Map<String, Value>>>,
    /// The most calls.
    pub max_uses: Option<Given<u64>>,
    /// How much of what was found the model reads, in OpenAI's words.
    pub context_size: Option<Given<String>>,
    /// The whole tool, as it was written.
    pub raw: Value,
}

/// Whether the model must call something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ToolChoice {
    /// As it likes.
    Auto,
    /// It must not.
    None,
    /// It must call something.
    Required,
    /// It must call this.
    Named(String),
    /// Only these, which it may or must call.
    Allowed {
        /// Whether it must.
        required: bool,
        /// The tools.
        names: Vec<String>,
    },
}

// === impl Tool ===

impl Tool {
    /// The name under which an encoder offers the tool: names of the same tool in two groups must not
    /// collide where the other dialect has no groups.
    pub fn sent_name(&self) -> Option<String> {
        let (namespace, name) = match &self.kind {
            ToolForm::Function(function) => (&function.namespace, &function.name),
            ToolForm::Custom(custom) => (&custom.namespace, &custom.name),
            ToolForm::WebSearch(_) | ToolForm::CodeExecution(_) | ToolForm::Foreign { .. } => {
                return None;
            }
        };
        Some(grouped_name(namespace.as_ref().map(|group| group.value.as_str()), name))
    }
}

impl PartialEq for Tool {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.cache == other.cache
    }
}

// === impl Hosted ===

impl Hosted {
    pub(super) fn new(raw: Value) -> Self {
        Self {
            allowed_domains: None,
            blocked_domains: None,
            location: None,
            max_uses: None,
            context_size: None,
            raw,
        }
    }
}

/// A tool of a group, by one name.
pub(super) fn grouped_name(namespace: Option<&str>, name: &str) -> String {
    match namespace {
        Some(group) => format!("{group}__{name}"),
        None => name.to_owned(),
    }
}
