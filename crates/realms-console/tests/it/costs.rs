//! What channels pay their vendors: said in a manifest, kept, exported, refused where it makes no sense.

use crate::{desk::Desk, face::Face};

const CHANNEL: &str = "[[channel]]\nname = \"a\"\nkind = \"openai\"\ncost_multiplier = \"0.6\"\n\
    models = [\"m\", { name = \"n\", cost = { input_usd_per_1m = \"0.75\", output_usd_per_1m = \"6\" } }]\n";

fn change(fields: &str) -> String {
    format!("[[channel]]\nname = \"a\"\n{fields}\n")
}

/// What the vendor is paid of prices, and for input of the two models, what is not known first.
async fn kept(desk: &Desk) -> (Option<String>, Vec<Option<String>>) {
    let read = desk.editor.store.read();
    let channel = read.find_channel_by_name("a").await.unwrap().unwrap();
    let bindings = read.list_bindings(Some(channel.id)).await.unwrap();
    let costs = bindings.into_iter().map(|one| one.cost.map(|cost| cost.input.to_string()));
    let mut costs: Vec<_> = costs.collect();
    costs.sort();
    (channel.cost_multiplier.map(|part| part.to_string()), costs)
}

#[tokio::test]
async fn costs_are_kept_until_they_are_taken_away() {
    let desk = Desk::open().await;
    let told = desk.apply(CHANNEL).await.to_string();
    assert!(told.contains("cost_multiplier: 0.6"), "{told}");
    assert!(told.contains("costs.n: {\"input_usd_per_1m\":\"0.75\""), "{told}");
    let all = (Some("0.6".to_owned()), vec![None, Some("0.75".to_owned())]);
    assert_eq!(kept(&desk).await, all);
    assert!(desk.apply(CHANNEL).await.plan.is_empty(), "the same again changes nothing");

    // What is not said stays.
    desk.apply(&change("weight = 2\nmodels = [\"m\", \"n\"]")).await;
    assert_eq!(kept(&desk).await, all);
    desk.apply(&change("models = [\"m\", { name = \"n\", cost = {} }]")).await;
    assert_eq!(kept(&desk).await, (Some("0.6".to_owned()), vec![None, None]));
    desk.apply(&change("cost_multiplier = \"\"")).await;
    assert_eq!(kept(&desk).await, (None, vec![None, None]));
    assert!(!desk.export().await.contains("cost"));
}

#[tokio::test]
async fn costs_go_along_with_an_export() {
    let desk = Desk::open().await;
    desk.apply(CHANNEL).await;
    let text = desk.export().await;
    assert!(text.contains("cost_multiplier = \"0.6\""), "{text}");
    let again = Desk::open().await;
    again.apply(&text).await;
    assert_eq!(kept(&again).await, kept(&desk).await);
    assert!(desk.apply(&text).await.plan.is_empty());
}

#[tokio::test]
async fn costs_that_make_no_sense_are_refused() {
    let desk = Desk::open().await;
    desk.apply(CHANNEL).await;
    for (cost, part) in [
        ("{ input_usd_per_1m = \"1\" }", "both input_usd_per_1m and output_usd_per_1m"),
        (
            "{ input_usd_per_1m = \"1\", output_usd_per_1m = \"1\", price_terms = { tiers = [{ above = 0 }] } }",
            "model `n`: cost: price_terms: tiers",
        ),
    ] {
        let refused =
            desk.refused(&change(&format!("models = [{{ name = \"n\", cost = {cost} }}]"))).await;
        assert!(refused.contains(part), "{refused}");
    }
    let face = Face::open().await;
    face.put("/api/admin/channels/a", r#"{"name": "a", "kind": "openai"}"#).await.ok(201);
    for bad in [
        r#"{"name": "a", "cost_multiplier": "-0.5"}"#,
        r#"{"name": "a", "cost_multiplier": 0.5}"#,
        r#"{"name": "a", "cost_multiplier": "0.0000001"}"#,
        r#"{"name": "a", "models": [{"name": "m", "cost": {"input": "1"}}]}"#,
    ] {
        let answer = face.put("/api/admin/channels/a", bad).await;
        assert!(answer.status.is_client_error(), "{bad}: {}", answer.text);
    }
    let good = r#"{"name": "a", "cost_multiplier": "0.5", "models": [
        {"name": "m", "cost": {"input_usd_per_1m": "1", "output_usd_per_1m": "2"}}]}"#;
    let set = face.put("/api/admin/channels/a", good).await.ok(200);
    assert_eq!(set["cost_multiplier"], "0.5");
    assert_eq!(set["models"][0]["cost"]["output_usd_per_1m"], "2", "{set}");
}
