//! Taking what is due out of the outbox, and carrying it.

use std::{fmt, sync::Arc, time::Duration};

use jiff::tz::TimeZone;
use realms_identity::{Language, Mailer};
use realms_seal::Keyring;
use realms_store::{
    Delivered, DeliveryRecord, NotificationLanguage, NotificationTargetRecord, Store, StoreError,
};
use realms_types::{Occurrence, SharedClock, UserId};
use realms_upstream::Upstream;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::{
    SendError, SettingsMistake, TargetSettings, Wording,
    courier::{Courier, NOT_CALLED},
    message::Envelope,
};

/// What notifications say of the site, as its settings are at the moment.
#[derive(Debug, Clone)]
pub struct SiteNow {
    /// What it is called.
    pub name: String,
    /// Where it is reached, without a `/` at the end; `None`: not known, and nothing is linked.
    pub base_url: Option<String>,
    /// The zone in which times are told.
    pub zone: TimeZone,
}

/// Tells what the site is at the moment.
pub type Site = Arc<dyn Fn() -> SiteNow + Send + Sync>;

/// What a notifier needs.
pub struct Parts {
    /// The outbox, and the targets.
    pub store: Store,
    /// Opens the settings of targets.
    pub keyring: Keyring,
    /// The way to other sites, under the outbound policy.
    pub upstream: Upstream,
    /// The same for targets of users, who are not to reach what only channels may.
    pub for_users: Upstream,
    /// The way for letters.
    pub mailer: Mailer,
    /// The time.
    pub clock: SharedClock,
    /// What the site is.
    pub site: Site,
}

/// Carries notifications. Cheap to clone.
#[derive(Clone)]
pub struct Notifier(Arc<Inner>);

struct Inner {
    store: Store,
    keyring: Keyring,
    courier: Courier,
    clock: SharedClock,
    site: Site,
}

/// Deliveries taken in one pass, and carried side by side.
const A_PASS: u64 = 32;
/// How long one may take: then it is due again, for whoever took it is gone.
const LEASE: Duration = Duration::from_mins(2);
/// The pauses between tries; after the last one it is given up. A day and a half in all.
const PAUSES: [Duration; 8] = [
    Duration::from_secs(10),
    Duration::from_mins(1),
    Duration::from_mins(5),
    Duration::from_mins(30),
    Duration::from_hours(2),
    Duration::from_hours(6),
    Duration::from_hours(12),
    Duration::from_hours(16),
];

// === impl Notifier ===

impl Notifier {
    /// A notifier.
    pub fn new(parts: Parts) -> Self {
        let Parts { store, keyring, upstream, for_users, mailer, clock, site } = parts;
        let courier = Courier { upstream, for_users, mailer };
        Self(Arc::new(Inner { store, keyring, courier, clock, site }))
    }

    /// Carries what is due, and tells how many deliveries there were. Any number of nodes may do it at once: each
    /// delivery is taken by one.
    pub async fn pass(&self) -> Result<usize, StoreError> {
        let now = self.0.clock.now();
        let due = self.0.store.list_due_deliveries(now, A_PASS).await?;
        let mut tasks = JoinSet::new();
        for delivery in due {
            if self.0.store.take_delivery(&delivery, now + LEASE).await? {
                let notifier = self.clone();
                tasks.spawn(async move { notifier.deliver(&delivery).await });
            }
        }
        let taken = tasks.len();
        while let Some(done) = tasks.join_next().await {
            match done {
                Ok(Ok(())) => {}
                Ok(Err(error)) => {
                    tracing::warn!(%error, "what became of a notification is not written down");
                }
                Err(error) => tracing::error!(%error, "a notification was not carried"),
            }
        }
        Ok(taken)
    }

    /// Refuses settings whose address no call of their owner may go to.
    pub fn admit(
        &self,
        owner: Option<UserId>,
        settings: TargetSettings,
    ) -> Result<TargetSettings, SettingsMistake> {
        let policy = self.0.courier.way(owner).policy();
        for (field, address) in settings.addresses() {
            let url = address.parse().ok();
            if let Some(refused) = url.and_then(|url| policy.check_url(&url).err()) {
                let message = match owner {
                    None => refused.to_string(),
                    Some(_) => NOT_CALLED.to_owned(),
                };
                return Err(SettingsMistake { field, message });
            }
        }
        Ok(settings)
    }

    /// Sends a test to a target, and tells why it was not taken.
    pub async fn test(&self, target: &NotificationTargetRecord) -> Result<(), SendError> {
        let settings = TargetSettings::open(target, &self.0.keyring).ok_or(SendError::Settings)?;
        let language = language(target.language);
        let wording = Wording::of_test(language, &self.site());
        let now = self.0.clock.now();
        let facts = serde_json::json!({ "event": "test" });
        let id = format!("test.{}", target.id);
        let envelope = Envelope { id: &id, facts: &facts, at: now, wording: &wording };
        self.0.courier.carry((target.owner, &settings), language, &envelope, now).await
    }

    /// A notification as it is sent to somebody.
    pub fn wording(
        &self,
        occurrence: &Occurrence,
        owner: Option<UserId>,
        in_language: Language,
    ) -> Wording {
        Wording::of(occurrence, owner.is_some(), in_language, &self.site())
    }

    /// The language that a user chose, if they did.
    pub async fn language_of(&self, user: UserId) -> Result<Option<Language>, StoreError> {
        let kept = self.0.store.read().find_preferences(user).await?;
        let kept: Option<Value> = kept.and_then(|kept| serde_json::from_str(&kept).ok());
        let chosen = kept.as_ref().and_then(|kept| kept.get("language")).and_then(Value::as_str);
        Ok(chosen.map(Language::of))
    }

    fn site(&self) -> SiteNow {
        (self.0.site)()
    }

    /// Carries a delivery that was taken, and writes down what became of it.
    async fn deliver(&self, delivery: &DeliveryRecord) -> Result<(), StoreError> {
        let attempts = delivery.attempts + 1;
        let sent = match self.carry(delivery).await {
            // What cannot be read now cannot be read later.
            Err(StoreError::Corrupt { .. }) => Err(SendError::Settings),
            carried => carried?,
        };
        let now = self.0.clock.now();
        let outcome = match sent {
            Ok(()) => Delivered::Sent,
            Err(error) => {
                let pause = PAUSES.get(attempts as usize - 1).filter(|_| error.may_pass());
                let error = error.to_string();
                if let Some(pause) = pause {
                    Delivered::Again { at: now + *pause, error }
                } else {
                    tracing::warn!(id = %delivery.id, attempts, error, "a notification was given up");
                    Delivered::GivenUp { error }
                }
            }
        };
        self.0.store.finish_delivery(delivery.id, attempts, &outcome, now).await
    }

    async fn carry(&self, delivery: &DeliveryRecord) -> Result<Result<(), SendError>, StoreError> {
        let read = self.0.store.read();
        let Some(target) = delivery.id.target else {
            return self.carry_home(delivery).await;
        };
        let found = read.find_notification_target(delivery.owner, target).await?;
        let Some(found) = found.filter(|target| target.enabled) else {
            return Ok(Err(SendError::NoTarget));
        };
        let Some(settings) = TargetSettings::open(&found, &self.0.keyring) else {
            return Ok(Err(SendError::Settings));
        };
        let language = language(found.language);
        let wording = self.wording(&delivery.occurrence, delivery.owner, language);
        let facts = serde_json::to_value(&delivery.occurrence).unwrap_or_default();
        let id = delivery.id.to_string();
        let at = delivery.created_at;
        let envelope = Envelope { id: &id, facts: &facts, at, wording: &wording };
        let to = (delivery.owner, &settings);
        Ok(self.0.courier.carry(to, language, &envelope, self.0.clock.now()).await)
    }

    /// To the proved address of who is told.
    async fn carry_home(
        &self,
        delivery: &DeliveryRecord,
    ) -> Result<Result<(), SendError>, StoreError> {
        let Some(user) = delivery.owner else { return Ok(Err(SendError::NoTarget)) };
        let Some(address) = self.0.store.read().proved_address(user).await? else {
            return Ok(Err(SendError::NoAddress));
        };
        let chosen = self.language_of(user).await?;
        let language = chosen.unwrap_or_else(|| written_in(&delivery.occurrence));
        let wording = self.wording(&delivery.occurrence, delivery.owner, language);
        Ok(self.0.courier.write(&[address], language, &wording).await)
    }
}

impl fmt::Debug for Notifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notifier").finish_non_exhaustive()
    }
}

impl fmt::Debug for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parts").finish_non_exhaustive()
    }
}

/// The language of a target, as letters know it.
const fn language(language: NotificationLanguage) -> Language {
    match language {
        NotificationLanguage::English => Language::English,
        NotificationLanguage::Chinese => Language::Chinese,
    }
}

/// The language in which something is told to a user who chose none: that of what it quotes.
pub fn written_in(occurrence: &Occurrence) -> Language {
    match occurrence {
        Occurrence::TicketAnswered { subject, .. } => Language::written_in(subject),
        Occurrence::SubscriptionEnding { plan, .. } | Occurrence::WindowNearEnd { plan, .. } => {
            Language::written_in(plan)
        }
        _ => Language::default(),
    }
}
