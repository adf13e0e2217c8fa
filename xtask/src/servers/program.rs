//! Finds server programs, which distributions keep outside the usual `PATH`.

use std::{env, fs, path::PathBuf};

use anyhow::Context as _;

/// Folders of servers; a `*` stands for a version, and the newest wins.
const FOLDERS: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/sbin",
    "/usr/local/sbin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
];

/// The full path of a program, or which package has it.
pub(super) fn find(program: &str, package: &str) -> anyhow::Result<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(FOLDERS.iter().flat_map(|folder| expand(folder)));
    folders
        .map(|folder| folder.join(program))
        .find(|path| path.is_file())
        .with_context(|| format!("{program} is not installed: install {package}"))
}

fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, stem) = before.rsplit_once('/').unwrap_or(("", before));
    let mut versions: Vec<u32> = fs::read_dir(parent)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix(stem)?.parse().ok())
        .collect();
    versions.sort_unstable_by(|a, b| b.cmp(a));
    versions.iter().map(|version| PathBuf::from(format!("{before}{version}{after}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        for version in ["9", "15", "not-a-version"] {
            fs::create_dir(folder.path().join(version)).unwrap();
        }
        let pattern = format!("{}/*/bin", folder.path().display());
        let expected = ["15/bin", "9/bin"].map(|version| folder.path().join(version));
        assert_eq!(expand(&pattern), expected);
    }

    #[test]
    fn a_missing_program_names_its_package() {
        let error = find("no-such-server", "the no-such package").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no-such-server is not installed: install the no-such package"
        );
    }
}
