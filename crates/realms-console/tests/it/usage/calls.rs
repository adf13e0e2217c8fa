//! Calls one by one: listed, shown, exported, and nobody else's.

use http::header;
use realms_store::AuditFilter;
use realms_types::{Cause, Clock as _, Origin, SystemClock, Timestamp};
use serde_json::Value;

use super::{attempt, field, items};
use crate::face::Face;

#[tokio::test]
async fn records_are_listed_page_by_page_and_filtered() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let records: Vec<_> = (0..5).map(|n| face.record(&format!("m{}", n % 2), ana.id())).collect();
    face.insert(&records).await;

    let first = face.get("/api/admin/usage?limit=3").await.ok(200);
    assert_eq!((items(&first).len(), first["approx_total"].as_u64()), (3, Some(5)));
    assert_eq!(items(&first)[0]["client"], "Codex CLI 0.169.0");
    let next = first["next"].as_str().unwrap();
    let rest = face.get(&format!("/api/admin/usage?limit=3&cursor={next}")).await.ok(200);
    assert_eq!((items(&rest).len(), rest.get("next"), rest.get("approx_total")), (2, None, None));

    for (query, count) in [
        ("filter=model:m1%20user:ana", 2),
        ("filter=model!:m1", 3),
        ("filter=model:m*", 5),
        ("filter=client:codex*", 5),
        ("filter=cost%3E0.001", 5),
        ("filter=cost%3E0.0015", 0),
        ("filter=duration_ms%3C1401%20stream:true", 5),
        ("filter=first_event_ms%3E500", 0),
        ("filter=mismatch:true", 0),
        ("filter=attempts%3C1", 5),
        ("q=CODEX", 5),
        ("q=m1", 2),
        ("since=2099-01-01T00:00:00Z", 0),
        ("sort=-cost", 5),
    ] {
        let found = face.get(&format!("/api/admin/usage?{query}")).await.ok(200);
        assert_eq!(items(&found).len(), count, "{query}");
    }
    for bad in [
        "limit=0",
        "limit=201",
        "since=yesterday",
        "filter=user:nobody",
        "filter=channel:nowhere",
        "filter=colour:red",
        "filter=outcome:fine",
        "filter=cost%3Ealot",
        "filter=model%3Ex",
        "filter=stream:maybe",
        "filter=status:4*",
        "cursor=x",
        "sort=colour",
        "colour=red",
        "q=a%20b%20c%20d%20e%20f%20g%20h%20i",
    ] {
        let answer = face.get(&format!("/api/admin/usage?{bad}")).await;
        assert_eq!(answer.problem(400), "malformed", "{bad}");
    }
}

#[tokio::test]
async fn one_call_is_shown_with_its_attempts() {
    let face = Face::open().await;
    face.put("/api/admin/channels/a", r#"{"name": "a", "kind": "openai"}"#).await.ok(201);
    let ana = face.person("ana").await;
    let channel = face.desk.editor.state().await.unwrap().channels["a"].id;
    let mut record = face.record("m", ana.id());
    record.attempts.push(attempt(&face, &record, channel));
    face.insert(std::slice::from_ref(&record)).await;
    let shown = face.get("/api/admin/usage").await.ok(200)["items"][0].clone();
    assert_eq!(shown["usage"]["cache_read"], 30);
    assert_eq!(shown["cost_usd"], "0.0015");
    let tried = &shown["attempts"][0];
    assert_eq!(
        (tried["channel"].as_str(), tried["cause"].as_str()),
        (Some("a"), Some("rate_limited"))
    );
    for (filter, count) in [("tried:a", 1), ("tried!:a", 0), ("channel:a", 0)] {
        let found = face.get(&format!("/api/admin/usage?filter={filter}")).await.ok(200);
        assert_eq!(items(&found).len(), count, "{filter}");
    }
}

/// Whatever a person asks on whatever route, nothing of another's calls comes out.

#[tokio::test]
async fn people_see_their_own_calls_only() {
    let face = Face::open().await;
    face.put("/api/admin/channels/hidden", r#"{"name": "hidden", "kind": "openai"}"#).await.ok(201);
    let channel = face.desk.editor.state().await.unwrap().channels["hidden"].id;
    let (ana, eve) = (face.person("ana").await, face.person("eve").await);
    let now = SystemClock.now();
    let begun = Timestamp::from_micros(now.as_micros() - 60_000_000);
    let mut secret = face.record("secret-model", ana.id());
    secret.started_at = begun;
    secret.channel_id = Some(channel);
    secret.client = "secret_client".to_owned();
    secret.outcome = "failed".to_owned();
    secret.cause = Some(Cause::Exhausted);
    secret.origin = Some(Origin::Upstream);
    secret.attempts.push(attempt(&face, &secret, channel));
    let mut own = face.record("own-model", eve.id());
    own.started_at = begun;
    own.channel_id = Some(channel);
    own.attempts.push(attempt(&face, &own, channel));
    face.insert(&[secret.clone(), own]).await;

    let (id, key) = (secret.request_id.to_string(), secret.api_key_id.to_string());
    let range = "since=2020-01-01T00:00:00Z";
    let mut paths = vec![
        "/api/dashboard".to_owned(),
        "/api/dashboard?range=30d".to_owned(),
        format!("/api/search?q={id}"),
        "/api/search?q=ana".to_owned(),
        "/api/search?q=hidden".to_owned(),
        "/api/search?q=secret".to_owned(),
    ];
    for query in [
        String::new(),
        format!("q={id}"),
        format!("filter=request_id:{id}"),
        format!("filter=api_key:{key}"),
        "filter=model:secret*".to_owned(),
        "filter=outcome:failed".to_owned(),
        "q=secret".to_owned(),
    ] {
        for route in ["", "/summary", "/histogram", "/by/model", "/by/cause", "/by/day", "/export"]
        {
            paths.push(format!("/api/usage{route}?{query}&{range}&until=2100-01-01T00:00:00Z"));
        }
    }
    for path in &paths {
        // A chart of eighty years has too many days; what it says is no secret.
        let answer =
            face.get_as(&eve, &path.replace("2020-", "2026-").replace("2100-", "2027-")).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
        let own_words = answer.text.replace(&id, "").replace(&key, "");
        // The dashboard counts one's own failures: there are none.
        let own_words = own_words.replace(r#""failed":{"calls":0,"#, "");
        for word in ["secret", "exhausted", "failed", "hidden", "words of the upstream", "ana"] {
            assert!(!own_words.contains(word), "{path}: {word} in {}", answer.text);
        }
        assert!(!answer.text.contains(&ana.id), "{path}");
        assert!(!answer.text.contains(&channel.to_string()), "{path}");
    }
    // The dimensions and fields of operators are not theirs.
    for path in [
        "/api/usage?filter=user:ana",
        "/api/usage?filter=channel:hidden",
        "/api/usage/by/user",
        "/api/usage/by/channel",
        "/api/usage/histogram?by=channel",
    ] {
        assert_eq!(face.get_as(&eve, path).await.problem(400), "malformed", "{path}");
    }
    for path in ["/api/admin/usage", "/api/admin/usage/export", "/api/admin/usage/by/user"] {
        assert_eq!(face.get_as(&eve, path).await.problem(403), "forbidden", "{path}");
    }
    let list = face.get_as(&eve, "/api/usage").await.ok(200);
    assert_eq!(field(&list, "model"), ["own-model"]);
    let tried = &list["items"][0]["attempts"][0];
    assert_eq!((tried["label"].as_str(), tried.get("channel")), (Some("A"), None));
    assert!(tried.get("endpoint_id").is_none() && tried.get("detail").is_none());
    // An admin key has no calls of its own.
    assert_eq!(face.get("/api/usage").await.problem(403), "forbidden");
}

#[tokio::test]
async fn calls_are_exported_as_a_table_and_as_lines() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let mut records: Vec<_> = (0..1_203).map(|n| face.record(&format!("m{n}"), ana.id())).collect();
    records[7].model = "=HYPERLINK(\"http://x\")".to_owned();
    records[8].user_agent = Some("a,b\n".to_owned());
    face.insert(&records).await;

    let answer =
        face.get_as(&ana, "/api/usage/export?tz=Asia/Shanghai&until=2028-01-01T00:00:00Z").await;
    assert_eq!(answer.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8");
    let disposition = answer.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert!(disposition.starts_with("attachment; filename=\"usage-"), "{disposition}");
    let text = answer.text;
    assert!(text.starts_with("\u{feff}request_id,started_at,user,api_key,"), "{}", &text[..80]);
    assert_eq!(text.split("\r\n").filter(|line| !line.is_empty()).count(), 1_204);
    assert!(text.contains("2027-01-15T16:00:00.000+08:00,ana,"));
    assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\")\""));
    assert!(!text.contains(",channel,"), "people do not see channels");

    let lines = face
        .get_as(&ana, "/api/usage/export?format=jsonl&filter=model:m1*&until=2028-01-01T00:00:00Z")
        .await
        .text;
    let calls: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(calls.len(), 1 + 10 + 100 + 203);
    assert!(calls.iter().all(|call| call["model"].as_str().unwrap().starts_with("m1")));

    let read = face.desk.editor.store.read();
    let exports =
        AuditFilter { actions: vec!["usage.export".to_owned()], ..AuditFilter::default() };
    assert!(read.list_audit(&exports).await.unwrap().records.is_empty(), "one's own is no audit");
    let all = face.get("/api/admin/usage/export?filter=model:m5&until=2028-01-01T00:00:00Z").await;
    assert!(all.text.contains(",channel,"));
    let audit = read.list_audit(&exports).await.unwrap().records;
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0].changes[0].after.as_deref(), Some("1"));
    assert_eq!(audit[0].changes[1].after.as_deref(), Some("model:m5"));
}
