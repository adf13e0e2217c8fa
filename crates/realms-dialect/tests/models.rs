//! Model lists in the three shapes, and their pages.
#![cfg(test)]

use http::HeaderMap;
use realms_dialect::{Fault, FaultKind, ModelCard, ModelShape, Page, render_model, render_models};
use realms_types::Timestamp;
use serde_json::{Value, json};

/// A query, the ids of its page, and whether there is more.
type Case = (&'static [(&'static str, &'static str)], &'static [&'static str], bool);

fn cards(names: &[&str]) -> Vec<ModelCard> {
    let card = |name: &&str| ModelCard {
        id: (*name).to_owned(),
        owner: "realms".to_owned(),
        created: Timestamp::from_secs(1_795_190_400),
    };
    names.iter().map(card).collect()
}

fn page(query: &[(&str, &str)]) -> Page {
    Page::from_pairs(query.iter().copied()).unwrap()
}

fn list(shape: ModelShape, query: &[(&str, &str)]) -> Value {
    let cards = cards(&["a", "b", "c", "d"]);
    let body = render_models(shape, &cards, &page(query)).unwrap();
    serde_json::from_slice(&body).unwrap()
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().unwrap().iter().map(|model| model["id"].as_str().unwrap()).collect()
}

#[test]
fn each_shape_of_one_model() {
    let card = &cards(&["gpt-5.2"])[0];
    let model = |shape| serde_json::from_slice::<Value>(&render_model(shape, card)).unwrap();
    assert_eq!(
        model(ModelShape::Openai),
        json!({"id": "gpt-5.2", "object": "model", "created": 1_795_190_400, "owned_by": "realms"})
    );
    assert_eq!(
        model(ModelShape::Anthropic),
        json!({
            "type": "model", "id": "gpt-5.2", "display_name": "gpt-5.2",
            "created_at": "2026-11-20T16:00:00.000000Z",
        })
    );
    let gemini = model(ModelShape::Gemini);
    assert_eq!(
        (&gemini["name"], &gemini["displayName"]),
        (&json!("models/gpt-5.2"), &json!("gpt-5.2"))
    );
    assert_eq!(gemini["supportedGenerationMethods"][0], "generateContent");
}

#[test]
fn openai_lists_everything() {
    let list = list(ModelShape::Openai, &[("limit", "1")]);
    assert_eq!((&list["object"], ids(&list)), (&json!("list"), vec!["a", "b", "c", "d"]));
}

#[test]
fn anthropic_pages_both_ways() {
    let shape = ModelShape::Anthropic;
    let cases: [Case; 5] = [
        (&[("limit", "1000")], &["a", "b", "c", "d"], false),
        (&[("limit", "2")], &["a", "b"], true),
        (&[("limit", "2"), ("after_id", "b")], &["c", "d"], false),
        (&[("limit", "2"), ("before_id", "d")], &["b", "c"], true),
        (&[("after_id", "d")], &[], false),
    ];
    for (query, expected, has_more) in cases {
        let page = list(shape, query);
        assert_eq!((ids(&page), &page["has_more"]), (expected.to_vec(), &json!(has_more)));
        assert_eq!(page["first_id"], json!(expected.first()));
        assert_eq!(page["last_id"], json!(expected.last()));
    }
}

#[test]
fn gemini_pages_by_token_until_there_is_none() {
    let mut seen = Vec::new();
    let mut token = String::new();
    loop {
        let page = list(ModelShape::Gemini, &[("pageSize", "3"), ("pageToken", &token)]);
        let models = page["models"].as_array().unwrap();
        seen.extend(models.iter().map(|model| model["name"].as_str().unwrap().to_owned()));
        match page.get("nextPageToken") {
            Some(next) => next.as_str().unwrap().clone_into(&mut token),
            None => break,
        }
    }
    assert_eq!(seen, ["models/a", "models/b", "models/c", "models/d"]);
}

#[test]
fn pages_that_cannot_be_are_refused() {
    let refused = |fault: Fault| assert_eq!(fault.kind, FaultKind::BadRequest);
    for limit in ["0", "-1", "x", ""] {
        refused(Page::from_pairs([("limit", limit)]).unwrap_err());
    }
    let unknown = page(&[("after_id", "zzz"), ("beta", "true")]);
    refused(render_models(ModelShape::Anthropic, &cards(&["a"]), &unknown).unwrap_err());
}

#[test]
fn an_empty_list_is_a_list() {
    for shape in [ModelShape::Openai, ModelShape::Anthropic, ModelShape::Gemini] {
        let body = render_models(shape, &[], &Page::default()).unwrap();
        assert!(serde_json::from_slice::<Value>(&body).unwrap().is_object());
    }
}

#[test]
fn the_shape_follows_the_headers() {
    let of = |names: &[&'static str]| {
        let headers = names.iter().map(|name| (name.parse().unwrap(), "x".parse().unwrap()));
        ModelShape::of(&headers.collect::<HeaderMap>())
    };
    assert_eq!(of(&["authorization"]), ModelShape::Openai);
    assert_eq!(of(&["authorization", "anthropic-version"]), ModelShape::Anthropic);
    assert_eq!(of(&["x-goog-api-key"]), ModelShape::Gemini);
    assert_eq!(of(&["x-goog-api-client", "anthropic-version"]), ModelShape::Gemini);
}
