//! Pictures in an answer, as each dialect that can hold one has them.
//!
//! They are parts of Gemini, calls of a built-in tool in Responses, and in Chat a member that several
//! vendors added. Messages has none.

use realms_types::DialectId;

use super::{
    Foreign,
    names::item_id,
    object::{Object, list as elements},
    write::object_text,
};
use crate::tap::raw::Raw;

/// A picture, its data in base64.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Image {
    media: String,
    data: String,
}

/// The pictures in content of another dialect; none where it is something else.
pub(super) fn images_in(foreign: &Foreign) -> Vec<Image> {
    let Ok(raw) = serde_json::from_str::<Raw<'_>>(&foreign.raw) else { return Vec::new() };
    match (foreign.dialect, foreign.kind.as_str()) {
        (DialectId::Gemini, "inlineData") => inline(raw).into_iter().collect(),
        (DialectId::Responses, "image_generation_call") => generated(raw).into_iter().collect(),
        (DialectId::Chat, "images") => elements(raw).into_iter().filter_map(linked).collect(),
        _ => Vec::new(),
    }
}

/// A picture as content of the client's dialect. `None` where that has none.
pub(super) fn image_for(
    client: DialectId,
    image: &Image,
    stem: &str,
    index: u32,
) -> Option<Foreign> {
    let Image { media, data } = image;
    let (kind, raw) = match client {
        DialectId::Messages => return None,
        DialectId::Gemini => {
            let raw = object_text(|json| {
                json.object("inlineData", |json| {
                    json.text("mimeType", media).text("data", data);
                });
            });
            ("inlineData", raw)
        }
        DialectId::Responses => {
            let raw = object_text(|json| {
                json.text("id", &item_id("ig", stem, index))
                    .text("type", "image_generation_call")
                    .text("status", "completed")
                    .text("output_format", media.trim_start_matches("image/"))
                    .text("result", data);
            });
            ("image_generation_call", raw)
        }
        DialectId::Chat => {
            let link = object_text(|json| {
                json.text("type", "image_url").object("image_url", |json| {
                    json.text("url", &format!("data:{media};base64,{data}"));
                });
            });
            ("images", format!("[{link}]"))
        }
    };
    Some(Foreign { dialect: client, kind: kind.to_owned(), raw })
}

fn inline(raw: Raw<'_>) -> Option<Image> {
    let inline = Object::of(raw)?.object("inlineData")?;
    let media = inline.filled("mimeType")?;
    let data = inline.filled("data")?;
    media.starts_with("image/").then(|| Image { media: media.into(), data: data.into() })
}

fn generated(raw: Raw<'_>) -> Option<Image> {
    let call = Object::of(raw)?;
    let format = call.filled("output_format").unwrap_or("png".into());
    Some(Image { media: format!("image/{format}"), data: call.filled("result")?.into() })
}

/// Only what is in the answer itself: an address may need a credential.
fn linked(raw: Raw<'_>) -> Option<Image> {
    let link = Object::of(raw)?.object("image_url")?;
    let url = link.filled("url")?;
    let (media, data) = url.strip_prefix("data:")?.split_once(";base64,")?;
    media.starts_with("image/").then(|| Image { media: media.into(), data: data.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_goes_through_every_dialect_that_has_them() {
        let image = Image { media: "image/webp".into(), data: "UklGRg==".into() };
        for client in [DialectId::Gemini, DialectId::Responses, DialectId::Chat] {
            let foreign = image_for(client, &image, "stem", 3).unwrap();
            assert_eq!(images_in(&foreign).first(), Some(&image), "{client}");
        }
        assert_eq!(image_for(DialectId::Messages, &image, "stem", 3), None);
    }

    #[test]
    fn what_is_no_picture_or_lies_elsewhere_is_none() {
        for (dialect, kind, raw) in [
            (
                DialectId::Gemini,
                "inlineData",
                r#"{"inlineData":{"mimeType":"audio/wav","data":"x"}}"#,
            ),
            (DialectId::Gemini, "executableCode", r#"{"executableCode":{}}"#),
            (DialectId::Responses, "image_generation_call", r#"{"result":null}"#),
            (DialectId::Chat, "images", r#"[{"image_url":{"url":"https://a/b.png"}}]"#),
            (DialectId::Chat, "images", "7"),
        ] {
            let foreign = Foreign { dialect, kind: kind.into(), raw: raw.into() };
            assert_eq!(images_in(&foreign), [], "{raw}");
        }
    }
}
