//! What is measured, how much of it, and what is aimed at.

use std::time::Duration;

use crate::script::Script;

/// The events of a stream, from the first to the last.
const EVENTS: usize = 100;

/// A load whose CPU time is counted.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// For `--only`, for files and for JSON.
    pub(crate) name: &'static str,
    /// What the table says.
    pub(crate) title: &'static str,
    /// What each call asks for.
    pub(crate) script: Script,
    /// About how large each request is.
    pub(crate) bytes: usize,
    /// Calls per round.
    pub(crate) calls: usize,
    /// Calls at the same time.
    pub(crate) concurrency: usize,
    /// At most so many times the CPU of the pass-through.
    pub(crate) goal: f64,
    /// The same where each call is held for and charged.
    pub(crate) business_goal: f64,
}

/// Streams that have fallen silent, whose memory is counted.
#[derive(Debug, Clone)]
pub(crate) struct Idle {
    /// For `--only` and for JSON.
    pub(crate) name: &'static str,
    /// What the table says.
    pub(crate) title: &'static str,
    /// About how large each request was.
    pub(crate) bytes: usize,
    /// Streams opened in each of two steps.
    pub(crate) lot: usize,
    /// At most so many KiB for each.
    pub(crate) goal: f64,
}

/// How many lots of idle streams are opened.
pub(crate) const LOTS: usize = 2;

impl Case {
    /// All cases, those without pauses over so many connections; `quick` ones are too short to be believed.
    pub(crate) fn all(quick: bool, connections: usize) -> Vec<Self> {
        let calls = |calls: usize| if quick { calls / 20 } else { calls };
        let burst = Script::Stream { events: EVENTS, pace: Duration::ZERO };
        let paced = Script::Stream { events: EVENTS, pace: Duration::from_millis(2) };
        vec![
            Self {
                name: "call-1k",
                title: "call, 1 kB request",
                script: Script::Whole,
                bytes: 1_000,
                calls: calls(20_000),
                concurrency: connections,
                goal: 2.0,
                business_goal: 3.5,
            },
            Self {
                name: "call-100k",
                title: "call, 100 kB request",
                script: Script::Whole,
                bytes: 100_000,
                calls: calls(10_000),
                concurrency: connections,
                goal: 2.0,
                business_goal: 3.5,
            },
            Self {
                name: "event-burst",
                title: "event, 100 at once",
                script: burst,
                bytes: 1_000,
                calls: calls(5_000),
                concurrency: connections,
                goal: 1.3,
                business_goal: 1.5,
            },
            Self {
                name: "event-paced",
                title: "event, one every 2 ms",
                script: paced,
                bytes: 1_000,
                calls: calls(1_000),
                concurrency: 50,
                goal: 1.3,
                business_goal: 1.5,
            },
        ]
    }

    /// How many of the things the case counts there are in so many calls and events.
    pub(crate) const fn units(&self, calls: usize, events: usize) -> usize {
        if self.script.streams() { events } else { calls }
    }
}

impl Idle {
    /// All cases.
    pub(crate) fn all(quick: bool) -> Vec<Self> {
        let lot = if quick { 50 } else { 500 };
        vec![
            Self {
                name: "idle-1k",
                title: "idle stream, 1 kB request",
                bytes: 1_000,
                lot,
                goal: 48.0,
            },
            Self {
                name: "idle-100k",
                title: "idle stream, 100 kB request",
                bytes: 100_000,
                lot,
                goal: 256.0,
            },
        ]
    }
}
