//! Files: who can read which, and from where.

use realms_types::DialectId;

use crate::{
    Losses,
    prompt::{Document, Family, Media, Prompt, Source, Target, Untranslatable},
};

/// Refuses a file that only another vendor has.
pub(in crate::prompt) fn refuse_stored(
    media: &Media,
    path: &str,
    prompt: &Prompt,
    target: &Target<'_>,
) -> Result<(), Untranslatable> {
    let Source::Stored(_) = media.source else { return Ok(()) };
    let openai = |dialect| matches!(dialect, DialectId::Chat | DialectId::Responses);
    let shared = prompt.origin == target.dialect
        || (openai(prompt.origin) && openai(target.dialect) && target.family == Family::Openai);
    if shared {
        return Ok(());
    }
    Err(target.cannot("a file that its vendor keeps under an id", path))
}

/// Names what is said about a file and has no place there.
pub(in crate::prompt) fn lose_detail(media: &Media, losses: &mut Losses) {
    if let Some(detail) = &media.detail {
        losses.dropped(detail.path.clone(), "how closely to look cannot be said");
    }
}

/// A text file as plain text, for who reads no files of text.
pub(in crate::prompt) fn as_text(
    document: &Document,
    path: &str,
    losses: &mut Losses,
) -> Option<String> {
    let Source::Text(text) = &document.media.source else { return None };
    lose_mime(&document.media, "text/plain", path, losses);
    losses.emulated(path.to_owned(), "a file of text is text there");
    let mut head = String::new();
    for said in [&document.title, &document.context].into_iter().flatten() {
        head.push_str(&said.value);
        head.push('\n');
    }
    if head.is_empty() { Some(text.clone()) } else { Some(format!("{head}\n{text}")) }
}

/// Names the type of a file that is only sent as an address or as text, where it is another than the one expected.
pub(in crate::prompt) fn lose_mime(media: &Media, expected: &str, path: &str, losses: &mut Losses) {
    let is_sent = matches!(media.source, Source::Data(_));
    if !is_sent && media.mime.as_ref().is_some_and(|mime| !mime.starts_with(expected)) {
        losses.dropped(path.to_owned(), "the type of this file cannot be said");
    }
}

/// Names what a client says about a document where there is no place for it.
pub(in crate::prompt) fn lose_context(document: &Document, losses: &mut Losses) {
    if let Some(context) = &document.context {
        losses.dropped(context.path.clone(), "nothing can be said about a file");
    }
}

/// The media type of a file by the end of its address.
pub(in crate::prompt) fn mime_of(url: &str) -> Option<&'static str> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let (_, end) = path.rsplit_once('.')?;
    Some(match end.to_ascii_lowercase().as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "pdf" => "application/pdf",
        "txt" => "text/plain",
        "mp3" => "audio/mp3",
        "wav" => "audio/wav",
        "mp4" => "video/mp4",
        _ => return None,
    })
}

/// The format of a sound, in OpenAI's words; it takes only these two.
pub(in crate::prompt) fn audio_format(media: &Media) -> Option<&'static str> {
    match media.mime.as_deref()? {
        "audio/wav" | "audio/x-wav" | "audio/wave" => Some("wav"),
        "audio/mp3" | "audio/mpeg" => Some("mp3"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_file_goes_only_to_who_stores_it() {
        let media = Media::of(Source::Stored("file-1".to_owned()), None);
        for (origin, dialect, family, good) in [
            (DialectId::Chat, DialectId::Responses, Family::Openai, true),
            (DialectId::Responses, DialectId::Chat, Family::Openai, true),
            (DialectId::Responses, DialectId::Chat, Family::Other, false),
            (DialectId::Messages, DialectId::Messages, Family::Anthropic, true),
            (DialectId::Messages, DialectId::Gemini, Family::Google, false),
        ] {
            let prompt = Prompt::empty(origin);
            let target = Target { dialect, model: "m", family, max_output: None, at_home: true };
            assert_eq!(refuse_stored(&media, "p", &prompt, &target).is_ok(), good);
        }
    }

    #[test]
    fn media_types_are_read_from_addresses() {
        for (url, mime) in [
            ("https://a.example/x.PNG?w=1", Some("image/png")),
            ("https://a.example/x.jpeg#a", Some("image/jpeg")),
            ("https://a.example/x", None),
            ("https://a.example/x.exe", None),
        ] {
            assert_eq!(mime_of(url), mime, "{url}");
        }
    }
}
