//! A further address of a channel in a manifest: the address alone, or with how it is used.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// A base URL of a channel beside its first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Endpoint {
    /// Where the same API is as well.
    pub base_url: String,
    /// Below 0, that of `base_url`; higher is tried first.
    pub priority: Option<i64>,
    /// Whether it takes calls.
    pub enabled: Option<bool>,
}

/// The two ways to write an [`Endpoint`].
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum EndpointForm {
    /// The address alone.
    Address(String),
    /// With how it is used.
    Full(FullEndpoint),
}

/// A further address of a channel, in full.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FullEndpoint {
    /// Where the same API is as well, with or without the version segment.
    #[schema(example = "https://eu.example.com/v1")]
    base_url: String,
    /// Higher is tried first, and the older of two with the same. Below 0, which is that of the
    /// channel's `base_url`. Default -1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(maximum = -1)]
    priority: Option<i64>,
    /// Whether it takes calls. Default true.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    enabled: Option<bool>,
}

// === impl Endpoint ===

impl Endpoint {
    /// Where nothing else is said, next after the channel's own.
    pub(crate) const NEXT: i64 = -1;

    /// Its priority, said or not.
    pub(crate) fn place(&self) -> i64 {
        self.priority.unwrap_or(Self::NEXT)
    }
}

impl From<FullEndpoint> for Endpoint {
    fn from(FullEndpoint { base_url, priority, enabled }: FullEndpoint) -> Self {
        Self { base_url, priority, enabled }
    }
}

impl Serialize for Endpoint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let form = if self.place() == Self::NEXT && self.enabled != Some(false) {
            EndpointForm::Address(self.base_url.clone())
        } else {
            EndpointForm::Full(FullEndpoint {
                base_url: self.base_url.clone(),
                priority: self.priority.filter(|priority| *priority != Self::NEXT),
                enabled: self.enabled.filter(|enabled| !enabled),
            })
        };
        form.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Endpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl<'de> de::Visitor<'de> for Visitor {
            type Value = Endpoint;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an address, or { base_url = \"…\", priority = -2 }")
            }

            fn visit_str<E: de::Error>(self, base_url: &str) -> Result<Endpoint, E> {
                Ok(Endpoint { base_url: base_url.to_owned(), priority: None, enabled: None })
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Endpoint, A::Error> {
                let map = de::value::MapAccessDeserializer::new(map);
                FullEndpoint::deserialize(map).map(Endpoint::from)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_address_is_written_alone_or_with_how_it_is_used() {
        for (given, priority, enabled, written) in [
            (json!("https://e.example/v1"), None, None, json!("https://e.example/v1")),
            (
                json!({"base_url": "a", "priority": -1, "enabled": true}),
                Some(-1),
                Some(true),
                json!("a"),
            ),
            (
                json!({"base_url": "a", "priority": -5}),
                Some(-5),
                None,
                json!({"base_url": "a", "priority": -5}),
            ),
            (
                json!({"base_url": "a", "enabled": false}),
                None,
                Some(false),
                json!({"base_url": "a", "enabled": false}),
            ),
        ] {
            let read: Endpoint = serde_json::from_value(given.clone()).unwrap();
            assert_eq!((read.priority, read.enabled), (priority, enabled), "{given}");
            assert_eq!(serde_json::to_value(&read).unwrap(), written, "{given}");
        }
        for (given, why) in [
            (json!({"base_url": "a", "prioritty": 1}), "unknown field `prioritty`"),
            (json!({"priority": -1}), "missing field `base_url`"),
            (json!(7), "expected an address"),
            (json!({"base_url": "a", "priority": "high"}), "invalid type"),
        ] {
            let refused = serde_json::from_value::<Endpoint>(given.clone()).unwrap_err();
            assert!(refused.to_string().contains(why), "{given}: {refused}");
        }
    }
}
