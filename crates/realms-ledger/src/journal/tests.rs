//! Lines and files: what stays, what goes, what a crash leaves.

use std::collections::BTreeSet;

use realms_store::CallNote;
use realms_types::{Chance, DialectId, SystemClock, Timestamp, UserId};
use tempfile::TempDir;

use super::*;
use crate::NotedCall;

/// Sixteen of them fill a segment.
const LARGE: usize = 64 << 10;

fn ids() -> Ids {
    Ids::new(Arc::new(SystemClock), Chance::from_entropy())
}

fn open(folder: &Path, node: i64) -> Journal {
    Journal::open(folder, NodeId::new(node), &ids()).unwrap()
}

fn call() -> NotedCall {
    NotedCall {
        request_id: ids().next_request(),
        user_id: UserId::new(1),
        started_at: Timestamp::from_secs(1_795_000_000),
        billing: None,
        call: CallNote {
            api_key_id: 7.into(),
            dialect: DialectId::Messages,
            operation: "messages".to_owned(),
            model: "m\n\"quoted\"".to_owned(),
            model_id: Some(3.into()),
            stream: true,
            client_request_id: Some("mine".to_owned()),
        },
    }
}

fn names(folder: &TempDir) -> BTreeSet<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

fn segments(folder: &TempDir) -> usize {
    names(folder).iter().filter(|name| name.contains(".jsonl")).count()
}

fn sweep(notes: &Notes) {
    for path in notes.take_finished() {
        fs::remove_file(path).unwrap();
    }
}

#[tokio::test]
async fn what_was_noted_is_read_once_the_process_is_gone() {
    let folder = tempfile::tempdir().unwrap();
    let calls = [call(), call()];
    let first = open(folder.path(), 1);
    for call in &calls {
        first.notes.note(call).unwrap();
    }
    // It lives: nobody takes what is its own.
    assert!(open(folder.path(), 2).leftovers.is_empty());
    drop(first);
    let mut third = open(folder.path(), 3);
    let of_first = third.leftovers.iter().position(|one| one.lost(call()).node_id.raw() == 1);
    let leftover = third.leftovers.remove(of_first.unwrap());
    let left = leftover.segments().await.unwrap();
    assert_eq!(left, [segment_path(folder.path(), NodeId::new(1), 1)]);
    assert_eq!(Leftover::read(&left[0]).await.unwrap(), calls);
    // Nor does anybody take what another is about to record.
    assert!(open(folder.path(), 4).leftovers.is_empty());
    Leftover::remove(&left[0]).await.unwrap();
    leftover.end().await.unwrap();
    assert!(!names(&folder).iter().any(|name| name.starts_with(&NodeId::new(1).to_string())));
}

#[tokio::test]
async fn a_line_that_was_cut_off_is_left_out_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("segment");
    let calls = [call(), call(), call()];
    let lines = calls.clone().map(|call| serde_json::to_string(&call).unwrap());
    assert!(lines.iter().all(|line| line.len() < 400), "{lines:?}");
    let text = format!("{}\nno call\n\n{}\n{}", lines[0], lines[1], lines[2]);
    // Even a last line that could be read was not written whole.
    fs::write(&path, &text).unwrap();
    assert_eq!(Leftover::read(&path).await.unwrap(), calls[..2]);
    for text in ["", "\n", "{\"request_id\":\"01"] {
        fs::write(&path, text).unwrap();
        assert!(Leftover::read(&path).await.unwrap().is_empty(), "{text}");
    }
}

#[test]
fn a_segment_goes_when_the_last_of_its_calls_ends() {
    let folder = tempfile::tempdir().unwrap();
    let notes = open(folder.path(), 1).notes;
    let line = vec![b'x'; LARGE];
    let tickets: Vec<Ticket> = (0..40).map(|_| notes.append(&line).unwrap()).collect();
    assert_eq!(segments(&folder), 3);
    // All of the second, and all but one of the first.
    notes.done(tickets[1..32].iter().copied());
    sweep(&notes);
    assert_eq!(segments(&folder), 2);
    notes.done([tickets[0]]);
    sweep(&notes);
    assert_eq!(segments(&folder), 1);
    // The one that takes lines stays, and is emptied when it is quiet.
    assert!(!notes.is_untidy());
    notes.done(tickets[32..].iter().copied());
    sweep(&notes);
    let last = segment_path(folder.path(), NodeId::new(1), 3);
    assert_eq!(fs::metadata(&last).unwrap().len(), 8 * LARGE as u64);
    assert!(notes.is_untidy());
    notes.tidy();
    assert_eq!(fs::metadata(&last).unwrap().len(), 0);
    assert!(!notes.is_untidy());
    notes.append(&line).unwrap();
    assert_eq!(segments(&folder), 1);
}

#[test]
fn the_end_of_the_process_leaves_only_what_has_no_record() {
    let folder = tempfile::tempdir().unwrap();
    let notes = open(folder.path(), 1).notes;
    let ticket = notes.note(&call()).unwrap();
    notes.done([ticket]);
    notes.close();
    assert!(names(&folder).is_empty(), "{:?}", names(&folder));
    assert_eq!(notes.note(&call()), None, "it is over");

    let notes = open(folder.path(), 2).notes;
    notes.note(&call()).unwrap();
    notes.close();
    assert_eq!(names(&folder).len(), 2, "{:?}", names(&folder));
}

#[test]
fn a_disk_that_takes_nothing_stops_no_call() {
    let folder = tempfile::tempdir().unwrap();
    let calls = folder.path().join("calls");
    fs::write(&calls, b"no folder").unwrap();
    let error = Journal::open(&calls, NodeId::new(1), &ids()).unwrap_err();
    assert!(error.to_string().contains("calls"), "{error}");

    fs::remove_file(&calls).unwrap();
    let notes = open(&calls, 1).notes;
    fs::remove_dir_all(&calls).unwrap();
    assert_eq!(notes.note(&call()), None);
    assert_eq!(notes.note(&call()), None);
    // It is back.
    fs::create_dir(&calls).unwrap();
    let ticket = notes.note(&call()).unwrap();
    notes.done([ticket]);
}
