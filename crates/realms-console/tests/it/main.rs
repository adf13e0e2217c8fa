//! Configuration as code and the admin API on a real SQLite file.
#![cfg(test)]

mod access;
mod accounts;
mod apply;
mod desk;
mod face;
mod objects;
mod setup;
mod usage;
