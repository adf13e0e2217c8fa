//! `realms serve`: starts, says where, and stops when told to.

use std::io::Write;

use anyhow::Result;
use tokio::signal;

use crate::{App, AppOptions, config::Config, log};

/// Runs the server until SIGTERM or Ctrl-C, then drains. A second signal ends it at once.
pub async fn serve(config: Config) -> Result<()> {
    log::start(&config);
    let self_mode = config.self_mode_enable;
    let public = !config.addr.ip().is_loopback();
    let app = App::start(AppOptions::new(config)).await?;
    announce(&app, self_mode);
    if public {
        tracing::warn!("listening beyond this machine: put TLS in front of it");
    }
    stop_signal().await?;
    tokio::select! {
        stopped = app.stop() => stopped,
        signal = stop_signal() => {
            signal?;
            anyhow::bail!("stopped at once by a second signal")
        }
    }
}

/// Says on standard output where to go; everything else is in the log.
fn announce(app: &App, self_mode: bool) {
    // Nobody may be reading; the server runs all the same.
    let _ = write_greeting(&mut std::io::stdout().lock(), app, self_mode);
}

fn write_greeting(out: &mut impl Write, app: &App, self_mode: bool) -> std::io::Result<()> {
    writeln!(out, "Realms listens on http://{}", app.address())?;
    if let Some(code) = app.setup_code() {
        writeln!(out, "Set-up code for the first root user (good once): {code}")?;
    }
    if !self_mode {
        writeln!(out, "Business mode: calls are charged to the balances of their users.")?;
    }
    out.flush()
}

#[cfg(unix)]
async fn stop_signal() -> Result<()> {
    let mut terminate = signal::unix::signal(signal::unix::SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => {}
        interrupted = signal::ctrl_c() => interrupted?,
    }
    Ok(())
}

#[cfg(not(unix))]
async fn stop_signal() -> Result<()> {
    Ok(signal::ctrl_c().await?)
}
