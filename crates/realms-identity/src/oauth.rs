//! Log-in by another site: the authorization code flow with PKCE, as far as it needs no network.
//!
//! Whoever makes the calls fetches [`Discovery`] and [`KeySet`] and exchanges the code; what came
//! back is judged here. Who somebody is, is the issuer with the subject, never an address.

mod flow;
mod id_token;
mod jwk;
mod site;

pub use flow::{Flow, Proof};
pub use id_token::{Expected, IdClaims, verify_id_token};
pub use jwk::KeySet;
pub use site::{Discovery, GitHubUser, TokenAnswer};

/// Why a log-in by another site is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OAuthError {
    /// Something that came back is not in its form.
    #[error("the other site's {0} cannot be read")]
    Malformed(&'static str),
    /// The token is not signed in a way that is accepted here.
    #[error("the other site's token is signed by `{0}`: RS256 and ES256 are accepted")]
    Algorithm(String),
    /// No key of the site fits the token.
    #[error("the other site has no key that fits its token")]
    NoKey,
    /// The signature is not the site's.
    #[error("the signature of the token is not the other site's")]
    Signature,
    /// What the token says is not what it must say.
    #[error("the token's `{0}` is not what it must be")]
    Claim(&'static str),
    /// The other site, or its user, said no.
    #[error("the other site did not let them in")]
    Denied,
    /// The site does not answer as it should.
    #[error("the other site does not answer")]
    Unavailable,
    /// It took too long, or it is not the browser that began it.
    #[error("this log-in began elsewhere or too long ago: begin again")]
    Expired,
}
