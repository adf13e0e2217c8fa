//! One refresh token, many who want to use it, and processes that die: no account is lost, other than
//! by an answer that died with its process, and that is said.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test that cannot go on stops, and one that can says what it saw"
)]

#[expect(dead_code, reason = "the store suite uses all of it")]
#[path = "../../../realms-store/tests/store/database.rs"]
mod database;
mod fleet;
mod kills;
mod log_ins;
mod tokens;

database::on_every_database! {
    kills::twenty_refreshers_on_two_processes_lose_nothing_in_silence,
}
