//! How the answer is to be made: format, thinking, sampling.

use serde_json::Value;

use super::{Effort, Given};

/// The shape of the answer's text.
#[derive(Debug, Clone, PartialEq)]
pub enum Format {
    /// Any text.
    Text,
    /// Some JSON object.
    JsonObject,
    /// JSON of this schema.
    JsonSchema(JsonSchema),
}

/// A schema for the answer's text.
#[derive(Debug, Clone, PartialEq)]
pub struct JsonSchema {
    /// What the schema is called (OpenAI wants a name).
    pub name: Option<Given<String>>,
    /// What the answer is for.
    pub description: Option<Given<String>>,
    /// JSON schema; its path is that of the schema itself.
    pub schema: Option<Given<Value>>,
    /// Whether the model is held to it.
    pub strict: bool,
}

/// How much to think, and what to show of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reasoning {
    /// In words.
    pub effort: Option<Given<Effort>>,
    /// In LLM tokens.
    pub budget: Option<Given<Budget>>,
    /// What the client is to see of it.
    pub summary: Option<Given<Summary>>,
}

/// How many LLM tokens thinking may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// The model decides: `adaptive` of Anthropic, −1 of Gemini.
    Dynamic,
    /// At most so many; 0 is no thinking.
    Tokens(u64),
}

/// What a client sees of the thinking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Summary {
    /// Nothing.
    Hidden,
    /// What the vendor shows by itself.
    Auto,
    /// A short summary.
    Concise,
    /// A long summary.
    Detailed,
}

/// How the next token is chosen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sampling {
    /// From 0, up to 2 (1 with Anthropic).
    pub temperature: Option<Given<f64>>,
    /// From 0 to 1.
    pub top_p: Option<Given<f64>>,
    /// How many tokens are looked at.
    pub top_k: Option<Given<u64>>,
    /// From −2 to 2.
    pub presence_penalty: Option<Given<f64>>,
    /// From −2 to 2.
    pub frequency_penalty: Option<Given<f64>>,
    /// The same seed gives the same answer, if it can.
    pub seed: Option<Given<i64>>,
}

/// Which probabilities are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logprobs {
    /// Those of the tokens chosen.
    pub chosen: bool,
    /// How many others for each token.
    pub top: Option<Given<u64>>,
}

/// A lane of service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tier {
    /// What the account has.
    Auto,
    /// The common lane, whatever the account has.
    Standard,
    /// Cheap and slow.
    Flex,
    /// Dear and fast.
    Priority,
    /// A word of one vendor.
    Other(String),
}
