//! Prompts: requests of real clients in every dialect, and that nothing in one is lost without a name.
#![cfg(test)]

mod prompts {
    mod account;
    mod cases;
    mod docs;
    mod goldens;
    mod laws;
    mod order;
    mod samples;
}
