//! One command of the test run: its output passes through, its closing lines are counted.

use std::{
    io::{BufRead as _, BufReader, Read},
    os::unix::process::CommandExt as _,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread,
    time::Instant,
};

use anyhow::Context as _;

use crate::{
    output,
    stop::{GLANCE, Stop},
    tally::{Runner, Tally},
};

/// How many glances a command that was asked to end may take before it is killed: ten seconds.
const PATIENCE: u32 = 100;

/// One command of the test run.
pub(crate) struct Step {
    /// What it does, for people.
    pub(crate) title: &'static str,
    /// The command itself.
    pub(crate) command: Command,
    /// How to count its tests; a step without one is a check that passes or fails as a whole.
    pub(crate) runner: Option<Runner>,
}

impl Step {
    /// Runs the command to its end, or until somebody asks to stop.
    #[expect(clippy::disallowed_methods, reason = "how long a step took is told in real time")]
    pub(crate) fn run(mut self, stop: &Stop) -> anyhow::Result<Tally> {
        output::line(format_args!("\n== {}", self.title));
        let begun = Instant::now();
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{} did not start", self.title))?;
        let lines = lines_of(&mut child);
        let seen = follow(&lines, self.runner, &mut child, stop);
        let status = child.wait().context("a finished command was lost")?;
        output::line(format_args!("== {}: {} s", self.title, begun.elapsed().as_secs()));
        Ok(self.judge(seen, status))
    }

    /// Nothing may hide: a failure without a failed test counts, and so does a silent success.
    fn judge(&self, seen: Option<Tally>, status: ExitStatus) -> Tally {
        let mut tally = seen.unwrap_or_default();
        let silent = self.runner.is_some() && seen.is_none();
        if tally.failed == 0 && (!status.success() || silent) {
            output::line(format_args!("{}: failed without a failed test ({status})", self.title));
            tally.failed = 1;
        }
        tally
    }
}

fn lines_of(child: &mut Child) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    if let Some(stdout) = child.stdout.take() {
        pass_on(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        pass_on(stderr, sender);
    }
    receiver
}

fn pass_on(source: impl Read + Send + 'static, sender: Sender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(source).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                break;
            }
        }
    });
}

/// Prints and counts lines until the command has ended or closed its output.
fn follow(
    lines: &Receiver<String>,
    runner: Option<Runner>,
    child: &mut Child,
    stop: &Stop,
) -> Option<Tally> {
    let mut seen: Option<Tally> = None;
    let mut asked_to_end = false;
    let mut waited = 0;
    loop {
        if stop.asked() && !asked_to_end {
            signal_group(child, "TERM");
            asked_to_end = true;
        }
        match lines.recv_timeout(GLANCE) {
            Ok(line) => {
                if let Some(tally) = runner.and_then(|runner| runner.read(&line)) {
                    *seen.get_or_insert_default() += tally;
                }
                output::line(line);
            }
            // What it left in the background may hold the output open for ever.
            Err(RecvTimeoutError::Timeout) if matches!(child.try_wait(), Ok(Some(_))) => {
                signal_group(child, "KILL");
                return seen;
            }
            Err(RecvTimeoutError::Timeout) if asked_to_end => {
                waited += 1;
                if waited == PATIENCE {
                    signal_group(child, "KILL");
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return seen,
        }
    }
}

/// Signals the command and all it started.
fn signal_group(child: &Child, signal: &str) {
    let group = format!("-{}", child.id());
    let mut kill = Command::new("kill");
    kill.args(["-s", signal, "--", &group]).stderr(Stdio::null()); // it may be gone already
    drop(kill.status());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally_of(script: &str, runner: Option<Runner>) -> Tally {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        let step = Step { title: "a script", command, runner };
        step.run(&Stop::on_signals().unwrap()).unwrap()
    }

    #[test]
    fn tests_are_counted_on_both_outputs() {
        let script = "echo 'test result: ok. 2 passed; 0 failed'; \
                      echo 'test result: ok. 1 passed; 0 failed' >&2";
        let tally = tally_of(script, Some(Runner::CargoTest));
        assert_eq!(tally, Tally { passed: 3, failed: 0 });
    }

    #[test]
    fn a_failure_without_a_failed_test_counts() {
        let script = "echo 'test result: ok. 2 passed; 0 failed'; exit 101";
        let tally = tally_of(script, Some(Runner::CargoTest));
        assert_eq!(tally, Tally { passed: 2, failed: 1 });
        assert_eq!(tally_of("exit 1", None), Tally { passed: 0, failed: 1 });
    }

    #[test]
    fn what_a_command_leaves_in_the_background_is_ended() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let script = format!("exec 3> {}; sleep 600 &", pipe.display());
        // The pipe ends when the last process that could write to it has.
        let reader = thread::spawn(move || std::fs::read(pipe).unwrap());
        assert_eq!(tally_of(&script, None), Tally::default());
        assert_eq!(reader.join().unwrap(), b"");
    }

    #[test]
    fn a_runner_that_says_nothing_has_failed() {
        let silent = tally_of("echo fine", Some(Runner::Nextest));
        assert_eq!(silent, Tally { passed: 0, failed: 1 });
        assert_eq!(tally_of("echo fine", None), Tally::default());
    }
}
