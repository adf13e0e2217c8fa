//! Who names a dialect: outside of the crate of the dialects only who has a reason to, and no oftener.

mod allowed;

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;

use self::allowed::{ALLOWED, Allowed, OWN};
use crate::{output, workspace::Workspace};

/// How a dialect is named.
const NAME: &str = "DialectId::";
/// Where the reasons are.
const TABLE: &str = "xtask/src/dialects/allowed.rs";

/// How many lines of a file name a dialect, by its path from the root of the repository.
type Names = BTreeMap<String, usize>;

/// What is wrong with the names.
#[derive(Debug, PartialEq, Eq)]
enum Defect {
    /// More lines name a dialect than may.
    Over { file: String, lines: usize, allowed: usize },
    /// Fewer do: what is gone must not come back.
    Under { file: String, lines: usize, allowed: usize },
}

/// Prints every defect; true when there is none.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<bool> {
    let names = names(&workspace.root)?;
    let defects = defects(&names, ALLOWED);
    for defect in &defects {
        output::line(format_args!("dialects: {defect}"));
    }
    if defects.is_empty() {
        let lines: usize = names.values().sum();
        output::line(format_args!(
            "dialects: {lines} lines in {} files name one outside of their crate",
            names.len()
        ));
    }
    Ok(defects.is_empty())
}

fn defects(names: &Names, allowed: &[Allowed]) -> Vec<Defect> {
    let rows = allowed.iter().map(|row| (row.file, row.lines));
    let allowed: BTreeMap<&str, usize> = rows.collect();
    let mut defects = Vec::new();
    for (file, lines) in names {
        let (file, lines) = (file.clone(), *lines);
        let allowed = allowed.get(file.as_str()).copied().unwrap_or(0);
        if lines > allowed {
            defects.push(Defect::Over { file, lines, allowed });
        }
    }
    for (file, allowed) in allowed {
        let (file, lines) = (file.to_owned(), names.get(file).copied().unwrap_or(0));
        if lines < allowed {
            defects.push(Defect::Under { file, lines, allowed });
        }
    }
    defects
}

/// Every file of our crates that names a dialect, but for those whose business it is.
fn names(root: &Path) -> anyhow::Result<Names> {
    let mut names = Names::new();
    let crates = root.join("crates");
    for path in entries(&crates)? {
        let is_own = OWN.iter().any(|own| path.ends_with(own));
        let sources = path.join("src");
        if !is_own && sources.is_dir() {
            count(&sources, root, &mut names)?;
        }
    }
    Ok(names)
}

fn count(folder: &Path, root: &Path, names: &mut Names) -> anyhow::Result<()> {
    for path in entries(folder)? {
        let is_test = path.file_stem().is_some_and(|name| name == "tests");
        if is_test {
            continue;
        }
        if path.is_dir() {
            count(&path, root, names)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let lines = lines_that_name(&text);
            if lines > 0 {
                let file = path.strip_prefix(root).unwrap_or(&path);
                names.insert(file.display().to_string(), lines);
            }
        }
    }
    Ok(())
}

fn entries(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let cannot = || format!("cannot read {}", folder.display());
    let entries = fs::read_dir(folder).with_context(cannot)?;
    entries.map(|entry| entry.map(|entry| entry.path()).with_context(cannot)).collect()
}

/// Lines of code before the tests of a file.
fn lines_that_name(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let opens_tests = |pair: &[&str]| {
        let [mark, module] = pair else { return false };
        *mark == "#[cfg(test)]"
            && (module.ends_with("mod tests {") || module.ends_with("mod tests;"))
    };
    let end = lines.windows(2).position(opens_tests).unwrap_or(lines.len());
    lines[..end].iter().filter(|line| names_one(line)).count()
}

/// Whether a line of code names a dialect, or imports the names of some.
fn names_one(line: &str) -> bool {
    let line = line.trim_start();
    !line.starts_with("//") && line.split(NAME).skip(1).any(is_variant)
}

/// `Chat`, `{Chat, Messages}` and `*` are; `ALL` and `from_str` are not.
fn is_variant(rest: &str) -> bool {
    let mut chars = rest.chars();
    match (chars.next(), chars.next()) {
        (Some('{' | '*'), _) => true,
        (Some(first), Some(second)) => first.is_ascii_uppercase() && second.is_ascii_lowercase(),
        _ => false,
    }
}

// === impl Defect ===

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Over { file, lines, allowed } => write!(
                f,
                "{file} names one in {lines} lines, {allowed} are allowed: make it a fact of the \
                 dialect in crates/realms-dialect/src/facts, or give the reason in {TABLE}"
            ),
            Self::Under { file, lines, allowed } => write!(
                f,
                "{file} names one in {lines} lines, {allowed} are allowed: write {lines} in {TABLE}"
            ),
        }
    }
}

#[cfg(test)]
mod tests;
