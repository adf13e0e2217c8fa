//! Where the dialects disagree: one rule a file, each with its reason.

pub(super) mod arguments;
pub(super) mod cache;
pub(super) mod choice;
pub(super) mod effort;
pub(super) mod format;
pub(super) mod ids;
pub(super) mod limits;
pub(super) mod media;
pub(super) mod sampling;
pub(super) mod schema;
pub(super) mod strict;
pub(super) mod tier;
pub(super) mod tools;
pub(super) mod turns;
pub(super) mod unknown;
