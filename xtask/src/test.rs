//! `cargo xtask test`: private databases, every test, one closing line.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::Context as _;

use crate::{
    output,
    servers::Servers,
    step::Step,
    stop::Stop,
    tally::{Runner, Tally},
    workspace::{BUILD_ALL, Workspace},
};

/// Makes the folder with the real clients ready; takes the folder as its argument.
const CLIENTS_INSTALL: &str = "scripts/clients-install";
/// Tells the tests of the `realms` crate where the real clients lie.
const CLIENTS_DIR: &str = "REALMS_CLIENTS_DIR";

/// Runs everything; true when nothing failed. The closing line comes on every path.
pub(crate) fn run(workspace: &Workspace, stop: &Stop) -> bool {
    let mut sum = Tally::default();
    let outcome = run_all(workspace, stop, &mut sum);
    if let Err(error) = &outcome {
        output::line(format_args!("test run: {error:#}"));
        sum.failed += 1;
    }
    output::line(format_args!("\n{sum}"));
    sum.failed == 0
}

fn run_all(workspace: &Workspace, stop: &Stop, sum: &mut Tally) -> anyhow::Result<()> {
    let mut environment = vec![("CARGO_TERM_COLOR", "never".to_owned())];
    if let Some(clients) = prepare_clients(workspace, stop, sum)? {
        environment.push((CLIENTS_DIR, clients.display().to_string()));
    }
    let servers = Servers::start(stop)?;
    environment.extend(servers.environment());
    for mut step in steps(workspace)? {
        if stop.asked() {
            anyhow::bail!("interrupted");
        }
        step.command.envs(environment.iter().map(|(name, value)| (*name, value)));
        *sum += step.run(stop)?;
    }
    Ok(())
}

fn prepare_clients(
    workspace: &Workspace,
    stop: &Stop,
    sum: &mut Tally,
) -> anyhow::Result<Option<PathBuf>> {
    let script = workspace.root.join(CLIENTS_INSTALL);
    if !script.is_file() {
        return Ok(None);
    }
    let folder = std::env::var_os(CLIENTS_DIR)
        .map_or_else(|| workspace.tools().join("clients"), PathBuf::from);
    let mut command = Command::new(script);
    command.arg(&folder).env(CLIENTS_DIR, &folder).current_dir(&workspace.root);
    *sum += Step { title: "real clients", command, runner: None }.run(stop)?;
    Ok(Some(folder))
}

fn steps(workspace: &Workspace) -> anyhow::Result<Vec<Step>> {
    let mut steps = vec![rust_tests(&workspace.root)];
    if has_doc_tests(&workspace.root.join("crates"))? {
        steps.push(Step {
            title: "documentation tests",
            command: cargo(&workspace.root, &["test", "--workspace", "--doc"]),
            runner: Some(Runner::CargoTest),
        });
    }
    steps.push(web(&workspace.web(), "web unit tests", "test", Runner::Vitest));
    steps.push(Step {
        title: "programs for the browser tests",
        command: cargo(&workspace.root, BUILD_ALL),
        runner: None,
    });
    steps.push(web(&workspace.web(), "web browser tests", "e2e", Runner::Playwright));
    Ok(steps)
}

fn rust_tests(root: &Path) -> Step {
    let nextest = Command::new("cargo").args(["nextest", "--version"]).output();
    let (arguments, runner): (&[&str], _) = if nextest.is_ok_and(|probe| probe.status.success()) {
        (&["nextest", "run", "--workspace", "--no-fail-fast"], Runner::Nextest)
    } else {
        (&["test", "--workspace", "--all-targets", "--no-fail-fast"], Runner::CargoTest)
    };
    Step { title: "Rust tests", command: cargo(root, arguments), runner: Some(runner) }
}

fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(root);
    command
}

fn web(folder: &Path, title: &'static str, script: &str, runner: Runner) -> Step {
    let mut command = Command::new("npm");
    command.args(["run", "--silent", script]).env("NO_COLOR", "1").current_dir(folder);
    Step { title, command, runner: Some(runner) }
}

/// Whether any doc comment holds a code block: rustdoc is asked only when it has something to run.
fn has_doc_tests(folder: &Path) -> anyhow::Result<bool> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read {}", folder.display()))?.path();
        let found = if path.is_dir() {
            has_doc_tests(&path)?
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            text.lines().any(opens_code)
        } else {
            false
        };
        if found {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A line that opens a block rustdoc would run.
fn opens_code(line: &str) -> bool {
    let line = line.trim_start();
    let comment = line.strip_prefix("///").or_else(|| line.strip_prefix("//!"));
    let fence = comment.and_then(|comment| comment.trim_start().strip_prefix("```"));
    fence.is_some_and(|language| matches!(language, "" | "rust"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rust_blocks_of_doc_comments_are_doc_tests() {
        assert!(opens_code("/// ```"));
        assert!(opens_code("    //! ```rust"));
        assert!(!opens_code("/// ```text"));
        assert!(!opens_code("// ```"));
        assert!(!opens_code("let fence = \"```\";"));
    }

    #[test]
    fn code_blocks_are_found_in_folders_below() {
        let folder = tempfile::tempdir().unwrap();
        let below = folder.path().join("src");
        fs::create_dir(&below).unwrap();
        fs::write(below.join("lib.rs"), "/// Plain.\npub fn f() {}\n").unwrap();
        assert!(!has_doc_tests(folder.path()).unwrap());
        fs::write(below.join("more.rs"), "/// ```\n/// f();\n/// ```\n").unwrap();
        assert!(has_doc_tests(folder.path()).unwrap());
    }
}
