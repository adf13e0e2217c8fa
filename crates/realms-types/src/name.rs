//! Names that people choose, checked once, here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Empty, too long, or with a character outside the set.
    #[error("`{name}` is not a {what}: 1 to 64 of {set}")]
    Refused {
        /// What was given.
        name: String,
        /// What it should have been.
        what: &'static str,
        /// The characters allowed.
        set: &'static str,
    },
}

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident: $what:literal, $set:literal, $allowed:expr;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(name: &str) -> Result<Self, NameError> {
                let allowed: fn(char) -> bool = $allowed;
                if name.is_empty() || name.len() > 64 || !name.chars().all(allowed) {
                    let name = name.chars().take(64).collect();
                    return Err(NameError::Refused { name, what: $what, set: $set });
                }
                Ok(Self(name.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(name: String) -> Result<Self, NameError> {
                name.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    )+};
}

names! {
    /// A log-in name: letters, digits, `_`, `-`, `.`.
    Username: "username", "letters, digits, `_`, `-` and `.`",
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    /// The name of a channel group or a user group.
    GroupName: "group name", "letters, digits, `_` and `-`",
        |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
}
