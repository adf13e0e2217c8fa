//! The crate graph: arrows run down only, and some crates must never see some others.

mod rules;

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fmt,
};

use self::rules::{RULES, Rule, STORE, STORE_ONLY};
use crate::{output, workspace::Workspace};

/// Who uses whom when the program is built: normal dependencies, by package name.
#[derive(Debug, Default)]
struct Graph {
    /// Our own crates.
    ours: BTreeSet<String>,
    /// What each package uses.
    uses: BTreeMap<String, BTreeSet<String>>,
}

/// What is wrong with the graph.
#[derive(Debug, PartialEq, Eq)]
enum Defect {
    /// A crate of ours that the table does not know.
    NoRule(String),
    /// An arrow that does not run down.
    NotDown { from: String, to: String },
    /// A crate reaches what it must never see; the path shows how.
    Reaches(Vec<String>),
    /// A database library used outside the store.
    OutsideStore { from: String, to: String },
}

/// Prints every defect; true when there is none.
pub(crate) fn check(workspace: &Workspace) -> anyhow::Result<bool> {
    let graph = Graph::of(workspace)?;
    let defects = graph.defects(RULES);
    for defect in &defects {
        output::line(format_args!("crate graph: {defect}"));
    }
    if defects.is_empty() {
        output::line(format_args!(
            "crate graph: {} crates, arrows run down only",
            graph.ours.len()
        ));
    }
    Ok(defects.is_empty())
}

// === impl Graph ===

impl Graph {
    fn of(workspace: &Workspace) -> anyhow::Result<Self> {
        let names: BTreeMap<&str, &str> =
            workspace.packages.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
        let name = |id: &str| {
            let name = names.get(id).copied();
            name.map(str::to_owned).ok_or_else(|| anyhow::anyhow!("cargo metadata lacks {id}"))
        };
        let mut graph = Self::default();
        for id in &workspace.members {
            graph.ours.insert(name(id)?);
        }
        for node in &workspace.resolve.nodes {
            let uses = graph.uses.entry(name(&node.id)?).or_default();
            let normal = |d: &&crate::workspace::Dependency| {
                d.dep_kinds.iter().any(|kind| kind.kind.is_none())
            };
            for dependency in node.deps.iter().filter(normal) {
                uses.insert(name(&dependency.pkg)?);
            }
        }
        Ok(graph)
    }

    fn defects(&self, rules: &[Rule]) -> Vec<Defect> {
        let by_name: BTreeMap<&str, &Rule> = rules.iter().map(|rule| (rule.name, rule)).collect();
        let mut defects = Vec::new();
        for from in &self.ours {
            let Some(rule) = by_name.get(from.as_str()) else {
                defects.push(Defect::NoRule(from.clone()));
                continue;
            };
            for to in self.used_by(from) {
                if by_name.get(to.as_str()).is_some_and(|used| used.floor >= rule.floor) {
                    defects.push(Defect::NotDown { from: from.clone(), to: to.clone() });
                }
                if from != STORE && STORE_ONLY.contains(&to.as_str()) {
                    defects.push(Defect::OutsideStore { from: from.clone(), to: to.clone() });
                }
            }
            defects.extend(
                rule.never.iter().filter_map(|banned| self.path(from, banned)).map(Defect::Reaches),
            );
        }
        defects
    }

    fn used_by(&self, name: &str) -> impl Iterator<Item = &String> {
        self.uses.get(name).into_iter().flatten()
    }

    /// The shortest way from one package to another, both ends included.
    fn path(&self, from: &str, to: &str) -> Option<Vec<String>> {
        let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
        let mut queue = VecDeque::from([from]);
        while let Some(at) = queue.pop_front() {
            for next in self.used_by(at) {
                if next == from || came_from.contains_key(next.as_str()) {
                    continue;
                }
                came_from.insert(next, at);
                if next == to {
                    return Some(trail(&came_from, from, to));
                }
                queue.push_back(next);
            }
        }
        None
    }
}

fn trail(came_from: &BTreeMap<&str, &str>, from: &str, to: &str) -> Vec<String> {
    let mut path = vec![to.to_owned()];
    let mut at = to;
    while at != from {
        let Some(previous) = came_from.get(at) else {
            break;
        };
        at = previous;
        path.push(at.to_owned());
    }
    path.reverse();
    path
}

// === impl Defect ===

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRule(name) => {
                write!(f, "{name} has no floor: give it a row in xtask/src/graph/rules.rs")
            }
            Self::NotDown { from, to } => {
                write!(f, "{from} must not use {to}: arrows run down only")
            }
            Self::Reaches(path) => write!(
                f,
                "{} must never see {}: {}",
                path.first().map_or("", String::as_str),
                path.last().map_or("", String::as_str),
                path.join(" -> ")
            ),
            Self::OutsideStore { from, to } => {
                write!(f, "{from} must not use {to}: only {STORE} speaks to a database")
            }
        }
    }
}

#[cfg(test)]
mod tests;
