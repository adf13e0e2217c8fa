//! One self-hosted binary: one address and one key for every LLM API.
//!
//! This crate wires the others together: configuration, the command line, the server and its
//! shutdown, the embedded web app. Nobody depends on it but its tests.

pub mod app;
pub mod cli;
pub mod config;
mod log;
mod mail;
mod serve;
mod server;
mod status;
mod unlock;
mod version;
mod web;

pub use app::{App, AppOptions};
pub use serve::serve;
