//! Comma-separated values that every spreadsheet opens and none takes for a formula.

/// What comes first, so that spreadsheets read UTF-8.
pub(super) const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Appends one row.
pub(super) fn row<'a>(text: &mut String, cells: impl IntoIterator<Item = &'a str>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            text.push(',');
        }
        push(text, cell);
    }
    text.push_str("\r\n");
}

/// Appends a cell: one that begins as a formula does gets an apostrophe, so that it is read as text.
fn push(text: &mut String, cell: &str) {
    let begins = |letters: &[char]| cell.trim_start_matches(' ').starts_with(letters);
    let formula = begins(&['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let guard = formula && cell.parse::<f64>().is_err();
    let quoted = guard || cell.contains(['"', ',', '\n', '\r', ';', '\t', '\'']);
    if !quoted {
        text.push_str(cell);
        return;
    }
    text.push('"');
    if guard {
        text.push('\'');
    }
    text.push_str(&cell.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(cells: &[&str]) -> String {
        let mut text = String::new();
        row(&mut text, cells.iter().copied());
        text
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(written(&["a", "", "b c"]), "a,,b c\r\n");
        assert_eq!(
            written(&["a,b", "say \"x\"", "two\nlines"]),
            "\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\r\n"
        );
        assert_eq!(written(&["通道", "é"]), "通道,é\r\n");
    }

    #[test]
    fn formulas_become_text_and_numbers_stay_numbers() {
        for formula in [
            "=1+1",
            "+cmd",
            "-cmd",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "  =1",
            "＝1",
            "=cmd|' /C calc'!A0",
        ] {
            let text = written(&[formula]);
            assert!(text.starts_with("\"'"), "{text}");
        }
        assert_eq!(written(&["-0.5", "+1", "-12"]), "-0.5,+1,-12\r\n");
    }
}
