//! Tests of a channel: one tiny generation, timed phase by phase, its failure told with what mends it.
//!
//! A test goes the way a call goes: the same addresses, headers, policy and judgement. It is nobody's
//! call, so it leaves no usage record, and a failure rests nothing: an operator who tries a model the
//! channel does not have must not take the channel from its users. A success is evidence, and ends the
//! rests it disproves; that is up to whoever asked.
//!
//! Whatever answers is judged by what clients rely on; a scan asks for more of that than a test does.

mod answer;
mod ask;
mod bases;
mod failure;
mod judge;
mod mask;
mod scan;
mod tools;

use std::{sync::Arc, time::Duration};

use realms_dialect::Shape;
use realms_ledger::charge;
use realms_types::{
    Cause, ChannelId, ChannelKind, DialectId, Finding, Money, Ppm, Price, Proxy, Scope, Secret,
    SharedClock, Usage, Verdict,
};
use realms_upstream::{Phase, Upstream, classify_send};
use tokio::time::{Instant, timeout_at};
use url::Url;

use self::{
    answer::read,
    ask::{Ask, Form, Question},
    bases::other_bases,
    failure::{of_answer, verdict_of},
    scan::Exchange,
};

pub(crate) use failure::{of_error, of_send};
pub(crate) use mask::Mask;

pub use ask::create_url;
pub use failure::{Failure, FailureCode, Fix};

/// How much of a request and of an answer is shown, in bytes.
const SHOWN: usize = 4 << 10;
/// How much of the answer's text is shown, in characters.
const TEXT: usize = 200;

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// One tiny answer and nothing else.
    Glance,
    /// One tiny answer, and where there is none a search for a base URL that would answer.
    Test,
    /// What clients rely on: a stream with its pace, a call of a tool, a whole answer.
    Scan,
}

/// What is asked, as it is saved or as somebody is about to save it.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The kind of the channel.
    pub kind: ChannelKind,
    /// Its base URL.
    pub base: Url,
    /// Base URLs that are known for this host, tried first when the path is wrong.
    pub known_bases: Vec<Url>,
    /// The dialect to ask in.
    pub dialect: DialectId,
    /// What the vendor calls the model.
    pub upstream_model: String,
    /// The key.
    pub credential: Secret<String>,
    /// What the requests go through.
    pub proxy: Option<Arc<Proxy>>,
    /// The account that the key is a token of, as the vendor calls it.
    pub account: Option<String>,
    /// What the model costs, if that is known.
    pub price: Option<Price>,
    /// What the options of a saved channel make of the question.
    pub shape: Option<(ChannelId, Arc<Shape>)>,
}

/// A step of a test that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProbeStep {
    /// The name is resolved.
    Dns,
    /// The connection is open.
    Connect,
    /// The handshake is done.
    Tls,
    /// The response headers are there.
    Headers,
    /// The first meaningful event is there.
    FirstEvent,
    /// The answer is complete, or was given up.
    End,
}

/// Hears of each step with the time since the test began.
pub type Tell = Arc<dyn Fn(ProbeStep, Duration) + Send + Sync>;

/// How a test went. Nothing in it holds the credential.
#[derive(Debug, Clone)]
pub struct Report {
    /// The upstream's status.
    pub status: Option<u16>,
    /// To the first meaningful event.
    pub first_event: Option<Duration>,
    /// To the end.
    pub duration: Duration,
    /// The model as the upstream names it.
    pub answered_model: Option<String>,
    /// The start of what it said.
    pub text: Option<String>,
    /// What it used.
    pub usage: Option<Usage>,
    /// What that costs, before any multiplier.
    pub cost: Option<Money>,
    /// What was counted here, by the bytes of what was asked and answered.
    pub counted: Option<Usage>,
    /// Why it is no answer; `None` when it is one.
    pub failure: Option<Failure>,
    /// What that says of the upstream, as if it had become of a call.
    pub verdict: Verdict,
    /// What is wrong with what it said, the worst first.
    pub findings: Vec<Finding>,
    /// Whether its tool calls are in order; `None`: not asked.
    pub tools_ok: Option<bool>,
    /// The request as it was sent, at most 4 KiB, without the credential.
    pub request: String,
    /// The answer as it came, at most 4 KiB, without the credential.
    pub response: String,
    /// The request as a shell command, with a placeholder for the credential.
    pub curl: String,
}

/// One test on its way.
struct Probe<'a> {
    /// Tells the phases of its connections.
    observed: Upstream,
    /// Does not: what is tried besides is no part of the test.
    upstream: &'a Upstream,
    clock: &'a SharedClock,
    subject: &'a Subject,
    depth: Depth,
    mask: Mask,
    begun: Instant,
    deadline: Instant,
    tell: Tell,
    report: Report,
}

/// Asks a channel for one tiny answer, or for more. Takes no longer than its depth allows, and at most
/// four requests.
pub async fn probe(
    upstream: &Upstream,
    clock: &SharedClock,
    subject: &Subject,
    depth: Depth,
    tell: Tell,
) -> Report {
    let begun = Instant::now();
    let heard = Arc::clone(&tell);
    let observed = upstream.observed(move |phase| heard(ProbeStep::from(phase), begun.elapsed()));
    let mut probe = Probe {
        observed,
        upstream,
        clock,
        subject,
        depth,
        mask: Mask::new(&subject.credential),
        begun,
        deadline: begun + depth.deadline(),
        tell,
        report: Report::empty(),
    };
    probe.run().await;
    probe.report
}

// === impl Probe ===

impl Probe<'_> {
    async fn run(&mut self) {
        let question = self.depth.question();
        let mut form = Form::first(self.subject);
        let mut tried = self.ask(form, question).await;
        if tried.as_ref().is_some_and(|exchange| exchange.answer.refuses_the_form()) {
            form = Form::Bare;
            tried = self.ask(form, question).await;
        }
        if let Some(exchange) = tried {
            self.judge(&exchange);
        }
        if self.depth == Depth::Scan && self.report.failure.is_none() {
            self.scan(form).await;
        }
        self.report.duration = self.begun.elapsed();
        (self.tell)(ProbeStep::End, self.report.duration);
        if self.depth != Depth::Glance {
            self.mend().await;
        }
        if let Some(failure) = &mut self.report.failure {
            failure.detail = self.mask.hide(&failure.detail);
        }
    }

    /// The first request; `None` when there are no response headers, which the report then tells.
    async fn ask(&mut self, form: Form, question: Question) -> Option<Exchange> {
        let begun = Instant::now();
        let put = (question, true);
        let ask = Ask::new(self.subject, &self.subject.base, form, put);
        match ask.show(self.upstream, &self.mask) {
            Ok((request, curl)) => (self.report.request, self.report.curl) = (request, curl),
            Err(error) => {
                self.fail(classify_send(&error, PROXY_OWNER), of_send(&error, &self.subject.base));
                return None;
            }
        }
        let body = ask.body;
        let sent = timeout_at(self.deadline, self.observed.send(ask.outgoing)).await;
        let reply = match sent {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => {
                self.fail(classify_send(&error, PROXY_OWNER), of_send(&error, &self.subject.base));
                return None;
            }
            Err(_) => {
                let late = (Scope::Endpoint, Cause::HeaderTimeout);
                self.fail(retry(late), Failure::timeout("no response headers"));
                return None;
            }
        };
        (self.tell)(ProbeStep::Headers, self.begun.elapsed());
        let (start, tell) = (self.begun, Arc::clone(&self.tell));
        let mut first = None;
        let mut note = || {
            first = Some(start.elapsed());
            tell(ProbeStep::FirstEvent, start.elapsed());
        };
        let times = (begun, self.deadline);
        let answer = read(reply, self.subject.dialect, times, &mut note).await;
        self.report.first_event = first;
        Some(Exchange { form, question, stream: true, body, answer })
    }

    fn fail(&mut self, verdict: Verdict, failure: Failure) {
        (self.report.verdict, self.report.failure) = (verdict, Some(failure));
    }

    fn judge(&mut self, exchange: &Exchange) {
        let (answer, now) = (&exchange.answer, self.clock.now());
        let reading = &answer.reading;
        self.report.status = Some(answer.status.as_u16());
        self.report.response = answer.show(&self.mask);
        self.report.answered_model = reading.model.as_deref().map(|name| self.mask.hide(name));
        let text: String = answer.said.chars().take(TEXT).collect();
        self.report.text = Some(self.mask.hide(&text)).filter(|text| !text.is_empty());
        self.report.usage = reading.usage;
        let price = self.subject.price.as_ref();
        let priced = price.zip(reading.usage);
        self.report.cost = priced.and_then(|(price, usage)| charge(price, &usage, Ppm::ONE));
        self.report.failure = of_answer(answer, &self.subject.base, now);
        if self.report.failure.is_some() {
            self.report.verdict = verdict_of(answer, now);
        }
        self.report.counted = exchange.counted();
        self.report.findings = exchange.findings(self.subject);
    }

    /// Looks for a base URL that would answer, when this one leads to no API.
    async fn mend(&mut self) {
        let Some(failure) = &self.report.failure else { return };
        let wrong_path = matches!(failure.code, FailureCode::NotFound | FailureCode::NotAnApi);
        if !wrong_path || failure.fix.is_some() {
            return;
        }
        for base in other_bases(self.subject) {
            if self.answers_at(&base).await {
                let fix = Fix::of_base(base);
                if let Some(failure) = &mut self.report.failure {
                    failure.fix = Some(fix);
                }
                return;
            }
        }
    }

    async fn answers_at(&self, base: &Url) -> bool {
        let (form, put) = (Form::first(self.subject), (Question::Ok, true));
        let outgoing = Ask::new(self.subject, base, form, put).outgoing;
        let times = (Instant::now(), self.deadline);
        let Ok(Ok(reply)) = timeout_at(self.deadline, self.upstream.send(outgoing)).await else {
            return false;
        };
        read(reply, self.subject.dialect, times, &mut || {}).await.comes_from_an_api()
    }
}

/// Whose trouble a proxy's is taken for; the narrower, because which it is does not matter to a test.
const PROXY_OWNER: Scope = Scope::Credential;

const fn retry((scope, cause): (Scope, Cause)) -> Verdict {
    Verdict::Retry { scope, cause, until: None }
}

// === impl Depth ===

impl Depth {
    /// For everything that is done, the search for a better base URL included.
    const fn deadline(self) -> Duration {
        match self {
            Self::Glance => Duration::from_secs(20),
            Self::Test => Duration::from_secs(30),
            Self::Scan => Duration::from_secs(90),
        }
    }

    const fn question(self) -> Question {
        match self {
            Self::Glance | Self::Test => Question::Ok,
            Self::Scan => Question::Count,
        }
    }
}

// === impl Report ===

impl Report {
    fn empty() -> Self {
        Self {
            status: None,
            first_event: None,
            duration: Duration::ZERO,
            answered_model: None,
            text: None,
            usage: None,
            cost: None,
            counted: None,
            failure: None,
            verdict: Verdict::Accept,
            findings: Vec::new(),
            tools_ok: None,
            request: String::new(),
            response: String::new(),
            curl: String::new(),
        }
    }
}

// === impl ProbeStep ===

impl ProbeStep {
    /// The word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Tls => "tls",
            Self::Headers => "headers",
            Self::FirstEvent => "first_event",
            Self::End => "end",
        }
    }
}

impl From<Phase> for ProbeStep {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Dns => Self::Dns,
            Phase::Connect => Self::Connect,
            Phase::Tls => Self::Tls,
        }
    }
}
