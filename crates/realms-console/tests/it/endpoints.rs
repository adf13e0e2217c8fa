//! Several addresses of one channel: kept by what they are, exported, never sent a key unasked.

use realms_store::EndpointRecord;
use serde_json::json;

use crate::{
    desk::{Desk, document},
    face::{Answer, Face},
};

const CHANNEL: &str = "[[channel]]\nname = \"a\"\nkind = \"openai\"\nmodels = [\"m\"]\n\
                       base_url = \"https://a.example/v1\"\n\
                       credentials = [{ name = \"k\", key = \"env:KEY\" }]\n";
const TWO: &str = "endpoints = [\"https://eu.example/v1\", { base_url = \"https://us.example/v1\", \
                   priority = -5, enabled = false }]\n";

/// A channel with three addresses.
async fn desk() -> Desk {
    let desk = Desk::open().await;
    desk.apply(&format!("{CHANNEL}{TWO}")).await;
    desk
}

fn change(fields: &str) -> String {
    format!("[[channel]]\nname = \"a\"\n{fields}\n")
}

async fn rows(desk: &Desk) -> Vec<EndpointRecord> {
    desk.editor.store.read().list_endpoints(None).await.unwrap()
}

/// The rows, one line each, the first to be tried first.
async fn lines(desk: &Desk) -> Vec<String> {
    let line = |row: EndpointRecord| format!("{} {} {}", row.base_url, row.priority, row.enabled);
    rows(desk).await.into_iter().map(line).collect()
}

#[tokio::test]
async fn an_address_keeps_its_row_as_long_as_it_is_listed() {
    let desk = desk().await;
    let before = rows(&desk).await;
    let all = [
        "https://a.example/v1 0 true",
        "https://eu.example/v1 -1 true",
        "https://us.example/v1 -5 false",
    ];
    assert_eq!(lines(&desk).await, all);

    // Said again, or not said: nothing changes.
    assert!(desk.apply(&change(TWO)).await.plan.is_empty());
    desk.apply(&change("weight = 2")).await;
    assert_eq!(lines(&desk).await, all);

    // What is not said of one: the usual place, and on or off as it was.
    let told = desk
        .apply(&change(
            "endpoints = [\"https://us.example/v1\", { base_url = \"https://eu.example/v1\", priority = -2 }]",
        ))
        .await
        .to_string();
    let moved = "endpoints.https://us.example/v1: priority -5 (disabled) -> priority -1 (disabled)";
    assert!(told.contains(moved), "{told}");
    assert!(told.contains("https://eu.example/v1: priority -1 -> priority -2"), "{told}");
    let after = rows(&desk).await;
    let ids = |rows: &[EndpointRecord], order: [usize; 3]| order.map(|place| rows[place].id);
    assert_eq!(ids(&after, [0, 2, 1]), ids(&before, [0, 1, 2]));

    // One of them becomes the first, and the first one of them.
    let swap = "base_url = \"https://eu.example/v1\"\nendpoints = [\"https://a.example/v1\"]";
    let told = desk.apply(&change(swap)).await.to_string();
    assert!(told.contains("endpoints.https://us.example/v1: priority -1 (disabled) -> nothing"));
    assert_eq!(
        lines(&desk).await,
        ["https://eu.example/v1 0 true", "https://a.example/v1 -1 true"]
    );
    let swapped = rows(&desk).await;
    assert_eq!([swapped[0].id, swapped[1].id], [before[1].id, before[0].id]);

    // A first that moves at its host stays the same endpoint.
    desk.apply(&change("base_url = \"https://eu.example/v2\"\nendpoints = []")).await;
    assert_eq!(lines(&desk).await, ["https://eu.example/v2 0 true"]);
    assert_eq!(rows(&desk).await[0].id, before[1].id);
}

#[tokio::test]
async fn what_cannot_be_an_address_is_refused_by_the_name_of_the_field() {
    let desk = desk().await;
    let before = lines(&desk).await;
    for (fields, mistake) in [
        ("endpoints = [\"https://a.example/v1/\"]", "the channel has this address already"),
        (
            "endpoints = [\"https://eu.example/v1\", \"https://EU.example/v1\"]",
            "`https://EU.example/v1`: the channel has this address already",
        ),
        ("endpoints = [\"eu.example\"]", "relative URL"),
        ("endpoints = [\"https://eu.example?k=1\"]", "a query or a fragment"),
        (
            "endpoints = [{ base_url = \"https://eu.example/v1\", priority = 0 }]",
            "its priority must be below 0",
        ),
        ("base_url = \"https://eu.example/v1\"", "the channel has this address already"),
    ] {
        let refused = desk.refused(&change(fields)).await;
        let mistake = refused.split_once(mistake).map(|(before, _)| before);
        assert!(mistake.is_some_and(|it| it.contains("channel `a`: endpoints: ")), "{refused}");
    }
    assert_eq!(lines(&desk).await, before);
}

#[tokio::test]
async fn a_key_goes_to_no_new_host_unasked() {
    let desk = desk().await;
    let before = lines(&desk).await;
    let keep = "\"https://eu.example/v1\", \"https://us.example/v1\"";
    for new in ["https://new.example/v1", "http://eu.example/v1", "https://eu.example:8443/v1"] {
        for entry in [
            format!("\"{new}\""),
            format!("{{ base_url = \"{new}\", enabled = false, priority = -9 }}"),
        ] {
            let refused = desk.refused(&change(&format!("endpoints = [{keep}, {entry}]"))).await;
            let told =
                format!("channel `a`: endpoints: `{new}` leads to another host: give the `key`");
            assert!(refused.contains(&told), "{refused}");
        }
    }
    assert_eq!(lines(&desk).await, before);
    // Another path of a host it has is no new host.
    desk.apply(&change("endpoints = [\"https://eu.example/v2\", \"https://us.example/v1\"]")).await;
    let keys = "credentials = [{ name = \"k\", key = \"env:KEY\" }]";
    desk.apply(&change(&format!("endpoints = [\"https://new.example/v1\"]\n{keys}"))).await;
    assert_eq!(
        lines(&desk).await,
        ["https://a.example/v1 0 true", "https://new.example/v1 -1 true"]
    );

    // A secret header is held to the same.
    let header = "options = { headers = { set = { x-team-token = \"canary-1234\" } } }";
    desk.apply(&change(header)).await;
    let refused =
        desk.refused(&change(&format!("endpoints = [\"https://c.example\"]\n{keys}"))).await;
    assert!(refused.contains("give each secret value of a header"), "{refused}");
}

#[tokio::test]
async fn an_export_says_every_address_and_is_read_again() {
    let desk = desk().await;
    let export = desk.export().await;
    for part in
        ["\"https://eu.example/v1\"", "base_url = \"https://us.example/v1\"", "priority = -5"]
    {
        assert!(export.contains(part), "{part}: {export}");
    }
    let copy = Desk::open().await;
    copy.apply(&export).await;
    assert_eq!(lines(&copy).await, lines(&desk).await);
    assert_eq!(copy.export().await, export);
    assert_eq!(document(&export).channels[0].endpoints.as_ref().unwrap().len(), 2);
}

/// What is not said of the channel stays as it is.
async fn patch(face: &Face, fields: &str) -> Answer {
    face.put("/api/admin/channels/a", fields).await
}

#[tokio::test]
async fn the_api_gives_and_takes_them() {
    let face = Face::open().await;
    let channel = json!({
        "name": "a", "kind": "openai", "base_url": "https://a.example/v1", "models": ["m"],
        "credentials": [{"name": "k", "key": "sk-1"}],
        "endpoints": ["https://eu.example/v1", {"base_url": "https://us.example/v1", "enabled": false}],
    });
    let made = face.put("/api/admin/channels/a", &channel.to_string()).await.ok(201);
    assert_eq!(made["endpoints"], channel["endpoints"]);
    let one =
        r#"{"name": "a", "endpoints": [{"base_url": "https://eu.example/v1", "priority": -3}]}"#;
    let told = patch(&face, one).await.ok(200);
    assert_eq!(told["endpoints"], json!([{"base_url": "https://eu.example/v1", "priority": -3}]));
    let told = patch(&face, r#"{"name": "a", "priority": 4}"#).await.ok(200);
    assert_eq!(told["endpoints"].as_array().unwrap().len(), 1);
    let status = face.get("/api/admin/channel-status").await.ok(200);
    let of_status = status["items"][0]["endpoints"].as_array().unwrap();
    let addresses: Vec<_> = of_status.iter().map(|one| one["base_url"].as_str().unwrap()).collect();
    assert_eq!(addresses, ["https://a.example/v1", "https://eu.example/v1"]);
    let moved = r#"{"name": "a", "endpoints": ["https://new.example/v1"]}"#;
    let refused = patch(&face, moved).await;
    assert_eq!(refused.problem(422), "invalid");
    assert!(refused.text.contains("leads to another host"), "{}", refused.text);
    let none = patch(&face, r#"{"name": "a", "endpoints": []}"#).await.ok(200);
    assert!(none.get("endpoints").is_none(), "{none}");
}
