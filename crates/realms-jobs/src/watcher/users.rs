//! What concerns users.

use std::collections::HashMap;

use realms_ledger::{Bearer, Subscription, WindowUsed};
use realms_store::{SpendOf, StoreError, SubscriptionRecord};
use realms_types::{Money, Occurrence, PlanId, Ppm, Timestamp};

use super::{Point, Rules, Watcher};

/// Balances read at once.
const A_PAGE: u64 = 500;
/// An hour that cost less is no anomaly, however much it is beside the others.
const LEAST_SPENT: Money = Money::from_nano(1_000_000_000);
/// With fewer hours of a week nobody knows what is usual.
const TELLING_HOURS: u64 = 24;

impl Watcher {
    pub(super) async fn low_balances(&self, rules: &Rules) -> Result<Vec<Point>, StoreError> {
        let (mut points, mut after) = (Vec::new(), None);
        let unset = cents(rules.unset());
        loop {
            let page = self.relay.store.list_low_balances(unset, after, A_PAGE).await?;
            let is_last = (page.len() as u64) < A_PAGE;
            after = page.last().map(|last| last.user);
            for low in page {
                let Some(threshold) = rules.threshold_of(Some(low.user)).map(cents) else {
                    continue;
                };
                if low.available < threshold {
                    points.push(Point {
                        owner: Some(low.user),
                        subject: "balance".to_owned(),
                        occurrence: Occurrence::BalanceLow { available: low.available, threshold },
                    });
                }
            }
            if is_last {
                return Ok(points);
            }
        }
    }

    pub(super) async fn used_windows(&self, rules: &Rules) -> Result<Vec<Point>, StoreError> {
        let (read, now) = (self.relay.store.read(), self.relay.clock.now());
        let mut points = Vec::new();
        let mut plans = None;
        for user in rules.users() {
            let Some(percent) = rules.threshold_of(Some(user)) else { continue };
            let running = read.list_running_subscriptions(user, now).await?;
            if running.is_empty() {
                continue;
            }
            let plans = match &mut plans {
                Some(plans) => plans,
                none => none.insert(self.plan_names().await?),
            };
            let wanted: Vec<(String, Timestamp)> = running
                .iter()
                .flat_map(|one| {
                    Bearer::from(&Subscription::of(one)).allowances(now).collect::<Vec<_>>()
                })
                .collect();
            let used = read.list_allowance_pieces(&wanted).await?;
            for record in &running {
                let windows = WindowUsed::all(record, &used, now);
                points.extend(near_end(record, &windows, percent, plans));
            }
        }
        Ok(points)
    }

    pub(super) async fn ending_subscriptions(
        &self,
        rules: &Rules,
    ) -> Result<Vec<Point>, StoreError> {
        let (store, now) = (&self.relay.store, self.relay.clock.now());
        let until = now + days(rules.greatest());
        let mut points = Vec::new();
        let ending = store.list_subscriptions_ending((now, until)).await?;
        if ending.is_empty() {
            return Ok(points);
        }
        let plans = self.plan_names().await?;
        for record in ending {
            let threshold = rules.threshold_of(Some(record.user));
            if threshold.is_none_or(|most| record.ends_at > now + days(most)) {
                continue;
            }
            // What runs at its end: time of the same plan that follows.
            let then = store.read().list_open_subscriptions(record.user, record.ends_at).await?;
            if then.iter().all(|other| other.plan != record.plan) {
                let plan = name_of(&plans, record.plan);
                points.push(Point {
                    owner: Some(record.user),
                    subject: record.id.to_string(),
                    occurrence: Occurrence::SubscriptionEnding { plan, ends_at: record.ends_at },
                });
            }
        }
        Ok(points)
    }

    /// Hours that cost far more than hours do: of users who want to know, and of everybody together.
    pub(super) async fn dear_hours(&self, rules: &Rules) -> Result<Vec<Point>, StoreError> {
        const HOUR_US: i64 = 3_600_000_000;
        let now = self.relay.clock.now().as_micros();
        // The last one that is over; its sums are made anew a minute later at most.
        let hour = Timestamp::from_micros(now - now.rem_euclid(HOUR_US) - HOUR_US);
        let spent = self.relay.store.list_spend(hour, LEAST_SPENT).await?;
        let dear = |one: SpendOf| {
            let times = rules.threshold_of(one.user)?;
            let hours = i64::try_from(one.hours).ok().filter(|_| one.hours >= TELLING_HOURS)?;
            let usual = Money::from_nano(one.before.nano() / hours);
            (one.spent.nano() / times >= usual.nano()).then(|| Point {
                owner: one.user,
                subject: "spend".to_owned(),
                occurrence: Occurrence::SpendAnomaly { spent: one.spent, usual, hour },
            })
        };
        Ok(spent.into_iter().filter_map(dear).collect())
    }

    async fn plan_names(&self) -> Result<HashMap<PlanId, String>, StoreError> {
        let plans = self.relay.store.read().list_plans().await?;
        Ok(plans.into_iter().map(|plan| (plan.id, plan.name)).collect())
    }
}

fn near_end(
    record: &SubscriptionRecord,
    windows: &[WindowUsed],
    percent: i64,
    plans: &HashMap<PlanId, String>,
) -> Vec<Point> {
    let at_its_point = |window: &&WindowUsed| {
        i128::from(window.used.nano()) * 100
            >= i128::from(window.limit.nano()) * i128::from(percent)
    };
    let point = |window: &WindowUsed| Point {
        owner: Some(record.user),
        subject: format!("{}:{}", record.id, window.per()),
        occurrence: Occurrence::WindowNearEnd {
            plan: name_of(plans, record.plan),
            window: window.per().to_owned(),
            used: share(window.used, window.limit),
            eases_at: window.eases_at,
        },
    };
    windows.iter().filter(at_its_point).map(point).collect()
}

fn share(used: Money, of: Money) -> Ppm {
    let parts = i128::from(used.nano()) * i128::from(Ppm::ONE.parts());
    let parts = parts.checked_div(i128::from(of.nano())).unwrap_or(0);
    i64::try_from(parts).ok().and_then(Ppm::from_parts).unwrap_or(Ppm::ONE)
}

fn name_of(plans: &HashMap<PlanId, String>, plan: PlanId) -> String {
    plans.get(&plan).cloned().unwrap_or_else(|| plan.to_string())
}

const fn cents(cents: i64) -> Money {
    Money::from_nano(cents.saturating_mul(10_000_000))
}

fn days(days: i64) -> std::time::Duration {
    std::time::Duration::from_hours(u64::try_from(days).unwrap_or(0) * 24)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_whole_and_of_nothing_none() {
        let money = Money::from_nano;
        assert_eq!(share(money(1), money(4)).parts(), 250_000);
        assert_eq!(share(money(5), money(4)).parts(), 1_250_000);
        assert_eq!(share(money(5), Money::ZERO), Ppm::ZERO);
        assert_eq!(cents(150), money(1_500_000_000));
        assert_eq!(days(2), std::time::Duration::from_hours(48));
    }
}
