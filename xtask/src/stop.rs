//! Whether somebody asked this program to stop.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};

/// How often a waiting loop looks whether it should end.
pub(crate) const GLANCE: Duration = Duration::from_millis(100);

/// Raised by SIGINT, SIGTERM and SIGHUP, so that guards still run and nothing is left behind.
#[derive(Debug, Clone)]
pub(crate) struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Listens to the signals that end a program.
    pub(crate) fn on_signals() -> io::Result<Self> {
        let flag = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&flag))?;
        }
        Ok(Self(flag))
    }

    /// Whether a signal has arrived.
    pub(crate) fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Blocks until a signal arrives.
    pub(crate) fn wait(&self) {
        while !self.asked() {
            thread::park_timeout(GLANCE);
        }
    }
}
