//! What is sent to each kind of target, and which answer means that it was taken.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Uri, header::CONTENT_TYPE};
use realms_store::TargetKind;
use realms_types::{Secret, Timestamp};
use serde_json::{Value, json};
use url::Url;

use crate::{
    TargetSettings, Wording,
    settings::{BARK, TELEGRAM},
};

/// A notification as a webhook gets it.
#[derive(Debug, Clone)]
pub(crate) struct Envelope<'a> {
    /// What it is known by: the same when it is sent again.
    pub id: &'a str,
    /// Its kind, and what is said of it.
    pub facts: &'a Value,
    /// When it happened.
    pub at: Timestamp,
    /// It in words.
    pub wording: &'a Wording,
}

/// The longest text that robots take, in bytes: WeCom's 2,048 are the fewest.
const LONGEST: usize = 2_000;

/// The request that carries a notification; `None`: these settings make none, or are those of e-mail.
pub(crate) fn request(
    settings: &TargetSettings,
    envelope: &Envelope<'_>,
    now: Timestamp,
) -> Option<Request<Bytes>> {
    let text = || short(&envelope.wording.whole());
    match settings {
        TargetSettings::Email { .. } => None,
        TargetSettings::Webhook { url, secret } => webhook(url, secret, envelope, now),
        TargetSettings::Feishu { url, secret } => {
            let mut body = json!({ "msg_type": "text", "content": { "text": text() } });
            if let Some(secret) = secret {
                let time = now.as_secs().to_string();
                let sign = hmac(format!("{time}\n{}", secret.reveal()).as_bytes(), b"");
                body["timestamp"] = time.into();
                body["sign"] = sign.into();
            }
            post(url.reveal(), &body)
        }
        TargetSettings::Wecom { url } => {
            post(url.reveal(), &json!({ "msgtype": "text", "text": { "content": text() } }))
        }
        TargetSettings::Dingtalk { url, secret } => {
            let mut url: Url = url.reveal().parse().ok()?;
            if let Some(secret) = secret {
                let time = now.as_millis().to_string();
                let sign = hmac(
                    secret.reveal().as_bytes(),
                    format!("{time}\n{}", secret.reveal()).as_bytes(),
                );
                url.query_pairs_mut().append_pair("timestamp", &time).append_pair("sign", &sign);
            }
            post(url.as_str(), &json!({ "msgtype": "text", "text": { "content": text() } }))
        }
        TargetSettings::Telegram { token, chat_id, api_base } => {
            let base = api_base.as_deref().unwrap_or(TELEGRAM).trim_end_matches('/');
            let url = format!("{base}/bot{}/sendMessage", token.reveal());
            post(&url, &json!({ "chat_id": chat_id, "text": text() }))
        }
        TargetSettings::Slack { url } => {
            // Three letters mean something to Slack, wherever they stand.
            let text = text().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
            post(url.reveal(), &json!({ "text": text }))
        }
        TargetSettings::Bark { device_key, server } => {
            let server = server.as_deref().unwrap_or(BARK).trim_end_matches('/');
            let mut body = json!({
                "device_key": device_key.reveal(),
                "title": envelope.wording.title,
                "body": short(&envelope.wording.text),
                "group": envelope.wording.site,
            });
            if let Some(link) = &envelope.wording.link {
                body["url"] = link.as_str().into();
            }
            post(&format!("{server}/push"), &body)
        }
    }
}

/// Whether an answer with a status of success says that it was taken: some say no in its body. What they said, if not.
pub(crate) fn refusal(kind: TargetKind, body: &[u8]) -> Option<String> {
    let (code, why): (&[&str], &str) = match kind {
        TargetKind::Feishu => (&["code", "StatusCode"], "msg"),
        TargetKind::Wecom | TargetKind::Dingtalk => (&["errcode"], "errmsg"),
        TargetKind::Telegram => (&["ok"], "description"),
        TargetKind::Bark => (&["code"], "message"),
        TargetKind::Email | TargetKind::Webhook | TargetKind::Slack => return None,
    };
    let Ok(answer) = serde_json::from_slice::<Value>(body) else {
        return Some("its answer is no JSON: is the address right?".to_owned());
    };
    let taken = code.iter().any(|code| match &answer[*code] {
        Value::Bool(ok) => *ok,
        Value::Number(number) => matches!(number.as_i64(), Some(0 | 200)),
        _ => false,
    });
    let said = answer[why].as_str().unwrap_or("it did not say why");
    (!taken).then(|| said.chars().take(200).collect())
}

fn webhook(
    url: &str,
    secret: &Secret<String>,
    envelope: &Envelope<'_>,
    now: Timestamp,
) -> Option<Request<Bytes>> {
    let Wording { title, text, link, site } = envelope.wording;
    let body = json!({
        "type": envelope.facts["event"],
        "timestamp": envelope.at,
        "data": envelope.facts,
        "site": site,
        "title": title,
        "text": text,
        "link": link,
    });
    let body = serde_json::to_vec(&body).ok()?;
    let time = now.as_secs().to_string();
    let key = secret.reveal().strip_prefix("whsec_");
    let key = key.and_then(|key| STANDARD.decode(key).ok());
    let key = key.unwrap_or_else(|| secret.reveal().clone().into_bytes());
    let signed = [envelope.id.as_bytes(), b".", time.as_bytes(), b".", &body].concat();
    let mut request = build(url, body)?;
    let headers = request.headers_mut();
    headers.insert("webhook-id", HeaderValue::from_str(envelope.id).ok()?);
    headers.insert("webhook-timestamp", HeaderValue::from_str(&time).ok()?);
    let signature = format!("v1,{}", hmac(&key, &signed));
    headers.insert("webhook-signature", HeaderValue::from_str(&signature).ok()?);
    Some(request)
}

fn post(url: &str, body: &Value) -> Option<Request<Bytes>> {
    build(url, serde_json::to_vec(body).ok()?)
}

fn build(url: &str, body: Vec<u8>) -> Option<Request<Bytes>> {
    let uri: Uri = url.parse::<Url>().ok()?.as_str().parse().ok()?;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    let built = Request::builder().method(Method::POST).uri(uri).header(CONTENT_TYPE, json);
    built.header("user-agent", "realms").body(Bytes::from(body)).ok()
}

/// HMAC-SHA256 in Base64.
fn hmac(key: &[u8], text: &[u8]) -> String {
    STANDARD.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text))
}

fn short(text: &str) -> String {
    if text.len() <= LONGEST {
        return text.to_owned();
    }
    format!("{}…", &text[..text.floor_char_boundary(LONGEST - 3)])
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_674_087_231);

    fn wording() -> Wording {
        Wording {
            site: "Realms".to_owned(),
            title: "Channel <main> rests".to_owned(),
            text: "Why: rate_limited & more".to_owned(),
            link: Some("https://realms.example/admin/channels".to_owned()),
        }
    }

    fn sent(settings: &str) -> (Request<Bytes>, Value) {
        let (wording, facts) =
            (wording(), json!({ "event": "channel_resting", "channel": "main" }));
        let envelope = Envelope { id: "nf_1.nt_2", facts: &facts, at: NOW, wording: &wording };
        let request = request(&serde_json::from_str(settings).unwrap(), &envelope, NOW).unwrap();
        let body = serde_json::from_slice(request.body()).unwrap();
        (request, body)
    }

    /// <https://github.com/standard-webhooks/standard-webhooks>: the vector of its libraries.
    #[test]
    fn a_webhook_is_signed_as_standard_webhooks_says() {
        let key = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = br#"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}"#;
        assert_eq!(hmac(&key, signed), "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let (request, body) = sent(&format!(
            r#"{{"kind":"webhook","url":"https://a.example/x?y=1","secret":"{secret}"}}"#
        ));
        assert_eq!(request.uri(), "https://a.example/x?y=1");
        let header = |name: &str| request.headers()[name].to_str().unwrap();
        assert_eq!(
            (header("webhook-id"), header("webhook-timestamp")),
            ("nf_1.nt_2", "1674087231")
        );
        let signed = [b"nf_1.nt_2.1674087231.", &request.body()[..]].concat();
        assert_eq!(header("webhook-signature"), format!("v1,{}", hmac(&key, &signed)));
        assert_eq!(
            (&body["type"], &body["data"]["channel"]),
            (&json!("channel_resting"), &json!("main"))
        );
        assert_eq!(body["link"], "https://realms.example/admin/channels");
    }

    #[test]
    fn robots_get_what_they_read() {
        let (request, body) =
            sent(r#"{"kind":"feishu","url":"https://f.example/hook","secret":"s"}"#);
        assert_eq!(request.uri(), "https://f.example/hook");
        assert_eq!((&body["msg_type"], &body["timestamp"]), (&json!("text"), &json!("1674087231")));
        // The key is the time and the secret, and nothing is signed.
        assert_eq!(body["sign"], hmac(b"1674087231\ns", b""));
        assert!(body["content"]["text"].as_str().unwrap().contains("rests\n\nWhy"));

        let (request, body) = sent(
            r#"{"kind":"dingtalk","url":"https://d.example/send?access_token=t","secret":"SEC1"}"#,
        );
        let sign = hmac(b"SEC1", b"1674087231000\nSEC1");
        let url: Url = request.uri().to_string().parse().unwrap();
        let asked: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            asked,
            [pair("access_token", "t"), pair("timestamp", "1674087231000"), pair("sign", &sign)]
        );
        assert_eq!(body["msgtype"], "text");

        let (request, body) = sent(r#"{"kind":"telegram","token":"1:a","chat_id":"-5"}"#);
        assert_eq!(request.uri(), "https://api.telegram.org/bot1:a/sendMessage");
        assert_eq!(body["chat_id"], "-5");

        let (_, body) = sent(r#"{"kind":"slack","url":"https://s.example/x"}"#);
        assert!(body["text"].as_str().unwrap().contains("Channel &lt;main&gt; rests"));

        let (request, body) =
            sent(r#"{"kind":"bark","device_key":"k","server":"https://b.example/"}"#);
        assert_eq!(request.uri(), "https://b.example/push");
        assert_eq!((&body["device_key"], &body["group"]), (&json!("k"), &json!("Realms")));
    }

    #[test]
    fn an_answer_that_says_no_is_none() {
        for (kind, body, taken) in [
            (TargetKind::Feishu, r#"{"code":0,"msg":"success"}"#, true),
            (TargetKind::Feishu, r#"{"StatusCode":0}"#, true),
            (TargetKind::Feishu, r#"{"code":19021,"msg":"sign match fail"}"#, false),
            (TargetKind::Wecom, r#"{"errcode":0,"errmsg":"ok"}"#, true),
            (TargetKind::Wecom, r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#, false),
            (TargetKind::Dingtalk, r#"{"errcode":310000,"errmsg":"sign not match"}"#, false),
            (TargetKind::Telegram, r#"{"ok":true}"#, true),
            (TargetKind::Telegram, r#"{"ok":false,"description":"chat not found"}"#, false),
            (TargetKind::Bark, r#"{"code":200,"message":"success"}"#, true),
            (TargetKind::Bark, "<html>", false),
            (TargetKind::Slack, "ok", true),
            (TargetKind::Webhook, "", true),
        ] {
            assert_eq!(refusal(kind, body.as_bytes()).is_none(), taken, "{kind:?} {body}");
        }
    }

    #[test]
    fn what_is_too_long_for_a_robot_is_cut_between_letters() {
        let cut = short(&"通".repeat(900));
        assert!(cut.len() <= LONGEST && cut.ends_with('…'), "{}", cut.len());
        assert_eq!(short("通"), "通");
    }
}
