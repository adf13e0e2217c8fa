//! `docs/dialect-cells.md`: how every cell came out, in four tables.

use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

use realms_types::DialectId;

use super::{
    cell::{Cell, Trial, others},
    verdict::{Lost, Verdict},
};

const HEAD: &str = "\
# Every client on every upstream

Each cell is a real SDK of the client's dialect (`openai`, `@anthropic-ai/sdk`, `@google/genai` for Node.js) that calls through Realms an
upstream of another dialect. A cell passes when the SDK gets what the upstream said, the upstream gets what the SDK was told to say, and
the record of each call is the upstream's own bill to the LLM token and the nano-USD.

What does not arrive as it was sent is named here as it is in the trace of the call and, but for what a stream's own content loses, in the
header `x-realms-losses`: **emulated** is there by other means, **approximated** is near to what was asked, **dropped** is gone. Nothing is
lost without a name. What other requests lose is in [translation.md](translation.md).

This file is made by the tests of `realms` with real clients, which also say when it is stale.
";

/// The page of these verdicts.
pub(super) fn page(verdicts: &BTreeMap<Cell, Verdict>) -> String {
    let mut page = HEAD.to_owned();
    for client in DialectId::ALL {
        let upstreams = others(client);
        let names: Vec<String> = upstreams.iter().map(|one| format!("on {one}")).collect();
        let rule = "---|".repeat(upstreams.len());
        write!(page, "\n## Clients of {client}\n\n| | {} |\n|---|{rule}\n", names.join(" | "))
            .unwrap();
        for trial in Trial::ALL {
            let cells = upstreams.iter().map(|upstream| {
                let cell = Cell { client, upstream: *upstream, trial };
                verdicts.get(&cell).map_or_else(|| "not tried".to_owned(), text)
            });
            let cells: Vec<String> = cells.collect();
            writeln!(page, "| {} | {} |", trial.title(), cells.join(" | ")).unwrap();
        }
    }
    page
}

fn text(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Absent => "no field for it".to_owned(),
        Verdict::Passed(lost) if lost.is_empty() => "passes".to_owned(),
        Verdict::Passed(lost) => format!("passes<br>{}", named(lost)),
        Verdict::Failed(_) => "**FAILS**".to_owned(),
    }
}

fn named(lost: &Lost) -> String {
    let kinds = ["emulated", "approximated", "dropped"].into_iter();
    let lines = kinds.filter_map(|kind| {
        let paths = lost.get(kind)?;
        let paths: Vec<String> = paths.iter().map(|path| format!("`{path}`")).collect();
        Some(format!("**{kind}**: {}", paths.join(", ")))
    });
    lines.collect::<Vec<_>>().join("<br>")
}

/// Fails where the committed page is another, and lays the fresh one aside.
pub(super) fn expect_current(page: &str) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/dialect-cells.md");
    if fs::read_to_string(&place).ok().as_deref() != Some(page) {
        let fresh = Path::new(env!("CARGO_TARGET_TMPDIR")).join("dialect-cells.md");
        fs::write(&fresh, page).unwrap();
        panic!("docs/dialect-cells.md is stale: cp {} docs/dialect-cells.md", fresh.display());
    }
}
