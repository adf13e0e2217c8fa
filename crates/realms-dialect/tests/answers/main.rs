//! Translated answers: goldens of every recorded answer in every dialect, laws, and odd vendors.
#![cfg(test)]

mod goldens;
mod halves;
mod laws;
mod strict;
mod support;
mod vendors;
