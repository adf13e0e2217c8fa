//! Private database servers for a run without `make test`: a free port, a temporary folder, an
//! unprivileged user, ended with the last test that uses them.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tempfile::TempDir;

/// A running server.
pub(crate) struct Server {
    url: String,
    process: Child,
    _folder: TempDir,
}

/// A server shared by the tests of this process.
pub(crate) struct Shared(Mutex<Weak<Server>>);

pub(crate) static POSTGRES: Shared = Shared(Mutex::new(Weak::new()));
pub(crate) static MARIADB: Shared = Shared(Mutex::new(Weak::new()));

// === impl Shared ===

impl Shared {
    /// The running server, started if none is.
    pub(crate) fn get(&self, start: fn() -> Server) -> Arc<Server> {
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shared.upgrade().unwrap_or_else(|| {
            let server = Arc::new(start());
            *shared = Arc::downgrade(&server);
            server
        })
    }
}

// === impl Server ===

impl Server {
    /// An address with the rights to make and drop databases, without the name of one.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn postgres() -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        own(folder.path());
        let initdb = program("initdb", "postgresql");
        run(unprivileged(&initdb).arg("-D").arg(&data).args([
            "--username=realms",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        ]));
        let port = free_port();
        let mut command = unprivileged(&program("postgres", "postgresql"));
        command.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in ["fsync=off", "listen_addresses=127.0.0.1", "unix_socket_directories="] {
            command.args(["-c", setting]);
        }
        Self::start(command, folder, port, format!("postgres://realms@127.0.0.1:{port}"))
    }

    pub(crate) fn mariadb() -> Self {
        let folder = TempDir::new().unwrap();
        let data = folder.path().join("data");
        let accounts = folder.path().join("accounts.sql");
        let grant = "CREATE USER realms@'127.0.0.1' IDENTIFIED BY 'realms';\n\
                     GRANT ALL ON *.* TO realms@'127.0.0.1' WITH GRANT OPTION;\n";
        fs::write(&accounts, grant).unwrap();
        own(folder.path());
        let install = program("mariadb-install-db", "mariadb-server");
        let datadir = format!("--datadir={}", data.display());
        // A server that starts removes the temporary tables it finds, those of other servers too.
        let tmpdir = format!("--tmpdir={}", folder.path().display());
        run(unprivileged(&install).args(["--no-defaults", "--skip-test-db", &tmpdir, &datadir]));
        let port = free_port();
        let mut command = unprivileged(&program("mariadbd", "mariadb-server"));
        command.args(["--no-defaults", "--bind-address=127.0.0.1", "--skip-log-bin", &datadir]);
        command.args(["--innodb-flush-log-at-trx-commit=0", "--skip-name-resolve", &tmpdir]);
        command.arg(format!("--port={port}"));
        command.arg(format!("--init-file={}", accounts.display()));
        command.arg(format!("--socket={}", folder.path().join("socket").display()));
        Self::start(command, folder, port, format!("mysql://realms:realms@127.0.0.1:{port}"))
    }

    /// The store waits for a server that is coming up, so only the port is waited for here.
    fn start(mut command: Command, folder: TempDir, port: u16, url: String) -> Self {
        let log = fs::File::create(folder.path().join("log")).unwrap();
        let mut process = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if let Some(status) = process.try_wait().unwrap() {
                let log = fs::read_to_string(folder.path().join("log")).unwrap();
                panic!("the database server ended with {status}:\n{log}");
            }
            std::thread::yield_now();
        }
        Self { url, process, _folder: folder }
    }

    /// Ends the server as a crash would.
    pub(crate) fn kill(&mut self) {
        // SIGQUIT and SIGKILL both leave the data behind as a crash would: it is thrown away.
        let signal = if self.url.starts_with("postgres") { "-QUIT" } else { "-KILL" };
        let _ = Command::new("kill").args([signal, &self.process.id().to_string()]).status();
        let _ = self.process.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A command as `nobody` when this is root, because the servers refuse root.
fn unprivileged(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"]).arg(program);
    command
}

fn own(folder: &Path) {
    if is_root() {
        run(Command::new("chown").args(["-R", "nobody:nogroup"]).arg(folder));
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout == b"0\n"
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {text}");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Looks where Debian hides the programs of the servers, then leaves it to `PATH`.
fn program(name: &str, package: &str) -> PathBuf {
    let hidden = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let folders = hidden.map(|version| version.path().join("bin")).chain(["/usr/sbin".into()]);
    let found = folders.map(|folder| folder.join(name)).find(|path| path.exists());
    let path = found.unwrap_or_else(|| PathBuf::from(name));
    let there = Command::new(&path).arg("--version").output().is_ok();
    assert!(there, "`{name}` is missing: install the package {package}, or run `make test`");
    path
}
