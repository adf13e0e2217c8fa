//! Payment channels that operators set up, and orders that nobody pays.

use std::time::Duration;

use realms_commerce::{
    ChannelChange, CommerceError, GatewayError, GatewaySecrets, GatewaySettings, NewChannel,
};
use realms_seal::Secret;
use realms_store::GatewayKind;
use realms_types::{Attention, OrderState};

use crate::{
    database::Database,
    world::{NOW, SIGNS, World, session, stripe, usd},
};

fn secrets(sign: &str) -> GatewaySecrets {
    GatewaySecrets { call: Secret::from("sk_live_canary"), sign: Secret::from(sign) }
}

fn new(kind: GatewayKind, sign: &str) -> NewChannel {
    let settings = GatewaySettings {
        address: "https://pay.example.org".to_owned(),
        merchant: "1001".to_owned(),
    };
    let secrets = secrets(sign);
    NewChannel { name: format!("{kind:?}"), kind, test_mode: false, settings, secrets }
}

pub(crate) async fn work_or_are_not_made(database: &Database) {
    let world = World::start(database).await;
    for kind in [GatewayKind::Stripe, GatewayKind::Epay, GatewayKind::Webhook] {
        let empty = world.commerce.add_channel(new(kind, " "), None).await.unwrap_err();
        assert!(matches!(empty, CommerceError::Gateway(GatewayError::Missing(_))), "{kind:?}");
    }
    let play = NewChannel { test_mode: true, ..new(GatewayKind::Epay, SIGNS) };
    assert!(world.commerce.add_channel(play, None).await.is_err());
    let settings = GatewaySettings { address: "http://pay".to_owned(), ..Default::default() };
    let plain = NewChannel { settings, ..new(GatewayKind::Epay, SIGNS) };
    assert!(world.commerce.add_channel(plain, None).await.is_err());
    assert_eq!(world.store.read().list_payment_channels().await.unwrap(), []);

    let channel =
        world.commerce.add_channel(new(GatewayKind::Stripe, SIGNS), None).await.unwrap().id;
    let user = world.ids.next();
    let id = world.top_up(user, channel).await.order.id;
    // A new secret counts at once, and the old one does not.
    let change = ChannelChange {
        gateway: Some((GatewaySettings::default(), secrets("whsec_new"))),
        ..Default::default()
    };
    world.commerce.change_channel(channel, change, None).await.unwrap();
    let body = session("evt_1", "completed", id, "pi_1");
    assert!(world.told(channel, &body).await.is_err());
    let off = ChannelChange { enabled: Some(false), ..Default::default() };
    world.commerce.change_channel(channel, off, None).await.unwrap();
    let signature = stripe("whsec_new").sign(body.as_bytes(), NOW);
    let message = realms_commerce::Message { signature: Some(&signature), body: body.as_bytes() };
    world.commerce.receive(channel, message).await.unwrap();
    assert_eq!(world.balance(user).await, usd("7.35"), "what was ordered before is taken");
}

pub(crate) async fn forget_orders_that_nobody_pays(database: &Database) {
    let world = World::start(database).await;
    let (user, channel, old) = world.ordered().await;
    let paid = world.top_up(user, channel).await.order.id;
    world.told(channel, &session("evt_1", "completed", paid, "pi_1")).await.unwrap();
    let day = Duration::from_hours(24);
    assert_eq!(world.commerce.lapse_due(day).await.unwrap(), 0);
    world.set_clock(NOW + day);
    let young = world.top_up(user, channel).await.order.id;
    assert_eq!(world.commerce.lapse_due(day).await.unwrap(), 1);
    assert_eq!(world.commerce.lapse_due(day).await.unwrap(), 0);
    let old = old.order.id;
    assert_eq!(world.read(old).await.order.state, OrderState::Expired);
    assert_eq!(world.read(paid).await.order.state, OrderState::Paid);
    assert_eq!(world.read(young).await.order.state, OrderState::Pending);
    world.told(channel, &session("evt_2", "completed", old, "pi_2")).await.unwrap();
    assert_eq!(world.read(old).await.order.attention, Some(Attention::PaidAfterClose));
    assert_eq!(world.balance(user).await, usd("7.35"));
}
