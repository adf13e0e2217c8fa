//! Keeps prices up with a list elsewhere, by a schedule or when somebody asks.
//!
//! One node looks at a time: the row decides whose turn it is. Pinned prices stay, models that are not there are not
//! made, and a price that moves too far waits for somebody, whatever the settings say.

mod outcome;
mod schedule;
mod source;

use std::{fmt, sync::Arc, time::Duration};

use realms_catalog::{Live, PriceSyncMode, PriceSyncSettings};
use realms_store::{Notification, PriceSource, PriceSync as Held, PriceSyncOutcome, SyncTrigger};
use realms_types::{NodeId, Occurrence, Timestamp};
use realms_upstream::Upstream;
use tokio::time::timeout;
use url::Url;

use self::outcome::{done, nothing, report};
pub(crate) use self::{
    schedule::next_look,
    source::{Failed, shown},
};
use crate::{
    Author, Condition, ConsoleError, Edit, Editor, Reload, State,
    manifest::Manifest,
    prices::{self, Format, Found, Offer, Policy, Taken},
};

/// For all of one look.
const DEADLINE: Duration = Duration::from_mins(2);
/// How long a turn is held when its node dies; longer than a look may take.
const LEASE: Duration = Duration::from_mins(3);
/// How often prices are weighed anew when somebody changes one at the same time.
const TRIES: usize = 3;

/// Keeps prices up with a list elsewhere. Cheap to clone.
#[derive(Clone)]
pub struct PriceSync(Arc<Inner>);

struct Inner {
    editor: Editor,
    catalog: Arc<Live>,
    upstream: Upstream,
    reload: Reload,
    node: NodeId,
    /// Whether anybody is told: in self mode nobody is.
    tells: bool,
}

/// What a keeper of prices is made of.
pub(crate) struct PriceSyncParts {
    pub(crate) editor: Editor,
    pub(crate) catalog: Arc<Live>,
    pub(crate) upstream: Upstream,
    pub(crate) reload: Reload,
    pub(crate) node: NodeId,
    pub(crate) tells: bool,
}

/// What a look saw and did.
#[derive(Debug, Default)]
struct Looked {
    /// `None`: the list is the same, and nothing changed here since.
    found: Option<Found>,
    listed: usize,
    etag: Option<(String, i64)>,
}

// === impl PriceSync ===

impl PriceSync {
    pub(crate) fn new(parts: PriceSyncParts) -> Self {
        let PriceSyncParts { editor, catalog, upstream, reload, node, tells } = parts;
        Self(Arc::new(Inner { editor, catalog, upstream, reload, node, tells }))
    }

    /// Looks at the list if it is time to. Without a schedule the database is not asked.
    pub async fn try_pass(&self) {
        if let Err(error) = self.pass().await {
            tracing::warn!(%error, "prices are not kept up with their list");
        }
    }

    async fn pass(&self) -> Result<(), ConsoleError> {
        let settings = self.settings();
        let Some(url) = settings.url.clone().filter(|_| settings.every().is_some()) else {
            return Ok(());
        };
        let held = self.held().await?;
        if next_look(&settings, &held).is_some_and(|at| at <= self.now()) {
            self.look(&settings, &url, held, SyncTrigger::Schedule).await?;
        }
        Ok(())
    }

    /// Looks at the list now. `false`: somebody is looking already.
    pub(crate) async fn run(&self) -> Result<bool, ConsoleError> {
        let settings = self.settings();
        let Some(url) = settings.url.clone() else {
            let detail = "there is no list to look at: set `price_sync_url` first";
            return Err(ConsoleError::Conflict(detail.to_owned()));
        };
        self.look(&settings, &url, self.held().await?, SyncTrigger::Manual).await
    }

    /// What is set about it.
    pub(crate) fn settings(&self) -> PriceSyncSettings {
        self.0.catalog.load().settings().price_sync.clone()
    }

    /// How it stands.
    pub(crate) async fn held(&self) -> Result<Held, ConsoleError> {
        Ok(self.0.editor.store.read().price_sync().await?)
    }

    /// Asks for any list as it does for its own: under the same policy, with the same deadline and bound.
    pub(crate) async fn bring(
        &self,
        url: &Url,
        format: Format,
    ) -> Result<(Vec<Offer>, Format), Failed> {
        let list = source::fetch(&self.0.upstream, url, None).await?;
        let body = list.map(|list| list.body).unwrap_or_default();
        source::read(&body, format)
    }

    /// Sets prices in the place of those they were weighed against, or none of them.
    pub(crate) async fn set(
        &self,
        taken: &[Taken],
        price_source: PriceSource,
        author: &Author,
    ) -> Result<(), ConsoleError> {
        let models = taken.iter().map(|one| prices::priced(&one.model, &one.after)).collect();
        let condition = Some(still(taken.to_vec()));
        let manifest = Manifest { models, ..Manifest::empty() };
        let edit = Edit { price_source, condition, ..Edit::manifest(manifest) };
        Box::pin(self.0.editor.apply(edit, &|_| None, author)).await?;
        (self.0.reload)().await;
        Ok(())
    }

    fn now(&self) -> Timestamp {
        self.0.editor.clock.now()
    }

    async fn look(
        &self,
        settings: &PriceSyncSettings,
        url: &Url,
        held: Held,
        trigger: SyncTrigger,
    ) -> Result<bool, ConsoleError> {
        let store = &self.0.editor.store;
        if !store.claim_price_sync(held.revision, self.0.node, LEASE, self.now()).await? {
            return Ok(false);
        }
        let looked = timeout(DEADLINE, Box::pin(self.looked(settings, url, held))).await;
        let looked = looked.unwrap_or_else(|_| Err(Failed::late(DEADLINE)));
        self.finish(shown(url), trigger, looked).await?;
        Ok(true)
    }

    async fn looked(
        &self,
        settings: &PriceSyncSettings,
        url: &Url,
        held: Held,
    ) -> Result<Looked, Failed> {
        let store = &self.0.editor.store;
        // Read before what is compared: what changes meanwhile has the list looked at whole again.
        let version = store.versions().await.map_err(|error| Failed::refused(&error))?.catalog;
        let known = held.etag.filter(|(_, of)| *of == version);
        let etag = known.as_ref().map(|(etag, _)| etag.as_str());
        let Some(list) = source::fetch(&self.0.upstream, url, etag).await? else {
            return Ok(Looked { etag: known, ..Looked::default() });
        };
        let (offers, _) = source::read(&list.body, settings.format.into())?;
        let policy =
            Policy { applies: settings.mode == PriceSyncMode::Apply, factor: settings.factor };
        let found = self.take(&offers, policy).await.map_err(|error| Failed::refused(&error))?;
        let etag = list.etag.map(|etag| (etag, version));
        Ok(Looked { found: Some(found), listed: offers.len(), etag })
    }

    /// Weighs prices and sets those that may be set.
    async fn take(&self, offers: &[Offer], policy: Policy) -> Result<Found, ConsoleError> {
        let author = Author::schedule("price");
        for _ in 0..TRIES {
            let models = self.0.editor.store.read().list_models().await?;
            let found = prices::weigh(offers, &models, policy);
            if found.taken.is_empty() {
                return Ok(found);
            }
            match self.set(&found.taken, PriceSource::Synced, &author).await {
                Err(ConsoleError::Conflict(_)) => {}
                done => return done.map(|()| found),
            }
        }
        let detail = "prices change by hand again and again: it is tried later";
        Err(ConsoleError::Conflict(detail.to_owned()))
    }

    /// Writes down what a look came to, and tells those who run the site of what waits.
    async fn finish(
        &self,
        source: String,
        trigger: SyncTrigger,
        looked: Result<Looked, Failed>,
    ) -> Result<(), ConsoleError> {
        let at = self.now();
        let tx = self.0.editor.store.begin().await?;
        let held = tx.read().price_sync().await?;
        let (done, fresh) =
            done(PriceSyncOutcome { at, source, trigger, ..nothing() }, looked, held);
        report(&done.outcome);
        if !tx.finish_price_sync(self.0.node, &done).await? {
            return Ok(());
        }
        if fresh > 0 && self.0.tells {
            let PriceSyncOutcome { waiting, applied, .. } = done.outcome;
            let notification = Notification {
                id: self.0.editor.ids.next(),
                owner: None,
                key: format!("prices_waiting:{}", at.as_micros()),
                occurrence: Occurrence::PricesWaiting { waiting, applied },
                at,
            };
            tx.notify(&notification).await?;
        }
        Ok(tx.commit().await?)
    }
}

impl fmt::Debug for PriceSync {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PriceSync").field("node", &self.0.node).finish_non_exhaustive()
    }
}

/// Holds as long as every model is there, costs what was compared, and is not pinned.
fn still(taken: Vec<Taken>) -> Condition {
    Condition(Arc::new(move |state: &State| {
        let moved = |one: &&Taken| {
            let model = state.models.get(&one.model);
            model.is_none_or(|model| {
                model.object.price() != one.before || model.object.price_pinned == Some(true)
            })
        };
        match taken.iter().find(moved) {
            None => Ok(()),
            Some(one) => Err(ConsoleError::Conflict(format!(
                "the price of model `{}` changed in the meantime: look again",
                one.model
            ))),
        }
    }))
}
