//! Channels with their endpoints, credentials and bindings.

mod binding;
mod channel;
mod credential;
mod endpoint;

pub use binding::{BindingPatch, BindingRecord};
pub use channel::{ChannelPatch, ChannelRecord};
pub use credential::{CredentialPatch, CredentialRecord};
pub use endpoint::{EndpointPatch, EndpointRecord};
