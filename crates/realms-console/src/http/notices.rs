//! Where gateways tell of payments. Whoever knows the address may send; what is not signed moves nothing.

use axum::{
    body::{Body, to_bytes},
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, StatusCode, Uri, header};
use realms_commerce::{CommerceError, Epay, Message, NoticeError, Stripe, Webhook};
use realms_store::NoticeOutcome;
use realms_types::PaymentChannelId;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Console, problem::Problems};
use crate::ConsoleError;

/// The largest notice; gateways send far less.
const LARGEST: usize = 64 << 10;

/// The routes that gateways know.
pub(super) fn routes() -> OpenApiRouter<Console> {
    OpenApiRouter::new().routes(routes!(take_notice)).routes(routes!(take_notice_in_query))
}

/// Takes what a gateway tells. It is answered with `success` once it is in the database; on anything else
/// nothing was credited, and the gateway is to tell again.
#[utoipa::path(
    post, path = "/api/pay/{channel}/notify", tag = "payments",
    params(("channel" = String, Path, description = "The payment channel, `py_…`")),
    request_body(content = String, description = "In the form of the gateway, signed"),
    responses((status = 200, content_type = "text/plain", body = String), Problems)
)]
async fn take_notice(
    State(console): State<Console>,
    Path(channel): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ConsoleError> {
    let body = to_bytes(body, LARGEST).await.map_err(|_| ConsoleError::TooLarge(LARGEST))?;
    console.take(&channel, &headers, &body).await
}

/// The same for gateways that tell by an address with a query.
#[utoipa::path(
    get, path = "/api/pay/{channel}/notify", tag = "payments",
    params(("channel" = String, Path, description = "The payment channel, `py_…`")),
    responses((status = 200, content_type = "text/plain", body = String), Problems)
)]
async fn take_notice_in_query(
    State(console): State<Console>,
    Path(channel): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response, ConsoleError> {
    console.take(&channel, &headers, uri.query().unwrap_or_default().as_bytes()).await
}

// === impl Console ===

impl Console {
    async fn take(
        &self,
        channel: &str,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Response, ConsoleError> {
        let commerce = self.sells()?;
        let missing = || ConsoleError::NotFound("payment channel".to_owned());
        let channel: PaymentChannelId = channel.parse().map_err(|_| missing())?;
        let header = |name| headers.get(name).and_then(|value| value.to_str().ok());
        let signature = header(Stripe::HEADER).or_else(|| header(Webhook::HEADER));
        match commerce.receive(channel, Message { signature, body }).await {
            Ok(received) => {
                if received.outcome == NoticeOutcome::Refused {
                    tracing::warn!(payment_channel = %channel, order = ?received.order, "a notice does not fit its order: somebody must look at it");
                }
                if received.outcome == NoticeOutcome::Given {
                    // Time of a plan pays for the next call, not for those of a second later.
                    (self.0.reload)().await;
                }
                let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
                Ok((StatusCode::OK, headers, Epay::ACKNOWLEDGED).into_response())
            }
            Err(error) => {
                tracing::warn!(payment_channel = %channel, %error, "a notice is not taken");
                Err(match error {
                    // What strangers send is theirs to put right; gateways do not read why.
                    CommerceError::Notice(NoticeError::Unsigned | NoticeError::Forged) => {
                        ConsoleError::Forbidden("the signature of the notice is wrong")
                    }
                    error => error.into(),
                })
            }
        }
    }
}
