//! A proxy in a manifest: the text itself, or the name of the environment variable that holds it.

use std::{fmt, str::FromStr, sync::Arc};

use realms_types::{Proxy, ProxyError, Secret};

use super::{Lookup, SecretText, Slot};

/// A proxy as a manifest writes it. What is written and shown again has no login: `***` stands for it,
/// and means on the way back that the login stays as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProxyText {
    /// The proxy itself.
    Literal(Arc<Proxy>),
    /// `env:NAME`: the value of that environment variable.
    Variable(String),
    /// What is stored, where it cannot be opened.
    Unreadable,
}

const VARIABLE: &str = "env:";

// === impl ProxyText ===

impl ProxyText {
    /// The proxy itself; the error names the variable that is missing or what is wrong with its value.
    pub(crate) fn resolve(&self, lookup: Lookup<'_>) -> Result<Self, String> {
        let Self::Variable(name) = self else { return Ok(self.clone()) };
        let text = SecretText::Variable(name.clone()).resolve(lookup)?;
        let read = Proxy::from_str(text.reveal());
        read.map(Self::from).map_err(|error| format!("the value of `{name}`: {error}"))
    }

    /// What is stored, opened or not.
    pub(crate) fn of_stored<E>(opened: Result<Secret<String>, E>) -> Self {
        let read = opened.ok().and_then(|text| Proxy::from_str(text.reveal()).ok());
        read.map_or(Self::Unreadable, Self::from)
    }

    /// The proxy itself where it is written out.
    pub(crate) fn literal(&self) -> Option<&Arc<Proxy>> {
        match self {
            Self::Literal(proxy) => Some(proxy),
            Self::Variable(_) | Self::Unreadable => None,
        }
    }

    /// Why this cannot be stored; `None`: it can.
    pub(crate) fn mistake(&self) -> Option<&'static str> {
        match self {
            Self::Literal(proxy) if proxy.is_masked() => Some(
                "`***` keeps the login it has, but only at the same place: give its user and \
                 password again, so that they are not sent where they were not meant to go",
            ),
            Self::Unreadable => Some("what is stored cannot be opened: give it again"),
            Self::Literal(_) | Self::Variable(_) => None,
        }
    }
}

/// What is wanted, with the login that is held where the same proxy is named without it.
pub(crate) fn with_kept_login(
    wanted: Option<Slot<ProxyText>>,
    held: Option<&Slot<ProxyText>>,
) -> Option<Slot<ProxyText>> {
    let proxy = |slot: Option<&Slot<ProxyText>>| slot?.as_ref()?.literal().cloned();
    match (proxy(wanted.as_ref()), proxy(held)) {
        // Without a login of its own there is none that could be kept.
        (Some(new), Some(old))
            if new.is_masked() && new.leads_where(&old) && old.login().is_some() =>
        {
            Some(Slot::Full(ProxyText::Literal(old)))
        }
        _ => wanted,
    }
}

impl From<Proxy> for ProxyText {
    fn from(proxy: Proxy) -> Self {
        Self::Literal(Arc::new(proxy))
    }
}

impl FromStr for ProxyText {
    type Err = ProxyError;

    fn from_str(text: &str) -> Result<Self, ProxyError> {
        match text.strip_prefix(VARIABLE) {
            Some(name) => Ok(Self::Variable(name.to_owned())),
            None => text.parse::<Proxy>().map(Self::from),
        }
    }
}

impl fmt::Display for ProxyText {
    /// Without the login.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(proxy) => proxy.fmt(f),
            Self::Variable(name) => write!(f, "{VARIABLE}{name}"),
            Self::Unreadable => f.write_str("(cannot be opened)"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(text: &str) -> Slot<ProxyText> {
        if text.is_empty() { Slot::Empty } else { Slot::Full(text.parse().unwrap()) }
    }

    #[test]
    fn a_login_is_kept_at_the_same_place_and_nowhere_else() {
        const HELD: &str = "http://user:canary@p.example:3128";
        for (wanted, held, expected) in [
            ("http://***@p.example:3128", HELD, HELD),
            ("HTTP://***@P.example:3128/", HELD, HELD),
            ("http://***@q.example:3128", HELD, "http://***@q.example:3128"),
            ("http://***@p.example:3129", HELD, "http://***@p.example:3129"),
            ("https://***@p.example:3128", HELD, "https://***@p.example:3128"),
            ("http://***@p.example:3128", "", "http://***@p.example:3128"),
            ("http://***@p.example:3128", "http://p.example:3128", "http://***@p.example:3128"),
            ("http://p.example:3128", HELD, "http://p.example:3128"),
            ("http://a:b@p.example:3128", HELD, "http://a:b@p.example:3128"),
            ("", HELD, ""),
        ] {
            let kept = with_kept_login(Some(slot(wanted)), Some(&slot(held)));
            assert_eq!(kept, Some(slot(expected)), "{wanted} over {held}");
            let is_mistake = kept.unwrap().as_ref().is_some_and(|text| text.mistake().is_some());
            assert_eq!(is_mistake, expected.contains("***"));
        }
        let shown = format!("{:?} {}", slot(HELD), slot(HELD).value().unwrap());
        assert!(!shown.contains("canary"), "{shown}");
    }

    #[test]
    fn what_cannot_be_opened_is_neither_none_nor_kept() {
        for stored in [Err("sealed by another key"), Ok(Secret::from("nonsense"))] {
            let unreadable = ProxyText::of_stored(stored);
            assert_eq!(unreadable, ProxyText::Unreadable);
            assert!(unreadable.mistake().is_some());
            let kept =
                with_kept_login(Some(slot("http://***@p.example")), Some(&Slot::Full(unreadable)));
            assert_eq!(kept, Some(slot("http://***@p.example")));
        }
    }
}
