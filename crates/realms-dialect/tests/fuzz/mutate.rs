//! Changes inputs by what they mean: a value of the JSON in one, or the order of the events of a stream.
//!
//! Bytes changed at random are hardly ever JSON any more, and then nothing is seen but how JSON is refused.

use serde_json::{Map, Value, json};

/// Chance that can be repeated: SplitMix64.
pub struct Chance(u64);

/// An input that was changed; `None` where nothing in it is JSON.
pub fn changed(input: &[u8], words: &[String], chance: &mut Chance) -> Option<Vec<u8>> {
    if let Ok(mut json) = serde_json::from_slice::<Value>(input) {
        for _ in 0..=chance.below(3) {
            change(&mut json, words, chance);
        }
        return serde_json::to_vec(&json).ok();
    }
    let mut lines: Vec<Vec<u8>> =
        input.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    let is_data = |line: &&mut Vec<u8>| line.starts_with(b"data:");
    let mut data: Vec<&mut Vec<u8>> = lines.iter_mut().filter(is_data).collect();
    if data.is_empty() {
        return None;
    }
    let (one, other) = (chance.below(data.len()), chance.below(data.len()));
    match chance.below(6) {
        0 => data[one].clear(),
        1 => {
            let again = [&data[one][..], b"\n", data[one]].concat();
            *data[one] = again;
        }
        2 if one != other => {
            let moved = std::mem::take(data[one]);
            *data[one] = std::mem::replace(data[other], moved);
        }
        _ => {
            let mut json: Value = serde_json::from_slice(&data[one][5..]).ok()?;
            change(&mut json, words, chance);
            *data[one] = format!("data: {json}\n").into_bytes();
        }
    }
    Some(lines.concat())
}

/// Changes one value somewhere in a tree.
fn change(root: &mut Value, words: &[String], chance: &mut Chance) {
    let copy = pick(root, chance).clone();
    let word = words.get(chance.below(words.len().max(1))).cloned().unwrap_or_default();
    let at = pick(root, chance);
    match (chance.below(8), at) {
        (0 | 1, Value::Object(map)) => {
            map.insert(word, if chance.below(2) == 0 { copy } else { odd(words, chance) });
        }
        (2, Value::Object(map)) => rename(map, word, chance),
        (3, Value::Object(map)) => {
            let key = map.keys().nth(chance.below(map.len().max(1))).cloned();
            key.and_then(|key| map.remove(&key));
        }
        (0..=2, Value::Array(list)) => list.insert(chance.below(list.len() + 1), copy),
        (3, Value::Array(list)) if !list.is_empty() => {
            list.remove(chance.below(list.len()));
        }
        (4, at) => *at = copy,
        (5, at) => *at = Value::String(word),
        (6, at) => *at = json!([at.take()]),
        (_, at) => *at = odd(words, chance),
    }
}

fn rename(map: &mut Map<String, Value>, word: String, chance: &mut Chance) {
    let key = map.keys().nth(chance.below(map.len().max(1))).cloned();
    if let Some(value) = key.and_then(|key| map.remove(&key)) {
        map.insert(word, value);
    }
}

/// Any value of a tree, the deeper the likelier.
fn pick<'v>(mut at: &'v mut Value, chance: &mut Chance) -> &'v mut Value {
    loop {
        let len = match at {
            Value::Object(map) => map.len(),
            Value::Array(list) => list.len(),
            _ => 0,
        };
        if len == 0 || chance.below(5) == 0 {
            return at;
        }
        let next = chance.below(len);
        at = match at {
            Value::Array(list) => &mut list[next],
            Value::Object(map) => map.values_mut().nth(next).expect("it is one of them"),
            _ => unreachable!("it holds nothing"),
        };
    }
}

/// A value that is seldom meant.
fn odd(words: &[String], chance: &mut Chance) -> Value {
    match chance.below(14) {
        0 => Value::Null,
        1 => true.into(),
        2 => false.into(),
        3 => 0.into(),
        4 => (-1).into(),
        5 => u64::MAX.into(),
        6 => i64::MIN.into(),
        7 => 1.5.into(),
        8 => "".into(),
        9 => "\0\u{2028}\u{85}\u{feff}🦀".into(),
        10 => json!({}),
        11 => json!([]),
        12 => (0..chance.below(140)).fold(Value::Null, |inner, _| json!([inner])),
        _ => words.get(chance.below(words.len().max(1))).cloned().into(),
    }
}

// === impl Chance ===

impl Chance {
    pub fn new(seed: u32) -> Self {
        Self(u64::from(seed))
    }

    /// A number below `most`, which is not zero.
    pub fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from(mixed >> 33).unwrap_or_default() % most
    }
}
