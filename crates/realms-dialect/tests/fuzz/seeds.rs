//! What the inputs of a target begin with: recordings of real clients and vendors.

use std::{
    fs,
    path::{Path, PathBuf},
};

use realms_types::DialectId;

/// The name of a recording, and its bytes.
pub type Seed = (String, Vec<u8>);

/// What a target reads of the recordings in this folder (`fixtures/dialect`), always in the same order.
pub fn of(target: &str, recordings: &Path) -> Vec<Seed> {
    let some = |dialect: &str, what: &str| {
        let files = files(&recordings.join(dialect)).into_iter();
        files.filter(|(name, _)| reads(what, name)).collect::<Vec<Seed>>()
    };
    match target.split_once('-') {
        Some((dialect, what)) => some(dialect, what),
        None if target == "framing" => {
            let of_one = |dialect: DialectId| {
                let streams = some(&dialect.to_string(), "stream").into_iter();
                streams.map(move |(name, bytes)| (format!("{dialect}_{name}"), bytes))
            };
            DialectId::ALL.into_iter().flat_map(of_one).collect()
        }
        None if target == "socket" => {
            some("responses", "request").into_iter().map(as_a_frame).collect()
        }
        None => Vec::new(),
    }
}

fn files(folder: &Path) -> Vec<Seed> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    paths.iter().map(|path| (name(path), fs::read(path).unwrap_or_default())).collect()
}

/// Whether a recording of this name is a request, a stream, or else an answer in one piece.
fn reads(what: &str, name: &str) -> bool {
    let is_request = name.starts_with("request_");
    let is_events = name.rsplit_once('.').is_some_and(|(_, kind)| kind == "sse");
    match what {
        "request" => is_request,
        "stream" => is_events || name.contains("array."),
        _ => !is_request && !is_events,
    }
}

/// The body of a request as a client sends it over a WebSocket.
fn as_a_frame((name, body): Seed) -> Seed {
    let members = body.strip_prefix(b"{").unwrap_or(&body);
    (name, [&br#"{"type":"response.create","#[..], members].concat())
}
