//! Log-in at a vendor by OAuth, and the renewal of what it brings (RFC 6749, RFC 7636).
//!
//! Everything here is one request or pure. When a token is renewed, who does it, and where the new one
//! is kept is the caller's business: a refresh token works once.

mod callback;
mod claims;
mod site;
mod tokens;

pub use callback::{Callback, CallbackError};
pub use claims::Claims;
pub use site::{OauthSite, SentAway};
pub use tokens::{TokenError, TokenSet};
