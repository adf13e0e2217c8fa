//! The table of translation: a real SDK of every dialect on upstreams of the three others, every feature that they share
//! tried between each two. No cell may fail, and nothing may be lost in silence.

mod arrival;
mod cell;
mod page;
mod upstream;
mod verdict;

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
    path::Path,
};

use futures_util::future::join_all;
use realms_testkit::FakeUpstream;
use realms_types::DialectId;

use self::{
    arrival::DOT,
    cell::{Cell, others},
    verdict::{Known, Told, Verdict, judge},
};
use crate::{
    bill::{Bill, PRICES, TAG},
    realms::Realms,
    sandbox::Sandbox,
    stand::{CLIENT_KEY, kind_of, people, upstream_key},
};

/// What a driver tells: by upstream, by trial.
type ToldByDriver = HashMap<String, HashMap<String, Told>>;

/// Channels for each pair: what one trial breaks must not rest when the next one comes.
const APART: [&str; 3] = ["", "-limited", "-broken"];

#[tokio::test]
async fn every_cell_of_the_table_passes_or_names_what_it_loses() {
    let upstream = FakeUpstream::start().await;
    let bill = Bill::default();
    upstream::script(&upstream, &bill);
    let realms = Realms::start(&manifest(&upstream.url())).await;
    let url = format!("http://{}", realms.address());
    let sandbox = Sandbox::new().await;
    let drivers = DialectId::ALL.map(|client| drive(&sandbox, &url, client));
    let told: HashMap<_, _> = DialectId::ALL.into_iter().zip(join_all(drivers).await).collect();
    assert!(sandbox.hosts_tried().is_empty());

    let known = known(realms, &upstream, &bill).await;
    let verdict = |cell: Cell| {
        let of_upstream = told[&cell.client].get(cell.upstream.as_str());
        let told = of_upstream.and_then(|trials| trials.get(cell.trial.word()));
        judge(cell, &told.cloned().unwrap_or_default(), &known)
    };
    let verdicts: BTreeMap<Cell, Verdict> = Cell::all().map(|cell| (cell, verdict(cell))).collect();
    let failed: Vec<String> = verdicts.iter().filter_map(failure).collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), verdicts.len(), failed.join("\n"));
    page::expect_current(&page::page(&verdicts));
}

/// Lets the SDK of a dialect try everything on every upstream of another.
async fn drive(sandbox: &Sandbox, url: &str, client: DialectId) -> ToldByDriver {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/cells/drive.mjs");
    let upstreams: Vec<&str> = others(client).into_iter().map(DialectId::as_str).collect();
    let environment = [
        ("BASE_URL", url),
        ("KEY", CLIENT_KEY),
        ("DIALECT", client.as_str()),
        ("UPSTREAMS", &*upstreams.join(",")),
        ("DOT", DOT),
    ];
    let run = sandbox.run("node", &[driver.to_str().unwrap()], &environment).await;
    serde_json::from_value(run.expect_success().json()).unwrap()
}

/// All that is known of the calls besides what the drivers tell, once they are all recorded.
async fn known(realms: Realms, upstream: &FakeUpstream, bill: &Bill) -> Known {
    let mut known = Known::default();
    for request in upstream.requests() {
        assert!(!request.holds(CLIENT_KEY), "the client's key reached the upstream");
        known.requests.insert(request.header(TAG).to_owned(), request);
    }
    for item in bill.items() {
        let tag = item.tag.clone();
        assert!(known.bill.insert(tag, item.clone()).is_none(), "asked twice: {item:?}");
    }
    for (record, trace) in realms.stop_with_traces().await {
        let tag = record.client_request_id.clone().unwrap();
        let again = known.records.insert(tag, (record, trace));
        assert!(again.is_none(), "recorded twice: {again:?}");
    }
    known
}

fn failure((cell, verdict): (&Cell, &Verdict)) -> Option<String> {
    match verdict {
        Verdict::Failed(faults) => Some(format!("{cell}: {}", faults.join("; "))),
        Verdict::Passed(_) | Verdict::Absent => None,
    }
}

/// For each pair channels that speak the upstream's dialect, with models of the same names.
fn manifest(url: &str) -> String {
    let mut text = String::from("version = 1\n[settings]\nretry_max_tries = \"1\"\n");
    let key = upstream_key(0);
    for (client, upstream) in pairs() {
        let (kind, model) = (kind_of(upstream), model_of(upstream));
        for apart in APART {
            let name = format!("{client}-on-{upstream}{apart}");
            write!(
                text,
                r#"[[channel]]
name = "{name}"
kind = "{kind}"
dialects = ["{upstream}"]
base_url = "{url}"
groups = ["default"]
credentials = [{{ name = "k1", key = "{key}" }}]
models = [{{ name = "{name}", upstream = "{model}" }}]
[[model]]
name = "{name}"
{PRICES}"#
            )
            .unwrap();
        }
    }
    text.push_str(&people());
    text
}

fn pairs() -> impl Iterator<Item = (DialectId, DialectId)> {
    DialectId::ALL
        .into_iter()
        .flat_map(|client| others(client).into_iter().map(move |upstream| (client, upstream)))
}

/// A model as its vendor calls it: what it is told depends on that.
const fn model_of(upstream: DialectId) -> &'static str {
    match upstream {
        DialectId::Responses | DialectId::Chat => "gpt-5.2",
        DialectId::Messages => "claude-opus-4-5",
        DialectId::Gemini => "gemini-3-pro",
    }
}
