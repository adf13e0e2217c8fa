//! The run: starts every part, gives each server the same load in turns, reads their counters.

use std::{
    env, fs,
    io::{self, BufRead, BufReader, Write},
    path::PathBuf,
    process::{Command, Stdio},
    time::Duration,
};

use anyhow::{Context, Result, bail, ensure};
use tokio::time::{Instant, sleep};

use crate::{
    call::Target,
    case::{Case, Idle, LOTS},
    count,
    home::{Home, KEY},
    load::Tally,
    profile::Profile,
    report::{Goal, Report, Row},
    script::{Dialect, Script},
    server::Server,
};

/// Memory and caches of a server have their normal size after so many calls.
const WARM_UP_CALLS: usize = 400;
/// Enough for some thousand samples.
const PROFILED_ROUNDS: usize = 4;
/// How long a server at rest is watched.
const REST: Duration = Duration::from_secs(3);

/// What the pass-through is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Against {
    /// Realms, with everything switched on.
    Realms,
    /// A second pass-through: every ratio should be 1, and what it differs by is the error.
    Passthrough,
}

/// How to measure.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// What to measure beside the pass-through.
    #[arg(long, value_enum, default_value = "realms")]
    against: Against,
    /// The Realms binary; left out, the release binary is built and taken.
    #[arg(long, value_name = "PATH")]
    realms: Option<PathBuf>,
    /// Business mode: money is held for each call, and each is charged with its record.
    #[arg(long)]
    business: bool,
    /// The wire format of all calls.
    #[arg(long, value_enum, default_value = "responses")]
    dialect: Dialect,
    /// Calls at the same time, where a load has no pauses. Calls to a model take seconds, so that a
    /// server with thousands a second has thousands at once; few at once is the harder case.
    #[arg(long, value_name = "N", default_value_t = 16)]
    connections: usize,
    /// How often each server takes its turn.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
    /// Only the cases whose name starts so: call, event, idle, call-1k, …
    #[arg(long, value_name = "NAME", default_value = "")]
    only: String,
    /// Short rounds, under a minute in all: shows that everything works, not what it costs.
    #[arg(long)]
    quick: bool,
    /// Also writes the figures as JSON.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// After each case some more rounds of the server under `perf record`, into this folder.
    #[arg(long, value_name = "FOLDER")]
    profile: Option<PathBuf>,
}

/// The parts of a run that all cases share.
struct Bench<'a> {
    options: &'a Options,
    upstream: Server,
    home: Option<Home>,
}

/// The pass-through and the server beside it, freshly started.
struct Pair {
    baseline: Server,
    subject: Server,
}

/// Measures and prints.
pub(crate) async fn run(options: &Options) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("CPU and memory are counted in /proc: the benchmark needs Linux");
    }
    ensure!(options.rounds > 0, "--rounds must be at least 1");
    let bench = Bench::start(options)?;
    let mut rows = Vec::new();
    for idle in Idle::all(options.quick).iter().filter(|idle| options.wants(idle.name)) {
        rows.push(bench.idle(idle).await?);
    }
    let pair = bench.pair().await?;
    for case in
        Case::all(options.quick, options.connections).iter().filter(|case| options.wants(case.name))
    {
        rows.push(bench.case(case, &pair).await?);
    }
    let report = Report {
        subject: bench.subject()?,
        machine: count::machine()?,
        dialect: options.dialect.as_str(),
        at_rest: at_rest(&pair.subject).await?,
        rows,
    };
    pair.stop().await?;
    if let Some(file) = &options.json {
        fs::write(file, format!("{:#}\n", report.to_json()))?;
    }
    write!(io::stdout(), "{}", report.to_markdown()?)?;
    Ok(())
}

// === impl Options ===

impl Options {
    fn wants(&self, case: &str) -> bool {
        case.starts_with(&self.only)
    }
}

// === impl Bench ===

impl<'a> Bench<'a> {
    fn start(options: &'a Options) -> Result<Self> {
        let upstream = Server::part(&["upstream"])?;
        let home = match options.against {
            Against::Passthrough => None,
            Against::Realms => {
                let mut scripts: Vec<Script> = vec![Script::Hold];
                scripts.extend(
                    Case::all(options.quick, options.connections).iter().map(|case| case.script),
                );
                scripts.dedup();
                let program = options.realms.as_deref();
                Some(Home::prepare(program, upstream.addr(), &scripts, options.business)?)
            }
        };
        Ok(Self { options, upstream, home })
    }

    fn subject(&self) -> Result<String> {
        let Some(home) = &self.home else { return Ok("pass-through".to_owned()) };
        let mode = if self.options.business { " in business mode" } else { "" };
        Ok(home.version()? + mode)
    }

    async fn pair(&self) -> Result<Pair> {
        let upstream = format!("--upstream={}", self.upstream.addr());
        let passthrough = || Server::part(&["passthrough", &upstream]);
        let subject = match &self.home {
            Some(home) => home.serve(self.options.dialect).await?,
            None => passthrough()?,
        };
        let pair = Pair { baseline: passthrough()?, subject };
        for server in [&pair.baseline, &pair.subject] {
            load(&self.target(server, Script::Whole, 1_000), WARM_UP_CALLS, 16)?;
            server.settle().await?;
        }
        Ok(pair)
    }

    fn target(&self, server: &Server, script: Script, bytes: usize) -> Target {
        let dialect = self.options.dialect;
        Target { addr: server.addr(), dialect, script, bytes, key: KEY.to_owned() }
    }

    /// CPU of one case. The servers take turns, so that whatever else the machine does meets both.
    async fn case(&self, case: &Case, pair: &Pair) -> Result<Row> {
        let mut row = Row {
            name: case.name,
            title: case.title,
            goal: Goal::Cpu(if self.options.business { case.business_goal } else { case.goal }),
            baseline: Vec::new(),
            subject: Vec::new(),
            rates: Vec::new(),
        };
        for server in [&pair.baseline, &pair.subject] {
            load(&self.target(server, case.script, case.bytes), case.calls / 4, case.concurrency)?;
            server.settle().await?;
        }
        for round in 1..=self.options.rounds {
            writeln!(io::stderr(), "{}: round {round} of {}", case.name, self.options.rounds)?;
            row.baseline.push(self.round(case, &pair.baseline).await?.0);
            let (cpu, rate) = self.round(case, &pair.subject).await?;
            row.subject.push(cpu);
            row.rates.push(rate);
        }
        if let Some(folder) = &self.options.profile {
            let profile = Profile::start(folder, case.name, pair.subject.pid()).await?;
            for _ in 0..PROFILED_ROUNDS {
                self.round(case, &pair.subject).await?;
            }
            profile.finish()?;
        }
        Ok(row)
    }

    /// Microseconds of CPU for each call or event of one round, and calls per second while it ran.
    async fn round(&self, case: &Case, server: &Server) -> Result<(f64, f64)> {
        let before = server.cpu()?;
        let target = self.target(server, case.script, case.bytes);
        let begun = Instant::now();
        let tally = load(&target, case.calls, case.concurrency)?;
        let rate = units(tally.calls) / begun.elapsed().as_secs_f64();
        server.settle().await?;
        let spent = server.cpu()?.since(&before);
        ensure!(tally.calls == case.calls, "{} of {} calls", tally.calls, case.calls);
        Ok((micros(spent) / units(case.units(tally.calls, tally.events)), rate))
    }

    /// Memory of idle streams, on servers that have held none before.
    async fn idle(&self, idle: &Idle) -> Result<Row> {
        writeln!(io::stderr(), "{}: {LOTS} times {} streams", idle.name, idle.lot)?;
        let pair = self.pair().await?;
        let row = Row {
            name: idle.name,
            title: idle.title,
            goal: Goal::Memory(idle.goal),
            baseline: self.hold(idle, &pair.baseline).await?,
            subject: self.hold(idle, &pair.subject).await?,
            rates: Vec::new(),
        };
        pair.stop().await?;
        Ok(row)
    }

    /// KiB for each stream of each lot.
    async fn hold(&self, idle: &Idle, server: &Server) -> Result<Vec<f64>> {
        let target = self.target(server, Script::Hold, idle.bytes);
        let mut holder = Command::new(env::current_exe()?);
        let lots = [format!("--lot={}", idle.lot), format!("--lots={LOTS}")];
        holder.arg("hold").args(target.arguments()).args(lots);
        let mut holder = holder.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut go_on = holder.stdin.take().context("the input was not captured")?;
        let mut held = BufReader::new(holder.stdout.take().context("no output")?).lines();
        let mut each = Vec::new();
        let mut before = server.resident()?;
        for lot in 1..=LOTS {
            let line = held.next().context("the streams could not be opened")??;
            ensure!(line == (lot * idle.lot).to_string(), "{line} streams in lot {lot}");
            server.settle().await?;
            let now = server.resident()?;
            each.push(kib(now.saturating_sub(before)) / units(idle.lot));
            before = now;
            writeln!(go_on)?;
        }
        ensure!(holder.wait()?.success(), "the streams ended badly");
        Ok(each)
    }
}

// === impl Pair ===

impl Pair {
    async fn stop(self) -> Result<()> {
        self.baseline.stop().await?;
        self.subject.stop().await
    }
}

/// One load in a process of its own.
fn load(target: &Target, calls: usize, concurrency: usize) -> Result<Tally> {
    let output = Command::new(env::current_exe()?)
        .arg("load")
        .args(target.arguments())
        .args([format!("--calls={calls}"), format!("--concurrency={concurrency}")])
        .stderr(Stdio::inherit())
        .output()?;
    ensure!(output.status.success(), "the load of {} failed", target.script);
    Tally::from_json(str::from_utf8(&output.stdout)?.trim())
}

/// Microseconds of CPU per second of a server that nobody calls.
async fn at_rest(server: &Server) -> Result<f64> {
    let before = server.cpu()?;
    sleep(REST).await;
    Ok(micros(server.cpu()?.since(&before)) / REST.as_secs_f64())
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[expect(clippy::cast_precision_loss, reason = "memory of one process, far below 2^52 bytes")]
fn kib(bytes: u64) -> f64 {
    bytes as f64 / 1024.0
}

#[expect(clippy::cast_precision_loss, reason = "calls of one round, far below 2^52")]
fn units(count: usize) -> f64 {
    count as f64
}
