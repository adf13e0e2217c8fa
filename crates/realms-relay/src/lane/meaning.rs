//! What a call asks for, in no dialect's words.

use bytes::Bytes;
use realms_dialect::{
    EmbedPrompt, Fault, Losses, Prompt, PromptError, Target, Untranslatable, decode_count,
    decode_embed, decode_prompt, encode_count, encode_embed, encode_prompt,
};

use crate::{call::Call, counterpart::Purpose};

/// A call that was read to be said in another dialect.
#[derive(Debug)]
pub(crate) enum Meaning {
    /// An answer to this.
    Answer(Box<Prompt>),
    /// How many tokens this has.
    Count(Box<Prompt>),
    /// Vectors of this.
    Embed(Box<EmbedPrompt>),
}

// === impl Meaning ===

impl Meaning {
    /// Reads a call. What cannot be read is the client's to mend.
    pub(crate) fn read(call: &Call, stream: bool) -> Result<Self, Fault> {
        let (dialect, body) = (call.operation.dialect(), &call.body);
        let read = match call.operation.purpose() {
            Some(Purpose::Answer) => decode_prompt(dialect, body).map(|mut prompt| {
                prompt.stream = stream;
                Self::Answer(Box::new(prompt))
            }),
            Some(Purpose::Count) => {
                decode_count(dialect, body).map(|prompt| Self::Count(Box::new(prompt)))
            }
            Some(Purpose::Embed) => {
                decode_embed(dialect, body).map(|prompt| Self::Embed(Box::new(prompt)))
            }
            None => return Err(Fault::internal("this operation has no counterpart")),
        };
        read.map_err(|error| unreadable(&error))
    }

    /// Writes it for a target, naming what does not arrive as it was said.
    pub(crate) fn write(&self, target: &Target<'_>, losses: &mut Losses) -> Result<Bytes, Fault> {
        let written = match self {
            Self::Answer(prompt) => encode_prompt(prompt, target, losses),
            Self::Count(prompt) => encode_count(prompt, target, losses),
            Self::Embed(prompt) => encode_embed(prompt, target, losses),
        };
        written.map(Bytes::from).map_err(|error| untranslatable(&error))
    }
}

fn unreadable(error: &PromptError) -> Fault {
    let fault = Fault::bad_request(error.to_string());
    match error {
        PromptError::Missing { path } | PromptError::Wrong { path, .. } => {
            fault.with_param(path.clone())
        }
        PromptError::Body(_) | PromptError::Number | PromptError::TooDeep => fault,
    }
}

fn untranslatable(error: &Untranslatable) -> Fault {
    Fault::bad_request(error.to_string()).with_param(error.path.clone()).with_code("untranslatable")
}
