//! Where bytes are cut: told by the bytes themselves, so that an input is nothing but its bytes.

/// Beyond this not every byte is a chunk of its own.
const MOST_SINGLE: usize = 2_048;

/// Ways to cut so many bytes: two that look arbitrary, and byte by byte.
pub fn ways(bytes: &[u8]) -> Vec<Vec<usize>> {
    let mut seed = hash(bytes);
    let mut some = |count: usize| (0..count).map(|_| next(&mut seed) % (bytes.len() + 1)).collect();
    let mut ways = vec![some(3), some(24)];
    if bytes.len() <= MOST_SINGLE {
        ways.push((0..bytes.len()).collect());
    }
    ways
}

/// The chunks that cutting at these places makes.
pub fn cut<'a>(bytes: &'a [u8], cuts: &[usize]) -> Vec<&'a [u8]> {
    let mut cuts = cuts.to_vec();
    cuts.extend([0, bytes.len()]);
    cuts.sort_unstable();
    cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

/// SplitMix64.
fn next(seed: &mut u64) -> usize {
    *seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*seed ^ (*seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    usize::try_from(mixed >> 33).unwrap()
}
