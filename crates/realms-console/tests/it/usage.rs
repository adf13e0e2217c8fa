//! Usage over HTTP: one's own and, for operators, everyone's.

use http::{Method, header};
use realms_store::{AttemptRecord, AuditFilter, UsageRecord};
use realms_types::{
    ApiKeyId, Cause, Certainty, Clock as _, DialectId, Money, NodeId, Origin, Scope, SystemClock,
    Timestamp, Usage, UserId,
};
use serde_json::Value;

use crate::face::{Answer, Face, Person};

impl Face {
    async fn person(&self, name: &str) -> Person {
        let path = format!("/api/admin/users/{name}");
        self.put(&path, &format!(r#"{{"username": "{name}"}}"#)).await.ok(201);
        self.sign_in(name).await
    }

    async fn get_as(&self, person: &Person, path: &str) -> Answer {
        self.ask_as(person, Method::GET, path, "").await
    }

    fn record(&self, model: &str, user_id: UserId) -> UsageRecord {
        record(self, model, user_id)
    }

    async fn insert(&self, records: &[UsageRecord]) {
        self.desk.editor.store.insert_usage(records).await.unwrap();
    }
}

/// A call that went well.
pub(crate) fn record(face: &Face, model: &str, user_id: UserId) -> UsageRecord {
    let ids = &face.desk.editor.ids;
    UsageRecord {
        id: ids.next(),
        request_id: ids.next_request(),
        client_request_id: None,
        user_id,
        api_key_id: ids.next::<ApiKeyId>(),
        node_id: ids.next::<NodeId>(),
        dialect: DialectId::Responses,
        operation: "responses".to_owned(),
        model: model.to_owned(),
        model_id: None,
        upstream_model: None,
        answered_model: None,
        channel_id: None,
        endpoint_id: None,
        credential_id: None,
        channel_group_id: None,
        stream: true,
        status: 200,
        outcome: "ok".to_owned(),
        origin: None,
        cause: None,
        started_at: at("2027-01-15T08:00:00Z"),
        first_event_us: Some(400_000),
        duration_us: 1_400_000,
        request_bytes: 3,
        response_bytes: 4,
        usage: Usage { input: 10, cache_read: 30, output: 7, ..Usage::default() },
        certainty: Certainty::Measured,
        cost: Some(Money::from_nano(1_500_000)),
        price: None,
        attempts: Vec::new(),
        trace: None,
        client_address: None,
        user_agent: Some("codex_exec/0.169.0 (Debian 12)".to_owned()),
        client: "codex_cli".to_owned(),
        session: None,
        cache_saved: Some(Money::from_nano(250_000)),
        object: None,
    }
}

impl Person {
    fn id(&self) -> UserId {
        self.id.parse().unwrap()
    }
}

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn attempt(face: &Face, record: &UsageRecord, channel: realms_types::ChannelId) -> AttemptRecord {
    let ids = &face.desk.editor.ids;
    AttemptRecord {
        sequence: 0,
        channel_id: channel,
        endpoint_id: ids.next(),
        credential_id: ids.next(),
        binding_id: None,
        upstream_model: None,
        started_at: record.started_at,
        headers_us: None,
        duration_us: 9,
        status: Some(429),
        outcome: "retried".to_owned(),
        cause: Some(Cause::RateLimited),
        scope: Some(Scope::Credential),
        detail: Some("the words of the upstream".to_owned()),
        bytes: 0,
        upstream_request_id: None,
    }
}

fn items(page: &Value) -> &Vec<Value> {
    page["items"].as_array().unwrap()
}

fn field<'a>(page: &'a Value, name: &str) -> Vec<&'a str> {
    items(page).iter().map(|item| item[name].as_str().unwrap()).collect()
}

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
async fn sums_are_those_of_the_calls() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let mut records: Vec<_> =
        (0..4).map(|n| face.record(&format!("m{}", n % 2), ana.id())).collect();
    records[3].outcome = "failed".to_owned();
    records[3].cause = Some(Cause::Broken);
    records[2].started_at = at("2027-01-15T16:30:00Z");
    let mut earlier = face.record("m0", ana.id());
    earlier.started_at = at("2027-01-13T12:00:00Z");
    records.push(earlier);
    face.insert(&records).await;

    let range = "since=2027-01-14T00:00:00Z&until=2027-01-16T00:00:00Z";
    let path = format!("/api/usage/summary?compare=previous&{range}");
    let summary = face.get_as(&ana, &path).await.ok(200);
    let sums = &summary["sums"];
    assert_eq!((sums["calls"].as_u64(), sums["errors"].as_u64()), (Some(4), Some(1)));
    assert_eq!(
        (sums["cost_usd"].as_str(), sums["cache_saved_usd"].as_str()),
        (Some("0.006"), Some("0.001"))
    );
    assert_eq!(summary["error_share"], 0.25);
    assert_eq!(summary["cache_hit_share"], 0.75);
    assert_eq!(summary["output_tokens_per_second"], 7);
    let p95 = summary["p95_first_event_us"].as_u64().unwrap();
    assert!((362_000..512_000).contains(&p95), "{p95}");
    assert_eq!(summary["previous"]["calls"], 1);

    let by = face.get(&format!("/api/admin/usage/by/model?sort=-calls&{range}")).await.ok(200);
    assert_eq!(field(&by, "key"), ["m0", "m1"]);
    assert_eq!(items(&by)[1]["errors"], 1);
    let by = face.get(&format!("/api/admin/usage/by/user?{range}")).await.ok(200);
    assert_eq!((field(&by, "label"), field(&by, "key")), (vec!["ana"], vec![ana.id.as_str()]));
    let by = face.get(&format!("/api/admin/usage/by/cause?{range}")).await.ok(200);
    assert_eq!(field(&by, "key"), ["_none", "broken"]);
    let by = face.get(&format!("/api/admin/usage/by/channel?{range}")).await.ok(200);
    assert_eq!(field(&by, "key"), ["_none"]);
    // In Shanghai the call of half past four in the afternoon is on the next day.
    let by = face.get(&format!("/api/admin/usage/by/day?tz=Asia/Shanghai&{range}")).await.ok(200);
    assert_eq!(field(&by, "key"), ["2027-01-16", "2027-01-15"]);
    assert_eq!(
        (&items(&by)[0]["calls"], &items(&by)[1]["calls"]),
        (&Value::from(1), &Value::from(3))
    );

    let chart = face
        .get_as(
            &ana,
            &format!("/api/usage/histogram?bucket=hour&by=outcome&{range}&tz=Asia/Kolkata"),
        )
        .await
        .ok(200);
    let starts = chart["starts"].as_array().unwrap();
    // The range begins at half past five.
    assert_eq!((starts.len(), &starts[0]), (49, &Value::from("2027-01-13T23:30:00.000000Z")));
    let series = chart["series"].as_array().unwrap();
    assert_eq!((series[0]["key"].as_str(), series[0]["total"].as_str()), (Some("ok"), Some("3")));
    let ok = series[0]["values"].as_array().unwrap();
    assert_eq!((ok[32].as_f64(), ok[41].as_f64()), (Some(2.0), Some(1.0)), "{ok:?}");
    let cost = face
        .get_as(&ana, &format!("/api/usage/histogram?measure=cost&by=model&bucket=day&{range}"))
        .await
        .ok(200);
    assert_eq!(cost["series"][0]["total"], "0.003");
    for bad in [
        "histogram?by=colour",
        "histogram?bucket=year",
        "histogram?tz=Mars/Olympus",
        "histogram?bucket=minute&since=2027-01-01T00:00:00Z&until=2027-02-01T00:00:00Z",
        "by/colour",
        "by/model?sort=colour",
        "by/model?limit=0",
        "summary?compare=previous",
        "export?format=xls",
    ] {
        let answer = face.get_as(&ana, &format!("/api/usage/{bad}")).await;
        assert_eq!(answer.problem(400), "malformed", "{bad}");
    }
}

#[tokio::test]
async fn calls_that_lack_something_are_found_by_it() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let mut records: Vec<_> = (0..2).map(|_| face.record("m0", ana.id())).collect();
    records[1].outcome = "failed".to_owned();
    records[1].cause = Some(Cause::Broken);
    records[1].session = Some("s1".to_owned());
    face.insert(&records).await;
    let calls = async |filter: &str| {
        let path = format!("/api/admin/usage/summary?filter={filter}");
        face.get(&path).await.ok(200)["sums"]["calls"].as_u64().unwrap()
    };
    assert_eq!(calls("cause:_none").await, 1);
    assert_eq!(calls("cause!:_none").await, 1);
    assert_eq!(calls("cause:_none,broken").await, 2);
    assert_eq!(calls("channel:_none").await, 2);
    assert_eq!(calls("session:_none").await, 1);
    let by = face.get("/api/admin/usage/by/session?sort=-calls").await.ok(200);
    let mut keys = field(&by, "key");
    keys.sort_unstable();
    assert_eq!(keys, ["_none", "s1"]);
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

#[tokio::test]
async fn a_dashboard_shows_what_is_used_and_what_fails() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let empty = face.get_as(&ana, "/api/dashboard").await.ok(200);
    let kinds: Vec<&str> = empty["attention"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["no_channel", "no_key"]);
    assert_eq!(empty["connect"], serde_json::json!({"has_key": false, "has_call": false}));
    assert_eq!(empty["today"]["sums"]["calls"], 0);
    assert_eq!(empty["spend"]["series"], serde_json::json!([]));

    let now = SystemClock.now().as_micros();
    let records: Vec<_> = (0..12)
        .map(|n| {
            let mut record = face.record("m", ana.id());
            record.started_at = Timestamp::from_micros(now - 120_000_000 + n);
            if n > 0 {
                record.outcome = "failed".to_owned();
                record.cause = Some(Cause::RateLimited);
                record.origin = Some(Origin::Upstream);
            }
            record
        })
        .collect();
    face.insert(&records).await;
    let full = face.get_as(&ana, "/api/dashboard?range=7d&tz=Asia/Shanghai").await.ok(200);
    assert!(
        full["attention"]
            .to_string()
            .contains(r#""kind":"failing","params":{"cause":"rate_limited","count":"10"}"#)
    );
    assert_eq!(full["connect"]["has_call"], true);
    assert_eq!(full["recent"].as_array().unwrap().len(), 8);
    let errors = full["recent_errors"].as_array().unwrap();
    assert_eq!(
        (errors[0]["cause"].as_str(), errors[0]["count"].as_u64()),
        (Some("rate_limited"), Some(11))
    );
    assert_eq!(errors[0]["last"]["request_id"], records[11].request_id.to_string());
    assert_eq!(full["top_models"][0]["cost_usd"], "0.018");
    assert_eq!(full["top_clients"][0]["key"], "codex_cli");
    assert_eq!(full["calls"]["series"][0]["total"], "11");
    assert_eq!(full["spend"]["bucket"], "day");
    assert_eq!(face.get_as(&ana, "/api/dashboard?range=1y").await.problem(400), "malformed");
}

#[tokio::test]
async fn the_month_of_a_dashboard_adds_up_to_its_calls_in_the_zone_of_the_reader() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    let other = face.person("eve").await;
    let zone = "Asia/Shanghai";
    let now = SystemClock.now();
    let clock = jiff::Timestamp::from_microsecond(now.as_micros()).unwrap().in_tz(zone).unwrap();
    let first = clock.first_of_month().unwrap().start_of_day().unwrap().timestamp();
    let first = first.as_microsecond();
    let mut records: Vec<_> = [first - 1, first, first, now.as_micros() - 1]
        .map(|micros| {
            let mut record = face.record("m", ana.id());
            record.started_at = Timestamp::from_micros(micros);
            record
        })
        .into();
    records[2].cost = Some(Money::from_nano(7));
    let mut strange = face.record("m", other.id());
    strange.started_at = now;
    records.push(strange);
    face.insert(&records).await;

    for (zone, range) in [(zone, "24h"), (zone, "30d"), ("America/New_York", "7d"), ("UTC", "24h")]
    {
        let path = format!("/api/dashboard?range={range}&tz={zone}");
        let month = face.get_as(&ana, &path).await.ok(200)["month"].clone();
        let starts = month["starts"].as_array().unwrap();
        let since = starts[0].as_str().unwrap();
        let days = month["days"].as_array().unwrap();
        let dates: Vec<&str> = days.iter().map(|day| day["date"].as_str().unwrap()).collect();
        assert!(dates[0].ends_with("-01") && dates.is_sorted(), "{dates:?}");
        assert!((28..=31).contains(&starts.len()) && dates.len() <= starts.len());
        let end = month["end"].as_str().unwrap();
        assert!(at(starts.last().unwrap().as_str().unwrap()) < at(end) && now < at(end));
        let cost = |value: &Value| value["cost_usd"].as_str().unwrap().parse::<Money>().unwrap();
        let total: i64 = days.iter().map(|day| cost(day).nano()).sum();
        assert_eq!(total, cost(&month["sums"]).nano(), "{zone}");
        // The page links to the calls since the first of these moments.
        let path = format!("/api/usage/summary?since={since}&until={end}");
        let calls = face.get_as(&ana, &path).await.ok(200)["sums"].clone();
        assert_eq!(calls, month["sums"], "{zone}");
        if zone == "Asia/Shanghai" {
            assert_eq!(at(since).as_micros(), first);
            assert_eq!(dates.len(), usize::try_from(clock.day()).unwrap());
            assert_eq!(calls["calls"], 3, "the one of the last microsecond before is not in it");
            assert_eq!(month["sums"]["cost_usd"], "0.003000007");
        }
    }
}

#[tokio::test]
async fn the_waste_of_a_dashboard_is_that_of_the_calls_it_leads_to() {
    let face = Face::open().await;
    let ana = face.person("ana").await;
    face.put("/api/admin/channels/a", r#"{"name": "a", "kind": "openai"}"#).await.ok(201);
    let channel = face.desk.editor.state().await.unwrap().channels["a"].id;
    let now = SystemClock.now().as_micros();
    let mut records: Vec<_> = (0..7)
        .map(|n| {
            let mut record = face.record("m", ana.id());
            record.started_at = Timestamp::from_micros(now - 120_000_000 + n);
            record
        })
        .collect();
    for (record, outcome) in records.iter_mut().zip(["failed", "broken", "client_gone", "refused"])
    {
        record.outcome = outcome.to_owned();
    }
    records[3].cost = None; // refused before it cost anything
    for record in &mut records[4..6] {
        let first = attempt(&face, record, channel);
        let second = AttemptRecord { sequence: 1, ..attempt(&face, record, channel) };
        record.attempts = vec![first, second];
    }
    records[6].upstream_model = Some("m-1".to_owned());
    records[6].answered_model = Some("n-1".to_owned());
    let mut old = records[0].clone();
    old.id = face.desk.editor.ids.next();
    old.request_id = face.desk.editor.ids.next_request();
    old.started_at = Timestamp::from_micros(now - 48 * 3_600 * 1_000_000);
    records.push(old);
    face.insert(&records).await;

    for (range, since, failed) in [("24h", 24, 2), ("7d", 7 * 24, 3)] {
        let path = format!("/api/dashboard?range={range}");
        let waste = face.get_as(&ana, &path).await.ok(200)["waste"].clone();
        let since = Timestamp::from_micros(now - since * 3_600 * 1_000_000);
        for (name, filter, calls) in [
            ("failed", "outcome:refused,rejected,failed,broken%20cost%3E0", failed),
            ("retried", "attempts%3E1", 2),
            ("mismatched", "mismatch:true", 1),
        ] {
            let path = format!("/api/usage/summary?filter={filter}&since={since}");
            let sums = face.get_as(&ana, &path).await.ok(200)["sums"].clone();
            assert_eq!(waste[name]["calls"], calls, "{name} {range}");
            for field in ["calls", "cost_usd"] {
                assert_eq!(waste[name][field], sums[field], "{name} {range}");
            }
        }
    }
}

#[tokio::test]
async fn search_finds_calls_keys_and_for_operators_people_and_channels() {
    let face = Face::open().await;
    face.put("/api/admin/channels/north", r#"{"name": "north", "kind": "openai"}"#).await.ok(201);
    let ana = face.person("ana").await;
    face.put("/api/admin/api-keys", r#"{"user": "ana", "name": "ana laptop"}"#).await.ok(201);
    let record = face.record("m", ana.id());
    face.insert(std::slice::from_ref(&record)).await;
    let id = record.request_id.to_string();
    let own = face.get_as(&ana, &format!("/api/search?q={id}")).await.ok(200);
    assert_eq!(
        (field(&own, "kind"), field(&own, "to")),
        (vec!["call"], vec![format!("/usage/{id}").as_str()])
    );
    let own = face.get_as(&ana, "/api/search?q=LAPTOP").await.ok(200);
    assert_eq!(field(&own, "to"), ["/tokens?q=ana%20laptop"]);
    let none = face.get_as(&ana, "/api/search?q=%25").await.ok(200);
    assert!(items(&none).is_empty(), "a wildcard is a letter");
    face.put("/api/admin/users/root", r#"{"username": "root", "role": "root"}"#).await.ok(201);
    let long = face.get_as(&ana, &format!("/api/search?q={}", "x".repeat(65))).await;
    assert_eq!(long.problem(400), "malformed");
}

#[tokio::test]
async fn an_overview_names_what_is_not_as_it_should_be() {
    let face = Face::open().await;
    for (path, body) in [
        ("channels/empty", r#"{"name": "empty", "kind": "openai"}"#),
        ("channels/off", r#"{"name": "off", "kind": "openai", "enabled": false}"#),
        ("models/lonely", r#"{"name": "lonely"}"#),
        ("settings/site_base_url", r#"{"value": "http://realms.example.org"}"#),
    ] {
        let answer = face.put(&format!("/api/admin/{path}"), body).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text);
    }
    let ana = face.person("ana").await;
    let now = SystemClock.now().as_micros();
    let mut record = face.record("m", ana.id());
    record.started_at = Timestamp::from_micros(now - 30_000_000);
    face.insert(&[record]).await;

    let seen = face.get("/api/admin/overview?tz=Europe/Berlin").await.ok(200);
    assert_eq!(seen["healthy"], false);
    let channels = &seen["channels"];
    let count = |name: &str| channels[name].as_u64().unwrap();
    assert_eq!(["total", "serving", "degraded", "down", "disabled"].map(count), [2, 0, 0, 1, 1]);
    let findings: Vec<(&str, &str)> = seen["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["severity"].as_str().unwrap(), one["id"].as_str().unwrap()))
        .collect();
    assert_eq!(
        findings,
        [
            ("error", "channel_down:empty"),
            ("warning", "model_no_channel"),
            ("warning", "plain_http")
        ]
    );
    assert_eq!(seen["findings"][0]["params"]["reason"], "no_credential");
    assert_eq!(seen["findings"][1]["params"]["models"], "lonely");
    assert_eq!(seen["now"]["calls_per_minute"], 0.2);
    assert_eq!(seen["top_users"][0]["label"], "ana");
    assert_eq!(seen["throughput"]["series"][0]["total"], "1");
    let p95 = seen["latency"]["p95"].as_array().unwrap();
    assert_eq!(p95.len(), seen["latency"]["starts"].as_array().unwrap().len());
    assert_eq!(p95.iter().filter(|one| one.is_u64()).count(), 1);
    assert_eq!(seen["setup"]["channel"], false);
    assert_eq!(face.get_as(&ana, "/api/admin/overview").await.problem(403), "forbidden");
}
