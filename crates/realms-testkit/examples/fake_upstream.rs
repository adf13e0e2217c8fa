//! The fake upstream as a program of its own, for the browser tests: prints where it listens and runs
//! until its standard input closes.
//!
//! The key a request comes with decides what it gets: `key-good` (and any other) a good answer,
//! `key-refused` a 401, `key-limited` a 429, `key-busy` a 503, `key-cut` a stream that breaks off,
//! `key-page` a page of HTML, `key-thinks` a thought before the answer.
#![expect(clippy::print_stdout, reason = "its address is its output")]

use std::io;

use realms_testkit::{Answer, Cut, FakeUpstream, Reply};
use tokio::task::spawn_blocking;

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let fake = FakeUpstream::start().await;
    fake.says("Hello from the upstream. All is well.");
    fake.for_key("key-refused").replies(401);
    fake.for_key("key-limited").replies(Reply::status(429).header("retry-after", "30"));
    fake.for_key("key-busy").replies(503);
    fake.for_key("key-cut").replies(Reply::good().cut_after_frames(3, Cut::Close));
    fake.for_key("key-page").replies(Reply::html());
    fake.for_key("key-thinks")
        .replies(Answer::text("It is done.").with_reasoning("First I look at what is asked."));
    println!("{}", fake.url());
    spawn_blocking(|| io::copy(&mut io::stdin(), &mut io::sink())).await??;
    fake.stop().await;
    Ok(())
}
