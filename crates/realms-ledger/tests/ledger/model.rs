//! A machine that plays against a model small enough to be believed: every answer and every balance
//! must be the model's, at every step, and the ledger sound at the end.

use std::{collections::BTreeSet, time::Duration};

use proptest::{
    prelude::*,
    strategy::ValueTree,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};
use realms_ledger::{
    Cap, CapOwner, Hold, LEASE, LedgerError, Payer, Posted, Refusal, Reservation, Settled,
    Subscription, Unit, Window,
};
use realms_store::HoldState;
use realms_types::{ApiKeyId, Money, RequestId, Timestamp, UserId};

use crate::{
    database::Database,
    world::{World, movement, settlement},
};

const HOUR: Duration = Duration::from_hours(1);
/// Games on each database, and moves in each.
const GAMES: usize = 24;
const MOVES: usize = 48;
/// Limits of the model, small so that they are met.
const TOKENS_IN_5_HOURS: i64 = 3_000;
const MONEY_A_DAY: i64 = 6_000;
const PLAN_AN_HOUR: i64 = 1_000;
const PLAN_IN_ALL: i64 = 4_000;

#[derive(Debug, Clone)]
enum Move {
    Reserve { cost: i64, tokens: u64, pay_as_you_go: bool },
    Renew { hold: usize, cost: i64, tokens: u64 },
    Settle { hold: usize, cost: i64, tokens: u64 },
    Release { hold: usize },
    Drop { hold: usize },
    Expire,
    Credit { amount: i64, again: bool },
    Adjust { amount: i64 },
    Refund { call: usize, amount: i64 },
    Advance { seconds: u64 },
    Crash,
}

/// A hold as the model sees it.
#[derive(Debug, Clone)]
struct Held {
    request: RequestId,
    state: HoldState,
    from_balance: i64,
    from_plan: i64,
    made_at: Timestamp,
    lease_until: Timestamp,
    metered: (i64, i64),
    /// What it counts of the plan, in money and in tokens.
    plan: i64,
    money: i64,
    tokens: i64,
    /// What the balance paid, and got back.
    paid: i64,
    refunded: i64,
}

#[derive(Debug, Default)]
struct Model {
    available: i64,
    held: i64,
    holds: Vec<Held>,
    payments: Vec<i64>,
}

/// What must have happened in all games together, or they would prove little.
const SIGHTS: [&str; 13] = [
    "refused: tokens",
    "refused: nano-USD",
    "refused: plan",
    "refused: plan and balance",
    "plan and balance paid",
    "a debt",
    "expired with a charge",
    "settled late",
    "renewed late",
    "refunded",
    "refund refused",
    "paid twice",
    "adjustment refused",
];

/// A game: the world, the model, and the handles that are still in somebody's hands.
struct Game<'w> {
    world: &'w mut World,
    user: UserId,
    key: ApiKeyId,
    plan: i64,
    model: Model,
    hands: Vec<(usize, Hold)>,
    seen: &'w mut BTreeSet<&'static str>,
}

fn a_move() -> impl Strategy<Value = Move> {
    let cost = prop_oneof![Just(0i64), 1i64..1_500, 1i64..5_000];
    let some = cost.clone();
    prop_oneof![
        6 => (cost, 0u64..1_500, any::<bool>()).prop_map(|(cost, tokens, pay_as_you_go)| {
            Move::Reserve { cost, tokens, pay_as_you_go }
        }),
        2 => (any::<usize>(), 0i64..900, 0u64..900)
            .prop_map(|(hold, cost, tokens)| Move::Renew { hold, cost, tokens }),
        4 => (any::<usize>(), some, 0u64..2_000)
            .prop_map(|(hold, cost, tokens)| Move::Settle { hold, cost, tokens }),
        1 => any::<usize>().prop_map(|hold| Move::Release { hold }),
        1 => any::<usize>().prop_map(|hold| Move::Drop { hold }),
        2 => Just(Move::Expire),
        2 => (1i64..6_000, any::<bool>()).prop_map(|(amount, again)| Move::Credit { amount, again }),
        1 => (-3_000i64..3_000).prop_map(|amount| Move::Adjust { amount }),
        1 => (any::<usize>(), 1i64..1_000).prop_map(|(call, amount)| Move::Refund { call, amount }),
        3 => prop_oneof![1u64..120, 60u64..7_200, 3_600u64..90_000]
            .prop_map(|seconds| Move::Advance { seconds }),
        1 => Just(Move::Crash),
    ]
}

pub(crate) async fn agrees_with_the_ledger(database: &Database) {
    let mut world = World::start(database).await;
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    let moves = prop::collection::vec(a_move(), MOVES);
    let mut seen = BTreeSet::new();
    for number in 0..GAMES {
        let moves = moves.new_tree(&mut runner).unwrap().current();
        let mut game = Game::new(&mut world, &mut seen).await;
        for (place, one) in moves.iter().enumerate() {
            let played = game.play(one.clone()).await;
            let agreed = match played {
                Ok(()) => game.agrees().await,
                Err(difference) => Err(difference),
            };
            if let Err(difference) = agreed {
                let before = &moves[..=place];
                panic!("game {number}, move {place}: {difference}\n{before:#?}\n{:#?}", game.model);
            }
        }
        drop(game);
        world.recorder.flush().await;
        world.is_sound().await;
    }
    let missed: Vec<_> = SIGHTS.iter().filter(|sight| !seen.contains(*sight)).collect();
    assert!(missed.is_empty(), "never seen: {missed:?}");
}

// === impl Game ===

impl<'w> Game<'w> {
    async fn new(world: &'w mut World, seen: &'w mut BTreeSet<&'static str>) -> Self {
        let user = world.user(Money::ZERO).await;
        let key = world.ids.next();
        let plan = world.ids.next::<UserId>().raw();
        Self { world, user, key, plan, model: Model::default(), hands: Vec::new(), seen }
    }

    fn day(&self) -> Window {
        let from = self.world.now().as_secs() / 86_400 * 86_400;
        let until = Timestamp::from_secs(from + 86_400);
        Window::Fixed { length: 24 * HOUR, from: Timestamp::from_secs(from), until }
    }

    fn reservation(&self, cost: i64, tokens: u64, pay_as_you_go: bool) -> Reservation {
        let mut call = self.world.call(self.user, Money::from_nano(cost));
        call.estimate.tokens = tokens;
        call.caps = vec![
            Cap {
                owner: CapOwner::User(self.user),
                unit: Unit::Tokens,
                window: Window::Rolling(5 * HOUR),
                limit: TOKENS_IN_5_HOURS,
            },
            Cap {
                owner: CapOwner::ApiKey(self.key),
                unit: Unit::Money,
                window: self.day(),
                limit: MONEY_A_DAY,
            },
        ];
        let plan = Subscription {
            id: self.plan,
            resets: 0,
            windows: vec![
                (Window::Rolling(HOUR), Money::from_nano(PLAN_AN_HOUR)),
                (Window::Total, Money::from_nano(PLAN_IN_ALL)),
            ],
        };
        call.payer = Payer::User { subscriptions: vec![plan], pay_as_you_go };
        call
    }

    async fn play(&mut self, one: Move) -> Result<(), String> {
        match one {
            Move::Reserve { cost, tokens, pay_as_you_go } => {
                self.reserve(cost, tokens, pay_as_you_go).await
            }
            Move::Renew { hold, cost, tokens } => self.renew(hold, cost, tokens).await,
            Move::Settle { hold, cost, tokens } => self.end(hold, Some((cost, tokens))).await,
            Move::Release { hold } => self.end(hold, None).await,
            Move::Drop { hold } => self.drop_hold(hold).await,
            Move::Expire => self.expire().await,
            Move::Credit { amount, again } => self.credit(amount, again).await,
            Move::Adjust { amount } => self.adjust(amount).await,
            Move::Refund { call, amount } => self.refund(call, amount).await,
            Move::Advance { seconds } => {
                self.world.advance(Duration::from_secs(seconds));
                Ok(())
            }
            Move::Crash => {
                self.world.crash().await;
                self.hands.clear();
                Ok(())
            }
        }
    }

    async fn reserve(&mut self, cost: i64, tokens: u64, pay_as_you_go: bool) -> Result<(), String> {
        let call = self.reservation(cost, tokens, pay_as_you_go);
        let (request, now) = (call.request_id, self.world.now());
        let expected = self.admit(cost, i64::try_from(tokens).unwrap(), pay_as_you_go);
        let found = self.world.ledger.reserve(call).await;
        match (expected, found) {
            (Ok((from_plan, from_balance)), Ok(hold)) => {
                same("from the balance", hold.record().from_balance.nano(), from_balance)?;
                if from_plan > 0 && from_balance > 0 {
                    self.seen.insert("plan and balance paid");
                }
                self.model.available -= from_balance;
                self.model.held += from_balance;
                self.model.holds.push(Held {
                    request,
                    state: HoldState::Held,
                    from_balance,
                    from_plan,
                    made_at: now,
                    lease_until: now + LEASE,
                    metered: (0, 0),
                    plan: from_plan,
                    money: cost,
                    tokens: i64::try_from(tokens).unwrap(),
                    paid: 0,
                    refunded: 0,
                });
                self.hands.push((self.model.holds.len() - 1, hold));
                Ok(())
            }
            (Err(kind), Err(LedgerError::Refused(refusal))) => {
                let found = match refusal {
                    Refusal::Limit { unit: Unit::Money, .. } => "nano-USD",
                    Refusal::Limit { unit: Unit::Tokens, .. } => "tokens",
                    Refusal::Exhausted { .. } if pay_as_you_go => "plan and balance",
                    Refusal::Exhausted { .. } => "plan",
                    other => return Err(format!("refused: {other}")),
                };
                self.seen.extend(SIGHTS.iter().find(|sight| sight.ends_with(kind)));
                same("refused by", found, kind)
            }
            (expected, found) => Err(format!("{expected:?} was to come, {found:?} came")),
        }
    }

    /// What the plan and the balance hold, or what refuses.
    fn admit(&self, cost: i64, tokens: i64, payg: bool) -> Result<(i64, i64), &'static str> {
        let used = |window: Window, of: fn(&Held) -> i64| self.used(window, of);
        if used(Window::Rolling(5 * HOUR), |one| one.tokens) + tokens > TOKENS_IN_5_HOURS {
            return Err("tokens");
        }
        if used(self.day(), |one| one.money) + cost > MONEY_A_DAY {
            return Err("nano-USD");
        }
        let hour = PLAN_AN_HOUR - used(Window::Rolling(HOUR), |one| one.plan);
        let total = PLAN_IN_ALL - used(Window::Total, |one| one.plan);
        let from_plan = hour.min(total).max(0).min(cost);
        let left = cost - from_plan;
        match left {
            0 => Ok((from_plan, 0)),
            _ if !payg => Err("plan"),
            _ if left > self.model.available => Err("plan and balance"),
            _ => Ok((from_plan, left)),
        }
    }

    /// What counts in a window now, by the definition of a window.
    fn used(&self, window: Window, of: fn(&Held) -> i64) -> i64 {
        let now = self.world.now();
        let counts = |one: &&Held| match window {
            Window::Fixed { from, .. } => one.made_at >= from,
            Window::Rolling(_) => window.bucket(one.made_at) >= window.horizon(now),
            Window::Total => true,
        };
        self.model.holds.iter().filter(counts).map(of).sum()
    }

    async fn renew(&mut self, pick: usize, cost: i64, tokens: u64) -> Result<(), String> {
        let now = self.world.now();
        let Some((index, hold)) = picked(&mut self.hands, pick) else { return Ok(()) };
        hold.meter(Money::from_nano(cost), tokens, None);
        let lives = hold.renew().await.map_err(|error| error.to_string())?;
        let known = &mut self.model.holds[*index];
        same("alive", lives, known.state == HoldState::Held)?;
        if lives {
            known.lease_until = now + LEASE;
            known.metered = (cost, i64::try_from(tokens).unwrap());
        } else {
            self.seen.insert("renewed late");
        }
        Ok(())
    }

    async fn end(&mut self, pick: usize, charge: Option<(i64, u64)>) -> Result<(), String> {
        if self.hands.is_empty() {
            return Ok(());
        }
        let (index, hold) = self.hands.swap_remove(pick % self.hands.len());
        let (state, cost, tokens) = match charge {
            Some((cost, tokens)) => (HoldState::Settled, cost, i64::try_from(tokens).unwrap()),
            None => (HoldState::Released, 0, 0),
        };
        let found = match charge {
            Some((cost, tokens)) => hold.settle(settlement(Money::from_nano(cost), tokens)).await,
            None => hold.release().await,
        };
        if self.model.holds[index].state == HoldState::Expired {
            self.seen.insert("settled late");
        }
        let paid = self.model.close(index, state, cost, tokens);
        let done =
            Settled::Done { charged: Money::from_nano(cost), from_balance: Money::from_nano(paid) };
        same("ended", found, Ok(done))
    }

    async fn drop_hold(&mut self, pick: usize) -> Result<(), String> {
        if self.hands.is_empty() {
            return Ok(());
        }
        let (index, mut hold) = self.hands.swap_remove(pick % self.hands.len());
        let (cost, tokens) = if pick.is_multiple_of(2) { (0, 0) } else { (321, 123) };
        hold.meter(Money::from_nano(cost), u64::try_from(tokens).unwrap(), None);
        drop(hold);
        self.world.recorder.flush().await;
        let state = if cost == 0 { HoldState::Released } else { HoldState::Settled };
        self.model.close(index, state, cost, tokens);
        Ok(())
    }

    async fn expire(&mut self) -> Result<(), String> {
        let now = self.world.now();
        let mut due = 0;
        for index in 0..self.model.holds.len() {
            let held = &self.model.holds[index];
            if held.state == HoldState::Held && held.lease_until <= now {
                let (cost, tokens) = held.metered;
                if cost > 0 {
                    self.seen.insert("expired with a charge");
                }
                self.model.close(index, HoldState::Expired, cost, tokens);
                due += 1;
            }
        }
        // Holds that earlier games lost expire too.
        let found = self.world.expire().await;
        if found < due { Err(format!("{found} expired, {due} were due")) } else { Ok(()) }
    }

    async fn credit(&mut self, amount: i64, again: bool) -> Result<(), String> {
        let repeated = again.then(|| self.model.payments.len().checked_sub(1)).flatten();
        let number = repeated.unwrap_or(self.model.payments.len());
        let amount = repeated.map_or(amount, |number| self.model.payments[number]);
        let key = format!("{}-{number}", self.user.raw());
        let credit = movement(self.user, Money::from_nano(amount), &key);
        let found = self.world.ledger.credit(credit).await;
        if repeated.is_some() {
            self.seen.insert("paid twice");
            return same("paid twice", found, Ok(Posted::Already));
        }
        self.model.payments.push(amount);
        self.model.available += amount;
        same("paid", found, Ok(Posted::Done))
    }

    async fn adjust(&mut self, amount: i64) -> Result<(), String> {
        if amount == 0 {
            return Ok(());
        }
        let key = format!("adjust-{}", self.world.ids.next::<UserId>().raw());
        let adjustment = movement(self.user, Money::from_nano(amount), &key);
        let found = self.world.ledger.adjust(adjustment).await;
        if amount < 0 && self.model.available < -amount {
            self.seen.insert("adjustment refused");
            let refused = matches!(&found, Err(LedgerError::Refused(Refusal::Insufficient { .. })));
            return same("refused", refused, true);
        }
        self.model.available += amount;
        same("adjusted", found, Ok(Posted::Done))
    }

    async fn refund(&mut self, pick: usize, amount: i64) -> Result<(), String> {
        let count = self.model.holds.len();
        if count == 0 {
            return Ok(());
        }
        let held = &mut self.model.holds[pick % count];
        let key = format!("refund-{}", self.world.ids.next::<UserId>().raw());
        let back = movement(self.user, Money::from_nano(amount), &key);
        let found = self.world.ledger.refund(held.request, back).await;
        if held.state != HoldState::Settled || held.refunded + amount > held.paid {
            self.seen.insert("refund refused");
            let refused = matches!(&found, Err(LedgerError::Refused(Refusal::NotCharged { .. })));
            return same("refused", refused, true);
        }
        held.refunded += amount;
        self.model.available += amount;
        self.seen.insert("refunded");
        same("refunded", found, Ok(Posted::Done))
    }

    /// Whether the database says what the model says.
    async fn agrees(&mut self) -> Result<(), String> {
        if self.model.available < 0 {
            self.seen.insert("a debt");
        }
        let (available, held) = self.world.balance(self.user).await;
        same("available", available.nano(), self.model.available)?;
        same("held", held.nano(), self.model.held)?;
        let Some(last) = self.model.holds.last() else { return Ok(()) };
        let found = self.world.found(last.request).await;
        same("state", found.state, last.state)
    }
}

// === impl Model ===

impl Model {
    /// Ends a hold and tells what the balance paid in all.
    fn close(&mut self, index: usize, state: HoldState, cost: i64, tokens: i64) -> i64 {
        let held = &mut self.holds[index];
        let given_back = if held.state == HoldState::Held { held.from_balance } else { 0 };
        // The plan pays first; beyond all that was held, whoever was held of last.
        let plan = cost.min(held.from_plan);
        let over = cost - plan;
        let (plan, paid) = if held.from_balance == 0 && held.from_plan > 0 {
            (plan + over, 0)
        } else {
            (plan, over)
        };
        self.held -= given_back;
        self.available += given_back - (paid - held.paid);
        (held.plan, held.money, held.tokens, held.paid) = (plan, cost, tokens, paid);
        held.state = state;
        paid
    }
}

fn picked(hands: &mut [(usize, Hold)], pick: usize) -> Option<&mut (usize, Hold)> {
    let count = hands.len();
    (count > 0).then(|| &mut hands[pick % count])
}

#[expect(clippy::needless_pass_by_value, reason = "its callers have values")]
fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<(), String> {
    if found == expected {
        return Ok(());
    }
    Err(format!("{what}: {found:?}, the model says {expected:?}"))
}
