//! Configuration as code and the admin API on a real SQLite file.
#![cfg(test)]

mod access;
mod accounts;
mod acts;
mod apply;
mod batches;
mod channels;
mod costs;
mod desk;
mod document;
mod endpoints;
mod error_trials;
mod face;
mod mine;
mod models;
mod objects;
mod people;
mod plant;
mod proxies;
mod roles;
mod settings;
mod setup;
mod tokens;
mod usage;
