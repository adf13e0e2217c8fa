//! What a process has used, read from outside: CPU time and resident memory from `/proc`.

use std::{collections::BTreeMap, fs, io::ErrorKind, time::Duration};

use anyhow::{Context, Result};

/// The kernel shows user and system time in hundredths of a second, on every architecture.
const TICK: Duration = Duration::from_millis(10);
/// User and system time are each cut off to a whole tick, at both ends of a measurement.
const TICK_ERROR: Duration = Duration::from_millis(40);

/// CPU time of a process up to now, user and system, all threads.
#[derive(Debug, Clone)]
pub(crate) struct Cpu {
    /// Nanoseconds by thread: exact, but a thread takes its count along when it ends.
    threads: BTreeMap<u32, u64>,
    /// Of the whole process, ended threads included: complete, but coarse.
    ticks: Duration,
}

// === impl Cpu ===

impl Cpu {
    /// Reads the counters of a running process.
    pub(crate) fn of(pid: u32) -> Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat"))
            .with_context(|| format!("process {pid} is gone, or this is not Linux"))?;
        let ticks = ticks(&stat).with_context(|| format!("cannot read {stat:?}"))?;
        Ok(Self { threads: threads(pid)?, ticks })
    }

    /// CPU time spent between two readings. The threads' own clocks are taken unless threads have ended
    /// in between and the process's clock shows that something is missing.
    pub(crate) fn since(&self, earlier: &Self) -> Duration {
        let exact = self.threads.iter().map(|(thread, now)| {
            now.saturating_sub(earlier.threads.get(thread).copied().unwrap_or(0))
        });
        let exact = Duration::from_nanos(exact.sum());
        let coarse = self.ticks.saturating_sub(earlier.ticks);
        if coarse > exact + TICK_ERROR { coarse } else { exact }
    }
}

/// Resident memory of a process in bytes.
pub(crate) fn resident(pid: u32) -> Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()).context("no VmRSS")?;
    Ok(kib.parse::<u64>()? * 1024)
}

/// The machine in one line: processor, cores, memory, kernel.
pub(crate) fn machine() -> Result<String> {
    let cpus = fs::read_to_string("/proc/cpuinfo")?;
    let field =
        |line: &str, name| Some(line.strip_prefix(name)?.split_once(':')?.1.trim().to_owned());
    let model = cpus.lines().find_map(|line| field(line, "model name"));
    let cores = cpus.lines().filter(|line| line.starts_with("processor")).count();
    let memory = fs::read_to_string("/proc/meminfo")?;
    let kib = memory.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    Ok(format!(
        "{} × {cores}, {} MiB, Linux {}",
        model.unwrap_or_else(|| "unnamed processor".to_owned()),
        kib.unwrap_or(0) / 1024,
        kernel.trim(),
    ))
}

fn threads(pid: u32) -> Result<BTreeMap<u32, u64>> {
    let mut threads = BTreeMap::new();
    for task in fs::read_dir(format!("/proc/{pid}/task"))? {
        let task = task?;
        let name = task.file_name().to_string_lossy().parse()?;
        match fs::read_to_string(task.path().join("schedstat")) {
            Ok(text) => {
                let nanos = text.split_whitespace().next().context("empty schedstat")?;
                threads.insert(name, nanos.parse()?);
            }
            // The thread ended between the listing and the reading.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(threads)
}

/// Fields 14 and 15 of `/proc/PID/stat`, counted from behind the command's name: it may hold spaces.
fn ticks(stat: &str) -> Option<Duration> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(TICK * (user + system))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cpu(threads: &[(u32, u64)], ticks: u64) -> Cpu {
        Cpu { threads: threads.iter().copied().collect(), ticks: Duration::from_millis(ticks) }
    }

    #[test]
    fn thread_clocks_count_while_no_thread_ends() {
        let before = cpu(&[(1, 1_000_000), (2, 5_000_000)], 0);
        let after = cpu(&[(1, 4_000_000), (2, 6_000_000), (3, 500_000)], 10);
        assert_eq!(after.since(&before), Duration::from_micros(4_500));
    }

    #[test]
    fn the_process_clock_counts_when_a_thread_took_its_time_along() {
        let before = cpu(&[(1, 0), (2, 0)], 0);
        let after = cpu(&[(1, 10_000_000)], 900);
        assert_eq!(after.since(&before), Duration::from_millis(900));
    }

    #[test]
    fn the_name_of_a_process_may_hold_anything() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 2 0 0 0 150 50 0 0 20 0 1 0";
        assert_eq!(ticks(stat), Some(Duration::from_secs(2)));
        assert_eq!(ticks("7 (x) S 1"), None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_process_can_be_read() {
        let pid = std::process::id();
        let before = Cpu::of(pid).unwrap();
        let sum: u64 = (0..3_000_000_u64).map(std::hint::black_box).sum();
        assert!(sum > 0 && Cpu::of(pid).unwrap().since(&before) > Duration::ZERO);
        assert!(resident(pid).unwrap() > 100_000);
        assert!(machine().unwrap().contains("Linux"));
    }
}
