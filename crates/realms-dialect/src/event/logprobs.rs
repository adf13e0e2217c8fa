//! How likely tokens were: OpenAI's lists, and Gemini's pair of lists.

use super::{
    object::Object,
    write::{Json, list, object_text},
};
use crate::tap::raw::Raw;

/// A token of a text, and what else could have stood there.
#[derive(Debug, Clone, PartialEq)]
pub struct Logprob {
    /// The token.
    pub token: String,
    /// The logarithm of its probability.
    pub logprob: f64,
    /// Its bytes, where they are told.
    pub bytes: Option<Vec<u8>>,
    /// The likeliest tokens in its place, without their bytes.
    pub top: Vec<(String, f64)>,
}

// === impl Logprob ===

impl Logprob {
    /// The list of OpenAI, the same in both its dialects.
    pub(super) fn read_openai(entries: &[Raw<'_>]) -> Vec<Self> {
        let entries = entries.iter().filter_map(|raw| Object::of(*raw));
        let read = |entry: Object<'_>| {
            let (token, logprob) = pair(&entry, "logprob")?;
            let bytes = entry.get("bytes").and_then(Raw::parse::<Vec<u8>>);
            let top = entry.objects("top_logprobs");
            let top = top.iter().filter_map(|top| pair(top, "logprob")).collect();
            Some(Self { token, logprob, bytes, top })
        };
        entries.filter_map(read).collect()
    }

    /// `logprobsResult` of Gemini: chosen tokens, and beside each the likeliest ones.
    pub(super) fn read_gemini(result: &Object<'_>) -> Vec<Self> {
        let tops = result.objects("topCandidates");
        let chosen = result.objects("chosenCandidates").into_iter().enumerate();
        let read = |(at, entry): (usize, Object<'_>)| {
            let (token, logprob) = pair(&entry, "logProbability")?;
            let top = tops.get(at).map(|top| top.objects("candidates")).unwrap_or_default();
            let top = top.iter().filter_map(|top| pair(top, "logProbability")).collect();
            Some(Self { token, logprob, bytes: None, top })
        };
        chosen.filter_map(read).collect()
    }

    /// The list of OpenAI.
    pub(super) fn write_openai(entries: &[Self]) -> String {
        let written: Vec<String> = entries.iter().map(Self::openai).collect();
        list(&written)
    }

    fn openai(&self) -> String {
        object_text(|json| {
            json.text("token", &self.token).float("logprob", self.logprob);
            // Without them a token that is half a character could not be told apart.
            let bytes = self.bytes.as_deref().unwrap_or(self.token.as_bytes());
            bytes_member(json, bytes);
            let tops: Vec<String> = self.top.iter().map(top_openai).collect();
            json.raw_compact("top_logprobs", &list(&tops));
        })
    }

    /// `logprobsResult` of Gemini.
    pub(super) fn write_gemini(entries: &[Self]) -> String {
        let candidate = |(token, logprob): &(String, f64)| {
            object_text(|json| {
                json.text("token", token).float("logProbability", *logprob);
            })
        };
        let chosen = |entry: &Self| candidate(&(entry.token.clone(), entry.logprob));
        let tops = |entry: &Self| {
            let tops: Vec<String> = entry.top.iter().map(candidate).collect();
            object_text(|json| {
                json.raw_compact("candidates", &list(&tops));
            })
        };
        let chosen: Vec<String> = entries.iter().map(chosen).collect();
        let tops: Vec<String> = entries.iter().map(tops).collect();
        object_text(|json| {
            json.raw_compact("topCandidates", &list(&tops))
                .raw_compact("chosenCandidates", &list(&chosen));
        })
    }

    /// About how many bytes it takes to hold.
    pub(super) fn size(&self) -> usize {
        self.top.iter().map(|(token, _)| token.len() + 32).sum::<usize>() + self.token.len() + 64
    }
}

fn pair(entry: &Object<'_>, logprob: &str) -> Option<(String, f64)> {
    Some((entry.text("token")?.into_owned(), entry.number(logprob)?))
}

fn top_openai((token, logprob): &(String, f64)) -> String {
    object_text(|json| {
        json.text("token", token).float("logprob", *logprob);
        bytes_member(json, token.as_bytes());
    })
}

fn bytes_member(json: &mut Json<'_>, bytes: &[u8]) {
    let numbers: Vec<String> = bytes.iter().map(u8::to_string).collect();
    json.raw_compact("bytes", &list(&numbers));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_hold_the_same() {
        let json = r#"[{"token":"é","logprob":-0.5,"bytes":[195,169],"top_logprobs":[{"token":"é","logprob":-0.5,"bytes":[195,169]},{"token":"e","logprob":-1.25,"bytes":[101]}]}]"#;
        let raws: Vec<Raw<'_>> = serde_json::from_str(json).unwrap();
        let read = Logprob::read_openai(&raws);
        assert_eq!(Logprob::write_openai(&read), json);
        let gemini = Logprob::write_gemini(&read);
        let back = Logprob::read_gemini(&Object::of_bytes(gemini.as_bytes()).unwrap());
        assert_eq!(Logprob::write_openai(&back), json);
        assert_eq!(back[0].top[1], ("e".to_owned(), -1.25));
    }
}
