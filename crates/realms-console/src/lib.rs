//! The `/api` handlers, problem responses, OpenAPI, and configuration as code.

mod apply;
mod detect;
mod error;
mod export;
mod http;
mod keys;
pub mod manifest;
mod nearest;
mod plan;
mod prices;
mod upstreams;

pub use apply::{Applied, Edit, Editor, GeneratedKey};
pub use error::ConsoleError;
pub use http::{Console, Reload, offer_setup, openapi};
pub use plan::{Change, FieldChange, Held, KeyFacts, Kind, Plan, State, UserFacts, Verb};
