//! What the server knows of a request before anyone reads it.

use std::{net::IpAddr, sync::Arc};

use crate::RequestId;

/// Who asked, and under which id. The server attaches it to every request.
#[derive(Debug, Clone)]
pub struct RequestMeta {
    /// Our own id: unique, and the key of the usage record.
    pub id: RequestId,
    /// What `x-request-id` says in the answer: the client's own id if it sent a sound one, else ours.
    pub shown: Arc<str>,
    /// The id the client sent, if it was sound.
    pub from_client: Option<Arc<str>>,
    /// The address of the client, behind trusted proxies the one they name.
    pub client: IpAddr,
    /// Whether the client came by https, as a trusted proxy says: this server speaks plain HTTP.
    pub https: bool,
}
