//! What a test of a channel found wrong with the answers of its upstream.

use serde::{Deserialize, Serialize};

/// One thing that an upstream gets wrong, in one word. Stable: it is stored and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// A success by its status, an error or a web page by its content: clients take it for an answer.
    FalseSuccess,
    /// Another model answered than the one that was asked.
    OtherModel,
    /// The stream ended without the event that ends it.
    NoEnd,
    /// The arguments of a tool call stop in the middle.
    ToolArgumentsCut,
    /// The arguments of a tool call are no JSON object.
    ToolArgumentsNotObject,
    /// The arguments of a tool call do not fit the schema of the tool.
    ToolArgumentsOffSchema,
    /// The usage that is told cannot be true of what was asked and answered.
    ImplausibleUsage,
    /// A tool had to be called, and none was.
    NoToolCall,
    /// A whole answer tells no usage.
    NoUsage,
    /// A stream tells no usage.
    NoStreamUsage,
    /// A Chat stream tells no usage although `stream_options.include_usage` asked for it.
    IncludeUsageIgnored,
    /// The content type is not that of what was asked for.
    WrongContentType,
    /// A stream was asked for and the answer came whole.
    NotStreamed,
    /// No whole answer comes where none but that was asked for.
    NoWholeAnswer,
    /// The stream came in one burst at its end.
    Burst,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Clients may trip over it, or it costs time.
    Warning,
    /// Clients break on it, or what is charged is wrong.
    Error,
}

// === impl Finding ===

impl Finding {
    /// Every one there is.
    pub const ALL: [Self; 15] = [
        Self::FalseSuccess,
        Self::OtherModel,
        Self::NoEnd,
        Self::ToolArgumentsCut,
        Self::ToolArgumentsNotObject,
        Self::ToolArgumentsOffSchema,
        Self::ImplausibleUsage,
        Self::NoToolCall,
        Self::NoUsage,
        Self::NoStreamUsage,
        Self::IncludeUsageIgnored,
        Self::WrongContentType,
        Self::NotStreamed,
        Self::NoWholeAnswer,
        Self::Burst,
    ];

    /// The word in JSON and in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FalseSuccess => "false_success",
            Self::OtherModel => "other_model",
            Self::NoEnd => "no_end",
            Self::ToolArgumentsCut => "tool_arguments_cut",
            Self::ToolArgumentsNotObject => "tool_arguments_not_object",
            Self::ToolArgumentsOffSchema => "tool_arguments_off_schema",
            Self::NoToolCall => "no_tool_call",
            Self::NoUsage => "no_usage",
            Self::NoStreamUsage => "no_stream_usage",
            Self::IncludeUsageIgnored => "include_usage_ignored",
            Self::ImplausibleUsage => "implausible_usage",
            Self::WrongContentType => "wrong_content_type",
            Self::NotStreamed => "not_streamed",
            Self::NoWholeAnswer => "no_whole_answer",
            Self::Burst => "burst",
        }
    }

    /// How much it matters.
    pub const fn severity(self) -> Severity {
        match self {
            Self::FalseSuccess
            | Self::OtherModel
            | Self::NoEnd
            | Self::ToolArgumentsCut
            | Self::ToolArgumentsNotObject
            | Self::ToolArgumentsOffSchema
            | Self::ImplausibleUsage => Severity::Error,
            Self::NoToolCall
            | Self::NoUsage
            | Self::NoStreamUsage
            | Self::IncludeUsageIgnored
            | Self::WrongContentType
            | Self::NotStreamed
            | Self::NoWholeAnswer
            | Self::Burst => Severity::Warning,
        }
    }
}

// === impl Severity ===

impl Severity {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_is_read_by_the_word_it_is_written_as() {
        for finding in Finding::ALL {
            let json = serde_json::to_string(&finding).unwrap();
            assert_eq!(json, format!("\"{}\"", finding.as_str()));
            assert_eq!(serde_json::from_str::<Finding>(&json).unwrap(), finding);
        }
    }
}
