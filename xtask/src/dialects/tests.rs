use super::*;

fn names(rows: &[(&str, usize)]) -> Names {
    rows.iter().map(|(file, lines)| ((*file).to_owned(), *lines)).collect()
}

#[test]
fn a_line_that_names_a_dialect_is_known() {
    for line in [
        "DialectId::Chat => 1,",
        "    if dialect == realms_types::DialectId::Gemini {",
        "use DialectId::{Chat, Gemini};",
        "use realms_types::DialectId::*;",
        "let all = (DialectId::ALL, DialectId::Chat);",
    ] {
        assert!(names_one(line), "{line}");
    }
    for line in [
        "    // DialectId::Chat is the usual one.",
        "/// See [`DialectId::Chat`].",
        "for dialect in DialectId::ALL {",
        "let copied = DialectId::COPIED;",
        "let dialect = DialectId::from_str(text)?;",
        "Operation::Chat => 1,",
        "DialectId::",
    ] {
        assert!(!names_one(line), "{line}");
    }
}

#[test]
fn tests_may_name_what_they_like() {
    let text = "DialectId::Chat\nDialectId::Chat, DialectId::Gemini\n\n#[cfg(test)]\n";
    assert_eq!(lines_that_name(&format!("{text}mod tests {{\nDialectId::Chat\n}}\n")), 2);
    assert_eq!(
        lines_that_name(&format!("{text}pub(crate) mod tests {{\nDialectId::Chat\n}}\n")),
        2
    );
    assert_eq!(lines_that_name(&format!("{text}fn made() {{\nDialectId::Chat\n}}\n")), 3);
}

#[test]
fn sources_are_counted_where_they_lie_and_tests_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let write = |path: &str| {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "DialectId::Chat\n").unwrap();
    };
    for path in [
        "crates/realms-a/src/deep/down.rs",
        "crates/realms-a/src/deep/tests.rs",
        "crates/realms-a/src/tests/one.rs",
        "crates/realms-a/tests/two.rs",
        "crates/realms-a/src/words.txt",
        "crates/realms-dialect/src/lib.rs",
    ] {
        write(path);
    }
    let found = super::names(folder.path()).unwrap();
    assert_eq!(found, names(&[("crates/realms-a/src/deep/down.rs", 1)]));
}

#[test]
fn whoever_is_not_listed_may_not() {
    let defects = defects(&names(&[("a.rs", 1)]), &[]);
    assert_eq!(defects, [Defect::Over { file: "a.rs".to_owned(), lines: 1, allowed: 0 }]);
    assert!(defects[0].to_string().starts_with("a.rs names one in 1 lines, 0 are allowed"));
}

#[test]
fn a_number_may_only_shrink_and_does_so_at_once() {
    let rows = [Allowed { file: "a.rs", lines: 2 }, Allowed { file: "gone.rs", lines: 1 }];
    let under =
        |file: &str, lines, allowed| Defect::Under { file: file.to_owned(), lines, allowed };
    assert_eq!(defects(&names(&[("a.rs", 2), ("gone.rs", 1)]), &rows), []);
    assert_eq!(
        defects(&names(&[("a.rs", 1)]), &rows),
        [under("a.rs", 1, 2), under("gone.rs", 0, 1)]
    );
    let over = Defect::Over { file: "a.rs".to_owned(), lines: 3, allowed: 2 };
    assert_eq!(defects(&names(&[("a.rs", 3), ("gone.rs", 1)]), &rows), [over]);
}

#[test]
fn this_workspace_names_dialects_where_it_may() {
    let workspace = Workspace::load().unwrap();
    assert_eq!(defects(&super::names(&workspace.root).unwrap(), ALLOWED), []);
}
