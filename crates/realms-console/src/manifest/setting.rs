//! A live setting's value as a manifest writes it.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, de};

/// The text of a setting. A number or a boolean may be written without quotes.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct SettingText(pub String);

// === impl SettingText ===

impl fmt::Debug for SettingText {
    /// It may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SettingText(…)")
    }
}

impl<'de> Deserialize<'de> for SettingText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl de::Visitor<'_> for Visitor {
            type Value = SettingText;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string, a whole number or a boolean")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<SettingText, E> {
                Ok(SettingText(text.to_owned()))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<SettingText, E> {
                Ok(SettingText(number.to_string()))
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<SettingText, E> {
                Ok(SettingText(number.to_string()))
            }

            fn visit_bool<E: de::Error>(self, yes: bool) -> Result<SettingText, E> {
                Ok(SettingText(yes.to_string()))
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}
