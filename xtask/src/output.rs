//! The one place that writes to the terminal.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

/// Prints one line. A reader that has gone away is no reason to fail.
pub(crate) fn line(text: impl Display) {
    let mut out = io::stdout().lock();
    drop(writeln!(out, "{text}").and_then(|()| out.flush()));
}
