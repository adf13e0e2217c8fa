//! Files that programs write: made anew, and compared with what is committed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use crate::{
    output,
    workspace::{BUILD_ALL, Workspace},
};

/// A committed file that a program can print.
struct Generated {
    /// Where it lies, from the root of the repository.
    path: &'static str,
    printer: Printer,
    /// The arguments that make the printer print it.
    arguments: &'static [&'static str],
}

/// Who prints a generated file.
#[derive(Clone, Copy)]
enum Printer {
    /// The program itself, as it was just built.
    Realms,
    /// The package of the web app that turns an `OpenAPI` document into TypeScript.
    OpenapiTypescript,
}

/// In this order: the types of the web app come from the document above them.
const GENERATED: &[Generated] = &[
    Generated { path: "docs/openapi.json", printer: Printer::Realms, arguments: &["openapi"] },
    Generated { path: "docs/config.md", printer: Printer::Realms, arguments: &["config", "table"] },
    Generated {
        path: "web/src/api/schema.d.ts",
        printer: Printer::OpenapiTypescript,
        arguments: &["docs/openapi.json"],
    },
];

/// From the root of the repository.
const OPENAPI_TYPESCRIPT: &str = "web/node_modules/.bin/openapi-typescript";

/// Names every file that is not what its program prints; true when there is none.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<bool> {
    let realms = build(workspace)?;
    let mut clean = true;
    for file in GENERATED {
        let text = file.make(&realms, &workspace.root)?;
        if !is_current(&workspace.root.join(file.path), &text)? {
            output::line(format_args!("generated files: {} is stale: run `make gen`", file.path));
            clean = false;
        }
    }
    if clean {
        output::line(format_args!("generated files: {} files up to date", GENERATED.len()));
    }
    Ok(clean)
}

/// Writes every file whose text has changed.
pub(crate) fn write(workspace: &Workspace) -> anyhow::Result<()> {
    let realms = build(workspace)?;
    for file in GENERATED {
        let text = file.make(&realms, &workspace.root)?;
        let path = workspace.root.join(file.path);
        if !is_current(&path, &text)? {
            fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
            output::line(format_args!("wrote {}", file.path));
        }
    }
    Ok(())
}

fn build(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let status = Command::new("cargo")
        .args(BUILD_ALL)
        .arg("--quiet")
        .current_dir(&workspace.root)
        .status()
        .context("cargo build did not start")?;
    if !status.success() {
        bail!("cargo build failed");
    }
    Ok(workspace.target.join("debug").join("realms"))
}

fn is_current(path: &Path, text: &str) -> anyhow::Result<bool> {
    match fs::read_to_string(path) {
        Ok(committed) => Ok(committed == text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

// === impl Generated ===

impl Generated {
    /// What the program prints, ending with one line feed.
    fn make(&self, realms: &Path, root: &Path) -> anyhow::Result<String> {
        let program = match self.printer {
            Printer::Realms => realms.to_owned(),
            Printer::OpenapiTypescript => root.join(OPENAPI_TYPESCRIPT),
        };
        let output = Command::new(&program)
            .args(self.arguments)
            .current_dir(root)
            .output()
            .with_context(|| format!("{} did not start: run `make web`", program.display()))?;
        let command = format!("{} {}", program.display(), self.arguments.join(" "));
        if !output.status.success() {
            bail!("{command}: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        let text = String::from_utf8(output.stdout)
            .with_context(|| format!("{command} printed something that is no text"))?;
        Ok(format!("{}\n", text.trim_end()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_different_file_is_stale() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("table.md");
        assert!(!is_current(&path, "new\n").unwrap());
        fs::write(&path, "old\n").unwrap();
        assert!(!is_current(&path, "new\n").unwrap());
        fs::write(&path, "new\n").unwrap();
        assert!(is_current(&path, "new\n").unwrap());
    }
}
