//! Every interleaving of notices, people and crashes over a small model of the database and the ledger.
//!
//! An actor reads the order, decides, and commits order and ledger together if the order is still as it
//! was read; then it answers. It can crash before each of these. A gateway sends again what was not
//! answered; a person goes away. Each state that can be reached is checked, once.
#![expect(clippy::unwrap_used, reason = "a model that cannot go on fails its test")]

use std::collections::{BTreeMap, HashSet};

use realms_commerce::{Event, Payment, Transfer, Verdict, credit_key, decide, worth};
use realms_types::{
    Amount, Attention, Currency, Money, Order, OrderId, OrderKind, OrderState, PaymentChannelId,
    UserId, Value,
};

/// What an actor does.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Role {
    /// A gateway tells it until it is answered.
    Gateway(Event),
    /// A person asks for it once.
    Person(Event),
    /// A call takes so much from the balance.
    Spends(i64),
}

/// How far an actor is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum At {
    Start,
    HasRead(Box<Order>, u32),
    Committed,
    Answered,
    Gone,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct World {
    order: Order,
    version: u32,
    entries: BTreeMap<String, i64>,
    spent: i64,
    balance: i64,
    actors: Vec<(At, u32)>,
}

/// How the store keeps its promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Store {
    /// An order changes only as it was read.
    Guarded,
    /// It changes whatever became of it meanwhile.
    Careless,
}

const CRASHES: u32 = 1;

fn amount(minor: i64) -> Amount {
    Amount::new(minor, Currency::CNY).unwrap()
}

fn order() -> Order {
    Order {
        id: OrderId::new(7),
        user: UserId::new(1),
        kind: OrderKind::TopUp,
        channel: PaymentChannelId::new(3),
        amount: amount(1_000),
        test: false,
        value: Value { paid: Money::from_nano(1_400), bonus: Money::from_nano(77) },
        state: OrderState::Pending,
        payment: None,
        attention: None,
        returned: 0,
        refunded: 0,
    }
}

fn paid(id: &str) -> Event {
    let channel = PaymentChannelId::new(3);
    Event::Paid(Payment { id: id.to_owned(), channel, amount: amount(1_000), test: false })
}

fn returned(minor: i64) -> Event {
    let channel = PaymentChannelId::new(3);
    Event::Returned { payment: "p1".to_owned(), channel, total: amount(minor) }
}

fn nano(value: Value) -> i64 {
    value.paid.nano() + value.bonus.nano()
}

// === impl World ===

impl World {
    fn start(roles: &[Role]) -> Self {
        Self {
            order: order(),
            version: 0,
            entries: BTreeMap::new(),
            spent: 0,
            balance: 0,
            actors: vec![(At::Start, CRASHES); roles.len()],
        }
    }

    /// Where one actor can go from here.
    fn moves(&self, index: usize, role: &Role, store: Store) -> Vec<Self> {
        let (at, left) = &self.actors[index];
        let mut next = Vec::new();
        let mut forward = self.clone();
        match at {
            At::Answered | At::Gone => return next,
            At::Start => {
                forward.actors[index].0 = At::HasRead(Box::new(self.order.clone()), self.version);
            }
            At::HasRead(read, version) => {
                forward.actors[index].0 = forward.commit(role, read, *version, store);
            }
            At::Committed => forward.actors[index].0 = At::Answered,
        }
        next.push(forward);
        if *left > 0 {
            let mut after_crash = self.clone();
            let again = matches!(role, Role::Gateway(_));
            after_crash.actors[index] = (if again { At::Start } else { At::Gone }, left - 1);
            next.push(after_crash);
        }
        next
    }

    /// One transaction: all of it or nothing.
    fn commit(&mut self, role: &Role, read: &Order, version: u32, store: Store) -> At {
        let event = match role {
            Role::Gateway(event) | Role::Person(event) => event,
            Role::Spends(nano) => {
                if self.balance >= *nano {
                    self.balance -= nano;
                    self.spent += nano;
                }
                return At::Committed;
            }
        };
        let Verdict::Step(step) = decide(read, event) else {
            return At::Committed;
        };
        if version != self.version && store == Store::Guarded {
            return At::Start;
        }
        let posting = match &step.transfer {
            None => None,
            Some(Transfer::Give { key, value }) => Some((key, nano(*value))),
            Some(Transfer::TakeBack { key, value }) => Some((key, -nano(*value))),
        };
        if let Some((key, amount)) = posting {
            if self.balance + amount < 0 {
                return At::Committed;
            }
            // The ledger knows its keys.
            if !self.entries.contains_key(key) {
                self.entries.insert(key.clone(), amount);
                self.balance += amount;
            }
        }
        self.order = step.after;
        self.version += 1;
        At::Committed
    }

    /// What must hold in every state.
    fn defect(&self) -> Option<String> {
        let posted: i64 = self.entries.values().sum();
        let given = self.entries.contains_key(&credit_key(&self.order));
        let by_state = self.order.state == OrderState::Paid || self.order.refunded > 0;
        let expected = nano(self.order.value) - nano(worth(&self.order, self.order.refunded));
        let whole = Order { payment: None, attention: None, returned: 0, ..self.order.clone() };
        let whole = Order { state: OrderState::Pending, refunded: 0, ..whole };
        let rules = [
            (self.balance == posted - self.spent, "the balance is what was posted"),
            (self.balance >= 0, "nobody owes"),
            (given == by_state, "what was given is what the order says"),
            (!given || posted == expected, "what is left is what was not taken back"),
            (whole == order(), "nothing that was bound changes"),
        ];
        rules.into_iter().find(|(holds, _)| !holds).map(|(_, rule)| rule.to_owned())
    }

    /// What must hold once everybody has their answer or is gone.
    fn defect_at_end(&self, roles: &[Role]) -> Option<String> {
        let told = |(at, _): &(At, u32)| *at == At::Answered;
        let paid = roles
            .iter()
            .zip(&self.actors)
            .any(|(role, actor)| matches!(role, Role::Gateway(Event::Paid(_))) && told(actor));
        let settled = matches!(self.order.state, OrderState::Paid | OrderState::Refunded)
            || self.order.attention.is_some()
            || self.order.state == OrderState::Rejected;
        if paid && (self.order.payment.is_none() || !settled) {
            return Some("an answered payment is given, or somebody is told to look".to_owned());
        }
        None
    }
}

/// Walks through every state that can be reached; tells how many there are.
fn explore(roles: &[Role], store: Store) -> Result<usize, String> {
    let mut seen = HashSet::new();
    let mut left = vec![World::start(roles)];
    while let Some(world) = left.pop() {
        if !seen.insert(world.clone()) {
            continue;
        }
        let moves = roles.iter().enumerate();
        let next: Vec<World> =
            moves.flat_map(|(index, role)| world.moves(index, role, store)).collect();
        let ended = next.is_empty().then(|| world.defect_at_end(roles)).flatten();
        if let Some(defect) = world.defect().or(ended) {
            return Err(format!("{defect}: {world:#?}"));
        }
        left.extend(next);
    }
    Ok(seen.len())
}

fn stories() -> Vec<Vec<Role>> {
    use Role::{Gateway, Person, Spends};
    let refund = |minor| Person(Event::Refund { minor });
    let channel = PaymentChannelId::new(3);
    let disputed = Gateway(Event::Disputed { payment: "p1".to_owned(), channel });
    let won = Gateway(Event::DisputeWon { payment: "p1".to_owned(), channel });
    vec![
        vec![Gateway(paid("p1")), Gateway(paid("p1")), Person(Event::Cancel), refund(1_000)],
        vec![Gateway(paid("p1")), Gateway(paid("p1")), refund(333), refund(667)],
        vec![
            Gateway(paid("p1")),
            Gateway(paid("p2")),
            Person(Event::Cancel),
            Person(Event::Approve),
        ],
        vec![
            Gateway(paid("p1")),
            Gateway(Event::Lapsed),
            Person(Event::Approve),
            Person(Event::Reject),
        ],
        vec![Gateway(paid("p1")), Gateway(returned(400)), Gateway(returned(1_000)), refund(1_000)],
        vec![Gateway(paid("p1")), Gateway(returned(1_000)), Person(Event::Approve), Spends(200)],
        vec![Gateway(paid("p1")), disputed, won, Person(Event::Dismiss)],
        vec![Gateway(paid("p1")), Spends(1_000), refund(500), refund(500)],
    ]
}

#[test]
fn no_interleaving_breaks_the_ledger() {
    let mut states = 0;
    for roles in stories() {
        states += explore(&roles, Store::Guarded).unwrap_or_else(|defect| panic!("{defect}"));
    }
    println!("{states} states");
    assert!(states > 10_000, "{states}");
}

#[test]
fn a_careless_store_is_found_out() {
    let found = stories().into_iter().filter(|roles| explore(roles, Store::Careless).is_err());
    assert!(found.count() >= 4);
}

/// Orders in every state, with everything that can be known of them.
fn orders() -> Vec<Order> {
    let mut orders = Vec::new();
    let attentions = [
        None,
        Some(Attention::Mismatch),
        Some(Attention::PaidAfterClose),
        Some(Attention::PaidTwice),
        Some(Attention::Returned),
        Some(Attention::Disputed),
    ];
    for state in OrderState::ALL {
        for payment in [None, Some("p1".to_owned())] {
            for attention in attentions {
                for (returned, refunded) in [(0, 0), (400, 0), (1_000, 0), (0, 400), (1_000, 1_000)]
                {
                    let payment = payment.clone();
                    orders.push(Order { state, payment, attention, returned, refunded, ..order() });
                }
            }
        }
    }
    orders
}

fn events() -> Vec<Event> {
    let channel = PaymentChannelId::new(3);
    let stranger = PaymentChannelId::new(4);
    let usd = Amount::new(1_000, Currency::USD).unwrap();
    let payment = |id: &str, channel, amount, test| {
        Event::Paid(Payment { id: id.to_owned(), channel, amount, test })
    };
    let mut events = vec![
        paid("p1"),
        paid("p2"),
        payment("p1", stranger, amount(1_000), false),
        payment("p3", channel, amount(999), false),
        payment("p3", channel, amount(1_001), false),
        payment("p3", channel, usd, false),
        payment("p3", channel, amount(1_000), true),
        Event::Failed,
        Event::Lapsed,
        Event::Cancel,
        Event::Approve,
        Event::Reject,
        Event::Dismiss,
        returned(400),
        returned(1_000),
        Event::Returned { payment: "p1".to_owned(), channel, total: usd },
        Event::Disputed { payment: "p1".to_owned(), channel: stranger },
        Event::Disputed { payment: "p1".to_owned(), channel },
        Event::DisputeWon { payment: "p2".to_owned(), channel },
        Event::DisputeWon { payment: "p1".to_owned(), channel },
    ];
    let minors = [i64::MIN, -1, 0, 1, 600, 1_000, 1_001, i64::MAX];
    events.extend(minors.map(|minor| Event::Refund { minor }));
    events
}

#[test]
fn only_a_payment_that_is_right_in_everything_gives() {
    let mut given = 0;
    for before in orders() {
        for event in events() {
            let Verdict::Step(step) = decide(&before, &event) else { continue };
            assert_ne!(step.after, before, "{event:?}: a step changes something");
            let Some(Transfer::Give { key, value }) = &step.transfer else { continue };
            given += 1;
            assert_eq!((key, *value), (&credit_key(&before), before.value));
            assert_eq!(step.after.state, OrderState::Paid);
            assert!(!matches!(before.state, OrderState::Paid | OrderState::Refunded), "{before:?}");
            let right = event == paid("p1") || event == paid("p2");
            let by_hand = event == Event::Approve;
            let won = matches!(event, Event::DisputeWon { .. }) && before.payment.is_some();
            assert!(right || by_hand || won, "{event:?} gave {before:#?}");
            if right {
                assert_eq!((before.state, &before.payment), (OrderState::Pending, &None));
            }
        }
    }
    assert!(given > 20, "{given}");
}

#[test]
fn what_happened_happens_once() {
    for before in orders() {
        for event in events() {
            let Verdict::Step(step) = decide(&before, &event) else { continue };
            let again = decide(&step.after, &event);
            let more = matches!(event, Event::Refund { .. });
            let moves = matches!(&again, Verdict::Step(step) if step.transfer.is_some());
            assert!(more || !moves, "{event:?} moved twice from {before:#?}");
        }
    }
}

#[test]
fn parts_of_a_refund_are_worth_the_whole() {
    for pieces in [vec![1_000], vec![1; 1_000], vec![333, 333, 334], vec![999, 1]] {
        let mut now = Order { state: OrderState::Paid, ..order() };
        let (mut taken, mut keys) = (0, HashSet::new());
        for minor in pieces {
            let Verdict::Step(step) = decide(&now, &Event::Refund { minor }) else { panic!() };
            let Some(Transfer::TakeBack { key, value }) = step.transfer else { panic!() };
            assert!(keys.insert(key));
            taken += nano(value);
            now = step.after;
        }
        assert_eq!((now.state, taken), (OrderState::Refunded, 1_477));
    }
}
