//! Fills a database with plausible usage, for looking at pages and measuring them:
//! `cargo run --release -p realms-store --example seed_usage -- URL [RECORDS] [DAYS] [WORDS…]`.
//!
//! Each further word names whose calls they are: `user=ID`, `key=USER_ID:ID`, `channel=ID:GROUP_ID`,
//! `model=NAME`, each as often as there are any; what is not named is made up. Calls are spread over
//! the days until now, more by day than by night; hours are summed up at the end unless `raw` is said.
//! With `measure` the time of the console's questions is told.

#![expect(clippy::print_stdout, reason = "this program is there to print its figures")]

use std::{env, error::Error, sync::Arc, time::Duration};

use realms_store::{
    AttemptRecord, Dimension, Store, StoreOptions, UsageFilter, UsageMeasure, UsageRecord,
};
use realms_types::{
    ApiKeyId, Cause, Certainty, Chance, ChannelGroupId, ChannelId, Clock, DialectId, Ids, Money,
    NodeId, Origin, RecordId, Scope, SystemClock, Timestamp, Usage, UserId,
};
use tokio::time::Instant;

const BATCH: usize = 1_000;
const HOUR: i64 = 3_600_000_000;
/// Ids count milliseconds from here, above 22 bits of chance.
const ID_EPOCH_MS: i64 = 1_735_689_600_000;

/// What calls a dialect, and as whom.
const CLIENTS: [(&str, &str, DialectId, &str); 6] = [
    ("codex_cli", "codex_exec/0.169.0 (Debian 12)", DialectId::Responses, "responses"),
    ("claude_code", "claude-cli/2.1.329 (external, sdk-cli)", DialectId::Messages, "messages"),
    ("gemini_cli", "GeminiCLI-tui/0.61.0/m (linux; x64)", DialectId::Gemini, "generate_content"),
    ("openai_python", "OpenAI/Python 3.52.0", DialectId::Chat, "chat.completions"),
    ("opencode", "opencode/1.18.33 ai-sdk/openai/4.0.118", DialectId::Chat, "chat.completions"),
    ("other", "MyBot/2.1", DialectId::Chat, "chat.completions"),
];

/// Why calls fail here, with what the client gets.
const FAILURES: [(&str, Cause, Origin, u16); 5] = [
    ("failed", Cause::RateLimited, Origin::Upstream, 429),
    ("failed", Cause::ServerError, Origin::Upstream, 502),
    ("rejected", Cause::BadRequest, Origin::Client, 400),
    ("broken", Cause::IdleTimeout, Origin::Upstream, 200),
    ("client_gone", Cause::ClientGone, Origin::Client, 499),
];

/// Who calls what, and over which days.
struct Plot {
    chance: Chance,
    ids: Ids,
    keys: Vec<(UserId, ApiKeyId)>,
    channels: Vec<(ChannelId, ChannelGroupId)>,
    models: Vec<String>,
    start: Timestamp,
    hours: u64,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let url = arguments.next().ok_or("a database is needed, such as sqlite:realms.db")?;
    let count = arguments.next().map_or(Ok(100_000), |text| text.parse::<usize>())?;
    let days = arguments.next().map_or(Ok(30), |text| text.parse::<u64>())?;
    let words: Vec<String> = arguments.collect();
    let has = |word: &str| words.iter().any(|own| own == word);
    let store = Store::open(StoreOptions::new(url.parse()?)).await?;
    let plot = Plot::read(&words, days)?;

    let start = Instant::now();
    let mut records: Vec<UsageRecord> = (0..count).map(|_| plot.record()).collect();
    records.sort_by_key(|record| record.id);
    let made = start.elapsed();
    for batch in records.chunks(BATCH) {
        store.insert_usage(batch).await?;
    }
    println!("{count} records made in {made:.1?}, all written after {:.1?}", start.elapsed());
    if !has("raw") {
        let hours = roll_up(&store).await?;
        println!("{hours} hours summed up after {:.1?}", start.elapsed());
    }
    if has("measure") {
        let (user, _) = plot.keys.first().copied().ok_or("no key")?;
        for (whose, filter) in
            [("everyone", UsageFilter::default()), ("one user", UsageFilter::of(user))]
        {
            measure(&store, whose, &filter, plot.start).await?;
        }
    }
    store.close().await?;
    Ok(())
}

/// Sums up every hour that is over.
async fn roll_up(store: &Store) -> Result<usize, Box<dyn Error>> {
    let mut made = 0;
    loop {
        let hours = store.stale_usage_hours(SystemClock.now(), 1_000).await?;
        for hour in &hours {
            store.roll_up_usage(*hour).await?;
        }
        made += hours.len();
        if hours.is_empty() {
            return Ok(made);
        }
    }
}

/// Tells how long the questions behind a page take, the better of three tries each.
async fn measure(
    store: &Store,
    whose: &str,
    filter: &UsageFilter,
    since: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let filter = UsageFilter { since: Some(since), ..filter.clone() };
    let day = Timestamp::from_micros(since.as_micros() - since.as_micros().rem_euclid(24 * HOUR));
    let starts: Vec<Timestamp> =
        (0..31).map(|number| day + Duration::from_hours(24 * number)).collect();
    for question in ["list", "by cost", "sums", "percentiles", "by model", "days by model"] {
        let mut best = Duration::MAX;
        for _ in 0..3 {
            let begun = Instant::now();
            match question {
                "list" => drop(store.list_usage(&filter).await?),
                "by cost" => {
                    let sort = realms_store::UsageSort::MostCost;
                    drop(store.list_usage(&UsageFilter { sort, ..filter.clone() }).await?);
                }
                "sums" => drop(store.sum_usage(&filter).await?),
                "percentiles" => drop(store.summarize_usage(&filter).await?),
                "by model" => {
                    drop(store.usage_by(&filter, Dimension::Model, UsageMeasure::Cost, 20).await?);
                }
                _ => {
                    let (by, what) = (Dimension::Model, UsageMeasure::Cost);
                    drop(store.usage_series(&filter, &starts, by, what, 8).await?);
                }
            }
            best = best.min(begun.elapsed());
        }
        println!("{whose}, {question}: {best:.1?}");
    }
    Ok(())
}

// === impl Plot ===

impl Plot {
    fn read(words: &[String], days: u64) -> Result<Self, Box<dyn Error>> {
        let chance = Chance::seeded(1);
        let ids = Ids::new(Arc::new(SystemClock), Chance::from_entropy());
        let named =
            |name: &'static str| words.iter().filter_map(move |word| word.strip_prefix(name));
        let mut keys: Vec<(UserId, ApiKeyId)> = Vec::new();
        for pair in named("key=") {
            let (user, key) = pair.split_once(':').ok_or("a key is USER_ID:ID")?;
            keys.push((user.parse()?, key.parse()?));
        }
        let users = named("user=").map(str::parse).collect::<Result<Vec<UserId>, _>>()?;
        keys.extend(users.into_iter().map(|user| (user, ids.next())));
        if keys.is_empty() {
            let made = (1..=12).map(|number| (UserId::new(number % 5 + 1), ApiKeyId::new(number)));
            keys.extend(made);
        }
        let mut channels = Vec::new();
        for pair in named("channel=") {
            let (channel, group) = pair.split_once(':').ok_or("a channel is ID:GROUP_ID")?;
            channels.push((channel.parse()?, group.parse()?));
        }
        if channels.is_empty() {
            channels
                .extend((1..=4).map(|number| (number.into(), ChannelGroupId::new(number % 2 + 1))));
        }
        let mut models: Vec<String> = named("model=").map(str::to_owned).collect();
        if models.is_empty() {
            let made =
                ["gpt-5.2-codex", "claude-opus-5", "gemini-3.8-pro", "gpt-5.2", "claude-haiku-5"];
            models.extend(made.map(str::to_owned));
        }
        let start = SystemClock.now() - Duration::from_hours(24 * days);
        Ok(Self { chance, ids, keys, channels, models, start, hours: 24 * days })
    }

    fn below(&self, bound: u64) -> i64 {
        i64::try_from(self.chance.below(bound)).unwrap_or(0)
    }

    /// A place in a list, the first far more likely than the last.
    fn place(&self, length: usize) -> usize {
        let most = u64::try_from(length).unwrap_or(1);
        let (a, b) = (self.chance.below(most), self.chance.below(most));
        usize::try_from(a.min(b)).unwrap_or(0)
    }

    /// A moment of the range, by day rather than by night.
    fn moment(&self) -> Timestamp {
        loop {
            let hour = self.below(self.hours);
            let busy = (7..23).contains(&(hour % 24));
            if busy || self.below(5) == 0 {
                let micros = self.start.as_micros() + hour * HOUR + self.below(3_600_000_000);
                return Timestamp::from_micros(micros);
            }
        }
    }

    /// A call as a coding agent or a script leaves it.
    fn record(&self) -> UsageRecord {
        let at = self.place(self.keys.len());
        let (user_id, api_key_id) = self.keys[at];
        // A key is mostly used by one client, for a few models.
        let own = if self.below(8) == 0 { self.place(CLIENTS.len()) } else { at % CLIENTS.len() };
        let (client, agent, dialect, operation) = CLIENTS[own];
        let model = &self.models[(own + self.place(2)) % self.models.len()];
        let (channel, group) = self.channels[self.place(self.channels.len())];
        let started_at = self.moment();
        let failure = (self.below(25) == 0).then(|| FAILURES[self.place(FAILURES.len())]);
        let first = 200_000 + self.below(900_000) * (1 + self.below(3));
        let duration_us = first + self.below(20_000_000);
        let usage = self.usage(failure.is_some());
        let cost =
            i64::try_from(usage.input * 1_250 + usage.cache_read * 125 + usage.output * 10_000);
        let raw = ((started_at.as_millis() + duration_us / 1_000 - ID_EPOCH_MS) << 22)
            | self.below(1 << 22);
        UsageRecord {
            id: RecordId::new(raw),
            request_id: self.ids.next_request(),
            client_request_id: None,
            user_id,
            api_key_id,
            node_id: NodeId::new(1),
            dialect,
            operation: operation.to_owned(),
            model: model.clone(),
            model_id: None,
            upstream_model: Some(model.clone()),
            answered_model: Some(format!("{model}-2026-01-15")),
            channel_id: Some(channel),
            endpoint_id: Some(channel.raw().into()),
            credential_id: Some(channel.raw().into()),
            channel_group_id: Some(group),
            stream: own < 3 || self.below(2) == 0,
            status: failure.map_or(200, |(_, _, _, status)| status),
            outcome: failure.map_or("ok", |(outcome, ..)| outcome).to_owned(),
            origin: failure.map(|(_, _, origin, _)| origin),
            cause: failure.map(|(_, cause, ..)| cause),
            started_at,
            first_event_us: failure.is_none().then_some(first),
            duration_us,
            request_bytes: 2_000 + self.below(200_000),
            response_bytes: 500 + self.below(40_000),
            usage,
            certainty: if failure.is_some() { Certainty::None } else { Certainty::Measured },
            cost: cost.ok().map(Money::from_nano),
            price: Some(PRICE.to_owned()),
            attempts: self.attempts(channel, model, started_at, failure.is_some()),
            client_address: Some(format!("203.0.113.{}", 1 + at % 250)),
            user_agent: Some(agent.to_owned()),
            client: client.to_owned(),
            session: Some(format!("session-{}-{}", at, self.below(200))),
            cache_saved: i64::try_from(usage.cache_read * 1_125).ok().map(Money::from_nano),
            trace: None,
            billing: None,
            upstream_cost: None,
            object: None,
        }
    }

    fn usage(&self, failed: bool) -> Usage {
        if failed {
            return Usage::default();
        }
        let output = 50 + self.chance.below(2_000);
        Usage {
            input: 200 + self.chance.below(4_000),
            cache_read: self.chance.below(60_000),
            output,
            reasoning: output / 3,
            ..Usage::default()
        }
    }

    /// One attempt, or one after another that failed.
    fn attempts(
        &self,
        channel: ChannelId,
        model: &str,
        started_at: Timestamp,
        failed: bool,
    ) -> Vec<AttemptRecord> {
        let attempt = |sequence, channel: ChannelId, good: bool| AttemptRecord {
            sequence,
            channel_id: channel,
            endpoint_id: channel.raw().into(),
            credential_id: channel.raw().into(),
            binding_id: None,
            upstream_model: Some(model.to_owned()),
            started_at,
            headers_us: Some(150_000),
            duration_us: 900_000,
            status: Some(if good { 200 } else { 429 }),
            outcome: if good { "accepted" } else { "retried" }.to_owned(),
            cause: (!good).then_some(Cause::RateLimited),
            scope: (!good).then_some(Scope::Credential),
            detail: (!good).then(|| "slow down".to_owned()),
            bytes: 20_000,
            upstream_request_id: Some("req_0123456789abcdef".to_owned()),
        };
        let first = self.channels[self.place(self.channels.len())].0;
        if self.below(20) == 0 && first != channel {
            return vec![attempt(0, first, false), attempt(1, channel, !failed)];
        }
        vec![attempt(0, channel, !failed)]
    }
}

const PRICE: &str =
    r#"{"price":{"input":"1.25","output":"10","cache_read":"0.125"},"multiplier":"1"}"#;
