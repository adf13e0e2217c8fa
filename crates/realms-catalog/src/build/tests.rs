//! Snapshots of small configurations, sound and broken.

use realms_types::{
    BindingId, ChannelGroupId, CredentialId, EndpointId, Ppm, Scope, Secret, Timestamp, UserGroupId,
};

use super::{read::base_url, *};
use crate::{
    BindingRow, ChannelGroupRow, CredentialRow, EndpointRow, ErrorRuleRow, GroupChannelRow,
    ModelRow, SettingRow, UserGroupRow,
};

fn sound() -> Rows {
    Rows {
        version: 3,
        channels: vec![ChannelRow {
            id: ChannelId::new(1),
            name: "a".into(),
            kind: "openai".into(),
            dialects: String::new(),
            priority: 10,
            weight: 1,
            enabled: true,
            promoted: false,
            limits: Ok(realms_types::Limits::NONE),
            options: String::new(),
            proxy: None,
            api_version: None,
            cost_multiplier_ppm: None,
        }],
        endpoints: vec![EndpointRow {
            id: EndpointId::new(1),
            channel_id: ChannelId::new(1),
            base_url: "https://api.openai.com/v1".into(),
            priority: 0,
            enabled: true,
        }],
        credentials: vec![CredentialRow {
            id: CredentialId::new(1),
            channel_id: ChannelId::new(1),
            name: "k".into(),
            secret: Ok(Secret::from("upstream-key")),
            account: None,
            enabled: true,
            limits: Ok(realms_types::Limits::NONE),
            proxy: None,
        }],
        error_rules: Vec::new(),
        channel_groups: vec![group(1, None, 2_000_000), group(2, Some(1), 500_000)],
        group_channels: vec![GroupChannelRow {
            group_id: ChannelGroupId::new(2),
            channel_id: ChannelId::new(1),
        }],
        models: vec![ModelRow {
            id: ModelId::new(1),
            name: "gpt-5.2".into(),
            owner: "openai".into(),
            enabled: true,
            input_price: Some(1_250_000_000),
            output_price: Some(10_000_000_000),
            cache_read_price: None,
            cache_write_5m_price: None,
            cache_write_1h_price: None,
            price_terms: None,
            price_version: 0,
            created_at: Timestamp::EPOCH,
        }],
        bindings: vec![BindingRow {
            id: BindingId::new(1),
            channel_id: ChannelId::new(1),
            model_id: ModelId::new(1),
            upstream_model: "gpt-5.2".into(),
            enabled: true,
            cost: None,
        }],
        user_groups: vec![UserGroupRow {
            id: UserGroupId::new(1),
            name: "default".into(),
            channel_groups: vec![ChannelGroupId::new(1)],
            multiplier_ppm: 1_000_000,
        }],
        settings: Vec::new(),
    }
}

fn group(id: i64, parent: Option<i64>, multiplier_ppm: i64) -> ChannelGroupRow {
    ChannelGroupRow {
        id: ChannelGroupId::new(id),
        name: format!("g{id}"),
        parent_id: parent.map(ChannelGroupId::new),
        multiplier_ppm,
        priority: 0,
        enabled: true,
        pinned_channel_id: None,
    }
}

#[test]
fn sound_rows_link_up() {
    let catalog = Catalog::build(&sound()).unwrap();
    let groups = catalog.allowed_groups(Some(UserGroupId::new(1)), &[]);
    let model = catalog.find_model("gpt-5.2").unwrap();
    assert!(catalog.serves(model, &groups));
    // A nested group passes the product of the multipliers on.
    let route = catalog.route(ChannelGroupId::new(1), ChannelId::new(1)).unwrap();
    assert_eq!(route.multiplier, Ppm::ONE);
    let path: Vec<_> =
        route.path.iter().map(|step| format!("{} {}", step.name, step.multiplier)).collect();
    assert_eq!(path, ["g1 2", "g2 0.5"]);
}

#[test]
fn what_is_switched_off_can_still_be_named() {
    let mut rows = sound();
    rows.channels.push(ChannelRow {
        id: ChannelId::new(2),
        name: "off".into(),
        enabled: false,
        ..rows.channels[0].clone()
    });
    for (id, channel, enabled) in [(2, 2, true), (3, 1, false)] {
        rows.bindings.push(BindingRow {
            id: BindingId::new(id),
            channel_id: ChannelId::new(channel),
            enabled,
            ..rows.bindings[0].clone()
        });
    }
    rows.channel_groups[1].enabled = false;
    let catalog = Catalog::build(&rows).unwrap();
    let model = catalog.find_model("gpt-5.2").unwrap();
    let reasons: Vec<_> = model.idle.iter().map(|idle| idle.reason).collect();
    assert_eq!(reasons, [Exclusion::ChannelDisabled, Exclusion::BindingDisabled]);
    assert_eq!(model.bindings.len(), 1);

    let (outer, inner, channel) =
        (ChannelGroupId::new(1), ChannelGroupId::new(2), ChannelId::new(1));
    assert!(catalog.route(outer, channel).is_none() && catalog.route(inner, channel).is_none());
    assert!(catalog.is_closed(outer, channel) && catalog.is_closed(inner, channel));
    assert!(!catalog.is_closed(outer, ChannelId::new(2)));
    assert!(catalog.find_group(inner).is_none());
    assert_eq!(catalog.group_name(inner), Some("g2"));
}

#[test]
fn options_are_read_once_and_a_mistake_is_a_defect_of_its_row() {
    let mut rows = sound();
    rows.channels[0].options =
        r#"{"hours":{"zone":"UTC","windows":[{"from":"08:00","to":"09:00"}]}}"#.into();
    let catalog = Catalog::build(&rows).unwrap();
    let channel = catalog.find_channel(ChannelId::new(1)).unwrap();
    assert!(channel.options.is_some());
    let closed = channel.fits(realms_types::Asks::default(), Timestamp::EPOCH);
    assert_eq!(closed, Err(Exclusion::OutOfHours));
    rows.channels[0].options = "{}".into();
    let plain = Catalog::build(&rows).unwrap();
    assert!(plain.find_channel(ChannelId::new(1)).unwrap().options.is_none());

    rows.channels[0].options = r#"{"body":{"deny":["model"]}}"#.into();
    let rule = |id, priority, content: &str| ErrorRuleRow {
        id: realms_types::ErrorRuleId::new(id),
        name: format!("r{id}"),
        priority,
        enabled: id != 4,
        content: content.into(),
    };
    let good = r#"{"match":{"status":[400]},"then":{"hide":true}}"#;
    rows.error_rules = vec![rule(1, 0, good), rule(2, 5, good), rule(3, 9, "{}"), rule(4, 9, good)];
    let defects = Catalog::build(&rows).unwrap_err();
    let told: Vec<_> = defects.iter().map(|one| (one.table, one.name.as_str())).collect();
    assert_eq!(told, [("channels", "a"), ("error_rules", "r3")]);
    assert!(defects[0].message.starts_with("options: body.deny.0"), "{defects:?}");
    let (catalog, _) = Catalog::build_sound(&rows);
    let names: Vec<_> = catalog.error_rules().iter().map(|rule| rule.name.as_str()).collect();
    assert_eq!(names, ["r2", "r1"]);
}

#[test]
fn a_key_narrows_but_never_widens() {
    let catalog = Catalog::build(&sound()).unwrap();
    let group = Some(UserGroupId::new(1));
    assert_eq!(catalog.allowed_groups(group, &[ChannelGroupId::new(2)]), []);
    assert_eq!(catalog.allowed_groups(None, &[ChannelGroupId::new(1)]), []);
}

#[test]
fn each_defect_is_named_and_the_sound_rest_serves() {
    let mut rows = sound();
    rows.channels.push(ChannelRow {
        id: ChannelId::new(9),
        name: "broken".into(),
        kind: "opanai".into(),
        ..rows.channels[0].clone()
    });
    rows.settings.push(SettingRow { key: "nope".into(), value: "1".into(), unreadable: None });
    rows.credentials[0].secret = Err("sealed by another key".into());
    let defects = Catalog::build(&rows).unwrap_err();
    assert_eq!(defects.len(), 3, "{defects:?}");

    let (catalog, defects) = Catalog::build_sound(&rows);
    assert_eq!(defects.len(), 3);
    assert!(catalog.find_model("gpt-5.2").is_some());
    assert!(catalog.find_channel(ChannelId::new(9)).is_none());
}

#[test]
fn the_credentials_proxy_wins_and_each_knows_whose_it_is() {
    let mut rows = sound();
    let sealed = |text: &str| Some(Ok(Secret::from(text)));
    for (of_channel, of_credential, expected) in [
        (None, None, None),
        (Some("http://a.example"), None, Some(("http://a.example:80", Scope::Channel))),
        (None, Some("http://b.example"), Some(("http://b.example:80", Scope::Credential))),
        (
            Some("http://a.example"),
            Some("socks5://u:p@b.example"),
            Some(("socks5://***@b.example:1080", Scope::Credential)),
        ),
    ] {
        rows.channels[0].proxy = of_channel.and_then(sealed);
        rows.credentials[0].proxy = of_credential.and_then(sealed);
        let catalog = Catalog::build(&rows).unwrap();
        let channel = catalog.find_channel(ChannelId::new(1)).unwrap();
        let found = channel.proxy_for(&channel.credentials[0]);
        let shown = found.map(|(proxy, owner)| (proxy.to_string(), owner));
        let expected = expected.map(|(text, owner)| (text.to_owned(), owner));
        assert_eq!(shown, expected);
    }
}

#[test]
fn a_proxy_that_cannot_be_read_takes_its_row_out_of_service() {
    for bad in [Ok(Secret::from("canary:1080")), Err("sealed by another key".to_owned())] {
        let mut rows = sound();
        rows.channels[0].proxy = Some(bad.clone());
        let (catalog, defects) = Catalog::build_sound(&rows);
        assert!(catalog.find_channel(ChannelId::new(1)).is_none());
        assert!(defects[0].message.starts_with("proxy: "), "{defects:?}");
        assert!(!format!("{defects:?}").contains("canary"));

        let mut rows = sound();
        rows.credentials[0].proxy = Some(bad);
        let (catalog, defects) = Catalog::build_sound(&rows);
        let channel = catalog.find_channel(ChannelId::new(1)).unwrap();
        assert!(channel.credentials.is_empty(), "{defects:?}");
    }
}

#[test]
fn a_dated_version_is_asked_for_at_every_endpoint() {
    let mut rows = sound();
    rows.channels[0].api_version = Some("2024-10-21 x&y".into());
    let catalog = Catalog::build(&rows).unwrap();
    let channel = catalog.find_channel(ChannelId::new(1)).unwrap();
    let query = channel.endpoints[0].base_url.query();
    assert_eq!(query, Some("api-version=2024-10-21+x%26y"));
}

#[test]
fn what_a_vendor_is_paid_is_its_own_price_or_a_part_of_the_models() {
    let cost_at = |rows: &Rows| {
        let catalog = Catalog::build(rows).unwrap();
        let model = catalog.find_model("gpt-5.2").unwrap();
        let found = model.cost_at(BindingId::new(1));
        assert_eq!(model.cost_at(BindingId::new(0)), None, "a binding that is not there");
        found.map(|(price, multiplier)| format!("{} × {multiplier}", price.input))
    };
    let mut rows = sound();
    assert_eq!(cost_at(&rows), None, "nobody said");
    rows.channels[0].cost_multiplier_ppm = Some(600_000);
    assert_eq!(cost_at(&rows).as_deref(), Some("1.25 × 0.6"));
    rows.bindings[0].cost = Some(r#"{"input":"0.5","output":"3"}"#.into());
    assert_eq!(cost_at(&rows).as_deref(), Some("0.5 × 1"));
    rows.bindings[0].cost = None;
    (rows.models[0].input_price, rows.models[0].output_price) = (None, None);
    assert_eq!(cost_at(&rows), None, "there is no price to take a part of");
}

#[test]
fn a_cost_that_cannot_be_read_is_a_defect_of_its_row() {
    let mut rows = sound();
    rows.channels[0].cost_multiplier_ppm = Some(-1);
    let (catalog, defects) = Catalog::build_sound(&rows);
    assert!(catalog.find_channel(ChannelId::new(1)).is_none());
    assert!(defects[0].message.contains("cost multiplier"), "{defects:?}");

    let tiers = r#"{"input":"1","output":"1","terms":{"tiers":[{"above":0}]}}"#;
    for bad in ["", "{}", r#"{"input":"-1","output":"1"}"#, tiers] {
        let mut rows = sound();
        rows.bindings[0].cost = Some(bad.into());
        let (catalog, defects) = Catalog::build_sound(&rows);
        assert!(catalog.find_model("gpt-5.2").unwrap().bindings.is_empty(), "{bad}");
        let told: Vec<_> = defects.iter().map(|one| (one.table, &*one.name)).collect();
        assert_eq!(told, [("bindings", "gpt-5.2")], "{defects:?}");
        assert!(defects[0].message.starts_with("its cost: "), "{defects:?}");
    }
}

#[test]
fn a_circle_of_groups_is_a_defect() {
    let mut rows = sound();
    rows.channel_groups[0].parent_id = Some(ChannelGroupId::new(2));
    let defects = Catalog::build(&rows).unwrap_err();
    assert!(defects[0].message.contains("circle"), "{defects:?}");
    assert!(!Catalog::build_sound(&rows).1.is_empty());
}

#[test]
fn base_urls_are_checked() {
    for bad in ["", "api.openai.com", "ftp://x", "https://u:p@x/v1", "https://x/?key=1"] {
        assert!(base_url(bad).is_err(), "{bad} passed");
    }
    assert!(base_url("http://127.0.0.1:8000").is_ok());
}
