//! Reads whatever people paste to describe an upstream: a curl command, an env block, a settings file,
//! a line with an address and a key. Pure: nothing is sent, resolved or kept.

mod address;
mod clues;
mod json;
mod lines;
mod preset;
mod shell;
mod words;

use realms_types::{ChannelKind, DialectId, Secret};

use self::{address::Address, clues::Clues, preset::Variant};

pub(crate) use preset::known_bases;

/// The most that is read.
pub(crate) const MOST: usize = 64 << 10;
/// How many keys and models are taken.
const MOST_ITEMS: usize = 200;

/// What was found in a text.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The kind of the channel.
    pub(crate) kind: Option<ChannelKind>,
    /// A name for the channel.
    pub(crate) name: Option<String>,
    /// Its base URL.
    pub(crate) base_url: Option<String>,
    /// Its keys, each once, in the order in which they stand there.
    pub(crate) keys: Vec<Secret<String>>,
    /// Models that are named.
    pub(crate) models: Vec<String>,
    /// What it speaks.
    pub(crate) dialects: Vec<DialectId>,
    /// What is to be said about it.
    pub(crate) notes: Vec<Note>,
    /// The known vendor it is.
    pub(crate) preset: Option<&'static str>,
}

/// What is to be said about what was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Note {
    /// Nothing in the text describes an upstream.
    NothingFound,
    /// There is no address in it.
    NoUrl,
    /// There is no key in it.
    NoKey,
    /// A placeholder stands where the key should.
    PlaceholderKey,
    /// There is more than one key; all are taken.
    SeveralKeys,
    /// There is more than one address; the first is taken.
    SeveralUrls,
    /// There is more than one channel; the first is taken.
    SeveralChannels,
    /// Nothing says what kind it is.
    KindGuessed,
    /// The path of a call was cut off the address.
    PathRemoved,
    /// The key was taken out of the address.
    KeyInUrl,
    /// The address is not https.
    PlainHttp,
    /// The address is the vendor's own, because none was given.
    DefaultUrl,
    /// The key is an access token that will expire.
    OauthToken,
}

/// Reads a text of at most [`MOST`] bytes; what is longer is not read.
pub(crate) fn detect(text: &str) -> Found {
    let text = &text[..text.floor_char_boundary(MOST)];
    let mut clues = Clues::default();
    let rest = json::read(text, &mut clues);
    if !shell::read(&rest, &mut clues) {
        lines::read(&rest, &mut clues);
    }
    // What only stands there, without saying what it is.
    words::read(&rest, &mut clues);
    conclude(&clues)
}

fn conclude(clues: &Clues) -> Found {
    let mut notes = clues.notes.clone();
    let addresses: Vec<Address> = clues.urls.iter().filter_map(|url| Address::read(url)).collect();
    let address = addresses.first();
    let mut keys: Vec<String> = Vec::new();
    let in_url = addresses.iter().filter_map(|address| address.key.clone());
    for key in clues.keys.iter().cloned().chain(in_url) {
        if !keys.contains(&key) && keys.len() < MOST_ITEMS {
            keys.push(key);
        }
    }
    let hinted = clues.kind.or_else(|| keys.first().and_then(|key| preset::kind_of_key(key)));
    let wanted = clues.kind.or_else(|| address.and_then(Address::kind));
    let found = match address {
        Some(address) => preset::find(&address.url, wanted),
        None => clues
            .vendor
            .or_else(|| keys.first().and_then(|key| preset::of_key(key)))
            .and_then(|vendor| preset::named(vendor, wanted.or(hinted))),
    };
    let kind = found.as_ref().map(|(_, variant)| variant.kind).or(wanted).or(hinted);
    let guessed = (address.is_some() && kind.is_none()).then_some(ChannelKind::Openai);
    let models = models(clues, &addresses);
    let result = Found {
        kind: kind.or(guessed),
        name: name(clues, address, found.map(|(preset, _)| preset)),
        base_url: base_url(address, found.map(|(_, variant)| variant)),
        dialects: dialects(clues, &addresses, found.map(|(_, variant)| variant), kind.or(guessed)),
        preset: found.map(|(preset, _)| preset),
        models,
        keys: keys.into_iter().map(Secret::new).collect(),
        notes: Vec::new(),
    };
    let said = [
        (result.base_url.is_none() && result.keys.is_empty(), Note::NothingFound),
        (result.base_url.is_none() && !result.keys.is_empty(), Note::NoUrl),
        (result.base_url.is_some() && result.keys.is_empty(), Note::NoKey),
        (result.keys.len() > 1, Note::SeveralKeys),
        (more_hosts(&addresses), Note::SeveralUrls),
        (guessed.is_some(), Note::KindGuessed),
        (address.is_some_and(|address| address.cut), Note::PathRemoved),
        (addresses.iter().any(|address| address.key.is_some()), Note::KeyInUrl),
        (address.is_some_and(|address| address.url.scheme() == "http"), Note::PlainHttp),
        (address.is_none() && result.base_url.is_some(), Note::DefaultUrl),
    ];
    notes.extend(said.into_iter().filter(|(holds, _)| *holds).map(|(_, note)| note));
    Found { notes, ..result }
}

fn models(clues: &Clues, addresses: &[Address]) -> Vec<String> {
    let mut models: Vec<String> = Vec::new();
    let in_urls = addresses.iter().filter_map(|address| address.model.clone());
    for model in clues.models.iter().cloned().chain(in_urls) {
        if !models.contains(&model) && models.len() < MOST_ITEMS {
            models.push(model);
        }
    }
    models
}

fn name(clues: &Clues, address: Option<&Address>, preset: Option<&'static str>) -> Option<String> {
    let of_host = || {
        let host = address?.url.host_str()?;
        let labels: Vec<&str> = host.split('.').collect();
        let plain = host.parse::<std::net::Ipv4Addr>().is_err() && labels.len() > 1;
        // `api.vendor.example` is called `vendor`.
        let label = if plain { labels[labels.len() - 2] } else { labels[0] };
        Some(label.to_owned())
    };
    clues.name.clone().or_else(|| preset.map(str::to_owned)).or_else(of_host)
}

fn base_url(address: Option<&Address>, variant: Option<&'static Variant>) -> Option<String> {
    let Some(address) = address else {
        return variant.map(|variant| variant.base.to_owned());
    };
    let bare = matches!(address.url.path(), "" | "/");
    match variant.filter(|variant| bare && !variant.base.is_empty()) {
        Some(variant) => Some(variant.at(&address.url)),
        None => Some(address.url.as_str().trim_end_matches('/').to_owned()),
    }
}

fn dialects(
    clues: &Clues,
    addresses: &[Address],
    variant: Option<&'static Variant>,
    kind: Option<ChannelKind>,
) -> Vec<DialectId> {
    let called = addresses.iter().filter_map(|address| address.dialect);
    let mut dialects: Vec<DialectId> = Vec::new();
    for dialect in clues.dialects.iter().copied().chain(called) {
        if !dialects.contains(&dialect) {
            dialects.push(dialect);
        }
    }
    let usual = variant.map(|variant| variant.dialects).or(kind.map(ChannelKind::default_dialects));
    match usual {
        // A known vendor speaks more than the one call that was pasted.
        Some(usual) if variant.is_some() => {
            let more = usual.iter().copied().filter(|dialect| !dialects.contains(dialect));
            let more: Vec<DialectId> = more.collect();
            dialects.extend(more);
        }
        Some(usual) if dialects.is_empty() => dialects.extend(usual),
        _ => {}
    }
    dialects.sort_unstable();
    dialects
}

fn more_hosts(addresses: &[Address]) -> bool {
    let first = addresses.first().and_then(|address| address.url.host_str());
    addresses.iter().any(|address| address.url.host_str() != first)
}

// === impl Note ===

impl Note {
    /// The word in JSON.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::NothingFound => "nothing_found",
            Self::NoUrl => "no_url",
            Self::NoKey => "no_key",
            Self::PlaceholderKey => "placeholder_key",
            Self::SeveralKeys => "several_keys",
            Self::SeveralUrls => "several_urls",
            Self::SeveralChannels => "several_channels",
            Self::KindGuessed => "kind_guessed",
            Self::PathRemoved => "path_removed",
            Self::KeyInUrl => "key_in_url",
            Self::PlainHttp => "plain_http",
            Self::DefaultUrl => "default_url",
            Self::OauthToken => "oauth_token",
        }
    }
}

#[cfg(test)]
mod tests;
