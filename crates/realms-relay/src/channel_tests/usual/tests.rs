use realms_catalog::{
    BindingRow, ChannelGroupRow, ChannelRow, CredentialRow, EndpointRow, ModelRow, Rows,
};
use realms_types::{
    BindingId, ChannelGroupId, ChannelId, CredentialId, EndpointId, Limits, ModelId, Secret,
    Timestamp,
};

use super::*;

const CHANNEL: ChannelId = ChannelId::new(1);

/// One channel that serves these models, given as (name, input price, output price).
fn catalog(
    models: &[(&str, Option<i64>, Option<i64>)],
    (endpoints, credentials): (i64, i64),
    options: &str,
) -> Catalog {
    let mut rows = Rows { version: 1, ..Rows::default() };
    rows.channel_groups.push(ChannelGroupRow {
        id: ChannelGroupId::new(1),
        name: "default".into(),
        parent_id: None,
        multiplier_ppm: 1_000_000,
        priority: 0,
        enabled: true,
        pinned_channel_id: None,
    });
    rows.channels.push(ChannelRow {
        id: CHANNEL,
        name: "a".into(),
        kind: "openai".into(),
        dialects: String::new(),
        priority: 0,
        weight: 1,
        enabled: true,
        promoted: false,
        limits: Ok(Limits::NONE),
        options: options.into(),
        proxy: None,
        api_version: None,
        cost_multiplier_ppm: None,
    });
    for number in 1..=endpoints {
        rows.endpoints.push(EndpointRow {
            id: EndpointId::new(number),
            channel_id: CHANNEL,
            base_url: format!("https://{number}.example.org"),
            priority: -number,
            enabled: true,
        });
    }
    for number in 1..=credentials {
        rows.credentials.push(CredentialRow {
            id: CredentialId::new(number),
            channel_id: CHANNEL,
            name: format!("k{number}"),
            secret: Ok(Secret::from("s")),
            account: None,
            enabled: true,
            limits: Ok(Limits::NONE),
            proxy: None,
        });
    }
    for (number, (name, input, output)) in (1..).zip(models) {
        rows.models.push(ModelRow {
            id: ModelId::new(number),
            name: (*name).into(),
            owner: "o".into(),
            enabled: true,
            input_price: *input,
            output_price: *output,
            cache_read_price: None,
            cache_write_5m_price: None,
            cache_write_1h_price: None,
            price_terms: None,
            price_version: 0,
            created_at: Timestamp::EPOCH,
        });
        rows.bindings.push(BindingRow {
            id: BindingId::new(number),
            channel_id: CHANNEL,
            model_id: ModelId::new(number),
            upstream_model: format!("up-{name}"),
            enabled: true,
            cost: None,
        });
    }
    Catalog::build(&rows).unwrap()
}

#[test]
fn the_test_model_is_the_one_that_is_named_or_the_cheapest_that_writes() {
    let models = [
        ("dear", Some(10), Some(50)),
        ("cheap", Some(1), Some(2)),
        ("also-cheap", Some(1), Some(2)),
        ("embedding", Some(1), Some(0)),
        ("unknown", None, None),
    ];
    for (models, options, expected) in [
        (&models[..], "", Some("also-cheap")),
        (&models[..], r#"{"test_model":"dear"}"#, Some("dear")),
        (&models[..], r#"{"test_model":"gone"}"#, Some("also-cheap")),
        (&models[3..], "", Some("embedding")),
        (&models[4..], "", Some("unknown")),
        (&[("free", Some(0), Some(0)), models[1]][..], "", Some("free")),
        (&[][..], "", None),
    ] {
        let catalog = catalog(models, (1, 1), options);
        let channel = catalog.find_channel(CHANNEL).unwrap();
        let found = test_model(&catalog, channel).map(|(model, _)| model.name.as_str());
        assert_eq!(found, expected, "{options}");
    }
}

#[test]
fn every_address_and_every_credential_has_its_turn() {
    for (sizes, expected) in [
        ((1, 1), vec![(1, 1)]),
        ((1, 3), vec![(1, 1), (1, 2), (1, 3)]),
        ((3, 1), vec![(1, 1), (2, 1), (3, 1)]),
        ((2, 3), vec![(1, 1), (2, 2), (1, 3)]),
        ((0, 2), vec![]),
        ((2, 0), vec![]),
    ] {
        let catalog = catalog(&[], sizes, "");
        let found: Vec<(i64, i64)> = pairs(catalog.find_channel(CHANNEL).unwrap())
            .into_iter()
            .map(|(endpoint, credential)| (endpoint.id.raw(), credential.id.raw()))
            .collect();
        assert_eq!(found, expected, "{sizes:?}");
    }
}
