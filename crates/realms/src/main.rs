//! The `realms` program.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    realms::cli::run(std::env::args_os()).await
}
