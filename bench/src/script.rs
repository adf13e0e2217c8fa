//! What the fake upstream is asked to do. The request says it in the model's name, the one word that
//! arrives there unchanged through any relay.

use std::{fmt, str::FromStr, time::Duration};

use anyhow::{Context, Error, Result, bail};

/// The wire formats measured. Named like their Realms dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Dialect {
    /// OpenAI Responses.
    Responses,
    /// OpenAI Chat Completions.
    Chat,
    /// Anthropic Messages.
    Messages,
}

/// One behaviour of the upstream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Script {
    /// One JSON answer with usage: `bench-whole`.
    Whole,
    /// A stream of so many events, one per `pace`, or as fast as they are taken: `bench-100-2000`.
    Stream {
        /// All events, the opening and closing ones included.
        events: usize,
        /// The gap between two events; zero for none. The name carries microseconds.
        pace: Duration,
    },
    /// A stream that falls silent after its first piece of text: `bench-hold`.
    Hold,
}

// === impl Dialect ===

impl Dialect {
    /// Where clients of this dialect post to.
    pub(crate) const fn path(self) -> &'static str {
        match self {
            Self::Responses => "/v1/responses",
            Self::Chat => "/v1/chat/completions",
            Self::Messages => "/v1/messages",
        }
    }

    /// The dialect that is spoken on a path.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        [Self::Responses, Self::Chat, Self::Messages].into_iter().find(|d| d.path() == path)
    }

    /// The word on the command line and in tables.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Responses => "responses",
            Self::Chat => "chat",
            Self::Messages => "messages",
        }
    }
}

// === impl Script ===

impl Script {
    /// Whether the request has to ask for a stream.
    pub(crate) const fn streams(self) -> bool {
        !matches!(self, Self::Whole)
    }

    /// Finds the model's name in a request body and reads it. The name may carry a prefix: a relay that
    /// renames models is told to put one there.
    pub(crate) fn in_body(body: &[u8]) -> Result<Self> {
        const KEY: &[u8] = b"\"model\":\"";
        let at = body.windows(KEY.len()).position(|window| window == KEY);
        let rest = &body[at.context("the request names no model")? + KEY.len()..];
        let end = rest.iter().position(|byte| *byte == b'"').context("the model has no end")?;
        let name = str::from_utf8(&rest[..end])?;
        name[name.find("bench-").unwrap_or(0)..].parse()
    }
}

impl fmt::Display for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("bench-whole"),
            Self::Hold => f.write_str("bench-hold"),
            Self::Stream { events, pace } => write!(f, "bench-{events}-{}", pace.as_micros()),
        }
    }
}

impl FromStr for Script {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self> {
        match name.strip_prefix("bench-") {
            Some("whole") => Ok(Self::Whole),
            Some("hold") => Ok(Self::Hold),
            Some(rest) => {
                let (events, pace) = rest.split_once('-').context("expected bench-EVENTS-PACE")?;
                let pace = Duration::from_micros(pace.parse()?);
                Ok(Self::Stream { events: events.parse()?, pace })
            }
            None => bail!("`{name}` is no script: bench-whole, bench-hold or bench-EVENTS-PACE"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_survives_the_way_through_a_model_name() {
        let stream = Script::Stream { events: 100, pace: Duration::from_millis(2) };
        for script in [Script::Whole, Script::Hold, stream] {
            let body = format!(r#"{{"model":"vendor-{script}","input":"model"}}"#);
            assert_eq!(Script::in_body(body.as_bytes()).unwrap(), script);
        }
    }

    #[test]
    fn another_model_is_no_script() {
        assert!("gpt-5.2".parse::<Script>().is_err());
        assert!(Script::in_body(br#"{"input":"x"}"#).is_err());
    }
}
