//! A private MariaDB.

use std::{fs, path::PathBuf};

use anyhow::Context as _;

use super::{
    Home, Kind, Server,
    process::{self, Manners, Process},
    program,
};

const PACKAGE: &str = "MariaDB (Debian: mariadb-server-core, Homebrew: mariadb)";

/// Its data is thrown away, so it is killed at once.
const MANNERS: Manners = Manners { name: "MariaDB", ready: "ready for connections", end: "KILL" };

/// Durability costs time and buys nothing in a folder that is thrown away.
const SETTINGS: &[&str] = &[
    "--bind-address=127.0.0.1",
    "--skip-name-resolve",
    "--skip-log-bin",
    "--performance-schema=OFF",
    "--max-connections=300",
    "--innodb-buffer-pool-size=64M",
    "--innodb-log-file-size=16M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    "--innodb-flush-method=nosync",
];

/// The installer's own accounts are bound to socket owners; the tests come by TCP.
const ACCOUNT: &str = "CREATE OR REPLACE USER realms@'127.0.0.1' IDENTIFIED BY 'realms';\n\
                       GRANT ALL ON *.* TO realms@'127.0.0.1' WITH GRANT OPTION;\n";

pub(super) const KIND: Kind = Kind { name: "mariadb", prepare, start };

fn prepare(home: &Home) -> anyhow::Result<()> {
    fs::write(accounts(home), ACCOUNT).context("cannot write the accounts of MariaDB")?;
    let mut install =
        home.account.command(program::find("mariadb-install-db", PACKAGE)?, MANNERS.end);
    install.args(["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal"]);
    install.arg(format!("--datadir={}", data(home).display())).arg(tmpdir(home));
    process::prepare(home, install)
}

fn start(home: &Home) -> anyhow::Result<Server> {
    let mariadbd = program::find("mariadbd", PACKAGE)?;
    let (port, process) = home.launch(|port| {
        let mut command = home.account.command(&mariadbd, MANNERS.end);
        command.arg("--no-defaults").args(SETTINGS).arg(format!("--port={port}"));
        command.arg(format!("--datadir={}", data(home).display())).arg(tmpdir(home));
        command.arg(format!("--init-file={}", accounts(home).display()));
        command.arg(format!("--socket={}", home.folder.join("socket").display()));
        command.arg(format!("--pid-file={}", home.folder.join("pid").display()));
        Process::start(home, command, MANNERS)
    })?;
    Ok(Server {
        variable: "REALMS_TEST_MYSQL_URL",
        url: format!("mysql://realms:realms@127.0.0.1:{port}/mysql"),
        _process: process,
    })
}

/// A server that starts removes the temporary tables it finds, those of other servers too.
fn tmpdir(home: &Home) -> String {
    format!("--tmpdir={}", home.folder.display())
}

fn data(home: &Home) -> PathBuf {
    home.folder.join("data")
}

fn accounts(home: &Home) -> PathBuf {
    home.folder.join("accounts.sql")
}
