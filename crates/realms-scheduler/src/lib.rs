//! Which upstream a call tries, in which order, and what rests after a failure. Pure: the clock and
//! chance are arguments, nothing is awaited.
//!
//! [`candidates`] lists whom to ask; a [`Course`] walks that list for one call within its retry
//! budget; [`Health`] remembers across calls what has to rest and why.

mod candidate;
mod course;
mod health;

pub use candidate::{Candidate, Wanted, candidates};
pub use course::{Budget, Course, Step};
pub use health::{Cooldown, Health, Target};
