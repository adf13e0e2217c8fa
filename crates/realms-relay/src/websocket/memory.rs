//! What a connection remembers of its last response, so that the next turn sends only what is new.
//!
//! Upstreams over HTTP know nothing of the connection: they get the whole conversation every time.

use std::sync::Arc;

use realms_dialect::{CreateEvent, Fault, TurnStep, join_items};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// So much of a conversation is remembered, in bytes.
pub(super) const MOST: usize = 8 << 20;

/// The last response of a connection.
#[derive(Debug)]
pub(super) struct Memory {
    last: Option<Last>,
    most: usize,
    /// A permit for each byte that all connections of this node together may still remember.
    room: Arc<Semaphore>,
}

#[derive(Debug)]
struct Last {
    id: String,
    /// All items up to and with its output.
    items: String,
    _room: OwnedSemaphorePermit,
}

/// What a turn builds on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Basis {
    /// Nothing: its input is whole.
    Own,
    /// What the connection remembers: this is the whole input.
    Whole(String),
    /// What the upstream stored.
    Stored,
}

/// What a running answer will leave behind.
#[derive(Debug)]
pub(super) struct Gathering {
    /// Its whole input; `None` when it cannot be remembered.
    input: Option<String>,
    output: Vec<(u64, String)>,
    bytes: usize,
    most: usize,
    stores: bool,
    ended: bool,
    id: Option<String>,
}

// === impl Memory ===

impl Memory {
    pub(super) const fn new(most: usize, room: Arc<Semaphore>) -> Self {
        Self { last: None, most, room }
    }

    /// What a turn builds on, or that what it names is not there.
    pub(super) fn basis(&self, create: &CreateEvent<'_>) -> Result<Basis, Fault> {
        let Some(id) = create.previous() else { return Ok(Basis::Own) };
        match &self.last {
            Some(last) if last.id == id => {
                Ok(Basis::Whole(join_items([last.items.as_str(), create.items()])))
            }
            Some(_) | None if create.stores() => Ok(Basis::Stored),
            Some(_) | None => Err(not_found(id)),
        }
    }

    /// Begins to gather what the answer to a turn leaves behind. What was there stays until it ends,
    /// so that a turn that fails can be asked for again.
    pub(super) fn gather(&self, create: &CreateEvent<'_>, basis: &Basis) -> Gathering {
        let input = match basis {
            Basis::Own => Some(create.items().to_owned()),
            Basis::Whole(items) => Some(items.clone()),
            Basis::Stored => None,
        };
        let bytes = input.as_ref().map_or(0, String::len);
        Gathering {
            input: input.filter(|_| bytes <= self.most),
            output: Vec::new(),
            bytes,
            most: self.most,
            stores: create.stores(),
            ended: false,
            id: None,
        }
    }

    /// Remembers an answer that can be gone on from; one that failed changes nothing. Where this node
    /// has no room left it is forgotten, and the client sends the whole input once more.
    pub(super) fn keep(&mut self, gathered: Gathering) {
        let Gathering { input, mut output, id: Some(id), .. } = gathered else { return };
        output.sort_by_key(|(index, _)| *index);
        // What it takes the place of makes room for it.
        self.last = None;
        self.last = input.and_then(|input| {
            let parts =
                std::iter::once(input.as_str()).chain(output.iter().map(|(_, item)| &**item));
            let items = join_items(parts);
            let bytes = u32::try_from(items.len()).ok()?;
            let room = Arc::clone(&self.room).try_acquire_many_owned(bytes).ok()?;
            Some(Last { id, items, _room: room })
        });
    }

    /// Remembers an input that nobody was asked to answer yet.
    pub(super) fn keep_warm(&mut self, mut gathered: Gathering, id: String) {
        gathered.id = Some(id);
        self.keep(gathered);
    }
}

// === impl Gathering ===

impl Gathering {
    /// Takes in what an event says.
    pub(super) fn step(&mut self, step: TurnStep<'_>) {
        match step {
            // Without its content only who stored it knows what it was: sent back it would be refused.
            TurnStep::Item { is_bare_reasoning: true, .. } if !self.stores => {}
            TurnStep::Item { index, item, .. } => {
                self.bytes += item.len() + 1;
                if self.bytes > self.most {
                    self.input = None;
                    self.output = Vec::new();
                } else if self.input.is_some() {
                    let place = index.unwrap_or(self.output.len() as u64);
                    self.output.push((place, item.to_owned()));
                }
            }
            TurnStep::End { id } => {
                self.ended = true;
                self.id = id;
            }
            TurnStep::Other => {}
        }
    }

    /// Whether the answer is over.
    pub(super) const fn ended(&self) -> bool {
        self.ended
    }
}

fn not_found(id: &str) -> Fault {
    let shown: String = id.chars().take(64).collect();
    let message = format!(
        "this connection remembers no response `{shown}`: send the whole input without previous_response_id"
    );
    Fault::bad_request(message)
        .with_param("previous_response_id")
        .with_code("previous_response_not_found")
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn memory(most: usize) -> Memory {
        Memory::new(most, Arc::new(Semaphore::new(MOST)))
    }

    fn text(input: &str, rest: &str) -> Bytes {
        format!(r#"{{"type":"response.create","input":[{input}]{rest}}}"#).into()
    }

    /// One turn with these items as its output.
    fn turn(memory: &mut Memory, text: &Bytes, id: Option<&str>, output: &[&str]) -> Basis {
        let create = CreateEvent::read(text).unwrap();
        let basis = memory.basis(&create).unwrap();
        let mut gathering = memory.gather(&create, &basis);
        for item in output {
            gathering.step(TurnStep::Item {
                index: None,
                item,
                is_bare_reasoning: *item == "bare",
            });
        }
        gathering.step(TurnStep::End { id: id.map(str::to_owned) });
        assert!(gathering.ended());
        memory.keep(gathering);
        basis
    }

    fn code(memory: &Memory, text: &Bytes) -> Option<String> {
        memory.basis(&CreateEvent::read(text).unwrap()).unwrap_err().code
    }

    const ON_FROM_1: &str = r#","store":false,"previous_response_id":"r1""#;
    const ON_FROM_2: &str = r#","store":false,"previous_response_id":"r2""#;

    #[test]
    fn a_turn_builds_on_all_turns_before_it() {
        let mut memory = memory(MOST);
        let own = r#","store":false"#;
        assert_eq!(turn(&mut memory, &text("1", own), Some("r1"), &["2", "bare"]), Basis::Own);
        let second = turn(&mut memory, &text("3", ON_FROM_1), Some("r2"), &["4"]);
        assert_eq!(second, Basis::Whole("1,2,3".to_owned()));
        let third = turn(&mut memory, &text("5", ON_FROM_2), None, &[]);
        assert_eq!(third, Basis::Whole("1,2,3,4,5".to_owned()));
        // It failed, so it is asked for once more; only the last response is remembered.
        assert_eq!(turn(&mut memory, &text("5", ON_FROM_2), Some("r3"), &[]), third);
        let gone = code(&memory, &text("6", ON_FROM_2));
        assert_eq!(gone.as_deref(), Some("previous_response_not_found"));
    }

    #[test]
    fn what_the_upstream_may_have_stored_is_for_it_to_find() {
        let mut memory = memory(MOST);
        let stored = text("1", r#","previous_response_id":"elsewhere""#);
        assert_eq!(turn(&mut memory, &stored, Some("r1"), &["2"]), Basis::Stored);
        // Only the upstream knows what came before.
        assert_eq!(
            code(&memory, &text("3", ON_FROM_1)).as_deref(),
            Some("previous_response_not_found")
        );
        assert_eq!(
            turn(&mut memory, &text("3", r#","previous_response_id":"r1""#), None, &[]),
            Basis::Stored
        );
    }

    #[test]
    fn output_lies_in_its_order() {
        let mut memory = memory(MOST);
        let first = text("1", "");
        let create = CreateEvent::read(&first).unwrap();
        let mut gathering = memory.gather(&create, &Basis::Own);
        for (index, item) in [(1, "b"), (0, "a")] {
            gathering.step(TurnStep::Item { index: Some(index), item, is_bare_reasoning: false });
        }
        gathering.step(TurnStep::End { id: Some("r1".to_owned()) });
        memory.keep(gathering);
        assert_eq!(memory.last.unwrap().items, "1,a,b");
    }

    #[test]
    fn what_is_too_long_is_forgotten() {
        for (input, output) in [("123456789", "0"), ("1234", "56789")] {
            let mut memory = memory(8);
            turn(&mut memory, &text(input, ""), Some("r1"), &[output, "1"]);
            assert!(memory.last.is_none(), "{input}");
            assert!(code(&memory, &text("3", ON_FROM_1)).is_some());
        }
    }

    #[test]
    fn connections_share_the_room_of_a_node() {
        let room = Arc::new(Semaphore::new(12));
        let [mut one, mut other] = [(); 2].map(|()| Memory::new(8, Arc::clone(&room)));
        turn(&mut one, &text("12345", ""), Some("r1"), &["6"]);
        turn(&mut other, &text("1234", ""), Some("r1"), &["5"]);
        assert_eq!(
            code(&other, &text("3", ON_FROM_1)).as_deref(),
            Some("previous_response_not_found")
        );
        // A turn takes the place of the one before it, and a connection that ends leaves none.
        turn(&mut one, &text("123", ""), Some("r2"), &["4"]);
        turn(&mut other, &text("1234", ""), Some("r1"), &["5"]);
        assert!(other.basis(&CreateEvent::read(&text("3", ON_FROM_1)).unwrap()).is_ok());
        drop((one, other));
        assert_eq!(room.available_permits(), 12);
    }
}
