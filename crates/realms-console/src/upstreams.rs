//! The operators' view of upstreams: saved channels with their parts, how they are, what they could
//! serve, where their calls would go.

mod advice;
mod resolve;
mod saved;
mod status;

pub(crate) use advice::{is_recommended, probe_model};
pub(crate) use resolve::{WarningCode, read_base, read_proxy, read_versioned_base, resolve};
pub(crate) use saved::{Bound, Saved, Signer};
pub(crate) use status::{Condition, Vitals};
