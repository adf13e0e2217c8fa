//! The harness itself, end to end: a short run of two pass-throughs. Its figures mean nothing; that there
//! are figures for every case means that every part started, was called, was counted and has ended.

#![cfg(target_os = "linux")]

use std::{
    io,
    process::{Command, Output},
};

use serde_json::Value;

const BENCH: &str = env!("CARGO_BIN_EXE_realms-bench");
const CASES: [&str; 6] =
    ["idle-1k", "idle-100k", "call-1k", "call-100k", "event-burst", "event-paced"];

fn bench(arguments: &[&str]) -> io::Result<Output> {
    Command::new(BENCH).args(arguments).output()
}

#[test]
fn a_quick_run_counts_every_case_for_both_servers() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("figures.json");
    let run = bench(&[
        "--against=passthrough",
        "--quick",
        "--rounds=1",
        "--json",
        file.to_str().unwrap(),
    ])
    .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));

    let figures: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let rows = figures["rows"].as_array().unwrap();
    let names: Vec<_> = rows.iter().map(|row| row["name"].as_str().unwrap()).collect();
    assert_eq!(names, CASES);
    for row in rows {
        for server in ["baseline", "subject"] {
            let figure = row[server][0].as_f64().unwrap();
            assert!(figure > 0.0 && figure < 1_000_000.0, "{server}: {row}");
        }
    }
    let table = String::from_utf8(run.stdout).unwrap();
    assert!(table.contains("| event, 100 at once |") && table.contains("machine: "), "{table}");
}

#[test]
fn a_server_that_refuses_calls_is_not_measured() {
    let load = bench(&[
        "load",
        "--addr=127.0.0.1:1",
        "--dialect=chat",
        "--script=bench-whole",
        "--bytes=1000",
        "--key=sk_x",
        "--calls=1",
        "--concurrency=1",
    ])
    .unwrap();
    assert!(!load.status.success() && load.stdout.is_empty());
    assert!(String::from_utf8_lossy(&load.stderr).contains("connect"));
}

#[test]
fn realms_that_cannot_be_started_is_named() {
    let run = bench(&["--quick", "--realms=/does/not/exist"]).unwrap();
    assert!(!run.status.success());
    assert!(String::from_utf8_lossy(&run.stderr).contains("/does/not/exist"));
}
