//! An address as it is pasted: with the path of a call, a model or a key in it.

use realms_dialect::facts;
use realms_types::{ChannelKind, DialectId};
use url::Url;

/// A base URL, and what the rest of the address told.
#[derive(Debug)]
pub(super) struct Address {
    /// Without the path of a call and without its query.
    pub(super) url: Url,
    /// The dialect of that call.
    pub(super) dialect: Option<DialectId>,
    /// The model in its path.
    pub(super) model: Option<String>,
    /// The key in its query.
    pub(super) key: Option<String>,
    /// Whether a path was cut off.
    pub(super) cut: bool,
}

/// The paths of calls behind the base URL that tell no dialect.
const OTHER_CALLS: [&str; 4] = ["/embeddings", "/images/generations", "/models", "/audio/speech"];

impl Address {
    /// Reads a URL; `None` when it is no address of an API.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut url = Url::parse(text.trim()).ok()?;
        let sound = matches!(url.scheme(), "http" | "https") && url.host().is_some();
        if !sound || !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        let pairs = url.query_pairs().find(|(name, _)| matches!(&**name, "key" | "api_key"));
        let key = pairs.map(|(_, value)| value.into_owned()).filter(|key| key.len() >= 8);
        url.set_query(None);
        url.set_fragment(None);
        let path = url.path().trim_end_matches('/').to_owned();
        let (base, dialect, model) = Self::parts(&path);
        let cut = base.len() < path.len();
        let base = if is_azure(&url) { azure(base) } else { base.to_owned() };
        url.set_path(&base);
        Some(Self { url, dialect, model, key, cut })
    }

    /// The kind the path tells.
    pub(super) fn kind(&self) -> Option<ChannelKind> {
        let anthropic = self.url.path().contains("anthropic");
        match self.dialect.map(ChannelKind::of_makers) {
            Some(ChannelKind::Openai) | None if is_azure(&self.url) && !anthropic => {
                Some(ChannelKind::Azure)
            }
            None if anthropic => Some(ChannelKind::Anthropic),
            makers => makers,
        }
    }

    fn parts(path: &str) -> (&str, Option<DialectId>, Option<String>) {
        if let Some((base, call)) = path.split_once("/models/")
            && let Some((model, _)) = call.split_once(':')
        {
            let mut dialects = DialectId::ALL.into_iter();
            let dialect = dialects.find(|dialect| facts(*dialect).has_model_in_path());
            return (base, dialect, Some(model.to_owned()));
        }
        for (call, dialect) in calls() {
            if let Some(base) = path.strip_suffix(call) {
                let base = base.split_once("/deployments/");
                let whole = &path[..path.len() - call.len()];
                return match base {
                    Some((before, deployment)) => (before, dialect, Some(deployment.to_owned())),
                    None => (whole, dialect, None),
                };
            }
        }
        (path, None, None)
    }
}

/// The paths of calls behind the base URL, and the dialect that each tells.
fn calls() -> impl Iterator<Item = (&'static str, Option<DialectId>)> {
    let own = |dialect| facts(dialect).tails.iter().map(move |tail| (*tail, Some(dialect)));
    let others = OTHER_CALLS.into_iter().map(|tail| (tail, None));
    DialectId::ALL.into_iter().flat_map(own).chain(others)
}

fn is_azure(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.ends_with(".azure.com"))
}

/// Azure's old addresses name a deployment and a version; the newer one needs neither.
fn azure(base: &str) -> String {
    if base.is_empty() || base == "/openai" { "/openai/v1".to_owned() } else { base.to_owned() }
}
