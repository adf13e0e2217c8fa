//! The models a vendor says it has, whatever the shape of its list.

use std::{collections::HashSet, sync::Arc};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, HeaderValue, Method, header};
use realms_dialect::{looks_like_html, read_fault};
use realms_types::{ChannelKind, DialectId, Proxy, Secret, Timestamp};
use realms_upstream::{Outgoing, Reply, Upstream, UpstreamPath, classify, encode_segment};
use serde::Deserialize;
use tokio::time::{Duration, Instant, timeout_at};
use url::Url;

use crate::{
    opening::next,
    probe::{Failure, Mask, of_error, of_send},
};

/// For all pages together.
const DEADLINE: Duration = Duration::from_secs(15);
/// For all pages together, in bytes.
const MOST_BYTES: usize = 4 << 20;
/// More models than any vendor has.
const MOST_MODELS: usize = 5_000;
/// More pages than any list needs.
const MOST_PAGES: usize = 20;
/// Longer names are none.
const LONGEST: usize = 255;

/// A model as its vendor lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VendorModel {
    /// What the vendor calls it.
    pub id: String,
    /// Whose it is, where the vendor says so.
    pub owner: Option<String>,
}

/// One page of a list, of any vendor.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Listed {
    data: Vec<Entry>,
    models: Vec<Entry>,
    has_more: bool,
    last_id: Option<String>,
    #[serde(rename = "nextPageToken")]
    next_page_token: Option<String>,
}

/// A list, with or without something around it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Page {
    Bare(Vec<Entry>),
    Listed(Listed),
}

/// One model. Whatever is missing or of another type says nothing.
#[derive(Deserialize)]
#[serde(untagged)]
enum Entry {
    Name(String),
    Full {
        #[serde(default)]
        id: Option<String>,
        #[serde(default)]
        slug: Option<String>,
        #[serde(default)]
        name: Option<String>,
        #[serde(default)]
        owned_by: Option<String>,
    },
    Other(serde::de::IgnoredAny),
}

/// Where the models of a vendor are asked for.
#[derive(Debug, Clone)]
pub struct Vendor {
    /// The kind of the channel.
    pub kind: ChannelKind,
    /// Its base URL.
    pub base: Url,
    /// The key.
    pub credential: Secret<String>,
    /// What the requests go through.
    pub proxy: Option<Arc<Proxy>>,
    /// The account that the key is a token of, as the vendor calls it.
    pub account: Option<String>,
}

/// Asks a vendor for its models, all pages of them, each model once and in the vendor's order.
pub async fn vendor_models(
    upstream: &Upstream,
    vendor: &Vendor,
    now: Timestamp,
) -> Result<Vec<VendorModel>, Failure> {
    let mask = Mask::new(&vendor.credential);
    let listed = vendor.list(upstream, now).await;
    listed.map_err(|failure| Failure { detail: mask.hide(&failure.detail), ..failure })
}

// === impl Vendor ===

impl Vendor {
    async fn list(&self, upstream: &Upstream, now: Timestamp) -> Result<Vec<VendorModel>, Failure> {
        let deadline = Instant::now() + DEADLINE;
        let (mut models, mut seen) = (Vec::new(), HashSet::new());
        let (mut room, mut query) = (MOST_BYTES, self.first_page());
        for _ in 0..MOST_PAGES {
            let sent = timeout_at(deadline, upstream.send(self.request(query.take()))).await;
            let reply = sent.map_err(|_| Failure::timeout("no list of models came"))?;
            let reply = reply.map_err(|error| of_send(&error, &self.base))?;
            let body = self.read(reply, &mut room, deadline, now).await?;
            let page = parse(&body)?;
            for model in page.models() {
                if models.len() < MOST_MODELS && seen.insert(model.id.clone()) {
                    models.push(model);
                }
            }
            query = page.next_page();
            if query.is_none() || models.len() >= MOST_MODELS {
                break;
            }
        }
        Ok(models)
    }

    /// As large as the vendor allows.
    fn first_page(&self) -> Option<String> {
        match self.kind {
            ChannelKind::Anthropic => Some("limit=1000".to_owned()),
            ChannelKind::Gemini => Some("pageSize=1000".to_owned()),
            // Its backend lists nothing to a client that does not say how old it is.
            ChannelKind::Codex => Some("client_version=0.169.0".to_owned()),
            ChannelKind::Openai | ChannelKind::Azure => None,
        }
    }

    fn request(&self, query: Option<String>) -> Outgoing {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("realms-model-list"));
        Outgoing {
            method: Method::GET,
            kind: self.kind,
            dialect: None,
            base: self.base.clone(),
            path: UpstreamPath::new("/models"),
            query,
            changes: Vec::new(),
            headers,
            body: Vec::new(),
            credential: self.credential.clone(),
            proxy: self.proxy.clone(),
            account: self.account.clone(),
            stream: true,
        }
    }

    async fn read(
        &self,
        reply: Reply,
        room: &mut usize,
        deadline: Instant,
        now: Timestamp,
    ) -> Result<Bytes, Failure> {
        let Reply { status, headers, mut body } = reply;
        let mut whole = BytesMut::new();
        loop {
            match next(&mut body, deadline).await {
                Ok(Some(chunk)) if chunk.len() > *room => {
                    return Err(Failure::not_an_api("the list of models has more than 4 MiB"));
                }
                Ok(Some(chunk)) => {
                    *room -= chunk.len();
                    whole.extend_from_slice(&chunk);
                }
                Ok(None) => break,
                Err(_) => return Err(Failure::timeout("the list of models did not come whole")),
            }
        }
        if status.is_success() {
            return Ok(whole.freeze());
        }
        let fault = read_fault(self.own_dialect(), status.as_u16(), &whole);
        let verdict = classify(status, &headers, &fault, now);
        Err(of_error(verdict, &fault))
    }

    fn own_dialect(&self) -> DialectId {
        match self.kind {
            ChannelKind::Openai | ChannelKind::Codex | ChannelKind::Azure => DialectId::COPIED,
            ChannelKind::Anthropic | ChannelKind::Gemini => self.kind.own_dialect(),
        }
    }
}

fn parse(body: &[u8]) -> Result<Page, Failure> {
    if looks_like_html(body) {
        return Err(Failure::not_an_api("a web page came in place of a list of models"));
    }
    serde_json::from_slice(body)
        .map_err(|_| Failure::not_an_api("what came is no list of models in any known shape"))
}

// === impl Page ===

impl Page {
    fn models(&self) -> impl Iterator<Item = VendorModel> {
        let (first, more) = match self {
            Self::Bare(entries) => (entries.as_slice(), &[][..]),
            Self::Listed(listed) => (listed.data.as_slice(), listed.models.as_slice()),
        };
        first.iter().chain(more).filter_map(Entry::model)
    }

    /// The query of the next page.
    fn next_page(&self) -> Option<String> {
        let Self::Listed(listed) = self else { return None };
        if let Some(token) = listed.next_page_token.as_deref().filter(|token| !token.is_empty()) {
            return Some(format!("pageSize=1000&pageToken={}", encode_segment(token)));
        }
        let last = listed.last_id.as_deref().filter(|_| listed.has_more)?;
        Some(format!("limit=1000&after_id={}", encode_segment(last)))
    }
}

// === impl Entry ===

impl Entry {
    fn model(&self) -> Option<VendorModel> {
        let (id, owner) = match self {
            Self::Name(name) => (name, None),
            Self::Full { id, slug, name, owned_by } => {
                (id.as_ref().or(slug.as_ref()).or(name.as_ref())?, owned_by.clone())
            }
            Self::Other(_) => return None,
        };
        let id = id.strip_prefix("models/").unwrap_or(id);
        let sound = !id.is_empty() && id.len() <= LONGEST && !id.chars().any(char::is_control);
        let owner = owner.map(|owner| owner.chars().take(64).collect());
        sound.then(|| VendorModel { id: id.to_owned(), owner })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(body: &str) -> Vec<String> {
        parse(body.as_bytes()).unwrap().models().map(|model| model.id).collect()
    }

    #[test]
    fn every_shape_of_list_is_read() {
        for body in [
            r#"{"object":"list","data":[{"id":"a","owned_by":"x"},{"id":"b"}]}"#,
            r#"{"data":[{"type":"model","id":"a","display_name":"A"},{"id":"b"}],"has_more":false}"#,
            r#"{"models":[{"name":"models/a"},{"name":"models/b"}]}"#,
            r#"{"models":[{"slug":"a"},{"slug":"b"}]}"#,
            r#"[{"id":"a"},{"id":"b"}]"#,
            r#"{"data":["a","b"]}"#,
            r#"{"data":[{"id":"a"},7,{"id":""},{"id":null},{"id":"b"}]}"#,
        ] {
            assert_eq!(ids(body), ["a", "b"], "{body}");
        }
        assert!(parse(b"<!doctype html>").is_err());
        assert!(parse(b"{\"data\": 7}").is_err());
    }

    #[test]
    fn pages_follow_one_another() {
        let next = |body: &str| parse(body.as_bytes()).unwrap().next_page();
        assert_eq!(
            next(r#"{"data":[],"has_more":true,"last_id":"a/b"}"#).as_deref(),
            Some("limit=1000&after_id=a%2Fb")
        );
        assert_eq!(next(r#"{"data":[],"has_more":false,"last_id":"a"}"#), None);
        assert_eq!(
            next(r#"{"models":[],"nextPageToken":"t="}"#).as_deref(),
            Some("pageSize=1000&pageToken=t%3D")
        );
        assert_eq!(next("[]"), None);
    }
}
