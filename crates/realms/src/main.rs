//! The `realms` program.

use realms::config::{Config, Sources};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let config = Config::load(&Sources::gather(None, Vec::new())?)?;
    realms::serve(config).await
}
