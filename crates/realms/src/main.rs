//! The `realms` program.
fn main() {}
