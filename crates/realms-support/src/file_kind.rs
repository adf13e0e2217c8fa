//! What a file is: by what is in it, held against what its name says. Pure.

use crate::FileMistake;

/// The largest file, in bytes.
pub const LARGEST: usize = 10 << 20;

/// The longest name, in letters.
const LONGEST_NAME: usize = 150;

/// Pictures and documents by how they begin; the endings that say so.
const BEGINNINGS: &[(&[&str], &str, &[u8])] = &[
    (&["png"], "image/png", b"\x89PNG\r\n\x1a\n"),
    (&["jpg", "jpeg"], "image/jpeg", b"\xff\xd8\xff"),
    (&["gif"], "image/gif", b"GIF8"),
    (&["pdf"], "application/pdf", b"%PDF-"),
];

/// Endings of what is text. It is always given out as plain text, whatever it is.
const TEXTS: &[&str] = &["txt", "log", "md", "csv", "json", "toml", "yaml", "yml"];

/// The media type of a file that is taken.
pub fn file_kind(name: &str, bytes: &[u8]) -> Result<&'static str, FileMistake> {
    let ending = ending(name).ok_or(FileMistake::Name)?;
    if bytes.is_empty() {
        return Err(FileMistake::Empty);
    }
    if bytes.len() > LARGEST {
        return Err(FileMistake::Large);
    }
    let known = BEGINNINGS.iter().find(|(endings, ..)| endings.contains(&ending.as_str()));
    if let Some((_, kind, beginning)) = known {
        return if bytes.starts_with(beginning) { Ok(kind) } else { Err(FileMistake::Content) };
    }
    if ending == "webp" {
        let is_webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
        return if is_webp { Ok("image/webp") } else { Err(FileMistake::Content) };
    }
    if TEXTS.contains(&ending.as_str()) {
        let is_text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
        return if is_text { Ok("text/plain; charset=utf-8") } else { Err(FileMistake::Content) };
    }
    Err(FileMistake::Kind)
}

/// The ending of a name, in lower case; `None`: it is no name of a file.
fn ending(name: &str) -> Option<String> {
    let is_sound = name.trim() == name
        && name.chars().count() <= LONGEST_NAME
        && !name.chars().any(|letter| letter.is_control() || matches!(letter, '/' | '\\'));
    let (stem, ending) = name.rsplit_once('.')?;
    (is_sound && !stem.trim_matches('.').is_empty()).then(|| ending.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_it_decides_and_must_be_what_the_ending_says() {
        let png = b"\x89PNG\r\n\x1a\n....".as_slice();
        let webp = b"RIFF\x10\0\0\0WEBPVP8 ".as_slice();
        for (name, bytes, kind) in [
            ("a.png", png, Ok("image/png")),
            ("A.PNG", png, Ok("image/png")),
            ("a.jpeg", b"\xff\xd8\xff\xe0", Ok("image/jpeg")),
            ("a.gif", b"GIF89a", Ok("image/gif")),
            ("a.webp", webp, Ok("image/webp")),
            ("a.pdf", b"%PDF-1.7", Ok("application/pdf")),
            ("trace.log", "调用失败".as_bytes(), Ok("text/plain; charset=utf-8")),
            ("a.jpg", png, Err(FileMistake::Content)),
            ("a.png", b"<svg onload=alert(1)>", Err(FileMistake::Content)),
            ("a.webp", b"RIFF", Err(FileMistake::Content)),
            ("a.txt", b"\xff\xfe", Err(FileMistake::Content)),
            ("a.txt", b"a\0b", Err(FileMistake::Content)),
            ("a.svg", b"<svg/>", Err(FileMistake::Kind)),
            ("a.html", b"<p>", Err(FileMistake::Kind)),
            ("a.exe", b"MZ", Err(FileMistake::Kind)),
            ("a.png", b"", Err(FileMistake::Empty)),
        ] {
            assert_eq!(file_kind(name, bytes), kind, "{name}");
        }
        let large = vec![b'a'; LARGEST + 1];
        assert_eq!(file_kind("a.txt", &large), Err(FileMistake::Large));
        assert!(file_kind("a.txt", &large[1..]).is_ok());
    }

    #[test]
    fn a_name_is_no_path() {
        let long = format!("{}.txt", "a".repeat(147));
        for name in [
            "", "a", ".", "..", ".txt", "...txt", "../a.txt", "a/b.txt", "a\\b.txt", "a\n.txt",
            " a.txt", &long,
        ] {
            assert_eq!(file_kind(name, b"a"), Err(FileMistake::Name), "{name:?}");
        }
        assert!(file_kind("报告 1.final.txt", b"a").is_ok());
        assert!(file_kind(&long[1..], b"a").is_ok());
    }
}
