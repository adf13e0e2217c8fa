//! What the commands say: results on standard output, everything else on standard error.

use std::{fmt, io::Write};

/// Two places to write to. Nobody may be reading any more (`realms export | head`), which is no
/// error.
pub(crate) struct Output {
    results: Box<dyn Write + Send>,
    remarks: Box<dyn Write + Send>,
}

// === impl Output ===

impl Output {
    /// Standard output and standard error.
    pub(crate) fn standard() -> Self {
        Self::new(std::io::stdout(), std::io::stderr())
    }

    pub(crate) fn new(
        results: impl Write + Send + 'static,
        remarks: impl Write + Send + 'static,
    ) -> Self {
        Self { results: Box::new(results), remarks: Box::new(remarks) }
    }

    /// Writes a result as it is.
    pub(crate) fn text(&mut self, text: &str) {
        write(&mut self.results, text);
    }

    /// Writes a line of a result.
    pub(crate) fn line(&mut self, line: &str) {
        write(&mut self.results, line);
        write(&mut self.results, "\n");
    }

    /// Writes columns, each as wide as its widest cell; the first row is the heading.
    pub(crate) fn table<const N: usize>(&mut self, heading: [&str; N], rows: &[[String; N]]) {
        let width = |column: usize| {
            let cells = rows.iter().map(|row| row[column].chars().count());
            cells.chain([heading[column].len()]).max().unwrap_or(0)
        };
        let widths: [usize; N] = std::array::from_fn(width);
        self.row(&heading.map(str::to_uppercase), &widths);
        for row in rows {
            self.row(row, &widths);
        }
    }

    fn row<const N: usize>(&mut self, cells: &[String; N], widths: &[usize; N]) {
        let padded: Vec<String> =
            cells.iter().zip(widths).map(|(cell, width)| format!("{cell:width$}")).collect();
        self.line(padded.join("  ").trim_end());
    }

    /// Says something that is not part of the result.
    pub(crate) fn remark(&mut self, text: &str) {
        write(&mut self.remarks, text);
        write(&mut self.remarks, "\n");
    }

    /// Says why the command failed.
    pub(crate) fn error(&mut self, message: &str) {
        self.remark(&format!("error: {message}"));
    }
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Output")
    }
}

fn write(to: &mut impl Write, text: &str) {
    // A reader that left is the only way this fails on a terminal or in a pipe.
    let _ = to.write_all(text.as_bytes()).and_then(|()| to.flush());
}
