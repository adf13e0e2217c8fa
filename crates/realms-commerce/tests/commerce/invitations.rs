//! Invitations: both are given theirs once, on any number of nodes and whoever dies half-way.

use std::sync::Arc;

use realms_ledger::{AccountId, Movement};
use realms_store::{EntryRecord, InvitationRecord, Role, UserGroupRecord, UserRecord};
use realms_types::{InvitationAfter, InvitationTerms, Limits, Money, Ppm, UserId};

use crate::{
    database::Database,
    world::{NOW, World, usd},
};

/// So many users.
async fn users<const N: usize>(world: &World) -> [UserId; N] {
    let mut tx = world.store.begin().await.unwrap();
    let group = UserGroupRecord {
        id: world.ids.next(),
        name: "default".to_owned(),
        channel_groups: Vec::new(),
        multiplier: Ppm::ONE,
        created_at: NOW,
        updated_at: NOW,
    };
    tx.insert_user_group(&group).await.unwrap();
    let mut made = [UserId::new(0); N];
    for (number, slot) in made.iter_mut().enumerate() {
        *slot = world.ids.next();
        let record = UserRecord {
            id: *slot,
            username: format!("user-{number}"),
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
        tx.insert_user(&record).await.unwrap();
    }
    tx.commit().await.unwrap();
    made
}

async fn invite(world: &World, whose: UserId, invitees: &[UserId], worth: (&str, &str)) {
    let after = InvitationAfter::SignUp;
    let terms = InvitationTerms { inviter_usd: usd(worth.0), invitee_usd: usd(worth.1), after };
    let tx = world.store.begin().await.unwrap();
    for invitee in invitees {
        let record = InvitationRecord {
            invitee: *invitee,
            inviter: Some(whose),
            at: NOW,
            terms,
            earned: None,
            rewarded_at: None,
        };
        tx.insert_invitation(&record).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn entries(world: &World, user: UserId) -> Vec<EntryRecord> {
    let account = AccountId::user(user);
    world.store.read().list_entries_of(account, None, 100).await.unwrap()
}

pub(crate) async fn on_two_nodes_are_rewarded_once(database: &Database) {
    let one = World::start(database).await;
    let [ana, kim, ben, eve] = users(&one).await;
    invite(&one, ana, &[kim, ben], ("5", "2.5")).await;
    invite(&one, kim, &[eve], ("0", "1")).await;
    let nodes = [Arc::new(one.beside().await), Arc::new(one)];
    let mut passes = tokio::task::JoinSet::new();
    for node in nodes.iter().cycle().take(8) {
        let node = Arc::clone(node);
        // A node that is told to come again comes again, as the keeper does.
        passes.spawn(async move {
            loop {
                match node.commerce.reward_invitations().await {
                    Ok(rewarded) => return rewarded,
                    Err(error) => assert!(error.is_temporary(), "{error}"),
                }
            }
        });
    }
    let rewarded: u64 = passes.join_all().await.into_iter().sum();
    assert!(rewarded <= 3, "each is counted by who ended it: {rewarded}");
    let world = &nodes[1];
    for (user, balance) in [(ana, "10"), (kim, "2.5"), (ben, "2.5"), (eve, "1")] {
        assert_eq!(world.balance(user).await, usd(balance), "{user}");
    }
    assert_eq!((entries(world, ana).await.len(), entries(world, kim).await.len()), (2, 1));
    let sums = world.store.read().sum_invitations_of(ana).await.unwrap();
    assert_eq!((sums.invited, sums.rewarded, sums.earned), (2, 2, usd("10")));
    assert_eq!(world.commerce.reward_invitations().await.unwrap(), 0);
    world.is_sound().await;
}

pub(crate) async fn that_were_begun_are_ended_by_who_comes_next(database: &Database) {
    let world = World::start(database).await;
    let [ana, kim, ben] = users(&world).await;
    invite(&world, ana, &[kim, ben], ("5", "2.5")).await;
    // What was decided and half given before somebody died.
    world.store.decide_invitation(kim).await.unwrap().unwrap();
    let half = Movement {
        user: ana,
        amount: usd("5"),
        key: format!("invitation:{kim}:inviter"),
        reference: Some("invitation".to_owned()),
        actor: None,
        reason: None,
    };
    world.ledger.promote(half).await.unwrap();
    let world = world.crash().await;
    assert_eq!(world.balance(kim).await, Money::ZERO);
    assert_eq!(world.commerce.reward_invitations().await.unwrap(), 2);
    assert_eq!((world.balance(ana).await, world.balance(kim).await), (usd("10"), usd("2.5")));
    assert_eq!(entries(&world, ana).await.len(), 2);
    let promotions = world.store.read().find_balance(AccountId::PROMOTIONS).await.unwrap().unwrap();
    assert_eq!(promotions.available, usd("-15"));
    world.is_sound().await;
}

pub(crate) async fn have_a_code_that_can_be_another(database: &Database) {
    let world = World::start(database).await;
    let [ana, kim] = users(&world).await;
    let code = world.commerce.invitation_code(ana).await.unwrap();
    assert_eq!(code.len(), 10, "{code}");
    assert_eq!(world.commerce.invitation_code(ana).await.unwrap(), code);
    assert_ne!(world.commerce.invitation_code(kim).await.unwrap(), code);
    let other = world.commerce.renew_invitation_code(ana).await.unwrap();
    assert_ne!(other, code);
    assert_eq!(world.commerce.invitation_code(ana).await.unwrap(), other);
    assert_eq!(world.store.read().find_inviter(&code).await.unwrap(), None);
    assert_eq!(world.store.read().find_inviter(&other).await.unwrap(), Some(ana));
}
