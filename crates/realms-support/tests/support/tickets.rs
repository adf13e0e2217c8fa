//! How many tickets of a user are open.

use std::sync::Arc;

use realms_store::{
    Role, Store, TicketCategory, TicketFilter, TicketState, UserGroupRecord, UserRecord,
};
use realms_support::{Desk, DeskError, Folder, NewTicket, Said, Speaker};
use realms_types::{Chance, Ids, Limits, Ppm, SystemClock, TicketId, Timestamp, UserId};
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::database::Database;

const NOW: Timestamp = Timestamp::from_micros(1_795_000_000_123_456);

/// What a user may have open.
const MOST: usize = 20;

/// A desk, and somebody who asks.
struct World {
    desk: Desk,
    store: Store,
    user: UserId,
    _folder: TempDir,
}

/// Whether a ticket was opened; panics where it was refused for anything but their number.
fn is_opened<T>(outcome: Result<T, DeskError>) -> bool {
    match outcome {
        Ok(_) => true,
        Err(DeskError::Full(_)) => false,
        Err(other) => panic!("{other:?}"),
    }
}

async fn open(desk: &Desk, user: UserId) -> Result<TicketId, DeskError> {
    let new = NewTicket {
        subject: "slow since noon".to_owned(),
        category: TicketCategory::Calls,
        request: None,
        first: Said { body: "very".to_owned(), files: Vec::new() },
    };
    desk.open(user, "ana", new).await.map(|ticket| ticket.id)
}

// === impl World ===

impl World {
    async fn start(database: &Database) -> Self {
        let store = database.open().await.unwrap();
        let ids = Ids::new(Arc::new(SystemClock), Chance::from_entropy());
        let group = UserGroupRecord {
            id: ids.next(),
            name: "default".to_owned(),
            channel_groups: Vec::new(),
            multiplier: Ppm::ONE,
            created_at: NOW,
            updated_at: NOW,
        };
        let user = UserRecord {
            id: ids.next(),
            username: "ana".to_owned(),
            email: None,
            password_hash: None,
            role: Role::User,
            group_id: group.id,
            enabled: true,
            created_at: NOW,
            updated_at: NOW,
            epoch: 0,
            limits: Limits::NONE,
            budgets: Vec::new(),
        };
        let mut tx = store.begin().await.unwrap();
        tx.insert_user_group(&group).await.unwrap();
        tx.insert_user(&user).await.unwrap();
        tx.commit().await.unwrap();
        let folder = TempDir::new().unwrap();
        let files = Folder::new(folder.path());
        let desk = Desk::new(store.clone(), files, Arc::new(SystemClock), ids);
        Self { desk, store, user: user.id, _folder: folder }
    }

    fn ana(&self) -> Speaker {
        Speaker::User { id: self.user, name: "ana".to_owned() }
    }

    async fn opened(&self) -> u64 {
        let all = TicketFilter { user: Some(self.user), ..TicketFilter::default() };
        let closed = TicketFilter { state: Some(TicketState::Closed), ..all };
        let read = self.store.read();
        read.count_tickets(all).await.unwrap() - read.count_tickets(closed).await.unwrap()
    }

    async fn open_many(&self, count: usize) -> Vec<TicketId> {
        let mut tickets = Vec::new();
        for _ in 0..count {
            tickets.push(open(&self.desk, self.user).await.unwrap());
        }
        tickets
    }
}

pub(crate) async fn opened_at_once_are_no_more_than_a_user_may_have(database: &Database) {
    let world = World::start(database).await;
    world.open_many(MOST - 2).await;
    let mut tasks = JoinSet::new();
    for _ in 0..8 {
        let (desk, user) = (world.desk.clone(), world.user);
        tasks.spawn(async move { is_opened(open(&desk, user).await) });
    }
    let opened = tasks.join_all().await.into_iter().filter(|opened| *opened).count();
    assert_eq!(opened, 2);
    assert_eq!(world.opened().await, MOST as u64);
    let refused = open(&world.desk, world.user).await;
    assert!(matches!(refused, Err(DeskError::Full(_))), "{refused:?}");
}

pub(crate) async fn opened_again_are_counted_too(database: &Database) {
    let world = World::start(database).await;
    let tickets = world.open_many(4).await;
    for ticket in &tickets {
        world.desk.close(*ticket, &world.ana(), true, None).await.unwrap();
    }
    world.open_many(MOST - 2).await;
    let mut tasks = JoinSet::new();
    for ticket in tickets {
        let (desk, ana, user) = (world.desk.clone(), world.ana(), world.user);
        tasks.spawn(async move { is_opened(desk.close(ticket, &ana, false, None).await) });
        let desk = world.desk.clone();
        tasks.spawn(async move { is_opened(open(&desk, user).await) });
    }
    let opened = tasks.join_all().await.into_iter().filter(|opened| *opened).count();
    assert_eq!(opened, 2);
    assert_eq!(world.opened().await, MOST as u64);
}
