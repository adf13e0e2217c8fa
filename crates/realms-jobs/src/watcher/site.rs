//! What concerns those who run the site.

use std::{collections::HashMap, time::Duration};

use realms_catalog::Channel;
use realms_scheduler::{Resting, Target};
use realms_store::{AccountState, OauthAccountRecord, StoreError};
use realms_types::{ChannelId, CredentialId, Occurrence, Ppm, Timestamp};

use super::{Point, Rules, Watcher};

/// A channel that rests for less is back before anybody has looked.
const RESTS: Duration = Duration::from_mins(5);
/// The calls that are looked at are those that began so lately.
const LATELY: Duration = Duration::from_mins(10);
/// Fewer calls tell nothing.
const TELLING_CALLS: u64 = 20;

impl Watcher {
    /// Channels that this node has found at rest for a while.
    pub(super) fn resting_channels(&self) -> Vec<Point> {
        let (catalog, now) = (self.relay.catalog.snapshot(), self.relay.clock.now());
        let mut models: HashMap<ChannelId, Vec<Target>> = HashMap::new();
        for binding in catalog.models().flat_map(|model| &model.bindings) {
            models.entry(binding.channel.id).or_default().push(Target::Binding(binding.id));
        }
        let mut since = self.resting.lock();
        since.retain(|channel, _| catalog.find_channel(*channel).is_some());
        let mut points = Vec::new();
        for channel in catalog.channels() {
            let serves = models.get(&channel.id).map_or(&[][..], Vec::as_slice);
            let rest = self.rest_of(channel, serves, now).filter(|_| channel.enabled);
            let Some(rest) = rest else {
                since.remove(&channel.id);
                continue;
            };
            let begun = *since.entry(channel.id).or_insert(now);
            if now >= begun + RESTS {
                points.push(Point {
                    owner: None,
                    subject: channel.id.to_string(),
                    occurrence: Occurrence::ChannelResting {
                        channel: channel.name.clone(),
                        cause: rest.cause,
                        until: Some(rest.until),
                    },
                });
            }
        }
        points
    }

    /// The rest that ends first, where a channel has nobody to call, nowhere to call or nothing to serve.
    fn rest_of(&self, channel: &Channel, models: &[Target], now: Timestamp) -> Option<Resting> {
        let all = |targets: Vec<Target>| self.relay.health.all_resting(targets, now);
        let credentials = channel.credentials.iter().map(|one| Target::Credential(one.id));
        let endpoints = channel.endpoints.iter().map(|one| Target::Endpoint(one.id));
        all(vec![Target::Channel(channel.id)])
            .or_else(|| all(credentials.collect()))
            .or_else(|| all(endpoints.collect()))
            .or_else(|| all(models.to_vec()))
    }

    pub(super) async fn logged_out_accounts(&self) -> Result<Vec<Point>, StoreError> {
        let accounts = self.relay.store.read().list_oauth_accounts().await?;
        let point = |account: OauthAccountRecord| match account.state {
            AccountState::Active => None,
            AccountState::NeedsLogin(cause) => Some(Point {
                owner: None,
                subject: account.credential_id.to_string(),
                occurrence: Occurrence::AccountNeedsLogin {
                    account: name_of(&account),
                    cause: cause.as_str().to_owned(),
                },
            }),
        };
        Ok(accounts.into_iter().filter_map(point).collect())
    }

    pub(super) async fn used_quotas(&self, rules: &Rules) -> Result<Vec<Point>, StoreError> {
        let Some(percent) = rules.threshold_of(None) else { return Ok(Vec::new()) };
        let (read, now) = (self.relay.store.read(), self.relay.clock.now());
        let quotas = read.list_quotas().await?;
        if quotas.is_empty() {
            return Ok(Vec::new());
        }
        let accounts = read.list_oauth_accounts().await?;
        let names: HashMap<CredentialId, String> =
            accounts.iter().map(|one| (one.credential_id, name_of(one))).collect();
        let mut points = Vec::new();
        for quota in quotas {
            let low = quota.windows.iter().filter(|window| {
                window.used.parts() >= percent * (Ppm::ONE.parts() / 100)
                    && window.resets_at.is_none_or(|at| at > now)
            });
            let id = quota.credential_id;
            // Each by itself: hours that are used up say nothing of the week.
            points.extend(low.map(|window| Point {
                owner: None,
                subject: format!("{id}:{}", window.name.as_str()),
                occurrence: Occurrence::AccountQuotaLow {
                    account: names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
                    used: window.used,
                    resets_at: window.resets_at,
                },
            }));
        }
        Ok(points)
    }

    pub(super) async fn failing_calls(&self, rules: &Rules) -> Result<Vec<Point>, StoreError> {
        let Some(percent) = rules.threshold_of(None) else { return Ok(Vec::new()) };
        let found = self.relay.store.count_failing(self.relay.clock.now() - LATELY).await?;
        let percent = u64::try_from(percent).unwrap_or(100);
        if found.calls < TELLING_CALLS || found.failed * 100 < found.calls * percent {
            return Ok(Vec::new());
        }
        Ok(vec![Point {
            owner: None,
            subject: "calls".to_owned(),
            occurrence: Occurrence::ErrorRateHigh {
                failed: found.failed,
                calls: found.calls,
                minutes: 10,
            },
        }])
    }
}

fn name_of(account: &OauthAccountRecord) -> String {
    account.grant.email.clone().unwrap_or_else(|| account.grant.account_id.clone())
}
