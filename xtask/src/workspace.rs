//! Where the workspace lies and what cargo knows of it.

use std::{
    env,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// Builds everything as the tests do: another choice of packages has other features, and builds all that we use anew.
pub(crate) const BUILD_ALL: &[&str] = &["build", "--workspace", "--all-targets"];

/// What `cargo metadata` says of this workspace.
#[derive(Debug, Deserialize)]
pub(crate) struct Workspace {
    /// The folder of the root `Cargo.toml`.
    #[serde(rename = "workspace_root")]
    pub(crate) root: PathBuf,
    /// Where cargo puts what it builds.
    #[serde(rename = "target_directory")]
    pub(crate) target: PathBuf,
    /// Ids of our own packages.
    #[serde(rename = "workspace_members")]
    pub(crate) members: Vec<String>,
    /// Every package, ours and others'.
    pub(crate) packages: Vec<Package>,
    /// Who uses whom.
    pub(crate) resolve: Resolve,
}

/// One package.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    /// Unique: name, version and source.
    pub(crate) id: String,
    /// The name alone.
    pub(crate) name: String,
}

/// The resolved dependency graph.
#[derive(Debug, Deserialize)]
pub(crate) struct Resolve {
    /// One node a package.
    pub(crate) nodes: Vec<Node>,
}

/// A package and what it uses.
#[derive(Debug, Deserialize)]
pub(crate) struct Node {
    /// The package's id.
    pub(crate) id: String,
    /// What it uses.
    pub(crate) deps: Vec<Dependency>,
}

/// One use of a package.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    /// The id of the package used.
    pub(crate) pkg: String,
    /// In which ways it is used.
    pub(crate) dep_kinds: Vec<DependencyKind>,
}

/// One way of using a package.
#[derive(Debug, Deserialize)]
pub(crate) struct DependencyKind {
    /// `dev`, `build`, or nothing for a normal dependency.
    pub(crate) kind: Option<String>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let output = Command::new("cargo")
            .args(["metadata", "--format-version", "1"])
            .current_dir(Path::new(env!("CARGO_MANIFEST_DIR")))
            .output()
            .context("cargo metadata did not start")?;
        if !output.status.success() {
            bail!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim());
        }
        serde_json::from_slice(&output.stdout).context("cargo metadata printed something unknown")
    }

    /// Where tools lie that the distribution does not have; the Makefile names it.
    pub(crate) fn tools(&self) -> PathBuf {
        env::var_os("TOOLS_DIR").map_or_else(|| self.root.join(".tools"), PathBuf::from)
    }

    /// The folder of the web app.
    pub(crate) fn web(&self) -> PathBuf {
        self.root.join("web")
    }
}
