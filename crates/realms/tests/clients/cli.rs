//! The command-line agents: each answers, and finishes a turn with a tool of its own.

mod agent;

use std::fs;

use realms_store::UsageRecord;
use realms_testkit::{Answer, Cut, Reply, ToolCall};
use realms_types::{Cause, Certainty, DialectId};

use self::agent::Agent;
use crate::{
    bill::{Bill, Item},
    sandbox::Sandbox,
    stand::{CLIENT_KEY, Setting, Stand, VENDOR_NAME, kind_of, results_in, upstream_key},
};

/// What no agent's own prompt says.
const TASK: &str = "Mark the file 7c1f.";

/// A stand with a channel for this agent, its model renamed on the way.
async fn stand_for(agent: Agent) -> Stand {
    with_channels(agent, 1).await
}

async fn with_channels(agent: Agent, channels: usize) -> Stand {
    let (kind, models) = (agent.channel_kind(), [agent.model()]);
    let setting = Setting { kind, dialect: None, models: &models, renamed: true, channels };
    Stand::with(setting).await
}

/// A plain answer, then a turn in which the agent runs a command: both whole, both faithful, each
/// call recorded with what it read from the cache.
async fn answers_and_finishes_a_tool_turn(agent: Agent) {
    let stand = stand_for(agent).await;
    stand.upstream.replies(Answer::text("Plain hello.").with_reasoning("Let me greet."));
    let told = agent.ask(&stand.sandbox, &stand.url(), CLIENT_KEY, "Say hello.").await;
    assert_eq!((&*told.text, told.cached), ("Plain hello.", Answer::USAGE.cache_read));

    let tool = agent.shell("echo marked > marker.txt");
    stand.upstream.replies(Reply::tool_turn(tool, "Done marking."));
    let told = agent.ask(&stand.sandbox, &stand.url(), CLIENT_KEY, "Mark.").await;
    assert_eq!((&*told.text, told.cached), ("Done marking.", 2 * Answer::USAGE.cache_read));
    let marker = fs::read_to_string(stand.sandbox.work().join("marker.txt"));
    assert_eq!(marker.expect("the tool ran"), "marked\n");

    stand.expect_faithful(Some(agent.model()));
    expect_only_refused_hosts(&stand.sandbox);
    let records = stand.records().await;
    assert_eq!(records.len(), 3);
    for record in records {
        assert_eq!((record.model.as_str(), record.usage), (agent.model(), Answer::USAGE));
        assert_eq!((record.certainty, record.status), (Certainty::Measured, 200));
    }
}

/// The same on an upstream of another dialect, in three turns: the agent writes a file by a command, reads it by
/// another, and tells that it is done. What Realms recorded is what the upstream charged.
async fn works_on(agent: Agent, upstream: DialectId) {
    let models = [agent.model()];
    let (kind, dialect) = (kind_of(upstream), Some(upstream));
    let setting = Setting { kind, dialect, models: &models, renamed: true, channels: 1 };
    let stand = Stand::with(setting).await;
    let bill = Bill::default();
    stand.upstream.replies(at_work(agent, bill.clone()));
    let told = agent.ask(&stand.sandbox, &stand.url(), CLIENT_KEY, "Say hello.").await;
    let cached =
        |from: usize| bill.items()[from..].iter().map(|item| item.usage.cache_read).sum::<u64>();
    assert_eq!((&*told.text, told.cached), ("Plain hello.", cached(0)));
    let told = agent.ask(&stand.sandbox, &stand.url(), CLIENT_KEY, TASK).await;
    assert_eq!((&*told.text, told.cached), ("Done marking.", cached(1)));
    let marker = fs::read_to_string(stand.sandbox.work().join("marker.txt"));
    assert_eq!(marker.expect("the tool ran"), "zaunkoenig\n");

    let arrived = stand.upstream.requests();
    for request in &arrived {
        assert_eq!(request.dialect(), upstream, "{}", request.path);
        assert!(!request.holds(CLIENT_KEY), "the client's key reached the upstream");
        assert_eq!(request.model().as_deref(), Some(VENDOR_NAME));
    }
    // No command says the word whole: it can only come from the file.
    let read = arrived.last().expect("the agent asked");
    assert!(read.holds("zaunkoenig"), "what was read went back: {:#}", read.json());
    expect_only_refused_hosts(&stand.sandbox);
    expect_as_billed(stand.records().await, &bill.items(), upstream);
}

/// Plainly answers, or has a file written and then read, wherever the conversation is.
fn at_work(agent: Agent, bill: Bill) -> Reply {
    let write = agent.shell("printf 'zaun%s\\n' koenig > marker.txt");
    let read = agent.shell("cat marker.txt");
    Reply::by(move |request| {
        let answer = match (request.holds(TASK), results_in(request)) {
            (false, _) => Answer::text("Plain hello.").with_reasoning("Let me greet."),
            (true, 0) => Answer::calls(write.clone()).with_reasoning("First I write."),
            (true, 1) => Answer::calls(read.clone()),
            (true, _) => Answer::text("Done marking."),
        };
        answer.with_usage(bill.write(request, true)).into()
    })
}

/// Every call has its record, and the record says what the upstream's bill says, to the LLM token and the nano-USD.
fn expect_as_billed(records: Vec<UsageRecord>, bill: &[Item], upstream: DialectId) {
    assert_eq!(records.len(), bill.len(), "{records:#?}");
    for (record, item) in records.into_iter().zip(bill) {
        assert_ne!(record.dialect, upstream, "it was translated");
        assert_eq!((record.usage, record.certainty), (item.usage, Certainty::Measured));
        assert_eq!((record.cost, record.status), (item.cost(), 200));
    }
}

#[tokio::test]
async fn claude_code_works_on_chat() {
    works_on(Agent::ClaudeCode, DialectId::Chat).await;
}

#[tokio::test]
async fn claude_code_works_on_responses() {
    works_on(Agent::ClaudeCode, DialectId::Responses).await;
}

#[tokio::test]
async fn claude_code_works_on_gemini() {
    works_on(Agent::ClaudeCode, DialectId::Gemini).await;
}

#[tokio::test]
async fn codex_works_on_messages() {
    works_on(Agent::Codex, DialectId::Messages).await;
}

#[tokio::test]
async fn codex_works_on_chat() {
    works_on(Agent::Codex, DialectId::Chat).await;
}

#[tokio::test]
async fn codex_works_on_gemini() {
    works_on(Agent::Codex, DialectId::Gemini).await;
}

#[tokio::test]
async fn gemini_cli_works_on_messages() {
    works_on(Agent::GeminiCli, DialectId::Messages).await;
}

#[tokio::test]
async fn gemini_cli_works_on_chat() {
    works_on(Agent::GeminiCli, DialectId::Chat).await;
}

#[tokio::test]
async fn gemini_cli_works_on_responses() {
    works_on(Agent::GeminiCli, DialectId::Responses).await;
}

/// Agents look for updates and plugins; all they get is a refusal.
fn expect_only_refused_hosts(sandbox: &Sandbox) {
    for host in sandbox.hosts_tried() {
        assert!(host.ends_with(":443"), "{host} was asked for without TLS");
    }
}

#[tokio::test]
async fn codex_answers_and_finishes_a_tool_turn() {
    answers_and_finishes_a_tool_turn(Agent::Codex).await;
}

#[tokio::test]
async fn claude_code_answers_and_finishes_a_tool_turn() {
    answers_and_finishes_a_tool_turn(Agent::ClaudeCode).await;
}

#[tokio::test]
async fn gemini_cli_answers_and_finishes_a_tool_turn() {
    answers_and_finishes_a_tool_turn(Agent::GeminiCli).await;
}

/// With its built-in provider Codex opens a WebSocket: it warms it up, sends the whole input once, and
/// from then on only what is new; its newest models send their tools inside the input.
#[tokio::test]
async fn codex_finishes_a_tool_turn_over_the_websocket() {
    let models = &["gpt-6-sol"];
    let setting = Setting { kind: "openai", dialect: None, models, renamed: true, channels: 1 };
    let stand = Stand::with(setting).await;
    let tool = ToolCall::custom(
        "exec",
        "text(await tools.exec_command({cmd: 'echo marked > marker.txt'}));",
    );
    stand.upstream.replies(Reply::tool_turn(tool, "Done marking."));
    let (url, model) = (stand.url(), "gpt-6-sol");
    let told = agent::ask_codex_built_in(&stand.sandbox, &url, CLIENT_KEY, model).await;
    assert_eq!(told.text, "Done marking.");
    let sent = stand.sent();
    let first = &sent[0];
    assert_eq!((first.method.as_str(), first.header("upgrade")), ("GET", "websocket"));
    assert!(sent.iter().all(|request| request.method != "POST"), "it went on over HTTP");

    let arrived = stand.upstream.requests();
    assert_eq!(arrived.len(), 2, "two calls, none for warming up");
    let (before, after) = (arrived[0].json(), arrived[1].json());
    assert_eq!(before["input"][0]["type"], "additional_tools");
    assert_eq!((&before["stream"], &before["store"]), (&true.into(), &false.into()));
    let (before, after) = (before["input"].as_array().unwrap(), after["input"].as_array().unwrap());
    assert_eq!(&after[..before.len()], &before[..], "the second call holds the first whole");
    let kinds = after[before.len()..].iter().map(|item| item["type"].as_str().unwrap());
    let kinds: Vec<&str> = kinds.collect();
    assert_eq!(kinds, ["custom_tool_call", "custom_tool_call_output"]);
    for request in &arrived {
        assert!(!request.holds(CLIENT_KEY), "the client's key reached the upstream");
        assert!(request.header("user-agent").starts_with("codex_exec/"));
        assert_eq!(request.header("x-openai-internal-codex-responses-lite"), "true");
        assert_eq!(request.header("sec-websocket-key"), "");
    }
    assert_eq!(stand.records().await.len(), 2);
}

/// Without `x-should-retry: false` Claude Code would try a refused key ten times, for minutes.
#[tokio::test]
async fn claude_code_asks_once_with_a_key_that_is_refused() {
    let agent = Agent::ClaudeCode;
    let stand = stand_for(agent).await;
    let run = agent.run(&stand.sandbox, &stand.url(), "sk_nobody", "Say hello.").await;
    let told = run.expect_failure().json();
    assert_eq!(told["api_error_status"], 401);
    assert_eq!(told["api_error_type"], "authentication_error");
    assert_eq!(stand.sent().len(), 1);
    assert!(stand.upstream.requests().is_empty());
}

/// A stream that breaks off is told as an error: an agent then asks anew, and gets its answer.
async fn gets_its_answer_after_a_broken_stream(agent: Agent) {
    let stand = stand_for(agent).await;
    let long = Answer::text("One two three four five six seven eight.");
    let broken = Reply::from(long).cut_after_frames(6, Cut::Close);
    stand.upstream.replies(broken).then(Answer::text("Second try."));
    let told = agent.ask(&stand.sandbox, &stand.url(), CLIENT_KEY, "Say hello.").await;
    assert!(told.text.ends_with("Second try."), "{told:?}");
    assert_eq!(stand.sent().len(), 2);
    stand.expect_faithful(Some(agent.model()));
}

#[tokio::test]
async fn codex_gets_its_answer_after_a_broken_stream() {
    gets_its_answer_after_a_broken_stream(Agent::Codex).await;
}

#[tokio::test]
async fn claude_code_gets_its_answer_after_a_broken_stream() {
    gets_its_answer_after_a_broken_stream(Agent::ClaudeCode).await;
}

#[tokio::test]
async fn gemini_cli_gets_its_answer_after_a_broken_stream() {
    gets_its_answer_after_a_broken_stream(Agent::GeminiCli).await;
}

/// Trouble before the first event stays between Realms and its upstreams.
#[tokio::test]
async fn codex_sees_one_clean_stream_whatever_came_before() {
    let agent = Agent::Codex;
    let stand = with_channels(agent, 3).await;
    let cut = Reply::from(Answer::text("Lost.")).cut_after_frames(0, Cut::Reset);
    stand.upstream.for_key(&upstream_key(0)).replies(429);
    stand.upstream.for_key(&upstream_key(1)).replies(cut);
    stand.upstream.for_key(&upstream_key(2)).replies(Answer::text("Third time."));
    let told = agent.ask(&stand.sandbox, &stand.url(), CLIENT_KEY, "Say hello.").await;
    assert_eq!(told.text, "Third time.");
    assert_eq!(stand.sent().len(), 1);
    assert_eq!(stand.upstream.requests().len(), 3);
    let records = stand.records().await;
    assert_eq!(records.len(), 1);
    let causes: Vec<_> = records[0].attempts.iter().map(|attempt| attempt.cause).collect();
    assert_eq!(causes, [Some(Cause::RateLimited), Some(Cause::Broken), None]);
}
