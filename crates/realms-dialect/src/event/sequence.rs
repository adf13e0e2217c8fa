//! Puts parts that an upstream sends at the same time one after the other.
//!
//! Messages has one open block at any time, clients of Responses are used to the same, and parts of
//! Gemini are whole at once, in the order of the calls. The part that began first goes out as it comes;
//! the others wait, within a bound.

use std::collections::VecDeque;

use super::{At, Delta, PartHead};

/// What may wait, in bytes.
const MOST: usize = 8 << 20;

/// What a step costs beyond its text.
const STEP: usize = 64;

/// One step of a part.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum PartStep {
    Start(PartHead),
    Delta(Delta),
    End,
}

/// More waits than may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooMuchWaits;

/// The order of parts.
#[derive(Debug, Default)]
pub(super) struct Sequence {
    live: Option<At>,
    waiting: VecDeque<Waiting>,
    held: usize,
}

#[derive(Debug)]
struct Waiting {
    at: At,
    steps: Vec<PartStep>,
    is_ended: bool,
}

// === impl Sequence ===

impl Sequence {
    /// Takes a step and gives those that are due.
    pub(super) fn push(
        &mut self,
        at: At,
        step: PartStep,
    ) -> Result<Vec<(At, PartStep)>, TooMuchWaits> {
        if self.live.is_none() && matches!(step, PartStep::Start(_)) {
            self.live = Some(at);
        }
        if self.live != Some(at) {
            self.wait(at, step)?;
            return Ok(Vec::new());
        }
        let is_end = step == PartStep::End;
        let mut due = vec![(at, step)];
        if is_end {
            self.release(&mut due);
        }
        Ok(due)
    }

    fn wait(&mut self, at: At, step: PartStep) -> Result<(), TooMuchWaits> {
        let size = match &step {
            PartStep::Start(PartHead::Foreign(foreign)) => foreign.raw.len(),
            PartStep::Delta(delta) => delta.size(),
            PartStep::Start(_) | PartStep::End => 0,
        };
        self.held = self.held.saturating_add(size).saturating_add(STEP);
        if self.held > MOST {
            return Err(TooMuchWaits);
        }
        let is_ended = step == PartStep::End;
        match self.waiting.iter_mut().find(|waiting| waiting.at == at) {
            Some(waiting) => {
                waiting.steps.push(step);
                waiting.is_ended |= is_ended;
            }
            None => self.waiting.push_back(Waiting { at, steps: vec![step], is_ended }),
        }
        Ok(())
    }

    /// The live part has ended: the next one takes its place, and those that have ended too go by.
    fn release(&mut self, due: &mut Vec<(At, PartStep)>) {
        self.live = None;
        while let Some(next) = self.waiting.pop_front() {
            due.extend(next.steps.into_iter().map(|step| (next.at, step)));
            if !next.is_ended {
                self.live = Some(next.at);
                break;
            }
        }
        if self.waiting.is_empty() {
            self.held = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(part: u32) -> At {
        At { choice: 0, part }
    }

    fn text(text: &str) -> PartStep {
        PartStep::Delta(Delta::Text(text.to_owned()))
    }

    #[test]
    fn interleaved_parts_come_one_after_the_other() {
        let mut sequence = Sequence::default();
        let start = || PartStep::Start(PartHead::Text);
        let mut out = Vec::new();
        for (part, step) in [
            (0, start()),
            (1, start()),
            (0, text("a")),
            (1, text("b")),
            (2, start()),
            (0, text("a")),
            (1, PartStep::End),
            (0, PartStep::End),
            (2, text("c")),
            (2, PartStep::End),
        ] {
            out.extend(sequence.push(at(part), step).unwrap());
        }
        let parts: Vec<u32> = out.iter().map(|(at, _)| at.part).collect();
        assert_eq!(parts, [0, 0, 0, 0, 1, 1, 1, 2, 2, 2]);
    }

    #[test]
    fn what_waits_is_bounded() {
        let mut sequence = Sequence::default();
        sequence.push(at(0), PartStep::Start(PartHead::Text)).unwrap();
        sequence.push(at(1), PartStep::Start(PartHead::Text)).unwrap();
        let piece = "x".repeat(MOST / 4);
        let pushed = (0..5).try_for_each(|_| sequence.push(at(1), text(&piece)).map(drop));
        assert_eq!(pushed, Err(TooMuchWaits));
    }
}
