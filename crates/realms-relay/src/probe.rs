//! Tests of a channel: one tiny generation, timed phase by phase, its failure told with what mends it.
//!
//! A test goes the way a call goes: the same addresses, headers, policy and judgement. It is nobody's
//! call, so it leaves no usage record, and a failure rests nothing: an operator who tries a model the
//! channel does not have must not take the channel from its users. A success is evidence, and ends the
//! rests it disproves; that is up to whoever asked.

mod answer;
mod ask;
mod bases;
mod failure;
mod mask;
mod said;

use std::{sync::Arc, time::Duration};

use realms_dialect::Shape;
use realms_ledger::charge;
use realms_types::{
    ChannelId, ChannelKind, DialectId, Money, Ppm, Price, Proxy, Secret, SharedClock, Usage,
};
use realms_upstream::{Phase, Upstream};
use tokio::time::{Instant, timeout_at};
use url::Url;

use self::{
    answer::{Answer, read},
    ask::{Ask, Form},
    bases::other_bases,
    failure::of_answer,
};

pub(crate) use failure::{of_error, of_send};
pub(crate) use mask::Mask;

pub use ask::create_url;
pub use failure::{Failure, FailureCode, Fix};

/// For everything a test does, the search for a better base URL included.
const DEADLINE: Duration = Duration::from_secs(30);
/// How much of a request and of an answer is shown, in bytes.
const SHOWN: usize = 4 << 10;
/// How much of the answer's text is shown, in characters.
const TEXT: usize = 200;

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
    /// Why it is no answer; `None` when it is one.
    pub failure: Option<Failure>,
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
    mask: Mask,
    begun: Instant,
    deadline: Instant,
    tell: Tell,
    report: Report,
}

/// Asks a channel for one tiny answer. Takes at most 30 s, and at most four requests.
pub async fn probe(
    upstream: &Upstream,
    clock: &SharedClock,
    subject: &Subject,
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
        mask: Mask::new(&subject.credential),
        begun,
        deadline: begun + DEADLINE,
        tell,
        report: Report::empty(),
    };
    probe.run().await;
    probe.report
}

// === impl Probe ===

impl Probe<'_> {
    async fn run(&mut self) {
        let mut tried = self.ask(Form::first(self.subject)).await;
        if tried.as_ref().is_some_and(Answer::refuses_the_form) {
            tried = self.ask(Form::Bare).await;
        }
        if let Some(answer) = tried {
            self.judge(&answer);
        }
        self.report.duration = self.begun.elapsed();
        (self.tell)(ProbeStep::End, self.report.duration);
        self.mend().await;
        if let Some(failure) = &mut self.report.failure {
            failure.detail = self.mask.hide(&failure.detail);
        }
    }

    /// One request; `None` when there are no response headers, which the report then tells.
    async fn ask(&mut self, form: Form) -> Option<Answer> {
        let ask = Ask::new(self.subject, &self.subject.base, form);
        match ask.show(self.upstream, &self.mask) {
            Ok((request, curl)) => (self.report.request, self.report.curl) = (request, curl),
            Err(error) => {
                self.report.failure = Some(of_send(&error, &self.subject.base));
                return None;
            }
        }
        let sent = timeout_at(self.deadline, self.observed.send(ask.outgoing)).await;
        let reply = match sent {
            Ok(Ok(reply)) => reply,
            Ok(Err(error)) => {
                self.report.failure = Some(of_send(&error, &self.subject.base));
                return None;
            }
            Err(_) => {
                self.report.failure = Some(Failure::timeout("no response headers"));
                return None;
            }
        };
        (self.tell)(ProbeStep::Headers, self.begun.elapsed());
        let (begun, tell) = (self.begun, Arc::clone(&self.tell));
        let mut first = None;
        let mut note = || {
            first = Some(begun.elapsed());
            tell(ProbeStep::FirstEvent, begun.elapsed());
        };
        let answer = read(reply, self.subject.dialect, self.deadline, &mut note).await;
        self.report.first_event = first;
        Some(answer)
    }

    fn judge(&mut self, answer: &Answer) {
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
        self.report.failure = of_answer(answer, &self.subject.base, self.clock.now());
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
        let outgoing = Ask::new(self.subject, base, Form::first(self.subject)).outgoing;
        let Ok(Ok(reply)) = timeout_at(self.deadline, self.upstream.send(outgoing)).await else {
            return false;
        };
        read(reply, self.subject.dialect, self.deadline, &mut || {}).await.comes_from_an_api()
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
            failure: None,
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
