//! Stories of tickets on SQLite, PostgreSQL and MariaDB: what happens at once is counted in turn.
//!
//! Databases come from the same place as those of the store suite.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on fails its test")]

#[expect(dead_code, reason = "the store suite uses all of it")]
#[path = "../../../realms-store/tests/store/database.rs"]
mod database;
mod tickets;

database::on_every_database! {
    tickets::opened_at_once_are_no_more_than_a_user_may_have,
    tickets::opened_again_are_counted_too,
}
