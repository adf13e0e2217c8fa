//! Calls without a hold: each leaves one record, whatever becomes of its process.

use std::path::Path;

use realms_ledger::{CallNote, Journal, Noted, NotedCall, Recorder};
use realms_store::{UsageFilter, UsageRecord};
use realms_types::{Billing, Cause, Certainty, DialectId, NodeId, RequestId, UserId};
use tempfile::TempDir;
use tokio::task::JoinHandle;

use crate::{
    database::Database,
    world::{World, record, usd},
};

/// A process with a journal.
struct Node {
    id: NodeId,
    recorder: Recorder,
    writer: JoinHandle<()>,
}

impl Node {
    async fn start(world: &World, folder: &Path) -> Self {
        let id = world.ids.next();
        let journal = Journal::open(&folder.join("calls"), id, &world.ids).unwrap();
        let (store, spool) = (world.store.clone(), folder.join("spool"));
        let (recorder, writer) =
            Recorder::start_noting(store, &spool, Some(journal)).await.unwrap();
        Self { id, recorder, writer }
    }

    /// Begins a call.
    fn note(&self, world: &World, user: UserId) -> (RequestId, Noted) {
        let call = call(world, user);
        (call.request_id, self.recorder.note(call).unwrap())
    }

    /// As a process that is killed, with the calls that run.
    async fn dies(self, calls: impl IntoIterator<Item = Noted>) {
        self.writer.abort();
        assert!(self.writer.await.unwrap_err().is_cancelled());
        drop(self.recorder);
        calls.into_iter().for_each(drop);
    }

    /// As a process that is told to stop.
    async fn stops(self) {
        drop(self.recorder);
        self.writer.await.unwrap();
    }
}

fn call(world: &World, user: UserId) -> NotedCall {
    NotedCall {
        request_id: world.ids.next_request(),
        user_id: user,
        started_at: world.now(),
        billing: None,
        call: CallNote {
            api_key_id: 7.into(),
            dialect: DialectId::Chat,
            operation: "chat.completions".to_owned(),
            model: "m".to_owned(),
            model_id: Some(3.into()),
            stream: true,
            client_request_id: Some("mine".to_owned()),
        },
    }
}

async fn records(world: &World, user: UserId) -> Vec<UsageRecord> {
    let filter = UsageFilter { user: Some(user), limit: 200, ..UsageFilter::default() };
    world.store.list_usage(&filter).await.unwrap().records
}

async fn outcome(world: &World, request: RequestId) -> String {
    world.store.find_usage(request).await.unwrap().unwrap().outcome
}

fn files(folder: &TempDir) -> usize {
    std::fs::read_dir(folder.path().join("calls")).unwrap().count()
}

pub(crate) async fn without_a_record_get_one(database: &Database) {
    let (world, folder) = (World::start(database).await, TempDir::new().unwrap());
    let user: UserId = world.ids.next();
    let node = Node::start(&world, folder.path()).await;
    let dead = node.id;
    let (first, runs) = node.note(&world, user);
    let (second, also_runs) = node.note(&world, user);
    let (third, ended) = node.note(&world, user);
    let (fourth, just_ended) = node.note(&world, user);
    let real = |request| record(&world, request, user, usd("0.5"));
    node.recorder.submit_noted(real(third), Some(ended)).await;
    node.recorder.flush().await;
    // Killed after the commit, before the line was done with.
    world.store.insert_usage(&[real(fourth)]).await.unwrap();
    node.dies([runs, also_runs, just_ended]).await;

    for _ in 0..2 {
        let node = Node::start(&world, folder.path()).await;
        node.recorder.flush().await;
        assert_eq!(records(&world, user).await.len(), 4);
        for request in [third, fourth] {
            assert_eq!(outcome(&world, request).await, "ok");
        }
        for request in [first, second] {
            let found = world.store.find_usage(request).await.unwrap().unwrap();
            assert_eq!((found.outcome.as_str(), found.cause), ("broken", Some(Cause::Shutdown)));
            assert_eq!((found.certainty, found.cost), (Certainty::None, None));
            assert_eq!((found.node_id, found.started_at), (dead, world.now()));
            assert_eq!((found.model.as_str(), found.billing), ("m", None));
            assert_eq!(found.client_request_id.as_deref(), Some("mine"));
        }
        node.stops().await;
        assert_eq!(files(&folder), 0);
    }
}

pub(crate) async fn of_a_process_that_lives_are_its_own(database: &Database) {
    let (world, folder) = (World::start(database).await, TempDir::new().unwrap());
    let user: UserId = world.ids.next();
    let (one, two) =
        (Node::start(&world, folder.path()).await, Node::start(&world, folder.path()).await);
    let (request, noted) = one.note(&world, user);
    let (other, lost) = two.note(&world, user);
    two.dies([lost]).await;
    let three = Node::start(&world, folder.path()).await;
    three.recorder.flush().await;
    let found = records(&world, user).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].request_id, other);

    one.recorder.submit_noted(record(&world, request, user, usd("0.5")), Some(noted)).await;
    one.recorder.flush().await;
    assert_eq!(outcome(&world, request).await, "ok");
    one.stops().await;
    three.stops().await;
    assert_eq!(files(&folder), 0);
}

pub(crate) async fn that_end_without_a_word_are_recorded_at_once(database: &Database) {
    let (world, folder) = (World::start(database).await, TempDir::new().unwrap());
    let user: UserId = world.ids.next();
    let node = Node::start(&world, folder.path()).await;
    let unpriced = NotedCall { billing: Some(Billing::Free), ..call(&world, user) };
    let request = unpriced.request_id;
    drop(node.recorder.note(unpriced).unwrap());
    node.recorder.flush().await;
    let found = world.store.find_usage(request).await.unwrap().unwrap();
    assert_eq!((found.outcome.as_str(), found.billing), ("broken", Some(Billing::Free)));
    assert_eq!((node.recorder.status().written, node.recorder.status().waiting), (1, 0));
    node.stops().await;
    assert_eq!(files(&folder), 0);
}

pub(crate) async fn keep_the_record_that_waits_in_the_spool(database: &Database) {
    let (world, folder) = (World::start(database).await, TempDir::new().unwrap());
    let user: UserId = world.ids.next();
    let node = Node::start(&world, folder.path()).await;
    let (request, noted) = node.note(&world, user);
    // Killed after its record went to the spool, before the line was done with.
    node.dies([noted]).await;
    let line = serde_json::to_string(&record(&world, request, user, usd("0.5"))).unwrap();
    std::fs::write(folder.path().join("spool/usage-00000001.jsonl"), line + "\n").unwrap();

    let node = Node::start(&world, folder.path()).await;
    node.recorder.flush().await;
    assert_eq!(outcome(&world, request).await, "ok");
    assert_eq!(records(&world, user).await.len(), 1);
    node.stops().await;
    assert_eq!(files(&folder), 0);
}

/// A recorder without a journal takes records all the same.
pub(crate) async fn are_not_where_there_is_no_journal(database: &Database) {
    let world = World::start(database).await;
    let user: UserId = world.ids.next();
    let call = call(&world, user);
    let request = call.request_id;
    let noted = world.recorder.note(call);
    assert!(noted.is_none());
    world.recorder.submit_noted(record(&world, request, user, usd("0.5")), noted).await;
    world.recorder.flush().await;
    assert_eq!(outcome(&world, request).await, "ok");
}
