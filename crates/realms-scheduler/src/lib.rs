//! Which upstream a call tries, in which order, and what rests after a failure. Pure: the clock and
//! chance are arguments, nothing is awaited.
//!
//! [`decide`] says whom to ask in which order, and why nobody else; a [`Course`] walks that list for one call within its retry
//! budget; [`Health`] remembers across calls what has to rest and why.

mod affinity;
mod candidate;
mod course;
mod decision;
mod extras;
mod health;
mod load;
mod meters;
mod minute;
mod replay;
mod spoken;
mod standing;

pub use affinity::{Affinity, Kinship, Remembered, SessionKey};
pub use candidate::{Bond, Candidate, Home, Wanted};
pub use course::{Budget, Course, Step};
pub use decision::{Decision, MOST_CONSIDERED, Moment, decide};
pub use extras::Extras;
pub use health::{Cooldown, Health, Rest, Resting, Target};
pub use load::{Burden, Busyness, Load, Loads, Recorded};
pub use meters::{Claim, Limited, Meters, Taken};
pub use replay::replay;
