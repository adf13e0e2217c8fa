//! What is offered, what is there, and what comes of it.

use super::*;

/// As LiteLLM writes it, in July.
const LITELLM: &str = r#"{
    "sample_spec": {"input_cost_per_token": 0.0, "output_cost_per_token": 0.0, "mode": "one of: chat, embedding"},
    "gpt-5.2": {"input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05, "cache_read_input_token_cost": 1.25e-07, "litellm_provider": "openai", "mode": "chat", "supports_vision": true},
    "claude-opus-4-5": {"input_cost_per_token": 5e-06, "output_cost_per_token": 2.5e-05, "cache_creation_input_token_cost": 6.25e-06, "cache_creation_input_token_cost_above_1hr": 1e-05, "cache_read_input_token_cost": 5e-07, "litellm_provider": "anthropic", "mode": "chat"},
    "gemini/gemini-3-pro": {"input_cost_per_token": 2e-06, "output_cost_per_token": 1.2e-05, "litellm_provider": "vertex_ai-language-models", "mode": "chat"},
    "text-embedding-3-small": {"input_cost_per_token": 2e-08, "litellm_provider": "openai", "mode": "embedding"},
    "dall-e-3": {"output_cost_per_pixel": 4e-08, "mode": "image_generation"},
    "odd": 7
}"#;

fn price(input: &str, output: &str) -> Price {
    Price { input: input.parse().unwrap(), output: output.parse().unwrap(), ..Price::default() }
}

fn usual<const N: usize>(overwrite: [&str; N]) -> Choice {
    Choice::Usual { overwrite: overwrite.map(str::to_owned).into() }
}

fn known(model: &str, price: Option<Price>) -> (String, Known) {
    (model.to_owned(), Known { price, pinned: false })
}

fn row<'a>(rows: &'a [Row], model: &str) -> &'a Row {
    rows.iter().find(|row| row.model == model).unwrap()
}

#[test]
fn litellms_prices_are_exact() {
    let (offers, format) = read(LITELLM, Format::Auto).unwrap();
    assert_eq!(format, Format::Litellm);
    let offer = |name: &str| offers.iter().find(|offer| offer.model == name).unwrap().clone();
    let gpt = offer("gpt-5.2").price.unwrap();
    assert_eq!((gpt.input.to_string(), gpt.output.to_string()), ("1.25".into(), "10".into()));
    assert_eq!(gpt.cache_read.unwrap().to_string(), "0.125");
    let opus = offer("claude-opus-4-5").price.unwrap();
    assert_eq!(opus.cache_write_5m.unwrap().to_string(), "6.25");
    assert_eq!(opus.cache_write_1h.unwrap().to_string(), "10");
    let embedding = offer("text-embedding-3-small").price.unwrap();
    assert_eq!((embedding.input.to_string(), embedding.output.nano()), ("0.02".into(), 0));
    assert_eq!(offer("gemini/gemini-3-pro").owner.as_deref(), Some("google"));
    assert!(offer("dall-e-3").price.unwrap_err() == Reason::NoPrice("input"));
    assert!(offer("odd").price.is_err());
    assert!(!offers.iter().any(|offer| offer.model == "sample_spec"));
}

#[test]
fn litellms_tiers_lanes_and_parts_are_brought_along() {
    let text = r#"{
        "tiered": {"input_cost_per_token": 1.25e-06, "output_cost_per_token": 1e-05, "input_cost_per_token_above_200k_tokens": 2.5e-06, "output_cost_per_token_above_200k_tokens": 1.5e-05, "cache_read_input_token_cost": 3.1e-07, "output_cost_per_reasoning_token": 1e-05, "mode": "chat"},
        "lanes": {"input_cost_per_token": 1e-06, "output_cost_per_token": 8e-06, "input_cost_per_token_priority": 2e-06, "output_cost_per_token_priority": 1.6e-05, "input_cost_per_token_flex": 5e-07, "output_cost_per_token_flex": 4e-06, "output_cost_per_reasoning_token": 4e-06, "input_cost_per_audio_token": 1e-05, "mode": "chat"},
        "plain": {"input_cost_per_token": 1e-06, "output_cost_per_token": 8e-06, "mode": "chat"}
    }"#;
    let (offers, _) = read(text, Format::Litellm).unwrap();
    let terms = |name: &str| {
        let offer = offers.iter().find(|offer| offer.model == name).unwrap();
        offer.price.clone().unwrap().terms.map(|terms| serde_json::to_string(&terms).unwrap())
    };
    assert_eq!(
        terms("tiered").unwrap(),
        r#"{"tiers":[{"above":200000,"input":"2.5","output":"15"}]}"#
    );
    assert_eq!(
        terms("lanes").unwrap(),
        r#"{"reasoning":"4","audio_input":"10","lanes":{"flex":"0.5","priority":"2"}}"#
    );
    assert_eq!(terms("plain"), None);
    // What is written reads back as what was offered.
    let present = Present::new();
    let rows = compare(offers.clone(), &present, &usual([]));
    let written = serde_json::to_string(&row(&rows, "lanes").change().unwrap()).unwrap();
    let (again, _) = read(&format!("[{written}]"), Format::Realms).unwrap();
    assert_eq!(again[0].price, row(&rows, "lanes").after.clone().ok_or(Reason::Kept));
}

#[test]
fn prices_of_images_are_brought_along_once() {
    let text = r#"{
        "gpt-image-1": {"input_cost_per_token": 5e-06, "input_cost_per_image_token": 1e-05, "output_cost_per_image_token": 4e-05, "mode": "image_generation"},
        "gemini-image": {"input_cost_per_token": 3e-07, "output_cost_per_token": 2.5e-06, "output_cost_per_image_token": 3e-05, "output_cost_per_image": 0.039, "input_cost_per_image": 0.0001, "mode": "image_generation"},
        "gemini-preview": {"input_cost_per_token": 3e-07, "output_cost_per_token": 3e-05, "output_cost_per_image": 0.039, "mode": "chat"},
        "imagen": {"output_cost_per_image": 0.04, "mode": "image_generation"},
        "dall-e-3": {"input_cost_per_image": 0.04, "output_cost_per_image": 0.0, "mode": "image_generation"},
        "sees": {"input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06, "input_cost_per_image": 0.0013, "mode": "chat"}
    }"#;
    let (offers, _) = read(text, Format::Litellm).unwrap();
    let told = |name: &str| {
        let offer = offers.iter().find(|offer| offer.model == name).unwrap();
        let price = offer.price.clone().unwrap();
        let terms = price.terms.map(|terms| serde_json::to_string(&terms).unwrap());
        (price.input.to_string(), price.output.to_string(), terms.unwrap_or_default())
    };
    let of = |input: &str, output: &str, terms: &str| {
        (input.to_owned(), output.to_owned(), terms.to_owned())
    };
    assert_eq!(told("gpt-image-1"), of("5", "40", r#"{"image_input":"10"}"#));
    assert_eq!(told("gemini-image"), of("0.3", "2.5", r#"{"image_output":"30"}"#));
    assert_eq!(told("gemini-preview"), of("0.3", "30", ""), "its tokens are the image");
    assert_eq!(told("imagen"), of("0", "0", r#"{"image":"0.04"}"#));
    assert_eq!(told("dall-e-3"), of("0", "0", r#"{"image":"0.04"}"#));
    assert_eq!(told("sees"), of("1", "2", ""), "nobody tells how many images it saw");
}

#[test]
fn our_own_models_are_read_in_every_wrapping() {
    let one = r#"{"id": "md_1", "name": "m", "owner": "o", "input_usd_per_1m": "1.25", "output_usd_per_1m": 10, "cache_read_usd_per_1m": ""}"#;
    for text in [
        format!("[{one}]"),
        format!(r#"{{"models": [{one}]}}"#),
        format!(r#"{{"version": 1, "model": [{one}]}}"#),
        format!(r#"{{"items": [{one}]}}"#),
    ] {
        let (offers, format) = read(&text, Format::Auto).unwrap();
        assert_eq!((offers.len(), format), (1, Format::Realms), "{text}");
        assert_eq!(offers[0].price, Ok(price("1.25", "10")), "{text}");
    }
    for text in ["", "nonsense", "7", "[7]", r#"[{"owner": "o"}]"#] {
        assert!(matches!(read(text, Format::Auto), Err(ConsoleError::Malformed(_))), "{text}");
    }
}

#[test]
fn a_price_that_is_there_stays_unless_it_is_named() {
    let present = Present::from([
        known("gpt-5.2", Some(price("1", "8"))),
        known("claude-opus-4-5", None),
        known("text-embedding-3-small", Some(price("0.02", "0"))),
    ]);
    let (offers, _) = read(LITELLM, Format::Litellm).unwrap();
    let rows = compare(offers.clone(), &present, &usual([]));
    let kept = row(&rows, "gpt-5.2");
    assert_eq!((kept.state, kept.written), (RowState::Changed, false));
    assert!(kept.reason == Some(Reason::Kept) && kept.change().is_none());
    let priced = row(&rows, "claude-opus-4-5");
    assert_eq!((priced.state, priced.written), (RowState::Changed, true));
    assert_eq!(row(&rows, "text-embedding-3-small").state, RowState::Unchanged);
    assert_eq!(row(&rows, "gemini/gemini-3-pro").state, RowState::Added);
    let failed = row(&rows, "dall-e-3");
    assert_eq!((failed.state, failed.after.clone()), (RowState::Failed, None));

    let rows = compare(offers.clone(), &present, &usual(["gpt-5.2"]));
    let named = row(&rows, "gpt-5.2");
    assert!(named.written && named.reason.is_none());
    let change = named.change().unwrap();
    assert_eq!(change.input_usd_per_1m, Some(Slot::Full("1.25".parse().unwrap())));
    assert_eq!(change.cache_write_1h_usd_per_1m, Some(Slot::Empty), "the whole price is replaced");
    assert_eq!(change.owner, None, "the owner of what is there stays");

    let only = Choice::Only(["gpt-5.2", "dall-e-3"].map(str::to_owned).into());
    let rows = compare(offers, &present, &only);
    let written: Vec<&str> =
        rows.iter().filter(|row| row.written).map(|row| row.model.as_str()).collect();
    assert_eq!(written, ["gpt-5.2"], "nothing else, and never what failed");
}

#[test]
fn a_pinned_price_stays_unless_it_is_named() {
    let pinned = |price| Known { price: Some(price), pinned: true };
    let present = Present::from([
        ("gpt-5.2".to_owned(), pinned(price("1", "8"))),
        ("text-embedding-3-small".to_owned(), pinned(price("0.02", "0"))),
    ]);
    let (offers, _) = read(LITELLM, Format::Litellm).unwrap();
    let rows = compare(offers.clone(), &present, &usual([]));
    let stays = row(&rows, "gpt-5.2");
    assert!(stays.pinned && !stays.written && stays.reason == Some(Reason::Pinned));
    let same = row(&rows, "text-embedding-3-small");
    assert_eq!((same.state, same.pinned, &same.reason), (RowState::Unchanged, true, &None));
    assert!(!row(&rows, "claude-opus-4-5").pinned);

    let only = Choice::Only(["gpt-5.2".to_owned()].into());
    for choice in [usual(["gpt-5.2"]), only] {
        let rows = compare(offers.clone(), &present, &choice);
        let named = row(&rows, "gpt-5.2");
        assert!(named.pinned && named.written);
        assert_eq!(named.change().unwrap().price_pinned, Some(false), "its price is the list's");
    }
}

#[test]
fn of_what_is_left_out_somebody_is_told_first() {
    let offer = Offer {
        model: "m".into(),
        owner: None,
        price: Ok(price("1", "8")),
        note: Some(Note::PriorityUneven),
    };
    let told = |present: &Present, choice: &Choice| {
        let row = compare(vec![offer.clone()], present, choice).remove(0);
        (row.note, row.reason, row.written)
    };
    let note = Some(Note::PriorityUneven);
    let nothing = Present::new();
    assert_eq!(told(&nothing, &usual([])), (note, Some(Reason::Partial), false));
    assert_eq!(told(&nothing, &usual(["m"])), (note, None, true));
    let present = Present::from([known("m", Some(price("2", "8")))]);
    assert_eq!(told(&present, &usual([])), (note, Some(Reason::Kept), false));
}

#[test]
fn a_great_change_is_flagged() {
    let offer =
        |price: Price| Offer { model: "m".into(), owner: None, price: Ok(price), note: None };
    let change = |before: Price, after: Price| {
        let present = Present::from([known("m", Some(before))]);
        compare(vec![offer(after)], &present, &usual([]))[0].factor
    };
    assert_eq!(change(price("1", "10"), price("10", "100")), None, "ten times is not more");
    assert_eq!(change(price("1", "10"), price("1", "125")), Some(12.5));
    assert_eq!(change(price("3", "15"), price("0.00003", "15")), Some(0.0));
    assert_eq!(change(price("3", "15"), price("0.03", "15")), Some(0.01));
    assert_eq!(change(price("0", "15"), price("3", "15")), None);
}

#[test]
fn of_a_library_only_what_is_there_or_named_is_taken() {
    let offers: Vec<Offer> = (0..=LIBRARY)
        .map(|n| Offer {
            model: format!("m{n}"),
            owner: None,
            price: Ok(price("1", "2")),
            note: None,
        })
        .collect();
    let present = Present::from([known("m1", None)]);
    let rows = compare(offers, &present, &usual(["m2"]));
    let written = rows.iter().filter(|row| row.change().is_some());
    let names: Vec<&str> = written.map(|row| row.model.as_str()).collect();
    assert_eq!(names, ["m1", "m2"]);
    assert_eq!((rows.len(), &row(&rows, "m3").reason), (LIBRARY + 1, &Some(Reason::Library)));
}

#[test]
fn a_name_that_is_none_fails_alone() {
    let text = r#"[{"name": "a b", "input_usd": "1", "output_usd": "2"}, {"name": "ok", "input_usd": "1", "output_usd": "2"}]"#;
    let rows = compare(read(text, Format::Auto).unwrap().0, &Present::new(), &usual([]));
    assert_eq!((rows[0].state, rows[1].state), (RowState::Failed, RowState::Added));
}
