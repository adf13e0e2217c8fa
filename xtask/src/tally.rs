//! Reads the closing lines of test runners and adds them up.

use std::{fmt, ops::AddAssign};

/// How many tests passed and failed. Prints as the line a runner ends with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tally {
    /// Tests that passed.
    pub(crate) passed: u64,
    /// Tests that failed, timed out or could not run.
    pub(crate) failed: u64,
}

/// A program that runs tests, known by its closing lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Runner {
    /// `Summary [ 0.1s] 3 tests run: 2 passed, 1 failed, 0 skipped`.
    Nextest,
    /// `test result: ok. 3 passed; 0 failed; 0 ignored; …`, once a test binary.
    CargoTest,
    /// `Tests  1 failed | 11 passed (12)`.
    Vitest,
    /// `8 passed (20.1s)` and `1 failed`, each on a line of its own.
    Playwright,
}

impl Runner {
    /// The words behind a number that mean a test did not pass.
    const FAILURES: [&str; 6] =
        ["failed", "exec failed", "timed out", "interrupted", "did not run", "flaky"];

    /// What a line of this runner's output adds; nothing when it is no closing line.
    pub(crate) fn read(self, line: &str) -> Option<Tally> {
        let line = line.trim();
        let counts = match self {
            Self::Nextest => {
                line.strip_prefix("Summary [")?
                    .split_once("tests run: ")
                    .or_else(|| line.split_once("test run: "))?
                    .1
            }
            Self::CargoTest => line.strip_prefix("test result: ")?.split_once(". ")?.1,
            Self::Vitest => line.strip_prefix("Tests  ")?,
            Self::Playwright => line.starts_with(|c: char| c.is_ascii_digit()).then_some(line)?,
        };
        let tally = Tally::of(counts);
        let closing = self != Self::Playwright || tally != Tally::default();
        closing.then_some(tally)
    }
}

impl Tally {
    /// Reads pieces such as `2 passed (1 slow)`, set apart by commas, semicolons or bars.
    fn of(counts: &str) -> Self {
        let mut tally = Self::default();
        for piece in counts.split([',', ';', '|']) {
            let piece = piece.split_once('(').map_or(piece, |(before, _)| before).trim();
            let Some((number, word)) = piece.split_once(' ') else {
                continue;
            };
            let Ok(number) = number.parse::<u64>() else {
                continue;
            };
            match word.trim() {
                "passed" => tally.passed += number,
                word if Runner::FAILURES.contains(&word) => tally.failed += number,
                _ => {}
            }
        }
        tally
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_lines_are_read() {
        let cases = [
            (Runner::Nextest, "     Summary [   0.006s] 3 tests run: 3 passed, 0 skipped", 3, 0),
            (Runner::Nextest, "Summary [ 1s] 1 test run: 0 passed, 1 failed, 2 skipped", 0, 1),
            (
                Runner::Nextest,
                "Summary [ 9.1s] 12/20 tests run: 8 passed (1 slow, 2 leaky), 2 failed, \
                 1 exec failed, 1 timed out, 0 skipped",
                8,
                4,
            ),
            (Runner::CargoTest, "test result: ok. 3 passed; 0 failed; 0 ignored", 3, 0),
            (Runner::CargoTest, "test result: FAILED. 3 passed; 2 failed; 0 ignored", 3, 2),
            (Runner::Vitest, "      Tests  2 failed | 10 passed (12)", 10, 2),
            (Runner::Vitest, "      Tests  12 passed (12)", 12, 0),
            (Runner::Playwright, "  8 passed (20.1s)", 8, 0),
            (Runner::Playwright, "  1 failed", 0, 1),
            (Runner::Playwright, "  3 did not run", 0, 3),
        ];
        for (runner, line, passed, failed) in cases {
            assert_eq!(runner.read(line), Some(Tally { passed, failed }), "{line}");
        }
    }

    #[test]
    fn other_lines_are_not_counted() {
        let cases = [
            (Runner::Nextest, "        PASS [   0.004s] realms-types money::tests::exact"),
            (Runner::CargoTest, "test money::tests::exact ... ok"),
            (Runner::Vitest, " Test Files  3 passed (3)"),
            (Runner::Playwright, "Running 8 tests using 2 workers"),
            (Runner::Playwright, "  1) [desktop] page.spec.ts:3:1 the page opens"),
        ];
        for (runner, line) in cases {
            assert_eq!(runner.read(line), None, "{line}");
        }
    }

    #[test]
    fn the_sum_prints_as_one_line() {
        let mut sum = Tally { passed: 3, failed: 0 };
        sum += Tally { passed: 4, failed: 1 };
        assert_eq!(sum.to_string(), "7 passed, 1 failed");
    }
}
