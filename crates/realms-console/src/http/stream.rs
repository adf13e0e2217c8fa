//! What happens here, as it happens: one stream of server-sent events for each open page.

use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    convert::Infallible,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::State,
    response::{
        IntoResponse, Response,
        sse::{Event, Sse},
    },
};
use futures_util::Stream;
use http::{HeaderMap, HeaderValue, header};
use parking_lot::Mutex;
use realms_identity::SignedIn;
use realms_relay::{News, Notice, Watcher};
use realms_store::{Role, UsageRecord};
use realms_types::{ChannelId, SessionId};
use serde::{Deserialize, Serialize};
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::{CancellationToken, DropGuard};
use utoipa::{IntoParams, ToSchema};

use super::{Console, body::Params, caller::Caller, problem::Problems};
use crate::{Code, ConsoleError, Refusal};

/// Between two signs of life. The session is looked at each time, before anything is told, and
/// whenever a session or a user changed.
const BEAT: Duration = Duration::from_secs(15);
/// How long the first event of a batch waits for company: names are looked up once for all.
const LINGER: Duration = Duration::from_millis(150);
/// Streams of one session.
const MOST: usize = 4;

/// What to hear of.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StreamParams {
    /// Comma-separated: `calls` (your own), `config`; for those who run the service `all_calls` and
    /// `health` too.
    #[param(example = "calls,config")]
    topics: String,
}

/// Something that a stream tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Topic {
    /// One's own calls.
    Calls,
    /// Everybody's calls.
    AllCalls,
    /// How channels are.
    Health,
    /// A configuration in force.
    Config,
}

/// What a stream tells of; never nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Topics(Vec<Topic>);

/// The data of a `config` event.
#[derive(Serialize, ToSchema)]
pub(super) struct ConfigNotice {
    /// Of the configuration that is in force now.
    version: i64,
}

/// The data of a `lag` event: ask for lists anew.
#[derive(Serialize, ToSchema)]
pub(super) struct LagNotice {
    /// Events that were not told.
    missed: u64,
}

/// How many streams each session has open.
#[derive(Debug, Clone, Default)]
pub(super) struct Streams(Arc<Mutex<HashMap<SessionId, usize>>>);

/// The right of one stream; given back when dropped.
struct Permit {
    streams: Streams,
    session: SessionId,
}

/// One open stream.
struct Feed {
    console: Console,
    reader: SignedIn,
    topics: Topics,
    watcher: Watcher,
    ready: VecDeque<(u64, Event)>,
    next_beat: Instant,
    /// Fires when the session is over.
    over: CancellationToken,
    /// With the stream its watch over the session ends too.
    _watch: DropGuard,
    _permit: Permit,
}

/// Streams what happens: `call` (a call that ended), `health` (a channel whose health changed),
/// `config` (a configuration in force), and `lag` when events were missed and lists are to be asked
/// for anew. With `Last-Event-ID` it goes on where it broke off. A comment comes every 15 seconds.
#[utoipa::path(
    get, path = "/api/stream", tag = "usage", params(StreamParams),
    responses((status = 200, content_type = "text/event-stream", body = String), Problems)
)]
pub(super) async fn stream_events(
    State(console): State<Console>,
    caller: Caller,
    Params(params): Params<StreamParams>,
    headers: HeaderMap,
) -> Result<Response, ConsoleError> {
    let reader = caller.user()?.clone();
    let topics = Topics::read(&params.topics)?;
    topics.check(reader.role)?;
    let permit = console.0.streams.enter(reader.session_id)?;
    // What nobody can have been given is as good as lost.
    let last = headers.get("last-event-id");
    let last = last.map(|id| id.to_str().ok().and_then(|id| id.parse().ok()).unwrap_or(0));
    let over = CancellationToken::new();
    tokio::spawn(watch_session(console.clone(), reader.session_id, over.clone()));
    let feed = Feed {
        watcher: console.0.relay.events.watch(last),
        console,
        reader,
        topics,
        ready: VecDeque::new(),
        next_beat: Instant::now() + BEAT,
        _watch: over.clone().drop_guard(),
        over,
        _permit: permit,
    };
    let mut response = Sse::new(feed.into_stream()).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

// === impl Topics ===

impl Topics {
    fn read(text: &str) -> Result<Self, ConsoleError> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        let topic = |word| match word {
            "calls" => Some(Topic::Calls),
            "all_calls" => Some(Topic::AllCalls),
            "health" => Some(Topic::Health),
            "config" => Some(Topic::Config),
            _ => None,
        };
        let topics: Option<Vec<Topic>> = words.map(topic).collect();
        topics.filter(|topics| !topics.is_empty()).map(Self).ok_or_else(|| {
            let detail = "query: `topics` are calls, all_calls, health, config";
            ConsoleError::Malformed(detail.to_owned())
        })
    }

    fn has(&self, topic: Topic) -> bool {
        self.0.contains(&topic)
    }

    /// Refuses topics that are not for this role.
    fn check(&self, role: Role) -> Result<(), ConsoleError> {
        if role == Role::User && (self.has(Topic::AllCalls) || self.has(Topic::Health)) {
            return Err(ConsoleError::Forbidden("these topics are for those who run the service"));
        }
        Ok(())
    }
}

// === impl Streams ===

impl Streams {
    fn enter(&self, session: SessionId) -> Result<Permit, ConsoleError> {
        let mut open = self.0.lock();
        let count = open.entry(session).or_default();
        if *count >= MOST {
            let detail = format!("this session has {MOST} streams open: close one of them");
            return Err(Refusal::new(Code::Throttled, detail).into());
        }
        *count += 1;
        Ok(Permit { streams: self.clone(), session })
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock();
        if let Some(count) = open.get_mut(&self.session) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.session);
            }
        }
    }
}

// === impl Feed ===

impl Feed {
    fn into_stream(self) -> impl Stream<Item = Result<Event, Infallible>> + Send {
        futures_util::stream::unfold(self, |mut feed| async move {
            let event = feed.next().await?;
            Some((Ok(event), feed))
        })
    }

    /// The next event; `None` when the session or the process ends.
    async fn next(&mut self) -> Option<Event> {
        let (stopping, over) = (self.console.0.stopping.clone(), self.over.clone());
        loop {
            if over.is_cancelled() {
                return None;
            }
            if let Some((_, event)) = self.ready.pop_front() {
                return Some(event);
            }
            tokio::select! {
                biased;
                () = stopping.cancelled() => return None,
                () = over.cancelled() => return None,
                () = sleep_until(self.next_beat) => {
                    self.next_beat = Instant::now() + BEAT;
                    if !self.is_wanted().await {
                        return None;
                    }
                    return Some(Event::default().comment(""));
                }
                news = gather(&mut self.watcher) => {
                    if !self.concerns(&news) {
                        continue;
                    }
                    if !self.is_wanted().await {
                        return None;
                    }
                    self.tell(news).await;
                }
            }
        }
    }

    /// Whether the session still is and may hear of this. While the database is away it stays.
    async fn is_wanted(&mut self) -> bool {
        match self.console.0.sessions.find_now(self.reader.session_id).await {
            Ok(Some(now)) if self.topics.check(now.role).is_ok() => {
                self.reader = now;
                true
            }
            Ok(_) => false,
            Err(error) => {
                tracing::warn!(%error, "cannot look at the session of a stream");
                true
            }
        }
    }

    /// Puts what happened into words. What cannot be named now is as good as missed.
    async fn tell(&mut self, news: News) {
        if news.missed > 0 {
            // How much happens here is not for everyone.
            let missed = if self.topics.has(Topic::AllCalls) { news.missed } else { 1 };
            self.push("lag", news.newest, &LagNotice { missed });
        }
        if let Err(error) = self.tell_notices(&news.notices).await {
            tracing::warn!(%error, "cannot tell a stream what happened");
            self.push("lag", news.newest, &LagNotice { missed: 1 });
        }
    }

    async fn tell_notices(&mut self, notices: &[(u64, Notice)]) -> Result<(), ConsoleError> {
        let (mut calls, mut channels) = (Vec::new(), BTreeMap::new());
        for (id, notice) in notices {
            match notice {
                Notice::Call(call) if self.is_told(call) => calls.push((*id, bare(call))),
                // Only how it is now: of several changes the last.
                Notice::Health(channel) if self.topics.has(Topic::Health) => {
                    channels.insert(*channel, *id);
                }
                Notice::Config(version) if self.topics.has(Topic::Config) => {
                    self.push("config", *id, &ConfigNotice { version: *version });
                }
                _ => {}
            }
        }
        let shown = self.reader.role != Role::User || self.console.shows_everyone_channels();
        let (ids, calls): (Vec<u64>, Vec<UsageRecord>) = calls.into_iter().unzip();
        let names = self.console.call_names(&calls, shown).await?;
        for (id, call) in ids.into_iter().zip(calls) {
            self.push("call", id, &names.view(call));
        }
        let wanted: Vec<ChannelId> = channels.keys().copied().collect();
        for (channel, status) in self.console.channel_statuses(&wanted).await? {
            let id = channels.get(&channel).copied().unwrap_or_default();
            self.push("health", id, &status);
        }
        // Whoever comes back goes on after the newest, so that goes out last.
        self.ready.make_contiguous().sort_by_key(|(id, _)| *id);
        Ok(())
    }

    /// Whether any of this is for the reader.
    fn concerns(&self, news: &News) -> bool {
        let is_for = |(_, notice): &(u64, Notice)| match notice {
            Notice::Call(call) => self.is_told(call),
            Notice::Health(_) => self.topics.has(Topic::Health),
            Notice::Config(_) => self.topics.has(Topic::Config),
        };
        news.missed > 0 || news.notices.iter().any(is_for)
    }

    fn is_told(&self, call: &UsageRecord) -> bool {
        self.topics.has(Topic::AllCalls)
            || (self.topics.has(Topic::Calls) && call.user_id == self.reader.user_id)
    }

    fn push(&mut self, name: &str, id: u64, data: &impl Serialize) {
        let event = Event::default().event(name).id(id.to_string()).json_data(data);
        match event {
            Ok(event) => self.ready.push_back((id, event)),
            Err(error) => tracing::error!(%error, name, "an event cannot be written"),
        }
    }
}

/// Fires `over` when this session is; ends when somebody else fires it.
async fn watch_session(console: Console, session: SessionId, over: CancellationToken) {
    let mut changes = console.0.sessions.changes();
    let until_over = async {
        loop {
            match console.0.sessions.find_now(session).await {
                Ok(None) => break,
                Ok(Some(_)) => {}
                Err(error) => tracing::warn!(%error, "cannot look at the session of a stream"),
            }
            if changes.changed().await.is_err() {
                break;
            }
            // Of changes in a row the last is enough.
            sleep(LINGER).await;
        }
    };
    tokio::select! {
        () = over.cancelled() => {}
        () = until_over => over.cancel(),
    }
}

/// What happened, with what happens within a moment after.
async fn gather(watcher: &mut Watcher) -> News {
    watcher.ready().await;
    sleep(LINGER).await;
    watcher.take()
}

/// A call for a list: its attempts without their details.
fn bare(call: &UsageRecord) -> UsageRecord {
    let mut call = call.clone();
    for attempt in &mut call.attempts {
        attempt.detail = None;
        attempt.upstream_request_id = None;
    }
    call
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_known_words() {
        let both = Topics(vec![Topic::Calls, Topic::Config]);
        assert_eq!(Topics::read(" calls,,config").unwrap(), both);
        assert!(Topics::read("").is_err() && Topics::read("calls,secrets").is_err());
    }

    #[test]
    fn some_topics_are_for_operators() {
        for text in ["all_calls", "health", "calls,health"] {
            let topics = Topics::read(text).unwrap();
            assert!(topics.check(Role::User).is_err(), "{text}");
            assert!(topics.check(Role::Admin).is_ok(), "{text}");
        }
        assert!(Topics::read("calls,config").unwrap().check(Role::User).is_ok());
    }

    #[test]
    fn a_session_has_a_few_streams() {
        let streams = Streams::default();
        let (one, other) = (SessionId::new(1), SessionId::new(2));
        let mut held: Vec<Permit> = (0..MOST).map(|_| streams.enter(one).unwrap()).collect();
        assert!(streams.enter(one).is_err() && streams.enter(other).is_ok());
        held.pop();
        assert!(streams.enter(one).is_ok());
        drop(held);
        assert!(streams.0.lock().is_empty());
    }
}
