//! What the tests of every crate stand on: a clock they move, an upstream they script, a tee that
//! keeps the bytes a client sent.
//!
//! ```
//! # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
//! use realms_testkit::{Answer, FakeUpstream, Reply};
//!
//! let fake = FakeUpstream::start().await;
//! fake.replies(Reply::status(429).header("retry-after", "1")).then(Answer::text("Hello."));
//! fake.for_model("slow").replies(Reply::never());
//! assert!(fake.url().starts_with("http://127.0.0.1:"));
//! assert!(fake.requests().is_empty());
//! # });
//! ```
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a harness that cannot go on fails the test it runs in"
)]

mod answer;
mod clock;
mod fake;
mod fault;
mod fixture;
mod gate;
mod log;
mod provider;
mod proxy;
mod received;
mod reply;
mod tee;
mod wire;

pub use answer::{Answer, Ending, ToolCall, Turn};
pub use clock::TestClock;
pub use fake::{FakeUpstream, Script};
pub use fault::{error_body, error_frame};
pub use fixture::{fixture, frames_of};
pub use gate::Gate;
pub use provider::{FakeProvider, ProviderFault};
pub use proxy::{FakeProxy, Tunnel};
pub use received::Received;
pub use reply::{Cut, Reply};
pub use tee::Tee;

/// How long a test waits for something before it fails: far longer than anything takes, because
/// waiting ends with the event and never with the clock.
pub const DEADLINE: std::time::Duration = std::time::Duration::from_secs(30);
