//! Proxies: sealed, shown without their login, kept where they are, and gone through by every request.

use realms_testkit::{FakeProxy, FakeUpstream};
use serde_json::json;

use crate::{
    desk::{CANARY, Desk},
    face::Face,
};

const CHANNEL: &str = "[[channel]]\nname = \"a\"\nkind = \"openai\"\nmodels = [\"m\"]\n\
                       credentials = [{ name = \"k\", key = \"env:KEY\" }]\n";
const PLACE: &str = "socks5h://***@p.example:1080";

/// A channel that calls through a proxy with a login.
async fn desk() -> Desk {
    let desk = Desk::open().await;
    desk.apply(&format!("{CHANNEL}proxy = \"socks5h://user:{CANARY}@p.example:1080\"\n")).await;
    desk
}

fn change(proxy: &str) -> String {
    format!("[[channel]]\nname = \"a\"\nproxy = \"{proxy}\"\n")
}

/// The proxy as it is stored, opened.
async fn stored(desk: &Desk) -> Option<String> {
    let rows = desk.editor.store.load_catalog(&desk.editor.keyring).await.unwrap();
    rows.channels[0].proxy.as_ref().map(|proxy| proxy.as_ref().unwrap().reveal().clone())
}

#[tokio::test]
async fn a_proxy_is_told_and_exported_without_its_login_and_stays_where_nothing_is_said() {
    let desk = desk().await;
    let whole = format!("socks5h://user:{}@p.example:1080", CANARY.replace('_', "%5F"));
    assert_eq!(stored(&desk).await.as_deref(), Some(whole.as_str()));
    let record = &desk.editor.store.read().list_channels().await.unwrap()[0];
    assert!(!record.sealed_proxy.as_deref().unwrap().contains("example"), "it is sealed");

    for same in ["", &format!("proxy = \"{PLACE}\"\n")] {
        let text = format!("[[channel]]\nname = \"a\"\npriority = 3\n{same}");
        let applied = desk.apply(&text).await;
        assert!(!applied.to_string().contains("proxy"), "{applied}");
        assert_eq!(stored(&desk).await.as_deref(), Some(whole.as_str()));
    }
    let export = desk.export().await;
    assert!(export.contains("proxy = \"env:CHANNEL_A_PROXY\"\n"), "{export}");
    assert!(!export.contains(CANARY), "{export}");

    let plain = desk.apply(&change("http://p.example:3128")).await;
    let told = format!("proxy: {PLACE} -> http://p.example:3128");
    assert!(plain.to_string().contains(&told), "{plain}");
    assert!(desk.export().await.contains("proxy = \"http://p.example:3128\"\n"));
    let gone = desk.apply(&change("")).await;
    assert!(gone.to_string().contains("proxy: http://p.example:3128 -> nothing"), "{gone}");
    assert_eq!(stored(&desk).await, None);
}

#[tokio::test]
async fn a_login_does_not_follow_its_proxy_to_another_place() {
    let desk = desk().await;
    let before = stored(&desk).await;
    for moved in [
        "socks5h://***@elsewhere.example:1080",
        "socks5h://***@p.example:1081",
        "socks5://***@p.example:1080",
        "http://***@p.example:1080",
    ] {
        let refused = desk.refused(&change(moved)).await;
        assert!(refused.contains("channel `a`: proxy: `***` keeps the login"), "{refused}");
        let of_credential = format!(
            "[[channel]]\nname = \"a\"\ncredentials = [{{ name = \"k\", proxy = \"{moved}\" }}]\n"
        );
        let refused = desk.refused(&of_credential).await;
        assert!(refused.contains("credential `k`: proxy: `***` keeps"), "{refused}");
    }
    assert_eq!(stored(&desk).await, before);
    let other = desk.apply(&change("socks5h://user:other@p.example:1080")).await;
    let told = format!("proxy: {PLACE} -> {PLACE} (login changed)");
    assert!(other.to_string().contains(&told), "{other}");
}

#[tokio::test]
async fn a_proxy_that_does_not_open_is_never_taken_for_none() {
    let desk = desk().await;
    let channel = desk.editor.store.read().list_channels().await.unwrap().remove(0);
    let mut tx = desk.editor.store.begin().await.unwrap();
    let patch = realms_store::ChannelPatch {
        sealed_proxy: Some(Some("v1.nonsense".to_owned())),
        ..realms_store::ChannelPatch::default()
    };
    tx.update_channel(channel.id, patch, channel.updated_at).await.unwrap();
    tx.commit().await.unwrap();
    let refused = desk.refused("[[channel]]\nname = \"a\"\npriority = 3\n").await;
    assert!(refused.contains("what is stored cannot be opened: give it again"), "{refused}");
    desk.apply(&change("http://p.example:3128")).await;
    assert_eq!(stored(&desk).await.as_deref(), Some("http://p.example:3128"));
}

#[tokio::test]
async fn what_is_no_proxy_and_what_is_no_version_is_refused_with_its_reason() {
    let desk = Desk::open().await;
    for (text, part) in [
        ("proxy = \"env:PROXY\"\n", "the value of `PROXY`: a proxy begins with"),
        ("proxy = \"env:MISSING_PROXY\"\n", "`MISSING_PROXY` is not set"),
        ("api_version = \"2024-10-21\"\n", "only channels of kind `azure`"),
        ("kind = \"azure\"\n", "https://RESOURCE.openai.azure.com"),
        ("kind = \"azure\"\napi_version = \"a b\"\n", "is not a version such as 2024-10-21"),
    ] {
        let kind = if text.contains("kind") { "" } else { "kind = \"openai\"\n" };
        let refused = desk.refused(&format!("[[channel]]\nname = \"a\"\n{kind}{text}")).await;
        assert!(refused.contains(part), "{text}: {refused}");
        assert!(!refused.contains(CANARY), "{refused}");
    }
}

#[tokio::test]
async fn the_api_shows_a_proxy_without_its_login_and_keeps_it_under_that_form() {
    let face = Face::open().await;
    let body = json!({
        "name": "a", "kind": "openai", "base_url": "https://api.example/v1",
        "proxy": format!("http://user:{CANARY}@p.example:3128"),
        "credentials": [{"name": "k", "key": "sk-012345678", "proxy": format!("socks5://u:{CANARY}@q.example")}],
    });
    let made = face.put("/api/admin/channels/a", &body.to_string()).await;
    assert!(!made.text.contains(CANARY), "{}", made.text);
    let view = made.ok(201);
    assert_eq!(view["proxy"], "http://***@p.example:3128");
    assert_eq!(view["credentials"][0]["proxy"], "socks5://***@q.example:1080");
    let mut again = json!({"name": "a", "priority": 7});
    again["proxy"] = view["proxy"].clone();
    again["credentials"] = view["credentials"].clone();
    face.put("/api/admin/channels/a", &again.to_string()).await.ok(200);
    let rows = face.desk.editor.store.load_catalog(&face.desk.editor.keyring).await.unwrap();
    for proxy in [&rows.channels[0].proxy, &rows.credentials[0].proxy] {
        let whole = proxy.as_ref().unwrap().as_ref().unwrap().reveal().replace("%5F", "_");
        assert!(whole.contains(CANARY), "the login is lost");
    }
    let moved = r#"{"name": "a", "proxy": "http://***@elsewhere.example:3128"}"#;
    let refused = face.put("/api/admin/channels/a", moved).await;
    assert!(refused.text.contains("keeps the login"), "{}", refused.text);
    let broken = format!(r#"{{"name": "a", "proxy": "ftp://u:{CANARY}@x"}}"#);
    let refused = face.put("/api/admin/channels/a", &broken).await;
    assert!(refused.status.is_client_error() && !refused.text.contains(CANARY), "{}", refused.text);
    let log = face.get("/api/admin/audit").await;
    assert!(log.text.contains("***@p.example") && !log.text.contains(CANARY), "{}", log.text);
}

#[tokio::test]
async fn tests_and_lists_of_models_go_through_the_proxy_or_not_at_all() {
    let (vendor, proxy) = (FakeUpstream::start().await, FakeProxy::start().await);
    vendor.says("ok");
    let face = Face::open().await;
    let url = proxy.url(&format!("user:{CANARY}@"));
    let body = json!({
        "name": "a", "kind": "openai", "base_url": vendor.url(), "dialects": ["chat"],
        "proxy": url, "credentials": [{"name": "k", "key": "sk-012345678"}], "models": ["m"],
    });
    face.put("/api/admin/channels/a", &body.to_string()).await.ok(201);
    let unsaved = json!({
        "kind": "openai", "base_url": vendor.url(), "key": "sk-012345678", "proxy": url,
    });
    let probe = json!({
        "kind": "openai", "base_url": vendor.url(), "key": "sk-012345678", "proxy": url,
        "models": ["m"],
    });
    let (mut tunnels, mut asked) = (0, 0);
    for is_up in [false, true] {
        if is_up {
            proxy.lets_through();
        } else {
            proxy.refuses(403);
        }
        for (path, body) in [
            ("/api/admin/channels/a/test", "{}".to_owned()),
            ("/api/admin/channels/probe", probe.to_string()),
            ("/api/admin/channels/upstream-models", unsaved.to_string()),
            ("/api/admin/channels/a/upstream-models", String::new()),
        ] {
            let told = match body.as_str() {
                "" => face.get(path).await,
                body => face.post(path, body).await,
            };
            assert!(!told.text.contains(CANARY), "{path}: {}", told.text);
            let fails = told.text.contains("the proxy `http://***@127.0.0.1:");
            assert_eq!(fails, !is_up, "{path}: {}", told.text);
            let (through, reached) = (proxy.tunnels().len(), vendor.requests().len());
            // A kept tunnel may serve the next request too, as long as the proxy is up.
            assert!(through > tunnels || is_up, "{path} did not ask the proxy");
            assert_eq!(reached > asked, is_up, "{path}");
            (tunnels, asked) = (through, reached);
        }
    }
}

#[tokio::test]
async fn no_way_of_editing_moves_a_stored_key_to_another_host() {
    const MOVED: &str = "https://elsewhere.example/v1";
    let face = Face::open().await;
    face.desk.apply(CHANNEL).await;
    let by_api = json!({"name": "a", "base_url": MOVED}).to_string();
    let by_id = {
        let view = face.get("/api/admin/channels/a").await.ok(200);
        format!("/api/admin/channels/{}", view["id"].as_str().unwrap())
    };
    let text = format!("version = 1\n[[channel]]\nname = \"a\"\nbase_url = \"{MOVED}\"\n");
    for told in [
        face.put("/api/admin/channels/a", &by_api).await,
        face.put(&by_id, &by_api).await,
        face.post(
            "/api/admin/batch/preview",
            &json!({"kind": "channel", "items": ["a"], "change": {"base_url": MOVED}}).to_string(),
        )
        .await,
    ] {
        let names_it = told.text.contains("give the `key`") || told.text.contains("base_url");
        assert!(told.status.is_client_error() && names_it, "{}", told.text);
    }
    let refused = face.desk.refused(&text).await;
    assert!(refused.contains("give the `key` of each credential again"), "{refused}");
    // Another kind brings another default address, but the one that is there stays.
    face.desk.apply("[[channel]]\nname = \"a\"\nkind = \"anthropic\"\n").await;
    let url = face.get("/api/admin/channels/a").await.ok(200)["base_url"].clone();
    assert_eq!(url, "https://api.openai.com/v1");
}
