//! A private PostgreSQL.

use std::path::PathBuf;

use super::{
    Home, Kind, Server,
    process::{self, Manners, Process},
    program,
};

const PACKAGE: &str = "PostgreSQL (Debian: postgresql, Homebrew: postgresql@17)";

/// SIGQUIT is PostgreSQL's immediate shutdown: it frees its shared memory, and nothing is kept.
const MANNERS: Manners = Manners {
    name: "PostgreSQL",
    ready: "database system is ready to accept connections",
    end: "QUIT",
};

/// Durability costs time and buys nothing in a folder that is thrown away.
const SETTINGS: &[&str] = &[
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=64MB",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
];

pub(super) const KIND: Kind = Kind { name: "postgres", prepare, start };

fn prepare(home: &Home) -> anyhow::Result<()> {
    let mut initdb = home.account.command(program::find("initdb", PACKAGE)?, MANNERS.end);
    initdb.arg("-D").arg(data(home));
    initdb.args(["--username=realms", "--auth=trust", "--encoding=UTF8", "--no-locale"]);
    initdb.arg("--no-sync");
    process::prepare(home, initdb)
}

fn start(home: &Home) -> anyhow::Result<Server> {
    let postgres = program::find("postgres", PACKAGE)?;
    let (port, process) = home.launch(|port| {
        let mut command = home.account.command(&postgres, MANNERS.end);
        command.arg("-D").arg(data(home)).args(["-p", &port.to_string()]);
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        Process::start(home, command, MANNERS)
    })?;
    Ok(Server {
        variable: "REALMS_TEST_POSTGRES_URL",
        url: format!("postgres://realms@127.0.0.1:{port}/postgres"),
        _process: process,
    })
}

fn data(home: &Home) -> PathBuf {
    home.folder.join("data")
}
