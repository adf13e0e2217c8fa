//! Notifications: what they say, where they go, and carrying them there.
//!
//! What happened is written into the outbox of the store by whoever makes it happen, in the same transaction
//! ([`realms_store::Tx::notify`]). A [`Notifier`] takes what is due, writes it out in the language of the place it
//! goes to, and carries it there: each at least once, and again with longer and longer pauses where the other side
//! does not take it.

mod courier;
mod message;
mod notifier;
mod settings;
mod wording;

pub use courier::SendError;
pub use notifier::{Notifier, Parts, Site, SiteNow, written_in};
pub use settings::{SettingsMistake, TargetSettings};
pub use wording::Wording;
