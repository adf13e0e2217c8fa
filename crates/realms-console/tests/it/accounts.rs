//! Accounts of people: from the first root user to a second factor, over the real router and store.

mod browser;
mod guessing;
mod house;
mod log_in;
mod mine;
mod oauth;
mod passkeys;
mod passwords;
mod provider;
mod registration;
mod second_factor;
