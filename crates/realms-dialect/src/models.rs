//! The list of models in the shapes of OpenAI, Anthropic and Gemini.

use bytes::Bytes;
use http::HeaderMap;
use realms_types::{DialectId, Timestamp};
use serde::Serialize;

use crate::{Fault, to_json};

/// A model as a client may know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelCard {
    /// The name clients send.
    pub id: String,
    /// Who made it.
    pub owner: String,
    /// When it was added here.
    pub created: Timestamp,
}

/// Whose list a client expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ModelShape {
    /// `{"object":"list","data":[…]}`, the whole list.
    Openai,
    /// `{"data":[…],"has_more","first_id","last_id"}`, in pages.
    Anthropic,
    /// `{"models":[…],"nextPageToken"}`, in pages.
    Gemini,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// At most so many.
    pub limit: Option<usize>,
    /// Only what comes before this model (Anthropic's `before_id`).
    pub before: Option<String>,
    /// Only what comes after this model (Anthropic's `after_id`, Gemini's `pageToken`).
    pub after: Option<String>,
}

#[derive(Serialize)]
struct OpenAiList<'a> {
    object: &'static str,
    data: Vec<OpenAiModel<'a>>,
}

#[derive(Serialize)]
struct OpenAiModel<'a> {
    id: &'a str,
    object: &'static str,
    created: i64,
    owned_by: &'a str,
}

#[derive(Serialize)]
struct AnthropicPage<'a> {
    data: Vec<AnthropicModel<'a>>,
    has_more: bool,
    first_id: Option<&'a str>,
    last_id: Option<&'a str>,
}

#[derive(Serialize)]
struct AnthropicModel<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    display_name: &'a str,
    created_at: Timestamp,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GeminiPage<'a> {
    models: Vec<GeminiModel<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_page_token: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct GeminiModel<'a> {
    name: String,
    base_model_id: &'a str,
    version: &'static str,
    display_name: &'a str,
    supported_generation_methods: &'static [&'static str],
}

/// A part of the list, and whether the list goes on in the direction it was read.
struct Part<'a> {
    cards: &'a [ModelCard],
    has_more: bool,
}

/// The list in a client's shape. `cards` are in the order they are to be shown, by which pages are cut.
///
/// Fails with a 400 when the page starts at a model that is not in the list.
pub fn render_models(shape: ModelShape, cards: &[ModelCard], page: &Page) -> Result<Bytes, Fault> {
    Ok(match shape {
        ModelShape::Openai => {
            let data = cards.iter().map(OpenAiModel::from).collect();
            to_json(&OpenAiList { object: "list", data })
        }
        ModelShape::Anthropic => {
            let part = page.part(cards, 20)?;
            to_json(&AnthropicPage {
                data: part.cards.iter().map(AnthropicModel::from).collect(),
                has_more: part.has_more,
                first_id: part.cards.first().map(|card| card.id.as_str()),
                last_id: part.cards.last().map(|card| card.id.as_str()),
            })
        }
        ModelShape::Gemini => {
            let part = page.part(cards, 50)?;
            let last = part.cards.last().filter(|_| part.has_more);
            to_json(&GeminiPage {
                models: part.cards.iter().map(GeminiModel::from).collect(),
                next_page_token: last.map(|card| card.id.as_str()),
            })
        }
    })
}

/// One model in a client's shape.
pub fn render_model(shape: ModelShape, card: &ModelCard) -> Bytes {
    match shape {
        ModelShape::Openai => to_json(&OpenAiModel::from(card)),
        ModelShape::Anthropic => to_json(&AnthropicModel::from(card)),
        ModelShape::Gemini => to_json(&GeminiModel::from(card)),
    }
}

// === impl ModelShape ===

impl ModelShape {
    /// The dialect in which whoever expects this shape reads errors.
    pub const fn dialect(self) -> DialectId {
        match self {
            Self::Openai => DialectId::Chat,
            Self::Anthropic => DialectId::Messages,
            Self::Gemini => DialectId::Gemini,
        }
    }

    /// The shape of `GET /v1/models` by the client's headers: Google's SDKs name themselves or send
    /// their own key header, Anthropic's name an API version, all others want OpenAI's.
    pub fn of(headers: &HeaderMap) -> Self {
        if headers.contains_key("x-goog-api-key") || headers.contains_key("x-goog-api-client") {
            Self::Gemini
        } else if headers.contains_key("anthropic-version") {
            Self::Anthropic
        } else {
            Self::Openai
        }
    }
}

// === impl Page ===

impl Page {
    /// The largest page either API gives.
    const LARGEST: usize = 1000;

    /// From the decoded pairs of a query: `limit`, `before_id`, `after_id`, `pageSize`, `pageToken`.
    /// What is not known is passed over, as the vendors do.
    pub fn from_pairs<'a>(
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Fault> {
        let mut page = Self::default();
        for (name, value) in pairs {
            match name {
                "limit" | "pageSize" | "page_size" => {
                    let wrong = || {
                        Fault::bad_request(format!("`{name}` must be a whole number from 1 up"))
                            .with_param(name)
                    };
                    let limit: usize = value.parse().map_err(|_| wrong())?;
                    page.limit = Some(limit).filter(|limit| *limit > 0);
                    page.limit.ok_or_else(wrong)?;
                }
                "before_id" => page.before = Some(value.to_owned()),
                "after_id" | "pageToken" | "page_token" => {
                    page.after = Some(value.to_owned()).filter(|after| !after.is_empty());
                }
                _ => {}
            }
        }
        Ok(page)
    }

    fn part<'a>(&self, cards: &'a [ModelCard], usual: usize) -> Result<Part<'a>, Fault> {
        let limit = self.limit.unwrap_or(usual).min(Self::LARGEST);
        if let Some(before) = &self.before {
            let end = place(cards, before)?;
            let start = end.saturating_sub(limit);
            return Ok(Part { cards: &cards[start..end], has_more: start > 0 });
        }
        let start = match &self.after {
            Some(after) => place(cards, after)? + 1,
            None => 0,
        };
        let end = cards.len().min(start + limit);
        Ok(Part { cards: &cards[start..end], has_more: end < cards.len() })
    }
}

fn place(cards: &[ModelCard], id: &str) -> Result<usize, Fault> {
    let unknown = || Fault::bad_request("the page starts at a model that is not in the list");
    cards.iter().position(|card| card.id == id).ok_or_else(unknown)
}

// === impl shapes of one model ===

impl<'a> From<&'a ModelCard> for OpenAiModel<'a> {
    fn from(card: &'a ModelCard) -> Self {
        let created = card.created.as_secs();
        Self { id: &card.id, object: "model", created, owned_by: &card.owner }
    }
}

impl<'a> From<&'a ModelCard> for AnthropicModel<'a> {
    fn from(card: &'a ModelCard) -> Self {
        let (id, created_at) = (card.id.as_str(), card.created);
        Self { kind: "model", id, display_name: id, created_at }
    }
}

impl<'a> From<&'a ModelCard> for GeminiModel<'a> {
    fn from(card: &'a ModelCard) -> Self {
        Self {
            name: format!("models/{}", card.id),
            base_model_id: &card.id,
            version: "001",
            display_name: &card.id,
            supported_generation_methods: &[
                "generateContent",
                "streamGenerateContent",
                "countTokens",
            ],
        }
    }
}
