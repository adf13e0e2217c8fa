//! What a scan asks besides: a call of a tool, and an answer that is no stream.

use bytes::Bytes;
use http::header;
use realms_dialect::{Reading, estimate, text_len};
use realms_types::{ChannelKind, Finding, Usage};
use tokio::time::{Instant, timeout_at};

use super::{
    Probe, Subject,
    answer::{Answer, read},
    ask::{Ask, Form, Question},
    judge::{Asked, Came, judge},
};

/// One request and its answer.
pub(super) struct Exchange {
    pub(super) form: Form,
    pub(super) question: Question,
    pub(super) stream: bool,
    /// What was sent.
    pub(super) body: Bytes,
    pub(super) answer: Answer,
}

// === impl Probe ===

impl Probe<'_> {
    /// Asks what the first request did not, in the form that was taken there.
    pub(super) async fn scan(&mut self, form: Form) {
        let mut wanted = vec![(Question::Tool, true)];
        // Its backend has streams only, and Realms folds them.
        if self.subject.kind != ChannelKind::Codex {
            wanted.push((Question::Ok, false));
        }
        for put in wanted {
            let Some((exchange, shown)) = self.ask_besides(form, put).await else { return };
            let findings = exchange.findings(self.subject);
            if exchange.question == Question::Tool {
                self.report.tools_ok = Some(!findings.iter().any(|one| is_of_tools(*one)));
            }
            let is_news = findings.iter().any(|one| !self.report.findings.contains(one));
            if is_news {
                // What is shown is what can be complained about.
                (self.report.request, self.report.curl) = shown;
                self.report.response = exchange.answer.show(&self.mask);
            }
            self.report.findings.extend(findings);
        }
        self.report.findings.sort_unstable();
        self.report.findings.dedup();
    }

    /// One more request, with how it is shown; `None` when nothing came back, which says nothing of what
    /// an answer would look like.
    async fn ask_besides(
        &self,
        form: Form,
        (question, stream): (Question, bool),
    ) -> Option<(Exchange, (String, String))> {
        let begun = Instant::now();
        let ask = Ask::new(self.subject, &self.subject.base, form, (question, stream));
        let shown = ask.show(self.upstream, &self.mask).ok()?;
        let body = ask.body;
        let sent = timeout_at(self.deadline, self.upstream.send(ask.outgoing)).await;
        let reply = sent.ok()?.ok()?;
        let times = (begun, self.deadline);
        let answer = read(reply, self.subject.dialect, times, &mut || {}).await;
        Some((Exchange { form, question, stream, body, answer }, shown))
    }
}

fn is_of_tools(finding: Finding) -> bool {
    matches!(
        finding,
        Finding::ToolArgumentsCut
            | Finding::ToolArgumentsNotObject
            | Finding::ToolArgumentsOffSchema
            | Finding::NoToolCall
    )
}

// === impl Exchange ===

impl Exchange {
    /// What is wrong with the answer.
    pub(super) fn findings(&self, subject: &Subject) -> Vec<Finding> {
        let answer = &self.answer;
        let refused = !answer.status.is_success();
        match (self.question, self.stream) {
            // A stream was answered before, so it is the tool, or the lack of a stream, that is refused.
            (Question::Tool, _) if refused => return vec![Finding::NoToolCall],
            (_, false) if refused => return vec![Finding::NoWholeAnswer],
            (Question::Ok | Question::Count | Question::Tool, _) => {}
        }
        let kind = answer.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let asked = Asked {
            dialect: subject.dialect,
            model: &subject.upstream_model,
            stream: self.stream,
            usage: memchr::memmem::find(&self.body, b"\"include_usage\":true").is_some(),
            tool: self.question == Question::Tool,
            size: self.body.len() as u64,
            limit: (self.form != Form::Bare).then_some(self.question.limit()),
        };
        let came = Came {
            is_success: answer.status.is_success(),
            content_type: kind,
            framed: answer.framed,
            is_failure: answer.fault.is_some() || answer.is_html(),
            reading: &answer.reading,
            end: answer.end,
            pace: answer.pace,
            tools: &answer.tools,
        };
        judge(asked, came)
    }

    /// What was used by the bytes; `None` where nothing was answered.
    pub(super) fn counted(&self) -> Option<Usage> {
        let seen = Reading { output_chars: self.answer.reading.output_chars, ..Reading::default() };
        let asked = usize::try_from(text_len(None, &self.body)).unwrap_or(usize::MAX);
        self.answer.reading.meaningful.then(|| estimate(asked, &seen))
    }
}
