//! Tests of channels, saved or about to be, told step by step as they go.

pub(super) mod kept;
mod told;

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Path, State},
    response::{
        Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, StreamExt as _, stream};
use realms_dialect::Shape;
use realms_relay::{
    ChannelTest, Depth, Failure, Relay, Subject, Tell, Vendor, Way, probe, usual_dialect,
    vendor_models,
};
use realms_store::{AuditRecord, TestDepth, TestTrigger};
use realms_types::{ChannelKind, DialectId, Proxy, Secret};
use serde::{Deserialize, Serialize};
use tokio::{sync::mpsc, time::sleep};
use url::Url;
use utoipa::ToSchema;

pub(super) use self::told::{TestPhase, TestsDone};
use self::told::{TestResult, micros};
use super::{Console, body::Strict, caller::Caller, problem::Problems};
use crate::{
    ConsoleError, detect,
    manifest::{ProxyText, Slot},
    upstreams::{Bound, Saved, Signer, probe_model, read_proxy, read_versioned_base},
    words,
};

/// What the audit log calls tests of a saved channel, and of one that is not.
pub(super) const TESTED: &str = "channel.test";
const PROBED: &str = "channel.probe";
/// Tests that run side by side.
const AT_ONCE: usize = 4;
/// Tests of one request.
const MOST: usize = 200;
/// For all tests of one request.
const DEADLINE: Duration = Duration::from_mins(15);
/// Events that may wait for a slow reader.
const WAITING: usize = 64;
/// A sign of life this often, so that no proxy takes the silence for an end.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// An upstream that is not saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProbeRequest {
    /// Its kind.
    #[schema(value_type = words::ChannelKind, example = "openai")]
    kind: ChannelKind,
    /// Where its API is, with or without the version segment.
    #[schema(example = "https://api.openai.com/v1")]
    base_url: String,
    /// The key. It is used for this test and not kept.
    #[serde(deserialize_with = "super::body::secret")]
    #[schema(value_type = String, write_only)]
    key: Secret<String>,
    /// Of `azure`: the dated version of the API.
    #[serde(default)]
    api_version: Option<String>,
    /// What the requests go through, with its login.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    proxy: Option<Slot<ProxyText>>,
    /// What to ask, by the vendor's names. Default: one of those the vendor lists.
    #[serde(default)]
    models: Option<Vec<String>>,
    /// In which dialect. Default: by kind.
    #[serde(default)]
    #[schema(value_type = Option<words::Dialect>)]
    dialect: Option<DialectId>,
}

/// What of a saved channel is tested.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TestRequest {
    /// Models that it serves. Default: all that are enabled.
    #[serde(default)]
    models: Option<Vec<String>>,
    /// One of its credentials: name or id. Default: all that are enabled.
    #[serde(default)]
    credential: Option<String>,
    /// One of its addresses: base URL or id. Default: the one that is tried first.
    #[serde(default)]
    endpoint: Option<String>,
    /// In which dialect. Default: one that it speaks.
    #[serde(default)]
    #[schema(value_type = Option<words::Dialect>)]
    dialect: Option<DialectId>,
    /// How much is asked: `test` (one tiny answer, the default), or `scan` (what clients rely on, in three
    /// requests).
    #[serde(default)]
    #[schema(value_type = Option<words::TestDepth>)]
    depth: Option<TestDepth>,
}

/// One test to be made.
enum Test {
    /// Of a saved channel, so deep, with the credential of this name.
    Saved(ChannelTest, Depth, String),
    /// Of an upstream that is not saved.
    Unsaved(Subject),
}

/// What one request asks for.
enum Work {
    /// These tests.
    Tests(Vec<Test>),
    /// An upstream that is not saved.
    Probe(ProbeRequest, Url, Option<Arc<Proxy>>),
}

/// The tests of one request on their way to their reader.
struct Bench {
    relay: Relay,
    events: mpsc::Sender<Event>,
    score: Arc<Score>,
}

/// How many tests went how, whenever they are given up.
#[derive(Debug, Default)]
struct Score {
    ok: AtomicU32,
    failed: AtomicU32,
}

/// Asks an upstream that is not saved for a tiny answer from each model.
///
/// The answer is a stream of events: `phase`, `result` (a `TestResult`) for each model, `done`. It
/// ends when its reader leaves. The key is used once and not kept.
#[utoipa::path(
    post, path = "/api/admin/channels/probe", tag = "channels",
    request_body = ProbeRequest,
    responses(
        (status = 200, description = "Events `phase`, `result`, `done`", body = TestResult,
            content_type = "text/event-stream"),
        Problems
    )
)]
pub(super) async fn probe_channel(
    State(console): State<Console>,
    caller: Caller,
    Strict(request): Strict<ProbeRequest>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ConsoleError> {
    let ProbeRequest { kind, base_url, api_version, .. } = &request;
    let base = read_versioned_base(*kind, base_url, api_version.as_deref())?;
    let proxy = read_proxy(request.proxy.as_ref())?;
    let entry = console.entry(&caller.actor(), PROBED, None);
    Ok(console.stream(Work::Probe(request, base, proxy), entry))
}

/// Asks a saved channel for a tiny answer from each of its models with each of its credentials.
///
/// The answer is a stream of events: `phase`, `result` (a `TestResult`) for each test, `done`. It
/// ends when its reader leaves. Nothing is recorded as usage. A failure rests nothing; a success ends
/// the rests of what it went over.
#[utoipa::path(
    post, path = "/api/admin/channels/{name}/test", tag = "channels",
    params(("name" = String, Path, description = "Its name or its id")),
    request_body = TestRequest,
    responses(
        (status = 200, description = "Events `phase`, `result`, `done`", body = TestResult,
            content_type = "text/event-stream"),
        Problems
    )
)]
pub(super) async fn test_channel(
    State(console): State<Console>,
    caller: Caller,
    Path(name): Path<String>,
    Strict(request): Strict<TestRequest>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, ConsoleError> {
    let saved = console.0.editor.saved_channel(&name).await?;
    let tests = tests_of(&saved, &request)?;
    let entry = console.entry(&caller.actor(), TESTED, Some(&saved.channel.name));
    Ok(console.stream(Work::Tests(tests), entry))
}

/// Every chosen model with every chosen credential.
fn tests_of(saved: &Saved, request: &TestRequest) -> Result<Vec<Test>, ConsoleError> {
    let invalid = |mistake: String| ConsoleError::Invalid(vec![mistake]);
    let name = &saved.channel.name;
    let endpoint = saved.test_endpoint(request.endpoint.as_deref())?;
    let base = saved.base_of(endpoint)?;
    let dialect = saved.test_dialect(request.dialect, &base)?;
    let mut models: Vec<&Bound> = match &request.models {
        None => saved.models.iter().filter(|model| model.enabled).collect(),
        Some(wanted) => wanted
            .iter()
            .map(|wanted| {
                let found = saved.models.iter().find(|model| model.model == *wanted);
                found.ok_or_else(|| {
                    invalid(format!("models: channel `{name}` does not serve `{wanted}`"))
                })
            })
            .collect::<Result<_, _>>()?,
    };
    let chosen = |signer: &&Signer| match &request.credential {
        None => signer.enabled,
        Some(wanted) => signer.name == *wanted || signer.id.to_string() == *wanted,
    };
    let credentials: Vec<_> = saved.credentials.iter().filter(chosen).collect();
    if models.is_empty() {
        return Err(invalid(format!("models: channel `{name}` serves none that is enabled")));
    }
    if credentials.is_empty() {
        return Err(invalid(format!("credential: channel `{name}` has none like this")));
    }
    if models.len() * credentials.len() > MOST {
        return Err(invalid(format!("models: at most {MOST} tests at once: choose fewer")));
    }
    let known_bases = detect::known_bases(&base, saved.channel.kind);
    let options = &saved.channel.options;
    let shape = (!options.is_empty()).then(|| Shape::compile(options).ok()).flatten().map(Arc::new);
    let depth = match request.depth {
        None | Some(TestDepth::Test) => Depth::Test,
        Some(TestDepth::Scan) => Depth::Scan,
    };
    // What the operator named for tests comes first.
    models.sort_by_key(|model| options.test_model.as_ref() != Some(&model.model));
    let mut tests = Vec::with_capacity(models.len() * credentials.len());
    for model in models {
        for signer in &credentials {
            let way = Way {
                channel: saved.channel.id,
                endpoint: endpoint.id,
                credential: signer.id,
                binding: model.id,
            };
            let test = ChannelTest {
                way,
                model: model.model.clone(),
                subject: Subject {
                    kind: saved.channel.kind,
                    base: base.clone(),
                    known_bases: known_bases.clone(),
                    dialect,
                    upstream_model: model.upstream.clone(),
                    credential: signer.secret.clone(),
                    proxy: signer.proxy.clone(),
                    account: signer.account.clone(),
                    price: model.price.clone(),
                    shape: shape.clone().map(|shape| (saved.channel.id, shape)),
                },
            };
            tests.push(Test::Saved(test, depth, signer.name.clone()));
        }
    }
    Ok(tests)
}

// === impl Console ===

impl Console {
    /// Sends events until the work is done, its reader leaves, its time is over, or the process stops.
    fn stream(
        &self,
        work: Work,
        mut entry: AuditRecord,
    ) -> Sse<impl Stream<Item = Result<Event, Infallible>> + use<>> {
        let (events, receiver) = mpsc::channel(WAITING);
        let relay = self.0.relay.clone();
        let (console, score) = (self.clone(), Arc::<Score>::default());
        let bench =
            Bench { relay: relay.clone(), events: events.clone(), score: Arc::clone(&score) };
        relay.tasks.clone().spawn(Box::pin(async move {
            tokio::select! {
                () = bench.work(work) => {}
                () = events.closed() => {}
                () = relay.running.shutdown().cancelled() => {}
                () = sleep(DEADLINE) => {}
            }
            let done = score.done();
            if done.ok > 0 {
                console.0.tested.store(true, Ordering::Relaxed);
            }
            entry.changes = done.changes();
            if let Err(error) = console.write(&entry).await {
                tracing::error!(%error, "cannot note a test of a channel in the audit log");
            }
        }));
        let events = stream::unfold(receiver, async |mut receiver| {
            receiver.recv().await.map(|event| (Ok(event), receiver))
        });
        Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
    }
}

// === impl Bench ===

impl Bench {
    async fn work(&self, work: Work) {
        match work {
            Work::Tests(tests) => self.run(tests).await,
            Work::Probe(request, base, proxy) => self.probe(request, base, proxy).await,
        }
    }

    /// An upstream that is not saved: what to ask it may have to be found out first.
    async fn probe(&self, request: ProbeRequest, base: Url, proxy: Option<Arc<Proxy>>) {
        let ProbeRequest { kind, key, models, dialect, .. } = request;
        let usual = || usual_dialect(kind, &base, kind.default_dialects());
        let dialect = dialect.unwrap_or_else(usual);
        let subject = |upstream_model: String| Subject {
            kind,
            base: base.clone(),
            known_bases: detect::known_bases(&base, kind),
            dialect,
            upstream_model,
            credential: key.clone(),
            proxy: proxy.clone(),
            account: None,
            price: None,
            shape: None,
        };
        let vendor = Vendor {
            kind,
            base: base.clone(),
            credential: key.clone(),
            proxy: proxy.clone(),
            account: None,
        };
        let asked = match models.filter(|models| !models.is_empty()) {
            Some(models) => models,
            None => match self.choose(vendor).await {
                Ok(model) => vec![model],
                Err(failure) => {
                    let failed = TestResult::without_a_model(dialect, failure);
                    self.score.count(false);
                    self.send("result", &failed).await;
                    return self.done().await;
                }
            },
        };
        let tests = asked.into_iter().take(MOST).map(|model| Test::Unsaved(subject(model)));
        self.run(tests.collect()).await;
    }

    /// A model of those the vendor lists.
    async fn choose(&self, vendor: Vendor) -> Result<String, Failure> {
        let now = self.relay.clock.now();
        let models = vendor_models(&self.relay.upstream, &vendor, now).await?;
        let ids: Vec<&str> = models.iter().map(|model| model.id.as_str()).collect();
        let chosen = probe_model(&ids);
        chosen.map(str::to_owned).ok_or_else(|| Failure {
            code: realms_relay::FailureCode::ModelNotFound,
            detail: "the vendor lists no models: name one".to_owned(),
            fix: None,
        })
    }

    async fn run(&self, tests: Vec<Test>) {
        let tests = stream::iter(tests).map(|test| self.test(test)).buffer_unordered(AT_ONCE);
        tests.for_each(async |()| ()).await;
        self.done().await;
    }

    async fn test(&self, test: Test) {
        let relay = &self.relay;
        let result = match test {
            Test::Saved(test, depth, credential) => {
                let tell = self.tell(&test.model, Some(&credential));
                let report = relay.test_channel(&test, (TestTrigger::Manual, depth), tell).await;
                TestResult::new(test.model, Some(credential), &test.subject, report)
            }
            Test::Unsaved(subject) => {
                let model = subject.upstream_model.clone();
                let tell = self.tell(&model, None);
                let (upstream, clock) = (&relay.upstream, &relay.clock);
                let report = Box::pin(probe(upstream, clock, &subject, Depth::Test, tell)).await;
                TestResult::new(model, None, &subject, report)
            }
        };
        self.score.count(result.ok);
        self.send("result", &result).await;
    }

    /// Sends the steps of a test as they are done.
    fn tell(&self, model: &str, credential: Option<&str>) -> Tell {
        let (model, credential) = (model.to_owned(), credential.map(str::to_owned));
        let events = self.events.clone();
        Arc::new(move |step, at| {
            let phase = TestPhase {
                model: model.clone(),
                credential: credential.clone(),
                phase: step.as_str(),
                at_us: micros(at),
            };
            // A reader that is too slow for the steps still gets the result.
            if let Ok(event) = Event::default().event("phase").json_data(&phase) {
                let _ = events.try_send(event);
            }
        })
    }

    async fn done(&self) {
        self.send("done", &self.score.done()).await;
    }

    async fn send<T: Serialize>(&self, name: &str, data: &T) {
        if let Ok(event) = Event::default().event(name).json_data(data) {
            // Nobody reads any more: the select above ends the work.
            let _ = self.events.send(event).await;
        }
    }
}

// === impl Score ===

impl Score {
    fn count(&self, ok: bool) {
        let counter = if ok { &self.ok } else { &self.failed };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    fn done(&self) -> TestsDone {
        let (ok, failed) = (self.ok.load(Ordering::Relaxed), self.failed.load(Ordering::Relaxed));
        TestsDone { tested: ok + failed, ok, failed }
    }
}
