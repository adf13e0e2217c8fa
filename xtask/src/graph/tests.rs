use super::*;

/// `a -> b c` a line.
fn graph(lines: &[&str]) -> Graph {
    let mut graph = Graph::default();
    for line in lines {
        let (from, to) = line.split_once(" -> ").unwrap_or((line, ""));
        if from.starts_with("realms") {
            graph.ours.insert(from.to_owned());
        }
        let uses = to.split_whitespace().map(str::to_owned);
        graph.uses.entry(from.to_owned()).or_default().extend(uses);
    }
    graph
}

fn owned(path: &[&str]) -> Vec<String> {
    path.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn arrows_that_run_down_are_fine() {
    let graph = graph(&[
        "realms -> realms-relay realms-store axum",
        "realms-relay -> realms-store realms-types axum",
        "realms-store -> realms-types sqlx sea-orm",
        "realms-types -> serde",
    ]);
    assert_eq!(graph.defects(RULES), []);
}

#[test]
fn an_arrow_up_or_sideways_is_a_defect() {
    let graph = graph(&["realms-types -> realms-seal", "realms-store -> realms-scheduler"]);
    let not_down =
        |from: &str, to: &str| Defect::NotDown { from: from.to_owned(), to: to.to_owned() };
    assert_eq!(
        graph.defects(RULES),
        [not_down("realms-store", "realms-scheduler"), not_down("realms-types", "realms-seal")]
    );
}

#[test]
fn nothing_shipped_uses_the_test_harness() {
    let defects = graph(&["realms -> realms-testkit"]).defects(RULES);
    assert!(matches!(defects.as_slice(), [Defect::NotDown { to, .. }] if to == "realms-testkit"));
}

#[test]
fn a_ban_reaches_through_other_packages() {
    let graph = graph(&["realms-dialect -> harmless", "harmless -> hyper", "hyper -> tokio"]);
    assert_eq!(
        graph.defects(RULES),
        [
            Defect::Reaches(owned(&["realms-dialect", "harmless", "hyper", "tokio"])),
            Defect::Reaches(owned(&["realms-dialect", "harmless", "hyper"])),
        ]
    );
}

#[test]
fn only_the_store_names_a_database_library() {
    let graph = graph(&["realms-console -> realms-store sqlx", "realms-store -> sqlx sea-orm"]);
    let defects = graph.defects(RULES);
    assert_eq!(defects.len(), 1);
    assert_eq!(
        defects[0].to_string(),
        "realms-console must not use sqlx: only realms-store speaks to a database"
    );
}

#[test]
fn a_crate_without_a_floor_is_a_defect() {
    let defects = graph(&["realms-new -> serde"]).defects(RULES);
    assert_eq!(defects, [Defect::NoRule("realms-new".to_owned())]);
}

#[test]
fn this_workspace_keeps_its_own_rules() {
    let workspace = Workspace::load().unwrap();
    assert_eq!(Graph::of(&workspace).unwrap().defects(RULES), []);
}
