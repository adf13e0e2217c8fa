//! The figures as a table, for people and for the project's notes.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::{Value, json};

/// What was counted, and what is aimed at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Goal {
    /// Microseconds of CPU; at most so many times those of the pass-through.
    Cpu(f64),
    /// KiB of memory; at most so many.
    Memory(f64),
}

/// One case: a figure for each server and each round.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The case.
    pub(crate) name: &'static str,
    /// The case in words.
    pub(crate) title: &'static str,
    /// Its unit and aim.
    pub(crate) goal: Goal,
    /// The pass-through, by round.
    pub(crate) baseline: Vec<f64>,
    /// The server it is compared with, by round.
    pub(crate) subject: Vec<f64>,
    /// Its calls per second, by round, on the cores that load and upstream use as well.
    pub(crate) rates: Vec<f64>,
}

/// A whole run.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    /// The server measured.
    pub(crate) subject: String,
    /// Where.
    pub(crate) machine: String,
    /// The wire format of the run.
    pub(crate) dialect: &'static str,
    /// CPU per second of the server at rest, in microseconds.
    pub(crate) at_rest: f64,
    /// The cases.
    pub(crate) rows: Vec<Row>,
}

/// Least, middle and greatest of several figures.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spread {
    least: f64,
    median: f64,
    greatest: f64,
}

// === impl Report ===

impl Report {
    /// The report as Markdown.
    pub(crate) fn to_markdown(&self) -> Result<String> {
        let mut text = String::new();
        let Self { subject, machine, dialect, .. } = self;
        writeln!(text, "{subject} beside a minimal hyper pass-through, one run, in turns")?;
        writeln!(text, "machine: {machine}\ndialect: {dialect}\n")?;
        writeln!(text, "| per | pass-through | {subject} | ratio | least to greatest | goal | |")?;
        writeln!(text, "|---|---:|---:|---:|---:|---:|---|")?;
        for row in &self.rows {
            writeln!(text, "{}", row.to_markdown())?;
        }
        writeln!(text, "\nat rest: {:.0} µs of CPU per second\n", self.at_rest)?;
        writeln!(text, "| rounds | pass-through | {subject} | calls/s |\n|---|---|---|---|")?;
        for row in &self.rows {
            let (baseline, subject) = (list(&row.baseline), list(&row.subject));
            let rate = row.rates.iter().copied().reduce(f64::max);
            let rate = rate.map_or_else(String::new, |rate| format!("{rate:.0}"));
            writeln!(text, "| {} | {baseline} | {subject} | {rate} |", row.name)?;
        }
        Ok(text)
    }

    /// The report for programs.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "subject": self.subject, "machine": self.machine, "dialect": self.dialect,
            "at_rest_us_per_s": self.at_rest,
            "rows": self.rows.iter().map(Row::to_json).collect::<Vec<_>>(),
        })
    }
}

// === impl Row ===

impl Row {
    /// The server's figure over the pass-through's, of the same round.
    fn ratio(&self) -> Spread {
        let pairs = self.subject.iter().zip(&self.baseline);
        Spread::of(pairs.map(|(subject, baseline)| subject / baseline).collect())
    }

    fn to_markdown(&self) -> String {
        let ratio = self.ratio();
        let baseline = Spread::of(self.baseline.clone()).median;
        let subject = Spread::of(self.subject.clone()).median;
        let (unit, goal, met) = match self.goal {
            Goal::Cpu(most) => ("µs", format!("{most}×"), ratio.median <= most),
            Goal::Memory(most) => ("KiB", format!("{most} KiB"), subject <= most),
        };
        format!(
            "| {} | {baseline:.1} {unit} | {subject:.1} {unit} | {:.2}× | {:.2} to {:.2} | {goal} | {} |",
            self.title,
            ratio.median,
            ratio.least,
            ratio.greatest,
            if met { "met" } else { "missed" },
        )
    }

    fn to_json(&self) -> Value {
        let unit = match self.goal {
            Goal::Cpu(_) => "us",
            Goal::Memory(_) => "kib",
        };
        json!({
            "name": self.name, "unit": unit, "ratio": self.ratio().median,
            "baseline": self.baseline, "subject": self.subject, "calls_per_s": self.rates,
        })
    }
}

// === impl Spread ===

impl Spread {
    /// Of no figures at all, the spread is not a number.
    fn of(mut figures: Vec<f64>) -> Self {
        figures.sort_by(f64::total_cmp);
        let at = |index: usize| figures.get(index).copied().unwrap_or(f64::NAN);
        let count = figures.len();
        Self {
            least: at(0),
            median: f64::midpoint(at(count.saturating_sub(1) / 2), at(count / 2)),
            greatest: at(count.saturating_sub(1)),
        }
    }
}

fn list(figures: &[f64]) -> String {
    figures.iter().map(|figure| format!("{figure:.1}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ratios_are_taken_within_a_round() {
        let row = Row {
            name: "call-1k",
            title: "call, 1 kB request",
            goal: Goal::Cpu(2.0),
            baseline: vec![10.0, 20.0, 40.0],
            subject: vec![20.0, 30.0, 100.0],
            rates: vec![3_000.0],
        };
        assert_eq!(row.ratio(), Spread { least: 1.5, median: 2.0, greatest: 2.5 });
        assert_eq!(
            row.to_markdown(),
            "| call, 1 kB request | 20.0 µs | 30.0 µs | 2.00× | 1.50 to 2.50 | 2× | met |"
        );
    }

    #[test]
    fn memory_is_held_against_its_own_goal() {
        let row = Row {
            name: "idle-1k",
            title: "idle stream",
            goal: Goal::Memory(48.0),
            baseline: vec![20.0],
            subject: vec![50.0],
            rates: Vec::new(),
        };
        assert!(row.to_markdown().ends_with("| 48 KiB | missed |"));
    }

    #[test]
    fn an_even_number_of_rounds_has_a_middle() {
        assert_eq!(Spread::of(vec![4.0, 1.0, 2.0, 3.0]).median.to_bits(), 2.5_f64.to_bits());
        assert!(Spread::of(Vec::new()).median.is_nan());
    }
}
