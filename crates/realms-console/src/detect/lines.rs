//! Lines with a name and a value: env blocks of every shell, TOML, YAML, ini.

use super::clues::Clues;

/// Words before a name: of shells, of Docker.
const LEADS: [&str; 10] =
    ["export ", "set -gx ", "set -Ux ", "setx ", "set ", "ENV ", "$env:", "- ", "const ", "let "];

/// Adds every line that has a name and a value.
pub(super) fn read(text: &str, clues: &mut Clues) {
    for line in text.lines() {
        if let Some((name, value)) = pair(line) {
            clues.pair(name, value);
        }
    }
}

/// The name and the value of a line, without their quotes.
fn pair(line: &str) -> Option<(&str, &str)> {
    let mut line = line.trim();
    if line.starts_with(['#', '/', '[', '{', ';']) {
        return None;
    }
    let mut spaced = false;
    while let Some(lead) = LEADS.iter().find(|lead| starts_with_ignoring_case(line, lead)) {
        spaced |= matches!(*lead, "set -gx " | "set -Ux " | "setx " | "ENV ");
        line = line[lead.len()..].trim_start();
        // `set "NAME=value"` of cmd.exe.
        line = line.strip_prefix('"').unwrap_or(line);
    }
    let marks: &[char] = if spaced { &['=', ' '] } else { &['=', ':', '\u{ff1a}'] };
    let (name, value) = line.split_once(marks)?;
    let name = name.trim().trim_matches(['"', '\'', '`']);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ');
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        return None;
    }
    // `vendor.options.apiKey` ends in its name.
    let name = name.rsplit('.').next().unwrap_or(name);
    Some((name, bare(value)))
}

fn starts_with_ignoring_case(line: &str, lead: &str) -> bool {
    line.get(..lead.len()).is_some_and(|start| start.eq_ignore_ascii_case(lead))
}

/// A value without its quotes, or up to its comment.
fn bare(value: &str) -> &str {
    let value = value.trim().trim_end_matches([',', ';']).trim_end();
    for quote in ['"', '\'', '`'] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or(rest);
        }
    }
    let value = value.split(" #").next().unwrap_or(value);
    value.trim_end().trim_end_matches('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_is_read() {
        for line in [
            "A_KEY=v1",
            "export A_KEY=v1",
            "export A_KEY=\"v1\"",
            "  A_KEY = 'v1'  # comment",
            "set A_KEY=v1",
            "set \"A_KEY=v1\"",
            "setx A_KEY \"v1\"",
            "set -gx A_KEY v1",
            "$env:A_KEY = \"v1\"",
            "$Env:A_KEY=\"v1\";",
            "ENV A_KEY v1",
            "- A_KEY=v1",
            "A_KEY: v1",
            "\"A_KEY\": \"v1\",",
        ] {
            assert_eq!(pair(line), Some(("A_KEY", "v1")), "{line}");
        }
        for line in ["# A_KEY=v1", "[A_KEY=v1]", "just words", "https://a.example/v1"] {
            assert!(pair(line).is_none_or(|(name, _)| name != "A_KEY"), "{line}");
        }
    }
}
