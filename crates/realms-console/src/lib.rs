//! The `/api` handlers, problem responses, OpenAPI, and configuration as code.

mod apply;
mod batch;
mod by_hand;
mod detect;
mod error;
mod export;
mod http;
mod keys;
mod loopback;
pub mod manifest;
mod nearest;
mod own_keys;
mod permission;
mod plan;
mod price_sync;
mod prices;
mod refusal;
mod upstreams;
mod words;

pub use apply::{Applied, Author, Condition, Edit, Editor, GeneratedKey};
pub use by_hand::ByHand;
pub use error::ConsoleError;
pub use http::{ConfigValue, Console, ConsoleParts, Reload, offer_setup, openapi};
pub use loopback::Loopback;
pub use permission::{Permission, Permissions};
pub use plan::{Change, FieldChange, Held, KeyFacts, Kind, Plan, State, UserFacts, Verb};
pub use price_sync::PriceSync;
pub use refusal::{Code, FieldMistake, Refusal};
