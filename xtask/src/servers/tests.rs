use std::{net::TcpStream, os::unix::process::CommandExt as _, process::Command};

use super::{process::Manners, *};

/// A home in a folder of its own, as the current user.
fn home(folder: &Path) -> Home {
    Home { folder: folder.to_owned(), account: Account::Own, stop: Stop::on_signals().unwrap() }
}

fn script(text: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", text]).process_group(0);
    command
}

const MANNERS: Manners = Manners { name: "the script", ready: "up now", end: "TERM" };

#[test]
fn a_server_is_ready_when_it_says_so_and_gone_when_dropped() {
    let folder = tempfile::tempdir().unwrap();
    let text = "trap 'touch ended; exit' TERM; echo up now; while :; do sleep 0.05; done";
    drop(Process::start(&home(folder.path()), script(text), MANNERS).unwrap());
    assert!(folder.path().join("ended").exists());
}

#[test]
fn a_server_that_ends_at_its_start_shows_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let start = Process::start(&home(folder.path()), script("echo no memory >&2; exit 1"), MANNERS);
    let error = start.err().unwrap().to_string();
    assert_eq!(error, "the script ended at its start:\nno memory");
}

#[test]
fn a_free_port_is_free() {
    let port = free_port().unwrap();
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}
