//! A private Redis.

use super::{
    Home, Kind, Server,
    process::{Manners, Process},
    program,
};

const PACKAGE: &str = "Redis (Debian: redis-server, Homebrew: redis)";

/// It keeps nothing, so it is killed at once.
const MANNERS: Manners =
    Manners { name: "Redis", ready: "eady to accept connections", end: "KILL" };

/// Redis needs no preparation: it starts in an empty folder.
pub(super) const KIND: Kind = Kind { name: "redis", prepare: |_| Ok(()), start };

fn start(home: &Home) -> anyhow::Result<Server> {
    let redis = program::find("redis-server", PACKAGE)?;
    let (port, process) = home.launch(|port| {
        let mut command = home.account.command(&redis, MANNERS.end);
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        command.args(["--save", "", "--appendonly", "no", "--daemonize", "no"]);
        Process::start(home, command, MANNERS)
    })?;
    Ok(Server {
        variable: "REALMS_TEST_REDIS_URL",
        url: format!("redis://127.0.0.1:{port}/"),
        _process: process,
    })
}
