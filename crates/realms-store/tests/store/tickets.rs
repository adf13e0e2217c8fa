//! Tickets: what is said in them, in its order; files that belong to one message, once.

use std::time::Duration;

use realms_store::{
    CannedReplyRecord, Store, TicketCategory, TicketFileRecord, TicketFilter, TicketMessageRecord,
    TicketPatch, TicketRecord, TicketState,
};
use realms_types::{TicketId, TicketMessageId, Timestamp, UserId};

use tokio::task::JoinSet;

use crate::{
    database::Database,
    fixture::{self, NOW, ids},
};

fn ticket(user: UserId, moved_at: Timestamp) -> TicketRecord {
    TicketRecord {
        id: ids().next(),
        user,
        subject: "慢".repeat(200),
        category: TicketCategory::Calls,
        state: TicketState::Open,
        request: Some("00000000-0000-7000-8000-000000000001".parse().unwrap()),
        assignee: None,
        unread: false,
        created_at: NOW,
        moved_at,
        closed_at: None,
    }
}

fn message(ticket: TicketId, internal: bool) -> TicketMessageRecord {
    TicketMessageRecord {
        id: ids().next(),
        ticket,
        author: Some(UserId::new(7)),
        author_name: "ana".to_owned(),
        by_staff: internal,
        internal,
        body: "从中午开始。\n\n**bold**".to_owned(),
        created_at: NOW,
    }
}

fn file(owner: UserId, expires_at: Timestamp) -> TicketFileRecord {
    TicketFileRecord {
        id: ids().next(),
        owner,
        message: None,
        name: format!("{}.png", "屏".repeat(146)),
        media_type: "image/png".to_owned(),
        size: 3,
        created_at: NOW,
        expires_at,
    }
}

async fn listed(store: &Store, filter: TicketFilter) -> Vec<TicketId> {
    let found = store.read().list_tickets(filter).await.unwrap();
    found.into_iter().map(|one| one.id).collect()
}

pub(crate) async fn are_kept_as_they_are_and_listed_by_when_they_moved(database: &Database) {
    let store = database.open().await.unwrap();
    let (ana, ben) = (UserId::new(7), UserId::new(8));
    let hour = Duration::from_hours(1);
    let (old, new, other) = (ticket(ana, NOW), ticket(ana, NOW + hour), ticket(ben, NOW + hour));
    let tx = store.begin().await.unwrap();
    for one in [&old, &new, &other] {
        tx.insert_ticket(one).await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(store.read().find_ticket(old.id).await.unwrap(), Some(old.clone()));
    let of_ana = TicketFilter { user: Some(ana), limit: 10, ..TicketFilter::default() };
    assert_eq!(listed(&store, of_ana).await, [new.id, old.id]);
    let first = listed(&store, TicketFilter { limit: 1, user: None, ..of_ana }).await[0];
    let mark = TicketFilter { before: Some((NOW + hour, first)), user: None, ..of_ana };
    let rest = listed(&store, mark).await;
    assert_eq!(rest.len(), 2, "the same moment is told apart by the id");
    assert!(!rest.contains(&first));
    assert_eq!(store.read().count_tickets(of_ana).await.unwrap(), 2);

    let tx = store.begin().await.unwrap();
    assert_eq!(tx.lock_ticket(old.id).await.unwrap().unwrap().id, old.id);
    let patch = TicketPatch {
        state: Some(TicketState::Closed),
        assignee: Some(Some(ben)),
        unread: Some(true),
        moved_at: Some(NOW + hour * 2),
        closed_at: Some(Some(NOW + hour * 2)),
    };
    tx.update_ticket(old.id, patch).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(listed(&store, of_ana).await, [old.id, new.id]);
    let closed = TicketFilter { state: Some(TicketState::Closed), ..of_ana };
    assert_eq!(listed(&store, closed).await, [old.id]);
    let cared = TicketFilter { user: None, assignee: Some(ben), ..of_ana };
    assert_eq!(listed(&store, cared).await, [old.id]);
    let found = store.read().find_ticket(old.id).await.unwrap().unwrap();
    assert_eq!((found.closed_at, found.unread), (Some(NOW + hour * 2), true));
    let see = async |moved_at| {
        let tx = store.begin().await.unwrap();
        tx.see_ticket(old.id, moved_at).await.unwrap();
        tx.commit().await.unwrap();
        !store.read().find_ticket(old.id).await.unwrap().unwrap().unread
    };
    assert!(!see(NOW).await, "it moved since");
    assert!(see(NOW + hour * 2).await);
    let tx = store.begin().await.unwrap();
    let seen = TicketPatch { unread: Some(false), ..TicketPatch::default() };
    assert!(tx.update_ticket(1.into(), seen).await.is_err(), "there is none");
}

pub(crate) async fn have_files_that_are_counted_in_turn(database: &Database) {
    let store = database.open().await.unwrap();
    let group = fixture::user_group("default", Vec::new());
    let user = fixture::user("ana", group.id);
    let ana = user.id;
    let mut tx = store.begin().await.unwrap();
    tx.insert_user_group(&group).await.unwrap();
    tx.insert_user(&user).await.unwrap();
    tx.commit().await.unwrap();
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let store = store.clone();
        tasks.spawn(async move {
            let tx = store.begin().await.unwrap();
            tx.lock_user(ana).await.unwrap();
            if tx.read().list_files_of(ana).await.unwrap().len() < 2 {
                tx.insert_ticket_file(&file(ana, NOW)).await.unwrap();
            }
            tx.commit().await.unwrap();
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(store.read().list_files_of(ana).await.unwrap().len(), 2);
}

pub(crate) async fn have_messages_and_files_that_belong_to_one_of_them(database: &Database) {
    let store = database.open().await.unwrap();
    let ana = UserId::new(7);
    let one = ticket(ana, NOW);
    let said = message(one.id, false);
    // What is said later has the higher id: one process makes them so, also within a millisecond.
    let later = TicketMessageId::new(said.id.raw() + 1);
    let note = TicketMessageRecord { id: later, ..message(one.id, true) };
    let (used, unused) = (file(ana, NOW + Duration::from_hours(1)), file(ana, NOW));
    let stays = NOW + Duration::from_hours(168);
    let tx = store.begin().await.unwrap();
    tx.insert_ticket(&one).await.unwrap();
    tx.insert_ticket_message(&said).await.unwrap();
    tx.insert_ticket_message(&note).await.unwrap();
    tx.insert_ticket_file(&used).await.unwrap();
    tx.insert_ticket_file(&unused).await.unwrap();
    let to = (one.id, said.id);
    assert!(!tx.attach_ticket_file(used.id, 8.into(), to, stays, NOW).await.unwrap(), "another's");
    assert!(tx.attach_ticket_file(used.id, ana, to, stays, NOW).await.unwrap());
    assert!(!tx.attach_ticket_file(used.id, ana, to, stays, NOW).await.unwrap(), "used");
    assert!(!tx.attach_ticket_file(unused.id, ana, to, stays, NOW).await.unwrap(), "over");
    tx.commit().await.unwrap();
    let read = store.read();
    let all = read.list_ticket_messages(one.id, true, 10).await.unwrap();
    assert_eq!(all, [said.clone(), note]);
    assert_eq!(read.list_ticket_messages(one.id, false, 10).await.unwrap(), [said]);
    assert_eq!(read.count_ticket_messages(one.id).await.unwrap(), 2);
    let kept = TicketFileRecord { message: Some(to), expires_at: stays, ..used.clone() };
    assert_eq!(read.list_ticket_files(one.id).await.unwrap(), std::slice::from_ref(&kept));
    assert_eq!(read.find_ticket_file(used.id).await.unwrap(), Some(kept));
    assert_eq!(read.list_files_of(ana).await.unwrap().len(), 2);
    let over = read.list_expired_ticket_files(NOW, 10).await.unwrap();
    assert_eq!(over, std::slice::from_ref(&unused));
    let tx = store.begin().await.unwrap();
    tx.delete_ticket_file(unused.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(read.list_files_of(ana).await.unwrap().len(), 1);
}

pub(crate) async fn have_answers_that_are_given_often(database: &Database) {
    let store = database.open().await.unwrap();
    let reply = |body: &str| CannedReplyRecord {
        name: "Greeting".to_owned(),
        body: body.to_owned(),
        updated_at: NOW,
    };
    let tx = store.begin().await.unwrap();
    tx.put_canned_reply(&reply("Hello")).await.unwrap();
    tx.put_canned_reply(&reply("Hello {{user}}\0")).await.unwrap();
    tx.commit().await.unwrap();
    let all = store.read().list_canned_replies().await.unwrap();
    assert_eq!(all, [reply("Hello {{user}}\u{fffd}")], "PostgreSQL takes no NUL");
    let tx = store.begin().await.unwrap();
    assert!(tx.delete_canned_reply("Greeting").await.unwrap());
    assert!(!tx.delete_canned_reply("Greeting").await.unwrap());
    tx.commit().await.unwrap();
}
