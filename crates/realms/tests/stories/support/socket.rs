//! A client of the Responses WebSocket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use http::{HeaderValue, StatusCode};
use realms_testkit::DEADLINE;
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest},
};

use super::{KEY, TestApp};

/// An open connection. Dropping it closes it without a word.
pub struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl TestApp {
    /// Opens a connection with the key of the tests' user.
    pub async fn socket(&self) -> Socket {
        self.try_socket(KEY, &[]).await.unwrap()
    }

    /// Opens a connection, or says with which status and body it was refused.
    pub async fn try_socket(
        &self,
        key: &str,
        headers: &[(&'static str, &str)],
    ) -> Result<Socket, (StatusCode, Value)> {
        let url = format!("ws://{}/v1/responses", self.app().address());
        let mut request = url.into_client_request().unwrap();
        let bearer = HeaderValue::from_str(&format!("Bearer {key}")).unwrap();
        request.headers_mut().insert("authorization", bearer);
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        match timeout(DEADLINE, connect_async(request)).await.expect("no answer in time") {
            Ok((socket, _)) => Ok(Socket(socket)),
            Err(Error::Http(answer)) => {
                let body = answer.body().clone().unwrap_or_default();
                Err((answer.status(), serde_json::from_slice(&body).unwrap_or_default()))
            }
            Err(error) => panic!("{error}"),
        }
    }
}

impl Socket {
    pub async fn send(&mut self, text: impl Into<String>) {
        self.0.send(Message::text(text.into())).await.unwrap();
    }

    pub async fn send_message(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// The next text, or the code it was closed with.
    pub async fn next(&mut self) -> Result<String, u16> {
        loop {
            match timeout(DEADLINE, self.0.next()).await.expect("silence") {
                Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
                Some(Ok(Message::Close(frame))) => {
                    // The client's own goodbye goes out with the next read.
                    let _ = timeout(DEADLINE, self.0.next()).await;
                    return Err(frame.map_or(1005, |frame| frame.code.into()));
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(1006),
            }
        }
    }

    /// Whether no text comes for this long; pings are answered meanwhile.
    pub async fn is_silent_for(&mut self, time: Duration) -> bool {
        let text = async {
            while let Some(Ok(message)) = self.0.next().await {
                if message.is_text() || message.is_close() {
                    return;
                }
            }
        };
        timeout(time, text).await.is_err()
    }

    pub async fn json(&mut self) -> Value {
        serde_json::from_str(&self.next().await.expect("the connection was closed")).unwrap()
    }

    /// Sends a frame and reads until its response is over: every frame of it.
    pub async fn turn(&mut self, text: impl Into<String>) -> Vec<String> {
        self.send(text).await;
        let mut frames = Vec::new();
        loop {
            let frame = self.next().await.expect("the connection was closed");
            let kind = serde_json::from_str::<Value>(&frame).unwrap()["type"].clone();
            frames.push(frame);
            if ["response.completed", "response.failed", "error"].contains(&kind.as_str().unwrap())
            {
                return frames;
            }
        }
    }

    /// Sends a frame that is answered with an error, and gives its status and code.
    pub async fn refused(&mut self, text: impl Into<String>) -> (u64, String) {
        self.send(text).await;
        let frame = self.json().await;
        assert_eq!(frame["type"], "error", "{frame}");
        let code = frame["error"]["code"].as_str().unwrap_or_default().to_owned();
        (frame["status"].as_u64().unwrap(), code)
    }
}
