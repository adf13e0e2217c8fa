//! How channels and models have been doing.

use std::time::Duration;

use realms_store::UsageRecord;
use realms_types::{Cause, Timestamp};

use crate::{
    database::Database,
    fixture::{NOW, ids, usage},
};

const HOUR: Duration = Duration::from_hours(1);

pub(crate) async fn tells_of_channels_and_models_by_the_hour(database: &Database) {
    let store = database.open().await.unwrap();
    let (user, key) = (ids().next(), ids().next());
    let (bad, good) = (ids().next(), ids().next());
    let call = |ago: Duration| {
        let mut record = usage(user, key);
        record.started_at = NOW - ago;
        record.attempts[0].channel_id = bad;
        record.attempts[1].channel_id = good;
        record.channel_id = Some(good);
        record
    };
    let mut failed = call(Duration::from_mins(30));
    failed.outcome = "failed".into();
    failed.first_event_us = None;
    failed.cost = None;
    failed.attempts[1].outcome = "retried".into();
    let mut wrong = call(Duration::from_mins(30));
    wrong.outcome = "rejected".into();
    wrong.attempts[1].outcome = "failed".into();
    wrong.attempts[1].cause = Some(Cause::BadRequest);
    let unknown = UsageRecord {
        model_id: None,
        model: "made-up".to_owned(),
        ..call(Duration::from_mins(70))
    };
    let records = [
        call(Duration::from_mins(1)),
        call(Duration::from_mins(90)),
        failed,
        wrong,
        unknown,
        call(HOUR * 30),
    ];
    store.insert_usage(&records).await.unwrap();

    let channels = store.channel_pulses(NOW, NOW - Duration::from_mins(80)).await.unwrap();
    let (bad, good) = (&channels[&bad], &channels[&good]);
    assert_eq!((bad.day().calls, bad.day().good, bad.day().bad), (5, 0, 5));
    assert_eq!(bad.day().good_share(), Some(0.0));
    assert_eq!((bad.today.calls, bad.today.usage.input), (0, 0), "another took the calls over");
    let hour = good.last_hour();
    assert_eq!((hour.calls, hour.good, hour.bad), (3, 1, 1), "the client's fault is nobody's");
    assert_eq!(hour.good_share(), Some(0.5));
    let median = hour.median_first_event_us().unwrap();
    assert!((400_000..=500_000).contains(&median), "{median}");
    assert_eq!(good.hours[22].good, 2);
    assert_eq!(good.hours[21].calls, 0);
    // Since 80 minutes ago: the good one, the rejected one, and the one of an unknown model.
    assert_eq!((good.today.calls, good.today.usage.input), (3, 300));
    assert_eq!(good.today.cost.nano(), 3 * 738_000);

    let models = store.model_pulses(NOW).await.unwrap();
    assert_eq!(models.len(), 1);
    let day = models["gpt-5.2"].day();
    assert_eq!((day.calls, day.good, day.bad), (4, 2, 1));
    assert!(store.model_pulses(Timestamp::EPOCH).await.unwrap()["gpt-5.2"].day().calls > 0);
}

pub(crate) async fn finds_the_first_call_that_went_well(database: &Database) {
    let store = database.open().await.unwrap();
    assert_eq!(store.first_call().await.unwrap(), None);
    let call = |outcome: &str| UsageRecord {
        outcome: outcome.to_owned(),
        ..usage(ids().next(), ids().next())
    };
    let (failed, good, later) = (call("failed"), call("ok"), call("ok"));
    store.insert_usage(std::slice::from_ref(&failed)).await.unwrap();
    let found = store.first_call().await.unwrap().unwrap();
    assert_eq!(
        (found.request_id, found.outcome.as_str()),
        (failed.request_id.to_string(), "failed")
    );
    let (first, second) = if good.id < later.id { (good, later) } else { (later, good) };
    store.insert_usage(&[second, first.clone()]).await.unwrap();
    let found = store.first_call().await.unwrap().unwrap();
    assert_eq!((found.request_id, found.outcome.as_str()), (first.request_id.to_string(), "ok"));
}
