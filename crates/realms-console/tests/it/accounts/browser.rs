//! A browser with its cookies, on a page of the site.

use std::{collections::BTreeMap, net::IpAddr};

use axum::body::Body;
use http::{HeaderMap, Method, Request, header};
use http_body_util::BodyExt as _;
use parking_lot::Mutex;
use realms_types::RequestMeta;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use super::house::House;
use crate::{document, face::Answer};

/// A browser. It sends its cookies and says who it believes to be.
pub(crate) struct Browser<'a> {
    house: &'a House,
    address: IpAddr,
    cookies: Mutex<BTreeMap<String, String>>,
    me: Mutex<Option<String>>,
}

impl<'a> Browser<'a> {
    pub(super) fn new(house: &'a House, address: IpAddr) -> Self {
        Self { house, address, cookies: Mutex::default(), me: Mutex::default() }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, Some(body)).await
    }

    pub(crate) async fn put(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::PUT, path, Some(body)).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.ask(Method::DELETE, path, None).await
    }

    pub(crate) async fn log_in(&self, login: &str, password: &str) -> Answer {
        self.post("/api/session", json!({ "login": login, "password": password })).await
    }

    /// The status of `GET /api/me`: 200 inside, 401 outside.
    pub(crate) async fn status(&self) -> u16 {
        self.get("/api/me").await.status.as_u16()
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().get(name).cloned()
    }

    pub(crate) fn plant(&self, name: &str, value: &str) {
        self.cookies.lock().insert(name.to_owned(), value.to_owned());
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut builder = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::HOST, "realms.example.org")
            .header(header::USER_AGENT, "Firefox");
        if let Some(me) = self.me.lock().as_ref() {
            builder = builder.header("realms-user", me);
        }
        let cookies: Vec<_> =
            self.cookies.lock().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            builder = builder.header(header::COOKIE, cookies.join("; "));
        }
        let body = match body {
            Some(json) => {
                builder = builder.header(header::CONTENT_TYPE, "application/json");
                Body::from(json.to_string())
            }
            None => Body::empty(),
        };
        let mut request = builder.body(body).unwrap();
        let (method, uri) = (request.method().clone(), request.uri().to_string());
        let id = self.house.editor.ids.next_request();
        request.extensions_mut().insert(RequestMeta {
            id,
            shown: id.to_string().into(),
            from_client: None,
            client: self.address,
            https: true,
        });
        let response = self.house.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        document::hold(&method, &uri, parts.status, &text);
        let answer = Answer { status: parts.status, headers: parts.headers, text };
        self.learn(&answer);
        answer
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        for value in headers.get_all(header::SET_COOKIE) {
            let text = value.to_str().unwrap();
            let (pair, attributes) = text.split_once(';').unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            assert!(name.starts_with("__Host-") && attributes.contains("; Secure"), "{text}");
            assert!(attributes.contains("HttpOnly") && attributes.contains("SameSite=Lax"));
            if attributes.contains("Max-Age=0") {
                self.cookies.lock().remove(name);
            } else {
                self.cookies.lock().insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// A page remembers who it is for.
    fn learn(&self, answer: &Answer) {
        let Ok(json) = serde_json::from_str::<Value>(&answer.text) else { return };
        let me = if json["me"].is_object() { &json["me"] } else { &json };
        if let Some(id) = me["id"].as_str().filter(|id| id.starts_with("us_")) {
            *self.me.lock() = Some(id.to_owned());
        }
    }
}
