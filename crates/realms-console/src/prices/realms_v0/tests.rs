use super::*;
use crate::prices::{Format, read as read_any};

fn offers(text: &str) -> Vec<Offer> {
    let (offers, format) = read_any(text, Format::Auto).unwrap();
    assert_eq!(format, Format::RealmsV0, "{text}");
    offers
}

/// The only offer of an object by name, told in short.
fn told(entry: &str) -> (String, Option<Note>) {
    let offer = offers(&format!(r#"{{"m": {entry}}}"#)).remove(0);
    assert_eq!(offer.model, "m");
    let told = match offer.price {
        Err(reason) => reason.to_string(),
        Ok(price) => serde_json::to_string(&price).unwrap(),
    };
    (told, offer.note)
}

#[test]
fn the_form_is_told_by_what_no_other_says() {
    for text in [
        r#"{"m": {"input_usd_per_1m": 1, "output_usd_per_1m": 2}}"#,
        r#"[{"public_id": "m", "id": 7, "input_usd_per_1m": "1", "output_usd_per_1m": "2"}]"#,
        r#"[{"model": "m", "input_usd_per_1m": 1, "output_usd_per_1m": 2, "cache_input_usd_per_1m": 0.5}]"#,
        r#"[{"model_name": " m ", "input_cost_per_token": 1e-06, "output_cost_per_token": 2e-06}]"#,
        r#"[{"id": "m", "input_cost_per_token": 1e-06, "output_cost_per_token": "0.000002"}]"#,
        r#"[{"name": "m", "input_usd_per_1m": 1, "output_usd_per_1m": 2, "high_context_pricing": null, "priority_pricing_enabled": false}]"#,
    ] {
        let found = offers(text);
        let price = found[0].price.clone().unwrap();
        assert_eq!((found.len(), found[0].model.as_str()), (1, "m"), "{text}");
        let told = (price.input.to_string(), price.output.to_string());
        assert_eq!(told, ("1".to_owned(), "2".to_owned()), "{text}");
    }
    for (text, format) in [
        (r#"[{"id": "md_1", "name": "m", "input_usd_per_1m": "1"}]"#, Format::Realms),
        (r#"{"models": [{"name": "m", "input_usd_per_1m": "1"}]}"#, Format::Realms),
        (r#"{"m": {"input_cost_per_token": 1e-06, "mode": "chat"}, "odd": [1]}"#, Format::Litellm),
    ] {
        assert_eq!(read_any(text, Format::Auto).unwrap().1, format, "{text}");
    }
}

#[test]
fn what_is_none_is_refused_and_a_bad_entry_fails_alone() {
    for text in ["7", "[7]", r#"[{"input_usd_per_1m": 1}]"#, r#"[{"id": 7, "public_id": ""}]"#] {
        assert!(read_any(text, Format::RealmsV0).is_err(), "{text}");
    }
    let (found, _) = read_any(
        r#"{"a": 7, "b": {"input_usd_per_1m": -1, "output_usd_per_1m": 1}, "c": {"input_usd_per_1m": 1},
            "d": {"input_usd_per_1m": 1, "output_usd_per_1m": 1}, "e": {}}"#,
        Format::RealmsV0,
    )
    .unwrap();
    let codes: Vec<_> = found.iter().map(|one| one.price.as_ref().map_err(Reason::code)).collect();
    assert_eq!(codes[0].unwrap_err(), "unreadable");
    assert_eq!(codes[1].unwrap_err(), "not_a_price");
    assert_eq!((codes[2].unwrap_err(), codes[4].unwrap_err()), ("no_price", "no_price"));
    assert!(codes[3].is_ok());
}

#[test]
fn prices_owners_and_caches_are_read() {
    let text = r#"[{"public_id": "m", "owned_by": "openai", "input_usd_per_1m": "2.5", "output_usd_per_1m": 15,
        "cache_input_usd_per_1m": "0.25", "cache_output_usd_per_1m": "0.25", "status": 1}]"#;
    let offer = offers(text).remove(0);
    assert_eq!(offer.owner.as_deref(), Some("openai"));
    let price = offer.price.unwrap();
    assert_eq!(price.cache_read.unwrap().to_string(), "0.25");
    assert!(price.terms.is_none() && price.cache_write_5m.is_none());
    let (by_token, _) = told(
        r#"{"input_cost_per_token": 1e-06, "output_cost_per_token": 8e-06, "cache_read_cost_per_token": 1e-07,
            "input_cost_per_token_above_200k_tokens": 2e-06}"#,
    );
    assert_eq!(
        by_token,
        r#"{"input":"1","output":"8","cache_read":"0.1","terms":{"tiers":[{"above":200000,"input":"2"}]}}"#
    );
}

#[test]
fn priority_is_a_lane_where_it_is_one_factor() {
    let priced = |more: &str| {
        told(&format!(
            r#"{{"input_usd_per_1m": 1, "output_usd_per_1m": 8, "cache_input_usd_per_1m": 0.5, {more}}}"#
        ))
    };
    let usual = r#"{"input":"1","output":"8","cache_read":"0.5"}"#;
    let lane = |factor: &str| {
        format!(
            r#"{{"input":"1","output":"8","cache_read":"0.5","terms":{{"lanes":{{"priority":"{factor}"}}}}}}"#
        )
    };
    for (more, expected, note) in [
        (r#""priority_pricing_enabled": true"#, lane("2"), None),
        (
            r#""priority_pricing_enabled": false, "priority_input_usd_per_1m": 9"#,
            usual.to_owned(),
            None,
        ),
        (
            r#""priority_input_usd_per_1m": 1.75, "priority_output_usd_per_1m": 14, "priority_cache_input_usd_per_1m": 0.875"#,
            lane("1.75"),
            None,
        ),
        (
            r#""priority_pricing_enabled": true, "priority_input_usd_per_1m": 10, "priority_output_usd_per_1m": 20"#,
            usual.to_owned(),
            Some(Note::PriorityUneven),
        ),
        (
            r#""priority_pricing_enabled": true, "priority_input_usd_per_1m": 1, "priority_output_usd_per_1m": 8, "priority_cache_input_usd_per_1m": 0.5"#,
            usual.to_owned(),
            None,
        ),
    ] {
        assert_eq!(priced(more), (expected, note), "{more}");
    }
    let free =
        r#"{"input_usd_per_1m": 0, "output_usd_per_1m": 1, "priority_pricing_enabled": true}"#;
    assert_eq!(told(free).1, None, "what costs nothing either way is in nobody's way");
    let odd = r#"{"input_usd_per_1m": 0, "output_usd_per_1m": 1, "priority_input_usd_per_1m": 1}"#;
    assert_eq!(told(odd).1, Some(Note::PriorityUneven), "no factor makes something of nothing");
}

#[test]
fn a_factor_is_told_to_a_millionth() {
    let unit = |text: &str| text.parse::<UnitPrice>().unwrap();
    let pairs = |pairs: &[(&str, &str)]| {
        let pairs: Vec<_> = pairs.iter().map(|(a, b)| (unit(a), unit(b))).collect();
        factor(&pairs).map(|factor| factor.to_string())
    };
    assert_eq!(pairs(&[("3", "4"), ("0.3", "0.4")]).as_deref(), Some("1.333333"));
    assert_eq!(pairs(&[("3", "4"), ("0.3", "0.41")]), None);
    assert_eq!(pairs(&[("0", "0")]).as_deref(), Some("1"));
}

#[test]
fn long_prompts_are_a_tier() {
    let long = |policy: &str, more: &str| {
        told(&format!(
            r#"{{"input_usd_per_1m": 2.5, "output_usd_per_1m": 15, {more} "high_context_pricing":
                {{"threshold_input_tokens": 272000, "applies_to": "full_request", "service_tier_policy": "{policy}",
                  "input_usd_per_1m": 5, "output_usd_per_1m": "22.5", "cache_input_usd_per_1m": 0.5}}}}"#
        ))
    };
    let tiers = r#""tiers":[{"above":272000,"input":"5","output":"22.5","cache_read":"0.5"}]"#;
    let price = |terms: &str| format!(r#"{{"input":"2.5","output":"15","terms":{{{terms}}}}}"#);
    assert_eq!(long("inherit", ""), (price(tiers), None));
    let priority = r#""priority_pricing_enabled": true,"#;
    // Vendors tell that they served such calls as usual, so the lane is not charged for them.
    let lanes = format!(r#"{tiers},"lanes":{{"priority":"2"}}"#);
    assert_eq!(long("force_standard", priority), (price(&lanes), None));
    assert_eq!(long("inherit", priority), (price(tiers), Some(Note::PriorityLong)));
    for wrong in [
        r#"{"threshold_input_tokens": 0, "input_usd_per_1m": 5, "output_usd_per_1m": 22.5}"#,
        r#"{"threshold_input_tokens": 272000, "applies_to": "rest", "input_usd_per_1m": 5, "output_usd_per_1m": 22.5}"#,
        r#"{"threshold_input_tokens": 272000, "input_usd_per_1m": 5}"#,
        r#"{"input_usd_per_1m": 5, "output_usd_per_1m": 22.5}"#,
    ] {
        let entry = format!(
            r#"{{"input_usd_per_1m": 1, "output_usd_per_1m": 2, "high_context_pricing": {wrong}}}"#
        );
        let offer = offers(&format!(r#"{{"m": {entry}}}"#)).remove(0);
        assert!(offer.price.is_err(), "{wrong}");
    }
}
